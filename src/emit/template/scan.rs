//! What can be told of a template from its text alone: where its tags are, what it includes and
//! calls, and what must not be in it.

use std::ops::Range;

use super::user::{UserTemplate, version};
use super::{MAX_NESTING, TemplateFault};
use crate::diag::{Diagnostic, closest, codes};
use crate::emit::view::VIEW_VERSION;
use crate::source::{FileId, Span};

/// The helpers that all templates have.
pub(super) const BUILT_IN_HELPERS: &[&str] = &[
    "if", "unless", "each", "with", "eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not", "len",
];

/// What a template may use.
pub(in crate::emit) struct Rules<'r> {
    /// The templates it can include.
    pub(in crate::emit) templates: &'r [&'r str],
    /// The helpers it can call, besides those that all have.
    pub(in crate::emit) helpers: &'r [&'r str],
    /// The values that are finished text, and may be written as they are.
    pub(in crate::emit) raw: &'r [&'r str],
}

/// A tag: from its first brace to its last.
struct Tag<'t> {
    range: Range<usize>,
    /// What stands between the braces, with its place.
    inner: &'t str,
    inner_at: usize,
    braces: usize,
}

/// The tags of a text, without comments and without braces that are escaped.
fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("{{")).map(|found| at + found)
    {
        let rest = text.get(start..).unwrap_or("");
        let before = text.get(..start).unwrap_or("");
        let backslashes = before.bytes().rev().take_while(|byte| *byte == b'\\').count();
        let braces = rest.bytes().take_while(|byte| *byte == b'{').count();
        if backslashes == 1 {
            at = start + braces;
            continue;
        }
        let comment = [("{{!--", "--}}"), ("{{!", "}}")];
        if let Some((_, close)) = comment.into_iter().find(|(open, _)| rest.starts_with(open)) {
            at = rest.find(close).map_or(text.len(), |end| start + end + close.len());
            continue;
        }
        let inner_at = start + braces;
        let inside = text.get(inner_at..).unwrap_or("");
        let length = inside.find("}}").unwrap_or(inside.len());
        let inner = inside.get(..length).unwrap_or("");
        let closing = inside.get(length..).unwrap_or("");
        let closing = closing.bytes().take_while(|byte| *byte == b'}').count().min(braces);
        at = inner_at + length + closing;
        tags.push(Tag { range: start..at, inner, inner_at, braces });
    }
    tags
}

/// The values that a template writes as they are.
pub(in crate::emit) fn raw_paths(text: &str) -> Vec<&str> {
    tags(text).into_iter().filter_map(|tag| raw_path(&tag)).collect()
}

/// What a tag writes as it is.
fn raw_path<'t>(tag: &Tag<'t>) -> Option<&'t str> {
    let inner = tag.inner.trim_start_matches('~').trim();
    let ends = |c: char| matches!(c, '{' | '}' | '&' | '~') || c.is_whitespace();
    let is_raw = tag.braces == 3 || inner.starts_with(['&', '{']);
    is_raw.then(|| inner.trim_matches(ends))
}

/// The template that a tag includes, and its place.
fn included<'t>(tag: &Tag<'t>) -> Option<(&'t str, usize)> {
    let inner = tag.inner.trim_start_matches(['~', ' ', '\t', '\n', '\r']);
    let rest = inner.strip_prefix('>')?.trim_start();
    let at = tag.inner_at + tag.inner.len() - rest.len();
    let end = rest.find(|c: char| c.is_whitespace() || c == '~').unwrap_or(rest.len());
    rest.get(..end).map(|name| (name, at))
}

/// Whether a text includes a template.
pub(in crate::emit) fn includes(text: &str, name: &str) -> bool {
    tags(text).iter().filter_map(included).any(|(included, _)| included == name)
}

/// How deep brackets are inside of each other in a tag and what is behind it.
pub(super) fn brackets(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let inside = text.split("}}").next().unwrap_or(text);
    for c in inside.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Line and column of a place, from 1.
pub(super) fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before.get(start..).unwrap_or("").chars().count() + 1)
}

/// Where a fault is: the name it is about if that stands in the tag, else the tag, else the line.
pub(super) fn span_of(
    file: FileId,
    text: &str,
    (line, column): (usize, usize),
    message: &str,
) -> Span {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let here = text.get(start..).unwrap_or("");
    let here = here.split('\n').next().unwrap_or("");
    let skipped: usize = here.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    let start = start + skipped;
    let rest = text.get(start..).unwrap_or("");
    let end = match (rest.starts_with("{{"), rest.find("}}"), rest.find('\n')) {
        (true, Some(end), _) => end + 2,
        (_, _, Some(end)) => end,
        _ => rest.len(),
    };
    let tag = rest.get(..end).unwrap_or(rest);
    let named = message.split('`').nth(1).filter(|name| !name.is_empty());
    if tag.starts_with("{{")
        && let Some((at, name)) = named.and_then(|name| word_at(tag, name).map(|at| (at, name)))
    {
        return Span::new(file, start + at, start + at + name.len());
    }
    let tag = tag.trim_end();
    Span::new(file, start, start + tag.len())
}

/// Where a name stands as a word of its own.
fn word_at(text: &str, name: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '/');
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or("").chars().next_back();
        let after = text.get(at + name.len()..).unwrap_or("").chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// What is wrong with a template, as far as its text tells. A template that is sound here can still
/// name what the data do not have.
pub(in crate::emit) fn faults(template: &UserTemplate, rules: &Rules<'_>) -> Vec<Diagnostic> {
    let text = &*template.text;
    let mut findings = Vec::new();
    let mut fault = |range: Range<usize>, message: String, help: String| {
        let span = Span::new(template.file, range.start, range.end);
        findings.push(Diagnostic::new(codes::BROKEN_TEMPLATE, span, message).help(help));
    };
    if let Some((version, at)) = version(text)
        && version != VIEW_VERSION.to_string()
    {
        let message =
            format!("this template is made for view {version}, and this is view {VIEW_VERSION}");
        let help = "the changelog says what has changed; mend the template, then its first line";
        fault(at..at + version.len(), message, help.to_owned());
    }
    let mut open: Vec<(&str, Range<usize>)> = Vec::new();
    let found = tags(text);
    for tag in &found {
        let whole = tag.range.clone();
        let inner = tag.inner.trim_start_matches('~').trim_start();
        match inner.chars().next() {
            Some('#') => open.push((block_name(inner), whole.clone())),
            Some('/') => drop(open.pop()),
            _ => {}
        }
        if tag.braces > 3 && inner.starts_with('/') {
            // Told where the block begins.
        } else if tag.braces > 3 {
            let help = "for braces that are text, write `\\{{`";
            fault(whole, "templates have no raw blocks".to_owned(), help.to_owned());
        } else if inner.starts_with("#>") {
            let help = "include it with `{{> name}}`";
            fault(whole, "what is included has no block here".to_owned(), help.to_owned());
        } else if inner.starts_with('*') || inner.starts_with("#*") {
            let help = "put what is repeated into a template of its own, and include that";
            fault(whole, "templates have no decorators".to_owned(), help.to_owned());
        } else if let Some(path) = raw_path(tag) {
            if !rules.raw.contains(&path) {
                let message = format!("`{path}` would be written as it is, without escaping");
                fault(whole, message, format!("write `{{{{{path}}}}}`"));
            }
        } else if let Some((name, at)) = included(tag) {
            let range = at..at + name.len();
            let rest = tag.inner.rsplit_once(name).map_or("", |(_, rest)| rest);
            if name.starts_with('(') {
                let help = "write its name".to_owned();
                fault(whole, "a template to include must be named outright".to_owned(), help);
            } else if !rules.templates.contains(&name) {
                let help = match closest(name, rules.templates.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("a file `_{name}.hbs` beside this one would be it"),
                };
                fault(range, format!("there is no template `{name}` to include"), help);
            } else if rest.contains('=') {
                let help = format!("hand it one thing, as in `{{{{> {name} it}}}}`");
                fault(whole, "what is included takes no values by name".to_owned(), help);
            }
        } else {
            if let Some(range) = idle_parentheses(tag) {
                let help = "leave the parentheses out: they are for helpers with arguments";
                fault(range, "these parentheses call nothing".to_owned(), help.to_owned());
            }
            for (name, at) in calls(tag) {
                if BUILT_IN_HELPERS.contains(&name) || rules.helpers.contains(&name) {
                    continue;
                }
                let all = || rules.helpers.iter().chain(BUILT_IN_HELPERS).copied();
                let help = match closest(name, all()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => super::HELP.to_owned(),
                };
                fault(at..at + name.len(), format!("there is no helper `{name}`"), help);
            }
        }
    }
    for (name, range) in open {
        let message = format!("`{{{{#{name}}}}}` is never closed");
        fault(range, message, format!("write `{{{{/{name}}}}}` where it ends"));
    }
    if findings.is_empty()
        && let Err(found) = alone(template)
    {
        let span = found
            .place
            .map_or(Span::start_of(template.file), |place| span_of(template.file, text, place, ""));
        findings
            .push(Diagnostic::new(codes::BROKEN_TEMPLATE, span, found.message).help(super::HELP));
    }
    findings
}

/// What a block is called.
fn block_name(inner: &str) -> &str {
    inner.trim_start_matches(['#', '>', '*', ' ']).split([' ', '\n', '~']).next().unwrap_or("")
}

/// Reads a template by itself.
fn alone(template: &UserTemplate) -> Result<(), TemplateFault> {
    let pairs = [(template.name.as_str(), &*template.text)];
    super::check_nesting(&pairs)?;
    handlebars::Template::compile(&template.text)
        .map(|_| ())
        .map_err(|error| super::syntax_fault(&template.name, &error))
}

/// The helpers that a tag calls: a word with arguments behind it, at its start or in parentheses.
fn calls<'t>(tag: &Tag<'t>) -> Vec<(&'t str, usize)> {
    let mut found = Vec::new();
    let inner = tag.inner;
    let start =
        inner.len() - inner.trim_start_matches(['~', ' ', '\t', '\n', '\r', '#', '^']).len();
    let head = inner.get(start..).unwrap_or("");
    let block = inner.get(..start).is_some_and(|signs| signs.contains('#'));
    if head.starts_with('/') {
        return found;
    }
    let mut add = |at: usize, block: bool| {
        let rest = inner.get(at..).unwrap_or("");
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
        let end = end.unwrap_or(rest.len());
        let (word, behind) = (rest.get(..end).unwrap_or(""), rest.get(end..).unwrap_or(""));
        let arguments = behind.starts_with(|c: char| c.is_whitespace())
            && behind.trim_start().starts_with(|c: char| !matches!(c, '~' | ')' | '}'));
        // `{{else if x}}` calls what stands behind it.
        if word == "else" {
            return Some(at + end + behind.len() - behind.trim_start().len());
        }
        if !word.is_empty() && (arguments || block) {
            found.push((word, tag.inner_at + at));
        }
        None
    };
    if let Some(behind) = add(start, block)
        && behind < inner.len()
    {
        add(behind, false);
    }
    let mut quote = None;
    for (at, c) in inner.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '(') => {
                let rest = inner.get(at + 1..).unwrap_or("");
                add(at + 1 + rest.len() - rest.trim_start().len(), false);
            }
            _ => {}
        }
    }
    found
}

/// Parentheses around a name alone: its value would count as finished text.
fn idle_parentheses(tag: &Tag<'_>) -> Option<Range<usize>> {
    let mut quote = None;
    for (at, c) in tag.inner.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '(') => {
                let rest = tag.inner.get(at + 1..).unwrap_or("");
                let inside = rest.split(')').next().unwrap_or(rest);
                let mut words = inside.split_whitespace();
                let helper = |word: &str| word.chars().all(|c| c.is_alphanumeric() || c == '_');
                let called = words.next().is_some_and(helper);
                let with_arguments = words.next().is_some() || inside.contains('(');
                if !(called && with_arguments) {
                    let start = tag.inner_at + at;
                    return Some(start..start + inside.len() + 2);
                }
            }
            _ => {}
        }
    }
    None
}

const _: () = assert!(MAX_NESTING < 1000, "deeper ones overflow the stack");
