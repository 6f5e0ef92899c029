//! A view of the records that are where the process would not have let them go. Where a database
//! refuses such moves, it shows what was there before; elsewhere it is all there is.

use rustc_hash::FxHashSet;

use crate::model::{Id, RecordId, StageId};

use super::expr::{Subject, World};
use super::gates::GateCheck;
use super::gates::build::{self, Checks, Ends, Unasked};
use super::lookups::Lookups;
use super::names::Ident;
use super::reference;
use super::schema::View;
use super::work_list;

/// When a record came into the stage that its last move left.
const BEFORE: &str = "m.before_at";

/// The view, and what it cannot ask.
pub(super) fn view(world: &World<'_>, prefix: &str) -> (View, Vec<Unasked>) {
    let dialect = world.dialect;
    let name = |table: &str| reference::name(dialect, prefix, table);
    let now = work_list::now(world, prefix);
    let mut unasked = Vec::new();
    let mut parts = Vec::new();
    for table in world.tables {
        let Some(position) = &table.position else { continue };
        let lookups = Lookups::new(dialect);
        // A move is judged at its own time: a day that was ahead then has passed since. What has been
        // written since is younger than the move, though: where it is in order by now, nobody is accused.
        let at = |moment| Arrived {
            world,
            lookups: &lookups,
            record: table.record,
            now: moment,
            heard: &now,
        };
        let Checks { leave, enter, unasked: unsaid } =
            build::checks(world.process, &at("m.entered_at"));
        let by_now = build::checks(world.process, &at(&now));
        if parts.is_empty() {
            unasked = unsaid;
        }
        let mut cases = Vec::new();
        let mut case = |this: &str, other: &str, stage: &str, check: &GateCheck, now: &str| {
            let here: Vec<String> = check.others.iter().map(|name| dialect.text(name)).collect();
            let stage = dialect.text(stage);
            let text = dialect.text(&check.message);
            cases.push(format!(
                "WHEN {this} = {stage} AND {other} IN ({}) AND NOT {}{} THEN {text}",
                here.join(", "),
                check.condition,
                // How long it had been in the stage is no data, and does not change.
                match check.condition.contains(BEFORE) || check.condition == now {
                    true => String::new(),
                    false => format!(" AND NOT {now}"),
                }
            ));
        };
        let own = |id: StageId| world.process.stages[id].record == table.record;
        let names: FxHashSet<&str> =
            table.stages().iter().map(|id| world.process.stages[*id].name.as_str()).collect();
        let to = format!("r.{}", position.stage);
        // Only moves that end in a stage of this record type.
        let ends_here = |check: &GateCheck| {
            let others = check.others.iter().filter(|name| names.contains(name.as_str()));
            let others: Vec<String> = others.cloned().collect();
            let GateCheck { condition, message, .. } = check;
            (!others.is_empty()).then(|| GateCheck {
                others,
                condition: condition.clone(),
                message: message.clone(),
            })
        };
        for ((id, checks), (_, later)) in leave.iter().zip(&by_now.leave) {
            let stage = &world.process.stages[*id].name;
            for (check, now) in checks.iter().zip(later) {
                if let Some(check) = ends_here(check) {
                    case("m.from_stage", &to, stage, &check, &now.condition);
                }
            }
        }
        let entering = enter.iter().zip(&by_now.enter).filter(|((id, _), _)| own(*id));
        for ((id, checks), (_, later)) in entering {
            let stage = &world.process.stages[*id].name;
            for (check, now) in checks.iter().zip(later) {
                case(&to, "m.from_stage", stage, check, &now.condition);
            }
        }
        let record = dialect.text(table.title);
        let undeclared = dialect.text(&format!("{}: this move is not declared", table.title));
        let mut lines = vec![
            format!(
                "SELECT {record} AS record, v.record_id, v.from_stage, v.stage, v.moved_at, v.violation"
            ),
            "FROM (".to_owned(),
            format!(
                "    SELECT r.{} AS record_id, m.from_stage AS from_stage, {to} AS stage, m.entered_at AS moved_at,",
                table.id
            ),
            format!(
                "        CASE WHEN f.name IS NOT NULL AND w.to_stage IS NULL THEN {undeclared}"
            ),
        ];
        lines.extend(cases.iter().map(|case| format!("            {case}")));
        lines.push("        END AS violation".to_owned());
        lines.push(format!("    FROM {} AS r", table.name));
        lines.push("    JOIN (SELECT h.record_id, h.from_stage, h.to_stage, h.entered_at, h.from_record_id,".to_owned());
        lines.push(format!(
            "            LAG({}) OVER (PARTITION BY h.record_id ORDER BY h.id) AS before_at,",
            dialect.or_null("h.entered_at")
        ));
        lines.push(
            "            ROW_NUMBER() OVER (PARTITION BY h.record_id ORDER BY h.id DESC) AS latest"
                .to_owned(),
        );
        lines.push(format!(
            "        FROM {} AS h WHERE h.record = {record}) AS m",
            name("stage_history")
        ));
        lines.push(format!("        ON m.record_id = r.{} AND m.latest = 1", table.id));
        lines.push(format!(
            "    LEFT JOIN {} AS w ON w.from_stage = m.from_stage AND w.to_stage = m.to_stage",
            name("move")
        ));
        // A stage that was retired since is no stage to judge a move from.
        lines.push(format!("    LEFT JOIN {} AS f ON f.name = m.from_stage", name("stage")));
        lines.extend(lookups.joins().iter().map(|join| format!("    {join}")));
        lines.push(") AS v WHERE v.violation IS NOT NULL".to_owned());
        parts.push(lines.join("\n"));
    }
    if parts.is_empty() {
        parts.push("SELECT NULL AS record, NULL AS record_id, NULL AS from_stage, NULL AS stage, NULL AS moved_at, NULL AS violation FROM (SELECT 1 AS one) AS o WHERE o.one = 0".to_owned());
    }
    let view = View {
        name: name("violation"),
        comment: "Records that are where the process would not have let them go: the first condition of their last move that the data, as it is now, does not meet, neither at that time nor now".to_owned(),
        columns: vec![
            ("record", "the record type"),
            ("record_id", "the id in its table"),
            ("from_stage", "where it came from"),
            ("stage", "where it is"),
            ("moved_at", "when it came, in UTC"),
            ("violation", "what does not hold"),
        ],
        query: parts.join("\nUNION ALL\n"),
    };
    (view, unasked)
}

/// The ends of the last move of a record, `m`, that is now in row `r` of its table.
struct Arrived<'a> {
    world: &'a World<'a>,
    lookups: &'a Lookups,
    /// What it is now.
    record: RecordId,
    now: &'a str,
    heard: &'a str,
}

impl<'a> Ends<'a> for Arrived<'a> {
    fn leaving(&self, record: RecordId) -> Option<Subject<'a>> {
        let here = self.world.tables.get(self.record.index())?;
        let mut ids = vec![(self.record, format!("r.{}", here.id))];
        ids.extend(here.links.iter().map(|(id, link)| (*id, format!("r.{link}"))));
        let row = Some((self.record, "r".to_owned()));
        let mut subject = Subject {
            world: self.world,
            lookups: self.lookups,
            row,
            ids,
            entered: BEFORE.to_owned(),
            now: self.now.to_owned(),
            heard: self.heard.to_owned(),
        };
        if let Some(at) = subject.ids.iter().position(|(of, _)| *of == record) {
            // Its own record type, or one that it continues, comes first.
            subject.ids.swap(0, at);
            if at > 0 {
                // What it continues stayed where it was.
                let position = self.world.tables.get(record.index())?.position.as_ref()?;
                let entered = &position.entered_at;
                subject.entered = subject.read(record, entered, |value| value)?;
            }
            return Some(subject);
        }
        // It came back from a record that had continued it.
        let there = self.world.tables.get(record.index())?;
        let id = "m.from_record_id";
        let mut ids = vec![(record, id.to_owned())];
        for (earlier, link) in &there.links {
            let link_of = |link: &Ident| {
                let on = |row: &str| format!("{row}.{} = {id}", there.id);
                self.lookups.row(&there.name, on, |row| format!("{row}.{link}"))
            };
            ids.push((*earlier, link_of(link)));
        }
        subject.ids = ids;
        Some(subject)
    }

    fn entering(&self, record: RecordId) -> Option<Subject<'a>> {
        let entered = "m.entered_at".to_owned();
        Subject::in_table(self.world, self.lookups, record, "r", self.now)
            .filter(|_| record == self.record)
            .map(|subject| Subject { entered, heard: self.heard.to_owned(), ..subject })
            .or_else(|| self.leaving(record))
    }
}
