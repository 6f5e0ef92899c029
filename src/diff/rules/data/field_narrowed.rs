//! `field-narrowed`: rows that were sound are not.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "field-narrowed",
    family: Family::Change,
    summary: "a field asks more of its values than it did",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/field-narrowed.md"),
    check: Check::Change(Who::Data, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    let Some(Part::Field(id)) = change.part.new else { return None };
    let field = &both.new.fields[id];
    let name = &field.name;
    let Aspect::Of(word) = change.aspect else {
        // A record type that is new has no rows.
        let has_rows = both.pairs.records.old_of(field.record).is_some();
        let asks = change.kind == Kind::Added && field.required && has_rows;
        return asks.then(|| {
            let message = format!("`{name}` is new and required, and no row has it");
            let help = "leave `required` out until the rows have it, or ask for it by a criterion";
            RULE.finding(both.place(change), message).help(help)
        });
    };
    if change.who != Who::Data {
        return None;
    }
    let message = match (word, change.kind) {
        ("required", Kind::Added) => format!("`{name}` is required now, and rows may lack it"),
        ("unique", Kind::Added) => format!("`{name}` is unique now, and rows may share a value"),
        ("at least" | "at most", _) => {
            let bound = change.new.as_ref()?.source(both.new);
            format!("`{name}` is {word} {bound} now, and rows may lie beyond")
        }
        _ => return None,
    };
    let help = "mend the rows first, and let the field ask more when they are";
    Some(RULE.finding(both.place(change), message).help(help))
}
