//! Functions and triggers. What changes the row runs before it is stored, what refuses or writes
//! elsewhere after: `ON CONFLICT` runs the former even for rows it then drops.

use crate::emit::sql::history::MOVED;
use crate::emit::sql::moves::{Moves, Neighbour, RecordMoves, inherited};
use crate::emit::sql::names::Ident;
use crate::emit::sql::strangers::UNKNOWN;
use crate::emit::sql::writer::{Sql, list};

pub(super) fn write(sql: &mut Sql<'_>, moves: &Moves<'_>) {
    keep_history(sql, moves);
    for record in &moves.records {
        let guard = Guard { moves, record };
        guard.know_stage(sql);
        guard.before_insert(sql);
        guard.before_update(sql);
        guard.after(sql);
    }
}

/// The history is only ever added to.
fn keep_history(sql: &mut Sql<'_>, moves: &Moves<'_>) {
    let history = &moves.history;
    let [update, .., truncate] = moves.keep.as_slice() else { return };
    function(sql, update, |sql| {
        sql.line(format_args!("BEGIN"));
        sql.indented(|sql| {
            let message = sql.dialect.text("the history of stages is only ever added to");
            sql.line(format_args!(
                "RAISE EXCEPTION USING MESSAGE = {message}, ERRCODE = 'restrict_violation';"
            ));
        });
        sql.line(format_args!("END"));
    });
    sql.line(format_args!("CREATE TRIGGER {update} BEFORE UPDATE OR DELETE ON {history}"));
    sql.line(format_args!("    FOR EACH ROW EXECUTE FUNCTION {update}();"));
    sql.line(format_args!("CREATE TRIGGER {truncate} BEFORE TRUNCATE ON {history}"));
    sql.line(format_args!("    FOR EACH STATEMENT EXECUTE FUNCTION {update}();"));
}

/// A trigger function. It keeps the search path of now: whoever moves a record later may have
/// another.
pub(super) fn function(sql: &mut Sql<'_>, name: &Ident, body: impl FnOnce(&mut Sql<'_>)) {
    let mut inner = Sql::new(sql.dialect);
    body(&mut inner);
    let inner = inner.finish();
    // The body must not hold what ends it.
    let mut tag = "$guard$".to_owned();
    while inner.contains(&tag) {
        tag.insert(1, 'x');
    }
    sql.gap();
    sql.line(format_args!("CREATE FUNCTION {name}() RETURNS trigger"));
    sql.line(format_args!("    LANGUAGE plpgsql SET search_path FROM CURRENT AS {tag}"));
    for line in inner.lines() {
        sql.line(format_args!("{line}"));
    }
    sql.line(format_args!("{tag};"));
}

struct Guard<'a> {
    moves: &'a Moves<'a>,
    record: &'a RecordMoves<'a>,
}

impl Guard<'_> {
    /// `RAISE` with a message, made of literals and expressions, and a hint.
    fn refuse(&self, sql: &mut Sql<'_>, message: &str, hint: Option<&str>) {
        let title = sql.dialect.text(&format!("{}: ", self.record.title));
        sql.line(format_args!("RAISE EXCEPTION USING"));
        sql.indented(|sql| {
            sql.line(format_args!("MESSAGE = {title} || {message},"));
            if let Some(hint) = hint {
                sql.line(format_args!("HINT = {hint},"));
            }
            sql.line(format_args!("ERRCODE = 'check_violation';"));
        });
    }

    /// A stage of this record type: in words, before the constraint says so in none.
    fn know_stage(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, id, names, position, strangers, title, .. } = self.record;
        let (stage, stages) = (&position.stage, &self.moves.stage);
        let me = sql.dialect.text(title);
        let name = &names.known_insert;
        function(sql, name, |sql| {
            sql.line(format_args!("DECLARE"));
            sql.line(format_args!("    _fact text;"));
            sql.line(format_args!("    _help text;"));
            sql.line(format_args!("BEGIN"));
            sql.indented(|sql| {
                sql.line(format_args!(
                    "IF NEW.{stage} IS NULL OR EXISTS (SELECT 1 FROM {stages} AS s WHERE s.name = NEW.{stage} AND s.record = {me}) THEN"
                ));
                sql.line(format_args!("    RETURN NEW;"));
                sql.line(format_args!("END IF;"));
                let unknown = |sql: &mut Sql<'_>| {
                    let help = sql.dialect.text(&strangers.help);
                    let fact = sql.dialect.text(&format!("{UNKNOWN}: \"%s\""));
                    sql.line(format_args!("_fact := format({fact}, NEW.{stage});"));
                    sql.line(format_args!("_help := {help};"));
                };
                if strangers.known.is_empty() {
                    unknown(sql);
                } else {
                    sql.line(format_args!("CASE NEW.{stage}"));
                    for stranger in &strangers.known {
                        let [name, fact, help] = [&stranger.name, &stranger.fact, &stranger.help]
                            .map(|text| sql.dialect.text(text));
                        sql.line(format_args!("WHEN {name} THEN"));
                        sql.line(format_args!("    _fact := {fact};"));
                        sql.line(format_args!("    _help := {help};"));
                    }
                    sql.line(format_args!("ELSE"));
                    sql.indented(unknown);
                    sql.line(format_args!("END CASE;"));
                }
                sql.line(format_args!("IF TG_OP = 'UPDATE' THEN"));
                let place = sql.dialect.text(&format!(" ({title} %s is in \"%s\")"));
                sql.line(format_args!(
                    "    _fact := _fact || format({place}, OLD.{id}, OLD.{stage});"
                ));
                sql.line(format_args!("END IF;"));
                let title = sql.dialect.text(&format!("{title}: "));
                sql.line(format_args!("RAISE EXCEPTION USING"));
                sql.line(format_args!("    MESSAGE = {title} || _fact,"));
                sql.line(format_args!("    HINT = _help,"));
                sql.line(format_args!("    ERRCODE = 'check_violation';"));
            });
            sql.line(format_args!("END"));
        });
        sql.line(format_args!(
            "CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {stage} ON {table}"
        ));
        sql.line(format_args!("    FOR EACH ROW EXECUTE FUNCTION {name}();"));
    }

    /// Whoever continues a deal continues the lead of that deal.
    fn before_insert(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, names, earlier, .. } = self.record;
        if earlier.len() < 2 {
            return;
        }
        function(sql, &names.before_insert, |sql| {
            sql.line(format_args!("DECLARE"));
            sql.line(format_args!("    _given {table}%ROWTYPE := NEW;"));
            sql.line(format_args!("BEGIN"));
            sql.indented(|sql| {
                for (at, other) in earlier.iter().enumerate() {
                    let farther = earlier.get(at + 1..).unwrap_or_default();
                    let inherited = inherited(other, farther);
                    if inherited.is_empty() {
                        continue;
                    }
                    let word = if at == 0 { "IF" } else { "ELSIF" };
                    sql.line(format_args!("{word} NEW.{} IS NOT NULL THEN", other.link));
                    sql.indented(|sql| {
                        let theirs: Vec<String> =
                            inherited.iter().map(|(theirs, _)| format!("p.{theirs}")).collect();
                        let ours: Vec<String> =
                            inherited.iter().map(|(_, ours)| format!("NEW.{ours}")).collect();
                        sql.line(format_args!(
                            "SELECT {} INTO {} FROM {} AS p WHERE p.{} = NEW.{};",
                            theirs.join(", "),
                            ours.join(", "),
                            other.table,
                            other.id,
                            other.link
                        ));
                    });
                }
                sql.line(format_args!("END IF;"));
                let changed: Vec<String> = earlier
                    .iter()
                    .skip(1)
                    .map(|other| {
                        let link = other.link;
                        format!("(_given.{link} IS NOT NULL AND NEW.{link} IS DISTINCT FROM _given.{link})")
                    })
                    .collect();
                sql.line(format_args!("IF {} THEN", changed.join(" OR ")));
                sql.indented(|sql| self.refuse_link(sql));
                sql.line(format_args!("END IF;"));
                sql.line(format_args!("RETURN NEW;"));
            });
            sql.line(format_args!("END"));
        });
        let name = &names.before_insert;
        sql.line(format_args!("CREATE TRIGGER {name} BEFORE INSERT ON {table}"));
        sql.line(format_args!("    FOR EACH ROW EXECUTE FUNCTION {name}();"));
    }

    fn refuse_link(&self, sql: &mut Sql<'_>) {
        self.refuse(sql, "'what a record continues never changes'", None);
    }

    /// The time of a move, unless it was given.
    fn before_update(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, names, earlier, position, .. } = self.record;
        let entered = &position.entered_at;
        let moved = self.moved();
        function(sql, &names.before_update, |sql| {
            sql.line(format_args!("BEGIN"));
            sql.indented(|sql| {
                sql.line(format_args!("IF {moved} THEN"));
                sql.indented(|sql| {
                    sql.line(format_args!("IF NEW.{entered} IS NOT DISTINCT FROM OLD.{entered} THEN"));
                    sql.line(format_args!("    NEW.{entered} := now();"));
                    sql.line(format_args!("END IF;"));
                });
                sql.line(format_args!("END IF;"));
                if !earlier.is_empty() {
                    let changed: Vec<String> = earlier
                        .iter()
                        .map(|other| {
                            let link = other.link;
                            format!("(OLD.{link} IS NOT NULL AND NEW.{link} IS DISTINCT FROM OLD.{link})")
                        })
                        .collect();
                    sql.line(format_args!("IF {} THEN", changed.join(" OR ")));
                    sql.indented(|sql| self.refuse_link(sql));
                    sql.line(format_args!("END IF;"));
                }
                sql.line(format_args!("RETURN NEW;"));
            });
            sql.line(format_args!("END"));
        });
        let name = &names.before_update;
        sql.line(format_args!("CREATE TRIGGER {name} BEFORE UPDATE ON {table}"));
        sql.line(format_args!("    FOR EACH ROW EXECUTE FUNCTION {name}();"));
    }

    /// Whether the row moves: to another stage, back to the one it left, or, which a new time
    /// tells, from its stage to the same.
    fn moves_at_all(&self) -> String {
        let entered = &self.record.position.entered_at;
        format!("{} OR NEW.{entered} IS DISTINCT FROM OLD.{entered}", self.moved())
    }

    /// Whether the row moves to another stage, or comes back to the one it left.
    fn moved(&self) -> String {
        let stage = &self.record.position.stage;
        match &self.record.position.left_at {
            None => format!("NEW.{stage} IS DISTINCT FROM OLD.{stage}"),
            Some(left) => format!(
                "NEW.{stage} IS DISTINCT FROM OLD.{stage} OR (OLD.{left} IS NOT NULL AND NEW.{left} IS NULL)"
            ),
        }
    }

    fn after(&self, sql: &mut Sql<'_>) {
        let RecordMoves { table, names, .. } = self.record;
        let Moves { way, .. } = self.moves;
        let name = &names.moved;
        function(sql, name, |sql| {
            sql.line(format_args!("DECLARE"));
            sql.indented(|sql| {
                sql.line(format_args!("_from_record text;"));
                sql.line(format_args!("_from_id bigint;"));
                sql.line(format_args!("_from_stage text;"));
                sql.line(format_args!("_way {way}%ROWTYPE;"));
                if self.record.limited {
                    sql.line(format_args!("_made bigint;"));
                }
            });
            sql.line(format_args!("BEGIN"));
            sql.indented(|sql| {
                sql.line(format_args!("IF TG_OP = 'INSERT' THEN"));
                sql.indented(|sql| self.arrive(sql));
                sql.line(format_args!("ELSE"));
                sql.indented(|sql| self.go_on(sql));
                sql.line(format_args!("END IF;"));
                if self.record.limited {
                    self.count(sql);
                }
                self.record_move(sql);
                sql.line(format_args!("RETURN NULL;"));
            });
            sql.line(format_args!("END"));
        });
        sql.line(format_args!("CREATE TRIGGER {} AFTER INSERT ON {table}", names.after_insert));
        sql.line(format_args!("    FOR EACH ROW EXECUTE FUNCTION {name}();"));
        sql.line(format_args!("CREATE TRIGGER {} AFTER UPDATE ON {table}", names.after_update));
        sql.line(format_args!("    FOR EACH ROW WHEN ({})", self.moves_at_all()));
        sql.line(format_args!("    EXECUTE FUNCTION {name}();"));
    }

    /// Where a new record comes from: another that it continues, or from outside.
    fn arrive(&self, sql: &mut Sql<'_>) {
        let RecordMoves { position, earlier, .. } = self.record;
        let stage = &position.stage;
        let Moves { way, stage: stages, .. } = self.moves;
        if earlier.iter().any(|other| other.from.is_some()) {
            for (at, other) in earlier.iter().enumerate() {
                let word = if at == 0 { "IF" } else { "ELSIF" };
                sql.line(format_args!("{word} NEW.{} IS NOT NULL THEN", other.link));
                sql.indented(|sql| match other.from {
                    // The lock makes two moves of one record wait for each other.
                    Some(from) => sql.line(format_args!(
                        "SELECT {}, p.{}, p.{} INTO _from_record, _from_id, _from_stage FROM {} AS p \
                         WHERE p.{} = NEW.{} AND p.{} IS NULL FOR UPDATE;",
                        sql.dialect.text(other.title),
                        other.id,
                        from.stage,
                        other.table,
                        other.id,
                        other.link,
                        from.left_at
                    )),
                    None => sql.line(format_args!("NULL;")),
                });
            }
            sql.line(format_args!("END IF;"));
            sql.line(format_args!(
                "SELECT m.* INTO _way FROM {way} AS m WHERE m.from_stage = _from_stage AND m.to_stage = NEW.{stage};"
            ));
        }
        sql.line(format_args!("IF _way.to_stage IS NULL THEN"));
        sql.indented(|sql| {
            sql.line(format_args!(
                "IF NOT EXISTS (SELECT 1 FROM {stages} AS s WHERE s.name = NEW.{stage} AND (s.is_entry OR s.is_start)) THEN"
            ));
            sql.indented(|sql| {
                for (condition, fact) in self.record.gone_on() {
                    sql.line(format_args!("IF {condition} THEN"));
                    let fact = sql.dialect.text(&fact);
                    sql.indented(|sql| self.refuse(sql, &fact, None));
                    sql.line(format_args!("END IF;"));
                }
                let nobody = format!("format('no record begins in stage \"%s\"', NEW.{stage})");
                let somebody = format!(
                    "format('no move from stage \"%s\" of its %s to \"%s\" is declared', \
                     _from_stage, _from_record, NEW.{stage})"
                );
                let message =
                    format!("CASE WHEN _from_stage IS NULL THEN {nobody} ELSE {somebody} END");
                let hint = sql.dialect.text(&self.record.told_beginnings());
                self.refuse(sql, &message, Some(&hint));
            });
            sql.line(format_args!("END IF;"));
            sql.line(format_args!("_from_record := NULL;"));
            sql.line(format_args!("_from_id := NULL;"));
            sql.line(format_args!("_from_stage := NULL;"));
        });
        sql.line(format_args!("END IF;"));
    }

    /// Where a record comes from that moves: its own stage, or that of a record that continued it.
    fn go_on(&self, sql: &mut Sql<'_>) {
        let RecordMoves { id, position, later, .. } = self.record;
        let stage = &position.stage;
        let Moves { way, transition, .. } = self.moves;
        let me = sql.dialect.text(self.record.title);
        let own = |sql: &mut Sql<'_>| {
            sql.line(format_args!("_from_record := {me};"));
            sql.line(format_args!("_from_id := OLD.{id};"));
            sql.line(format_args!("_from_stage := OLD.{stage};"));
            sql.line(format_args!(
                "SELECT m.* INTO _way FROM {way} AS m WHERE m.from_stage = _from_stage AND m.to_stage = NEW.{stage};"
            ));
        };
        match &position.left_at {
            None => own(sql),
            Some(left) => {
                sql.line(format_args!("IF NEW.{left} IS NOT NULL THEN"));
                sql.indented(|sql| {
                    let message = sql.dialect.text(&format!(
                        "it has gone on as another record; to bring it back, set {} to null as well",
                        left.raw()
                    ));
                    self.refuse(sql, &message, None);
                });
                sql.line(format_args!("END IF;"));
                sql.line(format_args!("IF OLD.{left} IS NULL THEN"));
                sql.indented(own);
                sql.line(format_args!("END IF;"));
            }
        }
        if !later.is_empty() {
            sql.line(format_args!("IF _way.to_stage IS NULL THEN"));
            sql.indented(|sql| self.find_back(sql));
            sql.line(format_args!("END IF;"));
        }
        sql.line(format_args!("IF _way.to_stage IS NULL THEN"));
        sql.indented(|sql| {
            if let Some(left) = &position.left_at {
                sql.line(format_args!("IF OLD.{left} IS NOT NULL THEN"));
                sql.indented(|sql| {
                    let message = format!(
                        "format('no move back to \"%s\" is declared for the record that continues it', NEW.{stage})"
                    );
                    self.refuse(sql, &message, None);
                });
                sql.line(format_args!("END IF;"));
            }
            let message = format!(
                "format('no move from stage \"%s\" to \"%s\" is declared', OLD.{stage}, NEW.{stage})"
            );
            let hint = format!(
                "format('from stage \"%s\" a record may go to: %s', OLD.{stage}, coalesce((SELECT string_agg(format('\"%s\"', t.to_stage), ', ' ORDER BY t.ordinal) FROM {transition} AS t WHERE t.from_stage = OLD.{stage}), 'nowhere'))"
            );
            self.refuse(sql, &message, Some(&hint));
        });
        sql.line(format_args!("END IF;"));
    }

    /// The record that comes back: of several, the one that moved last.
    fn find_back(&self, sql: &mut Sql<'_>) {
        let RecordMoves { id, position, later, .. } = self.record;
        let Moves { way, .. } = self.moves;
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
            ") AS b JOIN {way} AS m ON m.from_stage = b.stage AND m.to_stage = NEW.{stage}"
        ));
        sql.line(format_args!(
            "ORDER BY b.entered_at DESC, b.record COLLATE \"C\", b.id DESC LIMIT 1;"
        ));
        sql.line(format_args!(
            "SELECT m.* INTO _way FROM {way} AS m WHERE m.from_stage = _from_stage AND m.to_stage = NEW.{stage};"
        ));
    }

    fn count(&self, sql: &mut Sql<'_>) {
        let RecordMoves { id, position, .. } = self.record;
        let Moves { history, .. } = self.moves;
        let me = sql.dialect.text(self.record.title);
        sql.line(format_args!("IF _way.at_most IS NOT NULL THEN"));
        sql.indented(|sql| {
            sql.line(format_args!("SELECT count(*) INTO _made FROM {history} AS h"));
            sql.line(format_args!(
                "WHERE h.from_stage = _from_stage AND h.to_stage = NEW.{}",
                position.stage
            ));
            sql.line(format_args!("AND ((h.record = {me} AND h.record_id = NEW.{id})"));
            sql.line(format_args!(
                "    OR (h.from_record = _from_record AND h.from_record_id = _from_id));"
            ));
            sql.line(format_args!("IF _made >= _way.at_most THEN"));
            sql.indented(|sql| {
                let message = format!(
                    "format('the move from stage \"%s\" to \"%s\" may be made no more: its limit is %s', _from_stage, NEW.{}, _way.at_most)",
                    position.stage
                );
                self.refuse(sql, &message, None);
            });
            sql.line(format_args!("END IF;"));
        });
        sql.line(format_args!("END IF;"));
    }

    /// Writes the move down and takes the record away from where it was.
    fn record_move(&self, sql: &mut Sql<'_>) {
        let RecordMoves { id, position, earlier, later, .. } = self.record;
        let Moves { history, .. } = self.moves;
        let me = sql.dialect.text(self.record.title);
        let columns = MOVED.map(|name| Ident::new(sql.dialect, name));
        let columns = list(&columns.each_ref());
        sql.line(format_args!("INSERT INTO {history}"));
        sql.line(format_args!("    ({columns})"));
        sql.line(format_args!("VALUES ({me}, NEW.{id}, _from_record, _from_id, _from_stage,"));
        sql.line(format_args!(
            "    NEW.{}, _way.transition, NEW.{});",
            position.stage, position.entered_at
        ));
        let mut word = "IF";
        for other in earlier.iter().chain(later) {
            let Some(from) = other.from else { continue };
            let them = sql.dialect.text(other.title);
            sql.line(format_args!("{word} _from_record = {them} THEN"));
            sql.line(format_args!(
                "    UPDATE {} SET {} = NEW.{} WHERE {} = _from_id;",
                other.table, from.left_at, position.entered_at, other.id
            ));
            word = "ELSIF";
        }
        if word == "ELSIF" {
            sql.line(format_args!("END IF;"));
        }
    }
}
