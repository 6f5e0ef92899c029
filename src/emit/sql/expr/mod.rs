//! Conditions and values as SQL, with the two-valued logic of `logic::eval`: every condition is true
//! or false in every database, a value may be null.

mod score;
mod time;
mod value;

use crate::emit::operator;
use crate::model::{
    CompareOp, ConfirmationId, Direction, Expr, ExprKind, FieldId, FieldType, Id, Process,
    RecordId, Type, Value,
};

use super::dialect::Dialect;
use super::lookups::{Lookups, Sum};
use super::names::Ident;
use super::records::RecordTable;
use super::work::WorkTime;
use super::writer::texts;
use super::zone::Zone;

/// What conditions are said about: the tables of records, and how time is told. The same for every
/// record of a process.
pub(super) struct World<'a> {
    pub(super) process: &'a Process,
    pub(super) dialect: &'a dyn Dialect,
    pub(super) tables: &'a [RecordTable<'a>],
    pub(super) zone: &'a Zone,
    pub(super) work: &'a WorkTime<'a>,
    /// The views of the scores, by their ids.
    pub(super) scores: Vec<Ident>,
}

/// One record at one moment, as SQL that names it.
pub(super) struct Subject<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) lookups: &'a Lookups,
    /// The record whose columns are at hand, and the name of its row: `NEW`, an alias.
    pub(super) row: Option<(RecordId, String)>,
    /// The ids of the record and of those it continues, in any order.
    pub(super) ids: Vec<(RecordId, String)>,
    /// When it came into the stage it is in, in UTC.
    pub(super) entered: String,
    /// The moment, in UTC.
    pub(super) now: String,
    /// The moment up to which events count, in UTC. Must not speak of the row where subqueries cannot.
    pub(super) heard: String,
}

/// Why an expression cannot be said in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsaid {
    /// It adds working time to a point in time, which takes a join by range.
    WorkingTime,
}

impl Unsaid {
    /// The reason, as the end of a sentence.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Unsaid::WorkingTime => "it adds working time to a point in time",
        }
    }
}

type Said = Result<String, Unsaid>;

impl<'a> Subject<'a> {
    /// A record in a row of its table, as it is now.
    pub(super) fn in_table(
        world: &'a World<'a>,
        lookups: &'a Lookups,
        record: RecordId,
        alias: &str,
        now: &str,
    ) -> Option<Self> {
        let table = world.tables.get(record.index())?;
        let position = table.position.as_ref()?;
        let mut ids = vec![(record, format!("{alias}.{}", table.id))];
        ids.extend(table.links.iter().map(|(id, link)| (*id, format!("{alias}.{link}"))));
        Some(Self {
            world,
            lookups,
            row: Some((record, alias.to_owned())),
            ids,
            entered: format!("{alias}.{}", position.entered_at),
            now: now.to_owned(),
            heard: now.to_owned(),
        })
    }

    /// A condition that is never null.
    pub(super) fn condition(&self, expr: &Expr) -> Said {
        Ok(match &expr.kind {
            ExprKind::Not(x) => format!("NOT ({})", self.condition(x)?),
            ExprKind::And(all) => self.all(all, " AND ")?,
            ExprKind::Or(any) => self.all(any, " OR ")?,
            ExprKind::Compare(a, op, b) => self.compare(a, *op, b)?,
            ExprKind::In(x, list) => self.is_in(x, list)?,
            ExprKind::Between(x, low, high) => {
                let from = self.compare(low, CompareOp::Le, x)?;
                format!("({from} AND {})", self.compare(x, CompareOp::Le, high)?)
            }
            ExprKind::Presence(x, present) => self.presence(x, *present)?,
            ExprKind::IsGrade(score, grade) => self.is_grade(*score, *grade)?,
            ExprKind::Within(x, direction, window) => self.within(x, *direction, *window)?,
            ExprKind::Event { name, at_least, within } => {
                let count = self.events(&[name], "COUNT(*)", *within);
                match count {
                    Some(count) => format!("({count} >= {at_least})"),
                    None => self.never(),
                }
            }
            ExprKind::Confirmed(what) => self.confirmed(*what),
            ExprKind::Value(_)
            | ExprKind::Field(_)
            | ExprKind::Score(_)
            | ExprKind::Negate(_)
            | ExprKind::Arithmetic(..)
            | ExprKind::Elapsed { .. }
            | ExprKind::TimeInStage
            | ExprKind::Today
            | ExprKind::Now => {
                if expr.ty == Type::Boolean {
                    self.dialect().truth(&self.value(expr)?)
                } else {
                    self.never()
                }
            }
        })
    }

    pub(super) fn dialect(&self) -> &'a dyn Dialect {
        self.world.dialect
    }

    fn never(&self) -> String {
        // Not a bare `FALSE`: some databases have no literal that may stand as a condition.
        "(1 = 0)".to_owned()
    }

    fn all(&self, parts: &[Expr], between: &str) -> Said {
        let parts: Vec<String> =
            parts.iter().map(|part| self.condition(part)).collect::<Result<_, _>>()?;
        Ok(format!("({})", parts.join(between)))
    }

    fn compare(&self, a: &Expr, op: CompareOp, b: &Expr) -> Said {
        if a.ty == Type::Duration {
            return self.compare_durations(a, op, b);
        }
        let (mut left, mut right) = (self.value(a)?, self.value(b)?);
        if !self.dialect().is_exact() && (is_computed(a) || is_computed(b)) {
            left = self.dialect().round(&left, BINARY_DECIMALS);
            right = self.dialect().round(&right, BINARY_DECIMALS);
        }
        Ok(self.dialect().truth(&format!("{left} {} {right}", operator(op))))
    }

    fn is_in(&self, x: &Expr, list: &[Expr]) -> Said {
        if let (Type::ManyOf(field), ExprKind::Field(of)) = (x.ty, &x.kind) {
            let options: Vec<&str> = list
                .iter()
                .filter_map(|item| match &item.kind {
                    ExprKind::Value(Value::Option(of, index)) if *of == field => {
                        Some(self.option(*of, *index))
                    }
                    _ => None,
                })
                .collect();
            return Ok(self.chosen(*of, &options));
        }
        if list.is_empty() {
            return Ok(self.never());
        }
        if x.ty == Type::Duration || (!self.dialect().is_exact() && is_computed(x)) {
            let each: Vec<String> = list
                .iter()
                .map(|item| self.compare(x, CompareOp::Eq, item))
                .collect::<Result<_, _>>()?;
            return Ok(format!("({})", each.join(" OR ")));
        }
        let items: Vec<String> =
            list.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?;
        Ok(self.dialect().truth(&format!("{} IN ({})", self.value(x)?, items.join(", "))))
    }

    fn presence(&self, x: &Expr, present: bool) -> Said {
        if let (Type::ManyOf(_), ExprKind::Field(field)) = (x.ty, &x.kind) {
            let any = self.chosen(*field, &[]);
            return Ok(if present { any } else { format!("NOT ({any})") });
        }
        let null = if present { "IS NOT NULL" } else { "IS NULL" };
        Ok(format!("({} {null})", self.value(x)?))
    }

    /// Whether a field has a value.
    pub(super) fn is_filled(&self, field: FieldId) -> String {
        if matches!(self.world.process.fields[field].ty, FieldType::ManyOf(_)) {
            self.chosen(field, &[])
        } else {
            format!("({} IS NOT NULL)", self.field(field))
        }
    }

    /// Whether one of these options is chosen, or any at all when none is named.
    fn chosen(&self, field: FieldId, options: &[&str]) -> String {
        let record = self.world.process.fields[field].record;
        let column = self.column(field);
        let many = column.and_then(|column| column.many.as_ref().map(|many| (column, many)));
        let (Some((column, many)), Some(id)) = (many, self.id_of(record)) else {
            return self.never();
        };
        let when = if options.is_empty() {
            "1 = 1".to_owned()
        } else {
            let known = texts(self.dialect(), options.iter().copied());
            format!("{} IN ({known})", column.name)
        };
        let owner = many.owner().to_string();
        let sum = Sum { table: &many.table, key: &owner, id: &id, when: &when, of: "COUNT(*)" };
        format!("({} > 0)", self.lookups.sum(&sum))
    }

    fn confirmed(&self, id: ConfirmationId) -> String {
        let record = self.world.process.confirmations[id].record;
        let column = self.table(record).and_then(|table| {
            table.confirmations.iter().find(|(of, _)| *of == id).map(|(_, name)| name)
        });
        match column.and_then(|column| self.read(record, column, |value| value)) {
            Some(value) => self.dialect().truth(&value),
            None => self.never(),
        }
    }

    fn table(&self, record: RecordId) -> Option<&'a RecordTable<'a>> {
        self.world.tables.get(record.index())
    }

    fn id_of(&self, record: RecordId) -> Option<String> {
        self.ids.iter().find(|(of, _)| *of == record).map(|(_, id)| id.clone())
    }

    fn option(&self, field: FieldId, index: usize) -> &'a str {
        let options = self.world.process.fields[field].ty.options();
        options.get(index).map_or("", |option| option.name.as_str())
    }
}

/// To how many decimals binary fractions are compared.
const BINARY_DECIMALS: u32 = 6;

/// Whether a value comes from arithmetic, which binary fractions do not do exactly.
fn is_computed(expr: &Expr) -> bool {
    matches!(expr.ty, Type::Number | Type::Integer | Type::Money | Type::Percent)
        && !matches!(expr.kind, ExprKind::Value(_) | ExprKind::Field(_))
}

/// The direction of a window in time, as the smaller and the greater end.
fn ends<T>(direction: Direction, now: T, far: T) -> (T, T) {
    match direction {
        Direction::Next => (now, far),
        Direction::Last => (far, now),
    }
}
