//! The baseline file `ekiden-baseline.json`: findings that are known, one a line, sorted.
//!
//! It is JSON for programs, and is read as the YAML that all JSON is, so that what is wrong with it
//! has a place.

use serde_json::Value;

use crate::diag::{Diagnostic, codes};
use crate::lint::baseline::Entry;
use crate::source::{FileId, Span};
use crate::syntax::yaml::reader::{Codes, Reader};
use crate::syntax::yaml::table::{Mode, Shape, Table, key, must};
use crate::syntax::yaml::{NodeRef, Tree, document};

/// What it is called when nothing else is said.
pub const BASELINE: &str = "ekiden-baseline.json";

/// The version of the form.
const VERSION: u32 = 1;
/// What tells a baseline from any other file.
const KIND: &str = "ekiden-baseline";
const KINDS: &[&str] = &[KIND];

static FINDING: Shape = Shape::Table(&ENTRY);

static FILE: Table = Table {
    id: "baseline",
    what: "the baseline",
    doc: "Findings that are known and not counted, written by `ekiden check --write-baseline`.",
    mode: Mode::Any,
    keys: &[
        must("kind", Shape::Word(KINDS), "What the file is.", KIND),
        must("version", Shape::Whole, "The version of its form.", "1"),
        must("findings", Shape::List("findings", &FINDING), "What is known.", "[]"),
    ],
};

static ENTRY: Table = Table {
    id: "finding",
    what: "a finding",
    doc: "A finding that is known.",
    mode: Mode::Any,
    keys: &[
        must("at", Shape::Verbatim("a declaration"), "What it is about.", "stage mql"),
        must("rule", Shape::Rule, "The rule.", "silent-handoff"),
        must(
            "message",
            Shape::Verbatim("a message"),
            "What was said; numbers in it may differ.",
            "`mql` has no limit",
        ),
        key("count", Shape::Whole, "How many of them; one when not said.", "2"),
    ],
};

const CODES: Codes = Codes {
    unknown: codes::INVALID_BASELINE,
    missing: codes::INVALID_BASELINE,
    shape: codes::INVALID_BASELINE,
    word: codes::INVALID_BASELINE,
    literal: codes::INVALID_BASELINE,
};

/// The JSON Schema of the file.
pub fn schema() -> Value {
    document(&FILE, "baseline.schema.json", "Ekiden baseline")
}

/// Whether a text is a baseline, or was one before it was damaged.
pub fn is_baseline(text: &str) -> bool {
    text.contains(&format!("\"{KIND}\""))
}

/// The text of a baseline with these entries.
pub fn write(entries: &[Entry]) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let mut out =
        format!("{{\n  \"kind\": \"{KIND}\",\n  \"version\": {VERSION},\n  \"findings\": [");
    for (index, entry) in entries.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        let (at, rule, message) = (quoted(&entry.at), quoted(&entry.rule), quoted(&entry.message));
        out.push_str(&format!("    {{\"at\": {at}, \"rule\": {rule}, \"message\": {message}"));
        if entry.count > 1 {
            out.push_str(&format!(", \"count\": {}", entry.count));
        }
        out.push('}');
    }
    out.push_str(if entries.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
    out
}

/// Reads a baseline: its entries with their places, and what is wrong with it.
pub fn parse(file: FileId, text: &str) -> (Vec<(Entry, Span)>, Vec<Diagnostic>) {
    if !is_baseline(text) {
        let message = "this file is not a baseline of ekiden";
        let finding = Diagnostic::new(codes::INVALID_BASELINE, Span::start_of(file), message);
        let help = "`ekiden check --write-baseline=FILE` writes one, to a file of its own";
        return (Vec::new(), vec![finding.help(help)]);
    }
    let mut findings = Vec::new();
    let tree = Tree::read(file, text, &mut findings);
    let mut reader = Reader::new(&tree, CODES);
    let mut entries = Vec::new();
    if let Some(root) = tree.roots().next() {
        read(&mut reader, root, &mut entries);
    }
    findings.extend(reader.findings);
    findings.sort_by_key(|finding| finding.primary.span.key());
    // A damaged file is told once: the first fault brings the others.
    findings.truncate(1);
    for finding in &mut findings {
        let message = std::mem::take(&mut finding.message);
        let mut said = Diagnostic::new(codes::INVALID_BASELINE, finding.primary.span, message);
        said = said.help("write it anew: `ekiden check --write-baseline`");
        *finding = said;
    }
    (entries, findings)
}

fn read<'t>(reader: &mut Reader<'t>, root: NodeRef<'t>, entries: &mut Vec<(Entry, Span)>) {
    for part in reader.open(&FILE, root, "the baseline", root.span()).unwrap_or_default() {
        match part.key.name {
            "kind" => {
                reader.word(part.value, "kind of file", KINDS, |word| (word == KIND).then_some(()));
            }
            "version" => {
                let Some(version) = reader.whole(part.value) else { continue };
                if version.value > VERSION {
                    let message = "this baseline was written by a newer version of ekiden";
                    reader.wrong_literal(version.span, message.to_owned(), None);
                }
            }
            _ => {
                for item in reader.list(part.value, &FINDING) {
                    entries.extend(entry(reader, item).map(|entry| (entry, item.span())));
                }
            }
        }
    }
}

fn entry<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Entry> {
    let mut entry =
        Entry { at: String::new(), rule: String::new(), message: String::new(), count: 1 };
    for part in reader.open(&ENTRY, node, "this finding", node.span())? {
        match part.key.name {
            "at" => entry.at = reader.verbatim(part.value)?.value,
            "rule" => entry.rule = reader.verbatim(part.value)?.value,
            "message" => entry.message = reader.verbatim(part.value)?.value,
            _ => entry.count = reader.whole(part.value)?.value,
        }
    }
    Some(entry)
}

#[cfg(test)]
mod tests {
    use super::{parse, write};
    use crate::lint::baseline::Entry;
    use crate::source::FileId;

    fn entry(message: &str, count: u32) -> Entry {
        let (at, rule) = ("stage mql".to_owned(), "no-owner".to_owned());
        Entry { at, rule, message: message.to_owned(), count }
    }

    #[test]
    fn what_is_written_is_read() {
        for entries in [
            vec![],
            vec![entry("nobody owns `mql`", 1)],
            vec![entry("a \"b\" \\ リード: #x", 3), entry("- [x], {y}", 1)],
        ] {
            let (read, findings) = parse(FileId(0), &write(&entries));
            assert!(findings.is_empty(), "{findings:?}");
            let read: Vec<Entry> = read.into_iter().map(|(entry, _)| entry).collect();
            assert_eq!(read, entries);
        }
    }

    #[test]
    fn what_is_wrong_is_told_once_and_at_its_place() {
        let found = |text: &str| {
            let (_, findings) = parse(FileId(0), text);
            let lines = findings.iter().map(|f| {
                let span = f.primary.span;
                format!("{} @ {}", f.message, text.get(span.range()).unwrap_or_default())
            });
            lines.collect::<Vec<_>>()
        };
        let file = write(&[entry("m", 1)]);
        assert_eq!(found("{\"name\": \"x\"}"), ["this file is not a baseline of ekiden @ "]);
        assert_eq!(
            found(&file.replace("\"version\": 1", "\"version\": 9")),
            ["this baseline was written by a newer version of ekiden @ 9"]
        );
        assert_eq!(
            found(&file.replace("\"rule\"", "\"rle\"")).first().map(String::as_str),
            Some(
                "this finding has no `rule` @ {\"at\": \"stage mql\", \"rle\": \"no-owner\", \"message\": \"m\"}"
            )
        );
        assert_eq!(found(&file.replace("]\n}", "<<<<<<< ours\n")).len(), 1);
    }
}
