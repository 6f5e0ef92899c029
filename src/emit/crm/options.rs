//! What things are called in a CRM that tells them apart by what people see.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::model::{EnumOption, Field, Text};
use crate::source::Span;

use super::{NAME_NOT_PORTABLE, one_line};

/// The labels that were given so far, whatever their case: to what, and where its title stands.
#[derive(Default)]
pub(in crate::emit) struct Labels<'l> {
    given: FxHashMap<String, (&'l str, Span)>,
}

impl<'l> Labels<'l> {
    /// A label for what is called so; where another has it already, the name is added, which is told:
    /// `message` gets the name of the other one.
    pub(in crate::emit) fn add(
        &mut self,
        (label, title, name): (String, &Text, &'l str),
        findings: &mut Vec<Diagnostic>,
        message: impl FnOnce(&str) -> String,
    ) -> String {
        let mut found = label;
        if let Some((other, span)) = self.given.get(&found.to_lowercase()).copied() {
            findings.push(
                Diagnostic::new(NAME_NOT_PORTABLE, title.span, message(other))
                    .level(Level::Warning)
                    .label(span, "the other one")
                    .help("give one of them another title; until then its name is added"),
            );
            found = format!("{found} ({name})");
            // Somebody may have written the name there by hand.
            let (base, mut count) = (found.clone(), 1);
            while self.given.contains_key(&found.to_lowercase()) {
                count += 1;
                found = format!("{base} {count}");
            }
        }
        self.given.insert(found.to_lowercase(), (name, title.span));
        found
    }
}

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
    let mut labels = Labels::default();
    let one = |option: &'o EnumOption| {
        let label = title_or_name(&option.title, &option.name);
        let label = labels.add((label, &option.title, &option.name), findings, |other| {
            format!(
                "options `{other}` and `{}` of field `{}` have one title, {crm} needs two",
                option.name, field.name
            )
        });
        (label, option)
    };
    options.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::Labels;
    use crate::model::Text;
    use crate::source::{FileId, Span};

    #[test]
    fn labels_stay_apart_also_where_somebody_has_written_the_name() {
        let (mut labels, mut findings) = (Labels::default(), Vec::new());
        let title = Text::from_name("x", Span::start_of(FileId(0)));
        let all = [("A (c)", "a"), ("a", "b"), ("A", "c"), ("A", "d")].map(|(label, name)| {
            labels.add((label.to_owned(), &title, name), &mut findings, |other| {
                format!("{other} and {name}")
            })
        });
        assert_eq!(all, ["A (c)", "a", "A (c) 2", "A (d)"]);
        let told: Vec<&str> = findings.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(told, ["b and c", "b and d"]);
    }
}
