//! Record types, fields, options, confirmations.

use crate::diff::change::{Aspect, Fact, Kind, Part, Sides, Who};
use crate::diff::pair::option_pairs;
use crate::diff::values::narrows;
use crate::model::{FieldId, FieldType, RecordId, RetiredKind};

use super::Ledger;

pub(super) fn records(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    let whos = [Who::Data, Who::Data, Who::Config];
    ledger.existence(&both.pairs.records, Part::Record, Some(RetiredKind::Record), whos);
    for (was, now) in both.pairs.records.kept() {
        record(ledger, was, now);
    }
    // Fields of a record type that came or went are part of it.
    let pairs = &both.pairs.fields;
    let kept_old = |id: FieldId| both.pairs.records.new_of(both.old.fields[id].record).is_some();
    let kept_new = |id: FieldId| both.pairs.records.old_of(both.new.fields[id].record).is_some();
    let among = crate::diff::pair::Both::of(
        both.old.fields.ids().filter(|id| kept_old(*id)).collect(),
        both.new.fields.ids().filter(|id| kept_new(*id)).collect(),
        both.old.fields.ids().filter_map(|id| pairs.new_of(id).map(|now| (id, now))),
    );
    ledger.existence(&among, Part::Field, Some(RetiredKind::Field), whos);
    for (was, now) in pairs.kept() {
        field(ledger, was, now);
    }
    for (was, now) in both.pairs.confirmations.kept() {
        let (old, new) = (&both.old.confirmations[was], &both.new.confirmations[now]);
        let sides = Sides::both(Part::Confirmation(was), Part::Confirmation(now));
        let mut about = ledger.about(sides);
        about.text(Who::People, "text", Some(&old.text), Some(&new.text));
        about.owner(Who::People, "by", old.by, new.by);
    }
}

fn record(ledger: &mut Ledger<'_, '_>, was: RecordId, now: RecordId) {
    let both = ledger.both;
    let (old, new) = (&both.old.records[was], &both.new.records[now]);
    let mut about = ledger.about(Sides::both(Part::Record(was), Part::Record(now)));
    about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
    if old.from.map(|id| both.pairs.records.new_of(id)) != new.from.map(Some) {
        let was = old.from.map(|id| Fact::Name(both.old.records[id].name.clone()));
        let now = new.from.map(|id| Fact::Name(both.new.records[id].name.clone()));
        let kind = super::came_or_went(was.is_some(), now.is_some());
        about.add(Who::Data, kind, Aspect::Of("from"), was, now);
    }
    about.text(Who::Nobody, "about", old.about.as_ref(), new.about.as_ref());
}

fn field(ledger: &mut Ledger<'_, '_>, was: FieldId, now: FieldId) {
    let both = ledger.both;
    let (old, new) = (&both.old.fields[was], &both.new.fields[now]);
    let mut about = ledger.about(Sides::both(Part::Field(was), Part::Field(now)));
    about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
    let kinds = (type_word(&old.ty), type_word(&new.ty));
    let say = |word: &str| Fact::Name(word.to_owned());
    about.fact(Who::Data, "type", Some(kinds.0), Some(kinds.1), say);
    about.flag(Who::Data, "required", old.required, new.required);
    about.flag(Who::Data, "unique", old.unique, new.unique);
    if kinds.0 == kinds.1 {
        for (word, was, now, beyond) in [
            ("at least", &old.at_least, &new.at_least, std::cmp::Ordering::Greater),
            ("at most", &old.at_most, &new.at_most, std::cmp::Ordering::Less),
        ] {
            // A wider bound troubles nobody's rows.
            let narrower = narrows(was.as_ref(), now.as_ref(), beyond);
            let who = if narrower { Who::Data } else { Who::Nobody };
            about.value(who, word, was.as_ref(), now.as_ref());
        }
    }
    about.text(Who::People, "help", old.help.as_ref(), new.help.as_ref());
    if kinds.0 == kinds.1 {
        options(ledger, was, now);
    }
}

fn options(ledger: &mut Ledger<'_, '_>, was: FieldId, now: FieldId) {
    let both = ledger.both;
    let (old, new) = (&both.old.fields[was].ty, &both.new.fields[now].ty);
    let pairs = option_pairs(old, new);
    for at in pairs.removed() {
        let mut about = ledger.about(Sides::old(Part::Option(was, at)));
        about.place.new = Some(both.new.fields[now].span);
        about.add(Who::Data, Kind::Removed, Aspect::Whole, None, None);
    }
    for (at, into) in pairs.merged() {
        let into = new.options().get(into).map(|option| Fact::Name(option.name.clone()));
        let mut about = ledger.about(Sides::old(Part::Option(was, at)));
        about.add(Who::Data, Kind::Merged, Aspect::Whole, None, into);
    }
    for (before, after) in pairs.kept() {
        let (Some(old), Some(new)) = (old.options().get(before), new.options().get(after)) else {
            continue;
        };
        let sides = Sides::both(Part::Option(was, before), Part::Option(now, after));
        let mut about = ledger.about(sides);
        if old.name != new.name {
            let (was, now) = (Fact::Name(old.name.clone()), Fact::Name(new.name.clone()));
            about.add(Who::Config, Kind::Renamed, Aspect::Whole, Some(was), Some(now));
        }
        about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
    }
    for at in pairs.added() {
        let mut about = ledger.about(Sides::new(Part::Option(now, at)));
        about.add(Who::People, Kind::Added, Aspect::Whole, None, None);
    }
}

/// A type as the language names it, without its options.
fn type_word(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Text => "text",
        FieldType::Number => "number",
        FieldType::Integer => "integer",
        FieldType::Money => "money",
        FieldType::Percent => "percent",
        FieldType::Boolean => "boolean",
        FieldType::Date => "date",
        FieldType::DateTime => "datetime",
        FieldType::User => "user",
        FieldType::OneOf(_) => "one of",
        FieldType::ManyOf(_) => "many of",
    }
}
