//! Gates: for each stage, a function and a trigger on the history.

use super::guards::function;
use crate::emit::sql::gates::{GateCheck, Gates};
use crate::emit::sql::writer::{Sql, texts};

pub(super) fn write(sql: &mut Sql<'_>, gates: &Gates) {
    for (side, gate) in gates.all() {
        let name = &gate.function;
        function(sql, name, |sql| {
            sql.comment(&gate.about(side));
            sql.line(format_args!("BEGIN"));
            sql.indented(|sql| {
                for GateCheck { others, condition, message } in &gate.checks {
                    let others = texts(sql.dialect, others.iter().map(String::as_str));
                    let message = sql.dialect.text(message);
                    sql.line(format_args!(
                        "IF NEW.{} IN ({others}) AND NOT ({condition}) THEN",
                        side.other()
                    ));
                    sql.line(format_args!(
                        "    RAISE EXCEPTION USING MESSAGE = {message}, ERRCODE = 'check_violation';"
                    ));
                    sql.line(format_args!("END IF;"));
                }
                sql.line(format_args!("RETURN NULL;"));
            });
            sql.line(format_args!("END"));
        });
        let stage = sql.dialect.text(&gate.stage);
        sql.line(format_args!("CREATE TRIGGER {} AFTER INSERT ON {}", gate.trigger, gates.history));
        sql.line(format_args!("    FOR EACH ROW WHEN (NEW.{} = {stage})", side.own()));
        sql.line(format_args!("    EXECUTE FUNCTION {name}();"));
    }
}
