//! What people write out of habit: amounts, percentages, currencies, languages, dates. Each is told
//! once, with the form that is right here.

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
fn evidence_is_of_the_buyer_or_the_seller() {
    says("evidence buyer", "evidence byer", "byer", "did you mean `buyer`?");
    says("evidence buyer", "evidence customer", "customer", "did you mean `buyer`?");
    says("evidence buyer", "evidence sales", "sales", "did you mean `seller`?");
    says("evidence buyer", "evidence paper", "paper", "write `buyer` if it rests on");
}

#[test]
fn two_lines_of_grades_are_joined() {
    says(
        "at least 10, cold otherwise",
        "at least 10\n  grade cold otherwise",
        "grade cold otherwise",
        "join the grades by commas: `grade hot at least 10, cold otherwise`",
    );
}

#[test]
fn several_options_stand_in_a_list() {
    let right = "write `reason in [price, timing]`";
    let old = "amount is present";
    says(old, "reason = price or timing", "reason = price or timing", right);
    says(old, "reason = price or = timing", "=", right);
    says(
        old,
        "reason = price or timing or other",
        "reason = price or timing or other",
        "write `reason in [price, timing, other]`",
    );
    says(old, "count > 1 and < 10", "<", "say again what is compared: `count < …`");
    says(old, "amount > 5 EUR or = 2 EUR", "=", "say again what is compared: `amount = …`");
    // A field that is true or false is a condition, and a word that is unknown is told as ever.
    says(
        old,
        "reason = price or mystery",
        "reason = price or mystery",
        "reason in [price, mystery]",
    );
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
