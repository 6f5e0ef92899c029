//! Triggers. What changes the row runs before it is stored, what refuses or writes elsewhere after:
//! `ON DUPLICATE KEY UPDATE` runs the former even for rows it then drops.

use super::COLLATION;
use crate::emit::sql::moves::{Moves, Neighbour, RecordMoves, inherited};
use crate::emit::sql::names::Ident;
use crate::emit::sql::strangers::UNKNOWN;
use crate::emit::sql::writer::Sql;

pub(super) fn write(sql: &mut Sql<'_>, moves: &Moves<'_>) {
    keep_history(sql, moves);
    for record in &moves.records {
        let guard = Guard { moves, record };
        guard.before_insert(sql);
        guard.before_update(sql);
        guard.after_insert(sql);
        guard.after_update(sql);
    }
}

/// A trigger for each row. The client sends what stands before a `;`, unless told otherwise.
pub(super) fn trigger(
    sql: &mut Sql<'_>,
    name: &Ident,
    event: &str,
    table: &Ident,
    body: impl FnOnce(&mut Sql<'_>),
) {
    sql.line(format_args!("DELIMITER //"));
    sql.line(format_args!("CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW"));
    sql.line(format_args!("BEGIN"));
    sql.indented(body);
    sql.line(format_args!("END //"));
    sql.line(format_args!("DELIMITER ;"));
}

/// How many bytes a message may have.
pub(super) const MESSAGE: usize = 500;

/// A message as a literal; what MariaDB could not say is cut off.
pub(super) fn literal(sql: &Sql<'_>, message: &str) -> String {
    let mut kept = String::new();
    for c in message.chars() {
        if kept.len() + c.len_utf8() > MESSAGE {
            break;
        }
        kept.push(c);
    }
    sql.dialect.text(&kept)
}

/// The history is only ever added to. Replacing a row deletes it first.
fn keep_history(sql: &mut Sql<'_>, moves: &Moves<'_>) {
    for (event, name) in ["BEFORE UPDATE", "BEFORE DELETE"].into_iter().zip(&moves.keep) {
        sql.gap();
        trigger(sql, name, event, &moves.history, |sql| {
            let message = literal(sql, "the history of stages is only ever added to");
            sql.line(format_args!("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {message};"));
        });
    }
}

struct Guard<'a> {
    moves: &'a Moves<'a>,
    record: &'a RecordMoves<'a>,
}

impl Guard<'_> {
    /// Refuses with a fixed message.
    fn refuse(&self, sql: &mut Sql<'_>, message: &str) {
        let message = literal(sql, &format!("{}: {message}", self.record.title));
        sql.line(format_args!("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {message};"));
    }

    /// Refuses with a message made of expressions: only a variable can hold it.
    fn refuse_with(&self, sql: &mut Sql<'_>, parts: &[&str]) {
        let title = sql.dialect.text(&format!("{}: ", self.record.title));
        let parts = parts.join(", ");
        sql.line(format_args!("SET _told = LEFT(CONCAT({title}, {parts}), {MESSAGE});"));
        sql.line(format_args!("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = _told;"));
    }

    fn refuse_link(&self, sql: &mut Sql<'_>) {
        self.refuse(sql, "what a record continues never changes");
    }

    /// A stage of this record type: in words, before the constraint says so in none.
    fn know_stage(&self, sql: &mut Sql<'_>, is_update: bool) {
        let RecordMoves { id, position, strangers, title, .. } = self.record;
        let (stage, stages) = (&position.stage, &self.moves.stage);
        let me = sql.dialect.text(title);
        let changed = if is_update {
            format!("NOT (NEW.{stage} <=> OLD.{stage})")
        } else {
            "TRUE".to_owned()
        };
        let told = |sql: &mut Sql<'_>, fact: String, help: &str| {
            let help = sql.dialect.text(&format!("; {help}"));
            sql.line(format_args!("    SET _fact = {fact};"));
            sql.line(format_args!("    SET _help = {help};"));
        };
        let unknown = |sql: &mut Sql<'_>| {
            let fact = sql.dialect.text(&format!("{UNKNOWN}: \""));
            told(sql, format!("CONCAT({fact}, NEW.{stage}, '\"')"), &strangers.help);
        };
        sql.line(format_args!(
            "IF {changed} AND NEW.{stage} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {stages} AS s WHERE s.name = NEW.{stage} AND s.record = {me}) THEN"
        ));
        sql.line(format_args!("BEGIN"));
        sql.indented(|sql| {
            let text = format!("LONGTEXT CHARACTER SET utf8mb4 COLLATE {COLLATION}");
            for name in ["_fact", "_help", "_told"] {
                sql.line(format_args!("DECLARE {name} {text};"));
            }
            if strangers.known.is_empty() {
                unknown(sql);
            } else {
                sql.line(format_args!("CASE NEW.{stage}"));
                for stranger in &strangers.known {
                    let name = sql.dialect.text(&stranger.name);
                    sql.line(format_args!("WHEN {name} THEN"));
                    let fact = sql.dialect.text(&stranger.fact);
                    told(sql, fact, &stranger.help);
                }
                sql.line(format_args!("ELSE"));
                unknown(sql);
                sql.line(format_args!("END CASE;"));
            }
            if is_update {
                let before = sql.dialect.text(&format!(" ({title} "));
                let parts =
                    format!("_fact, {before}, OLD.{id}, ' is in \"', OLD.{stage}, '\")', _help");
                self.refuse_with(sql, &[&parts]);
            } else {
                self.refuse_with(sql, &["_fact", "_help"]);
            }
        });
        sql.line(format_args!("END;"));
        sql.line(format_args!("END IF;"));
    }

    /// Whoever continues a deal continues the lead of that deal.
    fn before_insert(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, names, earlier, .. } = self.record;
        let continues = earlier.iter().any(|other| other.from.is_some());
        let inherits = earlier.len() >= 2 || continues;
        sql.gap();
        trigger(sql, &names.before_insert, "BEFORE INSERT", table, |sql| {
            if !inherits {
                self.know_stage(sql, false);
                return;
            }
            for (at, other) in earlier.iter().enumerate() {
                sql.line(format_args!("DECLARE _given_{at} BIGINT DEFAULT NEW.{};", other.link));
            }
            sql.line(format_args!("DECLARE _locked BIGINT;"));
            self.know_stage(sql, false);
            for (at, other) in earlier.iter().enumerate() {
                let Neighbour { table, id, link, .. } = other;
                let word = if at == 0 { "IF" } else { "ELSEIF" };
                sql.line(format_args!("{word} NEW.{link} IS NOT NULL THEN"));
                sql.indented(|sql| {
                    // The lock makes two moves of one record wait for each other.
                    sql.line(format_args!(
                        "SET _locked = (SELECT p.{id} FROM {table} AS p WHERE p.{id} = NEW.{link} FOR UPDATE);"
                    ));
                    let farther = earlier.get(at + 1..).unwrap_or_default();
                    for (theirs, ours) in inherited(other, farther) {
                        sql.line(format_args!(
                            "SET NEW.{ours} = (SELECT p.{theirs} FROM {table} AS p WHERE p.{id} = NEW.{link});"
                        ));
                    }
                });
            }
            sql.line(format_args!("END IF;"));
            let changed: Vec<String> = earlier
                .iter()
                .enumerate()
                .skip(1)
                .map(|(at, other)| {
                    let link = other.link;
                    format!("(_given_{at} IS NOT NULL AND NOT (NEW.{link} <=> _given_{at}))")
                })
                .collect();
            if !changed.is_empty() {
                sql.line(format_args!("IF {} THEN", changed.join(" OR ")));
                sql.indented(|sql| self.refuse_link(sql));
                sql.line(format_args!("END IF;"));
            }
        });
    }

    /// The time of a move, unless it was given; and what never changes.
    fn before_update(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, id, names, earlier, position, .. } = self.record;
        let entered = &position.entered_at;
        sql.gap();
        trigger(sql, &names.before_update, "BEFORE UPDATE", table, |sql| {
            sql.line(format_args!("IF NOT (NEW.{id} <=> OLD.{id}) THEN"));
            sql.indented(|sql| self.refuse(sql, "the id of a record never changes"));
            sql.line(format_args!("END IF;"));
            self.know_stage(sql, true);
            let changed: Vec<String> = earlier
                .iter()
                .map(|other| {
                    let link = other.link;
                    format!("(OLD.{link} IS NOT NULL AND NOT (NEW.{link} <=> OLD.{link}))")
                })
                .collect();
            if !changed.is_empty() {
                sql.line(format_args!("IF {} THEN", changed.join(" OR ")));
                sql.indented(|sql| self.refuse_link(sql));
                sql.line(format_args!("END IF;"));
            }
            sql.line(format_args!(
                "IF ({}) AND NEW.{entered} <=> OLD.{entered} THEN",
                self.moved()
            ));
            sql.line(format_args!("    SET NEW.{entered} = UTC_TIMESTAMP();"));
            sql.line(format_args!("END IF;"));
        });
    }

    /// Whether the row moves to another stage, or comes back to the one it left.
    fn moved(&self) -> String {
        let stage = &self.record.position.stage;
        let other = format!("NOT (NEW.{stage} <=> OLD.{stage})");
        match &self.record.position.left_at {
            None => other,
            Some(left) => format!("{other} OR (OLD.{left} IS NOT NULL AND NEW.{left} IS NULL)"),
        }
    }

    /// The variables of both triggers that run after.
    fn declare(sql: &mut Sql<'_>) {
        let text = format!("VARCHAR(255) CHARACTER SET utf8mb4 COLLATE {COLLATION}");
        for name in ["_from_record", "_from_stage", "_transition"] {
            sql.line(format_args!("DECLARE {name} {text};"));
        }
        for name in ["_from_id", "_at_most", "_made"] {
            sql.line(format_args!("DECLARE {name} BIGINT;"));
        }
        sql.line(format_args!("DECLARE _ways BIGINT DEFAULT 0;"));
        sql.line(format_args!("DECLARE _told LONGTEXT CHARACTER SET utf8mb4 COLLATE {COLLATION};"));
        // Finding no row is no fault: the variables stay null.
        sql.line(format_args!("DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;"));
    }

    /// The declared ways from `_from_stage` to the new stage.
    fn find_ways(&self, sql: &mut Sql<'_>) {
        let transition = &self.moves.transition;
        sql.line(format_args!("SELECT COUNT(*), CASE WHEN COUNT(*) = 1 THEN MIN(t.name) END,"));
        sql.line(format_args!("    CASE WHEN COUNT(*) = COUNT(t.at_most) THEN SUM(t.at_most) END"));
        sql.line(format_args!("INTO _ways, _transition, _at_most FROM {transition} AS t"));
        sql.line(format_args!(
            "WHERE t.from_stage = _from_stage AND t.to_stage = NEW.{};",
            self.record.position.stage
        ));
    }

    /// Where a new record comes from: another that it continues, or from outside.
    fn after_insert(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, names, position, earlier, .. } = self.record;
        let stage = &position.stage;
        sql.gap();
        trigger(sql, &names.after_insert, "AFTER INSERT", table, |sql| {
            Self::declare(sql);
            if earlier.iter().any(|other| other.from.is_some()) {
                for (at, other) in earlier.iter().enumerate() {
                    let word = if at == 0 { "IF" } else { "ELSEIF" };
                    sql.line(format_args!("{word} NEW.{} IS NOT NULL THEN", other.link));
                    sql.indented(|sql| match other.from {
                        Some(from) => {
                            let Neighbour { title, table, id, link, .. } = other;
                            let title = sql.dialect.text(title);
                            sql.line(format_args!(
                                "SELECT {title}, p.{id}, p.{} INTO _from_record, _from_id, _from_stage FROM {table} AS p",
                                from.stage
                            ));
                            sql.line(format_args!(
                                "WHERE p.{id} = NEW.{link} AND p.{} IS NULL FOR UPDATE;",
                                from.left_at
                            ));
                        }
                        None => sql.line(format_args!("BEGIN END;")),
                    });
                }
                sql.line(format_args!("END IF;"));
                self.find_ways(sql);
            }
            sql.line(format_args!("IF _ways = 0 THEN"));
            sql.indented(|sql| {
                let stages = &self.moves.stage;
                sql.line(format_args!("IF NOT EXISTS (SELECT 1 FROM {stages} AS s"));
                sql.line(format_args!(
                    "    WHERE s.name = NEW.{stage} AND (s.is_entry OR s.is_start)) THEN"
                ));
                sql.indented(|sql| self.refuse_arrival(sql));
                sql.line(format_args!("END IF;"));
                sql.line(format_args!("SET _from_record = NULL;"));
                sql.line(format_args!("SET _from_id = NULL;"));
                sql.line(format_args!("SET _from_stage = NULL;"));
            });
            sql.line(format_args!("END IF;"));
            self.count(sql);
            self.record_move(sql, earlier);
        });
    }

    fn refuse_arrival(&self, sql: &mut Sql<'_>) {
        let new = format!("NEW.{}", self.record.position.stage);
        let hint = sql.dialect.text(&format!("; {}", self.record.told_beginnings()));
        for (condition, fact) in self.record.gone_on() {
            sql.line(format_args!("IF {condition} THEN"));
            sql.indented(|sql| self.refuse(sql, &fact));
            sql.line(format_args!("END IF;"));
        }
        sql.line(format_args!("IF _from_stage IS NULL THEN"));
        sql.indented(|sql| {
            self.refuse_with(sql, &["'no record begins in stage \"'", &new, "'\"'", &hint]);
        });
        sql.line(format_args!("END IF;"));
        let parts = [
            "'no move from stage \"'",
            "_from_stage",
            "'\" of its '",
            "_from_record",
            "' to \"'",
            &new,
            "'\" is declared'",
            &hint,
        ];
        self.refuse_with(sql, &parts);
    }

    /// Where a record comes from that moves: its own stage, or that of a record that continued it.
    /// It moves too when a new time tells so: from its stage to the same.
    fn after_update(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, id, names, position, later, .. } = self.record;
        let (stage, entered) = (&position.stage, &position.entered_at);
        let me = sql.dialect.text(self.record.title);
        let moved = self.moved();
        sql.gap();
        trigger(sql, &names.after_update, "AFTER UPDATE", table, |sql| {
            Self::declare(sql);
            sql.line(format_args!("IF {moved} OR NOT (NEW.{entered} <=> OLD.{entered}) THEN"));
            sql.indented(|sql| {
                let own = |sql: &mut Sql<'_>| {
                    sql.line(format_args!("SET _from_record = {me};"));
                    sql.line(format_args!("SET _from_id = OLD.{id};"));
                    sql.line(format_args!("SET _from_stage = OLD.{stage};"));
                    self.find_ways(sql);
                };
                match &position.left_at {
                    None => own(sql),
                    Some(left) => {
                        sql.line(format_args!("IF NEW.{left} IS NOT NULL THEN"));
                        let message = format!(
                            "it has gone on as another record; to bring it back, set {} to null as well",
                            left.raw()
                        );
                        sql.indented(|sql| self.refuse(sql, &message));
                        sql.line(format_args!("END IF;"));
                        sql.line(format_args!("IF OLD.{left} IS NULL THEN"));
                        sql.indented(own);
                        sql.line(format_args!("END IF;"));
                    }
                }
                if !later.is_empty() {
                    sql.line(format_args!("IF _ways = 0 THEN"));
                    sql.indented(|sql| self.find_back(sql));
                    sql.line(format_args!("END IF;"));
                }
                sql.line(format_args!("IF _ways = 0 THEN"));
                sql.indented(|sql| self.refuse_move(sql));
                sql.line(format_args!("END IF;"));
                self.count(sql);
                self.record_move(sql, later);
            });
            sql.line(format_args!("END IF;"));
        });
    }

    fn refuse_move(&self, sql: &mut Sql<'_>) {
        let stage = &self.record.position.stage;
        let (old, new) = (format!("OLD.{stage}"), format!("NEW.{stage}"));
        if let Some(left) = &self.record.position.left_at {
            sql.line(format_args!("IF OLD.{left} IS NOT NULL THEN"));
            sql.indented(|sql| {
                let end = "'\" is declared for the record that continues it'";
                self.refuse_with(sql, &["'no move back to \"'", &new, end]);
            });
            sql.line(format_args!("END IF;"));
        }
        let ways = format!(
            "COALESCE((SELECT GROUP_CONCAT(CONCAT('\"', t.to_stage, '\"') ORDER BY t.ordinal SEPARATOR ', ') FROM {} AS t WHERE t.from_stage = {old}), 'nowhere')",
            self.moves.transition
        );
        let parts = [
            "'no move from stage \"'",
            &old,
            "'\" to \"'",
            &new,
            "'\" is declared; from stage \"'",
            &old,
            "'\" a record may go to: '",
            &ways,
        ];
        self.refuse_with(sql, &parts);
    }

    /// The record that comes back: of several, the one that moved last.
    fn find_back(&self, sql: &mut Sql<'_>) {
        let RecordMoves { id, position, later, .. } = self.record;
        let stage = &position.stage;
        let sources: Vec<String> = later
            .iter()
            .filter_map(|other| {
                let from = other.from?;
                let Neighbour { title, table, id: their_id, link, .. } = other;
                Some(format!(
                    "SELECT {} AS record, p.{their_id} AS id, p.{} AS stage, p.{} AS entered_at FROM {table} AS p \
                     WHERE p.{link} = NEW.{id} AND p.{} IS NULL",
                    sql.dialect.text(title),
                    from.stage,
                    from.entered_at,
                    from.left_at
                ))
            })
            .collect();
        sql.line(format_args!(
            "SELECT b.record, b.id, b.stage INTO _from_record, _from_id, _from_stage FROM ("
        ));
        sql.indented(|sql| {
            for (at, source) in sources.iter().enumerate() {
                if at > 0 {
                    sql.line(format_args!("UNION ALL"));
                }
                sql.line(format_args!("{source}"));
            }
        });
        sql.line(format_args!(
            ") AS b WHERE EXISTS (SELECT 1 FROM {} AS t WHERE t.from_stage = b.stage AND t.to_stage = NEW.{stage})",
            self.moves.transition
        ));
        sql.line(format_args!("ORDER BY b.entered_at DESC, b.record, b.id DESC LIMIT 1;"));
        self.find_ways(sql);
    }

    fn count(&self, sql: &mut Sql<'_>) {
        if !self.record.limited {
            return;
        }
        let RecordMoves { id, position, .. } = self.record;
        let me = sql.dialect.text(self.record.title);
        let new = format!("NEW.{}", position.stage);
        sql.line(format_args!("IF _at_most IS NOT NULL THEN"));
        sql.indented(|sql| {
            sql.line(format_args!("SELECT COUNT(*) INTO _made FROM {} AS h", self.moves.history));
            sql.line(format_args!("WHERE h.from_stage = _from_stage AND h.to_stage = {new}"));
            sql.line(format_args!("AND ((h.record = {me} AND h.record_id = NEW.{id})"));
            // The lock reads what others have written since this transaction began.
            sql.line(format_args!(
                "    OR (h.from_record = _from_record AND h.from_record_id = _from_id)) LOCK IN SHARE MODE;"
            ));
            sql.line(format_args!("IF _made >= _at_most THEN"));
            sql.indented(|sql| {
                let parts = [
                    "'the move from stage \"'",
                    "_from_stage",
                    "'\" to \"'",
                    &new,
                    "'\" may be made no more: its limit is '",
                    "_at_most",
                ];
                self.refuse_with(sql, &parts);
            });
            sql.line(format_args!("END IF;"));
        });
        sql.line(format_args!("END IF;"));
    }

    /// Writes the move down and takes the record away from where it was. No trigger may change the
    /// table of its own statement, nor does it need to: what moves within it has not left.
    fn record_move(&self, sql: &mut Sql<'_>, others: &[Neighbour<'_>]) {
        let RecordMoves { id, position, .. } = self.record;
        let me = sql.dialect.text(self.record.title);
        sql.line(format_args!("INSERT INTO {}", self.moves.history));
        sql.line(format_args!(
            "    (record, record_id, from_record, from_record_id, from_stage, to_stage, transition, entered_at)"
        ));
        sql.line(format_args!("VALUES ({me}, NEW.{id}, _from_record, _from_id, _from_stage,"));
        sql.line(format_args!(
            "    NEW.{}, _transition, NEW.{});",
            position.stage, position.entered_at
        ));
        let mut word = "IF";
        for other in others {
            let Some(from) = other.from else { continue };
            let them = sql.dialect.text(other.title);
            sql.line(format_args!("{word} _from_record = {them} THEN"));
            sql.line(format_args!(
                "    UPDATE {} SET {} = NEW.{} WHERE {} = _from_id;",
                other.table, from.left_at, position.entered_at, other.id
            ));
            word = "ELSEIF";
        }
        if word == "ELSEIF" {
            sql.line(format_args!("END IF;"));
        }
    }
}
