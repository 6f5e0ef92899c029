//! Changes that know nothing of meaning: characters, words, lines.

use super::Change;
use super::corpus::{File, Source};

/// What an editor's slip, a copy from elsewhere or a hostile hand may put anywhere.
const SCRAPS: &[&str] = &[
    "\"",
    "\"\"\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "{}",
    "[]",
    "\0",
    "\u{feff}",
    "\u{301}",
    "\u{202e}",
    "\u{200b}",
    "\u{1F600}",
    "👩‍👩‍👧",
    "日本",
    "\r",
    "\r\n",
    "\t",
    "\n",
    "\u{2028}",
    "\u{85}",
    "\u{a0}",
    " ",
    "",
    "#",
    "# x\n",
    " #",
    ";",
    ":",
    ": ",
    ",",
    ".",
    "..",
    "-",
    "- ",
    "--",
    "+",
    "*",
    "/",
    "\\",
    "\\\"",
    "\\u{",
    "\\u{110000}",
    "%",
    "=",
    "==",
    "<",
    "<=",
    "!=",
    "<>",
    "&a ",
    "*a",
    "!t ",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "? ",
    "<<: ",
    "~",
    "@",
    "`",
    "$",
    "|",
    "\u{1b}[31m",
    "\u{7f}",
    "İ",
    "ß",
    "ﬁ",
    "Ａ",
    "１",
];

/// Words that mean something somewhere.
const WORDS: &[&str] = &[
    "process",
    "team",
    "record",
    "stage",
    "goal",
    "feedback",
    "score",
    "route",
    "term",
    "play",
    "retired",
    "plan",
    "scenario",
    "policy",
    "when",
    "after",
    "advance",
    "recycle",
    "lose",
    "to",
    "from",
    "any",
    "open",
    "of",
    "one",
    "many",
    "is",
    "in",
    "not",
    "and",
    "or",
    "between",
    "within",
    "last",
    "next",
    "at",
    "least",
    "most",
    "times",
    "handoff",
    "carries",
    "accept",
    "else",
    "exit",
    "enter",
    "collect",
    "limit",
    "target",
    "escalate",
    "outcome",
    "won",
    "lost",
    "void",
    "final",
    "probability",
    "forecast",
    "starts",
    "waive",
    "until",
    "was",
    "owner",
    "support",
    "purpose",
    "measure",
    "conversion",
    "sum",
    "share",
    "median",
    "time",
    "fit",
    "behavior",
    "cap",
    "grade",
    "otherwise",
    "halves",
    "expires",
    "every",
    "event",
    "confirm",
    "by",
    "today",
    "now",
    "present",
    "missing",
    "true",
    "false",
    "text",
    "number",
    "money",
    "date",
    "datetime",
    "percent",
    "user",
    "business",
    "days",
    "hours",
    "since",
    "until",
    "null",
    "yes",
    "no",
    "title",
    "else",
    "otherwise: ",
];

/// Numbers, durations and dates at and beyond the ends of what can be held.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "007",
    "4294967295",
    "4294967296",
    "99999999999999999999999999999999999999",
    "79228162514264337593543950335",
    "79228162514264337593543950336",
    "0.0000000000000000000000000001",
    "0.00000000000000000000000000000000001",
    "1_000_000",
    "1__0",
    "1.",
    ".5",
    "1e9",
    "0x10",
    "1.5.2",
    "100%",
    "101%",
    "99999999999999999999%",
    "0%",
    "0d",
    "0m",
    "1d",
    "9999999999d",
    "999999999999999999y",
    "4294967296w",
    "3.5mo",
    "1.5h",
    "99999999 business days",
    "0 business hours",
    "0.000001 business days",
    "9999-12-31",
    "0000-01-01",
    "2026-02-30",
    "2026-13-01",
    "9999-12-31T23:59:60",
    "0001-01-01T00:00",
    "24:00",
    "23:60",
    "25:00",
    "79228162514264337593543950335 JPY",
    "1 XXX",
    "5 USD",
    "79228162514264337593543950335y",
    "2147483648d",
    "0 JPY",
    "12345678901234567890 times",
];

/// One of the files, with these changes made to it.
pub(crate) fn mutate(files: &[Source], pick: u32, changes: &[Change]) -> Source {
    let mut source = files[pick as usize % files.len()].clone();
    for change in changes {
        let file = change.2 as usize % source.files.len();
        apply(&mut source.files[file], files, *change);
    }
    source
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap()
}

/// Ranges of words, literals and signs.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut word = false;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        let is_word = letter.is_alphanumeric() || matches!(letter, '_' | '.' | '%');
        match found.last_mut() {
            Some(last) if is_word && word && last.1 == at => last.1 = end,
            _ if letter.is_whitespace() => {}
            _ => found.push((at, end)),
        }
        word = is_word;
    }
    found
}

fn choose<'a>(list: &[&'a str], by: u32) -> &'a str {
    list[by as usize % list.len()]
}

fn apply(file: &mut File, others: &[Source], (kind, a, b, c): Change) {
    let text = &mut file.text;
    let at = floor(text, a as usize % (text.len() + 1));
    let tokens_of = |text: &str| tokens(text);
    match kind % 16 {
        0 => {
            let end = floor(text, at + 1 + c as usize % 12).max(at);
            text.replace_range(at..end, "");
        }
        1 | 2 => text.insert_str(at, choose(SCRAPS, c)),
        3 => text.insert_str(at, &choose(SCRAPS, c).repeat(1 + b as usize % 40)),
        4 => text.truncate(at),
        5 => {
            let _ = text.drain(..at);
        }
        6 => {
            let other = &others[b as usize % others.len()].files;
            let other = &other[c as usize % other.len()].text;
            let from = floor(other, c as usize % (other.len() + 1));
            let until = floor(other, from + 400);
            let piece = if a % 2 == 0 { &other[from..] } else { &other[from..until.max(from)] };
            text.insert_str(at, piece);
        }
        7 => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let (one, two) = (a as usize % lines.len().max(1), b as usize % lines.len().max(1));
            if !lines.is_empty() {
                match c % 4 {
                    0 => lines.swap(one, two),
                    1 => lines.insert(one, lines[two]),
                    2 => {
                        lines.remove(one);
                    }
                    _ => lines[one.min(two)..one.max(two)].reverse(),
                }
            }
            *text = lines.concat();
        }
        8 => {
            let changed = match c % 5 {
                0 => text.to_uppercase(),
                1 => text.replace('\n', "\r\n"),
                2 => text.replace('\n', "\r"),
                3 => text.replace('\n', " "),
                _ => text.replace("  ", "\t"),
            };
            *text = changed;
        }
        _ => {
            let all = tokens_of(text);
            if all.is_empty() {
                return;
            }
            let (start, end) = all[a as usize % all.len()];
            let (from, until) = all[b as usize % all.len()];
            let (one, two) = (text[start..end].to_owned(), text[from..until].to_owned());
            match kind % 16 {
                9 => text.replace_range(start..end, ""),
                10 => text.insert_str(start, &format!("{one} ")),
                11 => text.replace_range(start..end, &two),
                12 => text.replace_range(start..end, choose(WORDS, c)),
                13 => text.replace_range(start..end, choose(NUMBERS, c)),
                14 => {
                    // A number where one was.
                    let numbers: Vec<_> =
                        all.iter().filter(|t| text.as_bytes()[t.0].is_ascii_digit()).collect();
                    if let Some((start, end)) = numbers.get(b as usize % numbers.len().max(1)) {
                        text.replace_range(*start..*end, choose(NUMBERS, c));
                    }
                }
                _ => {
                    let one = if c % 2 == 0 { one.to_uppercase() } else { format!("{one}-{two}") };
                    text.replace_range(start..end, &one);
                }
            }
        }
    }
    // Splices of splices must not grow without end.
    let end = floor(text, 60_000);
    text.truncate(end);
}
