//! Conditions as the cells of a decision table.

use crate::model::{CompareOp, Expr, ExprKind, FieldId, ScoreId, Type, Value};

use super::{Feel, Holds, is_number, quoted, symbol};

/// What a column asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emit) enum Column {
    /// The value of a field.
    Field(FieldId),
    /// The grade of a score.
    Grade(ScoreId),
    /// The points of a score.
    Score(ScoreId),
    /// A condition, as text: true or false.
    Condition(String),
}

impl Feel<'_> {
    /// A condition as cells that must all match, each with its column; and what the caller answers.
    pub(in crate::emit) fn cells(&self, when: &Expr) -> (Vec<(Column, String)>, Vec<String>) {
        self.latest.take();
        let mut cells: Vec<(Column, String)> = Vec::new();
        let all = match &when.kind {
            ExprKind::And(all) => all.as_slice(),
            _ => std::slice::from_ref(when),
        };
        for part in all {
            let cell =
                self.cell(part).filter(|(column, _)| !cells.iter().any(|(c, _)| c == column));
            let cell = cell.unwrap_or_else(|| self.whole(&self.holds(part)));
            if !cells.contains(&cell) {
                cells.push(cell);
            }
        }
        (cells, self.latest.take())
    }

    fn whole(&self, holds: &Holds) -> (Column, String) {
        let text = if holds.sure { holds.text.clone() } else { format!("({}) = true", holds.text) };
        (Column::Condition(text), "true".to_owned())
    }

    /// A condition that asks nothing but one value, as the cell below it.
    fn cell(&self, part: &Expr) -> Option<(Column, String)> {
        match &part.kind {
            ExprKind::Compare(a, op, b) => match (&a.kind, &b.kind) {
                (_, ExprKind::Value(value)) => self.compared(a, *op, value),
                (ExprKind::Value(value), _) => self.compared(b, super::time::turned(*op), value),
                _ => None,
            },
            ExprKind::Between(x, low, high) => {
                let (ExprKind::Value(low), ExprKind::Value(high)) = (&low.kind, &high.kind) else {
                    return None;
                };
                let column = self.column(x).filter(|_| is_measured(x.ty))?;
                let (low, high) = (self.constant(low).ok()?, self.constant(high).ok()?);
                Some((column, format!("[{low}..{high}]")))
            }
            ExprKind::In(x, options) => {
                let column = self.column(x).filter(|_| !matches!(x.ty, Type::ManyOf(_)))?;
                let each: Option<Vec<String>> = options
                    .iter()
                    .map(|option| match &option.kind {
                        ExprKind::Value(Value::Text(text)) if text.is_empty() => None,
                        ExprKind::Value(value) => self.constant(value).ok(),
                        _ => None,
                    })
                    .collect();
                let each = each.filter(|each| !each.is_empty())?;
                Some((column, each.join(", ")))
            }
            ExprKind::Presence(x, present) => {
                let column = self.column(x).filter(|_| !matches!(x.ty, Type::ManyOf(_)))?;
                let missing = match x.ty {
                    Type::Text | Type::User => "null, \"\"",
                    _ => "null",
                };
                let cell = if *present { format!("not({missing})") } else { missing.to_owned() };
                Some((column, cell))
            }
            ExprKind::IsGrade(id, at) => {
                let grade = self.process.scores[*id].grades.get(*at)?;
                Some((Column::Grade(*id), quoted(&grade.name)))
            }
            ExprKind::Field(field) => Some((Column::Field(*field), "true".to_owned())),
            ExprKind::Not(x) => match &x.kind {
                ExprKind::Field(field) => Some((Column::Field(*field), "not(true)".to_owned())),
                ExprKind::IsGrade(id, at) => {
                    let grade = self.process.scores[*id].grades.get(*at)?;
                    Some((Column::Grade(*id), format!("not({})", quoted(&grade.name))))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn column(&self, x: &Expr) -> Option<Column> {
        match x.kind {
            ExprKind::Field(field) => Some(Column::Field(field)),
            ExprKind::Score(id) => Some(Column::Score(id)),
            _ => None,
        }
    }

    fn compared(&self, x: &Expr, op: CompareOp, value: &Value) -> Option<(Column, String)> {
        let column = self.column(x).filter(|_| !matches!(x.ty, Type::ManyOf(_)))?;
        if matches!(value, Value::Text(text) if text.is_empty()) {
            return None;
        }
        let constant = self.constant(value).ok()?;
        let text = match op {
            CompareOp::Eq => constant,
            // A missing value differs from nothing.
            CompareOp::Ne if matches!(x.ty, Type::Text | Type::User) => {
                format!("not({constant}, \"\", null)")
            }
            CompareOp::Ne => format!("not({constant}, null)"),
            _ if is_measured(x.ty) => format!("{} {constant}", symbol(op)),
            _ => return None,
        };
        Some((column, text))
    }
}

/// Whether FEEL orders values as the process does.
fn is_measured(ty: Type) -> bool {
    is_number(ty) || matches!(ty, Type::Date | Type::DateTime)
}
