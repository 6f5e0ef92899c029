//! The time zone of the process, for databases that know no zones by name.

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::model::Process;

use super::dialect::Dialect;
use super::names::Ident;
use super::reference;
use super::schema::{Column, ColumnType, Key, Table};

/// A time zone, and the table of its offsets.
pub(super) struct Zone {
    name: String,
    table: Ident,
    offsets: Vec<Offset>,
}

/// From when on which seconds are added to UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Offset {
    from: Timestamp,
    seconds: i32,
}

/// The years for which offsets are written down: what sales processes live in.
const YEARS: (i16, i16) = (1990, 2070);

impl Zone {
    /// Whether its clocks are set at all.
    pub(super) fn is_set_forth_and_back(&self) -> bool {
        self.offsets.len() > 1
    }

    pub(super) fn of(dialect: &dyn Dialect, prefix: &str, process: &Process) -> Self {
        let name = process.timezone.clone();
        let zone = TimeZone::get(&name).unwrap_or(TimeZone::UTC);
        let table = reference::name(dialect, prefix, "zone_offset");
        Self { name, table, offsets: offsets(&zone) }
    }

    /// Its name in the IANA database.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The table of offsets; none where the database knows zones, or the clocks never change.
    pub(super) fn table(&self, dialect: &dyn Dialect) -> Option<Table> {
        if dialect.knows_zones() || self.offsets.len() == 1 {
            return None;
        }
        let column = |name: &str, ty| {
            let mut column = Column::new(Ident::new(dialect, name), ty);
            column.required = true;
            column
        };
        let columns =
            vec![column("from_utc", ColumnType::Instant), column("seconds", ColumnType::Integer)];
        let row = |offset: &Offset| vec![offset.from.into(), i64::from(offset.seconds).into()];
        Some(Table {
            name: self.table.clone(),
            comment: format!("How far {} is ahead of UTC, and from when on", self.name),
            columns,
            keys: vec![Key::Primary(vec![Ident::new(dialect, "from_utc")])],
            rows: self.offsets.iter().map(row).collect(),
        })
    }

    /// The seconds to add to a point in UTC, as SQL.
    pub(super) fn offset_of(&self, instant: &str) -> String {
        if let [only] = self.offsets.as_slice() {
            return only.seconds.to_string();
        }
        let table = &self.table;
        format!(
            "(SELECT z.seconds FROM {table} AS z WHERE z.from_utc <= {instant} ORDER BY z.from_utc DESC LIMIT 1)"
        )
    }
}

fn offsets(zone: &TimeZone) -> Vec<Offset> {
    let year = |year| date(year, 1, 1).to_zoned(TimeZone::UTC).map(|at| at.timestamp()).ok();
    let (Some(first), Some(last)) = (year(YEARS.0), year(YEARS.1)) else { return Vec::new() };
    let mut all = vec![Offset { from: first, seconds: zone.to_offset(first).seconds() }];
    for change in zone.following(first).take_while(|change| change.timestamp() < last) {
        let seconds = change.offset().seconds();
        if all.last().is_none_or(|before| before.seconds != seconds) {
            all.push(Offset { from: change.timestamp(), seconds });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn clocks_change_where_they_do() {
        let of = |name: &str| offsets(&TimeZone::get(name).unwrap());
        assert_eq!(of("UTC").len(), 1);
        let tokyo = of("Asia/Tokyo");
        assert_eq!(tokyo.iter().map(|o| o.seconds).collect::<Vec<_>>(), [9 * 3600]);
        // In the European Union, 01:00 UTC on the last Sundays of March and October.
        let berlin = of("Europe/Berlin");
        let spring: Timestamp = "2026-03-29T01:00:00Z".parse().unwrap();
        assert!(berlin.contains(&Offset { from: spring, seconds: 2 * 3600 }));
    }
}
