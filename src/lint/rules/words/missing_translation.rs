//! `missing-translation`: texts that a language of the process lacks, where it has others.

use crate::diag::render::counted;
use crate::diag::{Diagnostic, Level};
use crate::lint::passages::{self, Passage};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::Text;

pub(crate) static RULE: Rule = Rule {
    name: "missing-translation",
    family: Family::Words,
    summary: "texts that are not translated into a language of the process, where others are",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/missing-translation.md"),
    check: Check::Process(check),
};

/// Missing texts that are pointed at in one finding.
const MOST_SHOWN: usize = 3;

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if process.draft {
        return;
    }
    let passages: Vec<(Passage<'_>, Vec<&Text>)> = passages::all(process)
        .into_iter()
        .filter(|passage| !passage.unfinished)
        .map(|passage| {
            let texts = passage.texts.iter().map(|(text, _)| *text);
            let texts = texts.filter(|text| needs_translation(text)).collect();
            (passage, texts)
        })
        .collect();
    let all: usize = passages.iter().map(|(_, texts)| texts.len()).sum();
    // A language that is only begun is told once; of one that is nearly whole, each gap.
    let mut nearly_whole = Vec::new();
    for language in process.languages.iter().skip(1) {
        let lacking = passages.iter().flat_map(|(_, texts)| texts);
        let lacking = lacking.filter(|text| text.translation(language).is_none()).count();
        // A word of the glossary in another language does not make it one of the documents.
        let in_labels = || {
            let mut labels = passages.iter().flat_map(|(passage, _)| &passage.labels);
            labels.any(|label| label.translation(language).is_some())
        };
        if lacking == 0 || (lacking == all && in_labels()) {
            continue;
        }
        if lacking * 3 <= all {
            nearly_whole.push(language.as_str());
            continue;
        }
        let message =
            format!("{lacking} of {} are not translated into `{language}`", counted(all, "text"));
        findings.push(
            RULE.finding(process.span, message)
                .reason(format!("`{language}` is a language of this process"))
                .help(format!(
                    "translate them, or take `{language}` out of `languages` until then"
                )),
        );
    }
    let main = process.languages.first().map_or("en", String::as_str);
    for (passage, texts) in &passages {
        findings.extend(of_declaration(passage, texts, &nearly_whole, main));
    }
}

/// The finding about one declaration, for all languages together.
fn of_declaration(
    passage: &Passage<'_>,
    texts: &[&Text],
    languages: &[&str],
    main: &str,
) -> Option<Diagnostic> {
    let lacks = |text: &Text| -> Vec<&str> {
        languages.iter().copied().filter(|l| text.translation(l).is_none()).collect()
    };
    let lacking: Vec<(&Text, Vec<&str>)> =
        texts.iter().map(|text| (*text, lacks(text))).filter(|(_, l)| !l.is_empty()).collect();
    let (first, rest) = lacking.split_first()?;
    let into: Vec<&str> = languages
        .iter()
        .copied()
        .filter(|l| lacking.iter().any(|(_, of)| of.contains(l)))
        .collect();
    let verb = if lacking.len() == 1 { "is" } else { "are" };
    let message = format!(
        "{} of {} `{}` {verb} not translated into {}",
        counted(lacking.len(), "text"),
        passage.kind,
        passage.name,
        quoted(&into)
    );
    let said = |of: &[&str]| format!("nothing in {}", quoted(of));
    let mut finding = RULE.finding(first.0.span, message).reason(said(&first.1));
    for (text, of) in rest.iter().take(MOST_SHOWN - 1) {
        finding = finding.label(text.span, said(of));
    }
    let tag = into.first().copied().unwrap_or_default();
    Some(finding.help(format!(
        "write the translation with the text: `\"…\" {tag} \"…\"`; in YAML: \
         `{{{main}: …, {tag}: …}}`"
    )))
}

/// "`ko` and `ja`"
fn quoted(languages: &[&str]) -> String {
    let quoted: Vec<String> = languages.iter().map(|language| format!("`{language}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// Whether a text would read otherwise in another language: somebody wrote it, and it is more than
/// a number or an abbreviation.
fn needs_translation(text: &Text) -> bool {
    !text.derived && text.value.chars().any(|c| c.is_alphabetic() && !c.is_uppercase())
}
