//! What people write out of habit: amounts, percentages, currencies, languages, dates, and, beside, the
//! properties of items. Each is told once, with the form that is right here.

mod items;
mod words;

use ekiden::diag::Safety;
use ekiden::sema;
use ekiden::source::{SourceFile, SourceMap};
use ekiden::syntax::{dsl, yaml};

const BASE: &str = r#"process bees "Bees" {
  currency EUR
  languages [en]
}
team sales { mission "Sell." role rep }
team keepers { mission "Keep." role keeper }
record hive {
  amount money "Amount" at least 0 EUR
  reason one of [price, timing, other]
  share  percent "Share"
  visit  date
  count  integer
}
stage open "Open" {
  entry
  owner rep
  collect [amount, reason, visit]
  limit 5d
  exit when { met "We met" amount is present evidence buyer }
  advance to won
  lose to lost when reason is present
}
stage won  { owner keeper outcome won final }
stage lost { owner rep outcome lost final }
goal conv { shared by [sales, keepers] measure conversion from open to won within 30d target at least 50% every quarter }
score heat of hive {
  fit +20 "Large" when amount > 1000 EUR
  grade hot at least 10, cold otherwise
}
"#;

/// The findings of a text, as `[rule] underlined: message; help`, and the text with all safe fixes.
fn told(name: &str, text: &str) -> (Vec<String>, String) {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new(name, text));
    let parsed = match name.ends_with(".yaml") {
        true => yaml::parse(file, text),
        false => dsl::parse(file, text),
    };
    let analysis = sema::analyze(&[parsed.file], "p");
    let findings: Vec<_> = parsed.diagnostics.iter().chain(&analysis.diagnostics).collect();
    let mut edits: Vec<_> = findings
        .iter()
        .filter_map(|found| found.fix.as_ref())
        .filter(|fix| fix.safety == Safety::Safe)
        .flat_map(|fix| fix.edits.iter())
        .collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    let mut mended = text.to_owned();
    for edit in edits {
        mended.replace_range(edit.span.range(), &edit.replacement);
    }
    let lines = findings
        .iter()
        .map(|found| {
            let help = found.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
            format!(
                "[{}] `{}` {}{help}",
                found.code,
                sources.slice(found.primary.span),
                found.message
            )
        })
        .collect();
    (lines, mended)
}

/// Asserts that the base with `new` in the place of `old` has one finding: at `under`, with `part`
/// in its message or its advice. Gives the text that safe fixes make of `new`, if they change it.
#[track_caller]
fn says(old: &str, new: &str, under: &str, part: &str) -> Option<String> {
    assert!(BASE.contains(old), "{old}");
    let text = BASE.replacen(old, new, 1);
    let (findings, mended) = told("p.ekiden", &text);
    let [finding] = findings.as_slice() else { panic!("{new}: one finding, not {findings:#?}") };
    assert!(finding.contains(&format!("] `{under}` ")), "{new}: under `{under}`: {finding}");
    assert!(finding.contains(part), "{new}: {part}: {finding}");
    if mended == text {
        return None;
    }
    let (left, _) = told("p.ekiden", &mended);
    assert_eq!(left, Vec::<String>::new(), "{new}: what is mended is sound");
    let (start, end) = BASE.split_once(old).unwrap();
    Some(mended.strip_prefix(start).unwrap().strip_suffix(end).unwrap().to_owned())
}

#[test]
fn the_base_is_sound() {
    assert_eq!(told("p.ekiden", BASE).0, Vec::<String>::new());
}

#[test]
fn amounts_are_read_whole() {
    let amount = |new: &str, right: &str| {
        let help = format!("is written `{right}`");
        let in_condition = says("1000 EUR", new, new, &help);
        let in_bound = says("0 EUR", new, new, &help);
        assert_eq!(in_condition, in_bound, "{new}");
        in_condition
    };
    // One comma may stand for a fraction: nothing is mended by itself.
    assert_eq!(amount("1,000 EUR", "1_000 EUR"), None);
    assert_eq!(amount("1 000 EUR", "1_000 EUR"), None);
    for (new, right) in [
        ("1,000,000 EUR", "1_000_000 EUR"),
        ("1.000.000 EUR", "1_000_000 EUR"),
        ("1.000,00 EUR", "1_000 EUR"),
        ("1.000,50 EUR", "1_000.5 EUR"),
        ("1,000.50 EUR", "1_000.5 EUR"),
        ("1'000'000 EUR", "1_000_000 EUR"),
        ("1,5 EUR", "1.5 EUR"),
        ("5k EUR", "5_000 EUR"),
        ("2.5M EUR", "2_500_000 EUR"),
        ("2 million EUR", "2_000_000 EUR"),
        ("5 eur", "5 EUR"),
        ("EUR 5", "5 EUR"),
        ("€5", "5 EUR"),
        ("5€", "5 EUR"),
        ("€ 1,000.00", "1_000 EUR"),
        ("5k€", "5_000 EUR"),
        ("10万 euro", "100_000 EUR"),
    ] {
        assert_eq!(amount(new, right).as_deref(), Some(right), "{new}");
    }
    // A point is one, unless an amount so small cannot be meant: then both are told, and nothing is mended.
    for (new, right) in [
        ("1.000 EUR", "write `1_000 EUR`; write `1 EUR` if"),
        ("2.050 EUR", "write `2_050 EUR`; write `2.05 EUR` if"),
    ] {
        assert_eq!(says("1000 EUR", new, new, right), None);
        assert_eq!(says("0 EUR", new, new, right), None);
    }
    for sound in ["0.005 EUR", "1.00 EUR", "1000.000 EUR"] {
        assert_eq!(told("p.ekiden", &BASE.replacen("1000 EUR", sound, 1)).0, [""; 0], "{sound}");
    }
    let dinars = BASE.replace("EUR", "KWD").replace("1000 KWD", "1.000 KWD");
    assert_eq!(told("p.ekiden", &dinars).0, [""; 0]);
    // A number that needs no currency.
    assert_eq!(
        says("amount > 1000 EUR", "count > 2M", "2M", "write `2_000_000`").as_deref(),
        Some("count > 2_000_000")
    );
    assert_eq!(
        says("at least 50%", "at least 12,5%", "12,5%", "write `12.5%`").as_deref(),
        Some("at least 12.5%")
    );
}

#[test]
fn amounts_of_other_lands_name_their_currency() {
    let yen = BASE.replace("EUR", "JPY");
    for (new, right) in
        [("10万円", "100_000 JPY"), ("1億円", "100_000_000 JPY"), ("¥5,000", "5_000 JPY")]
    {
        let (findings, _) = told("p.ekiden", &yen.replace("1000 JPY", new));
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert!(findings[0].contains(&format!("is written `{right}`")), "{findings:#?}");
    }
    let won = BASE.replace("EUR", "KRW").replace("1000 KRW", "3천만원");
    assert!(told("p.ekiden", &won).0[0].contains("is written `30_000_000 KRW`"));
    let dollars = BASE.replace("EUR", "AUD").replace("1000 AUD", "$5,000");
    assert!(told("p.ekiden", &dollars).0[0].contains("is written `5_000 AUD`"));
}

#[test]
fn a_part_of_one_is_no_percentage_by_itself() {
    let both = |number: &str, percent: &str| {
        format!("write `{percent}%`; write `{number}%` if that little is meant")
    };
    for (old, new, under) in [
        ("at least 50%", "at least 0.5", "0.5"),
        ("amount is present", "share >= 0.5", "share >= 0.5"),
        ("amount is present", "share between 0.5 and 70%", "0.5"),
        ("percent \"Share\"", "percent \"Share\" at most 0.5", "0.5"),
        ("limit 5d", "limit 5d probability 0.5", "0.5"),
    ] {
        assert_eq!(says(old, new, under, &both("0.5", "50")), None, "{new}");
    }
    says("at least 50%", "at least 40", "40", "write `40%`");
}

#[test]
fn a_currency_is_named_by_its_code_once() {
    for (wrong, right) in [
        ("YEN", "JPY"),
        ("RMB", "CNY"),
        ("WON", "KRW"),
        ("EURO", "EUR"),
        ("€", "EUR"),
        ("円", "JPY"),
    ] {
        // The amounts are in the right currency, and are not found fault with.
        let text = BASE
            .replace("EUR", right)
            .replace(&format!("currency {right}"), &format!("currency {wrong}"));
        let (findings, _) = told("p.ekiden", &text);
        let [finding] = findings.as_slice() else { panic!("{wrong}: {findings:#?}") };
        assert!(finding.contains(&format!("`{wrong}`; write `{right}`")), "{finding}");
    }
    let (findings, _) = told("p.ekiden", &BASE.replace("EUR", "YEN"));
    assert_eq!(findings.len(), 1, "{findings:#?}");
    says("currency EUR", "currency $", "$", "write `USD`, or what is meant of `AUD`");
    says("currency EUR", "currency EUX", "EUX", "did you mean `EUR`?");
}

#[test]
fn an_amount_in_a_list_is_told_once() {
    let list = |new: &str, under: &str, right: &str| {
        let told = format!("is written `{right}`; write `{right}`");
        // Two amounts may have been meant.
        assert_eq!(says("amount is present", &format!("amount in [{new}]"), under, &told), None);
    };
    list("1,000 EUR", "1,000 EUR", "1_000 EUR");
    list("5 EUR, 1,250,000 EUR", "1,250,000 EUR", "1_250_000 EUR");
    list("1,500 EUR, 7 EUR", "1,500 EUR", "1_500 EUR");
    let two = BASE.replace("amount is present", "amount in [1,000 EUR, 2,500 EUR]");
    assert_eq!(told("p.ekiden", &two).0.len(), 2);
    says("amount is present", "count in [5, 1,000]", "1,000", "is written `1_000`");
    // Two values, each whole.
    for sound in ["count in [1,500]", "count in [1, 200]", "amount in [1_000 EUR, 1 EUR]"] {
        let (findings, _) = told("p.ekiden", &BASE.replace("amount is present", sound));
        assert_eq!(findings, Vec::<String>::new(), "{sound}");
    }
    says("amount is present", "amount in [100, 200 EUR]", "100", "write `100 EUR`");
    // In YAML the condition is part of a text.
    let text = "process: {name: p, currency: EUR}
records: {lead: {fields: {amount: money}}}
stages: {a: {record: lead, exit: {b: {title: B, when: \"amount in [1,000 EUR]\"}}}}";
    let (findings, _) = told("p.ekiden.yaml", text);
    let [one] = findings.as_slice() else { panic!("{findings:#?}") };
    assert!(one.contains("`1,000 EUR` the amount `1,000 EUR` is written `1_000 EUR`"), "{one}");
}

#[test]
fn what_has_no_value_is_missing() {
    let right = "ask whether it has a value: `is present`, or `is missing`";
    says("amount is present", "reason != null", "null", right);
    // An option that is called so is one.
    let own = BASE.replace("other]", "empty]").replace("amount is present", "reason != empty");
    assert_eq!(told("p.ekiden", &own).0, Vec::<String>::new());
}

#[test]
fn keys_of_other_tools_are_told_as_yaml_has_them() {
    for (old, new, right) in [
        ("goals: {g: {shared_by: [a]}}", "by", "write `shared_by`"),
        ("goals: {g: {shared_by: [a]}}", "teams", "write `shared_by`"),
        ("stages: {s: {shared_by: x}}", "exit_criteria", "write `exit`"),
        ("stages: {s: {shared_by: x}}", "entry_criteria", "write `enter`"),
        ("stages: {s: {shared_by: x}}", "goto", "write `advance`"),
        ("stages: {s: {shared_by: x}}", "win", "write `outcome: won`"),
        ("stages: {s: {shared_by: x}}", "SLA", "write `limit`"),
        ("stages: {s: {shared_by: x}}", "next_step", "write `next`"),
        ("stages: {s: {lose: [{to: a, shared_by: x}]}}", "if", "write `when`"),
        ("stages: {s: {lose: [{to: a, shared_by: x}]}}", "limit", "write `at_most`"),
        ("stages: {s: {exit: {a: {when: b, shared_by: x}}}}", "name", "write `title`"),
        ("teams: {t: {shared_by: x}}", "members", "write `roles`"),
        ("plays: {t: {shared_by: x}}", "stage", "write `for`"),
    ] {
        let (findings, _) = told("p.ekiden.yaml", &old.replace("shared_by", new));
        let of_key: Vec<_> =
            findings.iter().filter(|found| found.starts_with("[unknown-property]")).collect();
        let [one] = of_key.as_slice() else { panic!("{new}: {findings:#?}") };
        assert!(one.contains(&format!("`{new}` ")) && one.ends_with(right), "{one}");
    }
}

#[test]
fn a_country_is_no_language() {
    for (tag, right) in [
        ("jp", "`ja` for Japanese"),
        ("jp-JP", "`ja` for Japanese"),
        ("kr", "`ko` for Korean"),
        ("cn", "`zh` for Chinese"),
        ("cz", "`cs` for Czech"),
        ("dk", "`da` for Danish"),
        ("gr", "`el` for Greek"),
        ("se", "`sv` for Swedish"),
        ("ua", "`uk` for Ukrainian"),
        ("vn", "`vi` for Vietnamese"),
        ("us", "`en-US` for English"),
        ("en-UK", "`en-GB` for English"),
        ("en-UK", "`en-UK` is not the tag of a language"),
    ] {
        assert_eq!(says("[en]", &format!("[en, {tag}]"), tag, right), None);
        // Where no languages are declared, the first text in it is told of.
        let text = BASE
            .replace("  languages [en]\n", "")
            .replace("\"Open\"", &format!("\"Open\" {tag} \"O\""))
            .replace("\"We met\"", &format!("\"We met\" {tag} \"M\""));
        let (findings, _) = told("p.ekiden", &text);
        assert_eq!(findings.len(), 1, "{findings:#?}");
    }
    for tag in ["ja", "ko", "uk", "kr-NG", "se-NO", "pt-BR", "zh-TW"] {
        let (findings, _) = told("p.ekiden", &BASE.replace("[en]", &format!("[en, {tag}]")));
        assert_eq!(findings, Vec::<String>::new(), "{tag}");
    }
}

#[test]
fn dates_are_year_month_and_day() {
    let two_ways = "write `2026-02-01` if the day comes first, `2026-01-02` if the month does";
    for (old, before) in
        [("amount is present", "visit > "), ("languages [en]", "languages [en] effective ")]
    {
        for (date, right) in [
            ("2026-1-5", "2026-01-05"),
            ("2026/1/5", "2026-01-05"),
            ("2026.1.5", "2026-01-05"),
            ("31.12.2026", "2026-12-31"),
            ("12/31/2026", "2026-12-31"),
            ("2026年1月5日", "2026-01-05"),
        ] {
            let new = format!("{before}{date}");
            let mended = says(old, &new, date, &format!("is written `{right}` here"));
            assert_eq!(mended, Some(format!("{before}{right}")));
        }
        for date in ["01.02.2026", "1/2/2026", "1-2-2026"] {
            assert_eq!(says(old, &format!("{before}{date}"), date, two_ways), None);
        }
    }
    for date in ["5 January 2026", "Jan 5, 2026", "5th jan 2026", "20260105"] {
        let mended = says(
            "languages [en]",
            &format!("languages [en] effective {date}"),
            date,
            "is written `2026-01-05` here",
        );
        assert_eq!(mended.as_deref(), Some("languages [en] effective 2026-01-05"), "{date}");
    }
    // Written with spaces, it is arithmetic.
    let (findings, _) =
        told("p.ekiden", &BASE.replace("amount is present", "count > 2026 - 1 - 5"));
    assert_eq!(findings, Vec::<String>::new());
}

#[test]
fn durations_have_a_number_and_a_unit() {
    for (new, right) in [
        ("3bd", "3 business days"),
        ("1bd", "1 business day"),
        ("4bh", "4 business hours"),
        ("24H", "24h"),
        ("PT24H", "24h"),
        ("P2D", "2d"),
        ("5 working days", "5 business days"),
        ("2営業日", "2 business days"),
        ("3영업일", "3 business days"),
        ("1d 4h", "28h"),
        ("1h 30m", "90m"),
        ("2ヶ月", "2mo"),
        ("two weeks", "2w"),
        ("a week", "1w"),
    ] {
        let mended = says("limit 5d", &format!("limit {new}"), new, &format!("write `{right}`"));
        assert_eq!(mended, Some(format!("limit {right}")), "{new}");
    }
    // What may be meant in two ways is not mended.
    for (new, told) in [
        ("2M", "write `2mo` for months, `2m` for minutes"),
        ("5 days", "write `5d`, or `5 business days` for working time"),
        ("1 day", "write `1d`, or `1 business day` for working time"),
        ("five days", "write `5d`, or `5 business days` for working time"),
        ("3日", "write `3d`, or `3 business days` for working time"),
        ("-2w", "write `2w`; what is counted back from a date is `after 2w before FIELD`"),
        ("1.5h", "write `90m`"),
    ] {
        assert_eq!(says("limit 5d", &format!("limit {new}"), new, told), None, "{new}");
    }
    for (new, under) in [
        ("per quarter", "per quarter"),
        ("a quarter", "a quarter"),
        ("/ quarter", "/ quarter"),
        ("quarterly", "quarterly"),
        ("every quarterly", "quarterly"),
    ] {
        let mended = says("every quarter", new, under, "quarter`");
        assert_eq!(mended.as_deref(), Some("every quarter"), "{new}");
    }
}

#[test]
fn working_hours_have_two_digits() {
    let right = "mon-fri 09:00-18:00";
    for new in [
        "mon-fri 9-18",
        "Mon-Fri 09:00-18:00",
        "monday-friday 9am-6pm",
        "Mon to Fri 9:00 to 18:00",
        "\"mon-fri 09:00-18:00\"",
    ] {
        let line = format!("languages [en]\n  calendar {new}");
        let mended = says("languages [en]", &line, new, &format!("write `{right}`"));
        assert_eq!(mended, Some(format!("languages [en]\n  calendar {right}")));
    }
    let line = "languages [en]\n  calendar 9-18";
    assert_eq!(says("languages [en]", line, "9-18", "write the days, then the times"), None);
}

const YAML: &str = "process:\n  name: bees\n  currency: EUR\nteams:\n  sales:\n    roles:\n      rep: {headcount: 2}\n\
    records:\n  hive:\n    fields:\n      share: percent\n      amount: money\n";

#[test]
fn signs_in_full_width_are_told_in_yaml() {
    assert_eq!(told("p.ekiden.yaml", YAML).0, Vec::<String>::new());
    for (old, new, under) in [
        ("currency: EUR", "currency：EUR", "："),
        ("currency: EUR", "currency： EUR", "："),
        ("name: bees", "name：bees", "："),
        ("process:", "process：", "："),
        ("teams:", "teams：", "："),
        ("name: bees", "name:　bees", "　"),
    ] {
        let text = YAML.replacen(old, new, 1);
        let (findings, mended) = told("p.ekiden.yaml", &text);
        let [finding] = findings.as_slice() else { panic!("{new}: {findings:#?}") };
        assert!(finding.contains(&format!("] `{under}` ")), "{new}: {finding}");
        assert_eq!(mended, YAML, "{new}");
    }
    let (findings, _) = told("p.ekiden.yaml", &YAML.replacen("headcount: 2", "headcount: ２", 1));
    assert!(findings[0].ends_with("; write it in half width: `2`"), "{findings:#?}");
    let (findings, _) = told("p.ekiden.yaml", &YAML.replacen("money", "money at least ５ EUR", 1));
    assert!(findings[0].contains("`５` is in full width; write `5`"), "{findings:#?}");
}

#[test]
fn values_in_yaml_are_told_as_well() {
    for (old, new, told_there) in [
        ("share: percent", "share: percent at most 0.5", "write `50%`; write `0.5%` if"),
        ("amount: money", "amount: money at least 1,000 EUR", "is written `1_000 EUR`"),
        ("currency: EUR", "currency: YEN", "write `JPY`"),
        (
            "    fields:\n      share: percent\n",
            "    share: percent\n    fields:\n",
            "fields stand under `fields`",
        ),
        ("currency: EUR", "currency: EUR\n  calendar: mon-fri 9-18", "write `mon-fri 09:00-18:00`"),
        ("currency: EUR", "currency: EUR\n  effective: 1/2/2026", "can be read in two ways"),
        ("currency: EUR", "currency: EUR\n  languages: [jp]", "write `ja` for Japanese"),
        ("currency: EUR", "currency: EUR\n  tz: Asia/Tokyo", "write `timezone`"),
    ] {
        let (findings, _) = told("p.ekiden.yaml", &YAML.replacen(old, new, 1));
        let [finding] = findings.as_slice() else { panic!("{new}: {findings:#?}") };
        assert!(finding.contains(told_there), "{new}: {finding}");
    }
}

#[test]
fn bounds_are_at_least_and_at_most() {
    let target = |new: &str, under: &str| {
        says("target at least 50%", new, under, "a bound is written `at least`")
    };
    for (new, under) in [("target >= 50%", ">="), ("target minimum 50%", "minimum")] {
        assert_eq!(target(new, under).as_deref(), Some("target at least 50%"));
    }
    // `>` leaves the bound itself out: that is another meaning.
    assert_eq!(target("target > 50%", ">"), None);
    let old = "\"Amount\" at least 0 EUR";
    for (new, under) in [("\"Amount\" >= 0 EUR", ">="), ("\"Amount\" min 0 EUR", "min")] {
        let text = BASE.replacen(old, new, 1);
        let (findings, mended) = told("p.ekiden", &text);
        let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
        assert!(finding.contains(&format!("] `{under}` ")), "{finding}");
        assert_eq!(mended, BASE);
    }
    let mended = says("at least 10", ">= 10", ">=", "a bound is written `at least`");
    assert_eq!(mended.as_deref(), Some("at least 10"));
    for new in ["at least 50 %", "at least 50 percent"] {
        let under = new.strip_prefix("at least ").unwrap();
        let mended = says("at least 50%", new, under, "the percentage");
        assert_eq!(mended.as_deref(), Some("at least 50%"));
    }
}

#[test]
fn what_is_no_target_is_read_in_two_ways_in_yaml() {
    let goal = "goals:\n  g: {measure: entries into a, target: 0.5, shared_by: sales}\n";
    let (findings, _) = told("p.ekiden.yaml", &format!("{YAML}{goal}"));
    let both = "write `at least 50%` for a percentage, `at least 0.5` for a number";
    assert!(findings.iter().any(|finding| finding.ends_with(both)), "{findings:#?}");
    let (findings, _) = told("p.ekiden", &BASE.replacen("stage won", "stage 1_won", 1));
    assert!(findings[0].ends_with("a name begins with a letter: `won_1`"), "{findings:#?}");
}

/// A word processor's quotes end where they end, whatever closes them, and whatever stands behind.
#[test]
fn quotes_of_word_processors_end_where_they_end() {
    for (written, right) in [
        ("team x “Sales\" { mission “Sell” }", "team x \"Sales\" { mission \"Sell\" }"),
        ("team x “Sales“ { mission “Sell“ }", "team x \"Sales\" { mission \"Sell\" }"),
        ("team x ”Sales” { mission \"Sell\" }", "team x \"Sales\" { mission \"Sell\" }"),
        ("team x „Sales“ { mission „It’s“ }", "team x \"Sales\" { mission \"It’s\" }"),
        (
            "team x “A \"hot\" one” { mission “B” }",
            "team x \"A \\\"hot\\\" one\" { mission \"B\" }",
        ),
        ("team x ‘Sales’ { mission ‘It’s ours’ }", "team x \"Sales\" { mission \"It’s ours\" }"),
        ("team x 'Sales' { mission 'Sell' }", "team x \"Sales\" { mission \"Sell\" }"),
        ("team x “A 5\" pipe” { mission “B” }", "team x \"A 5\\\" pipe\" { mission \"B\" }"),
        ("team x “\"Yes\"” { mission “B” }", "team x \"\\\"Yes\\\"\" { mission \"B\" }"),
        (
            "team x 'A \"big\" deal' { mission 'B' }",
            "team x \"A \\\"big\\\" deal\" { mission \"B\" }",
        ),
        ("team x «Sales» { mission “Sell” }", "team x \"Sales\" { mission \"Sell\" }"),
        ("team x “営業” { mission 「売る」 }", "team x \"営業\" { mission \"売る\" }"),
    ] {
        let (findings, mended) = told("p.ekiden", &format!("{written}\n{BASE}"));
        let mended = match told("p.ekiden", &mended) {
            // One fault of a text at a time.
            (left, _) if left.is_empty() => mended,
            (_, again) => again,
        };
        assert_eq!(mended.lines().next(), Some(right), "{written}: {findings:#?}");
    }
    // Which of the two ends it is not known: a person looks.
    let unsure = "team x ‘The teams’ work’ { }";
    let (_, mended) = told("p.ekiden", &format!("{unsure}\n{BASE}"));
    assert_eq!(mended.lines().next(), Some(unsure));
}
