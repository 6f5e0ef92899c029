//! Gates: for each stage, a trigger on the history.

use crate::emit::sql::gates::{GateCheck, Gates};
use crate::emit::sql::writer::{Sql, texts};

pub(super) fn write(sql: &mut Sql<'_>, gates: &Gates) {
    for (side, gate) in gates.all() {
        // A trigger without a statement is a syntax error.
        if gate.checks.is_empty() {
            continue;
        }
        let stage = sql.dialect.text(&gate.stage);
        sql.gap();
        sql.comment(&gate.about(side));
        sql.line(format_args!("CREATE TRIGGER {} AFTER INSERT ON {}", gate.trigger, gates.history));
        sql.line(format_args!("WHEN NEW.{} = {stage}", side.own()));
        sql.line(format_args!("BEGIN"));
        sql.indented(|sql| {
            for GateCheck { others, condition, message } in &gate.checks {
                let others = texts(sql.dialect, others.iter().map(String::as_str));
                let message = sql.dialect.text(message);
                sql.line(format_args!("SELECT RAISE(ABORT, {message})"));
                sql.line(format_args!(
                    "WHERE NEW.{} IN ({others}) AND NOT ({condition});",
                    side.other()
                ));
            }
        });
        sql.line(format_args!("END;"));
    }
}
