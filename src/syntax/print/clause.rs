//! Clauses of the DSL: what stands on one line behind a keyword.

use jiff::civil::Weekday;

use crate::source::Span;
use crate::syntax::ast::{self, Name, TransitionEnds};

use super::expr::expr;
use super::literal::{clock, duration, every, literal, paths, text};

pub(super) fn list(names: &[Name]) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
    format!("[{}]", names.join(", "))
}

pub(super) fn was_clause(was: &[Name]) -> String {
    if was.is_empty() { String::new() } else { format!(" was {}", list(was)) }
}

pub(super) fn label_span(label: &ast::LabelText) -> Span {
    match label {
        ast::LabelText::Word(name) | ast::LabelText::Titled(name, _) => name.span,
        ast::LabelText::Text(text) => text.span,
    }
}

pub(super) fn limit_terms(limit: &ast::Limit) -> String {
    let mut out = duration(&limit.duration.value);
    if let Some(target) = &limit.target {
        out.push_str(&format!(" target {}", duration(&target.value)));
    }
    if let Some(to) = &limit.escalate_to {
        out.push_str(&format!(" escalate to {to}"));
    }
    out
}

pub(super) fn transition_line(transition: &ast::TransitionDecl, indent: usize) -> String {
    let mut out = match &transition.ends {
        TransitionEnds::To(to) => {
            let kind = transition.kind.unwrap_or(ast::TransitionKind::Advance);
            format!("{} to {to}", kind.word())
        }
        TransitionEnds::FromAnyOpen { record, except } => {
            let kind = transition.kind.map_or_else(String::new, |kind| format!("{} ", kind.word()));
            let except =
                if except.is_empty() { String::new() } else { format!(" except {}", list(except)) };
            format!("{kind}from any open of {record}{except}")
        }
    };
    if let Some(title) = &transition.title {
        out.push_str(&format!(" {}", text(title, indent)));
    }
    for when in &transition.when {
        out.push_str(&format!(" when {}", expr(when)));
    }
    if let Some(after) = &transition.after {
        out.push_str(&format!(" after {}", clock(after)));
    }
    if let Some(count) = transition.at_most {
        let times = if count.value == 1 { "time" } else { "times" };
        out.push_str(&format!(" at most {} {times}", count.value));
    }
    if let Some(handoff) = &transition.handoff {
        out.push_str(" handoff");
        if let Some(within) = &handoff.within {
            out.push_str(&format!(" within {}", duration(&within.value)));
        }
        if !handoff.carries.is_empty() {
            out.push_str(&format!(" carries {}", paths(&handoff.carries)));
        }
        if let Some(accept) = &handoff.accept {
            out.push_str(&format!(" accept when {}", expr(&accept.when)));
            if let Some(otherwise) = &accept.otherwise {
                out.push_str(&format!(" else {}", refusal(otherwise)));
            }
        }
    }
    out
}

/// `recycle to nurturing`, `nurturing`
pub(super) fn refusal(otherwise: &ast::AcceptElse) -> String {
    match otherwise.kind {
        Some(kind) => format!("{} to {}", kind.word(), otherwise.to),
        None => otherwise.to.text.clone(),
    }
}

pub(super) fn field_line(field: &ast::FieldDecl, indent: usize) -> String {
    let mut out = format!("{} {}", field.name, field_type(&field.ty.value, indent));
    if let Some(title) = &field.title {
        out.push_str(&format!(" {}", text(title, indent)));
    }
    if let Some(least) = &field.at_least {
        out.push_str(&format!(" at least {}", literal(&least.value)));
    }
    if let Some(most) = &field.at_most {
        out.push_str(&format!(" at most {}", literal(&most.value)));
    }
    if field.required.is_some() {
        out.push_str(" required");
    }
    if field.unique.is_some() {
        out.push_str(" unique");
    }
    if let Some(help) = &field.help {
        out.push_str(&format!(" help {}", text(help, indent)));
    }
    out.push_str(&was_clause(&field.was));
    out
}

pub(super) fn field_type(ty: &ast::FieldType, indent: usize) -> String {
    match ty {
        ast::FieldType::OneOf(options) | ast::FieldType::ManyOf(options) => {
            let options: Vec<String> = options
                .iter()
                .map(|option| {
                    let title = option
                        .title
                        .as_ref()
                        .map_or_else(String::new, |t| format!(" {}", text(t, indent)));
                    format!("{}{title}{}", option.name, was_clause(&option.was))
                })
                .collect();
            format!("{} [{}]", ty.word(), options.join(", "))
        }
        scalar => scalar.word().to_owned(),
    }
}

pub(super) fn measure_terms(measure: &ast::Measure) -> String {
    let when = |when: &Option<ast::Expr>| {
        when.as_ref().map_or_else(String::new, |when| format!(" when {}", expr(when)))
    };
    let statistic = |statistic: &Option<ast::Statistic>| {
        statistic.map_or_else(String::new, |statistic| format!("{} ", statistic.word()))
    };
    match measure {
        ast::Measure::Conversion { from, to, within } => {
            let within = within
                .as_ref()
                .map_or_else(String::new, |d| format!(" within {}", duration(&d.value)));
            format!("conversion from {from} to {to}{within}")
        }
        ast::Measure::Entries { into, when: condition } => {
            format!("entries into {into}{}", when(condition))
        }
        ast::Measure::Balance { of } => format!("balance of {of}"),
        ast::Measure::Cycle { statistic: s, from, to } => {
            format!("{}time from {from} to {to}", statistic(s))
        }
        ast::Measure::Dwell { statistic: s, stage } => format!("{}time in {stage}", statistic(s)),
        ast::Measure::Sum { field, entering, when: condition } => {
            format!("sum of {} entering {entering}{}", field.dotted(), when(condition))
        }
        ast::Measure::Share { of, when: condition } => {
            format!("share of {of} when {}", expr(condition))
        }
        ast::Measure::Coverage { goal, by } => format!("coverage of {goal} by {}", by.dotted()),
    }
}

pub(super) fn target_terms(target: &ast::TargetDecl) -> String {
    let side = if target.at_least { "least" } else { "most" };
    let rhythm =
        target.every.as_ref().map_or_else(String::new, |e| format!(" every {}", every(&e.value)));
    format!("at {side} {}{rhythm}", literal(&target.value.value))
}

pub(super) fn points_line(points: &ast::PointsDecl, indent: usize) -> String {
    let sign = if points.points.value.is_sign_negative() { "" } else { "+" };
    let title = points.title.as_ref().map_or_else(String::new, |t| format!(" {}", text(t, indent)));
    let mut out = format!(
        "{} {sign}{}{title} when {}",
        points.category.word(),
        points.points.value,
        expr(&points.when)
    );
    if let Some(halves) = &points.halves_every {
        out.push_str(&format!(" halves every {}", duration(&halves.value)));
    }
    if let Some(expires) = &points.expires_after {
        out.push_str(&format!(" expires after {}", duration(&expires.value)));
    }
    out
}

pub(super) fn grade_band(grade: &ast::GradeDecl, indent: usize) -> String {
    let title = grade.title.as_ref().map_or_else(String::new, |t| format!(" {}", text(t, indent)));
    match grade.at_least {
        Some(least) => format!("{}{title} at least {}", grade.name, least.value),
        None => format!("{}{title} otherwise", grade.name),
    }
}

pub(super) fn hours(calendar: &ast::CalendarDecl) -> String {
    let clock = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    let parts: Vec<String> = calendar
        .hours
        .iter()
        .map(|hours| {
            let to = hours.to.value.map_or_else(|| "24:00".to_owned(), clock);
            format!("{} {}-{to}", days(&hours.days), clock(hours.from.value))
        })
        .collect();
    let dates: Vec<String> = calendar.except.iter().map(|date| date.value.to_string()).collect();
    let except =
        if dates.is_empty() { String::new() } else { format!(" except [{}]", dates.join(", ")) };
    format!("{}{except}", parts.join(", "))
}

/// Days that follow each other as a range, others as a list.
fn days(days: &[Weekday]) -> String {
    let word = |day: &Weekday| match day {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    };
    let consecutive = days.iter().zip(days.iter().skip(1)).all(|(a, b)| a.next() == *b);
    match days {
        [] => "[]".to_owned(),
        [one] => word(one).to_owned(),
        [first, .., last] if consecutive => format!("{}-{}", word(first), word(last)),
        many => format!("[{}]", many.iter().map(word).collect::<Vec<_>>().join(", ")),
    }
}
