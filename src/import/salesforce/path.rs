//! Paths: what people see above a record, stage by stage.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::report::{Report, code};
use super::fields::one_line;
use super::{Element, Line, Place};

/// The values that several processes have and whose guidance is not the same in all: such a value has one
/// description, which is the purpose in each of them.
pub(super) fn disputed(lines: &[Line], paths: &[(Place, Element)]) -> FxHashSet<(String, String)> {
    let mut counts: FxHashMap<(String, String), usize> = FxHashMap::default();
    for line in lines {
        for state in &line.states {
            *counts.entry((line.object.clone(), state.value.clone())).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count > 1);
    // What they say first is the purpose; what follows may differ.
    let mut said: FxHashMap<(String, String), Vec<Option<String>>> = FxHashMap::default();
    for (_, path) in paths.iter().filter(|(_, path)| !path.is("active", "false")) {
        for line in lines.iter().filter(|line| is_about(path, line)) {
            for step in path.children.iter().filter(|child| child.name == "pathAssistantSteps") {
                let value = super::decoded(step.child("picklistValueName").unwrap_or(""));
                let here = (line.object.clone(), value);
                if counts.contains_key(&here) && line.states.iter().any(|s| s.value == here.1) {
                    let first = parts(step.child("info").unwrap_or("")).into_iter().next();
                    let first = first.filter(|(listed, _)| !listed).map(|(_, text)| text);
                    said.entry(here).or_default().push(first);
                }
            }
        }
    }
    counts.retain(|here, count| {
        let said = said.get(here).map(Vec::as_slice).unwrap_or_default();
        said.len() != *count
            || said.contains(&None)
            || said.windows(2).any(|pair| matches!(pair, [a, b] if a != b))
    });
    counts.into_keys().collect()
}

/// Whether a path is that of the records of a pipeline.
fn is_about(path: &Element, line: &Line) -> bool {
    let of = path.child("recordTypeName").unwrap_or("__Master__");
    let own = line.record_type.as_ref().map(|(name, _)| name.as_str());
    // The only record type of an object has the path of all records, too.
    let is_of_all = line.stage_field == "Stage__c" && of.eq_ignore_ascii_case("__master__");
    Some(line.object.as_str()) == path.child("entityName")
        && Some(line.stage_field) == path.child("fieldName")
        && own.is_none_or(|own| own == of || is_of_all)
}

/// Reads a path for the pipelines it is about.
pub(super) fn apply(
    lines: &mut [Line],
    place: &Place,
    path: &Element,
    disputed: &FxHashSet<(String, String)>,
    report: &mut Report,
) {
    if path.is("active", "false") {
        report.dropped(place.to_string(), "the path is not active");
        return;
    }
    let mut found = false;
    for line in lines.iter_mut().filter(|line| is_about(path, line)) {
        let object = line.object.clone();
        let is_shared = |value: &str| disputed.contains(&(object.clone(), value.to_owned()));
        found = true;
        for step in path.children.iter().filter(|child| child.name == "pathAssistantSteps") {
            apply_step(line, place, step, &is_shared, report);
        }
    }
    if !found {
        let object = path.child("entityName").unwrap_or("");
        report.dropped(
            place.to_string(),
            format!("the path of {} has no pipeline here", code(object)),
        );
    }
}

fn apply_step(
    line: &mut Line,
    place: &Place,
    step: &Element,
    is_shared: &dyn Fn(&str) -> bool,
    report: &mut Report,
) {
    let value = super::decoded(step.child("picklistValueName").unwrap_or(""));
    let here = place.at(step);
    let Some(at) = line.states.iter().position(|state| state.value == value) else {
        report.dropped(
            here.to_string(),
            format!("{} is no stage of the path's pipeline", code(&value)),
        );
        return;
    };
    let mut collected = Vec::new();
    for name in step.children.iter().filter(|child| child.name == "fieldNames") {
        let name = name.text.trim();
        if name.eq_ignore_ascii_case(line.stage_field) {
            continue;
        }
        match line.fields.get(name) {
            Some(field) if field.confirms.is_none() => collected.push(field.api.clone()),
            Some(_) => {}
            None => {
                let text = format!("the field {} of the path is not in the source", code(name));
                report.dropped(here.to_string(), text);
            }
        }
    }
    if let Some(place) = line.collect.get_mut(at) {
        *place = collected;
    }
    let criteria: Vec<&str> = line.placed.iter().map(|placed| placed.text.as_str()).collect();
    let Some(stage) = line.pipeline.stages.get_mut(at) else { return };
    let mut said: Vec<String> = Vec::new();
    for (listed, text) in parts(step.child("info").unwrap_or("")) {
        // Criteria stand where they are asked; the value set has the purpose already.
        let known = stage.purpose.as_ref().is_some_and(|purpose| same_start(purpose, &text));
        let asked = listed && criteria.contains(&text.as_str());
        if !known && !asked {
            said.push(text);
        } else if known && stage.purpose.as_ref().is_some_and(|purpose| purpose.len() < text.len())
        {
            // There it has no more than 255 characters.
            stage.purpose = Some(text);
        }
    }
    if said.is_empty() {
        return;
    }
    report.understood(here.to_string(), format!("the guidance for {}", code(&stage.title)));
    if stage.purpose.is_none() && !is_shared(&value) {
        stage.purpose = Some(said.remove(0));
    }
    if !said.is_empty() {
        stage.next = Some(joined(&said));
    }
}

/// Paragraphs and items of a list on one line: what does not end as a sentence ends with a semicolon.
fn joined(said: &[String]) -> String {
    let mut out = String::new();
    for (at, text) in said.iter().enumerate() {
        if at > 0 {
            let is_ended =
                out.ends_with(['.', '!', '?', ':', ';', ',', '。', '！', '？', '：', '、']);
            out.push_str(if is_ended { " " } else { "; " });
        }
        out.push_str(text);
    }
    out
}

/// Whether one text is the other, or the other cut short.
fn same_start(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim_end_matches('…').trim_end(), b.trim_end_matches('…').trim_end());
    a.starts_with(b) || b.starts_with(a)
}

/// The paragraphs of rich text, and whether each is an item of a list.
fn parts(html: &str) -> Vec<(bool, String)> {
    let mut out: Vec<(bool, String)> = Vec::new();
    let (mut text, mut listed) = (String::new(), false);
    let mut flush = |text: &mut String, listed: bool| {
        let line = one_line(&unescaped(text));
        if !line.is_empty() {
            out.push((listed, line));
        }
        text.clear();
    };
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, behind)) = after.split_once('>') else {
            // No tag: a sign.
            text.push('<');
            rest = after;
            continue;
        };
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        if matches!(name.as_str(), "p" | "div" | "ul" | "ol" | "li" | "br" | "h1" | "h2" | "h3") {
            flush(&mut text, listed);
            if name == "li" {
                listed = !tag.starts_with('/');
            }
        }
        rest = behind;
    }
    text.push_str(rest);
    flush(&mut text, listed);
    out
}

fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    let letters = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    for (escaped, letter) in letters {
        text = text.replace(escaped, letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn rich_text_becomes_paragraphs() {
        let of = |html: &str| {
            let told = parts(html).into_iter();
            told.map(|(listed, text)| if listed { format!("* {text}") } else { text })
                .collect::<Vec<_>>()
                .join("|")
        };
        assert_eq!(
            of("<p>Ask &amp; listen.</p><p>Then&nbsp;<b>write</b></p>"),
            "Ask & listen.|Then write"
        );
        assert_eq!(of("Plain<br/>text<ul><li>one</li><li>two</li></ul>"), "Plain|text|* one|* two");
        assert_eq!(of("a < b"), "a < b");
        assert_eq!(of("&lt;p&gt;"), "<p>");
        assert_eq!(of(""), "");
    }
}
