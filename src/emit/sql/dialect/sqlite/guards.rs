//! Triggers. SQLite can neither change a row before it is stored nor name variables, so each step
//! asks again what it needs, and the time of a move is set after it.

use crate::emit::sql::moves::{Moves, Neighbour, Place, RecordMoves, inherited, nearest};
use crate::emit::sql::names::Ident;
use crate::emit::sql::strangers::UNKNOWN;
use crate::emit::sql::writer::{Sql, list};

pub(super) fn write(sql: &mut Sql<'_>, moves: &Moves<'_>) {
    keep_history(sql, moves);
    for record in &moves.records {
        let guard = Guard { moves, record };
        guard.keep_id(sql);
        guard.keep_links(sql);
        guard.know_stage(sql);
        guard.after_insert(sql);
        guard.after_update(sql);
    }
}

/// The history is only ever added to.
fn keep_history(sql: &mut Sql<'_>, moves: &Moves<'_>) {
    let history = &moves.history;
    let message = sql.dialect.text("the history of stages is only ever added to");
    let events = ["BEFORE UPDATE", "BEFORE DELETE"].into_iter().zip(&moves.keep);
    for (event, name) in events {
        sql.gap();
        sql.line(format_args!("CREATE TRIGGER {name} {event} ON {history}"));
        sql.line(format_args!("BEGIN SELECT RAISE(ABORT, {message}); END;"));
    }
    // INSERT OR REPLACE deletes the old row without asking the trigger above.
    if let Some(name) = moves.keep.get(2) {
        sql.gap();
        sql.line(format_args!("CREATE TRIGGER {name} BEFORE INSERT ON {history}"));
        sql.line(format_args!("WHEN EXISTS (SELECT 1 FROM {history} WHERE id = NEW.id)"));
        sql.line(format_args!("BEGIN SELECT RAISE(ABORT, {message}); END;"));
    }
}

struct Guard<'a> {
    moves: &'a Moves<'a>,
    record: &'a RecordMoves<'a>,
}

impl Guard<'_> {
    fn text(&self, sql: &Sql<'_>, message: &str) -> String {
        sql.dialect.text(&format!("{}: {message}", self.record.title))
    }

    fn keep_id(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, id, names, .. } = self.record;
        let message = self.text(sql, "the id of a record never changes");
        sql.gap();
        sql.line(format_args!("CREATE TRIGGER {} BEFORE UPDATE OF {id} ON {table}", names.keep_id));
        sql.line(format_args!("WHEN NEW.{id} IS NOT OLD.{id}"));
        sql.line(format_args!("BEGIN SELECT RAISE(ABORT, {message}); END;"));
    }

    /// What a record continues never changes, once it is known.
    fn keep_links(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, names, earlier, .. } = self.record;
        if earlier.is_empty() {
            return;
        }
        let links: Vec<&Ident> = earlier.iter().map(|other| other.link).collect();
        let columns = list(&links);
        let changed: Vec<String> = links
            .iter()
            .map(|link| format!("(OLD.{link} IS NOT NULL AND NEW.{link} IS NOT OLD.{link})"))
            .collect();
        let message = self.text(sql, "what a record continues never changes");
        sql.gap();
        sql.line(format_args!(
            "CREATE TRIGGER {} BEFORE UPDATE OF {columns} ON {table}",
            names.before_update
        ));
        sql.line(format_args!("WHEN {}", changed.join(" OR ")));
        sql.line(format_args!("BEGIN SELECT RAISE(ABORT, {message}); END;"));
    }

    /// A stage of this record type: in words, before the constraint says so in none.
    fn know_stage(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, names, position, strangers, title, .. } = self.record;
        let (stage, stages) = (&position.stage, &self.moves.stage);
        let me = sql.dialect.text(title);
        let foreign = format!(
            "NEW.{stage} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {stages} AS s WHERE s.name = NEW.{stage} AND s.record = {me})"
        );
        let events = [
            (&names.known_insert, "BEFORE INSERT".to_owned(), String::new()),
            (
                &names.known_update,
                format!("BEFORE UPDATE OF {stage}"),
                format!("NEW.{stage} IS NOT OLD.{stage} AND "),
            ),
        ];
        for (name, event, changed) in events {
            sql.gap();
            sql.line(format_args!("CREATE TRIGGER {name} {event} ON {table}"));
            sql.line(format_args!("WHEN {changed}{foreign}"));
            sql.line(format_args!("BEGIN"));
            sql.indented(|sql| {
                let unknown = self.text(sql, &format!("{UNKNOWN}; {}", strangers.help));
                if strangers.known.is_empty() {
                    sql.line(format_args!("SELECT RAISE(ABORT, {unknown});"));
                    return;
                }
                sql.line(format_args!("SELECT CASE NEW.{stage}"));
                sql.indented(|sql| {
                    for stranger in &strangers.known {
                        let name = sql.dialect.text(&stranger.name);
                        let told = format!("{}; {}", stranger.fact, stranger.help);
                        let told = self.text(sql, &told);
                        sql.line(format_args!("WHEN {name} THEN RAISE(ABORT, {told})"));
                    }
                    sql.line(format_args!("ELSE RAISE(ABORT, {unknown})"));
                });
                sql.line(format_args!("END;"));
            });
            sql.line(format_args!("END;"));
        }
    }

    fn after_insert(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, id, names, position, .. } = self.record;
        let (stage, entered) = (&position.stage, &position.entered_at);
        let Moves { stage: stages, history, .. } = self.moves;
        sql.gap();
        sql.line(format_args!("CREATE TRIGGER {} AFTER INSERT ON {table}", names.after_insert));
        sql.line(format_args!("BEGIN"));
        sql.indented(|sql| {
            self.fill_links(sql);
            let sources = self.sources();
            let begins = if sources.is_empty() {
                "TRUE".to_owned()
            } else {
                format!("NOT ({})", sources.join(" OR "))
            };
            sql.comment("It continues another record, or it begins where records begin.");
            let message = self.text(sql, &self.record.told_beginnings());
            let gone: Vec<(String, String)> = self
                .record
                .gone_on()
                .into_iter()
                .map(|(condition, fact)| (condition, self.text(sql, &fact)))
                .collect();
            if gone.is_empty() {
                sql.line(format_args!("SELECT RAISE(ABORT, {message})"));
            } else {
                sql.line(format_args!("SELECT CASE"));
                for (condition, fact) in gone {
                    sql.line(format_args!("    WHEN {condition} THEN RAISE(ABORT, {fact})"));
                }
                sql.line(format_args!("    ELSE RAISE(ABORT, {message})"));
                sql.line(format_args!("END"));
            }
            sql.line(format_args!("WHERE {begins} AND NOT EXISTS ("));
            sql.indented(|sql| {
                sql.line(format_args!("SELECT 1 FROM {stages} AS s"));
                sql.line(format_args!("WHERE s.name = NEW.{stage} AND (s.is_entry OR s.is_start)"));
            });
            sql.line(format_args!(");"));
            let me = sql.dialect.text(self.record.title);
            sql.line(format_args!(
                "INSERT INTO {history} (record, record_id, to_stage, entered_at)"
            ));
            sql.line(format_args!(
                "SELECT {me}, NEW.{id}, NEW.{stage}, NEW.{entered} WHERE {begins};"
            ));
            self.each_earlier(|other, from, nearest| self.continue_from(sql, other, from, nearest));
        });
        sql.line(format_args!("END;"));
    }

    /// Whoever continues a deal continues the lead of that deal.
    fn fill_links(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, id, earlier, .. } = self.record;
        for (at, other) in earlier.iter().enumerate() {
            let farther = earlier.get(at + 1..).unwrap_or_default();
            let sets: Vec<String> = inherited(other, farther)
                .iter()
                .map(|(theirs, ours)| {
                    let Neighbour { table, id, link, .. } = other;
                    format!(
                        "{ours} = (SELECT p.{theirs} FROM {table} AS p WHERE p.{id} = NEW.{link})"
                    )
                })
                .collect();
            if sets.is_empty() {
                continue;
            }
            let nearest = nearest(other, earlier.get(..at).unwrap_or_default());
            sql.line(format_args!("UPDATE {table} SET"));
            sql.indented(|sql| sql.line(format_args!("{}", sets.join(", "))));
            sql.line(format_args!("WHERE {id} = NEW.{id} AND {nearest};"));
        }
    }

    /// Calls `write` for each record it may continue, with the condition that it is the nearest
    /// one that was given.
    fn each_earlier(&self, mut write: impl FnMut(&Neighbour<'_>, Place<'_>, &str)) {
        for (at, other) in self.record.earlier.iter().enumerate() {
            if let Some(from) = other.from {
                let nearer = self.record.earlier.get(..at).unwrap_or_default();
                write(other, from, &nearest(other, nearer));
            }
        }
    }

    /// Conditions, one of which holds when the new record continues another by a declared move.
    fn sources(&self) -> Vec<String> {
        let mut all = Vec::new();
        self.each_earlier(|other, from, nearest| {
            all.push(format!("EXISTS (SELECT 1 {} AND {nearest})", self.source(other, from)));
        });
        all
    }

    /// The record that is continued, as `p`, and the move it makes, as `m`.
    fn source(&self, other: &Neighbour<'_>, from: Place<'_>) -> String {
        let Neighbour { table, id, link, .. } = other;
        let Place { stage, left_at, .. } = from;
        format!(
            "FROM {table} AS p JOIN {} AS m ON m.from_stage = p.{stage} AND m.to_stage = NEW.{} \
             WHERE p.{id} = NEW.{link} AND p.{left_at} IS NULL",
            self.moves.way, self.record.position.stage
        )
    }

    fn continue_from(
        &self,
        sql: &mut Sql<'_>,
        other: &Neighbour<'_>,
        from: Place<'_>,
        nearest: &str,
    ) {
        let RecordMoves { id, position, .. } = self.record;
        let (stage, entered) = (&position.stage, &position.entered_at);
        let history = &self.moves.history;
        let source = self.source(other, from);
        let me = sql.dialect.text(self.record.title);
        let them = sql.dialect.text(other.title);
        sql.comment(&format!("It continues a {}, which leaves its stage.", other.title));
        if self.record.limited {
            let message = self.text(sql, OFTEN);
            sql.line(format_args!("SELECT RAISE(ABORT, {message}) {source} AND {nearest}"));
            sql.line(format_args!("AND m.at_most <= ("));
            sql.indented(|sql| {
                sql.line(format_args!("SELECT count(*) FROM {history} AS h"));
                sql.line(format_args!(
                    "WHERE h.from_record = {them} AND h.from_record_id = p.{}",
                    other.id
                ));
                sql.line(format_args!(
                    "AND h.from_stage = p.{} AND h.to_stage = NEW.{stage}",
                    from.stage
                ));
            });
            sql.line(format_args!(");"));
        }
        sql.line(format_args!("INSERT INTO {history}"));
        sql.line(format_args!("{COLUMNS}"));
        sql.line(format_args!(
            "SELECT {me}, NEW.{id}, {them}, p.{}, p.{}, NEW.{stage}, m.transition, NEW.{entered}",
            other.id, from.stage
        ));
        sql.line(format_args!("{source} AND {nearest};"));
        sql.line(format_args!("UPDATE {} SET {} = NEW.{entered}", other.table, from.left_at));
        sql.line(format_args!(
            "WHERE {} = (SELECT p.{} {source} AND {nearest});",
            other.id, other.id
        ));
    }

    fn after_update(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, id, names, position, later, .. } = self.record;
        let (stage, entered) = (&position.stage, &position.entered_at);
        let Moves { way, history, .. } = self.moves;
        let me = sql.dialect.text(self.record.title);
        let mut columns = vec![stage, entered];
        columns.extend(&position.left_at);
        let back = position.left_at.as_ref().map_or(String::new(), |left| {
            format!(" OR (OLD.{left} IS NOT NULL AND NEW.{left} IS NULL)")
        });
        sql.gap();
        sql.line(format_args!(
            "CREATE TRIGGER {} AFTER UPDATE OF {} ON {table}",
            names.after_update,
            list(&columns)
        ));
        sql.line(format_args!("WHEN NEW.{stage} IS NOT OLD.{stage}{back}"));
        // A new time tells a move from a stage to the same; but the trigger sets one itself.
        sql.line(format_args!("OR (NEW.{entered} IS NOT OLD.{entered} AND NEW.{entered} IS NOT ("));
        sql.indented(|sql| self.last_time(sql, &me));
        sql.line(format_args!("))"));
        let stayed = position
            .left_at
            .as_ref()
            .map_or(String::new(), |left| format!("OLD.{left} IS NULL AND "));
        let declared = format!(
            "{stayed}EXISTS (SELECT 1 FROM {way} AS m WHERE m.from_stage = OLD.{stage} AND m.to_stage = NEW.{stage})"
        );
        sql.line(format_args!("BEGIN"));
        sql.indented(|sql| {
            if let Some(left) = &position.left_at {
                let message = self.text(sql, &come_back(left));
                sql.line(format_args!(
                    "SELECT RAISE(ABORT, {message}) WHERE NEW.{left} IS NOT NULL;"
                ));
            }
            self.refuse_undeclared(sql, &declared);
            if self.record.limited {
                let message = self.text(sql, OFTEN);
                sql.line(format_args!("SELECT RAISE(ABORT, {message}) FROM {way} AS m"));
                sql.line(format_args!(
                    "WHERE {stayed}m.from_stage = OLD.{stage} AND m.to_stage = NEW.{stage}"
                ));
                sql.line(format_args!("AND m.at_most <= ("));
                sql.indented(|sql| {
                    sql.line(format_args!("SELECT count(*) FROM {history} AS h"));
                    sql.line(format_args!("WHERE h.record = {me} AND h.record_id = NEW.{id}"));
                    sql.line(format_args!(
                        "AND h.from_stage = m.from_stage AND h.to_stage = m.to_stage"
                    ));
                });
                sql.line(format_args!(");"));
            }
            sql.line(format_args!("INSERT INTO {history}"));
            sql.line(format_args!("{COLUMNS}"));
            sql.line(format_args!(
                "SELECT {me}, OLD.{id}, {me}, OLD.{id}, OLD.{stage}, NEW.{stage}, m.transition, {}",
                self.time(sql)
            ));
            sql.line(format_args!("FROM {way} AS m"));
            sql.line(format_args!(
                "WHERE {stayed}m.from_stage = OLD.{stage} AND m.to_stage = NEW.{stage};"
            ));
            if !later.is_empty() {
                self.come_back(sql, &declared);
            }
            sql.line(format_args!("UPDATE {table} SET {entered} = ("));
            sql.indented(|sql| self.last_time(sql, &me));
            sql.line(format_args!(") WHERE {id} = NEW.{id};"));
        });
        sql.line(format_args!("END;"));
    }

    /// When a move was made: at the time that was given, else now.
    fn time(&self, sql: &Sql<'_>) -> String {
        let entered = &self.record.position.entered_at;
        format!(
            "CASE WHEN NEW.{entered} IS OLD.{entered} THEN {} ELSE NEW.{entered} END",
            sql.dialect.now()
        )
    }

    /// When the record moved last, by its history.
    fn last_time(&self, sql: &mut Sql<'_>, me: &str) {
        let RecordMoves { id, .. } = self.record;
        sql.line(format_args!("SELECT h.entered_at FROM {} AS h", self.moves.history));
        sql.line(format_args!("WHERE h.record = {me} AND h.record_id = NEW.{id}"));
        sql.line(format_args!("ORDER BY h.id DESC LIMIT 1"));
    }

    fn refuse_undeclared(&self, sql: &mut Sql<'_>, declared: &str) {
        let RecordMoves { position, stages, later, .. } = self.record;
        let stage = &position.stage;
        sql.comment(
            "The move is declared, from its stage or from where a record is that continued it.",
        );
        sql.line(format_args!("SELECT CASE"));
        sql.indented(|sql| {
            if let Some(left) = &position.left_at {
                let message = self.text(sql, "the record that continues it has no such move back");
                sql.line(format_args!("WHEN OLD.{left} IS NOT NULL THEN RAISE(ABORT, {message})"));
            }
            for ways in stages {
                let from = sql.dialect.text(ways.stage);
                let message = self.text(
                    sql,
                    &format!(
                        "this move is not declared; from stage \"{}\" a record may go to: {}",
                        ways.stage,
                        ways.told()
                    ),
                );
                sql.line(format_args!("WHEN OLD.{stage} = {from} THEN RAISE(ABORT, {message})"));
            }
        });
        sql.line(format_args!("END"));
        sql.line(format_args!("WHERE NOT ({declared})"));
        for other in later {
            if let Some(from) = other.from {
                sql.line(format_args!("AND NOT EXISTS (SELECT 1 {})", self.back(other, from)));
            }
        }
        sql.line(format_args!(";"));
    }

    /// The record that comes back, as `p`, and the move it makes, as `m`.
    fn back(&self, other: &Neighbour<'_>, from: Place<'_>) -> String {
        let Neighbour { table, link, .. } = other;
        let Place { stage, left_at, .. } = from;
        format!(
            "FROM {table} AS p JOIN {} AS m ON m.from_stage = p.{stage} AND m.to_stage = NEW.{} \
             WHERE p.{link} = NEW.{} AND p.{left_at} IS NULL",
            self.moves.way, self.record.position.stage, self.record.id
        )
    }

    fn come_back(&self, sql: &mut Sql<'_>, declared: &str) {
        let RecordMoves { id, position, later, .. } = self.record;
        let stage = &position.stage;
        let history = &self.moves.history;
        let me = sql.dialect.text(self.record.title);
        let sources: Vec<String> = later
            .iter()
            .filter_map(|other| {
                let from = other.from?;
                Some(format!(
                    "SELECT {} AS record, p.{} AS id, p.{} AS stage, p.{} AS entered_at, m.transition, m.at_most {}",
                    sql.dialect.text(other.title),
                    other.id,
                    from.stage,
                    from.entered_at,
                    self.back(other, from)
                ))
            })
            .collect();
        let from = |sql: &mut Sql<'_>| {
            sql.line(format_args!("FROM ("));
            sql.indented(|sql| {
                for (at, source) in sources.iter().enumerate() {
                    if at > 0 {
                        sql.line(format_args!("UNION ALL"));
                    }
                    sql.line(format_args!("{source}"));
                }
                sql.line(format_args!("ORDER BY entered_at DESC, record, id DESC LIMIT 1"));
            });
            sql.line(format_args!(") AS b"));
        };
        sql.comment(
            "It comes back from a record that continued it: of several, the one that moved last.",
        );
        if self.record.limited {
            let message = self.text(sql, OFTEN);
            sql.line(format_args!("SELECT RAISE(ABORT, {message})"));
            from(sql);
            sql.line(format_args!("WHERE NOT ({declared}) AND b.at_most <= ("));
            sql.indented(|sql| {
                sql.line(format_args!("SELECT count(*) FROM {history} AS h"));
                sql.line(format_args!("WHERE h.record = {me} AND h.record_id = NEW.{id}"));
                sql.line(format_args!("AND h.from_stage = b.stage AND h.to_stage = NEW.{stage}"));
            });
            sql.line(format_args!(");"));
        }
        sql.line(format_args!("INSERT INTO {history}"));
        sql.line(format_args!("{COLUMNS}"));
        sql.line(format_args!(
            "SELECT {me}, NEW.{id}, b.record, b.id, b.stage, NEW.{stage}, b.transition, {}",
            self.time(sql)
        ));
        from(sql);
        sql.line(format_args!("WHERE NOT ({declared});"));
        for other in later {
            let Some(from) = other.from else { continue };
            let them = sql.dialect.text(other.title);
            sql.line(format_args!("UPDATE {} SET {} = (", other.table, from.left_at));
            sql.indented(|sql| self.last_time(sql, &me));
            sql.line(format_args!(") WHERE {} = (", other.id));
            sql.indented(|sql| {
                sql.line(format_args!("SELECT h.from_record_id FROM {history} AS h"));
                sql.line(format_args!("WHERE h.from_record = {them} AND h.id = ("));
                sql.indented(|sql| {
                    sql.line(format_args!("SELECT max(l.id) FROM {history} AS l"));
                    sql.line(format_args!("WHERE l.record = {me} AND l.record_id = NEW.{id}"));
                });
                sql.line(format_args!(")"));
            });
            sql.line(format_args!(");"));
        }
    }
}

const OFTEN: &str = "this move has been made as often as it may be";

const COLUMNS: &str = "    (record, record_id, from_record, from_record_id, from_stage, to_stage, transition, entered_at)";

fn come_back(left: &Ident) -> String {
    format!(
        "it has gone on as another record; to bring it back, set {} to null as well",
        left.raw()
    )
}
