//! Markdown of others, written anew.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Tag, TagEnd};
use rustc_hash::FxHashMap;

use super::{Links, code, escaped, heading_of};
use crate::emit::handbook::Linker;
use crate::emit::handbook::prose::{depth_of, events, printable};

/// How deep quotes and lists are written inside each other; deeper ones are written flat.
const MAX_DEPTH: usize = 12;

/// The deepest heading Markdown has.
const MAX_HEADING: usize = 6;

/// Markdown as a part of a page, its headings under one of level `under`. Ends without a line
/// break; empty when there is nothing to show.
pub(in crate::emit) fn embed(markdown: &str, under: usize) -> String {
    embed_with(markdown, under, &mut Linker::none())
}

/// The same, with words of the glossary led to their meaning.
pub(in crate::emit::docs) fn embed_with(
    markdown: &str,
    under: usize,
    linker: &mut Linker<'_>,
) -> String {
    let mut writer = Writer::new(under, linker);
    for event in events(&printable(markdown)) {
        writer.event(event);
    }
    writer.finish().join("\n")
}

/// The lines of a block.
type Block = Vec<String>;

/// A block that is being written.
struct Frame {
    kind: Kind,
    /// What it holds so far.
    blocks: Vec<Block>,
    /// Words that belong to no inner block yet.
    words: String,
    /// Some item holds whole paragraphs: items stand apart.
    loose: bool,
}

enum Kind {
    Root,
    /// Written flat, for it is nested too deep.
    Flat,
    Quote,
    List(Option<u64>),
    Item,
    Paragraph,
    Heading(usize),
    Code(String),
    Table(Vec<Alignment>),
    Row,
    Cell,
}

/// A link or image whose text is being written.
struct Anchor {
    start: usize,
    target: String,
    image: bool,
    automatic: bool,
}

struct Writer<'l, 't> {
    linker: &'l mut Linker<'t>,
    frames: Vec<Frame>,
    anchors: Vec<Anchor>,
    /// The level of the page's heading above.
    under: usize,
    /// The levels, as in the source, of the headings the next one stands under.
    outline: Vec<usize>,
    headings: FxHashMap<String, usize>,
}

impl<'l, 't> Writer<'l, 't> {
    fn new(under: usize, linker: &'l mut Linker<'t>) -> Self {
        let root =
            Frame { kind: Kind::Root, blocks: Vec::new(), words: String::new(), loose: true };
        let headings = FxHashMap::default();
        let (frames, anchors, outline) = (vec![root], Vec::new(), Vec::new());
        Self { linker, frames, anchors, under, outline, headings }
    }

    fn finish(mut self) -> Block {
        while self.frames.len() > 1 {
            self.close();
        }
        self.flush();
        self.frames.pop().map_or_else(Vec::new, |root| separated(root.blocks))
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(end),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                let text = self.code_span(&text);
                self.push(&text);
            }
            Event::SoftBreak | Event::HardBreak if self.is_one_line() => self.push(" "),
            Event::SoftBreak => self.push("\n"),
            Event::HardBreak => self.push("\\\n"),
            Event::Rule => {
                self.flush();
                self.block(vec!["---".to_owned()]);
            }
            Event::TaskListMarker(done) => self.push(if done { "[x] " } else { "[ ] " }),
            // Not enabled, or turned into text before.
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.open(Kind::Paragraph),
            Tag::Heading { level, .. } => self.open(Kind::Heading(depth_of(level))),
            Tag::BlockQuote(_) => self.open_nested(Kind::Quote),
            Tag::List(start) => self.open_nested(Kind::List(start)),
            Tag::Item => self.open(Kind::Item),
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => word_of(&info),
                    CodeBlockKind::Indented => String::new(),
                };
                self.open(Kind::Code(language));
            }
            Tag::Table(alignments) => self.open(Kind::Table(alignments)),
            Tag::TableHead | Tag::TableRow => self.open(Kind::Row),
            Tag::TableCell => self.open(Kind::Cell),
            Tag::Emphasis => self.push("*"),
            Tag::Strong => self.push("**"),
            Tag::Strikethrough => self.push("~~"),
            Tag::Link { link_type, dest_url, .. } => {
                let automatic = matches!(link_type, LinkType::Autolink | LinkType::Email);
                self.anchor(&dest_url, false, automatic);
            }
            Tag::Image { dest_url, .. } => self.anchor(&dest_url, true, false),
            _ => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Emphasis => self.push("*"),
            TagEnd::Strong => self.push("**"),
            TagEnd::Strikethrough => self.push("~~"),
            TagEnd::Link | TagEnd::Image => self.close_anchor(),
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::CodeBlock
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell => self.close(),
            _ => {}
        }
    }

    fn open(&mut self, kind: Kind) {
        self.flush();
        if matches!(kind, Kind::Paragraph) {
            // A paragraph in an item makes its list loose.
            let mut around = self.frames.iter_mut().rev();
            if let (Some(Frame { kind: Kind::Item, .. }), Some(list)) =
                (around.next(), around.next())
            {
                list.loose = true;
            }
        }
        let frame = Frame { kind, blocks: Vec::new(), words: String::new(), loose: false };
        self.frames.push(frame);
    }

    fn open_nested(&mut self, kind: Kind) {
        let nested =
            |frame: &&Frame| matches!(frame.kind, Kind::Quote | Kind::List(_) | Kind::Flat);
        match self.frames.iter().filter(nested).count() > MAX_DEPTH {
            true => self.open(Kind::Flat),
            false => self.open(kind),
        }
    }

    /// Ends the innermost block and hands its lines to the one around it.
    fn close(&mut self) {
        self.flush();
        if self.frames.len() < 2 {
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        match frame.kind {
            Kind::Root | Kind::Flat => frame.blocks.into_iter().for_each(|block| self.block(block)),
            Kind::Paragraph => self.paragraph(frame.blocks),
            Kind::Heading(level) => {
                let text = frame.blocks.concat().join(" ");
                self.heading(level, &text);
            }
            Kind::Quote => {
                let quoted =
                    separated(frame.blocks).into_iter().map(|line| match line.is_empty() {
                        true => ">".to_owned(),
                        false => format!("> {line}"),
                    });
                self.block(quoted.collect());
            }
            Kind::List(start) => self.list(start, frame.loose, frame.blocks),
            Kind::Item => {
                let loose = self.frames.last().is_some_and(|list| list.loose);
                let lines = if loose { separated(frame.blocks) } else { tight(frame.blocks) };
                self.block(lines);
            }
            Kind::Code(language) => self.code(&language, &frame.blocks.concat().join("\n")),
            Kind::Cell => {
                let text = frame.blocks.concat().join(" ");
                self.block(vec![text]);
            }
            Kind::Row => {
                let cells: Vec<String> = frame.blocks.into_iter().flatten().collect();
                self.block(vec![format!("| {} |", cells.join(" | "))]);
            }
            Kind::Table(alignments) => self.table(&alignments, frame.blocks),
        }
    }

    /// Makes a block of the words that stand alone, as in a tight list item.
    fn flush(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        let words = std::mem::take(&mut frame.words);
        let is_code = matches!(frame.kind, Kind::Code(_));
        let lines: Block = match is_code {
            true if words.is_empty() => return,
            true => words.lines().map(str::to_owned).collect(),
            false => words.lines().map(|line| line.trim().to_owned()).collect(),
        };
        let mut lines: Block =
            lines.into_iter().filter(|line| is_code || !line.is_empty()).collect();
        if !is_code {
            // A break at the very end breaks nothing.
            if let Some(last) = lines.last_mut()
                && last.ends_with('\\')
                && !last.ends_with("\\\\")
            {
                last.pop();
            }
        }
        if !lines.is_empty() {
            frame.blocks.push(lines);
        }
    }

    fn block(&mut self, lines: Block) {
        if let Some(frame) = self.frames.last_mut()
            && !lines.is_empty()
        {
            frame.blocks.push(lines);
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(frame) = self.frames.last_mut() {
            frame.words.push_str(text);
        }
    }

    fn text(&mut self, text: &str) {
        let in_anchor = !self.anchors.is_empty();
        let Some(frame) = self.frames.last_mut() else { return };
        if matches!(frame.kind, Kind::Code(_)) {
            frame.words.push_str(&text.replace('\t', "    "));
            return;
        }
        // Headings stay as they are: some program makes addresses of them.
        let is_heading = matches!(frame.kind, Kind::Heading(_));
        let mut none = Linker::none();
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                frame.words.push('\n');
            }
            let starts_line = frame.words.is_empty() || frame.words.ends_with('\n');
            let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let line = if starts_line { line.trim_start() } else { &line };
            let links = match (in_anchor, is_heading) {
                (true, _) => Links::Text,
                (false, true) => Links::Made(&mut none),
                (false, false) => Links::Made(&mut *self.linker),
            };
            frame.words.push_str(&escaped(line, links, starts_line));
        }
    }

    /// Whether what is being written cannot have line breaks.
    fn is_one_line(&self) -> bool {
        let kind = self.frames.last().map(|frame| &frame.kind);
        matches!(kind, Some(Kind::Heading(_) | Kind::Cell))
    }

    /// Code; in a table its bars would end the cell.
    fn code_span(&self, text: &str) -> String {
        let in_table = self.frames.iter().any(|frame| matches!(frame.kind, Kind::Cell));
        match in_table {
            true => code(text).replace('|', "\\|"),
            false => code(text),
        }
    }

    fn anchor(&mut self, target: &str, image: bool, automatic: bool) {
        let start = self.frames.last().map_or(0, |frame| frame.words.len());
        self.anchors.push(Anchor { start, target: target.to_owned(), image, automatic });
    }

    /// Ends a link. Only addresses on the web are kept as links: nothing else can be known to lead
    /// anywhere from where the page will stand, and `javascript:` must not.
    fn close_anchor(&mut self) {
        let Some(anchor) = self.anchors.pop() else { return };
        let target_code = self.code_span(&anchor.target);
        let Some(frame) = self.frames.last_mut() else { return };
        if anchor.start > frame.words.len() {
            return;
        }
        let text = frame.words.split_off(anchor.start);
        let text = text.trim();
        let on_web =
            ["http://", "https://", "mailto:"].iter().any(|p| anchor.target.starts_with(p));
        let target = address(&anchor.target);
        let written = match (on_web, text.is_empty()) {
            _ if anchor.automatic && on_web => format!("<{target}>"),
            // At the start of a line `<!` or `</` would begin HTML.
            _ if anchor.automatic
                && anchor.target.contains('@')
                && anchor.target.starts_with(|c: char| c.is_ascii_alphanumeric()) =>
            {
                format!("<{target}>")
            }
            _ if anchor.automatic => text.to_owned(),
            (true, false) if anchor.image => format!("![{text}]({target})"),
            (true, true) if anchor.image => {
                format!("![{}]({target})", escaped(&target, Links::Text, false))
            }
            (true, false) => format!("[{text}]({target})"),
            (true, true) => format!("<{target}>"),
            (false, _) if anchor.target.is_empty() => text.to_owned(),
            (false, true) => target_code,
            (false, false) => format!("{text} ({target_code})"),
        };
        frame.words.push_str(&written);
    }

    fn paragraph(&mut self, blocks: Vec<Block>) {
        let lines = blocks.concat();
        // A paragraph that is nothing but emphasis is a heading in all but name.
        if let ([line], true) = (lines.as_slice(), self.frames.len() == 1) {
            let marked = ["**", "*"].iter().find_map(|mark| {
                let inner = line.strip_prefix(mark)?.strip_suffix(mark)?;
                (!inner.is_empty() && !inner.contains('*')).then(|| inner.to_owned())
            });
            if let Some(text) = marked {
                let level = self.outline.last().copied().unwrap_or(1);
                self.heading(level, &text);
                return;
            }
        }
        self.block(lines);
    }

    /// A heading, one level below the one it stands under, and like no other.
    fn heading(&mut self, level: usize, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        while self.outline.last().is_some_and(|last| *last >= level) {
            self.outline.pop();
        }
        self.outline.push(level);
        let level = (self.under + self.outline.len()).min(MAX_HEADING);
        let count = self.headings.entry(text.to_owned()).or_insert(0);
        *count += 1;
        let number = if *count > 1 { format!(" ({count})") } else { String::new() };
        let text = heading_of(&format!("{text}{number}"));
        self.block(vec![format!("{} {text}", "#".repeat(level))]);
    }

    fn list(&mut self, start: Option<u64>, loose: bool, items: Vec<Block>) {
        let mut lines = Block::new();
        for (index, item) in items.into_iter().enumerate() {
            if loose && index > 0 {
                lines.push(String::new());
            }
            let mark = match start {
                None => "- ".to_owned(),
                Some(first) => format!("{}. ", first.saturating_add(index as u64)),
            };
            let indent = " ".repeat(mark.len());
            for (number, line) in item.into_iter().enumerate() {
                lines.push(match (number, line.is_empty()) {
                    (0, _) => format!("{mark}{line}"),
                    (_, true) => line,
                    (_, false) => format!("{indent}{line}"),
                });
            }
        }
        self.block(lines);
    }

    fn code(&mut self, language: &str, text: &str) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let language = if language.is_empty() { "text" } else { language };
        let mut lines = vec![format!("{fence}{language}")];
        lines.extend(text.lines().map(|line| line.trim_end().to_owned()));
        lines.push(fence);
        self.block(lines);
    }

    fn table(&mut self, alignments: &[Alignment], rows: Vec<Block>) {
        let marks = alignments.iter().map(|alignment| match alignment {
            Alignment::None => "---",
            Alignment::Left => ":---",
            Alignment::Center => ":---:",
            Alignment::Right => "---:",
        });
        let marks = format!("| {} |", marks.collect::<Vec<_>>().join(" | "));
        let mut lines: Block = rows.into_iter().flatten().collect();
        lines.insert(1.min(lines.len()), marks);
        self.block(lines);
    }
}

/// Blocks with an empty line between them.
fn separated(blocks: Vec<Block>) -> Block {
    blocks.join(&String::new())
}

/// The blocks of an item in a tight list: words, and lists under them.
fn tight(blocks: Vec<Block>) -> Block {
    let is_list = |block: &Block| {
        block.first().is_some_and(|line| {
            line.starts_with("- ")
                || line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(". ")
        })
    };
    let mut lines = Block::new();
    for block in blocks {
        if !lines.is_empty() && !is_list(&block) {
            lines.push(String::new());
        }
        lines.extend(block);
    }
    lines
}

/// A link's target without signs that would end it.
fn address(target: &str) -> String {
    let mut out = String::with_capacity(target.len());
    for c in target.chars() {
        match c {
            ' ' | '<' | '>' | '(' | ')' | '"' | '\\' | '|' | '`' | '*' | '[' | ']' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// The first word of a fence's info, if it can be the name of a language.
fn word_of(info: &str) -> String {
    let word = info.split_whitespace().next().unwrap_or("");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
    word.chars().filter(|c| plain(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_markdown_stays_as_it_is() {
        for text in [
            "One paragraph.",
            "Two\n\nparagraphs, *one* with **marks** and `code`.",
            "1. Ask what changed.\n2. Listen.\n   - really\n   - listen\n3. Write it down.",
            "- a\n\n- b\n\n  more of b",
            "> quoted\n>\n> twice",
            "```sql\nselect 1\n```",
            "| a | b |\n| --- | ---: |\n| 1 | 2 |",
            "[a link](https://example.com) and <https://example.com/x>",
            "- [ ] open\n- [x] done",
            "a\\\nb",
        ] {
            assert_eq!(embed(text, 2), text);
        }
    }

    #[test]
    fn sloppy_markdown_is_laid_out_in_one_style() {
        assert_eq!(embed("Text\n* a\n* b\n\n\n\nend  ", 2), "Text\n\n- a\n- b\n\nend");
        assert_eq!(embed("    code\there", 2), "```text\ncode    here\n```");
        assert_eq!(embed("_a_ __b__", 2), "*a* **b**");
        assert_eq!(embed("see https://example.com.", 2), "see <https://example.com>.");
        assert_eq!(embed("a  \nb", 2), "a\\\nb");
    }

    #[test]
    fn html_becomes_text() {
        assert_eq!(embed("a <b>bold</b> word", 2), "a \\<b>bold\\</b> word");
        assert_eq!(embed("<script>\nalert(1)\n</script>", 2), "\\<script>\nalert(1)\n\\</script>");
        assert_eq!(embed("<!-- gone -->", 2), "\\<!-- gone -->");
        assert_eq!(embed("`<b>` stays", 2), "`<b>` stays");
        // Which backticks belong together depends on the blocks around them.
        assert_eq!(embed("- a ``x`\n- b ` <i> ``", 2), "- a \\`\\`x\\`\n- b \\` \\<i> \\`\\`");
    }

    #[test]
    fn headings_fit_under_the_page() {
        assert_eq!(embed("# Top\n\n### Deep\n\ntext", 2), "### Top\n\n#### Deep\n\ntext");
        assert_eq!(embed("### a\n\n# b\n\n## c", 1), "## a\n\n## b\n\n### c");
        assert_eq!(embed("Title\n=====", 5), "###### Title");
        assert_eq!(embed("## Same\n\n## Same", 1), "## Same\n\n## Same (2)");
        assert_eq!(embed("# End.", 1), "## End&#46;");
        assert_eq!(embed("**Note**\n\ntext", 1), "## Note\n\ntext");
    }

    #[test]
    fn links_lead_to_the_web_or_nowhere() {
        assert_eq!(embed("[x](javascript:alert(1))", 1), "x (`javascript:alert(1)`)");
        assert_eq!(embed("[x](other.md)", 1), "x (`other.md`)");
        assert_eq!(embed("[x]()", 1), "x");
        assert_eq!(
            embed("![](https://e.com/a.png)", 1),
            r"![https\://e.com/a.png](https://e.com/a.png)"
        );
    }

    #[test]
    fn deep_nesting_is_written_flat() {
        let quoted = embed(&format!("{} deep", ">".repeat(5000)), 1);
        assert!(quoted.len() < 100, "{quoted}");
        assert!(quoted.ends_with("deep"));
        let listed = embed(&("- ".repeat(500) + "deep"), 1);
        assert!(listed.contains("deep"));
    }
}
