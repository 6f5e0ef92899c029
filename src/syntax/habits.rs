//! What people write out of habit for currencies, percentages and languages.

use rust_decimal::Decimal;

/// The currencies that `word`, a name or a sign, may stand for, the likeliest first. Empty when it
/// is none that is known.
pub(crate) fn meant(word: &str) -> &'static [&'static str] {
    match word.to_lowercase().as_str() {
        "yen" | "円" | "圓" | "엔" | "日元" | "日圓" => &["JPY"],
        "euro" | "euros" | "eur€" | "€" | "ユーロ" | "유로" | "欧元" | "歐元" => {
            &["EUR"]
        }
        "$" | "＄" | "dollar" | "dollars" | "ドル" | "달러" | "美元" => DOLLARS,
        "¥" | "￥" => &["JPY", "CNY"],
        "rmb" | "yuan" | "renminbi" | "元" | "人民币" | "人民幣" | "人民元" | "위안" => {
            &["CNY"]
        }
        "won" | "₩" | "￦" | "원" | "ウォン" | "韩元" => &["KRW"],
        "£" | "￡" | "pound" | "pounds" | "sterling" | "quid" | "ukp" | "stg" | "ポンド"
        | "파운드" => &["GBP"],
        "₹" | "rupee" | "rupees" | "루피" => &["INR", "PKR", "LKR"],
        "franc" | "francs" | "sfr" | "franken" => &["CHF", "XOF", "XAF"],
        "peso" | "pesos" => &["MXN", "ARS", "CLP", "COP", "PHP"],
        "krona" | "kronor" => &["SEK", "ISK"],
        "krone" | "kroner" => &["NOK", "DKK"],
        "koruna" | "kč" => &["CZK"],
        "zloty" | "złoty" | "zł" => &["PLN"],
        "forint" => &["HUF"],
        "ruble" | "rouble" | "rubles" | "₽" => &["RUB"],
        "hryvnia" | "₴" => &["UAH"],
        "₺" => &["TRY"],
        "baht" | "฿" | "บาท" => &["THB"],
        "dong" | "₫" => &["VND"],
        "shekel" | "₪" | "nis" => &["ILS"],
        "reais" => &["BRL"],
        "ringgit" => &["MYR"],
        "rupiah" => &["IDR"],
        "ntd" => &["TWD"],
        _ => &[],
    }
}

/// Countries that call their money a dollar.
const DOLLARS: &[&str] = &["USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD"];

/// The advice to write the code of what `word` means.
pub(crate) fn advice(codes: &[&str]) -> Option<String> {
    Some(match codes {
        [] => return None,
        [only] => format!("write `{only}`"),
        [first, rest @ ..] => {
            let rest: Vec<String> = rest.iter().map(|code| format!("`{code}`")).collect();
            format!("write `{first}`, or what is meant of {}", rest.join(", "))
        }
    })
}

/// The advice for a number that stands for a percentage and is no more than one: `0.4` is how
/// spreadsheets write 40 %. `None` for other numbers.
pub(crate) fn part_of_one(number: Decimal) -> Option<String> {
    let size = number.abs();
    if size.is_zero() || size > Decimal::ONE || (size == Decimal::ONE && number.scale() == 0) {
        return None;
    }
    let meant = (number * Decimal::ONE_HUNDRED).normalize();
    let number = number.normalize();
    Some(format!("write `{meant}%`; write `{number}%` if that little is meant"))
}

/// A number with `_` between its thousands, as advice writes it: `1_000_000.5`
pub(crate) fn underscored(number: Decimal) -> String {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

/// The property of a declaration that is meant by a word of other tools. `block` is the word that
/// begins the declaration.
pub(crate) fn property(block: &str, word: &str) -> Option<&'static str> {
    Some(match (block, word) {
        ("stage", "sla" | "deadline" | "max_time" | "timeout" | "duration") => "limit",
        ("stage", "description" | "desc" | "objective" | "goal" | "about" | "note") => "purpose",
        ("stage", "fields" | "capture" | "data" | "inputs" | "questions" | "fill") => "collect",
        ("stage", "steps" | "tasks" | "todo" | "actions" | "activities") => "next",
        ("stage", "criteria" | "exit_criteria" | "gate" | "requires" | "done_when") => "exit when",
        ("stage", "entry_criteria" | "preconditions") => "enter when",
        ("stage", "owners" | "assignee" | "responsible" | "team" | "role" | "owned_by") => "owner",
        ("stage", "supporters" | "helpers" | "assists" | "consulted") => "support",
        ("stage", "start" | "initial" | "first" | "begin") => "entry",
        ("stage", "type" | "kind" | "category" | "result") => "outcome",
        ("stage", "won" | "win") => "outcome won",
        ("stage", "end" | "terminal" | "closed") => "final",
        ("stage", "win_probability" | "chance" | "percent") => "probability",
        (
            "stage",
            "goto" | "go" | "move" | "to" | "then" | "transition" | "next_stage" | "handoff",
        ) => "advance to",
        ("stage", "back" | "return" | "reopen") => "recycle to",
        ("stage", "reject" | "disqualify" | "lost") => "lose to",
        ("stage", "next_step" | "next_steps" | "action") => "next",
        ("transition", "if" | "condition" | "conditions" | "criteria" | "guard") => "when",
        ("transition", "stage" | "target" | "into" | "goto") => "to",
        ("transition", "delay" | "wait") => "after",
        ("transition", "max" | "times" | "limit") => "at most",
        ("criterion", "condition" | "rule" | "check" | "expression") => "when",
        ("criterion", "name" | "label" | "text" | "description") => "title",
        ("field", "options" | "choices" | "values" | "enum" | "picklist" | "items") => "one of",
        ("field", "label" | "name") => "title",
        ("field", "description" | "desc" | "about" | "hint" | "tooltip") => "help",
        ("field", "min" | "minimum") => "at least",
        ("field", "max" | "maximum") => "at most",
        ("field", "mandatory" | "compulsory") => "required",
        ("process", "description" | "desc" | "summary" | "purpose") => "about",
        ("process", "lang" | "language" | "locales" | "locale") => "languages",
        ("process", "tz" | "time_zone" | "zone") => "timezone",
        ("process", "hours" | "business_hours" | "working_hours" | "holidays") => "calendar",
        ("process", "date" | "valid_from" | "from" | "since") => "effective",
        ("team", "description" | "purpose" | "about" | "goal") => "mission",
        ("team", "roles" | "member" | "members" | "people") => "role",
        ("goal", "metric" | "kpi" | "measures" | "formula") => "measure",
        ("goal", "teams" | "team" | "owners" | "by") => "shared by",
        ("goal", "reason" | "because" | "description" | "about" | "purpose") => "why",
        ("goal", "value" | "at" | "threshold") => "target",
        ("feedback", "what" | "description" | "purpose" | "content") => "about",
        ("feedback", "frequency" | "rhythm" | "cadence") => "every",
        ("term", "definition" | "meaning" | "is" | "about" | "description") => "means",
        ("term", "synonyms" | "aliases" | "alias") => "also",
        ("play", "stage" | "stages") => "for stage",
        ("play", "owner" | "role" | "who") => "by",
        ("play", "text" | "script" | "body" | "do") => "steps",
        ("route", "else" | "default") => "otherwise",
        ("score", "points" | "rule") => "fit",
        ("score", "grades" | "levels" | "bands") => "grade",
        _ => return None,
    })
}

/// The declaration that is meant by a word of other tools.
pub(crate) fn declaration(word: &str) -> Option<&'static str> {
    Some(match word {
        "object" | "entity" | "pipeline" | "lead" | "deal" | "opportunity" | "type" => "record",
        "step" | "phase" | "state" | "status" => "stage",
        "department" | "group" | "org" | "people" => "team",
        "kpi" | "objective" | "okr" => "goal",
        "scoring" => "score",
        "routing" | "assignment" => "route",
        "glossary" | "definition" | "word" => "term",
        "playbook" | "tactic" => "play",
        _ => return None,
    })
}

/// The advice for a word that is a target or belongs into the manifest.
pub(crate) fn of_manifest(word: &str) -> Option<String> {
    if TARGETS.contains(&word) {
        return Some(format!(
            "settings of targets stand in the manifest, the file `ekiden.yaml` of the folder: \
             `targets: {{{word}: {{…}}}}`"
        ));
    }
    matches!(word, "targets" | "target" | "output" | "lints" | "baseline").then(|| {
        "what is built, and how, is told in the manifest, the file `ekiden.yaml` of the folder"
            .to_owned()
    })
}

/// What a process is compiled to.
const TARGETS: &[&str] = &[
    "docs",
    "site",
    "diagram",
    "sql",
    "dbt",
    "salesforce",
    "hubspot",
    "pipedrive",
    "json",
    "ledger",
    "xstate",
    "bpmn",
    "dmn",
];

/// What is meant by a language tag that names a country. `None` for languages.
///
/// Of two languages that share their letters with a country, Kanuri (`kr`) and Northern Sami (`se`),
/// next to nobody writes a sales process: they are asked for with their region.
pub(crate) fn language(tag: &str) -> Option<Meant> {
    let (first, region) = match tag.split_once('-') {
        Some((first, region)) => (first, Some(region)),
        None => (tag, None),
    };
    let lower = first.to_ascii_lowercase();
    let (code, name) = match lower.as_str() {
        "jp" => ("ja", "Japanese"),
        "kr" => ("ko", "Korean"),
        "cn" => ("zh", "Chinese"),
        "tw" if region.is_some_and(|region| region.eq_ignore_ascii_case("tw")) => {
            ("zh-TW", "Chinese as written in Taiwan")
        }
        "hk" => ("zh-HK", "Chinese as written in Hong Kong"),
        "cz" => ("cs", "Czech"),
        "dk" => ("da", "Danish"),
        "gr" => ("el", "Greek"),
        "se" => ("sv", "Swedish"),
        "ua" => ("uk", "Ukrainian"),
        "vn" => ("vi", "Vietnamese"),
        "us" => ("en-US", "English"),
        "gb" => ("en-GB", "English"),
        "uk" if region.is_some_and(|r| matches!(r, "GB" | "gb" | "UK" | "uk" | "EN" | "en")) => {
            ("en-GB", "English")
        }
        "en" if region.is_some_and(|region| region.eq_ignore_ascii_case("uk")) => {
            ("en-GB", "English")
        }
        "au" => ("en-AU", "English"),
        "at" => ("de-AT", "German"),
        "br" if region.is_some_and(|region| region.eq_ignore_ascii_case("br")) => {
            ("pt-BR", "Portuguese")
        }
        "mx" => ("es-MX", "Spanish"),
        _ => return None,
    };
    let own_region = match lower.as_str() {
        "kr" if region.is_none() => Some(("Kanuri", "kr-NG")),
        "se" if region.is_none() => Some(("Northern Sami", "se-NO")),
        _ => None,
    };
    let is_own = match (lower.as_str(), region) {
        ("kr", Some(region)) => !region.eq_ignore_ascii_case("kr"),
        ("se", Some(region)) => matches!(region, "NO" | "SE" | "FI"),
        _ => false,
    };
    (!is_own).then_some(Meant { code, name, own_region })
}

/// The advice for what is no tag of a language: a name such as `Japanese`, a code of three letters, or a
/// region behind an underscore.
pub(crate) fn language_help(written: &str) -> String {
    let lower = written.to_lowercase();
    let named = NAMED.iter().find(|(_, _, names)| names.contains(&lower.as_str()));
    if let Some((code, name, _)) = named {
        return format!("write `{code}` for {name}");
    }
    let tag = written.replace('_', "-");
    if tag != written
        && let Some(meant) = language(&tag)
    {
        return format!("write `{}` for {}", meant.code, meant.name);
    }
    let parts: Vec<&str> = tag.split('-').collect();
    if let [first, region] = parts.as_slice()
        && written.contains('_')
        && [*first, *region]
            .iter()
            .all(|of| of.len() == 2 && of.chars().all(|c| c.is_ascii_alphabetic()))
    {
        return format!("write `{}-{}`", first.to_lowercase(), region.to_uppercase());
    }
    "a language is two letters, as in `en` or `pt-BR`".to_owned()
}

/// Languages by what people call them, besides their tags.
const NAMED: &[(&str, &str, &[&str])] = &[
    ("en", "English", &["english", "eng"]),
    ("ja", "Japanese", &["japanese", "jpn", "jap", "日本語"]),
    ("ko", "Korean", &["korean", "kor", "한국어"]),
    ("zh", "Chinese", &["chinese", "zho", "chi", "chn", "中文"]),
    ("de", "German", &["german", "deu", "ger", "deutsch"]),
    ("fr", "French", &["french", "fra", "fre", "français", "francais"]),
    ("es", "Spanish", &["spanish", "spa", "esp", "español", "espanol"]),
    ("it", "Italian", &["italian", "ita", "italiano"]),
    ("pt", "Portuguese", &["portuguese", "por", "português", "portugues"]),
    ("nl", "Dutch", &["dutch", "nld", "dut", "nederlands"]),
];

/// A language that was called by its country.
pub(crate) struct Meant {
    /// Its tag.
    pub(crate) code: &'static str,
    /// What it is called in English.
    pub(crate) name: &'static str,
    /// The language whose letters they are, and how it is asked for.
    pub(crate) own_region: Option<(&'static str, &'static str)>,
}

#[cfg(test)]
mod tests {
    use super::{TARGETS, advice, language, language_help, meant, part_of_one};

    #[test]
    fn every_target_is_known() {
        let all: Vec<&str> = crate::emit::TARGETS.iter().map(|target| target.name).collect();
        assert_eq!(TARGETS, all);
    }

    #[test]
    fn names_and_signs_are_known_in_any_case() {
        assert_eq!(meant("YEN"), ["JPY"]);
        assert_eq!(meant("Euro"), ["EUR"]);
        assert_eq!(meant("RMB"), ["CNY"]);
        assert_eq!(meant("원"), ["KRW"]);
        assert_eq!(meant("¥"), ["JPY", "CNY"]);
        assert!(meant("XYZ").is_empty() && meant("JPY").is_empty());
        assert_eq!(advice(meant("¥")).as_deref(), Some("write `JPY`, or what is meant of `CNY`"));
    }

    #[test]
    fn countries_are_no_languages() {
        let code = |tag: &str| language(tag).map(|meant| meant.code);
        assert_eq!(code("jp"), Some("ja"));
        assert_eq!(code("jp-JP"), Some("ja"));
        assert_eq!(code("KR"), Some("ko"));
        assert_eq!(code("en-UK"), Some("en-GB"));
        assert_eq!(code("uk-GB"), Some("en-GB"));
        for tag in ["ja", "ko-KR", "zh-TW", "en", "en-GB", "uk", "kr-NG", "se-FI", "br", "pt-BR"] {
            assert_eq!(code(tag), None, "{tag}");
        }
    }

    #[test]
    fn languages_are_known_by_their_names() {
        for (written, told) in [
            ("Japanese", "write `ja` for Japanese"),
            ("日本語", "write `ja` for Japanese"),
            ("kor", "write `ko` for Korean"),
            ("zh_CN", "write `zh-CN`"),
            ("PT_br", "write `pt-BR`"),
            ("en_UK", "write `en-GB` for English"),
            ("jp_JP", "write `ja` for Japanese"),
            ("klingon", "a language is two letters, as in `en` or `pt-BR`"),
            ("a_b_c", "a language is two letters, as in `en` or `pt-BR`"),
        ] {
            assert_eq!(language_help(written), told, "{written}");
        }
    }

    #[test]
    fn a_part_of_one_is_read_in_two_ways() {
        let help = |text: &str| text.parse().ok().and_then(part_of_one);
        let both = "write `50%`; write `0.5%` if that little is meant";
        assert_eq!(help("0.5").as_deref(), Some(both));
        assert_eq!(help("40"), None);
        assert_eq!(help("0"), None);
        assert_eq!(help("1"), None);
    }
}
