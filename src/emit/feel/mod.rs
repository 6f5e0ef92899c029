//! Conditions in FEEL, the expression language of DMN, which engines of BPMN read too.
//!
//! Logic in FEEL has three values, here it has two: a comparison with a missing value is false. What
//! is written gives `true` exactly when the condition holds, and `false` or `null` otherwise;
//! [`Feel::condition`] makes `false` of `null`.

mod names;
mod table;

mod time;

use std::cell::RefCell;

use rust_decimal::Decimal;

use crate::model::{
    ArithmeticOp, Clock, CompareOp, Expr, ExprKind, FieldId, FieldType, Money, Process, Type, Value,
};

pub(super) use names::{ANSWERS, CLOCK, CONFIRMED, EVENTS, Names};

pub(super) use table::Column;
pub(super) use time::{iso, length};

/// What has no form in FEEL.
pub(super) struct Uncarried;

type Written = Result<String, Uncarried>;

/// How tightly what is written binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Atom,
}

/// A condition that is written.
struct Holds {
    text: String,
    binding: Binding,
    /// Never `null`.
    sure: bool,
}

impl Holds {
    fn atom(text: String) -> Self {
        Self { text, binding: Binding::Atom, sure: false }
    }

    fn sure(text: String) -> Self {
        Self { text, binding: Binding::Atom, sure: true }
    }

    fn within(&self, place: Binding) -> String {
        if self.binding < place { format!("({})", self.text) } else { self.text.clone() }
    }
}

/// Writes the conditions of one process.
pub(super) struct Feel<'a> {
    pub(super) process: &'a Process,
    pub(super) names: Names,
    /// What cannot be written, in the words of the process, and the name of its answer.
    asked: RefCell<Vec<(String, String)>>,
    /// Those of them that the last condition asked.
    latest: RefCell<Vec<String>>,
}

/// A text in FEEL.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

pub(super) fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

fn symbol(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "=",
        CompareOp::Ne => "!=",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}

fn is_number(ty: Type) -> bool {
    matches!(ty, Type::Number | Type::Integer | Type::Money | Type::Percent)
}

fn is_constant(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Value(_))
}

impl<'a> Feel<'a> {
    pub(super) fn new(process: &'a Process) -> Self {
        let names = Names::of(process);
        Self { process, names, asked: RefCell::default(), latest: RefCell::default() }
    }

    /// What was asked by now, and the name of each answer.
    pub(super) fn asked(&self) -> Vec<(String, String)> {
        self.asked.borrow().clone()
    }

    /// Several conditions that must hold together: true or false for every record.
    fn all(&self, parts: &[Holds]) -> String {
        let sure = parts.iter().all(|part| part.sure);
        let text = match parts {
            [only] => only.text.clone(),
            _ => parts.iter().map(|p| p.within(Binding::Atom)).collect::<Vec<_>>().join(" and "),
        };
        if sure { text } else { format!("({text}) = true") }
    }

    /// What must hold for a move.
    pub(super) fn guard(
        &self,
        id: crate::model::TransitionId,
        key: &str,
        chosen: bool,
    ) -> (Option<String>, Vec<String>) {
        let process = self.process;
        let transition = &process.transitions[id];
        let mut parts = Vec::new();
        self.latest.take();
        if chosen {
            parts.push(Holds::sure(format!("{} = {}", names::MOVE, quoted(key))));
        }
        if transition.kind == crate::model::TransitionKind::Advance {
            let exit = &process.stages[transition.from].exit;
            for criterion in exit.iter().chain(&process.stages[transition.to].enter) {
                let criterion = &process.criteria[*criterion];
                let condition = self.holds(&criterion.condition);
                parts.push(match &criterion.applies {
                    None => condition,
                    Some(only) => {
                        let only = self.negated(&self.holds(only));
                        let text = format!("{only} or {}", condition.within(Binding::And));
                        Holds { text, binding: Binding::Or, sure: condition.sure }
                    }
                });
            }
        }
        parts.extend(transition.when.iter().map(|when| self.holds(when)));
        if let Some(clock) = &transition.after {
            parts.push(match self.struck(clock) {
                Ok(text) => Holds::atom(text),
                Err(Uncarried) => self.ask(self.clock_question(clock)),
            });
        }
        if let Some(most) = transition.at_most {
            let taken = format!("{}.{key}", names::TAKEN);
            let text = format!("({taken} = null or {taken} < {most})");
            parts.push(Holds::atom(text));
        }
        let text = (!parts.is_empty()).then(|| self.all(&parts));
        (text, self.latest.take())
    }

    fn clock_question(&self, clock: &Clock) -> String {
        match clock.before {
            Some(field) => {
                let field = &self.process.fields[field].name;
                format!("after {} before {field}", clock.duration)
            }
            None => format!("after {}", clock.duration),
        }
    }

    /// What the caller answers for a condition.
    pub(super) fn asks(&self, condition: &Expr) -> Vec<String> {
        self.latest.take();
        self.holds(condition);
        self.latest.take()
    }

    /// What the caller answers for a clock.
    pub(super) fn asks_of(&self, clock: &Clock) -> Vec<String> {
        match self.struck(clock) {
            Ok(_) => Vec::new(),
            Err(Uncarried) => vec![self.clock_question(clock)],
        }
    }

    fn negated(&self, holds: &Holds) -> String {
        if holds.sure {
            format!("not({})", holds.text)
        } else {
            format!("not(({}) = true)", holds.text)
        }
    }

    fn holds(&self, expr: &Expr) -> Holds {
        match &expr.kind {
            ExprKind::Not(x) => match &x.kind {
                ExprKind::Presence(x, present) => self.presence(x, !present),
                _ => Holds::sure(self.negated(&self.holds(x))),
            },
            ExprKind::And(all) => self.joined(all, " and ", Binding::And),
            ExprKind::Or(all) => self.joined(all, " or ", Binding::Or),
            ExprKind::Confirmed(id) => {
                let key = &self.process.confirmations[*id].key;
                Holds::sure(format!("{CONFIRMED}.{key} = true"))
            }
            ExprKind::Presence(x, present) => self.presence(x, *present),
            _ => match self.simple(expr) {
                Ok(holds) => holds,
                Err(Uncarried) => self.ask(self.process.expr_source(expr)),
            },
        }
    }

    /// The answer of the caller to a question.
    pub(super) fn answer(&self, question: String) -> String {
        self.ask(question).text
    }

    fn ask(&self, question: String) -> Holds {
        let mut asked = self.asked.borrow_mut();
        let known = asked.iter().find(|(known, _)| *known == question);
        let name = match known {
            Some((_, name)) => name.clone(),
            None => {
                let taken = |name: &str| asked.iter().any(|(_, known)| known == name);
                let name = names::slug(&question, taken);
                asked.push((question.clone(), name.clone()));
                name
            }
        };
        let mut latest = self.latest.borrow_mut();
        if !latest.contains(&question) {
            latest.push(question);
        }
        Holds::sure(format!("{ANSWERS}.{name} = true"))
    }

    fn joined(&self, all: &[Expr], with: &str, binding: Binding) -> Holds {
        let place = if binding == Binding::And { Binding::Atom } else { Binding::And };
        let parts: Vec<Holds> = all.iter().map(|x| self.holds(x)).collect();
        let sure = parts.iter().all(|part| part.sure);
        let parts: Vec<String> = parts.iter().map(|part| part.within(place)).collect();
        Holds { text: parts.join(with), binding, sure }
    }

    fn presence(&self, x: &Expr, present: bool) -> Holds {
        let Ok(value) = self.value(x) else {
            return self.ask(format!(
                "{} is {}",
                self.process.expr_source(x),
                if present { "present" } else { "missing" }
            ));
        };
        let (text, binding) = match (x.ty, present) {
            (Type::Text | Type::User, true) => {
                (format!("{value} != null and {value} != \"\""), Binding::And)
            }
            (Type::Text | Type::User, false) => {
                (format!("{value} = null or {value} = \"\""), Binding::Or)
            }
            (Type::ManyOf(_), true) => (format!("{value} != null and {value} != []"), Binding::And),
            (Type::ManyOf(_), false) => (format!("{value} = null or {value} = []"), Binding::Or),
            (_, true) => (format!("{value} != null"), Binding::Atom),
            (_, false) => (format!("{value} = null"), Binding::Atom),
        };
        Holds { text, binding, sure: true }
    }

    fn simple(&self, expr: &Expr) -> Result<Holds, Uncarried> {
        Ok(match &expr.kind {
            ExprKind::Compare(a, op, b) => self.compare(a, *op, b)?,
            ExprKind::Between(x, low, high) => {
                let low = self.compare(x, CompareOp::Ge, low)?;
                let high = self.compare(x, CompareOp::Le, high)?;
                let text =
                    format!("{} and {}", low.within(Binding::And), high.within(Binding::And));
                Holds { text, binding: Binding::And, sure: false }
            }
            ExprKind::In(x, options) => self.is_in(x, options)?,
            ExprKind::IsGrade(id, at) => {
                let grade = self.process.scores[*id].grades.get(*at).ok_or(Uncarried)?;
                Holds::sure(format!("{} = {}", self.names.grade(*id), quoted(&grade.name)))
            }
            ExprKind::Within(x, direction, window) => {
                let text = self.window(x, *direction, *window)?;
                Holds { text, binding: Binding::And, sure: false }
            }
            ExprKind::Event { name, at_least, within } => {
                Holds::atom(self.had(name, *at_least, *within)?)
            }
            ExprKind::Value(Value::Boolean(value)) => Holds::sure(value.to_string()),
            ExprKind::Field(_) => Holds::sure(format!("{} = true", self.value(expr)?)),
            // What else is no condition is never true.
            _ => Holds::sure("false".to_owned()),
        })
    }

    fn is_in(&self, x: &Expr, options: &[Expr]) -> Result<Holds, Uncarried> {
        if options.is_empty() {
            return Ok(Holds::sure("false".to_owned()));
        }
        let value = self.value(x)?;
        if let Type::ManyOf(_) = x.ty {
            let each: Result<Vec<String>, Uncarried> = options
                .iter()
                .map(|option| Ok(format!("list contains({value}, {})", self.value(option)?)))
                .collect();
            let each = each?;
            let binding = if each.len() == 1 { Binding::Atom } else { Binding::Or };
            return Ok(Holds { text: each.join(" or "), binding, sure: false });
        }
        let parts: Result<Vec<Holds>, Uncarried> =
            options.iter().map(|option| self.compare(x, CompareOp::Eq, option)).collect();
        let parts = parts?;
        let sure = parts.iter().all(|part| part.sure);
        let binding = if parts.len() == 1 { Binding::Atom } else { Binding::Or };
        let parts: Vec<String> = parts.iter().map(|part| part.within(Binding::And)).collect();
        Ok(Holds { text: parts.join(" or "), binding, sure })
    }

    /// A comparison. FEEL finds a missing value equal to another, and different from every other.
    fn compare(&self, a: &Expr, op: CompareOp, b: &Expr) -> Result<Holds, Uncarried> {
        if let Some(text) = self.compare_time(a, op, b)? {
            return Ok(Holds::atom(text));
        }
        let numbers = is_number(a.ty) && is_number(b.ty);
        let alike = matches!(
            (a.ty, b.ty),
            (Type::Text | Type::User, Type::Text | Type::User)
                | (Type::Boolean, Type::Boolean)
                | (Type::Date, Type::Date)
                | (Type::DateTime, Type::DateTime)
                | (Type::OneOf(_), Type::OneOf(_))
        );
        if !numbers && !alike {
            return Err(Uncarried);
        }
        // Texts that are empty are missing.
        let texts = matches!(a.ty, Type::Text | Type::User);
        let empty = |x: &Expr| matches!(&x.kind, ExprKind::Value(Value::Text(t)) if t.is_empty());
        if empty(a) || empty(b) {
            return Ok(Holds::sure("false".to_owned()));
        }
        let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
        let side = |x: &Expr| {
            let value = self.value(x)?;
            Ok(match x.ty {
                Type::OneOf(field) if ordered => self.rank(field, &value),
                Type::Boolean if ordered => format!("(if {value} then 1 else 0)"),
                _ => value,
            })
        };
        let (left, right) = (side(a)?, side(b)?);
        let mut parts = Vec::new();
        for (x, value) in [(a, self.value(a)?), (b, self.value(b)?)] {
            let missing_counts = op == CompareOp::Ne
                || (ordered && matches!(x.ty, Type::Boolean))
                || (op == CompareOp::Eq && !is_constant(a) && !is_constant(b));
            if !is_constant(x) && missing_counts {
                parts.push(format!("{value} != null"));
            }
            if !is_constant(x) && texts && (op != CompareOp::Eq || missing_counts) {
                parts.push(format!("{value} != \"\""));
            }
        }
        parts.push(format!("{left} {} {right}", symbol(op)));
        let sure = !ordered && !self.computed(a) && !self.computed(b);
        let binding = if parts.len() == 1 { Binding::Atom } else { Binding::And };
        Ok(Holds { text: parts.join(" and "), binding, sure })
    }

    /// Whether it is more than a field or a constant: an engine may find arithmetic with a missing
    /// value neither equal nor different.
    fn computed(&self, x: &Expr) -> bool {
        !matches!(x.kind, ExprKind::Value(_) | ExprKind::Field(_))
    }

    /// The place of an option among all.
    fn rank(&self, field: FieldId, value: &str) -> String {
        let options = self.process.fields[field].ty.options();
        let options: Vec<String> = options.iter().map(|option| quoted(&option.name)).collect();
        format!("index of([{}], {value})[1]", options.join(", "))
    }

    /// A value, or `null`.
    fn value(&self, expr: &Expr) -> Written {
        match &expr.kind {
            ExprKind::Value(constant) => self.constant(constant),
            ExprKind::Field(field) => Ok(self.names.field(self.process, *field)),
            ExprKind::Score(id) => Ok(self.names.score(*id).to_owned()),
            ExprKind::Negate(x) => Ok(format!("(0 - {})", self.value(x)?)),
            ExprKind::Arithmetic(a, op, b) => self.arithmetic(a, *op, b),
            ExprKind::Elapsed { .. } | ExprKind::TimeInStage => Err(Uncarried),
            ExprKind::Today => Ok(time::today()),
            ExprKind::Now => Ok(format!("{CLOCK}.now")),
            _ if expr.ty == Type::Boolean => {
                let holds = self.holds(expr);
                Ok(format!("({})", self.all(&[holds])))
            }
            _ => Err(Uncarried),
        }
    }

    fn constant(&self, constant: &Value) -> Written {
        Ok(match constant {
            Value::Text(text) => quoted(text),
            Value::Number(n) | Value::Percent(n) => number(*n),
            Value::Money(Money { amount, currency }) => {
                // Fields hold the currency of the process.
                if Some(*currency) != self.process.currency {
                    return Err(Uncarried);
                }
                number(*amount)
            }
            Value::Boolean(value) => value.to_string(),
            Value::Date(date) => format!("date(\"{date}\")"),
            Value::DateTime(at) => {
                format!("date and time(\"{}\")", at.strftime("%Y-%m-%dT%H:%M:%S"))
            }
            Value::Option(field, at) => {
                let option = self.process.fields[*field].ty.options().get(*at);
                quoted(&option.ok_or(Uncarried)?.name)
            }
            Value::Duration(_) => return Err(Uncarried),
        })
    }

    fn arithmetic(&self, a: &Expr, op: ArithmeticOp, b: &Expr) -> Written {
        if let (Type::Date | Type::DateTime, ExprKind::Value(Value::Duration(time))) =
            (a.ty, &b.kind)
        {
            let sign = match op {
                ArithmeticOp::Add => "+",
                ArithmeticOp::Sub => "-",
                ArithmeticOp::Mul | ArithmeticOp::Div => return Err(Uncarried),
            };
            let length = length(*time, a.ty == Type::Date)?;
            return Ok(format!("({} {sign} {length})", self.value(a)?));
        }
        if !is_number(a.ty) || !is_number(b.ty) {
            return Err(Uncarried);
        }
        let (left, right) = (self.value(a)?, self.value(b)?);
        Ok(match op {
            ArithmeticOp::Add => format!("({left} + {right})"),
            ArithmeticOp::Sub => format!("({left} - {right})"),
            ArithmeticOp::Mul if a.ty == Type::Percent || b.ty == Type::Percent => {
                format!("({left} * {right} / 100)")
            }
            ArithmeticOp::Mul => format!("({left} * {right})"),
            ArithmeticOp::Div if is_constant(b) => format!("({left} / {right})"),
            ArithmeticOp::Div => {
                format!("(if {right} = 0 then null else {left} / {right})")
            }
        })
    }

    /// The type of a field, as FEEL calls it.
    pub(super) fn type_of(ty: &FieldType) -> &'static str {
        match ty {
            FieldType::Text | FieldType::User | FieldType::OneOf(_) | FieldType::ManyOf(_) => {
                "string"
            }
            FieldType::Number | FieldType::Integer | FieldType::Money | FieldType::Percent => {
                "number"
            }
            FieldType::Boolean => "boolean",
            FieldType::Date => "date",
            FieldType::DateTime => "dateTime",
        }
    }
}
