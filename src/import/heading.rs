//! The heading of a Markdown file under which something stands: what people call it.

/// The heading over a line of a text, counted from 1, and its own line: the first of the highest level
/// above, for below it stand the parts of the whole. None where a text has no headings.
pub(super) fn above(text: &str, line: usize) -> Option<(usize, String)> {
    let mut found: Option<(usize, usize, String)> = None;
    let mut before = "";
    let lines = text.lines().zip(fenced(text)).enumerate();
    for (at, (raw, fenced)) in lines.take(line.saturating_sub(1)) {
        let here = raw.trim();
        if fenced {
            before = "";
            continue;
        }
        let level = here.chars().take_while(|c| *c == '#').count();
        let rest = here.trim_start_matches('#');
        let underlined = !before.is_empty() && here.len() > 1 && here.chars().all(|c| c == '=');
        let heading = match level {
            1..=6 if rest.starts_with([' ', '\t']) => Some((level, at + 1, plain(rest))),
            _ if underlined => Some((1, at, plain(before))),
            _ => None,
        };
        if let Some((level, at, title)) = heading.filter(|(.., title)| !title.is_empty())
            && found.as_ref().is_none_or(|(known, ..)| level < *known)
        {
            found = Some((level, at, title));
        }
        before = here;
    }
    found.map(|(_, at, title)| (at, title))
}

/// For each line whether it stands in a block of code, its fences included.
pub(super) fn fenced(text: &str) -> Vec<bool> {
    let mut fence: Option<&str> = None;
    let inside = |line: &str| {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim().starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        fence.is_some() || mark.is_some()
    };
    text.lines().map(inside).collect()
}

/// A heading longer than this, in bytes, is looked through for no links: it is no name.
const MOST_LINKED: usize = 1000;

/// The words of a heading, without marks of Markdown.
fn plain(text: &str) -> String {
    let text = text.trim().trim_end_matches('#').trim();
    if text.len() > MOST_LINKED {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let mut out = String::new();
    let mut rest = text;
    // `[words](address)` is its words.
    while let Some((head, tail)) = rest.split_once('[') {
        out.push_str(head);
        match tail.split_once("](").and_then(|(words, tail)| Some((words, tail.split_once(')')?.1)))
        {
            Some((words, tail)) => {
                out.push_str(words);
                rest = tail;
            }
            None => {
                out.push('[');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    let marks: &[char] = &['*', '`'];
    out.replace(marks, "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::above;

    #[test]
    fn the_whole_is_called_by_its_highest_heading() {
        let found = |text: &str| above(text, text.lines().count() + 1);
        let is = |line, title: &str| Some((line, title.to_owned()));
        assert_eq!(found("# Our *sales*\n\n## Stages\n"), is(1, "Our sales"));
        assert_eq!(found("text\n## Stages\n### Table\n"), is(2, "Stages"));
        assert_eq!(found("Funnel 2026\n===========\n"), is(1, "Funnel 2026"));
        assert_eq!(
            found("# [Funnel](https://x.example/a) of `EMEA` ##\n"),
            is(1, "Funnel of EMEA")
        );
        assert_eq!(found("```sh\n# a comment\n```\n#hashtag\n"), None);
        assert_eq!(found("# [x\n"), is(1, "[x"));
        assert_eq!(above("| Stage |\n# Later\n", 1), None);
    }
}
