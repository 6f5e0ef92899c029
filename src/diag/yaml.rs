//! Advice for those who write YAML. Rules write what to do as the DSL says it, `shared by [sales]`; at
//! a finding in a YAML file the same is said as YAML says it, `shared_by: [sales]`.

use std::borrow::Cow;

/// Between advice and what stands in its last backticks when the source is YAML.
const IN_YAML: &str = "; in YAML: ";

/// The advice without what it says for YAML.
pub(super) fn for_dsl(help: &str) -> &str {
    help.split_once(IN_YAML).map_or(help, |(dsl, _)| dsl)
}

/// The advice with every statement between backticks as YAML writes it. Expressions and names are
/// the same in both notations.
pub(super) fn for_yaml(help: &str) -> Cow<'_, str> {
    if let Some((dsl, yaml)) = help.split_once(IN_YAML) {
        // The last backticks of the advice hold what is written otherwise.
        let before = dsl.rsplitn(3, '`').nth(2).unwrap_or(dsl);
        return Cow::Owned(format!("{before}{yaml}"));
    }
    if !help.matches('`').count().is_multiple_of(2) {
        return Cow::Borrowed(help);
    }
    let mut parts = help.split('`');
    let mut told = parts.next().unwrap_or("").to_owned();
    // What stands between backticks, and the words behind it.
    while let (Some(code), Some(words)) = (parts.next(), parts.next()) {
        let code = match flag(code, &told) {
            true => Cow::Owned(format!("{code}: true")),
            false => statement(code).map_or(Cow::Borrowed(code), Cow::Owned),
        };
        told.push('`');
        told.push_str(&code);
        told.push('`');
        told.push_str(words);
    }
    Cow::Owned(told)
}

/// Whether the word is one that the DSL says alone, and the advice is to write it.
fn flag(code: &str, before: &str) -> bool {
    matches!(code, "entry" | "final" | "required")
        && [" say ", " the stage ", " mark one "]
            .iter()
            .any(|words| format!(" {before}").ends_with(words))
}

/// Statements that YAML writes as `key: value`, longest first where one begins another.
const KEYS: &[(&str, &str)] = &[
    ("advance to", "advance"),
    ("recycle to", "recycle"),
    ("lose to", "lose"),
    ("from any open of", "from_any_open"),
    ("shared by", "shared_by"),
    ("escalate to", "escalate_to"),
    ("halves every", "halves_every"),
    ("expires after", "expires_after"),
    ("at most", "at_most"),
    ("for stage", "for"),
    ("exit when", "exit"),
    ("enter when", "enter"),
    ("accept", "accept"),
    ("after", "after"),
    ("behavior", "behavior"),
    ("carries", "carries"),
    ("currency", "currency"),
    ("every", "every"),
    ("evidence", "evidence"),
    ("fit", "fit"),
    ("forecast", "forecast"),
    ("handoff", "handoff"),
    ("into", "into"),
    ("limit", "limit"),
    ("means", "means"),
    ("measure", "measure"),
    ("mission", "mission"),
    ("next", "next"),
    ("otherwise", "otherwise"),
    ("outcome", "outcome"),
    ("owner", "owner"),
    ("probability", "probability"),
    ("purpose", "purpose"),
    ("record", "record"),
    ("see", "see"),
    ("starts", "starts"),
    ("status", "status"),
    ("steps", "steps"),
    ("support", "support"),
    ("target", "target"),
    ("was", "was"),
    ("when", "when"),
    ("why", "why"),
];

/// Declarations, and the key they stand under.
const DECLARATIONS: &[(&str, &str)] = &[
    ("team", "teams"),
    ("record", "records"),
    ("stage", "stages"),
    ("goal", "goals"),
    ("score", "scores"),
    ("feedback", "feedback"),
    ("term", "terms"),
    ("play", "plays"),
];

/// What follows the name of a field in an expression: `limit > 5` is no statement.
const OPERATORS: &[&str] =
    &["=", "!=", "<", "<=", ">", ">=", "is", "in", "between", "and", "or", "+", "-", "*", "/"];

/// A statement of the DSL as YAML writes it; `None` for anything else.
fn statement(code: &str) -> Option<String> {
    if let Some((head, body)) = code.strip_suffix('}').and_then(|code| code.split_once('{')) {
        return block(head.trim(), body.trim());
    }
    if let Some(list) = code.strip_prefix("entry from ") {
        return Some(format!("entry: {{from: {list}}}"));
    }
    // A list cannot stand in a plain text that itself stands between braces.
    if let Some((within, list)) =
        code.strip_prefix("handoff ").and_then(|of| of.split_once(" carries "))
    {
        let within = within.strip_prefix("within ").unwrap_or(within);
        return Some(format!("handoff: {{within: {within}, carries: {list}}}"));
    }
    if let Some(rest) = code.strip_prefix("retired ") {
        let (old, into) =
            rest.split_once(" into").map_or((rest, None), |(old, into)| (old, Some(into.trim())));
        let (kind, name) = old.split_once(' ')?;
        let into = into.map_or(String::new(), |into| {
            format!(", into: {}", if into.is_empty() { "…" } else { into })
        });
        return Some(format!("retired: [{{{kind}: {name}{into}}}]"));
    }
    if let Some((category, share)) = code.strip_prefix("weight ").and_then(|of| of.split_once(' '))
    {
        return Some(format!("weight: {{{category}: {share}}}"));
    }
    if let Some((name, from)) =
        code.strip_prefix("record ").and_then(|of| of.split_once(" … from "))
    {
        return Some(format!("records: {{{name}: {{from: {from}}}}}"));
    }
    if let Some(to) = code.strip_prefix("from ").filter(|_| !code.starts_with("from any open")) {
        return feedback(to);
    }
    if let Some(grade) = code.strip_suffix(" otherwise") {
        return Some(format!("{grade}: otherwise"));
    }
    if let Some((name, earlier)) = code.split_once(" was [") {
        return Some(format!("{name}: {{was: [{earlier}}}"));
    }
    key(code).or_else(|| criterion(code))
}

fn key(code: &str) -> Option<String> {
    KEYS.iter().find_map(|(dsl, yaml)| {
        let rest = code.strip_prefix(dsl)?;
        if rest.is_empty() {
            // A word alone reads the same; two are one key.
            return dsl.contains(' ').then(|| (*yaml).to_owned());
        }
        let rest = rest.strip_prefix(' ')?;
        let first = rest.split(' ').next().unwrap_or("");
        if OPERATORS.contains(&first) {
            return None;
        }
        let rest = match *dsl {
            "at most" => rest.trim_end_matches(" times").trim_end_matches(" time"),
            _ => unquoted(rest),
        };
        Some(format!("{yaml}: {rest}"))
    })
}

/// `from sales to [marketing] every 1w`, without its first word.
fn feedback(rest: &str) -> Option<String> {
    let (from, rest) = rest.split_once(" to ")?;
    let told = match rest.split_once(" every ") {
        Some((to, every)) => format!("from: {from}, to: {to}, every: {every}"),
        None => format!("from: {from}, to: {rest}"),
    };
    Some(told)
}

/// `known "The need is known" need is present evidence buyer`
fn criterion(code: &str) -> Option<String> {
    let (name, rest) = code.split_once(" \"")?;
    let (title, condition) = rest.split_once("\" ")?;
    if !is_name(name) || title.contains('"') {
        return None;
    }
    let (condition, evidence) = match condition.split_once(" evidence ") {
        Some((condition, evidence)) => (condition, format!(", evidence: {evidence}")),
        None => (condition, String::new()),
    };
    Some(format!("{name}: {{title: {title}, when: {condition}{evidence}}}"))
}

/// What stands before and between braces.
fn block(head: &str, body: &str) -> Option<String> {
    if let Some((_, key)) = KEYS.iter().find(|(dsl, _)| *dsl == head) {
        return Some(format!("{key}: {{{}}}", criterion(body)?));
    }
    let (kind, rest) = head.split_once(' ')?;
    let (_, plural) = DECLARATIONS.iter().find(|(dsl, _)| *dsl == kind)?;
    let (name, title) = match rest.split_once(' ') {
        Some((name, title)) => (name, Some(format!("title: {}", unquoted(title)))),
        None => (rest, None),
    };
    let inside = match body {
        "" => None,
        body => statement(body)
            .or_else(|| body.split_once(' ').map(|(key, rest)| format!("{key}: {rest}"))),
    };
    let inside: Vec<String> = title.into_iter().chain(inside).collect();
    Some(format!("{plural}: {{{name}: {{{}}}}}", inside.join(", ")))
}

fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(text)
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::{for_dsl, for_yaml};

    #[track_caller]
    fn told(dsl: &str, yaml: &str) {
        assert_eq!(for_yaml(&format!("say `{dsl}` or `x`")), format!("say `{yaml}` or `x`"));
    }

    #[test]
    fn statements_become_keys() {
        told("entry from […]", "entry: {from: […]}");
        told("entry", "entry: true");
        told("shared by [sales, marketing]", "shared_by: [sales, marketing]");
        told("shared by", "shared_by");
        told("handoff within 1d", "handoff: within 1d");
        told("handoff … carries [need]", "handoff: {within: …, carries: [need]}");
        told("recycle to … after 30d", "recycle: … after 30d");
        told("from any open of deal", "from_any_open: deal");
        told("at most 3 times", "at_most: 3");
        told("limit … escalate to …", "limit: … escalate to …");
        told("purpose \"…\"", "purpose: …");
        told("cold otherwise", "cold: otherwise");
        told("otherwise triage", "otherwise: triage");
        told("weight fit 40%", "weight: {fit: 40%}");
        told("lost was [gone]", "lost: {was: [gone]}");
        told("was [gone]", "was: [gone]");
        told("retired stage demo into …", "retired: [{stage: demo, into: …}]");
        told("retired field lead.fax", "retired: [{field: lead.fax}]");
        told("record deal … from lead", "records: {deal: {from: lead}}");
    }

    #[test]
    fn blocks_become_mappings() {
        told("team sales { }", "teams: {sales: {}}");
        told("record deal \"Deal\" { }", "records: {deal: {title: Deal}}");
        told("stage inquiry { entry … }", "stages: {inquiry: {entry: …}}");
        told("term icp \"ICP\" { means \"…\" }", "terms: {icp: {title: ICP, means: …}}");
        told(
            "feedback … { from sales to [marketing] every 1w }",
            "feedback: {…: {from: sales, to: [marketing], every: 1w}}",
        );
        told(
            "exit when { need \"The need is known\" need is present }",
            "exit: {need: {title: The need is known, when: need is present}}",
        );
        told(
            "seen \"They saw it\" shown_at is present evidence buyer",
            "seen: {title: They saw it, when: shown_at is present, evidence: buyer}",
        );
    }

    /// Fields may be called as properties are.
    #[test]
    fn expressions_and_names_stay() {
        for same in [
            "limit > 5",
            "owner is present",
            "target",
            "size between 1 and 10",
            "conversion from a to b",
            "confirm \"They agree\"",
            "ekiden check --write-baseline",
            "… is present",
            "90%",
        ] {
            told(same, same);
        }
        assert_eq!(for_yaml("remove `final`, or the move"), "remove `final`, or the move");
        assert_eq!(for_yaml("an odd ` stays"), "an odd ` stays");
    }

    #[test]
    fn what_is_written_otherwise_is_told_by_the_rule() {
        let help = "write it with the text: `\"…\" ko \"…\"`; in YAML: `{en: …, ko: …}`";
        assert_eq!(for_dsl(help), "write it with the text: `\"…\" ko \"…\"`");
        assert_eq!(for_yaml(help), "write it with the text: `{en: …, ko: …}`");
    }
}
