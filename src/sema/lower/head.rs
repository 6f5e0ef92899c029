//! The `process` declaration.

use crate::diag::{Diagnostic, closest, codes};
use crate::model::{Calendar, Process, Text, WorkingHours};
use crate::source::{FileId, Span, Spanned};
use crate::syntax::ast::{self, Status};
use crate::syntax::habits;

use super::super::currency;
use super::super::names::Names;
use super::{Lowering, empty};

/// The process before anything in it is known.
pub(super) fn empty_process(names: &Names<'_>, fallback_name: &str) -> Process {
    let span = names
        .process
        .map(|decl| decl.name.span)
        .or(names.start)
        .unwrap_or(Span::start_of(FileId(0)));
    let name = names.process.map_or_else(|| as_name(fallback_name), |decl| decl.name.text.clone());
    Process {
        title: Text::from_name(&name, span),
        name,
        version: None,
        effective: None,
        currency: None,
        timezone: "UTC".to_owned(),
        calendar: Calendar::default(),
        languages: vec!["en".to_owned()],
        about: None,
        draft: false,
        broken: !names.lost.is_empty() || !names.doubled.is_empty(),
        span,
        teams: empty(),
        roles: empty(),
        records: empty(),
        fields: empty(),
        stages: empty(),
        criteria: empty(),
        transitions: empty(),
        confirmations: empty(),
        goals: empty(),
        feedback: empty(),
        scores: empty(),
        routes: empty(),
        terms: empty(),
        plays: empty(),
        retired: Vec::new(),
        waivers: Vec::new(),
    }
}

/// A folder's or file's name as a name of the language: `New Business` gives `new_business`.
fn as_name(text: &str) -> String {
    let mut name = String::new();
    for char in text.to_lowercase().chars() {
        if char.is_ascii_alphanumeric() {
            name.push(char);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    match name.chars().next() {
        None => "process".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("p{name}"),
        Some(_) => name.to_owned(),
    }
}

impl Lowering<'_, '_> {
    pub(super) fn head(&mut self) {
        let Some(decl) = self.names.process else { return };
        self.process.title = self.title(decl.title.as_ref(), &decl.name);
        self.process.version = decl.version.as_ref().map(|version| version.value.clone());
        self.process.effective = decl.effective.map(|day| day.value);
        self.process.draft = decl.status.is_some_and(|status| status.value == Status::Draft);
        self.process.about = self.maybe_text(decl.about.as_ref());
        self.waivers(&decl.waivers, None);
        if let Some(currency) = decl.currency {
            self.process.currency = Some(self.known_currency(currency));
        }
        if let Some(zone) = &decl.timezone {
            self.timezone(&zone.value, zone.span);
        }
        if let Some(calendar) = &decl.calendar {
            self.process.calendar = self.calendar(calendar);
        }
        let mut languages: Vec<&ast::Name> = Vec::new();
        for language in &decl.languages {
            match languages.iter().find(|known| known.text == language.text) {
                Some(first) => self.repeated(language, first.span),
                None => languages.push(language),
            }
        }
        if !languages.is_empty() {
            self.process.languages = languages.iter().map(|name| name.text.clone()).collect();
        }
    }

    /// The currency that was meant; a finding when none has this code.
    fn known_currency(&mut self, written: Spanned<ast::Currency>) -> ast::Currency {
        let currency = written.value;
        let code = currency.code();
        if currency::is_known(code) {
            return currency;
        }
        self.unsure_currency = true;
        let mut finding = Diagnostic::new(
            codes::UNKNOWN_NAME,
            written.span,
            format!("no currency has the code `{code}`"),
        );
        let meant = habits::meant(code);
        finding = match (habits::advice(meant), closest(code, currency::CODES.iter().copied())) {
            (Some(advice), _) => finding.help(advice),
            (None, Some(near)) => finding.help(format!("did you mean `{near}`?")),
            (None, None) => finding.help("use an ISO 4217 code such as `JPY`, `EUR` or `USD`"),
        };
        self.findings.push(finding);
        meant.first().and_then(|code| ast::Currency::new(code)).unwrap_or(currency)
    }

    fn timezone(&mut self, zone: &str, span: Span) {
        if jiff::tz::TimeZone::get(zone).is_ok() {
            zone.clone_into(&mut self.process.timezone);
            return;
        }
        let known: Vec<String> =
            jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        let mut finding =
            Diagnostic::new(codes::UNKNOWN_NAME, span, format!("no time zone is called `{zone}`"));
        finding = match closest(zone, known.iter().map(String::as_str)) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("use an IANA name such as `Asia/Tokyo` or `Europe/Berlin`"),
        };
        self.findings.push(finding);
    }

    fn calendar(&mut self, decl: &ast::CalendarDecl) -> Calendar {
        let mut calendar = Calendar { declared: true, ..Calendar::default() };
        calendar.week = Default::default();
        for hours in &decl.hours {
            let start = minute(hours.from.value);
            let end = hours.to.value.map_or(24 * 60, minute);
            if end <= start {
                // Reported where the times are read.
                continue;
            }
            let mut overlaps = false;
            for day in &hours.days {
                let index = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
                let Some(intervals) = calendar.week.get_mut(index) else { continue };
                if intervals.iter().any(|known| known.start < end && start < known.end) {
                    overlaps = true;
                    continue;
                }
                intervals.push(WorkingHours { start, end });
                intervals.sort();
            }
            if overlaps {
                self.findings.push(
                    Diagnostic::new(
                        codes::INVALID_LITERAL,
                        hours.span,
                        "these working hours overlap with earlier ones of the same day",
                    )
                    .help("give each day's hours once, or in parts that do not overlap"),
                );
            }
        }
        calendar.holidays = decl.except.iter().map(|date| date.value).collect();
        calendar
    }
}

fn minute(time: jiff::civil::Time) -> u32 {
    u32::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::as_name;

    #[test]
    fn a_folder_name_becomes_a_name() {
        assert_eq!(as_name("New Business"), "new_business");
        assert_eq!(as_name("2026-plan.v2"), "p2026_plan_v2");
        assert_eq!(as_name("営業"), "process");
    }
}
