//! What options are called in a CRM that tells them apart by what people see.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::model::{EnumOption, Field, Text};

use super::{NAME_NOT_PORTABLE, one_line};

/// The title on one line; the name where there is none.
fn title_or_name(title: &Text, name: &str) -> String {
    match one_line(&title.value) {
        title if title.is_empty() => name.to_owned(),
        title => title,
    }
}

/// A label for each option of a field; where two have one title, the later one's name is added.
pub(in crate::emit) fn labels<'o>(
    crm: &str,
    field: &Field,
    options: &'o [EnumOption],
    findings: &mut Vec<Diagnostic>,
) -> Vec<(String, &'o EnumOption)> {
    let mut seen: FxHashMap<String, &EnumOption> = FxHashMap::default();
    let mut labels = Vec::new();
    for option in options {
        let mut label = title_or_name(&option.title, &option.name);
        if let Some(other) = seen.get(&label.to_lowercase()) {
            let message = format!(
                "options `{}` and `{}` of field `{}` have one title, {crm} needs two",
                other.name, option.name, field.name
            );
            findings.push(
                Diagnostic::new(NAME_NOT_PORTABLE, option.title.span, message)
                    .level(Level::Warning)
                    .label(other.title.span, "the other one")
                    .help("give one of them another title; until then its name is added"),
            );
            label = format!("{label} ({})", option.name);
        }
        seen.insert(label.to_lowercase(), option);
        labels.push((label, option));
    }
    labels
}
