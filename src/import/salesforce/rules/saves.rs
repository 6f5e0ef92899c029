//! Rules that do not look at the stage: what they ask is asked at every save.

use super::super::super::report::{Report, code};
use super::super::condition::{Cond, Read, read};
use super::super::fields::{Field, Fields};
use super::super::formula::Node;
use super::super::line::Line;
use super::Rule;

/// A rule that does not look at the stage: that a field is filled is what `required` says.
pub(super) fn take(
    line: &mut Line,
    rule: &mut Rule,
    node: &Node,
    fields: &Fields,
    report: &mut Report,
) {
    match (node, read(node, fields)) {
        (Node::Bool(_), _) => {}
        (_, Ok(Read { passes, .. })) if filled(&passes, fields).is_some() => {
            let api = filled(&passes, fields).unwrap_or_default().to_owned();
            if let Some(field) = line.fields.0.iter_mut().find(|field| field.api == api) {
                if field.never_blank {
                    rule.because(format!("{} always has a value", code(&api)));
                    return;
                }
                field.required = true;
                field.by_rule = true;
                rule.used = true;
                let text = format!("the rule {} makes {} required", code(&rule.name), code(&api));
                report.understood(rule.place.to_string(), text);
            }
        }
        (_, Ok(_)) => rule.because("it is about every save, not about a stage"),
        (_, Err(why)) => rule.because(why),
    }
}

/// The field that is filled in when a condition holds, if it asks for nothing else: of a list of options
/// Salesforce cannot be asked whether it is blank, so that any of them may be asked for.
fn filled<'c>(cond: &'c Cond, fields: &Fields) -> Option<&'c str> {
    match cond {
        Cond::Present(api, true) => Some(api),
        Cond::Has(api, some) => {
            let all = |field: &&Field| {
                let mut options = field.options.iter();
                !some.is_empty() && options.all(|option| some.contains(&option.value))
            };
            fields.get(api).filter(all).map(|_| api.as_str())
        }
        _ => None,
    }
}
