//! The brief: one comment under a pull request that people read. What breaks comes first, then the map,
//! then what changes for each role, in the languages of the process, and who should agree.
//!
//! It is silent when nothing has changed, and short enough for a comment however much has.

mod map;
mod roles;

use std::collections::BTreeMap;

use crate::diag::Level;
use crate::diag::render::{counted, one_line};
use crate::diff::{Change, Difference, Kind, Query, Sources, Who};
use crate::model::TeamId;

pub(crate) use map::{Mark, Marks, marks, pictures};

use super::say::{facts, headline};
use super::tell::Teller;
use super::words::in_english;

/// By this a program that keeps one comment up to date knows its own.
const MARK: &str = "<!-- ekiden-diff -->\n";
/// A comment on GitHub holds 65,536 characters; those of other services hold more.
const MOST: usize = 60_000;
/// Of what breaks, and of what goes into the changelog, no more is listed.
const MOST_LISTED: usize = 40;

/// Renders the brief.
pub fn render(difference: &Difference<'_>, sources: &Sources) -> String {
    if difference.changes.is_empty() {
        return String::new();
    }
    let mut out = format!("{MARK}## {}\n\n{}\n", title(difference), lead(difference));
    let first = difference.new.languages.first().map_or("en", String::as_str);
    let mut page = Page { out: String::new(), room: MOST.saturating_sub(out.len()), cut: false };
    page.add(page.room, &[breaking(difference, sources)]);
    page.add(page.room, &[map::maps(difference, first)]);
    // What is long is told of less: everybody should find a word about what changes for them.
    let queries = |most| flights(difference, most);
    page.add(page.room / 3, &[queries(MOST_LISTED), queries(MOST_LISTED / 4), queries(2)]);
    let people = |language: &str, most| roles::section(difference, language, most);
    let fewer = |language: &str| roles::MOST.map(|most| people(language, most));
    page.add(page.room / 2, &fewer(first));
    page.add(
        page.room / 2,
        &[approval(difference, sources, true), approval(difference, sources, false)],
    );
    page.add(page.room, &[changelog(difference)]);
    for language in difference.new.languages.iter().skip(1) {
        let summary = Teller::new(difference, language, inline).for_you();
        let shown = |section: String| folded(&format!("{summary} ({language})"), &section);
        page.add(page.room, &fewer(language).map(shown));
    }
    out.push_str(&page.out);
    if page.cut {
        out.push_str(
            "\n_This comment has no room for everything: `ekiden diff` tells the rest._\n",
        );
    }
    out
}

/// A comment that is being written.
struct Page {
    out: String,
    /// How much it still holds.
    room: usize,
    /// Whether something was left out.
    cut: bool,
}

impl Page {
    /// Adds a section, of which there are shorter and shorter versions, so that it is no longer than
    /// `most`; if none is, the shortest may be as long as there is room.
    fn add(&mut self, most: usize, versions: &[String]) {
        let fits = versions.iter().find(|version| version.len() < most);
        let Some(section) = fits.or(versions.last()).filter(|version| !version.is_empty()) else {
            return;
        };
        if section.len() >= self.room {
            self.cut = true;
            return;
        }
        self.room -= section.len() + 1;
        self.out.push('\n');
        self.out.push_str(section);
    }
}

/// A section that is read on demand.
fn folded(summary: &str, section: &str) -> String {
    if section.is_empty() {
        return String::new();
    }
    format!("<details><summary>{}</summary>\n\n{section}\n</details>\n", html(summary))
}

fn title(difference: &Difference<'_>) -> String {
    let name = inline(&difference.new.title.value);
    match (&difference.old.version, &difference.new.version) {
        (Some(was), Some(now)) if was != now => {
            format!("{name}: {was} → {now}", was = inline(was), now = inline(now))
        }
        _ => name,
    }
}

fn lead(difference: &Difference<'_>) -> String {
    let all = counted(difference.told().count(), "change");
    let (errors, warnings) = (difference.at(Level::Error), difference.at(Level::Warning));
    let day = difference.takes_effect();
    let day = day.map_or(String::new(), |day| format!(" In force from {}.", in_english(day)));
    let told = match (errors, warnings) {
        (0, 0) => format!("**{all}, and nothing breaks.**"),
        (0, warnings) => format!("**{all}, {} to prepare for.**", counted(warnings, "thing")),
        (1, _) => format!("**{all}; 1 of them breaks something that nobody has prepared.**"),
        (errors, _) => {
            format!("**{all}; {errors} of them break something that nobody has prepared.**")
        }
    };
    format!("{told}{day}")
}

/// What breaks, by who is hurt.
fn breaking(difference: &Difference<'_>, sources: &Sources) -> String {
    let mut out = String::new();
    let mut listed = 0usize;
    for who in Who::ALL {
        let hurt = difference.told().filter(|change| change.who == who);
        let mut lines = String::new();
        for change in hurt {
            let worst = change.breaks.iter().filter(|found| found.level >= Level::Warning);
            for (at, found) in worst.enumerate() {
                listed += 1;
                if listed > MOST_LISTED {
                    continue;
                }
                let sign = if found.level == Level::Error { "🛑" } else { "⚠️" };
                lines.push_str(&format!("* {sign} {}", inline(&capitalised(&found.message))));
                let told = facts(difference, change).short_in_code().filter(|_| at == 0);
                if let Some(told) = told {
                    lines.push_str(&format!(" — {}", inline(&told)));
                }
                if let Some(reason) = change.reason.as_ref().filter(|_| at == 0) {
                    lines.push_str(&format!("  \n  {}", inline(reason)));
                }
                if let Some(help) = found.advice(sources.map()) {
                    lines.push_str(&format!("  \n  _{}._", inline(&capitalised(&help))));
                }
                if let Some((file, line)) = sources.place(change.place.old, change.place.new) {
                    lines.push_str(&format!(" ({}:{line})", inline(file)));
                }
                lines.push('\n');
            }
        }
        if !lines.is_empty() {
            out.push_str(&format!("\n**{}**\n\n{lines}", who.title()));
        }
    }
    if listed > MOST_LISTED {
        out.push_str(&format!("\nand {} more.\n", listed - MOST_LISTED));
    }
    if out.is_empty() { out } else { format!("### Prepare for this\n{out}") }
}

/// The teams that work with what has changed, and the files to ask them about.
fn approval(difference: &Difference<'_>, sources: &Sources, with_files: bool) -> String {
    let process = difference.new;
    let mut teams: BTreeMap<TeamId, usize> = BTreeMap::new();
    let mut files: BTreeMap<&str, Vec<TeamId>> = BTreeMap::new();
    for change in difference.told().filter(|change| change.who != Who::Nobody) {
        let mut all: Vec<TeamId> =
            change.concerns.iter().map(|owner| process.team_of(*owner)).collect();
        all.sort_unstable();
        all.dedup();
        let file = change.place.new.and_then(|span| sources.map().get(span.file));
        for team in all {
            *teams.entry(team).or_default() += 1;
            if let Some(file) = file {
                let of_file = files.entry(file.name()).or_default();
                if !of_file.contains(&team) {
                    of_file.push(team);
                }
            }
        }
    }
    if teams.is_empty() {
        return String::new();
    }
    let mut out = String::from("### Who should agree\n\n");
    for (team, count) in &teams {
        let title = inline(&process.teams[*team].title.value);
        out.push_str(&format!("* **{title}**: {}\n", counted(*count, "change")));
    }
    let mut lines = String::new();
    for (file, teams) in &files {
        let handles: Vec<String> =
            teams.iter().map(|team| format!("@{}", process.teams[*team].name)).collect();
        lines.push_str(&format!("{} {}\n", one_line(file), handles.join(" ")));
    }
    if !lines.is_empty() && with_files {
        out.push('\n');
        out.push_str(&folded("As CODEOWNERS", &format!("```text\n{lines}```")));
    }
    out
}

/// Queries that count the records in flight, to be run before the change.
fn flights(difference: &Difference<'_>, most: usize) -> String {
    let systems = difference.counted_by();
    if systems.is_empty() {
        return String::new();
    }
    let mut out = String::new();
    for flight in difference.flights.iter().take(most) {
        out.push_str(&format!("* {}\n", inline(&capitalised(&flight.said()))));
        for count in &flight.counts {
            // Which system it is goes without saying when there is one.
            let system = match systems.as_slice() {
                [_] => String::new(),
                _ => format!(" `{}`:", count.system),
            };
            match &count.query {
                Ok(query) => out.push_str(&block(&system, query)),
                Err(why) => {
                    let why = inline(why);
                    out.push_str(&format!("  \n {system} _Cannot be counted: {why}._\n"));
                }
            }
        }
    }
    if difference.flights.len() > most {
        let more = difference.flights.len() - most;
        out.push_str(&format!("* and {more} more\n"));
    }
    folded(&format!("Records in flight ({})", systems.join(", ")), &out)
}

/// A query as a block of code, under what is said of it.
fn block(system: &str, query: &Query) -> String {
    let request = query.request.as_ref().map(|request| format!(" `{request}`"));
    let warning = query.warning().map(|warning| format!(" _{}._", inline(&capitalised(&warning))));
    let said = format!("{system}{}{}", request.unwrap_or_default(), warning.unwrap_or_default());
    let said = if said.is_empty() { said } else { format!("  \n {said}\n") };
    let language = if query.request.is_some() { "json" } else { "sql" };
    let (fence, text) = (fence(&query.text), &query.text);
    format!("{said}\n{fence}{language}\n{text}\n{fence}\n\n")
}

/// A fence that no text within can end.
fn fence(text: &str) -> String {
    let mut longest = 0usize;
    let mut run = 0usize;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat((longest + 1).max(3))
}

/// The entry of a changelog, to be copied.
fn changelog(difference: &Difference<'_>) -> String {
    let (told, words) = entry(difference);
    let version = difference.new.version.as_deref().unwrap_or("Unreleased");
    let day = difference.new.effective.map(|day| format!(" (in force from {day})"));
    let mut out = format!("## {version}{}\n\n", day.unwrap_or_default());
    for line in told.iter().take(MOST_LISTED) {
        out.push_str(&format!("* {line}\n"));
    }
    if told.len() > MOST_LISTED {
        out.push_str(&format!("* and {} more\n", told.len() - MOST_LISTED));
    }
    if words > 0 {
        out.push_str(&format!("* {} of words only\n", counted(words, "change")));
    }
    folded("Changelog entry", &format!("````markdown\n{out}````"))
}

/// The lines of an entry of a changelog, and how many changes are of words only.
pub(crate) fn entry(difference: &Difference<'_>) -> (Vec<String>, usize) {
    let told: Vec<&Change<'_>> =
        difference.told().filter(|change| change.who != Who::Nobody && !is_fault(change)).collect();
    let words = difference.told().filter(|change| change.who == Who::Nobody).count();
    let line = |change: &&Change<'_>| {
        let mut line = capitalised(&headline(difference, change));
        if let Some(told) = facts(difference, change).short_in_code() {
            line = format!("{line}: {told}");
        }
        one_line(&line)
    };
    (told.iter().map(line).collect(), words)
}

/// A hint that matches nothing is a fault of the source: when it is mended, nothing has changed.
fn is_fault(change: &Change<'_>) -> bool {
    change.kind == Kind::Unmatched
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A text of somebody's on one line of Markdown; what stands in backticks stays code.
pub(crate) fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for c in one_line(text).chars() {
        match c {
            '`' => {
                in_code = !in_code;
                out.push(c);
            }
            '<' | '>' | '&' if in_code => out.push(c),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // `@name` would call somebody.
            '@' if !in_code => out.push_str("@\u{2060}"),
            '*' | '_' | '[' | ']' | '#' | '|' | '\\' | '~' if !in_code => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    if in_code {
        out.push('`');
    }
    out
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn texts_do_not_steer_the_comment() {
        assert_eq!(inline("a <b> *c* [d](e)"), "a &lt;b&gt; \\*c\\* \\[d\\](e)");
        assert_eq!(inline("`a_b > 1` and c_d"), "`a_b > 1` and c\\_d");
        assert_eq!(inline("open ` end"), "open ` end`");
        assert_eq!(inline("two\nlines"), "two lines");
    }
}
