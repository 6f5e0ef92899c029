//! The language of what was imported, told from the letters of its titles.

use super::Pipeline;
use super::report::Report;

/// The language of most titles, when their letters tell it: Korean or Japanese.
pub(super) fn of<'t>(titles: impl Iterator<Item = &'t str> + Clone) -> Option<&'static str> {
    let count = titles.clone().count();
    let most = |is: fn(char) -> bool| {
        2 * titles.clone().filter(|title| title.chars().any(is)).count() > count
    };
    if most(is_hangul) {
        Some("ko")
    } else if most(|letter| is_kana(letter) || is_han(letter)) {
        Some("ja")
    } else {
        None
    }
}

/// The language of most titles, when their letters tell it. Everything else is left to whoever reads
/// the process.
pub(super) fn told(pipelines: &[Pipeline], report: &mut Report) -> Option<String> {
    let titles = || {
        let stages = pipelines.iter().flat_map(|pipeline| &pipeline.stages);
        stages.map(|stage| stage.title.as_str())
    };
    let tag = of(titles())?;
    let name = if tag == "ko" { "Korean" } else { "Japanese" };
    let alone = tag == "ja" && !titles().any(|title| title.chars().any(is_kana));
    let doubt = if alone { ", or Chinese" } else { "" };
    let text = format!(
        "most titles are {name}{doubt}: the texts are taken for {name}; `--language` says another one"
    );
    report.guessed("the whole", text);
    Some(tag.to_owned())
}

/// What a process is called that has several pipelines.
pub(super) fn process_title(language: Option<&str>) -> &'static str {
    match language {
        Some("ja") => "取り込んだプロセス",
        Some("ko") => "가져온 프로세스",
        _ => "Imported process",
    }
}

/// What people who speak a language call a record of a CRM, by what it is called in English.
pub(super) fn record_title(language: Option<&str>, title: &'static str) -> &'static str {
    let primary = language.and_then(|tag| tag.split('-').next());
    match (primary, title) {
        (Some("ja"), "Deal" | "Opportunity") => "商談",
        (Some("ja"), "Lead") => "リード",
        (Some("ja"), "Ticket") => "チケット",
        (Some("ko"), "Deal") => "거래",
        (Some("ko"), "Opportunity") => "영업 기회",
        (Some("ko"), "Lead") => "리드",
        (Some("ko"), "Ticket") => "티켓",
        _ => title,
    }
}

fn is_hangul(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}')
}

fn is_kana(letter: char) -> bool {
    matches!(letter, '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}')
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}
