//! Marked regions in Markdown files of others, filled from the handbook and kept up to date.
//!
//! `<!-- ekiden:stage mql -->` begins a region and `<!-- /ekiden -->` ends it; what stands between
//! belongs to Ekiden, everything else stays byte for byte.

mod marks;

use crate::diag::{Diagnostic, closest, codes};
use crate::emit::docs::{BY_NAME, Volume, WHOLE};
use crate::emit::template::TemplateFault;
use crate::source::{FileId, Span};

use marks::Region;

/// What a region asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wish<'t> {
    kind: &'static str,
    /// With its place.
    name: Option<(&'t str, Span)>,
    language: &'t str,
}

/// A handbook in one language, and how its pages are reached from a file.
pub(crate) struct Shelf<'v> {
    pub(crate) language: &'v str,
    pub(crate) volume: &'v Volume<'v>,
    /// Empty, or with a slash at the end.
    pub(crate) base: String,
}

/// The text of a file with its regions filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filled {
    pub(crate) text: String,
    /// How many regions it has.
    pub(crate) regions: usize,
}

/// Fills the regions of a file. The first of the shelves, of which there is one at least, has the
/// language of regions that name none.
///
/// # Errors
/// Everything that is wrong with the marks, each at its place in the file.
pub(crate) fn fill(
    file: FileId,
    text: &str,
    shelves: &[Shelf<'_>],
) -> Result<Filled, Vec<Diagnostic>> {
    let regions = marks::regions(text).map_err(|faults| {
        let finding = |fault: marks::Fault| {
            let span = Span::new(file, fault.range.start, fault.range.end);
            Diagnostic::new(codes::SYNTAX_ERROR, span, fault.message).help(fault.help)
        };
        faults.into_iter().map(finding).collect::<Vec<_>>()
    })?;
    let crlf = text.matches("\r\n").count() * 2 > text.matches('\n').count();
    let mut findings = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for region in &regions {
        match contents(file, text, region, shelves) {
            Ok(body) => {
                out.push_str(text.get(done..region.body.start).unwrap_or(""));
                let body = if body.is_empty() { body } else { format!("\n{body}\n") };
                out.push_str(&if crlf { body.replace('\n', "\r\n") } else { body });
                done = region.body.end;
            }
            Err(finding) => findings.push(*finding),
        }
    }
    out.push_str(text.get(done..).unwrap_or(""));
    match findings.is_empty() {
        true => Ok(Filled { text: out, regions: regions.len() }),
        false => Err(findings),
    }
}

/// What stands in a region.
fn contents(
    file: FileId,
    text: &str,
    region: &Region,
    shelves: &[Shelf<'_>],
) -> Result<String, Box<Diagnostic>> {
    let wish = wish(file, text, region, shelves)?;
    let Some(shelf) = shelves.iter().find(|shelf| shelf.language == wish.language) else {
        return Ok(String::new());
    };
    if let Some((name, span)) = wish.name {
        known_name(shelf.volume, wish.kind, name, span)?;
    }
    let name = wish.name.map(|(name, _)| name);
    let span = Span::new(file, region.mark.start, region.mark.end);
    let fault = |fault: TemplateFault| Box::new(fault.diagnostic(span));
    shelf.volume.block(wish.kind, name, &shelf.base, region.under).map_err(fault)
}

/// Reads `KIND`, `KIND NAME`, `KIND in LANGUAGE` and `KIND NAME in LANGUAGE`.
fn wish<'t>(
    file: FileId,
    text: &'t str,
    region: &Region,
    shelves: &'t [Shelf<'_>],
) -> Result<Wish<'t>, Box<Diagnostic>> {
    let mut words = region.words.iter().map(|range| {
        let word = text.get(range.clone()).unwrap_or("");
        (word, Span::new(file, range.start, range.end))
    });
    let whole_mark = Span::new(file, region.mark.start, region.mark.end);
    let Some((word, span)) = words.next() else {
        let finding =
            Diagnostic::new(codes::SYNTAX_ERROR, whole_mark, "the mark does not say what to show");
        return Err(Box::new(finding.help(format!("write one of {}", all_kinds()))));
    };
    let is = |kind: &&&str| **kind == word;
    let whole = WHOLE.iter().find(is);
    let by_name = BY_NAME.iter().find(is);
    let Some(kind) = whole.or(by_name).copied() else {
        let message = format!("there is nothing called `{word}` to show");
        let kinds = WHOLE.iter().chain(BY_NAME).copied();
        let help = match closest(word, kinds) {
            Some(kind) => format!("did you mean `{kind}`?"),
            None => format!("write one of {}", all_kinds()),
        };
        return Err(Box::new(Diagnostic::new(codes::UNKNOWN_NAME, span, message).help(help)));
    };
    let mut next = words.next();
    let name = match by_name {
        None => None,
        Some(_) => match next.take() {
            Some(found) => {
                next = words.next();
                Some(found)
            }
            None => {
                let message = format!("the mark does not say which {kind} to show");
                let help = format!("write its name: `<!-- ekiden:{kind} NAME -->`");
                let finding = Diagnostic::new(codes::SYNTAX_ERROR, whole_mark, message);
                return Err(Box::new(finding.help(help)));
            }
        },
    };
    let first = shelves.first().map_or("", |shelf| shelf.language);
    let language = match (next, words.next(), words.next()) {
        (None, ..) => first,
        (Some(("in", _)), Some((language, span)), None) => known_language(language, span, shelves)?,
        (Some((extra, span)), ..) => {
            let message = format!("`{extra}` is one word too many");
            let help = match (by_name, whole) {
                (Some(_), _) => format!("write `<!-- ekiden:{kind} NAME -->`, or `… in LANGUAGE`"),
                _ => format!("write `<!-- ekiden:{kind} -->`, or `… in LANGUAGE`"),
            };
            return Err(Box::new(Diagnostic::new(codes::SYNTAX_ERROR, span, message).help(help)));
        }
    };
    Ok(Wish { kind, name, language })
}

fn all_kinds() -> String {
    let by_name = BY_NAME.iter().map(|kind| format!("`{kind} NAME`"));
    let all: Vec<String> = WHOLE.iter().map(|kind| format!("`{kind}`")).chain(by_name).collect();
    all.join(", ")
}

fn known_language<'t>(
    language: &str,
    span: Span,
    shelves: &'t [Shelf<'_>],
) -> Result<&'t str, Box<Diagnostic>> {
    if let Some(shelf) = shelves.iter().find(|shelf| shelf.language == language) {
        return Ok(shelf.language);
    }
    let there: Vec<String> = shelves.iter().map(|shelf| format!("`{}`", shelf.language)).collect();
    let message = format!("the process is not written in `{language}`");
    let help = format!("its languages are {}", there.join(", "));
    Err(Box::new(Diagnostic::new(codes::UNKNOWN_NAME, span, message).help(help)))
}

fn known_name(
    volume: &Volume<'_>,
    kind: &str,
    name: &str,
    span: Span,
) -> Result<(), Box<Diagnostic>> {
    let names = volume.names(kind);
    if names.contains(&name) {
        return Ok(());
    }
    let finding =
        Diagnostic::new(codes::UNKNOWN_NAME, span, format!("there is no {kind} `{name}`"));
    Err(Box::new(match (closest(name, names.iter().copied()), names.as_slice()) {
        (Some(near), _) => finding.help(format!("did you mean `{near}`?")),
        (None, []) => finding,
        (None, names) => {
            // A process may have thousands.
            let told: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
            let more = if names.len() > told.len() { ", …" } else { "" };
            finding.help(format!("there are {}{more}", told.join(", ")))
        }
    }))
}
