//! Which files a template becomes: what the square brackets in its path stand for.

use camino::Utf8Path;
use serde_json::Value;

use crate::diag::closest;
use crate::emit::handbook::{anchor, file_stem};
use crate::emit::template::user::ENDING;

/// A kind of thing that a template can be rendered for, one by one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// Its word in brackets, and in references.
    pub(super) word: &'static str,
    /// Where all of them stand in the view.
    pub(super) list: &'static str,
    /// What names one.
    key: &'static str,
}

const fn kind(word: &'static str, list: &'static str, key: &'static str) -> Kind {
    Kind { word, list, key }
}

/// Every kind.
pub(super) const KINDS: &[Kind] = &[
    kind("stage", "stages", "name"),
    kind("team", "teams", "name"),
    kind("role", "roles", "name"),
    kind("handoff", "handoffs", "key"),
    kind("feedback", "feedback", "name"),
    kind("goal", "goals", "name"),
    kind("record", "records", "name"),
    kind("score", "scores", "name"),
    kind("route", "routes", "stage"),
    kind("play", "plays", "name"),
    kind("term", "terms", "name"),
];

/// What stands in brackets for the language.
const LANGUAGE: &str = "language";

/// The name of a thing of this kind.
pub(super) fn name_of(kind: &Kind, item: &Value) -> String {
    let named = item.get(kind.key).unwrap_or(&Value::Null);
    // A route is named by its stage, which is a reference.
    let name = named.as_str().or_else(|| named.get("name").and_then(Value::as_str));
    name.unwrap_or_default().to_owned()
}

/// A path with places for the language and for things of one kind.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The path without `.hbs`.
    file: String,
    kind: Option<&'static Kind>,
    by_language: bool,
}

/// Where the files for things of a kind are.
#[derive(Clone, Debug)]
pub(super) struct Place {
    layout: Layout,
}

impl Layout {
    /// Reads the path of a template; else what is wrong and what helps.
    pub(super) fn of(path: &Utf8Path) -> Result<Self, (String, String)> {
        let file = path.as_str().strip_suffix(ENDING).unwrap_or(path.as_str()).to_owned();
        if Utf8Path::new(&file).file_name().is_none_or(|name| name.is_empty() || name == "..") {
            let help = "name it as the file it becomes, with `.hbs` behind".to_owned();
            return Err(("this template has no name".to_owned(), help));
        }
        let (mut found, mut by_language) = (None, false);
        for word in file.split('[').skip(1) {
            let Some((word, _)) = word.split_once(']') else { continue };
            if word == LANGUAGE {
                by_language = true;
                continue;
            }
            let Some(kind) = KINDS.iter().find(|kind| kind.word == word) else {
                let words = || KINDS.iter().map(|kind| kind.word).chain([LANGUAGE]);
                let message = format!("`[{word}]` in the path stands for nothing");
                let help = match closest(word, words()) {
                    Some(near) => format!("did you mean `[{near}]`?"),
                    None => {
                        let all: Vec<String> = words().map(|word| format!("`[{word}]`")).collect();
                        format!("write one of {}", all.join(", "))
                    }
                };
                return Err((message, help));
            };
            match found {
                Some(other) if other != kind => {
                    let message = "the path asks for things of two kinds".to_owned();
                    let help = "choose one; the template can list the others".to_owned();
                    return Err((message, help));
                }
                _ => found = Some(kind),
            }
        }
        Ok(Self { file, kind: found, by_language })
    }

    /// The path without `.hbs`, as it was written.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The kind of things it is for, if for each of one.
    pub(super) fn kind(&self) -> Option<&'static Kind> {
        self.kind
    }

    /// Whether there is one in each language.
    pub(super) fn by_language(&self) -> bool {
        self.by_language
    }

    /// How the files end, without the full stop.
    pub(super) fn ending(&self) -> &str {
        Utf8Path::new(&self.file).extension().unwrap_or("")
    }

    /// The path of the file in a language and about a thing.
    pub(super) fn path(&self, language: &str, name: &str) -> String {
        let path = self.file.replace(&format!("[{LANGUAGE}]"), language);
        match self.kind {
            Some(kind) => path.replace(&format!("[{}]", kind.word), &file_stem(&anchor("", name))),
            None => path,
        }
    }

    /// Where its files are.
    pub(super) fn place(&self) -> Place {
        Place { layout: self.clone() }
    }
}

impl Place {
    /// The file about a thing of this kind, if there is one for each.
    pub(super) fn file(&self, kind: &str, name: &str, language: &str) -> Option<String> {
        let own = self.layout.kind.is_some_and(|own| own.word == kind);
        own.then(|| self.layout.path(language, name))
    }

    /// How its files end.
    pub(super) fn ending(&self) -> &str {
        self.layout.ending()
    }
}

/// Whether a text is what the ending of its file says; else what is wrong.
pub(super) fn sound(path: &str, text: &str) -> Result<(), String> {
    match Utf8Path::new(path).extension().unwrap_or("").to_ascii_lowercase().as_str() {
        "json" => {
            serde_json::from_str::<serde::de::IgnoredAny>(text).map(|_| ()).map_err(|error| {
                let (line, column) = (error.line(), error.column());
                format!("it writes `{path}`, which is not JSON at line {line}, column {column}")
            })
        }
        "csv" => {
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let mut width = None;
            for row in reader.records() {
                let row = row.map_err(|error| csv_fault(path, &error))?;
                match width {
                    Some(width) if width != row.len() => return Err(uneven(path, width, &row)),
                    _ => width = Some(row.len()),
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn uneven(path: &str, width: usize, row: &csv::StringRecord) -> String {
    let line = row.position().map_or(0, csv::Position::line);
    format!("it writes `{path}`, whose line {line} has {} cells and not {width}", row.len())
}

fn csv_fault(path: &str, error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("it writes `{path}`, whose line {line} has {len} cells and not {expected_len}")
        }
        _ => format!("it writes `{path}`, which is no table: {error}"),
    }
}

/// The way from one file to another, both relative to the same folder.
pub(super) fn way(from: &str, to: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let folders = from.len().saturating_sub(1);
    let common = from
        .iter()
        .take(folders)
        .zip(to.iter().take(to.len().saturating_sub(1)))
        .take_while(|(one, other)| one == other)
        .count();
    let up = std::iter::repeat_n("..", folders - common);
    let down = to.iter().skip(common).copied();
    up.chain(down).map(encoded).collect::<Vec<_>>().join("/")
}

/// A step of a path as it stands in an address.
fn encoded(step: &str) -> String {
    let mut out = String::with_capacity(step.len());
    for byte in step.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn brackets_stand_for_names() {
        let layout = Layout::of("[language]/stages/[stage].md.hbs".into()).unwrap();
        assert_eq!((layout.ending(), layout.by_language()), ("md", true));
        assert_eq!(layout.path("ja", "mql"), "ja/stages/mql.md");
        assert_eq!(layout.path("ja", "con"), "ja/stages/con-page.md");
        let plain = Layout::of("all.csv.hbs".into()).unwrap();
        assert_eq!((plain.path("en", ""), plain.kind()), ("all.csv".to_owned(), None));
        let (message, help) = Layout::of("[stgae].md.hbs".into()).unwrap_err();
        assert_eq!(message, "`[stgae]` in the path stands for nothing");
        assert_eq!(help, "did you mean `[stage]`?");
        let (message, _) = Layout::of("[stage]/[role].md.hbs".into()).unwrap_err();
        assert_eq!(message, "the path asks for things of two kinds");
    }

    #[test]
    fn the_way_between_files() {
        assert_eq!(way("en/index.html", "en/stages/mql.html"), "stages/mql.html");
        assert_eq!(way("en/stages/a.html", "en/stages/b.html"), "b.html");
        assert_eq!(way("en/stages/a.html", "en/roles/b c.html"), "../roles/b%20c.html");
        assert_eq!(way("a.html", "b.html"), "b.html");
    }

    #[test]
    fn what_is_no_json_and_no_table_is_told() {
        assert_eq!(sound("a.json", "{\"a\": [1]}\n"), Ok(()));
        assert!(sound("a.json", "{a}").unwrap_err().contains("line 1, column 2"));
        assert_eq!(sound("a.csv", "a,b\n\"x, y\",\"z\"\n"), Ok(()));
        let found = sound("a.csv", "a,b\nx,y,z\n").unwrap_err();
        assert_eq!(found, "it writes `a.csv`, whose line 2 has 3 cells and not 2");
    }
}
