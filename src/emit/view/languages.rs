//! In which languages a target writes.

use crate::diag::{Diagnostic, codes};
use crate::emit::Context;
use crate::emit::sentence::primary_subtag;

/// For a target that writes one document: its languages, the first one unless the setting
/// `languages` names others, each with where the document goes.
pub(crate) fn documents(
    context: &Context<'_>,
    file: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<(String, String)> {
    let mut languages = languages(context, findings);
    if !context.settings.values.contains_key("languages") {
        languages.truncate(1);
    }
    let is_only = languages.len() == 1;
    let path = |language: &str| match is_only {
        true => file.to_owned(),
        false => format!("{language}/{file}"),
    };
    let one = |language: String| {
        let path = path(&language);
        (language, path)
    };
    languages.into_iter().map(one).collect()
}

/// The languages of a target's documents: those of its setting `languages`, else those of the
/// context. Each once, in order; never empty. A tag that cannot be a folder's name is left out with
/// an error, and so is one that the process does not speak: its pages would be in another language.
pub fn languages(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> Vec<String> {
    let process = context.process;
    let wanted = match context.settings.texts("languages", findings) {
        Some(tags) => tags.into_iter().map(|tag| (tag.value, Some(tag.span))).collect(),
        None => context.languages.iter().map(|tag| (tag.clone(), None)).collect::<Vec<_>>(),
    };
    let mut languages: Vec<String> = Vec::new();
    for (tag, span) in wanted {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if tag.is_empty()
            || !tag.starts_with(|c: char| c.is_ascii_alphabetic())
            || !tag.chars().all(plain)
        {
            let span = span.unwrap_or(process.span);
            let message = format!("`{tag}` is not the tag of a language");
            findings.push(Diagnostic::new(codes::INVALID_MANIFEST, span, message));
            continue;
        }
        if let (Some(span), false) = (span, speaks(&process.languages, &tag)) {
            let message = format!("the process has no texts in `{tag}`");
            let finding = Diagnostic::new(codes::INVALID_MANIFEST, span, message);
            let help =
                format!("add `{tag}` to the `languages` of the process, or leave it out here");
            findings.push(finding.help(help));
            continue;
        }
        // Folders whose names differ in case only are one folder on many machines.
        if !languages.iter().any(|known| known.eq_ignore_ascii_case(&tag)) {
            languages.push(tag);
        }
    }
    if languages.is_empty() {
        languages.push(process.languages.first().cloned().unwrap_or_else(|| "en".to_owned()));
    }
    languages
}

/// Whether texts are in the language of the tag, or in the one it is a dialect of.
fn speaks(languages: &[String], tag: &str) -> bool {
    let is = |known: &str| languages.iter().any(|language| language.eq_ignore_ascii_case(known));
    is(tag) || is(primary_subtag(tag))
}
