//! The languages of Salesforce, and which of them a language of the process is.

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::TARGET_LOSS;
use crate::model::Process;

/// Every code that the Metadata API has for a language.
#[rustfmt::skip]
const CODES: &[&str] = &[
    "en_US", "de", "es", "fr", "it", "ja", "sv", "ko", "zh_TW", "zh_CN", "pt_BR", "nl_NL", "da",
    "th", "fi", "ru", "es_MX", "no", "hu", "pl", "cs", "tr", "in", "ro", "vi", "uk", "iw", "el",
    "bg", "en_GB", "ar", "sk", "pt_PT", "hr", "sl", "fr_CA", "ka", "sr", "sh", "en_AU", "en_MY",
    "en_IN", "en_PH", "en_CA", "ro_MD", "bs", "mk", "lv", "lt", "et", "sq", "sh_ME", "mt", "ga",
    "eu", "cy", "is", "cac", "quc", "cak", "ms", "tl", "lb", "rm", "hy", "hi", "ur", "bn",
    "de_AT", "de_CH", "ta", "ar_DZ", "ar_BH", "ar_EG", "ar_IQ", "ar_JO", "ar_KW", "ar_LB",
    "ar_LY", "ar_MA", "ar_OM", "ar_QA", "ar_SA", "ar_SD", "ar_SY", "ar_TN", "ar_AE", "ar_YE",
    "zh_SG", "zh_HK", "en_HK", "en_IE", "en_SG", "en_ZA", "fr_BE", "fr_LU", "fr_CH", "de_BE",
    "de_LU", "it_CH", "nl_BE", "es_AR", "es_BO", "es_CL", "es_CO", "es_CR", "es_DO", "es_EC",
    "es_SV", "es_GT", "es_HN", "es_NI", "es_PA", "es_PY", "es_PE", "es_PR", "es_US", "es_UY",
    "es_VE", "ca", "af", "sw", "zu", "xh", "te", "ml", "kn", "mr", "gu", "pa", "en_NZ", "mi",
    "my", "fa", "km", "am", "kk", "ht", "sm", "haw", "zh_MY", "ru_LT", "ru_PL", "ru_AM", "ru_KZ",
    "ru_KG", "ru_BY", "ru_MD", "ru_UA", "en_AE", "en_BE", "en_CY", "en_DE", "en_IL", "en_IT",
    "en_NL", "en_MT", "en_ES", "en_PL", "en_DK", "en_SE", "en_NO", "en_FR", "en_HU", "en_CZ",
    "en_SK", "en_RO", "en_CH", "en_AL", "en_AD", "en_AG", "en_AT", "en_BS", "en_BB", "en_BZ",
    "en_BA", "en_BG", "en_HR", "en_DM", "en_EE", "en_FI", "en_GI", "en_GR", "en_GD", "en_GY",
    "en_IS", "en_JM", "en_JP", "en_LV", "en_LI", "en_LT", "en_LU", "en_MC", "en_ME", "en_MK",
    "en_PT", "en_RS", "en_SI", "en_KR", "en_KN", "en_LC", "en_VC", "en_TW", "en_TH", "en_TT",
    "en_TR", "nl_SR", "fr_HT", "de_LI", "es_AD", "sv_FI", "pt_AO", "en_MU", "en_SA", "en_MX",
    "en_BR", "el_CY", "fr_MA", "kl", "ji", "hmn", "eo", "iw_EO", "eo_US",
];

/// A language that texts are translated into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Language {
    /// What the process calls it: `pt-BR`.
    pub(super) tag: String,
    /// What Salesforce calls it: `pt_BR`.
    pub(super) code: &'static str,
}

impl Language {
    /// Whether its nouns have no plural and no cases, so that Salesforce wants one form of them.
    pub(super) fn has_one_form(&self) -> bool {
        let primary = self.code.split('_').next().unwrap_or_default();
        matches!(primary, "ja" | "ko" | "th" | "vi" | "zh")
    }
}

/// The languages of the documents beside the first language of the process, which is the one of the
/// org.
pub(super) fn others(
    process: &Process,
    languages: &[String],
    findings: &mut Vec<Diagnostic>,
) -> Vec<Language> {
    let first = process.languages.first().map_or("en", String::as_str);
    let mut found: Vec<Language> = Vec::new();
    for tag in languages.iter().filter(|tag| *tag != first) {
        let loss = |message: String, help: String| {
            Diagnostic::new(TARGET_LOSS, process.span, message).level(Level::Warning).help(help)
        };
        let Some(code) = code_of(tag) else {
            let message = format!("Salesforce has no language `{tag}`");
            findings.push(loss(message, format!("its people read the texts in `{first}` there")));
            continue;
        };
        let other = found.iter().find(|other| other.code == code).map(|other| other.tag.as_str());
        let other = if code_of(first) == Some(code) { Some(first) } else { other };
        if let Some(other) = other {
            let message = format!("`{other}` and `{tag}` are one language in Salesforce, `{code}`");
            findings.push(loss(message, format!("it gets the texts in `{other}`")));
            continue;
        }
        found.push(Language { tag: tag.clone(), code });
    }
    found
}

/// The code of a language tag (BCP 47), if Salesforce has the language: the tag itself; else one that
/// is known by another name there; else the language without its region.
pub(super) fn code_of(tag: &str) -> Option<&'static str> {
    let known = |wanted: &str| CODES.iter().copied().find(|code| code.eq_ignore_ascii_case(wanted));
    let tag = tag.replace('-', "_").to_ascii_lowercase();
    let mut parts = tag.split('_');
    let primary = parts.next().unwrap_or_default();
    if let Some(code) = known(&tag) {
        return Some(code);
    }
    // A script comes before the region.
    let rest: Vec<&str> = parts.collect();
    if primary == "zh" {
        return known(match rest.as_slice() {
            ["hant", "hk", ..] => "zh_HK",
            ["hans", "sg", ..] => "zh_SG",
            ["hant", ..] => "zh_TW",
            _ => "zh_CN",
        });
    }
    known(match primary {
        "en" => "en_US",
        "nl" => "nl_NL",
        "pt" => "pt_BR",
        "he" => "iw",
        "id" => "in",
        "yi" => "ji",
        "nb" | "nn" => "no",
        "fil" => "tl",
        other => other,
    })
}

/// What BCP 47 calls a language of Salesforce.
pub(crate) fn tag_of(code: &str) -> String {
    match code {
        "en_US" => "en".to_owned(),
        "nl_NL" => "nl".to_owned(),
        "iw" => "he".to_owned(),
        "in" => "id".to_owned(),
        "ji" => "yi".to_owned(),
        code => code.replace('_', "-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_known_by_their_codes() {
        let codes = [
            ("ko", "ko"),
            ("ko-KR", "ko"),
            ("pt-BR", "pt_BR"),
            ("pt-PT", "pt_PT"),
            ("pt", "pt_BR"),
            ("en", "en_US"),
            ("en-GB", "en_GB"),
            ("de-DE", "de"),
            ("de-AT", "de_AT"),
            ("nl", "nl_NL"),
            ("he", "iw"),
            ("nb-NO", "no"),
            ("zh-Hant-TW", "zh_TW"),
            ("zh-Hant-HK", "zh_HK"),
            ("zh-Hans", "zh_CN"),
            ("zh", "zh_CN"),
        ];
        for (tag, code) in codes {
            assert_eq!(code_of(tag), Some(code), "{tag}");
        }
        assert_eq!((code_of("mn"), code_of("tlh"), code_of("")), (None, None, None));
    }

    #[test]
    fn every_code_comes_back() {
        for code in CODES {
            assert_eq!(code_of(&tag_of(code)), Some(*code));
        }
    }
}
