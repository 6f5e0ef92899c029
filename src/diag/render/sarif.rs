//! SARIF 2.1.0, for code scanning and other tools that collect what checkers find.
//!
//! One run. Columns count Unicode scalar values from 1 (`columnKind` says so), and an end column is one
//! past the last character. Paths are relative and percent-encoded; where a process is addressed by an
//! absolute path they are `file` URIs. Rules are listed if they found something, each with its page as
//! help. Fingerprints do not change when lines move.

use std::fmt::Write;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::message;
use super::place::{Locator, Place};
use super::rule::RuleLookup;
use crate::diag::{Diagnostic, Fix, Level, Safety};
use crate::source::{SourceMap, Span};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The folder in which `ekiden` ran. Its own place is left out: it differs from machine to machine.
const BASE: &str = "%SRCROOT%";
/// The name and version of the way in which fingerprints are made.
const FINGERPRINT: &str = "ekidenFinding/v1";

/// Renders findings as one indented JSON document, in the order given.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, rule: RuleLookup<'_>) -> String {
    let mut indices: FxHashMap<&str, usize> = FxHashMap::default();
    let mut rules = Vec::new();
    for found in diagnostics {
        let name = found.code.name();
        if !indices.contains_key(name) {
            indices.insert(name, rules.len());
            rules.push(descriptor(name, rule));
        }
    }
    let mut primary = Locator::new(sources);
    let mut report = Report { sources, other: Locator::new(sources), seen: FxHashMap::default() };
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|found| {
            let index = indices.get(found.code.name()).copied().unwrap_or_default();
            report.result(found, index, primary.locate(found.primary.span))
        })
        .collect();
    let artifacts: Vec<Value> = sources.iter().map(|(_, file)| artifact(file.name())).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "ekiden",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "shortDescription": { "text": "A compiler for sales processes." },
                "rules": rules,
            }},
            "invocations": [{ "executionSuccessful": true }],
            "originalUriBaseIds": {
                BASE: { "description": { "text": "The folder in which ekiden was run." } }
            },
            "columnKind": "unicodeCodePoints",
            "artifacts": artifacts,
            "results": results,
        }],
    });
    // Strings and numbers alone: there is nothing in it that cannot be written.
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

/// A rule, with its page as help.
fn descriptor(name: &str, rule: RuleLookup<'_>) -> Value {
    let mut out = Map::new();
    out.insert("id".into(), name.into());
    out.insert("name".into(), pascal(name).into());
    if let Some(info) = rule(name) {
        let summary = sentence(info.summary);
        let intro = introduction(info.page);
        let full = if intro.is_empty() { summary.clone() } else { intro };
        out.insert("shortDescription".into(), json!({ "text": summary }));
        out.insert("fullDescription".into(), json!({ "text": full }));
        out.insert("help".into(), json!({ "text": info.page, "markdown": info.page }));
        let configuration = match info.level {
            Level::Allow => json!({ "enabled": false }),
            level => json!({ "level": level.word() }),
        };
        out.insert("defaultConfiguration".into(), configuration);
        out.insert("properties".into(), json!({ "tags": ["sales-process", info.family] }));
    }
    Value::Object(out)
}

/// `dead-end` as `DeadEnd`: SARIF wants the name of a rule to differ from its id.
fn pascal(name: &str) -> String {
    let mut out = String::new();
    for word in name.split('-') {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

/// A summary as a sentence: a capital first, a full stop last.
fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

/// The first paragraph of a page, on one line.
fn introduction(page: &str) -> String {
    let lines = page.lines().skip(1).skip_while(|line| line.trim().is_empty());
    lines.take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ")
}

struct Report<'a> {
    sources: &'a SourceMap,
    /// Labels and edits are located apart, so that they do not disturb counting on from one finding
    /// to the next.
    other: Locator<'a>,
    /// How often a finding of this fingerprint was met.
    seen: FxHashMap<u64, usize>,
}

impl Report<'_> {
    fn result(&mut self, found: &Diagnostic, rule: usize, place: Place<'_>) -> Value {
        let mut out = Map::new();
        out.insert("ruleId".into(), found.code.name().into());
        out.insert("ruleIndex".into(), rule.into());
        let level = if found.level == Level::Allow { "none" } else { found.level.word() };
        out.insert("level".into(), level.into());
        out.insert("message".into(), json!({ "text": message(found, self.sources) }));
        let location = self.location(found.primary.span, place);
        out.insert("locations".into(), json!([{ "physicalLocation": location }]));
        let related: Vec<Value> = (1..)
            .zip(&found.labels)
            .map(|(id, label): (usize, _)| {
                let place = self.other.locate(label.span);
                let location = self.location(label.span, place);
                let mut related = json!({ "id": id, "physicalLocation": location });
                if let (Some(related), false) = (related.as_object_mut(), label.message.is_empty())
                {
                    related.insert("message".into(), json!({ "text": label.message }));
                }
                related
            })
            .collect();
        if !related.is_empty() {
            out.insert("relatedLocations".into(), related.into());
        }
        let fingerprint = self.fingerprint(found);
        out.insert("partialFingerprints".into(), json!({ FINGERPRINT: fingerprint }));
        if let Some(fix) = found.fix.as_ref().filter(|fix| fix.safety != Safety::Display) {
            out.insert("fixes".into(), json!([self.fix(fix)]));
        }
        Value::Object(out)
    }

    fn location(&self, span: Span, place: Place<'_>) -> Value {
        let mut file = reference(place.path);
        if let (Some(file), Some(_)) = (file.as_object_mut(), self.sources.get(span.file)) {
            file.insert("index".into(), span.file.0.into());
        }
        json!({ "artifactLocation": file, "region": region(place) })
    }

    /// The edits of a fix, those of one file together, as SARIF wants them.
    fn fix(&mut self, fix: &Fix) -> Value {
        let mut changes: Vec<(Span, Vec<Value>)> = Vec::new();
        for edit in &fix.edits {
            let place = self.other.locate(edit.span);
            let replacement = json!({
                "deletedRegion": region(place),
                "insertedContent": { "text": edit.replacement },
            });
            match changes.iter_mut().find(|(span, _)| span.file == edit.span.file) {
                Some((_, replacements)) => replacements.push(replacement),
                None => changes.push((edit.span, vec![replacement])),
            }
        }
        let changes: Vec<Value> = changes
            .into_iter()
            .map(|(span, replacements)| {
                let path = self.sources.get(span.file).map_or("", |file| file.name());
                json!({ "artifactLocation": reference(path), "replacements": replacements })
            })
            .collect();
        let safety = if fix.safety == Safety::Safe { "safe" } else { "unsafe" };
        json!({
            "description": { "text": fix.title },
            "artifactChanges": changes,
            "properties": { "safety": safety },
        })
    }

    /// Rule, file, what is said and the line it is said of, without its indentation; and which one it
    /// is of those that are alike in all this.
    fn fingerprint(&mut self, found: &Diagnostic) -> String {
        let mut hash = Hash::new();
        hash.add(found.code.name());
        hash.add(&found.message);
        if let Some(file) = self.sources.get(found.primary.span.file) {
            hash.add(file.name());
            let line = file.line_index(found.primary.span.start as usize);
            // A file may be one line that is many megabytes long.
            let line = file.line_text(line).trim();
            let end = line.floor_char_boundary(LONGEST_LINE);
            hash.add(line.get(..end).unwrap_or_default());
        }
        let alike = self.seen.entry(hash.0).or_default();
        *alike += 1;
        format!("{:016x}:{alike}", hash.0)
    }
}

/// As many bytes of a line go into a fingerprint.
const LONGEST_LINE: usize = 400;

/// FNV-1a of 64 bits: the same on every machine and in every version.
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

fn region(place: Place<'_>) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    })
}

fn artifact(path: &str) -> Value {
    json!({ "location": reference(path), "roles": ["analysisTarget"], "encoding": "UTF-8" })
}

/// A file as SARIF names it: relative to the folder in which `ekiden` ran, or absolute.
fn reference(path: &str) -> Value {
    let path = path.strip_prefix("./").unwrap_or(path);
    let drive = path.get(1..3) == Some(":/");
    if path.starts_with('/') || drive {
        let slash = if drive { "/" } else { "" };
        return json!({ "uri": format!("file://{slash}{}", encode(path)) });
    }
    // What lies above the base is not below it.
    if path == ".." || path.starts_with("../") {
        return json!({ "uri": encode(path) });
    }
    json!({ "uri": encode(path), "uriBaseId": BASE })
}

/// Percent-encodes everything but slashes and what RFC 3986 never reserves.
fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{introduction, pascal, reference, sentence};
    use serde_json::json;

    #[test]
    fn paths_are_relative_and_encoded() {
        let inside = |uri: &str| json!({ "uri": uri, "uriBaseId": "%SRCROOT%" });
        assert_eq!(reference("./sales/a b.ekiden"), inside("sales/a%20b.ekiden"));
        assert_eq!(reference("리드.ekiden"), inside("%EB%A6%AC%EB%93%9C.ekiden"));
        assert_eq!(reference("<stdin>"), inside("%3Cstdin%3E"));
        assert_eq!(reference("a:b%#?.ekiden"), inside("a%3Ab%25%23%3F.ekiden"));
        assert_eq!(reference("../x.ekiden"), json!({ "uri": "../x.ekiden" }));
        assert_eq!(reference("/tmp/x y"), json!({ "uri": "file:///tmp/x%20y" }));
        assert_eq!(reference("C:/x"), json!({ "uri": "file:///C%3A/x" }));
    }

    #[test]
    fn a_rule_is_described_in_sentences() {
        assert_eq!(pascal("no-path-to-won"), "NoPathToWon");
        assert_eq!(sentence("an open stage"), "An open stage.");
        assert_eq!(introduction("# x\n\nOne\ntwo.\n\n## Why\n"), "One two.");
        assert_eq!(introduction("# x"), "");
    }
}
