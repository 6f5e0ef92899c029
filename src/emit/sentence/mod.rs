//! Plain sentences made from expressions, durations, clocks, measures and targets.
//!
//! The walk over an expression is the same in every language and stands here; how a language says
//! "is more than" stands in its own file behind [`Grammar`]. A condition is first brought into a
//! shape that can be said without doubt: `not` is pushed down to the single statements (in
//! two-valued logic that is always right), groups of one kind are joined, and a group in a group is
//! numbered.
//!
//! Sentences are plain text without a full stop; the document that shows them escapes them.

mod en;
mod grammar;
mod hangul;
mod ja;
mod ko;
mod number;

use crate::model::{
    ArithmeticOp, Clock, CompareOp, Direction, Duration, ElapsedUnit, Every, Expr, ExprKind,
    FieldId, Measure, Process, ScoreId, Target, Text, Type, Unit, Value,
};

use grammar::{Grammar, MeasureWords, Relation, Span, Statement};
pub use number::grouped;

/// How deep a condition may be nested before the rest of it is left out as `…`.
const MAX_DEPTH: usize = 40;

/// The most statements that are joined on one line; more are numbered.
const MAX_JOINED: usize = 3;

/// Says things about one process in one language.
#[derive(Clone, Copy)]
pub struct Sentences<'a> {
    process: &'a Process,
    language: &'a str,
    grammar: &'static dyn Grammar,
}

/// A condition in the shape in which it is said.
enum Clause {
    Statement(Statement),
    /// All of them hold (`true`), or one of them.
    Group(bool, Vec<Clause>),
}

/// Where a condition is going to stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// By itself.
    Alone,
    /// Inside `if …`.
    If,
}

/// How tightly an operand binds, so that parentheses stand only where they are needed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Product,
    Atom,
}

/// The grammar of a language by its tag, `ko` and `ko-KR` alike; English for those not known.
fn grammar_of(language: &str) -> &'static dyn Grammar {
    match primary_subtag(language).to_ascii_lowercase().as_str() {
        "ko" => &ko::Korean,
        "ja" => &ja::Japanese,
        _ => &en::English,
    }
}

/// The first part of a language tag: `pt` of `pt-BR`.
pub fn primary_subtag(language: &str) -> &str {
    language.split(['-', '_']).next().unwrap_or(language)
}

/// A text in `language`: its own translation, else that of the primary subtag, else the first one.
pub fn in_language<'t>(text: &'t Text, language: &str) -> &'t str {
    text.translation(language)
        .or_else(|| text.translation(primary_subtag(language)))
        .unwrap_or(&text.value)
}

impl<'a> Sentences<'a> {
    /// Speaks about `process` in `language`, a BCP 47 tag. Languages without a grammar of their own
    /// are spoken in English, with the titles in that language where there are any.
    pub fn new(process: &'a Process, language: &'a str) -> Self {
        Self { process, language, grammar: grammar_of(language) }
    }

    /// A text in this language, or in the first one.
    pub fn text<'t>(&self, text: &'t Text) -> &'t str {
        in_language(text, self.language)
    }

    /// A condition by itself: `Amount is more than 0 JPY`.
    pub fn sentence(&self, condition: &Expr) -> String {
        capitalised(&self.say(&self.clause(condition, false, 0), Place::Alone))
    }

    /// A condition as part of a sentence: `if Amount is more than 0 JPY`.
    pub fn condition(&self, condition: &Expr) -> String {
        self.grammar.if_clause(&self.say(&self.clause(condition, false, 0), Place::If))
    }

    /// A length of time: `2 business days`.
    pub fn duration(&self, duration: Duration) -> String {
        self.grammar.duration(duration)
    }

    /// An upper bound of time: `within 2 business days`.
    pub fn within(&self, duration: Duration) -> String {
        self.grammar.within(&self.grammar.duration(duration))
    }

    /// What is said beside a title: ` (again)`.
    pub fn aside(&self, text: &str) -> String {
        self.grammar.aside(text)
    }

    /// How often: `every quarter`.
    pub fn every(&self, every: Every) -> String {
        self.grammar.every(every)
    }

    /// When a move opens: `After 30 days in this stage`, `120 days before Renewal date`.
    pub fn clock(&self, clock: &Clock) -> String {
        let duration = self.duration(clock.duration);
        capitalised(&match clock.before {
            Some(field) => self.grammar.before(&duration, &self.field(field)),
            None => self.grammar.after(&duration),
        })
    }

    /// A length of time after something else, as short as can be: `after 30 days`.
    pub fn later(&self, duration: Duration) -> String {
        self.grammar.later(&self.grammar.duration(duration))
    }

    /// A constant as people write it.
    pub fn value(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => self.grammar.quote(text),
            Value::Number(number) => grouped(*number),
            Value::Money(money) => format!("{} {}", grouped(money.amount), money.currency),
            Value::Percent(percent) => format!("{}%", grouped(*percent)),
            Value::Boolean(value) => self.grammar.truth_value(*value).to_owned(),
            Value::Date(date) => date.to_string(),
            Value::DateTime(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
            Value::Duration(duration) => self.duration(*duration),
            Value::Option(field, index) => {
                let option = self.process.fields[*field].ty.options().get(*index);
                option.map_or_else(|| "?".to_owned(), |option| self.noun(&option.title))
            }
        }
    }

    /// What a goal measures: `Conversion from Lead to Opportunity within 14 days`.
    pub fn measure(&self, measure: &Measure) -> String {
        let stage = |id| self.grammar.stage(self.text(&self.process.stages[id].title));
        let when = |expr: &Option<Expr>| {
            expr.as_ref().map(|expr| self.say(&self.clause(expr, false, 0), Place::Alone))
        };
        let words = match measure {
            Measure::Conversion { from, to, within } => MeasureWords::Conversion {
                from: stage(*from),
                to: stage(*to),
                within: within.map(|within| self.within(within)),
            },
            Measure::Entries { into, when: only } => {
                MeasureWords::Entries { into: stage(*into), only: when(only) }
            }
            Measure::Balance { of } => MeasureWords::Balance { of: stage(*of) },
            Measure::Cycle { statistic, from, to } => {
                MeasureWords::Cycle { statistic: *statistic, from: stage(*from), to: stage(*to) }
            }
            Measure::Dwell { statistic, stage: of } => {
                MeasureWords::Dwell { statistic: *statistic, stage: stage(*of) }
            }
            Measure::Sum { field, entering, when: only } => MeasureWords::Sum {
                field: self.field(*field),
                entering: stage(*entering),
                only: when(only),
            },
            Measure::Share { of, when } => MeasureWords::Share {
                of: stage(*of),
                only: self.say(&self.clause(when, false, 0), Place::Alone),
            },
            Measure::Coverage { goal, by, .. } => MeasureWords::Coverage {
                goal: self.grammar.quote(self.text(&self.process.goals[*goal].title)),
                by: self.field(*by),
            },
        };
        capitalised(&self.grammar.measure(&words))
    }

    /// The target of a goal: `At least 60% every quarter`.
    pub fn target(&self, target: &Target) -> String {
        let every = target.every.map(|every| self.every(every));
        let value = self.value(&target.value);
        capitalised(&self.grammar.target(target.at_least, &value, every.as_deref()))
    }

    /// Words joined by commas and `and`.
    pub fn list(&self, items: &[String]) -> String {
        self.grammar.list(items)
    }

    /// The words joined by commas and `or`.
    pub fn choice(&self, items: &[String]) -> String {
        self.grammar.choice(items)
    }

    fn noun(&self, title: &Text) -> String {
        self.grammar.noun(self.text(title))
    }

    fn field(&self, field: FieldId) -> String {
        self.noun(&self.process.fields[field].title)
    }

    fn score(&self, score: ScoreId) -> String {
        self.noun(&self.process.scores[score].title)
    }

    /// Brings a condition into the shape in which it is said.
    fn clause(&self, expr: &Expr, negated: bool, depth: usize) -> Clause {
        if depth > MAX_DEPTH {
            return Clause::Statement(Statement::same("…".to_owned()));
        }
        let (all, parts) = match &expr.kind {
            ExprKind::Not(inner) => return self.clause(inner, !negated, depth + 1),
            ExprKind::And(parts) => (!negated, parts),
            ExprKind::Or(parts) => (negated, parts),
            _ => return Clause::Statement(self.statement(expr, negated, depth)),
        };
        let mut group = Vec::with_capacity(parts.len());
        for part in parts {
            match self.clause(part, negated, depth + 1) {
                Clause::Group(inner_all, inner) if inner_all == all => group.extend(inner),
                clause => group.push(clause),
            }
        }
        match group.len() {
            1 => group.remove(0),
            _ => Clause::Group(all, group),
        }
    }

    fn say(&self, clause: &Clause, place: Place) -> String {
        self.say_numbered(clause, place, "")
    }

    fn say_numbered(&self, clause: &Clause, place: Place, number: &str) -> String {
        let (all, parts) = match clause {
            Clause::Statement(statement) => {
                return match place {
                    Place::Alone => statement.alone.clone(),
                    Place::If => statement.before_if.clone(),
                };
            }
            Clause::Group(all, parts) => (*all, parts),
        };
        if let Some(statements) = joinable(parts) {
            return self.grammar.join(all, &statements, place == Place::If);
        }
        let items: Vec<String> = parts
            .iter()
            .enumerate()
            .map(|(index, part)| {
                let number = match number {
                    "" => format!("{}", index + 1),
                    outer => format!("{outer}.{}", index + 1),
                };
                format!("({number}) {}", self.say_numbered(part, Place::Alone, &number))
            })
            .collect();
        self.grammar.numbered(all, &items, place == Place::If)
    }

    /// A condition that has no conditions inside it.
    fn statement(&self, expr: &Expr, negated: bool, depth: usize) -> Statement {
        let grammar = self.grammar;
        let operand = |expr: &Expr| self.operand(expr, depth + 1).0;
        match &expr.kind {
            ExprKind::Compare(left, op, right) => {
                self.comparison(left, *op, right, negated, depth + 1)
            }
            ExprKind::In(subject, options) => {
                let items: Vec<String> = options.iter().map(operand).collect();
                let many = matches!(subject.ty, Type::ManyOf(_));
                grammar.one_of(&operand(subject), &items, many, negated)
            }
            ExprKind::Between(subject, low, high) => {
                let dated = matches!(subject.ty, Type::Date | Type::DateTime);
                let (low, high) = (operand(low), operand(high));
                grammar.between(&operand(subject), &low, &high, dated, negated)
            }
            ExprKind::Presence(subject, present) => {
                grammar.presence(&operand(subject), *present != negated)
            }
            ExprKind::IsGrade(score, index) => {
                let grade = self.process.scores[*score].grades.get(*index);
                let grade = grade.map_or_else(|| "?".to_owned(), |grade| self.noun(&grade.title));
                grammar.graded(&self.score(*score), &grade, negated)
            }
            ExprKind::Within(subject, direction, duration) => {
                let next = *direction == Direction::Next;
                grammar.window(&operand(subject), next, &self.duration(*duration), negated)
            }
            ExprKind::Event { name, at_least, within } => {
                let title = self.process.event_title(name, expr.span);
                let name = self.text(&title);
                let within = within.map(|within| self.duration(within));
                grammar.event(&grammar.quote(name), *at_least, within.as_deref(), negated)
            }
            ExprKind::Confirmed(confirmation) => {
                let confirmation = &self.process.confirmations[*confirmation];
                let by = confirmation.by.map(|by| self.noun(self.process.owner_name(by).1));
                let text = grammar.quote(self.text(&confirmation.text));
                grammar.confirmed(by.as_deref(), &text, negated)
            }
            ExprKind::Value(Value::Boolean(value)) => grammar.constant(*value != negated),
            // A boolean field, and whatever a later version of the language may bring.
            _ => grammar.truth(&operand(expr), true, negated),
        }
    }

    fn comparison(
        &self,
        left: &Expr,
        op: CompareOp,
        right: &Expr,
        negated: bool,
        depth: usize,
    ) -> Statement {
        // `0 < amount` is said as `amount > 0`.
        let constant =
            |expr: &Expr| matches!(expr.kind, ExprKind::Value(_) | ExprKind::Today | ExprKind::Now);
        let (left, op, right) = match constant(left) && !constant(right) {
            true => (right, mirrored(op), left),
            false => (left, op, right),
        };
        let operand = |expr: &Expr| self.operand(expr, depth).0;
        let relation = relation(op);
        match (&left.kind, &right.kind) {
            (_, ExprKind::Value(Value::Boolean(value)))
                if matches!(op, CompareOp::Eq | CompareOp::Ne) =>
            {
                let value = *value == (op == CompareOp::Eq);
                self.grammar.truth(&operand(left), value, negated)
            }
            (
                ExprKind::Elapsed { unit, business, since, field },
                ExprKind::Value(Value::Number(amount)),
            ) => {
                let span = if *since { Span::Since } else { Span::Until };
                let duration = Duration { amount: *amount, unit: elapsed_unit(*unit, *business) };
                let field = self.field(*field);
                self.grammar.elapsed(span, &field, relation, duration, negated)
            }
            (ExprKind::TimeInStage, ExprKind::Value(Value::Duration(duration))) => {
                self.grammar.elapsed(Span::InStage, "", relation, *duration, negated)
            }
            (_, ExprKind::Value(Value::Option(..))) if matches!(left.ty, Type::ManyOf(_)) => {
                let unequal = op == CompareOp::Ne;
                self.grammar.one_of(&operand(left), &[operand(right)], true, negated != unequal)
            }
            _ => {
                let dated = matches!(left.ty, Type::Date | Type::DateTime);
                // Of the two sides only the left one can be missing, or it could not be said.
                let field = matches!(left.kind, ExprKind::Field(_));
                if let (true, true, true, Some(instead)) =
                    (negated, field, constant(right), opposite(relation))
                {
                    let (left, right) = (operand(left), operand(right));
                    let said = self.grammar.order_or_missing(&left, instead, &right, dated);
                    if let Some(statement) = said {
                        return statement;
                    }
                    return self.grammar.compare(&left, relation, &right, dated, negated);
                }
                self.grammar.compare(&operand(left), relation, &operand(right), dated, negated)
            }
        }
    }

    /// What stands on one side of a comparison, and how tightly it binds.
    fn operand(&self, expr: &Expr, depth: usize) -> (String, Binding) {
        if depth > MAX_DEPTH {
            return ("…".to_owned(), Binding::Atom);
        }
        let atom = |text: String| (text, Binding::Atom);
        match &expr.kind {
            ExprKind::Value(value) => atom(self.value(value)),
            ExprKind::Field(field) => atom(self.field(*field)),
            ExprKind::Score(score) => atom(self.grammar.score(&self.score(*score))),
            ExprKind::Negate(inner) => {
                let inner = self.bound(inner, Binding::Atom, depth + 1);
                (format!("-{inner}"), Binding::Product)
            }
            ExprKind::Arithmetic(left, op, right) => {
                // The right side of `-` and `/` needs parentheses where the left side does not.
                let (symbol, binding, tighter) = match op {
                    ArithmeticOp::Add => ("+", Binding::Sum, Binding::Sum),
                    ArithmeticOp::Sub => ("−", Binding::Sum, Binding::Product),
                    ArithmeticOp::Mul => ("×", Binding::Product, Binding::Product),
                    ArithmeticOp::Div => ("÷", Binding::Product, Binding::Atom),
                };
                let left = self.bound(left, binding, depth + 1);
                let right = self.bound(right, tighter, depth + 1);
                (format!("{left} {symbol} {right}"), binding)
            }
            ExprKind::Elapsed { unit, business, since, field } => {
                let unit = elapsed_unit(*unit, *business);
                atom(self.grammar.count_of(unit, *since, &self.field(*field)))
            }
            ExprKind::TimeInStage => atom(self.grammar.time_in_stage().to_owned()),
            ExprKind::Today => atom(self.grammar.today().to_owned()),
            ExprKind::Now => atom(self.grammar.now().to_owned()),
            // A condition as a value: `(a > b) = (c > d)`.
            _ => {
                let condition = self.say(&self.clause(expr, false, depth + 1), Place::Alone);
                atom(self.grammar.quote(&condition))
            }
        }
    }

    fn bound(&self, expr: &Expr, least: Binding, depth: usize) -> String {
        match self.operand(expr, depth) {
            (text, binding) if binding < least => format!("({text})"),
            (text, _) => text,
        }
    }
}

/// The statements of a group, when they can be joined on one line without doubt: two of any kind,
/// more only when none of them holds a list.
fn joinable(parts: &[Clause]) -> Option<Vec<&Statement>> {
    if parts.len() > MAX_JOINED {
        return None;
    }
    parts
        .iter()
        .map(|part| match part {
            Clause::Statement(statement) if !statement.has_list || parts.len() == 2 => {
                Some(statement)
            }
            _ => None,
        })
        .collect()
}

/// The same comparison with its sides exchanged.
fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}

/// The relation by order that holds when the other does not and both sides have a value.
fn opposite(is: Relation) -> Option<Relation> {
    match is {
        Relation::Less => Some(Relation::AtLeast),
        Relation::AtMost => Some(Relation::More),
        Relation::More => Some(Relation::AtMost),
        Relation::AtLeast => Some(Relation::Less),
        Relation::Equal | Relation::Other => None,
    }
}

fn relation(op: CompareOp) -> Relation {
    match op {
        CompareOp::Eq => Relation::Equal,
        CompareOp::Ne => Relation::Other,
        CompareOp::Lt => Relation::Less,
        CompareOp::Le => Relation::AtMost,
        CompareOp::Gt => Relation::More,
        CompareOp::Ge => Relation::AtLeast,
    }
}

/// The unit of a duration that counts elapsed time. There are no business weeks to count in, so
/// weeks stay weeks.
fn elapsed_unit(unit: ElapsedUnit, business: bool) -> Unit {
    match (unit, business) {
        (ElapsedUnit::Minutes, false) => Unit::Minute,
        (ElapsedUnit::Minutes, true) => Unit::BusinessMinute,
        (ElapsedUnit::Hours, false) => Unit::Hour,
        (ElapsedUnit::Hours, true) => Unit::BusinessHour,
        (ElapsedUnit::Days, false) => Unit::Day,
        (ElapsedUnit::Days, true) => Unit::BusinessDay,
        (ElapsedUnit::Weeks, _) => Unit::Week,
    }
}

/// The text with its first letter in upper case, unless it is spelled like `eNPS` or `iPhone`.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    match chars.clone().next() {
        Some(second) if second.is_uppercase() => text.to_owned(),
        _ => first.to_uppercase().chain(chars).collect(),
    }
}

#[cfg(test)]
mod tests;
