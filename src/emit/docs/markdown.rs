//! Markdown: text made safe for it, and Markdown of others made part of a page.
//!
//! What people wrote as plain text stays plain text, whatever signs are in it. What they wrote as
//! Markdown is parsed and written anew in one style, so that raw HTML becomes text, headings fit
//! under those of the page, and the page stays clean for linters however the source was laid out.

mod embed;

use crate::emit::handbook::Linker;
use crate::emit::handbook::prose::{address_at, one_line};

pub(super) use crate::emit::handbook::prose::plain;
pub(in crate::emit) use embed::embed;
pub(super) use embed::embed_with;

/// A text on one line of Markdown, in a place where a line or list item may begin with it.
pub(in crate::emit) fn escape(text: &str) -> String {
    escaped(&one_line(text), Links::Text, true)
}

/// A text on one line of Markdown where no line begins: in a heading, a cell, a link.
pub(super) fn inline(text: &str) -> String {
    escaped(&one_line(text), Links::Text, false)
}

/// Like [`inline`], with web addresses made links.
pub(super) fn with_links(text: &str) -> String {
    line(text, &mut Linker::none())
}

/// The same, and words of the glossary led to their meaning.
pub(super) fn line(text: &str, linker: &mut Linker<'_>) -> String {
    escaped(&one_line(text), Links::Made(linker), false)
}

/// A heading's text.
pub(super) fn heading(text: &str) -> String {
    heading_of(&inline(text))
}

/// Markdown of one line as the text of a heading. A full stop or its like at the end is written as
/// an entity: it belongs to the title, though headings should have none. Signs that would be taken
/// for the heading's own end are escaped.
pub(super) fn heading_of(markdown: &str) -> String {
    let bare = markdown.trim_end_matches('#');
    if bare.len() < markdown.len() && (bare.is_empty() || bare.ends_with(' ')) {
        let signs = markdown.get(bare.len()..).unwrap_or("");
        return format!("{bare}\\{signs}");
    }
    let mut out = markdown.to_owned();
    match out.pop() {
        Some(last @ ('.' | ',' | ':' | '!' | '。' | '，' | '；' | '：' | '！')) => {
            // A sign that was escaped leaves its backslash behind.
            let backslashes = out.chars().rev().take_while(|c| *c == '\\').count();
            if backslashes % 2 == 1 {
                out.pop();
            }
            out.push_str(&format!("&#{};", u32::from(last)));
        }
        Some(last) => out.push(last),
        None => {}
    }
    out
}

/// Code between as many backticks as it needs.
pub(super) fn code(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() {
        return text;
    }
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// What becomes a link in a text.
enum Links<'l, 't> {
    /// Web addresses, and words of the glossary.
    Made(&'l mut Linker<'t>),
    /// Nothing.
    Text,
}

/// Escapes every sign that would be more than itself. `starts_line`: the first sign could also make
/// the line a heading, a list item, a quote or a rule.
fn escaped(text: &str, mut links: Links<'_, '_>, starts_line: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    // Where an ordered list would have its full stop.
    let list_mark = match text.bytes().take_while(u8::is_ascii_digit).count() {
        0 => None,
        digits => Some(digits),
    };
    let mut before = ' ';
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at + c.len_utf8()..).unwrap_or("");
        let after = rest.chars().next().unwrap_or(' ');
        if let Links::Made(linker) = &mut links {
            let found = match address_at(text, at, before) {
                Some(address) => Some((address, format!("<{address}>"))),
                None => linker.at(text, at, before).and_then(|led| {
                    let word = text.get(at..at + led.length)?;
                    Some((word, format!("[{}]({})", inline(word), led.address)))
                }),
            };
            if let Some((written, link)) = found.filter(|(written, _)| !written.is_empty()) {
                out.push_str(&link);
                before = written.chars().last().unwrap_or(' ');
                at += written.len();
                continue;
            }
        }
        let word = |c: char| c.is_alphanumeric();
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '$' => true,
            '_' => !(word(before) && word(after)),
            '&' => word(after) || after == '#',
            '@' => word(before) && word(after),
            '.' if before == 'w' => {
                text.get(..at).is_some_and(|t| t.to_lowercase().ends_with("www"))
            }
            // One backslash keeps the rest from being found as a link.
            ':' => rest.starts_with("//") && word(before),
            '>' => starts_line && at == 0,
            '#' => starts_line && at == 0 && matches!(after, '#' | ' '),
            '+' => starts_line && at == 0 && after == ' ',
            '-' | '=' => starts_line && at == 0 && matches!(after, ' ' | '-' | '='),
            _ => false,
        };
        let list = starts_line && matches!(c, '.' | ')') && list_mark == Some(at) && after == ' ';
        if special || list {
            out.push('\\');
        }
        out.push(c);
        before = c;
        at += c.len_utf8();
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;
    use crate::emit::handbook::Terms;

    /// What GitHub reads.
    fn github() -> Options {
        Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_MATH
            | Options::ENABLE_GFM
    }

    /// Texts made of what means something to Markdown, HTML or GitHub.
    fn awkward() -> impl Strategy<Value = String> {
        let parts = [
            "a",
            "b",
            "1",
            ".",
            ")",
            " ",
            "\n",
            "\\",
            "`",
            "``",
            "*",
            "**",
            "_",
            "[",
            "]",
            "(",
            "(http://e.com)",
            "!",
            "<",
            ">",
            "<b>",
            "</",
            "&",
            "&amp;",
            "#",
            "# ",
            "- ",
            "---",
            "+ ",
            "=",
            "|",
            "~",
            "~~",
            ":",
            "://",
            "http://e.com",
            "https://",
            "www.",
            "@",
            "x@y.zz",
            "$",
            "    ",
            "\t",
            "```",
            "가",
            "。",
            "<!--",
            "[ ] ",
            "[^1]",
            "{",
            "}",
            "\u{0}",
            "2. ",
            ": ",
        ];
        let part = proptest::sample::select(parts.to_vec());
        proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 5000, ..ProptestConfig::default() })]

        /// Plain text read as Markdown is itself again, whole and without any markup.
        #[test]
        fn escaped_text_reads_as_itself(text in awkward()) {
            let mut read = String::new();
            for event in Parser::new_ext(&escape(&text), github()) {
                match event {
                    Event::Text(text) => read.push_str(&text),
                    Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                    other => prop_assert!(false, "{other:?} in {}", escape(&text)),
                }
            }
            prop_assert_eq!(read, one_line(&text));
        }

        /// Embedded Markdown has no raw HTML, and is laid out already.
        #[test]
        fn embedded_markdown_is_tame_and_settled(text in awkward()) {
            let once = embed(&text, 1);
            for event in Parser::new_ext(&once, github()) {
                let raw = matches!(event, Event::Html(_) | Event::InlineHtml(_));
                prop_assert!(!raw, "{event:?} in {once}");
            }
            prop_assert!(!once.lines().any(|line| line.ends_with([' ', '\t'])));
            prop_assert!(text.contains("```") || !once.contains("\n\n\n"));
            // Spaces at the edges of code and after marks may go, words may not. Left out: marks of
            // emphasis, for what they are depends on what stands beside them, and links, whose targets
            // are encoded, or spelled out when they lead nowhere.
            if !text.contains(['*', '_', '~', '[', '<']) {
                let words = |text: &str| plain(text).replace(' ', "");
                prop_assert_eq!(words(&once), words(&text));
            }
        }
    }

    #[test]
    fn signs_of_markdown_and_html_stay_signs() {
        let cases = [
            ("plain words, and (more)", "plain words, and (more)"),
            ("a | b", r"a \| b"),
            ("<script>alert(1)</script>", r"\<script>alert(1)\</script>"),
            ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
            ("snake_case_name", "snake_case_name"),
            ("[a](b) ![c](d)", r"\[a\](b) !\[c\](d)"),
            ("R&D &amp; &#42; A & B", r"R\&D \&amp; \&#42; A & B"),
            (r"back\slash", r"back\\slash"),
            ("~~x~~ $y$", r"\~\~x\~\~ \$y\$"),
            ("two\nlines\r\n\tand a tab", "two lines and a tab"),
            ("me@example.com", r"me\@example.com"),
            ("www.example.com", r"www\.example.com"),
        ];
        for (text, expected) in cases {
            assert_eq!(inline(text), expected);
        }
    }

    #[test]
    fn a_line_does_not_become_a_list_or_a_heading() {
        let cases = [
            ("3. Evaluation", r"3\. Evaluation"),
            ("12) twelve", r"12\) twelve"),
            ("3.5 points", "3.5 points"),
            ("# one", r"\# one"),
            ("#1 priority", "#1 priority"),
            ("- a", r"\- a"),
            ("-5", "-5"),
            ("--- ", r"\---"),
            ("+20", "+20"),
            ("> quote", r"\> quote"),
            ("===", r"\==="),
        ];
        for (text, expected) in cases {
            assert_eq!(escape(text), expected);
        }
        assert_eq!(inline("3. Evaluation"), "3. Evaluation");
    }

    #[test]
    fn addresses_become_links_only_where_asked() {
        assert_eq!(with_links("see https://example.com/a_b."), "see <https://example.com/a_b>.");
        assert_eq!(inline("see https://example.com/a_b"), r"see https\://example.com/a_b");
        assert_eq!(inline("xhttps://"), r"xhttps\://");
    }

    #[test]
    fn words_of_the_glossary_lead_to_their_meaning_once() {
        let mut terms = Terms::default();
        terms.add("mql", "", &["MQL", "[hot] lead"]);
        terms.add("lead", "", &["리드"]);
        let address = |name: &str| format!("../g.md#{name}");
        let linker = |except| Linker::new(&terms, &address, except);
        assert_eq!(
            line("MQL, an MQL, MQLs", &mut linker(None)),
            "[MQL](../g.md#mql), an MQL, MQLs"
        );
        assert_eq!(
            line("A [hot] lead | x", &mut linker(None)),
            r"A [\[hot\] lead](../g.md#mql) \| x"
        );
        assert_eq!(line("이 리드가", &mut linker(None)), "이 [리드](../g.md#lead)가");
        assert_eq!(line("An MQL", &mut linker(Some("mql"))), "An MQL");
        // No link in a link, in code, or in a heading, of which programs make addresses.
        let text = "# The MQL\n\n[an MQL](https://e.com) `MQL` and *MQL*\n\n- MQL";
        assert_eq!(
            embed_with(text, 1, &mut linker(None)),
            "## The MQL\n\n[an MQL](https://e.com) `MQL` and *[MQL](../g.md#mql)*\n\n- MQL"
        );
    }

    #[test]
    fn a_heading_may_end_with_a_full_stop() {
        assert_eq!(heading("Won!"), "Won&#33;");
        assert_eq!(heading("Ready?"), "Ready?");
        assert_eq!(heading("終わり。"), "終わり&#12290;");
    }

    #[test]
    fn code_may_hold_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a"), "`` `a ``");
    }
}
