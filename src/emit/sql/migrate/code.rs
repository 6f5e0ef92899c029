//! What a text of SQL creates: the names of its views, functions and triggers.
//!
//! They are found in the text itself, so that whatever a dialect or a view writes is dropped
//! again, without anybody having to keep a list of it.

/// Something that was created and can be dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) kind: Kind,
    /// Its name, quoted where it was.
    pub(super) name: String,
    /// The table that a trigger is on.
    pub(super) on: Option<String>,
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    View,
    Function,
    Trigger,
}

impl Kind {
    /// How `DROP` calls it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::View => "VIEW",
            Kind::Function => "FUNCTION",
            Kind::Trigger => "TRIGGER",
        }
    }
}

/// Everything that a text creates, in its order. `escapes`: a backslash in a text begins an escape.
pub(super) fn things(text: &str, escapes: bool) -> Vec<Thing> {
    let words = words(text, escapes);
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if !word.eq_ignore_ascii_case("create") {
            continue;
        }
        let mut rest = words.iter().skip(at + 1).copied().peekable();
        if rest.peek().is_some_and(|word| word.eq_ignore_ascii_case("or")) {
            rest.next();
            rest.next();
        }
        let kind = match rest.next().map(str::to_ascii_lowercase).as_deref() {
            Some("view") => Kind::View,
            Some("function") => Kind::Function,
            Some("trigger") => Kind::Trigger,
            _ => continue,
        };
        let Some(name) = rest.next() else { continue };
        let on = match kind {
            Kind::Trigger => {
                let mut rest = rest.skip_while(|word| !word.eq_ignore_ascii_case("on"));
                rest.next();
                rest.next().map(str::to_owned)
            }
            Kind::View | Kind::Function => None,
        };
        found.push(Thing { kind, name: name.to_owned(), on });
    }
    found
}

/// The words and quoted names of a text, without its literals and comments.
fn words(text: &str, escapes: bool) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '\'' => quoted(rest, '\'', escapes),
            '"' | '`' => {
                let length = quoted(rest, first, false);
                words.extend(rest.get(..length));
                length
            }
            '$' => dollars(rest).unwrap_or(1),
            _ if is_letter(first) => {
                let length = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
                words.extend(rest.get(..length));
                length
            }
            _ => first.len_utf8(),
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    words
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How long a quoted text is that begins here. Two quotes are one in it.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = letters.next() {
        if escapes && c == '\\' {
            letters.next();
        } else if c == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return at + c.len_utf8();
        }
    }
    text.len()
}

/// How long a body between `$tag$` is that begins here, if one does.
fn dollars(text: &str) -> Option<usize> {
    let end = text.get(1..)?.find('$')? + 2;
    let tag = text.get(..end)?;
    if !tag.trim_matches('$').chars().all(is_letter) {
        return None;
    }
    let body = text.get(end..)?;
    Some(body.find(tag).map_or(text.len(), |at| end + at + end))
}

#[cfg(test)]
mod tests {
    use super::{Kind, things};

    #[test]
    fn a_text_may_hold_an_escaped_quote() {
        let text =
            "CREATE VIEW a AS SELECT 'it\\'s -- CREATE VIEW b', '\\\\'; CREATE VIEW c AS SELECT 1;";
        let found: Vec<String> = things(text, true).into_iter().map(|thing| thing.name).collect();
        assert_eq!(found, ["a", "c"]);
    }

    #[test]
    fn only_what_is_created_is_found() {
        let text = "-- CREATE VIEW a AS it isn't one\n\
             CREATE VIEW \"order\" AS SELECT 'CREATE VIEW b; it''s none' AS x;\n\
             CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $guard$\n\
             CREATE VIEW c AS SELECT 1;\n$guard$;\n\
             CREATE TRIGGER t BEFORE UPDATE OF x, y ON \"my \"\"table\" BEGIN SELECT 1; END;\n\
             CREATE INDEX i ON t (x);";
        let found: Vec<(Kind, String, Option<String>)> = things(text, false)
            .into_iter()
            .map(|thing| (thing.kind, thing.name, thing.on))
            .collect();
        assert_eq!(
            found,
            [
                (Kind::View, "\"order\"".to_owned(), None),
                (Kind::Function, "f".to_owned(), None),
                (Kind::Trigger, "t".to_owned(), Some("\"my \"\"table\"".to_owned())),
            ]
        );
    }
}
