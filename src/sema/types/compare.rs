//! Comparison, membership, arithmetic.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Edit, Safety, closest, codes};
use crate::model::{
    ArithmeticOp, CompareOp, Duration, EnumOption, Expr, ExprKind, FieldId, Type, Unit, Value,
};
use crate::source::{Span, Spanned};
use crate::syntax::ast;

use super::super::lower::{Lowering, percentage_help};
use super::super::names::renamed;
use super::{Scope, thousands};

/// How many options a message lists.
const MANY: usize = 8;

impl Lowering<'_, '_> {
    /// Both sides of a comparison. A bare word beside an enumeration is one of its options.
    pub(super) fn pair(
        &mut self,
        left: &ast::Expr,
        right: &ast::Expr,
        scope: Scope<'_>,
        depth: usize,
    ) -> Option<(Expr, Expr)> {
        if self.is_option_word(left, scope) && !self.is_option_word(right, scope) {
            let right = self.expr(right, scope, depth)?;
            let left = self.beside(left, right.ty, scope, depth)?;
            return Some((left, right));
        }
        let left = self.expr(left, scope, depth);
        let Some(left) = left else {
            // The other side is typed for its own faults; an option word would only echo this one.
            if !self.is_option_word(right, scope) {
                self.expr(right, scope, depth);
            }
            return None;
        };
        let right = self.beside(right, left.ty, scope, depth)?;
        Some((left, right))
    }

    /// A single word that names no field or score in reach.
    fn is_option_word(&self, expr: &ast::Expr, scope: Scope<'_>) -> bool {
        let ast::ExprKind::Path(path) = &expr.kind else { return false };
        let ([name], Some(record)) = (path.parts.as_slice(), scope.record) else { return false };
        self.visible_field(record, &name.text).is_none() && self.score_id(&name.text).is_none()
    }

    /// Types an expression that is compared with a value of type `other`.
    fn beside(
        &mut self,
        expr: &ast::Expr,
        other: Type,
        scope: Scope<'_>,
        depth: usize,
    ) -> Option<Expr> {
        let (Type::OneOf(field) | Type::ManyOf(field)) = other else {
            return self.expr(expr, scope, depth);
        };
        match &expr.kind {
            ast::ExprKind::Path(path) => {
                if let [name] = path.parts.as_slice() {
                    if let Some(option) = self.option(field, &name.text) {
                        return Some(option_value(field, option, expr.span));
                    }
                    if self.is_option_word(expr, scope) {
                        self.unknown_option(field, name);
                        return None;
                    }
                }
                self.expr(expr, scope, depth)
            }
            ast::ExprKind::Literal(ast::Literal::Text(text)) => {
                let wanted = text.to_lowercase();
                let options = self.process.fields[field].ty.options();
                let option = options.iter().find(|option| {
                    option.name == wanted || option.title.value.to_lowercase() == wanted
                });
                let mut finding = Diagnostic::new(
                    codes::TYPE_MISMATCH,
                    expr.span,
                    format!(
                        "expected an option of `{}`, found a text",
                        self.process.fields[field].name
                    ),
                )
                .label(self.process.fields[field].span, "its options are declared here");
                if let Some(option) = option {
                    let replacement = option.name.clone();
                    finding = finding.help(format!("write `{replacement}`, without quotes")).fix(
                        format!("replace by `{replacement}`"),
                        Safety::Safe,
                        vec![Edit { span: expr.span, replacement }],
                    );
                }
                self.findings.push(finding);
                None
            }
            _ => self.expr(expr, scope, depth),
        }
    }

    /// The finding for `reason = price or timing`, when the words behind `or` are options of the
    /// field that is compared.
    pub(super) fn options_joined(
        &mut self,
        parts: &[ast::Expr],
        scope: Scope<'_>,
    ) -> Option<Diagnostic> {
        let [first, rest @ ..] = parts else { return None };
        let ast::ExprKind::Compare(left, op, right) = &first.kind else { return None };
        let (ast::ExprKind::Path(field), ast::ExprKind::Path(option)) = (&left.kind, &right.kind)
        else {
            return None;
        };
        if op.value != CompareOp::Eq || !self.is_option_word(right, scope) {
            return None;
        }
        let mut words = vec![option.dotted()];
        for part in rest {
            let ast::ExprKind::Path(option) = &part.kind else { return None };
            if !self.is_option_word(part, scope) {
                return None;
            }
            words.push(option.dotted());
        }
        // Only where the field is known is anything known of its options.
        let [.., name] = field.parts.as_slice() else { return None };
        let id = self.visible_field(scope.record?, &name.text)?;
        let options = self.process.fields[id].ty.options();
        let known = |word: &String| options.iter().any(|option| option.name == *word);
        if !words.iter().any(known) {
            return None;
        }
        let span = first.span.to(parts.last()?.span);
        let right = format!("{} in [{}]", field.dotted(), words.join(", "));
        Some(
            Diagnostic::new(
                codes::TYPE_MISMATCH,
                span,
                format!("what stands behind `or` is a condition, and `{}` is none", words.last()?),
            )
            .help(format!("write `{right}`"))
            .fix(
                format!("write `{right}`"),
                Safety::Unsafe,
                vec![Edit { span, replacement: right }],
            ),
        )
    }

    fn option(&mut self, field: FieldId, name: &str) -> Option<usize> {
        let options = self.process.fields[field].ty.options();
        let places = self.option_places.entry(field).or_insert_with(|| {
            options.iter().enumerate().map(|(at, option)| (option.name.clone(), at)).collect()
        });
        places.get(name).copied()
    }

    fn unknown_option(&mut self, field: FieldId, name: &ast::Name) {
        if self.names.lost.contains(name.text.as_str()) {
            return;
        }
        let field = &self.process.fields[field];
        let options = field.ty.options();
        let mut finding = Diagnostic::new(
            codes::UNKNOWN_NAME,
            name.span,
            format!("`{}` has no option `{name}`", field.name),
        )
        .label(field.span, "its options are declared here");
        let before = |option: &&EnumOption| option.was.contains(&name.text);
        if let Some(option) = options.iter().find(before) {
            let finding = renamed(finding, name.span, &option.name);
            self.findings.push(finding);
            return;
        }
        let word = name.text.to_lowercase();
        let near =
            closest(&word, options.iter().map(|option| option.name.as_str())).or_else(|| {
                // The title was written, or the name was cut short.
                let is_meant = |option: &&EnumOption| {
                    let titled = std::iter::once(&option.title.value)
                        .chain(option.title.translations.iter().map(|(_, title)| title))
                        .any(|title| title.to_lowercase() == word);
                    titled
                        || option.name.strip_prefix(&word).is_some_and(|rest| rest.starts_with('_'))
                };
                options.iter().find(is_meant).map(|option| option.name.as_str())
            });
        finding = match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
                format!("replace by `{near}`"),
                Safety::Unsafe,
                vec![Edit { span: name.span, replacement: near.to_owned() }],
            ),
            None if matches!(name.text.as_str(), "null" | "nil" | "blank" | "empty") => {
                finding.help("ask whether it has a value: `is present`, or `is missing`")
            }
            None if options.is_empty() => finding.help(format!("add `{name}` to its options")),
            None => {
                let mut known: Vec<String> =
                    options.iter().take(MANY).map(|option| format!("`{}`", option.name)).collect();
                if options.len() > MANY {
                    known.push("…".to_owned());
                }
                finding.help(format!(
                    "its options are {}: use one of them, or add `{name}`",
                    known.join(", ")
                ))
            }
        };
        self.findings.push(finding);
    }

    pub(super) fn compare(
        &mut self,
        left: Expr,
        op: CompareOp,
        right: Expr,
        span: Span,
    ) -> Option<Expr> {
        self.comparable(&left, &right, span)?;
        let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
        let what = match left.ty {
            Type::ManyOf(_) => Some("options are asked for with `in`"),
            Type::Text | Type::Boolean | Type::User | Type::OneOf(_) if ordered => {
                Some("compare with `=` or `!=`")
            }
            _ => None,
        };
        if let Some(help) = what {
            let described = self.describe(left.ty);
            self.findings.push(
                Diagnostic::new(
                    codes::TYPE_MISMATCH,
                    span,
                    format!("`{}` does not compare {described}", op.symbol()),
                )
                .help(help),
            );
            return None;
        }
        let kind = ExprKind::Compare(Box::new(left), op, Box::new(right));
        Some(Expr { kind, ty: Type::Boolean, span })
    }

    pub(super) fn between(
        &mut self,
        value: Expr,
        low: Expr,
        high: Expr,
        span: Span,
    ) -> Option<Expr> {
        if !is_ordered(value.ty) {
            let described = self.describe(value.ty);
            self.findings.push(Diagnostic::new(
                codes::TYPE_MISMATCH,
                value.span,
                format!("`between` needs something with an order, and this is {described}"),
            ));
            return None;
        }
        let low_fits = self.comparable(&value, &low, low.span);
        let high_fits = self.comparable(&value, &high, high.span);
        low_fits?;
        high_fits?;
        if let (ExprKind::Value(least), ExprKind::Value(most)) = (&low.kind, &high.kind)
            && self.is_above(least, most)
        {
            let help = "the lesser value comes first: exchange the two";
            self.impossible(low.span.to(high.span), "nothing lies between these".to_owned(), help);
        }
        let kind = ExprKind::Between(Box::new(value), Box::new(low), Box::new(high));
        Some(Expr { kind, ty: Type::Boolean, span })
    }

    pub(super) fn membership(
        &mut self,
        value: Expr,
        list: &[ast::Expr],
        scope: Scope<'_>,
        depth: usize,
        span: Span,
    ) -> Option<Expr> {
        if list.is_empty() {
            self.findings.push(
                Diagnostic::new(codes::SYNTAX_ERROR, span, "nothing is in an empty list")
                    .help("name at least one value"),
            );
            return None;
        }
        let joined = thousands::in_list(list, value.ty);
        if !joined.is_empty() {
            self.findings.extend(joined);
            return None;
        }
        let mut members: Vec<Expr> = Vec::with_capacity(list.len());
        let mut places: FxHashMap<ExprKind, Span> = FxHashMap::default();
        let mut whole = true;
        for item in list {
            let Some(item) = self.beside(item, value.ty, scope, depth) else {
                whole = false;
                continue;
            };
            if !matches!(item.kind, ExprKind::Value(_)) {
                self.findings.push(
                    Diagnostic::new(
                        codes::TYPE_MISMATCH,
                        item.span,
                        "a list holds values, and this is read from the record",
                    )
                    .help("compare with `=` and join by `or`"),
                );
                whole = false;
                continue;
            }
            if self.comparable(&value, &item, item.span).is_none() {
                whole = false;
                continue;
            }
            if let Some(first) = places.get(&item.kind) {
                self.findings.push(
                    Diagnostic::new(
                        codes::DUPLICATE_NAME,
                        item.span,
                        "this value stands twice in the list",
                    )
                    .label(*first, "first here"),
                );
                continue;
            }
            places.insert(item.kind.clone(), item.span);
            members.push(item);
        }
        if !whole {
            return None;
        }
        Some(Expr { kind: ExprKind::In(Box::new(value), members), ty: Type::Boolean, span })
    }

    /// Whether two values can be compared; a finding when not.
    fn comparable(&mut self, left: &Expr, right: &Expr, span: Span) -> Option<()> {
        let numeric = |ty| matches!(ty, Type::Number | Type::Integer);
        let fits = match (left.ty, right.ty) {
            (a, b) if a == b => true,
            (a, b) if numeric(a) && numeric(b) => true,
            // Two fields may declare the same options; a field that holds several has one of them.
            (Type::ManyOf(a), Type::OneOf(b)) => a == b || self.same_options(a, b),
            (Type::OneOf(a), Type::OneOf(b)) => self.same_options(a, b),
            _ => false,
        };
        if fits {
            return Some(());
        }
        let (expected, found) = (self.describe(left.ty), self.describe(right.ty));
        let mut finding = Diagnostic::new(
            codes::TYPE_MISMATCH,
            if span.key() == right.span.key() { right.span } else { span },
            format!("expected {expected}, found {found}"),
        )
        .reason("these cannot be compared");
        if let Some(help) = self.comparison_help(left, right) {
            finding = finding.help(help);
        }
        self.findings.push(finding);
        None
    }

    fn same_options(&self, a: FieldId, b: FieldId) -> bool {
        let names = |field: FieldId| {
            self.process.fields[field].ty.options().iter().map(|option| option.name.as_str())
        };
        names(a).eq(names(b))
    }

    fn comparison_help(&self, left: &Expr, right: &Expr) -> Option<String> {
        let number = |expr: &Expr| match &expr.kind {
            ExprKind::Value(Value::Number(number)) => Some(*number),
            _ => None,
        };
        match (left.ty, right.ty) {
            (Type::Money, Type::Integer | Type::Number) => {
                let currency = self.process.currency?;
                let amount = number(right)?;
                Some(format!("write `{amount} {currency}`"))
            }
            (Type::Percent, Type::Integer | Type::Number) => {
                let amount = number(right)?;
                Some(percentage_help(amount))
            }
            (Type::Duration, Type::Integer | Type::Number) => {
                Some("give the unit, such as `10d`".to_owned())
            }
            (Type::Number | Type::Integer, Type::Money) => match &right.kind {
                ExprKind::Value(Value::Money(money)) => Some(format!("write `{}`", money.amount)),
                _ => None,
            },
            (Type::Number | Type::Integer, Type::Text) => match &right.kind {
                ExprKind::Value(Value::Text(text)) if text.parse::<Decimal>().is_ok() => {
                    Some(format!("write `{text}`, without quotes"))
                }
                _ => None,
            },
            (Type::Date | Type::DateTime, Type::Duration) => {
                Some("ask `within next 30d`, or compare with `today + 30d`".to_owned())
            }
            (Type::Date, Type::DateTime) => Some("compare a date with `today`".to_owned()),
            (Type::DateTime, Type::Date) => Some("compare a point in time with `now`".to_owned()),
            (Type::Number | Type::Integer, Type::Duration) => {
                Some("`days since` and its kin count units: compare with a plain number".to_owned())
            }
            _ => None,
        }
    }

    pub(super) fn negate(&mut self, inner: Expr, span: Span) -> Option<Expr> {
        // A negative literal is a literal: `-5` prints and compares as one value.
        let folded = match &inner.kind {
            ExprKind::Value(Value::Number(number)) => Some(Value::Number(-*number)),
            ExprKind::Value(Value::Percent(percent)) => Some(Value::Percent(-*percent)),
            ExprKind::Value(Value::Money(money)) => {
                Some(Value::Money(ast::Money { amount: -money.amount, ..*money }))
            }
            _ => None,
        };
        if let Some(value) = folded {
            return Some(Expr { kind: ExprKind::Value(value), ty: inner.ty, span });
        }
        match inner.ty {
            Type::Number | Type::Integer | Type::Money | Type::Percent => {
                Some(Expr { ty: inner.ty, kind: ExprKind::Negate(Box::new(inner)), span })
            }
            other => {
                let described = self.describe(other);
                self.findings.push(Diagnostic::new(
                    codes::TYPE_MISMATCH,
                    span,
                    format!("`-` does not negate {described}"),
                ));
                None
            }
        }
    }

    pub(super) fn arithmetic(
        &mut self,
        left: Expr,
        op: Spanned<ArithmeticOp>,
        right: Expr,
        span: Span,
    ) -> Option<Expr> {
        let Some(ty) = result_type(&left, op.value, &right) else {
            let moves = matches!(op.value, ArithmeticOp::Add | ArithmeticOp::Sub);
            if moves && left.ty == Type::Date && right.ty == Type::Duration {
                self.no_time_of_day(right.span, "hours");
                return None;
            }
            let (a, b) = (self.describe(left.ty), self.describe(right.ty));
            let mut finding = Diagnostic::new(
                codes::TYPE_MISMATCH,
                span,
                format!("`{}` does not join {a} and {b}", op.value.symbol()),
            );
            if matches!(left.ty, Type::Money) || matches!(right.ty, Type::Money) {
                finding =
                    finding.help("money meets money by `+` and `-`, and a number by `*` and `/`");
            } else if matches!(left.ty, Type::Date | Type::DateTime)
                && matches!(right.ty, Type::Integer | Type::Number)
            {
                finding = finding.help("give the number its unit, such as `5d`");
            } else if matches!(left.ty, Type::Date | Type::DateTime)
                && matches!(right.ty, Type::Date | Type::DateTime)
            {
                finding = finding.help("count the time between with `days since` or `days until`");
            }
            self.findings.push(finding);
            return None;
        };
        if op.value == ArithmeticOp::Div && is_zero(&right) {
            self.findings.push(Diagnostic::new(
                codes::INVALID_LITERAL,
                right.span,
                "nothing can be divided by zero",
            ));
            return None;
        }
        let kind = ExprKind::Arithmetic(Box::new(left), op.value, Box::new(right));
        Some(Expr { kind, ty, span })
    }
}

fn option_value(field: FieldId, option: usize, span: Span) -> Expr {
    Expr { kind: ExprKind::Value(Value::Option(field, option)), ty: Type::OneOf(field), span }
}

fn is_ordered(ty: Type) -> bool {
    matches!(
        ty,
        Type::Number
            | Type::Integer
            | Type::Money
            | Type::Percent
            | Type::Date
            | Type::DateTime
            | Type::Duration
    )
}

fn is_zero(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Value(Value::Number(number) | Value::Percent(number)) if *number == Decimal::ZERO)
}

/// The type of an operation, by the table of `docs/reference/expressions.md`.
fn result_type(left: &Expr, op: ArithmeticOp, right: &Expr) -> Option<Type> {
    use ArithmeticOp::{Add, Div, Mul, Sub};
    use Type::{Date, DateTime, Integer, Money, Number, Percent};
    match (left.ty, op, right.ty) {
        (Integer, Add | Sub | Mul, Integer) => Some(Integer),
        (Integer | Number, _, Integer | Number) => Some(Number),
        (Money, Add | Sub, Money) => Some(Money),
        (Money, Mul | Div, Integer | Number) | (Integer | Number, Mul, Money) => Some(Money),
        (Money, Div, Money) => Some(Number),
        (Percent, Add | Sub, Percent) => Some(Percent),
        (Percent, Mul, Integer | Number) | (Integer | Number, Mul, Percent) => Some(Number),
        (Percent, Mul, Money) | (Money, Mul, Percent) => Some(Money),
        (Date, Add | Sub, Type::Duration) => (!has_clock(right)).then_some(Date),
        (DateTime, Add | Sub, Type::Duration) => Some(DateTime),
        (Type::Duration, Add | Sub, Type::Duration) => {
            let (a, b) = (literal_unit(left)?, literal_unit(right)?);
            (family(a) == family(b)).then_some(Type::Duration)
        }
        _ => None,
    }
}

fn literal_unit(expr: &Expr) -> Option<Unit> {
    match &expr.kind {
        ExprKind::Value(Value::Duration(Duration { unit, .. })) => Some(*unit),
        ExprKind::Arithmetic(left, _, _) => literal_unit(left),
        // The time in a stage runs by the clock.
        ExprKind::TimeInStage => Some(Unit::Minute),
        _ => None,
    }
}

/// Whether a duration has a part that needs a time of day.
fn has_clock(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= match &part.kind {
            ExprKind::Value(Value::Duration(Duration { unit, .. })) => is_clock(*unit),
            ExprKind::TimeInStage => true,
            _ => false,
        };
    });
    found
}

/// Whether a unit needs a time of day: it cannot be added to a date.
pub(super) fn is_clock(unit: Unit) -> bool {
    matches!(unit, Unit::Minute | Unit::Hour | Unit::BusinessMinute | Unit::BusinessHour)
}

/// Units that add up exactly.
fn family(unit: Unit) -> u8 {
    match unit {
        Unit::Minute | Unit::Hour | Unit::Day | Unit::Week => 0,
        Unit::Month | Unit::Quarter | Unit::Year => 1,
        Unit::BusinessMinute | Unit::BusinessHour => 2,
        Unit::BusinessDay => 3,
    }
}
