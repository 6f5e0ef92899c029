//! The process as a whole, and the findings that somebody has accepted.

use crate::diff::change::{Aspect, Fact, Kind, Part, Sides, Who};
use crate::model::{Calendar, Process, Waiver};

use super::Ledger;

pub(super) fn whole(ledger: &mut Ledger<'_, '_>) {
    let (old, new) = (ledger.both.old, ledger.both.new);
    let mut about = ledger.about(Sides::both(Part::Process, Part::Process));
    let plain = |text: String| Fact::Plain(text);
    // A process without a declaration is called after its folder.
    let declared = !old.span.is_empty() && !new.span.is_empty();
    if declared && old.name != new.name {
        let (was, now) = (Fact::Name(old.name.clone()), Fact::Name(new.name.clone()));
        about.add(Who::Config, Kind::Renamed, Aspect::Whole, Some(was), Some(now));
    }
    about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
    about.fact(Who::Nobody, "version", old.version.clone(), new.version.clone(), plain);
    let day = |process: &Process| process.effective.map(|day| day.to_string());
    about.fact(Who::People, "effective", day(old), day(new), plain);
    let currency = |process: &Process| process.currency.map(|currency| currency.code().to_owned());
    about.fact(Who::Data, "currency", currency(old), currency(new), plain);
    let zones = (Some(old.timezone.clone()), Some(new.timezone.clone()));
    about.fact(Who::People, "timezone", zones.0, zones.1, plain);
    hours(&mut about, &old.calendar, &new.calendar);
    let named = |process: &Process| {
        process.languages.iter().map(|tag| (Some(tag.clone()), tag.clone())).collect::<Vec<_>>()
    };
    about.list(Who::Nobody, "languages", named(old).into_iter(), named(new).into_iter());
    about.text(Who::Nobody, "about", old.about.as_ref(), new.about.as_ref());
    about.flag(Who::Nobody, "status", old.draft, new.draft);
    waivers(ledger);
}

fn hours(about: &mut super::About<'_, '_, '_>, old: &Calendar, new: &Calendar) {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let say = |calendar: &Calendar| {
        let days = DAYS.iter().zip(&calendar.week).filter(|(_, hours)| !hours.is_empty());
        let day = |(day, hours): (&&str, &Vec<crate::model::WorkingHours>)| {
            let hours: Vec<String> =
                hours.iter().map(|h| format!("{}-{}", time(h.start), time(h.end))).collect();
            format!("{day} {}", hours.join(" "))
        };
        days.map(day).collect::<Vec<_>>().join(", ")
    };
    if old.week != new.week {
        let (was, now) = (Fact::Plain(say(old)), Fact::Plain(say(new)));
        about.add(Who::People, Kind::Changed, Aspect::Of("calendar"), Some(was), Some(now));
    }
    let days = |calendar: &Calendar| {
        let day = |day: &jiff::civil::Date| (Some(day.to_string()), day.to_string());
        calendar.holidays.iter().map(day).collect::<Vec<_>>()
    };
    about.list(Who::People, "except", days(old).into_iter(), days(new).into_iter());
}

/// Waivers have no names: they are told apart by their rule, reason and end.
fn waivers(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    let same =
        |a: &Waiver, b: &Waiver| a.rule == b.rule && a.reason == b.reason && a.until == b.until;
    let mut free: Vec<usize> = (0..both.old.waivers.len()).collect();
    for (at, waiver) in both.new.waivers.iter().enumerate() {
        let found = free
            .iter()
            .position(|old| both.old.waivers.get(*old).is_some_and(|old| same(old, waiver)));
        if let Some(found) = found {
            free.remove(found);
            continue;
        }
        let mut about = ledger.about(Sides::new(Part::Waiver(at)));
        let reason = Fact::Text(&waiver.reason);
        about.add(Who::Nobody, Kind::Added, Aspect::Whole, None, Some(reason));
    }
    for at in free {
        let reason = both.old.waivers.get(at).map(|waiver| Fact::Text(&waiver.reason));
        let mut about = ledger.about(Sides::old(Part::Waiver(at)));
        about.add(Who::Nobody, Kind::Removed, Aspect::Whole, reason, None);
    }
}
