//! `placeholder-criterion`: a text or a condition that was left for later.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, conditions};
use crate::model::{Criterion, ExprKind, Side, Text};
use crate::source::Span;

pub(crate) static RULE: Rule = Rule {
    name: "placeholder-criterion",
    family: Family::Criteria,
    summary: "a criterion, or a text of a stage, that was left for later: `TBD`, `N/A`, `true`",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/placeholder-criterion.md"),
    check: Check::Process(check),
};

/// Texts that say nothing, in lower case and without punctuation around them.
const SAY_NOTHING: &[&str] = &[
    // English
    "n/a",
    "n.a",
    "na",
    "tbd",
    "t.b.d",
    "tba",
    "tbc",
    "todo",
    "to do",
    "to-do",
    "fixme",
    "fix me",
    "xx",
    "xxx",
    "xxxx",
    "x",
    "asdf",
    "qwerty",
    "foo",
    "bar",
    "test",
    "dummy",
    "sample text",
    "placeholder",
    "lorem",
    "none",
    "null",
    "nil",
    "not applicable",
    "not defined",
    "not yet defined",
    "undefined",
    "to be defined",
    "to be determined",
    "to be decided",
    "to be done",
    "to be announced",
    "to be written",
    "to be completed",
    "to be filled in",
    "to be discussed",
    "fill in",
    "fill me in",
    "fill this in",
    "fill in later",
    "later",
    "coming soon",
    "work in progress",
    "wip",
    "pending",
    "title",
    "text",
    "description",
    "criterion",
    "criteria",
    "exit criterion",
    "exit criteria",
    "entry criterion",
    "entry criteria",
    "new criterion",
    "condition",
    "purpose",
    "next step",
    "same as above",
    "see above",
    "ditto",
    "blank",
    "empty",
    "change me",
    "changeme",
    // Korean
    "미정",
    "추후",
    "추후 결정",
    "추후 정의",
    "추후 작성",
    "추후 확정",
    "추후 협의",
    "추후 입력",
    "나중에",
    "나중에 작성",
    "작성 예정",
    "작성예정",
    "작성 중",
    "작성중",
    "입력 예정",
    "정의 필요",
    "작성 필요",
    "해당 없음",
    "해당없음",
    "없음",
    "테스트",
    "임시",
    "제목",
    "내용",
    "상동",
    // Japanese
    "未定",
    "未記入",
    "未入力",
    "未設定",
    "未定義",
    "未作成",
    "作成中",
    "作成予定",
    "記入予定",
    "検討中",
    "準備中",
    "後で",
    "あとで",
    "後日",
    "後日記入",
    "後日決定",
    "追って",
    "該当なし",
    "該当無し",
    "なし",
    "無し",
    "特になし",
    "要記入",
    "要定義",
    "仮",
    "テスト",
    "同上",
    // German
    "k.a",
    "k. a",
    "keine angabe",
    "keine",
    "keiner",
    "offen",
    "noch offen",
    "folgt",
    "zu definieren",
    "noch zu definieren",
    "zu klären",
    "noch zu klären",
    "noch zu ergänzen",
    "wird noch definiert",
    "wird nachgereicht",
    "entfällt",
    "nicht zutreffend",
    "nicht definiert",
    "platzhalter",
    "später",
    "siehe oben",
    // French
    "à définir",
    "a définir",
    "à compléter",
    "a compléter",
    "à préciser",
    "à déterminer",
    "à confirmer",
    "à venir",
    "à faire",
    "à remplir",
    "à rédiger",
    "sans objet",
    "s/o",
    "s.o",
    "néant",
    "aucun",
    "aucune",
    "non défini",
    "non applicable",
    "plus tard",
    "voir ci-dessus",
    // Spanish
    "por definir",
    "a definir",
    "por determinar",
    "por completar",
    "por hacer",
    "por decidir",
    "por escribir",
    "pendiente",
    "pendiente de definir",
    "no aplica",
    "no definido",
    "sin definir",
    "ninguno",
    "ninguna",
    "n/d",
    "más tarde",
    "ver arriba",
];

/// The same, to look into: every text of a process is asked about.
static KNOWN: LazyLock<FxHashSet<&str>> = LazyLock::new(|| SAY_NOTHING.iter().copied().collect());

/// What stands at the beginning of a note to oneself.
const MARKERS: &[&str] = &["TODO", "TBD", "FIXME", "XXX", "TBC", "TBA"];

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for criterion in process.criteria.values() {
        if context.is_unfinished(criterion.stage) {
            continue;
        }
        if let Some(said) = left_open(&criterion.title) {
            findings.push(of_title(criterion, &said));
        } else if conditions::constant(process, &criterion.condition) == Some(true) {
            findings.push(of_condition(context, criterion));
        } else if let ExprKind::Confirmed(id) = criterion.condition.kind
            && let Some(said) = left_open(&process.confirmations[id].text)
        {
            let span = criterion.condition.span;
            findings.push(of_text(span, "what a person confirms here", &said));
        }
    }
    for (_, stage) in process.stages.iter().filter(|(id, _)| !context.is_unfinished(*id)) {
        for (what, text) in [("purpose", &stage.purpose), ("next step", &stage.next)] {
            if let Some(text) = text
                && let Some(said) = left_open(text)
            {
                findings.push(of_text(
                    text.span,
                    &format!("the {what} of `{}`", stage.name),
                    &said,
                ));
            }
        }
    }
    if !process.draft {
        for term in process.terms.values().filter(|term| !term.broken) {
            if let Some(means) = &term.means
                && let Some(said) = left_open(means)
            {
                let what = format!("the meaning of `{}`", term.name);
                findings.push(of_text(means.span, &what, &said));
            }
        }
    }
}

fn of_title(criterion: &Criterion, said: &str) -> Diagnostic {
    RULE.finding(
        criterion.title.span,
        format!("the criterion `{}` is a placeholder: `{said}`", criterion.name),
    )
    .reason("nobody can tell from this when it is met")
    .help(match criterion.side {
        Side::Exit => "write what the buyer has done, or what is known, when the stage is over",
        Side::Enter => "write what must be known before the stage can begin",
    })
}

fn of_condition(context: &Context<'_>, criterion: &Criterion) -> Diagnostic {
    let condition = context.process.expr_source(&criterion.condition);
    RULE.finding(
        criterion.condition.span,
        format!("the criterion `{}` is met by every record: `{condition}`", criterion.name),
    )
    .reason("this asks nothing of a record")
    .help("name the field that shows it (`… is present`), or what a person confirms (`confirm \"…\"`)")
}

fn of_text(span: Span, what: &str, said: &str) -> Diagnostic {
    RULE.finding(span, format!("{what} is a placeholder: `{said}`"))
        .reason("this says nothing yet")
        .help("write it, or leave it out until it is known (`status draft` for a stage being written)")
}

/// The text, or its first translation, that was left open.
fn left_open(text: &Text) -> Option<String> {
    // A title made from a name was written by nobody.
    if text.derived {
        return None;
    }
    let translations = text.translations.iter().map(|(_, text)| text);
    std::iter::once(&text.value)
        .chain(translations)
        .find(|text| is_placeholder(text))
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let is_empty = !text.chars().any(char::is_alphanumeric);
    is_empty || says_nothing(text) || is_bracketed(text) || is_a_note(text)
}

fn says_nothing(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let bare = words.join(" ");
    let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
    // Lists of one's own: "Criterion 1".
    let unnumbered = bare.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let known = |text: &str| KNOWN.contains(text);
    known(bare) || (unnumbered.len() > 1 && known(unnumbered)) || bare.starts_with("lorem ipsum")
}

/// A template that nobody filled in: `<what must hold>`, `{{criterion}}`.
fn is_bracketed(text: &str) -> bool {
    [("<", ">"), ("{{", "}}"), ("[", "]")].iter().any(|(open, close)| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(|inside| !inside.contains(open) && !inside.contains(close))
    })
}

/// "TODO: ask legal". In capitals, or with a colon: "to do" as such is a word like others.
fn is_a_note(text: &str) -> bool {
    MARKERS.iter().any(|marker| {
        let Some(head) = text.get(..marker.len()) else { return false };
        let rest = text.get(marker.len()..).unwrap_or_default();
        let ends = !rest.starts_with(char::is_alphanumeric);
        ends && (head == *marker || (head.eq_ignore_ascii_case(marker) && rest.starts_with(':')))
    })
}

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn texts_that_say_nothing() {
        for text in [
            "",
            "-",
            "--",
            "…",
            "???",
            "n/a",
            "N/A",
            "N.A.",
            "tbd",
            "TBD.",
            "(TBD)",
            "To be defined",
            "TODO",
            "TODO: ask legal",
            "todo: ask legal",
            "TBD - see wiki",
            "x",
            "xxx",
            "Lorem ipsum dolor sit amet",
            "Criterion 1",
            "<what must hold>",
            "{{criterion}}",
            "[fill in]",
            "미정",
            "추후 작성",
            "해당 없음",
            "未定",
            "該当なし",
            "検討中。",
            "noch offen",
            "k. A.",
            "à définir",
            "S/O",
            "Por definir",
            "no aplica",
            "Pendiente",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn texts_that_say_something() {
        for text in [
            "The need is known",
            "Test drive done",
            "The to-do list is agreed",
            "Todoist is connected",
            "TBDs are cleared",
            "No open points",
            "Need",
            "NDA",
            "X-ray report is in",
            "Criteria agreed",
            "Later phases are priced",
            "<30 days to go",
            "미정 항목이 모두 해소되었다",
            "예산 확정",
            "未定の項目がない",
            "予算",
            "Offene Punkte geklärt",
            "Budget à définir validé",
            "[A] or [B] signed",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
