//! Gates: for each stage, a trigger on the history. It may read the table whose row moves, though
//! not change it.

use super::guards::{literal, trigger};
use crate::emit::sql::gates::{GateCheck, Gates};
use crate::emit::sql::writer::{Sql, texts};

pub(super) fn write(sql: &mut Sql<'_>, gates: &Gates) {
    for (side, gate) in gates.all() {
        let stage = sql.dialect.text(&gate.stage);
        sql.gap();
        sql.comment(&gate.about(side));
        trigger(sql, &gate.trigger, "AFTER INSERT", &gates.history, |sql| {
            sql.line(format_args!("IF NEW.{} = {stage} THEN", side.own()));
            sql.indented(|sql| {
                for GateCheck { others, condition, message } in &gate.checks {
                    let others = texts(sql.dialect, others.iter().map(String::as_str));
                    let message = literal(sql, message);
                    sql.line(format_args!(
                        "IF NEW.{} IN ({others}) AND NOT ({condition}) THEN",
                        side.other()
                    ));
                    sql.line(format_args!(
                        "    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {message};"
                    ));
                    sql.line(format_args!("END IF;"));
                }
                if gate.checks.is_empty() {
                    sql.line(format_args!("BEGIN END;"));
                }
            });
            sql.line(format_args!("END IF;"));
        });
    }
}
