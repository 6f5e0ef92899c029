//! API names: made from names of the process, or given in the manifest and checked.

use crate::model::Process;

/// The longest API name of a field or object, without its `__c`.
pub(super) const CUSTOM_NAME: usize = 40;

/// The longest API name of a record type.
pub(super) const RECORD_TYPE_NAME: usize = 80;

/// The longest API name of a validation rule.
pub(super) const RULE_NAME: usize = 40;

/// The API name of a name: `company_size` gives `Company_Size`. Underscores that Salesforce does
/// not allow, at the end and two in a row, are left out. A process without a declared name bears
/// that of its folder, which may hold anything; the result is an API name all the same.
pub(super) fn api_name(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let parts: Vec<String> = parts
        .map(|part| {
            let mut chars = part.chars();
            let first = chars.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(chars).collect()
        })
        .collect();
    match parts.join("_") {
        name if name.starts_with(|c: char| c.is_ascii_alphabetic()) => name,
        name if name.is_empty() => "Process".to_owned(),
        name => format!("X{name}"),
    }
}

/// The API name cut to `limit` characters; API names are ASCII.
pub(super) fn cut(name: &str, limit: usize) -> String {
    let cut: String = name.chars().take(limit).collect();
    cut.trim_end_matches('_').to_owned()
}

/// The API name cut to `limit` characters, of which nine tell it from others that are cut to the same.
pub(super) fn cut_unique(name: &str, limit: usize) -> String {
    if name.len() <= limit {
        return name.to_owned();
    }
    marked(name, name, limit)
}

/// The API name with nine characters made from another text, which tell it from its namesakes.
pub(super) fn marked(name: &str, by: &str, limit: usize) -> String {
    format!("{}_{:08x}", cut(name, limit.saturating_sub(9)), checksum(by))
}

/// The name of the permission set of those who work with the process.
pub(super) fn users(process: &Process) -> String {
    cut_unique(&api_name(&process.name), RECORD_TYPE_NAME)
}

/// FNV-1a: a stable checksum.
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Whether this is an API name without suffix: a letter first, then letters, digits and single
/// underscores, none at the end.
pub(super) fn is_api_name(name: &str, limit: usize) -> bool {
    name.len() <= limit
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.ends_with('_')
        && !name.contains("__")
}

/// Whether a business process can be called this. Its name is that of a file, too; other characters are
/// written in a notation of Salesforce's own there.
pub(crate) fn is_process_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-');
    (1..=RECORD_TYPE_NAME).contains(&name.chars().count())
        && name.chars().all(plain)
        && name.trim() == name
}

/// Whether this is the API name of a custom field or object: `Company_Size__c`.
pub(super) fn is_custom(name: &str) -> bool {
    name.strip_suffix("__c").is_some_and(|base| is_api_name(base, CUSTOM_NAME))
}

/// Whether this can be the API name of a field that Salesforce ships: `CloseDate`.
pub(super) fn is_standard(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The plural of a label, as English makes it; any other text stays as it is.
pub(super) fn plural(label: &str, english: bool) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|ending| label.ends_with(ending));
    if !english || !label.ends_with(|c: char| c.is_ascii_lowercase()) {
        return label.to_owned();
    }
    match label.strip_suffix('y') {
        Some(stem) if !ends(&["ay", "ey", "oy", "uy"]) => format!("{stem}ies"),
        _ if ends(&["s", "x", "z", "ch", "sh"]) => format!("{label}es"),
        _ => format!("{label}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_names_follow_the_rules_of_salesforce() {
        assert_eq!(api_name("company_size"), "Company_Size");
        assert_eq!(api_name("a__b_"), "A_B");
        assert_eq!(api_name("q3_2026"), "Q3_2026");
        assert_eq!(api_name("2026 plan (copy)"), "X2026_Plan_Copy");
        assert_eq!(api_name("영업"), "Process");
        assert!(is_api_name("Company_Size", 40));
        for wrong in ["", "1st", "A__B", "A_", "_A", "Größe", "A B"] {
            assert!(!is_api_name(wrong, 40), "{wrong}");
        }
        assert_eq!(cut("Aaaa_Bbbb", 5), "Aaaa");
        assert_eq!(cut_unique("Short", 40), "Short");
        let (one, other) = ("A".repeat(40) + "_One", "A".repeat(40) + "_Other");
        let (one, other) = (cut_unique(&one, 40), cut_unique(&other, 40));
        assert!(one != other && is_api_name(&one, 40) && is_api_name(&other, 40), "{one} {other}");
    }

    #[test]
    fn plurals() {
        assert_eq!(plural("Customer", true), "Customers");
        assert_eq!(plural("Opportunity", true), "Opportunities");
        assert_eq!(plural("Survey", true), "Surveys");
        assert_eq!(plural("Process", true), "Processes");
        assert_eq!(plural("고객", true), "고객");
        assert_eq!(plural("Kunde", false), "Kunde");
    }
}
