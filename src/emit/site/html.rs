//! HTML: text made safe for it, and Markdown of others made part of a page.
//!
//! Nothing that people wrote becomes markup but what Markdown has: raw HTML is shown as text, and links lead to
//! the web or to a mail address. Words of the glossary lead to their meaning.

use std::fmt::Write;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::emit::handbook::Linker;
use crate::emit::handbook::prose::{address_at, depth_of, events, one_line, printable};

/// How deep quotes and lists are written inside each other; deeper ones are written flat.
const MAX_DEPTH: usize = 12;

/// A text for an element or a quoted attribute, on one line.
pub(in crate::emit) fn escape(text: &str) -> String {
    escaped(&one_line(text))
}

/// Escapes without touching line breaks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Plain text on one line, with web addresses as links and words of the glossary led to their
/// meaning.
pub(super) fn line(text: &str, terms: &mut Linker<'_>) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    words(&text, terms, &mut out);
    out
}

/// Plain text on one line, with nothing but web addresses as links.
pub(super) fn with_links(text: &str) -> String {
    line(text, &mut Linker::none())
}

/// Words as HTML.
fn words(text: &str, linker: &mut Linker<'_>, out: &mut String) {
    let mut plain = 0;
    let mut before = ' ';
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let found = match address_at(text, at, before) {
            Some(address) => {
                let safe = escaped(address);
                Some((address.len(), format!("<a href=\"{safe}\">{safe}</a>")))
            }
            None => term_at(text, at, before, linker),
        };
        match found {
            Some((length, html)) if length > 0 => {
                out.push_str(&escaped(text.get(plain..at).unwrap_or("")));
                out.push_str(&html);
                before =
                    text.get(at..at + length).and_then(|word| word.chars().last()).unwrap_or(' ');
                at += length;
                plain = at;
            }
            _ => {
                before = c;
                at += c.len_utf8();
            }
        }
    }
    out.push_str(&escaped(text.get(plain..).unwrap_or("")));
}

fn term_at(
    text: &str,
    at: usize,
    before: char,
    linker: &mut Linker<'_>,
) -> Option<(usize, String)> {
    let led = linker.at(text, at, before)?;
    let word = text.get(at..at + led.length)?;
    let href = escape(&led.address);
    let meaning = match led.meaning.is_empty() {
        true => String::new(),
        false => format!(" title=\"{}\"", escape(led.meaning)),
    };
    let link = format!("<a class=\"term\" href=\"{href}\"{meaning}>{}</a>", escaped(word));
    Some((led.length, link))
}

/// Markdown as a part of a page that knows no glossary.
pub(in crate::emit) fn embed_alone(markdown: &str, under: usize) -> String {
    embed(markdown, under, &mut Linker::none())
}

/// Markdown as a part of a page, its headings under one of level `under`.
pub(super) fn embed(markdown: &str, under: usize, linker: &mut Linker<'_>) -> String {
    let printable = printable(markdown);
    let mut writer = Writer {
        out: String::with_capacity(markdown.len() * 2),
        under,
        outline: Vec::new(),
        depth: 0,
        open: Vec::new(),
        in_code: false,
        in_head: false,
    };
    for event in events(&printable) {
        writer.event(event, linker);
    }
    writer.out
}

struct Writer {
    out: String,
    /// The level of the page's heading above.
    under: usize,
    /// The levels, as in the source, of the headings the next one stands under.
    outline: Vec<usize>,
    depth: usize,
    /// What closes the links, headings, lists and quotes that are open.
    open: Vec<&'static str>,
    in_code: bool,
    in_head: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>, linker: &mut Linker<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_code => self.out.push_str(&escaped(&text)),
            Event::Text(text) => {
                // A link cannot hold another one.
                let in_link = self.open.contains(&"</a>");
                match in_link {
                    true => self.out.push_str(&escaped(&text)),
                    false => words(&text, linker, &mut self.out),
                }
            }
            Event::Code(text) => {
                let _ = write!(self.out, "<code>{}</code>", escaped(&text));
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => self.out.push_str("<hr>"),
            Event::TaskListMarker(done) => self.out.push_str(if done { "☑ " } else { "☐ " }),
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
            Tag::Paragraph => self.out.push_str("<p>"),
            Tag::Heading { level, .. } => {
                let level = self.heading(depth_of(level));
                let (open, close) = HEADINGS.get(level - 1).copied().unwrap_or(("<h6>", "</h6>"));
                self.out.push_str(open);
                self.open.push(close);
            }
            Tag::BlockQuote(_) => self.nest("<blockquote>", "</blockquote>"),
            Tag::List(Some(start)) if start != 1 => {
                if self.depth < MAX_DEPTH {
                    let _ = write!(self.out, "<ol start=\"{start}\">");
                }
                self.nest("", "</ol>");
            }
            Tag::List(Some(_)) => self.nest("<ol>", "</ol>"),
            Tag::List(None) => self.nest("<ul>", "</ul>"),
            // Items of a list that is written flat are paragraphs.
            Tag::Item if self.depth > MAX_DEPTH => self.out.push(' '),
            Tag::Item => self.out.push_str("<li>"),
            Tag::CodeBlock(_) => {
                self.in_code = true;
                self.out.push_str("<pre tabindex=\"0\"><code>");
            }
            Tag::Table(_) => self.out.push_str("<div class=\"scroll\" tabindex=\"0\"><table>"),
            Tag::TableHead => {
                self.in_head = true;
                self.out.push_str("<thead><tr>");
            }
            Tag::TableRow => self.out.push_str("<tr>"),
            Tag::TableCell => {
                self.out.push_str(if self.in_head { "<th scope=\"col\">" } else { "<td>" })
            }
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<s>"),
            Tag::Link { dest_url, .. } => self.link(&dest_url),
            // A picture on the web would be fetched from there: its description stands for it.
            Tag::Image { dest_url, .. } => self.link(&dest_url),
            _ => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Paragraph => self.out.push_str("</p>"),
            TagEnd::Heading(_) | TagEnd::Link | TagEnd::Image => {
                self.out.push_str(self.open.pop().unwrap_or(""));
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.depth = self.depth.saturating_sub(1);
                self.out.push_str(self.open.pop().unwrap_or(""));
            }
            TagEnd::Item if self.depth > MAX_DEPTH => {}
            TagEnd::Item => self.out.push_str("</li>"),
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.out.push_str("</code></pre>");
            }
            TagEnd::Table => self.out.push_str("</tbody></table></div>"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.out.push_str("</tr></thead><tbody>");
            }
            TagEnd::TableRow => self.out.push_str("</tr>"),
            TagEnd::TableCell => self.out.push_str(if self.in_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.push_str("</s>"),
            _ => {}
        }
    }

    fn nest(&mut self, open: &'static str, close: &'static str) {
        self.depth += 1;
        match self.depth > MAX_DEPTH {
            true => self.open.push(""),
            false => {
                self.out.push_str(open);
                self.open.push(close);
            }
        }
    }

    /// The level of a heading on the page: one below the one it stands under.
    fn heading(&mut self, level: usize) -> usize {
        while self.outline.last().is_some_and(|last| *last >= level) {
            self.outline.pop();
        }
        self.outline.push(level);
        (self.under + self.outline.len()).clamp(1, 6)
    }

    /// Begins a link, if it leads to the web and is not inside of one.
    fn link(&mut self, target: &str) {
        let on_web = ["http://", "https://", "mailto:"].iter().any(|p| target.starts_with(p));
        match on_web && !self.open.contains(&"</a>") {
            true => {
                let _ = write!(self.out, "<a href=\"{}\">", escape(target).replace(' ', "%20"));
                self.open.push("</a>");
            }
            false => self.open.push(""),
        }
    }
}

const HEADINGS: &[(&str, &str)] = &[
    ("<h1>", "</h1>"),
    ("<h2>", "</h2>"),
    ("<h3>", "</h3>"),
    ("<h4>", "</h4>"),
    ("<h5>", "</h5>"),
    ("<h6>", "</h6>"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::handbook::Terms;

    fn html(markdown: &str) -> String {
        embed(markdown, 1, &mut Linker::none())
    }

    #[test]
    fn html_becomes_text() {
        assert_eq!(escape("<a href='x'>&\"\n"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
        assert_eq!(html("a <b>bold</b>"), "<p>a &lt;b&gt;bold&lt;/b&gt;</p>");
        assert_eq!(
            html("<script>\nalert(1)\n</script>"),
            "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>"
        );
        assert_eq!(html("```\n<i>\n```"), "<pre tabindex=\"0\"><code>&lt;i&gt;\n</code></pre>");
    }

    #[test]
    fn links_lead_to_the_web_or_nowhere() {
        assert_eq!(html("[x](javascript:alert(1))"), "<p>x</p>");
        assert_eq!(html("[x](other.md)"), "<p>x</p>");
        assert_eq!(
            html("[x](https://e.com/?a=1&b)"),
            "<p><a href=\"https://e.com/?a=1&amp;b\">x</a></p>"
        );
        assert_eq!(
            html("![p](https://e.com/a.png)"),
            "<p><a href=\"https://e.com/a.png\">p</a></p>"
        );
        assert_eq!(
            with_links("see https://e.com/a."),
            "see <a href=\"https://e.com/a\">https://e.com/a</a>."
        );
    }

    #[test]
    fn headings_fit_under_the_page() {
        assert_eq!(html("# Top\n\n### Deep"), "<h2>Top</h2><h3>Deep</h3>");
        assert_eq!(html("###### a\n\n# b"), "<h2>a</h2><h2>b</h2>");
    }

    #[test]
    fn lists_and_tables_are_closed() {
        assert_eq!(html("1. a\n2. b"), "<ol><li>a</li><li>b</li></ol>");
        assert_eq!(
            html("| a |\n| - |\n| b |"),
            "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table></div>"
        );
        let deep = html(&("- ".repeat(500) + "deep"));
        assert_eq!(deep.matches("<ul>").count(), deep.matches("</ul>").count());
        assert_eq!(deep.matches("<li>").count(), deep.matches("</li>").count());
        let quoted = html(&format!("{} deep", ">".repeat(5000)));
        assert_eq!(quoted.matches("<blockquote>").count(), quoted.matches("</blockquote>").count());
    }

    #[test]
    fn words_of_the_glossary_lead_to_their_meaning_once() {
        let mut terms = Terms::default();
        terms.add("mql", "A <lead>.", &["MQL", "Marketing lead"]);
        terms.add("lead", "Somebody.", &["리드"]);
        let link = |text: &str| {
            let address = |name: &str| format!("g.html#{name}");
            line(text, &mut Linker::new(&terms, &address, None))
        };
        assert_eq!(
            link("An MQL, another MQL, MQLs"),
            "An <a class=\"term\" href=\"g.html#mql\" title=\"A &lt;lead&gt;.\">MQL</a>, another MQL, MQLs"
        );
        assert_eq!(
            link("xMQL marketing lead"),
            "xMQL <a class=\"term\" href=\"g.html#mql\" title=\"A &lt;lead&gt;.\">marketing lead</a>"
        );
        assert_eq!(
            link("이 리드가"),
            "이 <a class=\"term\" href=\"g.html#lead\" title=\"Somebody.\">리드</a>가"
        );
    }
}
