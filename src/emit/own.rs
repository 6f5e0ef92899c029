//! Targets of a project's own: a folder of templates, each of which becomes files.
//!
//! A template is rendered to a file called as it is, without `.hbs`. Where its path has `[stage]`, it
//! is rendered once for each stage, and so for the other kinds; where it has `[language]`, once for
//! each language. How a value is escaped follows from the ending of the file. The files of the folder
//! that are no templates are copied.

mod escape;
mod helpers;
mod layout;

use std::collections::BTreeMap;

use handlebars::Context as Data;
use serde::Serialize;
use serde_json::Value;

use super::template::user::{OwnContents, OwnTarget, Sources, UserTemplate};
use super::template::{Escape, TemplateFault, Templates};
use super::view::{Facts, View, build, languages, silo_report};
use super::{Artifact, Context, Output, SettingValue, TARGETS};
use crate::diag::{Diagnostic, closest, codes};
use crate::report::silos::silos;
use crate::source::Span;
use escape::{FORMATS, Format};
use layout::{Layout, Place};

/// The settings of a target of one's own: name and what it means.
pub const SETTINGS: &[(&str, &str)] = &[
    ("templates", "the folder of its templates, relative to the manifest"),
    ("escape", "how values are escaped, by the ending of the file"),
    ("languages", "the languages to write, instead of all of the process"),
];

/// Why a target of one's own cannot be called so.
pub fn name_fault(name: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    if TARGETS.iter().any(|target| target.name == name) {
        return Some(format!("`{name}` is the name of a target that Ekiden has itself"));
    }
    let sound = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain);
    (!sound).then(|| format!("`{name}` is not a name for a target"))
}

/// What everything about a target is rendered from.
struct Job<'j> {
    target: &'j OwnTarget,
    layouts: Vec<(Layout, Format)>,
    templates: BTreeMap<Format, Templates>,
}

/// The findings that compiling gives, as far as they can be told without rendering.
pub fn validate(context: &Context<'_>, target: &OwnTarget) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    choose(context, target, &mut findings);
    prepare(context, target, &mut findings);
    findings
}

/// Compiles a target of the project's own.
pub fn emit(context: &Context<'_>, target: &OwnTarget) -> Output {
    let mut output = Output::default();
    let languages = choose(context, target, &mut output.diagnostics);
    let Some(job) = prepare(context, target, &mut output.diagnostics) else { return output };
    for file in &target.files {
        if let OwnContents::Copy(bytes) = &file.contents {
            output.artifacts.push(Artifact {
                path: file.path.clone(),
                contents: bytes.to_vec(),
                origin: None,
            });
        }
    }
    let process = context.process;
    let facts = Facts::of(process);
    let silos = silos(process);
    for (index, language) in languages.iter().enumerate() {
        let view = build(process, &facts, language);
        let report = silo_report(process, &facts, &silos, language);
        let shown = Shown { view: &view, silos: &report, languages: &languages };
        let mut data = match Data::wraps(&shown) {
            Ok(data) => data,
            Err(error) => {
                let finding =
                    Diagnostic::new(codes::BROKEN_TEMPLATE, target.span, error.to_string());
                output.diagnostics.push(finding);
                continue;
            }
        };
        for (layout, format) in &job.layouts {
            // What has no language in its path is written once, in the first one.
            if index > 0 && !layout.by_language() {
                continue;
            }
            match job.render(layout, *format, language, &mut data) {
                Ok(artifacts) => output.artifacts.extend(artifacts),
                Err(fault) => output.diagnostics.push(fault.diagnostic(job.target.span)),
            }
        }
    }
    output
}

/// What templates are given, besides `it` and `file`.
#[derive(Serialize)]
struct Shown<'s, 'a> {
    #[serde(flatten)]
    view: &'s View<'a>,
    silos: &'s super::view::SiloReport<'a>,
    languages: &'s [String],
}

/// The languages to write, and what is wrong with the settings.
fn choose(
    context: &Context<'_>,
    target: &OwnTarget,
    findings: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let known: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    context.settings.reject_unknown(&target.name, &known, findings);
    languages(context, findings)
}

/// How files with these endings are escaped, as the manifest says.
fn chosen_formats(
    context: &Context<'_>,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Format> {
    let mut formats = BTreeMap::new();
    let mut read = |ending: &str, word: &str, span: Span, findings: &mut Vec<Diagnostic>| {
        let Some(format) = Format::of_word(word) else {
            let words: Vec<&str> = FORMATS.iter().map(|(word, ..)| *word).collect();
            let finding = Diagnostic::new(
                codes::INVALID_MANIFEST,
                span,
                format!("there is no escaping `{word}`"),
            );
            findings.push(finding.help(match closest(word, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", words.join(", ")),
            }));
            return;
        };
        formats.insert(ending.trim_start_matches('.').to_ascii_lowercase(), format);
    };
    let Some(setting) = context.settings.values.get("escape") else { return formats };
    match &setting.value.value {
        SettingValue::Text(word) => read("", word, setting.value.span, findings),
        _ => {
            for (ending, inner) in
                context.settings.map("escape", findings).iter().flat_map(|map| &map.values)
            {
                match &inner.value.value {
                    SettingValue::Text(word) => read(ending, word, inner.value.span, findings),
                    _ => {
                        let message =
                            format!("the escaping of `{ending}` must be a word, such as `plain`");
                        findings.push(Diagnostic::new(
                            codes::INVALID_MANIFEST,
                            inner.value.span,
                            message,
                        ));
                    }
                }
            }
        }
    }
    formats
}

/// Reads the templates of a target. Nothing when some cannot be used.
fn prepare<'j>(
    context: &Context<'_>,
    target: &'j OwnTarget,
    findings: &mut Vec<Diagnostic>,
) -> Option<Job<'j>> {
    let before = findings.len();
    let chosen = chosen_formats(context, findings);
    let templates = || {
        target.files.iter().filter_map(|file| match &file.contents {
            OwnContents::Template(template) => Some((file, template)),
            OwnContents::Copy(_) => None,
        })
    };
    let (mut layouts, mut partials): (Vec<_>, Vec<&UserTemplate>) = (Vec::new(), Vec::new());
    for (file, template) in templates() {
        let at = Span::start_of(template.file);
        if template.partial {
            if partials.iter().any(|other| other.name == template.name) {
                let message = format!("there are two templates `{}` to include", template.name);
                let finding = Diagnostic::new(codes::BROKEN_TEMPLATE, at, message);
                findings.push(finding.help("give one of them another name"));
            }
            partials.push(template);
            continue;
        }
        let layout = match Layout::of(&file.path) {
            Ok(layout) => layout,
            Err((message, help)) => {
                findings.push(Diagnostic::new(codes::BROKEN_TEMPLATE, at, message).help(help));
                continue;
            }
        };
        let ending = layout.ending();
        let format = chosen.get(ending).or_else(|| chosen.get("")).copied();
        match format.or_else(|| Format::of_ending(ending)) {
            Some(format) => layouts.push((layout, template, format)),
            None => {
                let message = format!("how to escape values in a `.{ending}` file is not known");
                let help = format!("say it in the manifest: `escape: {{{ending}: plain}}`");
                findings.push(Diagnostic::new(codes::BROKEN_TEMPLATE, at, message).help(help));
            }
        }
    }
    let names: Vec<&str> = partials.iter().map(|template| template.name.as_str()).collect();
    let helpers = helpers::NAMES;
    let rules = super::template::Rules { templates: &names, helpers, raw: &[] };
    for (_, template) in templates() {
        findings.extend(super::template::faults(template, &rules));
    }
    for template in &partials {
        if !templates().any(|(_, other)| super::template::includes(&other.text, &template.name)) {
            findings.push(super::template::user::unused(template));
        }
    }
    if findings.iter().skip(before).any(|found| found.level == crate::diag::Level::Error) {
        return None;
    }
    let places: Vec<Place> = layouts.iter().map(|(layout, ..)| layout.place()).collect();
    let mut sets = BTreeMap::new();
    for format in layouts.iter().map(|(_, _, format)| *format) {
        if sets.contains_key(&format) {
            continue;
        }
        let mut sources = Sources::built_in(&[]);
        partials.iter().for_each(|template| sources.put(template));
        // Pages are called by their file, which no part is: it would be `a.md` beside `a`.
        for (layout, template, own) in &layouts {
            if *own == format {
                sources.put_as(layout.file(), template);
            }
        }
        match Templates::new(Escape::With(format.escape()), &sources) {
            Ok(mut set) => {
                helpers::add(&mut set, format, &places);
                sets.insert(format, set);
            }
            Err(fault) => {
                findings.push(fault.diagnostic(target.span));
                return None;
            }
        }
    }
    let layouts = layouts.into_iter().map(|(layout, _, format)| (layout, format)).collect();
    Some(Job { target, layouts, templates: sets })
}

impl Job<'_> {
    /// The files of one template in one language.
    fn render(
        &self,
        layout: &Layout,
        format: Format,
        language: &str,
        data: &mut Data,
    ) -> Result<Vec<Artifact>, TemplateFault> {
        let Some(templates) = self.templates.get(&format) else { return Ok(Vec::new()) };
        let items: Vec<(String, Value)> = match layout.kind() {
            None => vec![(String::new(), Value::Null)],
            Some(kind) => {
                let all = data.data().get(kind.list).and_then(Value::as_array);
                let named = |item: &Value| (layout::name_of(kind, item), item.clone());
                all.into_iter().flatten().map(named).collect()
            }
        };
        let mut artifacts = Vec::with_capacity(items.len());
        for (name, item) in items {
            let path = layout.path(language, &name);
            if let Value::Object(fields) = data.data_mut() {
                match layout.kind() {
                    Some(_) => fields.insert("it".to_owned(), item),
                    None => fields.shift_remove("it"),
                };
                fields.insert("file".to_owned(), Value::from(path.as_str()));
            }
            let text = templates.render_with(layout.file(), data)?;
            if let Err(message) = layout::sound(&path, &text) {
                return Err(templates.about(layout.file(), message));
            }
            artifacts.push(Artifact::text(path, text));
        }
        Ok(artifacts)
    }
}
