//! Time: moments, windows, lengths and clocks.
//!
//! A comparison with a point that lies so much working time away is turned into a comparison of the
//! working time between: `logic::business` moves to the earliest such point forwards and to the
//! latest backwards, and the second before or after tells on which side a moment lies.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::logic::{business, duration};
use crate::model::{
    ArithmeticOp, Clock, CompareOp, Direction, Duration, ElapsedUnit, Expr, ExprKind, FieldId,
    FieldType, Type, Unit, Value,
};

use super::value::MISSING;
use super::{Said, Subject, Unsaid, ends, operator};
use crate::emit::sql::lookups::{Lookups, Sum};

/// Durations of one family differ by a factor only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// In seconds.
    Exact,
    /// In months.
    Calendar,
    /// In seconds of work.
    Business,
}

/// A length of time.
struct Length {
    family: Family,
    amount: Amount,
}

enum Amount {
    Constant(Decimal),
    /// SQL.
    Computed(String),
}

/// A constant length, ready to be added to a point in time; `None` where the result is missing.
enum Step {
    Seconds(i64),
    Months(i64),
    Work(i64),
}

impl Subject<'_> {
    pub(super) fn local_now(&self) -> String {
        self.dialect().local(&self.now, self.world.zone)
    }

    pub(super) fn today(&self) -> String {
        self.dialect().date_of(&self.local_now())
    }

    fn local_entered(&self) -> String {
        self.dialect().local(&self.entered, self.world.zone)
    }

    /// When an event was, as the rows of its table have it.
    pub(super) fn event_at(&self) -> String {
        self.dialect().local("occurred_at", self.world.zone)
    }

    /// A sum over the record's events of these names, up to now, or in a window that ends now;
    /// `None` when the window cannot be.
    pub(super) fn events(
        &self,
        names: &[impl AsRef<str>],
        of: &str,
        within: Option<Duration>,
    ) -> Option<String> {
        let dialect = self.dialect();
        let (at, now) = (self.event_at(), dialect.local(&self.heard, self.world.zone));
        let names: Vec<String> = names.iter().map(|name| dialect.text(name.as_ref())).collect();
        let names = match names.as_slice() {
            [only] => format!("name = {only}"),
            _ => format!("name IN ({})", names.join(", ")),
        };
        let mut when = format!("{names} AND {at} <= {now}");
        if let Some(window) = within {
            let back = match self.step(duration::negate(window))? {
                Step::Seconds(seconds) => dialect.add_seconds(&now, &seconds.to_string()),
                Step::Months(months) => dialect.add_months(&now, months),
                Step::Work(seconds) => {
                    self.world.work.add_seconds(&Lookups::closed(), &now, seconds)
                }
            };
            when.push_str(&format!(" AND {at} >= {back}"));
        }
        let (record, _) = self.ids.first()?;
        let table = &self.table(*record)?.events;
        let id = self.id_of(*record)?;
        Some(self.lookups.sum(&Sum { table, key: "record_id", id: &id, when: &when, of }))
    }

    /// A date or point in time moved by a duration.
    pub(super) fn moved(&self, at: &Expr, op: ArithmeticOp, by: &Expr) -> Said {
        let back = match op {
            ArithmeticOp::Add => false,
            ArithmeticOp::Sub => true,
            ArithmeticOp::Mul | ArithmeticOp::Div => return Ok(MISSING.to_owned()),
        };
        let dialect = self.dialect();
        let from = self.value(at)?;
        let constant = match &by.kind {
            ExprKind::Value(Value::Duration(by)) => Some(*by),
            _ => None,
        };
        if at.ty == Type::Date {
            let Some(by) = constant else { return Ok(MISSING.to_owned()) };
            let by = if back { duration::negate(by) } else { by };
            return Ok(self.move_date(&from, by).unwrap_or_else(|| MISSING.to_owned()));
        }
        let length = self.length(by)?;
        let Some(Length { family, amount }) = length else { return Ok(MISSING.to_owned()) };
        let amount = match amount {
            Amount::Constant(amount) => amount,
            Amount::Computed(seconds) if family == Family::Exact => {
                let sign = if back { "-" } else { "" };
                return Ok(dialect.add_seconds(&from, &format!("{sign}({seconds})")));
            }
            Amount::Computed(_) => return Ok(MISSING.to_owned()),
        };
        let amount = if back { -amount } else { amount };
        let Some(amount) = whole(amount) else { return Ok(MISSING.to_owned()) };
        match family {
            Family::Exact => Ok(dialect.add_seconds(&from, &amount.to_string())),
            Family::Calendar => Ok(dialect.add_months(&from, amount)),
            Family::Business if self.nobody_works() => Ok(MISSING.to_owned()),
            Family::Business if amount == 0 => Ok(from),
            Family::Business if !dialect.correlates() && !dialect.joins_by_range() => {
                Err(Unsaid::WorkingTime)
            }
            Family::Business => Ok(self.world.work.add_seconds(self.lookups, &from, amount)),
        }
    }

    /// A date moved by a constant; `None` when the result is missing.
    fn move_date(&self, date: &str, by: Duration) -> Option<String> {
        let dialect = self.dialect();
        let amount = whole(by.amount)?;
        Some(match by.unit {
            Unit::Day => dialect.add_days(date, &amount.to_string()),
            Unit::Week => dialect.add_days(date, &amount.checked_mul(7)?.to_string()),
            Unit::Month => dialect.add_date_months(date, amount),
            Unit::Quarter => dialect.add_date_months(date, amount.checked_mul(3)?),
            Unit::Year => dialect.add_date_months(date, amount.checked_mul(12)?),
            Unit::BusinessDay if self.nobody_works() => return None,
            Unit::BusinessDay if amount == 0 => date.to_owned(),
            Unit::BusinessDay => self.world.work.add_days(self.lookups, date, amount),
            Unit::Minute | Unit::Hour | Unit::BusinessMinute | Unit::BusinessHour => return None,
        })
    }

    fn nobody_works(&self) -> bool {
        self.world.process.calendar.minutes_per_day() == 0
    }

    /// A duration, ready to be added to a point in time.
    fn step(&self, by: Duration) -> Option<Step> {
        let (family, amount) = self.measure(by)?;
        let amount = whole(amount)?;
        match family {
            Family::Exact => Some(Step::Seconds(amount)),
            Family::Calendar => Some(Step::Months(amount)),
            Family::Business if self.nobody_works() => None,
            Family::Business => Some(Step::Work(amount)),
        }
    }

    /// The family of a duration, and its length in the family's smallest unit.
    fn measure(&self, of: Duration) -> Option<(Family, Decimal)> {
        let day = i64::from(self.world.process.calendar.minutes_per_day());
        let (family, factor) = match of.unit {
            Unit::Minute => (Family::Exact, 60),
            Unit::Hour => (Family::Exact, 60 * 60),
            Unit::Day => (Family::Exact, 24 * 60 * 60),
            Unit::Week => (Family::Exact, 7 * 24 * 60 * 60),
            Unit::Month => (Family::Calendar, 1),
            Unit::Quarter => (Family::Calendar, 3),
            Unit::Year => (Family::Calendar, 12),
            Unit::BusinessMinute => (Family::Business, 60),
            Unit::BusinessHour => (Family::Business, 60 * 60),
            Unit::BusinessDay => (Family::Business, day * 60),
        };
        Some((family, of.amount.checked_mul(Decimal::from(factor))?))
    }

    /// A duration; `None` when it is missing.
    fn length(&self, expr: &Expr) -> Result<Option<Length>, Unsaid> {
        Ok(match &expr.kind {
            ExprKind::Value(Value::Duration(of)) => self
                .measure(*of)
                .map(|(family, amount)| Length { family, amount: Amount::Constant(amount) }),
            ExprKind::TimeInStage => {
                Some(Length { family: Family::Exact, amount: Amount::Computed(self.stay()) })
            }
            ExprKind::Arithmetic(a, op @ (ArithmeticOp::Add | ArithmeticOp::Sub), b) => {
                let (Some(a), Some(b)) = (self.length(a)?, self.length(b)?) else {
                    return Ok(None);
                };
                if a.family != b.family {
                    return Ok(None);
                }
                let family = a.family;
                let amount = match (a.amount, b.amount) {
                    (Amount::Constant(a), Amount::Constant(b)) => {
                        let sum = match op {
                            ArithmeticOp::Add => a.checked_add(b),
                            _ => a.checked_sub(b),
                        };
                        let Some(sum) = sum else { return Ok(None) };
                        Amount::Constant(sum)
                    }
                    (a, b) => {
                        let sign = if *op == ArithmeticOp::Add { "+" } else { "-" };
                        let (a, b) = (self.amount(a), self.amount(b));
                        Amount::Computed(format!("({a} {sign} {b})"))
                    }
                };
                Some(Length { family, amount })
            }
            _ => None,
        })
    }

    fn amount(&self, amount: Amount) -> String {
        match amount {
            Amount::Constant(amount) => self.decimal(amount),
            Amount::Computed(sql) => sql,
        }
    }

    /// Seconds in the stage.
    fn stay(&self) -> String {
        self.dialect().seconds_between(&self.local_entered(), &self.local_now())
    }

    pub(super) fn compare_durations(&self, a: &Expr, op: CompareOp, b: &Expr) -> Said {
        match (&a.kind, &b.kind) {
            (ExprKind::TimeInStage, ExprKind::TimeInStage) => {
                let holds = matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge);
                return Ok(if holds { "(1 = 1)".to_owned() } else { self.never() });
            }
            (ExprKind::TimeInStage, _) => return self.stay_against(op, b),
            (_, ExprKind::TimeInStage) => return self.stay_against(mirrored(op), a),
            _ => {}
        }
        let (Some(a), Some(b)) = (self.length(a)?, self.length(b)?) else {
            return Ok(self.never());
        };
        let same = a.family == b.family;
        let in_minutes = |length: Length| -> Option<String> {
            let family = length.family;
            let amount = self.amount(length.amount);
            if same {
                return Some(amount);
            }
            // By averages: see `logic::duration::average_minutes`.
            Some(match family {
                Family::Exact => format!("({} / 60)", self.dialect().number(&amount)),
                Family::Calendar => format!("({amount} * 43830)"),
                Family::Business => {
                    let week = business::minutes_per_week(&self.world.process.calendar);
                    if week == 0 {
                        return None;
                    }
                    format!("({} * 168 / {week})", self.dialect().number(&amount))
                }
            })
        };
        let (Some(a), Some(b)) = (in_minutes(a), in_minutes(b)) else { return Ok(self.never()) };
        Ok(self.dialect().truth(&format!("{a} {} {b}", operator(op))))
    }

    /// The time in the stage against a length, exact for every unit.
    fn stay_against(&self, op: CompareOp, length: &Expr) -> Said {
        let Some(Length { family, amount }) = self.length(length)? else {
            return Ok(self.never());
        };
        let dialect = self.dialect();
        let sign = operator(op);
        let said = match family {
            Family::Exact => {
                // Broken seconds can be added to no point in time.
                if let Amount::Constant(amount) = &amount
                    && whole(*amount).is_none()
                {
                    return Ok(self.never());
                }
                format!("{} {sign} {}", self.stay(), self.amount(amount))
            }
            Family::Business => {
                let (from, to) = (self.local_entered(), self.local_now());
                let stay = self.world.work.between(self.lookups, &from, &to);
                format!("{stay} {sign} {}", self.amount(amount))
            }
            Family::Calendar => {
                let months = match amount {
                    Amount::Constant(amount) => whole(amount),
                    Amount::Computed(_) => None,
                };
                let Some(months) = months else { return Ok(self.never()) };
                let end = dialect.add_months(&self.local_entered(), months);
                format!("{} {sign} {end}", self.local_now())
            }
        };
        Ok(dialect.truth(&said))
    }

    /// A date or point in time in a window that begins or ends now.
    pub(super) fn within(&self, x: &Expr, direction: Direction, window: Duration) -> Said {
        let reach = match direction {
            Direction::Next => window,
            Direction::Last => duration::negate(window),
        };
        let dialect = self.dialect();
        let x_ty = x.ty;
        let x = self.value(x)?;
        if x_ty == Type::Date {
            let today = self.today();
            let Some(far) = self.move_date(&today, reach) else { return Ok(self.never()) };
            let (from, to) = ends(direction, today, far);
            return Ok(dialect.truth(&format!("{x} BETWEEN {from} AND {to}")));
        }
        let now = self.local_now();
        let far = match self.step(reach) {
            None => return Ok(self.never()),
            Some(Step::Seconds(seconds)) => dialect.add_seconds(&now, &seconds.to_string()),
            Some(Step::Months(months)) => dialect.add_months(&now, months),
            Some(Step::Work(0)) => now.clone(),
            Some(Step::Work(seconds)) => {
                let work = |at: &str| self.world.work.until(self.lookups, at);
                let said = match direction {
                    Direction::Next => {
                        let before = dialect.add_seconds(&x, "-1");
                        format!("({x} >= {now} AND {} < {} + {seconds})", work(&before), work(&now))
                    }
                    Direction::Last => {
                        let after = dialect.add_seconds(&x, "1");
                        let seconds = -seconds;
                        format!("({x} <= {now} AND {} - {} < {seconds})", work(&now), work(&after))
                    }
                };
                return Ok(dialect.truth(&said));
            }
        };
        let (from, to) = ends(direction, now, far);
        Ok(dialect.truth(&format!("{x} BETWEEN {from} AND {to}")))
    }

    /// Whether a clock has struck.
    pub(in crate::emit::sql) fn has_struck(&self, clock: &Clock) -> Said {
        let dialect = self.dialect();
        let now = self.local_now();
        let work = |at: &str| self.world.work.until(self.lookups, at);
        let Some(field) = clock.before else {
            let entered = self.local_entered();
            let said = match self.step(clock.duration) {
                None => return Ok(self.never()),
                Some(Step::Seconds(seconds)) => format!("{} >= {seconds}", self.stay()),
                Some(Step::Months(months)) => {
                    format!("{} <= {now}", dialect.add_months(&entered, months))
                }
                Some(Step::Work(0)) => format!("{entered} <= {now}"),
                Some(Step::Work(seconds)) => {
                    format!("{} - {} >= {seconds}", work(&now), work(&entered))
                }
            };
            return Ok(dialect.truth(&said));
        };
        let at = self.field(field);
        let back = duration::negate(clock.duration);
        if matches!(self.world.process.fields[field].ty, FieldType::Date) {
            let today = self.today();
            let days = whole(back.amount).filter(|_| back.unit == Unit::BusinessDay);
            let said = match days {
                Some(days) if days != 0 && !self.nobody_works() => {
                    let before = self.world.work.days_before(self.lookups, &at);
                    let passed = self.world.work.days_until(self.lookups, &today);
                    format!("{before} - {passed} < {}", -days)
                }
                _ => match self.move_date(&at, back) {
                    None => return Ok(self.never()),
                    Some(date) => format!("{date} <= {today}"),
                },
            };
            return Ok(dialect.truth(&said));
        }
        let said = match self.step(back) {
            None => return Ok(self.never()),
            Some(Step::Seconds(seconds)) => {
                format!("{} <= {now}", dialect.add_seconds(&at, &seconds.to_string()))
            }
            Some(Step::Months(months)) => format!("{} <= {now}", dialect.add_months(&at, months)),
            Some(Step::Work(0)) => format!("{at} <= {now}"),
            Some(Step::Work(seconds)) => {
                let after = dialect.add_seconds(&now, "1");
                format!("{} - {} < {}", work(&at), work(&after), -seconds)
            }
        };
        Ok(dialect.truth(&said))
    }

    /// Units from a field to now, or from now to it.
    pub(super) fn elapsed(
        &self,
        unit: ElapsedUnit,
        business: bool,
        since: bool,
        field: FieldId,
    ) -> String {
        let dialect = self.dialect();
        let at = self.field(field);
        let work = self.world.work;
        let (amount, per_unit) = if matches!(self.world.process.fields[field].ty, FieldType::Date) {
            let today = self.today();
            let days = if business {
                let until = |day: &str| work.days_until(self.lookups, day);
                format!("({} - {})", until(&today), until(&at))
            } else {
                dialect.days_between(&at, &today)
            };
            match unit {
                ElapsedUnit::Days => (days, 1),
                ElapsedUnit::Weeks if !business => (days, 7),
                _ => return MISSING.to_owned(),
            }
        } else {
            let now = self.local_now();
            let seconds = if business {
                work.between(self.lookups, &at, &now)
            } else {
                dialect.seconds_between(&at, &now)
            };
            let calendar = &self.world.process.calendar;
            let per_unit = match unit {
                ElapsedUnit::Minutes => 60,
                ElapsedUnit::Hours => 60 * 60,
                ElapsedUnit::Days if business => i64::from(calendar.minutes_per_day()) * 60,
                ElapsedUnit::Days => 24 * 60 * 60,
                ElapsedUnit::Weeks if business => return MISSING.to_owned(),
                ElapsedUnit::Weeks => 7 * 24 * 60 * 60,
            };
            (seconds, per_unit)
        };
        if per_unit == 0 {
            return MISSING.to_owned();
        }
        let sign = if since { "" } else { "- " };
        if per_unit == 1 {
            return format!("({sign}{amount})");
        }
        format!("({sign}{} / {per_unit})", dialect.number(&amount))
    }
}

fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        CompareOp::Eq | CompareOp::Ne => op,
    }
}

fn whole(amount: Decimal) -> Option<i64> {
    if amount.is_integer() { amount.to_i64() } else { None }
}
