//! What became of the input: `IMPORT.md`.

use std::fmt::Write as _;

/// The most lines of a part that are written: nobody reads more.
const MOST_LINES: usize = 2_000;

/// What became of a part of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It says so, and so does the process.
    Understood,
    /// The input does not say it: somebody has to look.
    Guessed,
    /// The input says it, the process does not.
    Dropped,
    /// The input says it, and it can hardly be meant.
    Odd,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    fate: Fate,
    /// `line 4`, `results[0].stages[2]`
    place: String,
    text: String,
}

/// The report, as it is collected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report(Vec<Note>);

impl Report {
    /// Notes something the input says.
    pub(crate) fn understood(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.add(Fate::Understood, place, text);
    }

    /// Notes something the input does not say.
    pub(crate) fn guessed(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.add(Fate::Guessed, place, text);
    }

    /// Notes something that is lost.
    pub(crate) fn dropped(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.add(Fate::Dropped, place, text);
    }

    /// Notes something that is lost, unless that stands there already: several pipelines have one field.
    pub(crate) fn dropped_once(&mut self, place: &str, text: String) {
        let note = Note { fate: Fate::Dropped, place: place.to_owned(), text };
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    /// Notes something that is taken over although it can hardly be meant.
    pub(crate) fn odd(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.add(Fate::Odd, place, text);
    }

    fn add(&mut self, fate: Fate, place: impl Into<String>, text: impl Into<String>) {
        self.0.push(Note { fate, place: place.into(), text: text.into() });
    }

    /// How many notes of a fate there are.
    pub(crate) fn count(&self, fate: Fate) -> usize {
        self.0.iter().filter(|note| note.fate == fate).count()
    }

    /// The text of `IMPORT.md`.
    pub(crate) fn write(&self, input: &str, format: &str) -> String {
        let mut out = format!(
            "# What became of the input\n\nRead from {}, as {format}.\nNothing here is read by `ekiden`: \
             delete the file when everything below is settled.\n",
            code(input)
        );
        let parts = [
            (
                Fate::Guessed,
                "Guessed",
                "The input does not say this. Look at each before you rely on it.",
            ),
            (Fate::Dropped, "Dropped", "The input says this, the process does not."),
            (Fate::Odd, "Odd", "This was taken over as it is, though it can hardly be meant."),
            (Fate::Understood, "Understood", "This was taken over as it is."),
        ];
        for (fate, title, about) in parts {
            let _ = write!(out, "\n## {title}\n\n");
            if self.count(fate) == 0 {
                out.push_str("Nothing.\n");
                continue;
            }
            let _ = write!(out, "{about}\n\n| where | what |\n| --- | --- |\n");
            for note in self.0.iter().filter(|note| note.fate == fate).take(MOST_LINES) {
                // A place may be the path of a file, which is no HTML either.
                let place = cell(&note.place).replace('<', "&lt;");
                let _ = writeln!(out, "| {place} | {} |", cell(&note.text));
            }
            let more = self.count(fate).saturating_sub(MOST_LINES);
            if more > 0 {
                let _ = writeln!(out, "\nAnd {more} more of the kind.");
            }
        }
        out
    }
}

/// A text of the input, marked as such: nothing in it is Markdown.
pub(crate) fn code(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c == '`' { '\'' } else { c }).filter(|c| !c.is_control()).collect();
    let short: String = text.chars().take(80).collect();
    let cut = if short.len() < text.len() { "…" } else { "" };
    if short.is_empty() { "(no name)".to_owned() } else { format!("`{short}{cut}`") }
}

/// One line, whatever the text holds.
fn cell(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.replace('|', "\\|")
}
