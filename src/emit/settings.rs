//! A target's settings from the manifest, with the place of each.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, closest, codes};
use crate::source::{Span, Spanned};

/// The settings of one target: a mapping of the manifest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// By name, in source order.
    pub values: IndexMap<String, Setting>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Where its name stands.
    pub key: Span,
    /// Its value.
    pub value: Spanned<SettingValue>,
}

/// A value in the manifest.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    /// A string, or a number or date as written.
    Text(String),
    /// `true`, `false`
    Boolean(bool),
    /// A list.
    List(Vec<Spanned<SettingValue>>),
    /// A mapping.
    Map(Settings),
    /// Nothing: `sql:` alone.
    Null,
}

/// Where a setting stands in the manifest, if targets have one of this name: `` `targets.sql.dialects` ``.
pub(crate) fn homes_of(name: &str) -> Option<String> {
    let homes: Vec<String> = super::TARGETS
        .iter()
        .filter(|target| target.settings.iter().any(|(known, _)| *known == name))
        .map(|target| format!("`targets.{}.{name}`", target.name))
        .collect();
    match homes.split_last()? {
        (last, []) => Some(last.clone()),
        (last, rest) => Some(format!("{} or {last}", rest.join(", "))),
    }
}

impl Settings {
    /// A finding for every setting that is not in `known`.
    pub fn reject_unknown(&self, target: &str, known: &[&str], findings: &mut Vec<Diagnostic>) {
        for (name, setting) in &self.values {
            if known.contains(&name.as_str()) {
                continue;
            }
            let mut finding = Diagnostic::new(
                codes::INVALID_MANIFEST,
                setting.key,
                format!("target `{target}` has no setting `{name}`"),
            );
            finding = match closest(name, known.iter().copied()) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => match homes_of(name) {
                    Some(homes) => finding.help(format!(
                        "`{name}` is a setting of another target: write it under {homes}"
                    )),
                    None if known.is_empty() => finding.help("it has no settings"),
                    None => finding.help(format!("its settings are {}", quoted(known))),
                },
            };
            findings.push(finding);
        }
    }

    /// A text setting.
    pub fn text(&self, name: &str, findings: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
        let setting = self.values.get(name)?;
        match &setting.value.value {
            SettingValue::Text(text) => Some(Spanned::new(text.clone(), setting.value.span)),
            _ => wrong(name, "a text", setting.value.span, findings),
        }
    }

    /// A true-or-false setting.
    pub fn boolean(&self, name: &str, findings: &mut Vec<Diagnostic>) -> Option<bool> {
        let setting = self.values.get(name)?;
        match &setting.value.value {
            SettingValue::Boolean(value) => Some(*value),
            _ => wrong(name, "`true` or `false`", setting.value.span, findings),
        }
    }

    /// A list of texts; one text alone is a list of one.
    pub fn texts(
        &self,
        name: &str,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Spanned<String>>> {
        let setting = self.values.get(name)?;
        let expected = "a list of texts";
        match &setting.value.value {
            SettingValue::Text(text) => Some(vec![Spanned::new(text.clone(), setting.value.span)]),
            SettingValue::List(items) => items
                .iter()
                .map(|item| match &item.value {
                    SettingValue::Text(text) => Some(Spanned::new(text.clone(), item.span)),
                    _ => wrong(name, expected, item.span, findings),
                })
                .collect(),
            _ => wrong(name, expected, setting.value.span, findings),
        }
    }

    /// A mapping.
    pub fn map(&self, name: &str, findings: &mut Vec<Diagnostic>) -> Option<&Settings> {
        let setting = self.values.get(name)?;
        match &setting.value.value {
            SettingValue::Map(map) => Some(map),
            _ => wrong(name, "a mapping", setting.value.span, findings),
        }
    }
}

fn wrong<T>(name: &str, expected: &str, span: Span, findings: &mut Vec<Diagnostic>) -> Option<T> {
    let message = format!("setting `{name}` must be {expected}");
    findings.push(Diagnostic::new(codes::INVALID_MANIFEST, span, message));
    None
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
