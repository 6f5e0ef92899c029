//! Texts of others: read as Markdown, or as the plain words they are.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream};

/// The text without line breaks and control characters, words one space apart.
pub(in crate::emit) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The words of the first paragraph, without any Markdown.
pub(in crate::emit) fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for event in events(&printable(markdown)) {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock,
            )
            | Event::Start(
                Tag::List(_) | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::Heading { .. },
            )
            | Event::Rule
                if !text.trim().is_empty() =>
            {
                break;
            }
            _ => {}
        }
    }
    one_line(&text)
}

/// All words, without any Markdown.
pub(in crate::emit) fn whole(markdown: &str) -> String {
    let mut text = String::new();
    for event in events(&printable(markdown)) {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. }) => {}
            Event::SoftBreak | Event::HardBreak | Event::Start(_) | Event::Rule => text.push(' '),
            _ => {}
        }
    }
    one_line(&text)
}

/// The text with spaces for control characters, which would come between marks and words.
pub(in crate::emit) fn printable(markdown: &str) -> String {
    let blank = |c: char| if c.is_control() && !matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
    markdown.chars().map(blank).collect()
}

/// The events of a text, raw HTML as text.
pub(in crate::emit) fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let as_text = |event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        event => event,
    };
    TextMergeStream::new(Parser::new_ext(markdown, options).map(as_text))
}

/// The web address that starts at this byte, if one does. Signs that close a sentence or a table
/// cell are not part of it.
pub(in crate::emit) fn address_at(text: &str, at: usize, before: char) -> Option<&str> {
    let rest = text.get(at..)?;
    if before.is_alphanumeric() || !(rest.starts_with("http://") || rest.starts_with("https://")) {
        return None;
    }
    let inside = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(
                c,
                '-' | '.' | '_' | '/' | ':' | '?' | '#' | '=' | '&' | '%' | '+' | '@' | ',' | '!'
            )
    };
    let end = rest.find(|c| !inside(c)).unwrap_or(rest.len());
    let address = rest.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    (address.len() > "https://".len()).then_some(address)
}

/// The level of a heading as a number.
pub(in crate::emit) fn depth_of(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_and_no_marks() {
        assert_eq!(
            whole(
                "# One\n\nTwo *three*\n`four`\n\n- five\n- six\n\n| a | b |\n| - | - |\n| c | d |"
            ),
            "One Two three four five six a b c d"
        );
        assert_eq!(whole("un*believ*able"), "unbelievable");
    }

    #[test]
    fn the_first_paragraph_as_plain_words() {
        assert_eq!(
            plain("Reach the *person*\nwhile `warm`.\n\nMore."),
            "Reach the person while warm."
        );
        assert_eq!(plain("1. One\n2. Two"), "One");
        assert_eq!(plain("- One\n  - Two"), "One");
        assert_eq!(plain("<b>x</b>"), "<b>x</b>");
        assert_eq!(plain(""), "");
    }
}
