//! For a person at a terminal: grouped by who is hurt, the worst first.

use super::say::{facts, headline};
use crate::diag::Level;
use crate::diag::render::{Paint, Style, one_line, wrap};
use crate::diff::{Change, Difference, Sources, Who};

/// What it was and is stands on one line up to this width.
const NARROW: usize = 88;

/// Renders a difference; nothing when nothing has changed.
pub fn render(difference: &Difference<'_>, sources: &Sources, style: Style) -> String {
    let mut out = String::new();
    let page = Page { difference, sources, style, paint: Paint::new(style) };
    for who in Who::ALL {
        let mut all = difference.told().filter(|change| change.who == who).peekable();
        if all.peek().is_none() {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&page.paint.paint(Paint::BOLD, who.title()));
        out.push('\n');
        let mut was_long = false;
        for change in all {
            let block = page.change(change);
            // A block of several lines stands by itself.
            let is_long = block.lines().count() > 2;
            if is_long || was_long {
                out.push('\n');
            }
            was_long = is_long;
            out.push_str(&block);
        }
    }
    out
}

/// The queries that count records in flight.
pub fn flights(difference: &Difference<'_>, style: Style) -> String {
    let systems = difference.counted_by();
    if systems.is_empty() {
        return String::new();
    }
    let heading = format!("Records to count before the change ({})", systems.join(", "));
    let mut out = format!("\n{}\n", Paint::new(style).paint(Paint::BOLD, &heading));
    let told = |said: &str| format!("      {}\n", wrap(said, "      ", style.width));
    for flight in &difference.flights {
        out.push_str(&format!("\n  · {}\n", wrap(&flight.said(), "  · ", style.width)));
        for count in &flight.counts {
            match &count.query {
                Ok(query) => {
                    if let Some(request) = &query.request {
                        out.push_str(&format!("      {request}\n"));
                    }
                    for line in query.text.lines() {
                        out.push_str(&format!("      {line}\n"));
                    }
                    if let Some(warning) = query.warning() {
                        out.push_str(&told(&warning));
                    }
                }
                Err(why) => out.push_str(&told(&format!("cannot be counted: {why}"))),
            }
        }
    }
    out
}

struct Page<'d, 'a> {
    difference: &'d Difference<'a>,
    sources: &'d Sources,
    style: Style,
    paint: Paint,
}

impl Page<'_, '_> {
    fn change(&self, change: &Change<'_>) -> String {
        let mut out = String::new();
        let facts = facts(self.difference, change);
        match change.breaks.first() {
            None => {
                let mut line = headline(self.difference, change);
                if let Some(told) = facts.short() {
                    line = format!("{line}: {told}");
                }
                self.paragraph(&mut out, "  · ", &line);
            }
            Some(found) => {
                let head = format!("{}[{}]", found.level.word(), found.code);
                let head = self.paint.paint(Paint::level(found.level), &head);
                let message = self.paint.paint(Paint::BOLD, &one_line(&found.message));
                out.push_str(&format!("  {head} {message}\n"));
            }
        }
        let is_told = change.breaks.is_empty() && facts.short().is_some();
        if !is_told {
            self.facts(&mut out, change, &facts);
        }
        let finding = change.breaks.first();
        let story = finding.and_then(|found| sentence(found.story.as_deref()));
        let story = story.or_else(|| change.reason.as_ref().map(ToString::to_string));
        if let Some(story) = story {
            self.paragraph(&mut out, "      ", &story);
        }
        for found in change.breaks.iter().skip(1) {
            let head = format!("{}[{}]", found.level.word(), found.code);
            let head = self.paint.paint(Paint::level(found.level), &head);
            out.push_str(&format!("      also {head} {}\n", one_line(&found.message)));
        }
        for found in change.breaks.iter().filter(|found| found.level > Level::Note) {
            if let Some(help) = found.advice(self.sources.map()) {
                self.paragraph(&mut out, "      help: ", &help);
            }
            if let Some(fix) = &found.fix {
                self.paragraph(&mut out, "      fix (unsafe): ", &fix.title);
            }
        }
        if let Some(fix) = &change.rename {
            self.paragraph(&mut out, "      fix (unsafe): ", &fix.title);
        }
        // A change that is told in a line needs no line for its place.
        let has_facts = facts.old.is_some() || facts.new.is_some();
        let is_short =
            change.breaks.is_empty() && change.reason.is_none() && change.rename.is_none();
        let is_short = is_short && (is_told || !has_facts);
        if let Some((file, line)) = self.sources.place(change.place.old, change.place.new) {
            let file = one_line(file);
            if is_short {
                out.truncate(out.trim_end().len());
                out.push_str(&format!("  ({file}:{line})\n"));
            } else {
                out.push_str(&format!("      {file}:{line}\n"));
            }
        }
        out
    }

    fn facts(&self, out: &mut String, change: &Change<'_>, facts: &super::say::Facts) {
        let lead = change.aspect.word().filter(|word| *word != "condition");
        let lead = lead.map_or(String::new(), |word| format!("{word}: "));
        if let Some(told) = facts.short() {
            return self.paragraph(out, "      ", &format!("{lead}{told}"));
        }
        let (before, after) = if facts.of_list { ("loses ", "gains ") } else { ("was ", "is  ") };
        if let Some(old) = &facts.old {
            self.paragraph(out, &format!("      {before}"), old);
        }
        if let Some(new) = &facts.new {
            self.paragraph(out, &format!("      {after}"), new);
        }
    }

    fn paragraph(&self, out: &mut String, first: &str, text: &str) {
        out.push_str(first);
        out.push_str(&wrap(text, first, self.style.width));
        out.push('\n');
    }
}

impl super::say::Facts {
    /// Both on one line, when they fit.
    pub(super) fn short(&self) -> Option<String> {
        self.told(self.old.as_deref(), self.new.as_deref())
    }

    /// The same for Markdown: what is source is code.
    pub(super) fn short_in_code(&self) -> Option<String> {
        let code = |text: &String| match self.is_source && !text.contains('`') {
            true => format!("`{text}`"),
            false => text.clone(),
        };
        self.told(self.old.as_ref().map(code).as_deref(), self.new.as_ref().map(code).as_deref())
    }

    fn told(&self, old: Option<&str>, new: Option<&str>) -> Option<String> {
        let told = match (old, new) {
            (None, None) => return None,
            (Some(old), Some(new)) if self.of_list => format!("gains {new}; loses {old}"),
            (Some(old), None) if self.of_list => format!("loses {old}"),
            (None, Some(new)) if self.of_list => format!("gains {new}"),
            (Some(old), Some(new)) => format!("{old} → {new}"),
            (Some(old), None) => format!("was {old}"),
            (None, Some(new)) => new.to_owned(),
        };
        (told.chars().count() <= NARROW).then_some(told)
    }
}

/// The story of a finding as a sentence.
fn sentence(story: Option<&str>) -> Option<String> {
    let story = story?;
    let mut chars = story.chars();
    let first = chars.next()?;
    Some(format!("{}{}.", first.to_uppercase(), chars.as_str()))
}
