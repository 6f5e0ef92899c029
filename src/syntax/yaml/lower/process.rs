//! The process and its teams.

use crate::source::{Span, Spanned};
use crate::syntax::ast::{CalendarDecl, Currency, Name, ProcessDecl, RoleDecl, Status, TeamDecl};
use crate::syntax::dsl::fragment;
use crate::syntax::habits;

use super::super::reader::Reader;
use super::super::table::{
    CALENDAR_TABLE, HOURS, PROCESS, ROLE, ROLE_TABLE, STATUSES, Shape, TEAM,
};
use super::super::tree::NodeRef;
use super::super::values::is_language;
use super::{Common, block_span, is_broken};

pub(super) fn process<'t>(
    reader: &mut Reader<'t>,
    key: NodeRef<'t>,
    node: NodeRef<'t>,
) -> Option<ProcessDecl> {
    reader.begin();
    if is_broken(node) {
        return None;
    }
    let span = block_span(reader, key, node);
    let mut common = Common::default();
    let (mut name, mut version, mut currency, mut timezone) = (None, None, None, None);
    let (mut calendar, mut languages, mut status, mut effective) = (None, Vec::new(), None, None);
    for entry in reader.open(&PROCESS, node, "the process", key.span())? {
        let node = entry.value;
        match entry.key.name {
            "name" => name = reader.name(node),
            "version" => version = reader.verbatim(node),
            "effective" => effective = reader.date(node),
            "currency" => currency = self::currency(reader, node),
            "timezone" => timezone = reader.verbatim(node),
            "calendar" => calendar = self::calendar(reader, node),
            "languages" => languages = self::languages(reader, node),
            "status" => status = reader.word(node, "status", STATUSES, Status::from_word),
            _ => common.read(reader, entry),
        }
    }
    let Common { title, about, waivers, .. } = common;
    Some(ProcessDecl {
        // Without its name the process still tells its currency, its calendar and its languages.
        name: name.unwrap_or_else(|| Name::new("process", key.span())),
        title,
        version,
        effective,
        currency,
        timezone,
        calendar,
        languages,
        about,
        status,
        waivers,
        broken: reader.broken(),
        span,
    })
}

fn currency<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Spanned<Currency>> {
    let (scalar, span) = reader.scalar(node)?;
    match Currency::new(&scalar.value) {
        Some(currency) => Some(Spanned::new(currency, span)),
        None => {
            let message = format!("`{}` is not a currency", scalar.value);
            let help = "a currency is three capital letters, as in `JPY`";
            reader.wrong_literal(span, message, Some(help.to_owned()));
            None
        }
    }
}

fn languages<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Vec<Name> {
    let mut languages = Vec::new();
    for item in reader.list(node, &Shape::Verbatim("a language, such as `en`")) {
        let Some((scalar, span)) = reader.scalar(item) else { continue };
        if is_language(&scalar.value) {
            languages.push(Name::new(scalar.value.as_ref(), span));
        } else {
            let message = format!("`{}` is not a language", scalar.value);
            let help = habits::language_help(&scalar.value);
            reader.wrong_literal(span, message, Some(help));
        }
    }
    languages
}

fn calendar<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<CalendarDecl> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::calendar);
    }
    let span = node.target().span();
    let mut calendar = CalendarDecl { hours: Vec::new(), except: Vec::new(), span };
    for entry in reader.open(&CALENDAR_TABLE, node, "`calendar`", node.span())? {
        match entry.key.name {
            "hours" => {
                for item in reader.list(entry.value, &Shape::Clause(&HOURS)) {
                    let read = reader.fragment(item, fragment::calendar);
                    calendar.hours.extend(read.into_iter().flat_map(|read| read.hours));
                }
            }
            _ => {
                for item in reader.list(entry.value, &Shape::Date) {
                    calendar.except.extend(reader.date(item));
                }
            }
        }
    }
    Some(calendar)
}

pub(super) fn team<'t>(
    reader: &mut Reader<'t>,
    name: Name,
    span: Span,
    node: NodeRef<'t>,
) -> TeamDecl {
    let mut common = Common::default();
    let (mut mission, mut roles) = (None, Vec::new());
    let subject = format!("team `{name}`");
    for entry in reader.open(&TEAM, node, &subject, name.span).unwrap_or_default() {
        match entry.key.name {
            "mission" => mission = reader.text(entry.value),
            "roles" => {
                reader.named(entry.value, &Shape::Clause(&ROLE), |reader, name, key, body| {
                    let span = key.span().to(body.span());
                    roles.push(role(reader, name, span, body));
                });
            }
            _ => common.read(reader, entry),
        }
    }
    let Common { title, was, waivers, .. } = common;
    TeamDecl { name, title, mission, roles, was, waivers, broken: reader.broken(), span }
}

/// A title alone, or a mapping.
fn role<'t>(reader: &mut Reader<'t>, name: Name, span: Span, node: NodeRef<'t>) -> RoleDecl {
    let mut role = RoleDecl { name, title: None, headcount: None, was: Vec::new(), span };
    if let Some(title) = reader.title_alone(node) {
        role.title = title;
        return role;
    }
    let subject = format!("role `{}`", role.name);
    for entry in reader.open(&ROLE_TABLE, node, &subject, role.name.span).unwrap_or_default() {
        match entry.key.name {
            "title" => role.title = reader.text(entry.value),
            "headcount" => role.headcount = reader.whole(entry.value),
            _ => role.was = reader.names(entry.value),
        }
    }
    role
}
