//! Where the marked regions of a Markdown file are.
//!
//! The file is parsed as Markdown, so that a mark in a block of code is text, and a region knows the
//! heading it stands under.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A region between `<!-- ekiden:… -->` and `<!-- /ekiden -->`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    /// The words between `ekiden:` and `-->`, each with its place in the text.
    pub(super) words: Vec<Range<usize>>,
    /// The mark it begins with.
    pub(super) mark: Range<usize>,
    /// What stands between the line of the first mark and that of the second.
    pub(super) body: Range<usize>,
    /// The level of the heading it stands under; 0 for none.
    pub(super) under: usize,
}

/// What is wrong with a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where in the text.
    pub(super) range: Range<usize>,
    pub(super) message: &'static str,
    pub(super) help: &'static str,
}

/// What a mark begins with, and what ends a region.
const OPEN: &str = "ekiden:";
const CLOSE: &str = "/ekiden";

/// The regions of a text in their order, or everything that is wrong with its marks.
pub(super) fn regions(text: &str) -> Result<Vec<Region>, Vec<Fault>> {
    let mut reader = Reader::default();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => reader.heading(level),
            Event::Start(tag) if nests(&tag) => reader.depth += 1,
            Event::End(tag) if ends(tag) => reader.depth = reader.depth.saturating_sub(1),
            Event::Html(_) => reader.html(text, range),
            Event::InlineHtml(_) => reader.inline(text, range),
            _ => {}
        }
    }
    reader.finish()
}

/// Whether the lines of what it holds begin with something that is not theirs.
fn nests(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::BlockQuote(_) | Tag::Item | Tag::FootnoteDefinition(_))
}

fn ends(tag: TagEnd) -> bool {
    matches!(tag, TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition)
}

#[derive(Default)]
struct Reader {
    regions: Vec<Region>,
    faults: Vec<Fault>,
    /// The region that has begun, its body empty so far.
    open: Option<Region>,
    /// How many regions have begun where none may: their ends are not wrong as well.
    lost: usize,
    /// The level of the last heading outside of regions.
    under: usize,
    /// How many lists and quotations are open.
    depth: usize,
}

/// What the text of a comment is.
enum Mark {
    /// With the place of what follows `ekiden:`.
    Open(Range<usize>),
    Close,
}

impl Reader {
    fn heading(&mut self, level: HeadingLevel) {
        if self.open.is_none() && self.depth == 0 {
            self.under = level as usize;
        }
    }

    /// Looks for marks in a part of a block of HTML, line by line. Lines are those of the text: the
    /// parser leaves out `\r\n`, and takes `\n` in.
    fn html(&mut self, text: &str, range: Range<usize>) {
        let mut start = range.start;
        while start < range.end {
            let rest = text.get(start..).unwrap_or("");
            let line = rest.split_inclusive('\n').next().unwrap_or(rest);
            self.line(text, start, line);
            start += line.len().max(1);
        }
    }

    fn line(&mut self, text: &str, start: usize, line: &str) {
        let from = start + (line.len() - line.trim_start().len());
        let Some(inner) = line.trim_start().strip_prefix("<!--") else { return };
        let inner_at = from + "<!--".len();
        let Some(length) = inner.find("-->") else {
            if mark(inner, inner_at).is_some() {
                let range = from..from + line.trim().len();
                self.fault(range, "this mark is not closed", "end it with `-->` on the same line");
            }
            return;
        };
        let Some(found) = inner.get(..length).and_then(|inner| mark(inner, inner_at)) else {
            return;
        };
        let range = from..inner_at + length + "-->".len();
        let rest = text.get(range.end..start + line.len()).unwrap_or("");
        if self.depth > 0 {
            let help = "put it at the beginning of a line, outside of the list or quotation";
            self.misplaced(&found);
            self.fault(range, "a mark cannot stand in a list or a quotation", help);
        } else if !rest.trim().is_empty() {
            self.misplaced(&found);
            self.fault(
                range,
                "a mark stands on a line of its own",
                "move what follows it to the next line",
            );
        } else {
            self.mark(text, found, range, start..start + line.len());
        }
    }

    /// A mark at `range`, on the line `line`.
    fn mark(&mut self, text: &str, found: Mark, range: Range<usize>, line: Range<usize>) {
        match (found, self.open.take()) {
            (Mark::Open(words), None) => {
                self.open = Some(Region {
                    words: split(text, words),
                    mark: range,
                    body: line.end..line.end,
                    under: self.under,
                });
            }
            (Mark::Open(_), open) => {
                self.open = open;
                self.lost += 1;
                self.fault(range, "a region begins inside another", "end the one before it first");
            }
            (Mark::Close, open) if self.lost > 0 => {
                self.open = open;
                self.lost -= 1;
            }
            (Mark::Close, Some(mut open)) => {
                open.body.end = line.start;
                self.regions.push(open);
            }
            (Mark::Close, None) => {
                let help =
                    "begin it with a mark such as `<!-- ekiden:stages -->`, or remove this one";
                self.fault(range, "no region begins before this end", help);
            }
        }
    }

    /// A mark that is told to stand in the wrong place begins or ends its region nevertheless, so
    /// that its other mark is not told as well.
    fn misplaced(&mut self, found: &Mark) {
        match found {
            Mark::Open(_) => self.lost += 1,
            Mark::Close if self.lost > 0 => self.lost -= 1,
            Mark::Close => self.open = None,
        }
    }

    /// HTML in the middle of a line is no place for a mark.
    fn inline(&mut self, text: &str, range: Range<usize>) {
        let inner = text.get(range.clone()).and_then(|html| html.strip_prefix("<!--"));
        if let Some(found) = inner.and_then(|inner| mark(inner, 0)) {
            self.misplaced(&found);
            let help = "put it at the beginning of a line, with nothing before or behind it";
            self.fault(range, "a mark stands on a line of its own", help);
        }
    }

    fn not_ended(&mut self, range: Range<usize>) {
        let help = "write `<!-- /ekiden -->` on a line of its own where it ends";
        self.fault(range, "this region has no end", help);
    }

    fn fault(&mut self, range: Range<usize>, message: &'static str, help: &'static str) {
        self.faults.push(Fault { range, message, help });
    }

    fn finish(mut self) -> Result<Vec<Region>, Vec<Fault>> {
        if let Some(open) = self.open.take() {
            self.not_ended(open.mark);
        }
        self.faults.sort_by_key(|fault| fault.range.start);
        if self.faults.is_empty() { Ok(self.regions) } else { Err(self.faults) }
    }
}

/// What the inner text of a comment says, if it is a mark. `at` is its place.
fn mark(inner: &str, at: usize) -> Option<Mark> {
    let start = at + (inner.len() - inner.trim_start().len());
    let inner = inner.trim();
    if inner == CLOSE {
        return Some(Mark::Close);
    }
    let words = inner.strip_prefix(OPEN)?;
    Some(Mark::Open(start + OPEN.len()..start + OPEN.len() + words.len()))
}

/// The places of the words in a part of the text.
fn split(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let part = text.get(range.clone()).unwrap_or("");
    let mut words = Vec::new();
    let mut at = range.start;
    for word in part.split_ascii_whitespace() {
        // Words are found in their order: the next one is not before the end of the last.
        let rest = text.get(at..range.end).unwrap_or("");
        let start = at + rest.find(word).unwrap_or(0);
        at = start + word.len();
        words.push(start..at);
    }
    words
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::string_slice, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    /// Words, body and level of each region.
    fn read(text: &str) -> Vec<(Vec<&str>, &str, usize)> {
        let region = |region: Region| {
            let words = region.words.iter().map(|word| &text[word.clone()]).collect();
            (words, &text[region.body], region.under)
        };
        regions(text).unwrap().into_iter().map(region).collect()
    }

    fn faults(text: &str) -> Vec<(&str, &str)> {
        let faults = regions(text).unwrap_err();
        faults.into_iter().map(|fault| (&text[fault.range], fault.message)).collect()
    }

    #[test]
    fn regions_know_their_words_and_heading() {
        let text = "intro\n<!-- ekiden:stages -->\n<!-- /ekiden -->\n\nTitle\n---\n\n<!--ekiden:stage  mql in ja-->\n# old\n\n<!-- /ekiden -->\n<!-- ekiden:map -->\nx\n<!-- /ekiden -->";
        let expected = vec![
            (vec!["stages"], "", 0),
            (vec!["stage", "mql", "in", "ja"], "# old\n\n", 2),
            (vec!["map"], "x\n", 2),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn marks_in_code_and_other_comments_are_text() {
        let text = "```html\n<!-- ekiden:stages -->\n```\n\n    <!-- ekiden:map -->\n\n`<!-- /ekiden -->` <!-- note -->\n\n<!-- more\nekiden:stages -->\n";
        assert_eq!(read(text), vec![]);
    }

    #[test]
    fn a_region_may_stand_in_html() {
        let text = "<details>\n\n<!-- ekiden:map -->\n\nold\n\n<!-- /ekiden -->\n\n</details>\n";
        assert_eq!(read(text), vec![(vec!["map"], "\nold\n\n", 0)]);
        let text = "<details>\n<!-- ekiden:map -->\n\nold\n\n<!-- /ekiden -->\n</details>\n";
        assert_eq!(read(text), vec![(vec!["map"], "\nold\n\n", 0)]);
    }

    #[test]
    fn lines_may_end_as_on_windows() {
        let text = "# a\r\n\r\n<!-- ekiden:map -->\r\nold\r\n<!-- /ekiden -->\r\n";
        assert_eq!(read(text), vec![(vec!["map"], "old\r\n", 1)]);
    }

    #[test]
    fn faults_are_told_at_the_mark() {
        let open = "<!-- ekiden:map -->";
        assert_eq!(faults(open), [(open, "this region has no end")]);
        assert_eq!(
            faults("<!-- /ekiden -->\n"),
            [("<!-- /ekiden -->", "no region begins before this end")]
        );
        assert_eq!(
            faults("<!-- ekiden:map -->\n\n<!-- ekiden:goals -->\n<!-- /ekiden -->\n"),
            [
                (open, "this region has no end"),
                ("<!-- ekiden:goals -->", "a region begins inside another"),
            ]
        );
        let goals = "<!-- ekiden:goals -->\n<!-- /ekiden -->\n";
        assert_eq!(
            faults(&format!("{open}\n{goals}<!-- /ekiden -->\n")),
            [("<!-- ekiden:goals -->", "a region begins inside another")]
        );
        assert_eq!(
            faults(&format!("{open} word\n<!-- /ekiden -->\n\n{open}\n<!-- /ekiden --> word\n")),
            [
                (open, "a mark stands on a line of its own"),
                ("<!-- /ekiden -->", "a mark stands on a line of its own"),
            ]
        );
        assert_eq!(
            faults("- <!-- ekiden:map -->\n"),
            [(open, "a mark cannot stand in a list or a quotation")]
        );
        assert_eq!(
            faults("word <!-- ekiden:map -->\n"),
            [(open, "a mark stands on a line of its own")]
        );
        assert_eq!(
            faults("<!-- ekiden:map --> word\n"),
            [(open, "a mark stands on a line of its own")]
        );
        assert_eq!(faults("<!-- ekiden:map\n"), [("<!-- ekiden:map", "this mark is not closed")]);
    }
}
