//! `process` and `team`, and the properties that every declaration may have.

use jiff::civil;

use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    CalendarDecl, Currency, Hours, Name, ProcessDecl, RoleDecl, Status, TeamDecl, Waive,
};

use super::blocks::{PROCESS, TEAM};
use super::builder::{Builder, Seen};
use super::parser::{Pair, Rule, part};
use super::stage::STATUSES;

impl Builder<'_> {
    pub(super) fn process(&mut self, pair: Pair<'_>) -> ProcessDecl {
        let span = self.span(&pair);
        let mut process = ProcessDecl {
            name: Name::new("", span),
            title: None,
            version: None,
            effective: None,
            currency: None,
            timezone: None,
            calendar: None,
            languages: Vec::new(),
            about: None,
            status: None,
            waivers: Vec::new(),
            broken: false,
            span,
        };
        let mut seen = Seen::default();
        for item in self.items(pair, &PROCESS) {
            let rule = item.as_rule();
            let many = matches!(rule, Rule::name | Rule::text | Rule::waive);
            if !many && is_property(rule) && !self.first(&mut seen, &item) {
                continue;
            }
            match rule {
                Rule::name => process.name = self.name(&item),
                Rule::text => process.title = Some(self.text(item)),
                Rule::version => process.version = self.string_of(item),
                Rule::effective => {
                    let date = part(item, Rule::date);
                    process.effective = date.and_then(|date| self.date(&date));
                }
                Rule::timezone => process.timezone = self.string_of(item),
                Rule::process_currency => {
                    process.currency = part(item, Rule::currency).and_then(|code| {
                        let span = self.span(&code);
                        Currency::new(code.as_str()).map(|currency| Spanned::new(currency, span))
                    });
                }
                Rule::calendar => {
                    let span = self.span(&item);
                    process.calendar = Some(self.calendar(item.into_inner(), span));
                }
                Rule::languages => {
                    let tags = item.into_inner().filter(|part| part.as_rule() == Rule::language);
                    self.check_commas(tags.clone());
                    process.languages = tags
                        .map(|language| Name::new(language.as_str(), self.span(&language)))
                        .collect();
                }
                Rule::about => process.about = self.text_of(item),
                Rule::status => {
                    process.status = self.word_of(item, "status", STATUSES, Status::from_word);
                }
                Rule::waive => process.waivers.extend(self.waive(item)),
                _ => {}
            }
        }
        process
    }

    /// `mon-fri 09:00-18:00 except [2026-01-01]`
    pub(super) fn calendar<'p>(
        &mut self,
        pairs: impl Iterator<Item = Pair<'p>>,
        span: Span,
    ) -> CalendarDecl {
        let mut calendar = CalendarDecl { hours: Vec::new(), except: Vec::new(), span };
        for pair in pairs {
            match pair.as_rule() {
                Rule::hours => calendar.hours.extend(self.hours(pair)),
                Rule::dates => {
                    for date in self.list_items(pair) {
                        calendar.except.extend(self.date(&date));
                    }
                }
                _ => {}
            }
        }
        calendar
    }

    fn hours(&mut self, pair: Pair<'_>) -> Option<Hours> {
        let span = self.span(&pair);
        let mut days = Vec::new();
        let mut times = Vec::new();
        for item in pair.into_inner() {
            match item.as_rule() {
                Rule::days => days = self.days(item),
                _ => times.push(self.time(&item)),
            }
        }
        let mut times = times.into_iter();
        let (from, to) = (times.next()??, times.next()??);
        let start = self.check_hours(from, to)?;
        Some(Hours { days, from: Spanned::new(start, from.span), to, span })
    }

    /// `mon-fri` is a range, which may run over the week-end; `[mon, wed]` is a list.
    fn days(&mut self, pair: Pair<'_>) -> Vec<civil::Weekday> {
        let is_list = pair.as_str().starts_with('[');
        let mut named: Vec<civil::Weekday> = Vec::new();
        for day in self.list_items(pair) {
            named.extend(self.word(&day, "day of the week", WEEKDAYS, weekday));
        }
        let [first, last] = named.as_slice() else { return named };
        if is_list {
            return named;
        }
        let mut days = vec![*first];
        let mut day = *first;
        while day != *last {
            day = day.next();
            days.push(day);
        }
        days
    }

    pub(super) fn team(&mut self, pair: Pair<'_>) -> TeamDecl {
        let span = self.span(&pair);
        let mut team = TeamDecl {
            name: Name::new("", span),
            title: None,
            mission: None,
            roles: Vec::new(),
            was: Vec::new(),
            waivers: Vec::new(),
            broken: false,
            span,
        };
        let mut seen = Seen::default();
        for item in self.items(pair, &TEAM) {
            match item.as_rule() {
                Rule::name => team.name = self.name(&item),
                Rule::text => team.title = Some(self.text(item)),
                Rule::mission if self.first(&mut seen, &item) => team.mission = self.text_of(item),
                Rule::role => team.roles.extend(self.role(item)),
                Rule::was => team.was.extend(self.names_of(item)),
                Rule::waive => team.waivers.extend(self.waive(item)),
                _ => {}
            }
        }
        team
    }

    fn role(&mut self, pair: Pair<'_>) -> Option<RoleDecl> {
        let span = self.span(&pair);
        let (mut name, mut title, mut headcount, mut was) = (None, None, None, Vec::new());
        let mut seen = Seen::default();
        for item in pair.into_inner() {
            match item.as_rule() {
                Rule::name => name = Some(self.name(&item)),
                Rule::text => title = Some(self.text(item)),
                Rule::headcount if self.first(&mut seen, &item) => {
                    headcount = part(item, Rule::number).and_then(|number| self.count(&number));
                }
                Rule::was => was.extend(self.names_of(item)),
                _ => {}
            }
        }
        Some(RoleDecl { name: name?, title, headcount, was, span })
    }

    /// `waive dead-end "reason" until 2027-01-31`
    pub(super) fn waive(&mut self, pair: Pair<'_>) -> Option<Waive> {
        let span = self.span(&pair);
        let (mut rule, mut reason, mut until) = (None, None, None);
        for item in pair.into_inner() {
            match item.as_rule() {
                Rule::rule_name => rule = Some(Name::new(item.as_str(), self.span(&item))),
                Rule::text => reason = Some(self.text(item)),
                Rule::date => until = self.date(&item),
                _ => {}
            }
        }
        Some(Waive { rule: rule?, reason: reason?, until, span })
    }

    /// The text of a property that holds a plain one: `version "2026.1"`.
    fn string_of(&mut self, property: Pair<'_>) -> Option<Spanned<String>> {
        let string = part(property, Rule::string)?;
        let span = self.span(&string);
        Some(Spanned::new(self.quoted(&string), span))
    }
}

/// The days of the week, as they are written.
pub(super) const WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn weekday(word: &str) -> Option<civil::Weekday> {
    let index = WEEKDAYS.iter().position(|day| *day == word)?;
    civil::Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok()
}

fn is_property(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::version
            | Rule::effective
            | Rule::process_currency
            | Rule::timezone
            | Rule::calendar
            | Rule::languages
            | Rule::about
            | Rule::status
    )
}
