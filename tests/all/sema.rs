//! Names, types and the model: each finding at its place, and nothing said twice.

mod names;

use ekiden::model::{Outcome, Process, TransitionKind};
use ekiden::sema;
use ekiden::source::{SourceFile, SourceMap};
use ekiden::syntax::dsl;

/// A process that every case builds on.
const BASE: &str = "
process p { currency JPY }
team marketing { }
team sales { role ae }
record lead { email text  size number  kind one of [small, large]  seen datetime  due date  done boolean  share percent }
record deal from lead { amount money  why one of [price, other]  tags many of [x, y] }
score heat of lead { fit +10 when size > 3 grade hot at least 5, cold otherwise }
stage open { record lead owner marketing entry }
stage work { record deal owner ae }
stage won { record deal owner ae outcome won }
stage lost { record deal owner ae outcome lost }
";

/// Analyses the base with `more` behind it.
fn analyze(more: &str) -> (Process, Vec<String>) {
    let text = format!("{BASE}{more}");
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text.clone()));
    let parsed = dsl::parse(file, &text);
    let analysis = sema::analyze(&[parsed.file], "p");
    let findings = parsed
        .diagnostics
        .iter()
        .chain(&analysis.diagnostics)
        .map(|d| {
            let help = d.help.as_ref().map_or(String::new(), |help| format!("; help: {help}"));
            format!("[{}] `{}` {}{help}", d.code, sources.slice(d.primary.span), d.message)
        })
        .collect();
    (analysis.process, findings)
}

/// Asserts exactly these findings: rule, underlined text, and a part of the message and its help.
#[track_caller]
fn finds(more: &str, expected: &[(&str, &str, &str)]) {
    let (_, findings) = analyze(more);
    let matches = findings.len() == expected.len()
        && findings.iter().zip(expected).all(|(finding, (rule, text, message))| {
            finding.starts_with(&format!("[{rule}] `{text}`")) && finding.contains(message)
        });
    assert!(matches, "expected {expected:#?}\nfound {findings:#?}");
}

#[test]
fn the_base_is_sound() {
    finds("", &[]);
}

#[test]
fn duplicates_are_reported_at_the_second() {
    finds(
        "stage open { record lead }\nrecord lead { }\nteam ae { }",
        &[
            ("duplicate-name", "open", "stage `open` is declared twice"),
            ("duplicate-name", "lead", "record `lead` is declared twice"),
            ("duplicate-name", "ae", "team `ae` bears the name of a role"),
        ],
    );
}

#[test]
fn a_field_of_a_later_record_cannot_be_read() {
    finds(
        "stage s { record lead exit when { a \"A\" amount is present } }",
        &[("field-not-visible", "amount", "`amount` is a field of `deal`")],
    );
    finds("stage s { record deal exit when { a \"A\" email is present and lead.size > 1 } }", &[]);
}

#[test]
fn conditions_are_typed() {
    let condition =
        |text: &str| format!("stage s {{ record deal exit when {{ a \"A\" {text} }} }}");
    let cases: &[(&str, &str, &str, &str)] = &[
        (
            "amount > 5",
            "type-mismatch",
            "amount > 5",
            "expected an amount of money, found a whole number",
        ),
        ("amount > 5 USD", "currency-mismatch", "5 USD", "expected an amount in `JPY`"),
        ("share > 5", "type-mismatch", "share > 5", "expected a percentage"),
        ("kind = \"small\"", "type-mismatch", "\"small\"", "expected an option of `kind`"),
        ("kind = smal", "unknown-name", "smal", "`kind` has no option `smal`"),
        ("kind = giant", "unknown-name", "giant", "its options are `small`"),
        ("kind < small", "type-mismatch", "kind < small", "does not compare"),
        ("heat is warm", "unknown-name", "warm", "no grade `warm`"),
        ("kind is small", "type-mismatch", "kind", "only a score has grades"),
        ("kind is presnt", "unknown-name", "presnt", "`present` or `missing`"),
        ("size", "type-mismatch", "size", "expected a condition, found a number"),
        ("seen > today", "type-mismatch", "seen > today", "expected a point in time, found a date"),
        ("hours since due > 3", "unit-mismatch", "hours since due", "no time of day"),
        ("due + (1d + 1h) > today", "unit-mismatch", "1d + 1h", "no time of day"),
        ("due - 3h > today", "unit-mismatch", "3h", "no time of day"),
        ("size between 5 and 2", "invalid-literal", "5 and 2", "nothing lies between"),
        ("size between 5 and -2", "invalid-literal", "5 and -2", "nothing lies between"),
        ("event seen at least 0 times", "invalid-literal", "0", "at least 0 times"),
        ("event seen within 0d", "invalid-literal", "0d", "no time at all"),
        ("due within next 3h", "unit-mismatch", "3h", "no time of day"),
        ("days since email > 3", "type-mismatch", "email", "neither a date nor a point in time"),
        ("amount * amount > 1 JPY", "type-mismatch", "amount * amount", "does not join"),
        ("size / 0 > 1", "invalid-literal", "0", "divided by zero"),
        ("email > email", "type-mismatch", "email > email", "does not compare a text"),
        ("(size + 1) is present", "type-mismatch", "size + 1", "only a field can be present"),
        ("kind in [small, small]", "duplicate-name", "small", "stands twice"),
        ("tags = x", "type-mismatch", "tags = x", "does not compare"),
        ("sise > 3", "unknown-name", "sise", "record `deal` has no field `sise`"),
    ];
    for (text, rule, underlined, message) in cases {
        finds(&condition(text), &[(rule, underlined, message)]);
    }
}

#[test]
fn what_is_compared_wrongly_is_told_rightly() {
    for (text, help) in [
        ("amount > 5", "an amount of money, found a whole number; help: write `5 JPY`"),
        ("size > 5.5 JPY", "a number, found an amount of money; help: write `5.5`"),
        ("size > \"400\"", "a number, found a text; help: write `400`, without quotes"),
        ("share > 5", "help: write `5%`"),
    ] {
        let stage = format!("stage s {{ record deal exit when {{ a \"A\" {text} }} }}");
        finds(&stage, &[("type-mismatch", text, help)]);
    }
}

#[test]
fn sound_conditions_pass() {
    for text in [
        "amount > 5 JPY and amount / 2 < 3 JPY and amount / amount > 1",
        "amount * 10% > 5 JPY and share between 1% and 5%",
        "kind = small or large = kind or kind in [small, large]",
        "tags in [x]",
        "heat is hot and heat > 3 and not heat is cold",
        "done and not (done = false)",
        "days since seen > 3 and business hours until seen < 2",
        "due + 3d > today and seen + 2 business hours < now",
        "seen within last 3h and due within next 2 business days",
        "time in stage > 3d + 4h",
        "event opened at least 2 times within 3d",
        "confirm \"They will defend us\" by ae",
        "size between -1 and 5.5 and -size < 3",
        "size between 5 and 5 and due within next 0d and time in stage > 0d",
        "time in stage between 30d and 1mo",
    ] {
        finds(&format!("stage s {{ record deal exit when {{ a \"A\" {text} }} }}"), &[]);
    }
}

#[test]
fn several_faults_in_one_condition_are_all_told() {
    finds(
        "stage s { record deal exit when { a \"A\" sise > 3 and amount > 5 or kind = smal } }",
        &[
            ("unknown-name", "sise", "no field"),
            ("type-mismatch", "amount > 5", "expected an amount of money"),
            ("unknown-name", "smal", "no option"),
        ],
    );
}

#[test]
fn a_score_reads_no_score() {
    finds(
        "score warmth of lead { fit +1 when heat is hot }",
        &[("wrong-kind", "heat", "read inside a score")],
    );
}

#[test]
fn moves_between_unrelated_records_are_refused() {
    finds(
        "record ticket { }\nstage s { record ticket advance to work }",
        &[("wrong-kind", "work", "a `ticket` cannot move to stage `work`")],
    );
}

#[test]
fn records_cannot_continue_in_a_circle() {
    finds(
        "record a from b { }\nrecord b from a { }",
        &[("cyclic-record", "a", "continues itself")],
    );
}

#[test]
fn earlier_names_must_be_gone() {
    finds(
        "stage s { record deal was [work] }\nretired stage open into work\nretired stage gone into nowhere",
        &[
            ("renamed-alive", "work", "a stage of that name exists"),
            ("renamed-alive", "open", "is retired, but it exists"),
            ("unknown-name", "nowhere", "no stage is called"),
        ],
    );
}

#[test]
fn a_goal_and_its_target_measure_the_same() {
    finds(
        "goal g { shared by [marketing, sales] measure conversion from open to won target at least 60 }",
        &[("type-mismatch", "60", "measures a percentage")],
    );
    finds(
        "goal g { owner sales measure sum of amount entering won target at least 5 JPY every quarter }",
        &[],
    );
    finds(
        "goal g { owner sales measure sum of email entering won }",
        &[("type-mismatch", "email", "cannot be summed")],
    );
}

#[test]
fn languages_are_those_of_the_process() {
    finds("team t \"T\" ko \"티\" { }", &[]);
    let (process, _) = analyze("team t \"T\" ko \"티\" { }");
    assert_eq!(process.languages, ["en", "ko"]);
}

#[test]
fn from_any_open_spares_outcomes_and_stages_with_a_move_of_their_own() {
    let more = "
stage s { record deal lose to gone when why = price }
stage t { record deal }
stage gone { record deal outcome lost from any open of deal except [t] when why = other }
";
    let (process, findings) = analyze(more);
    assert!(findings.is_empty(), "{findings:?}");
    let gone = process.stage_named("gone").unwrap();
    assert_eq!(process.stages[gone].outcome, Some(Outcome::Lost));
    let mut from: Vec<(&str, TransitionKind)> = process.stages[gone]
        .incoming
        .iter()
        .map(|id| &process.transitions[*id])
        .map(|t| (process.stages[t.from].name.as_str(), t.kind))
        .collect();
    from.sort();
    assert_eq!(from, [("s", TransitionKind::Lose), ("work", TransitionKind::Lose)]);
}

#[test]
fn a_refused_record_has_a_way_of_its_own() {
    let more = "stage s { record lead owner marketing advance to work handoff accept when email is present else recycle to open }";
    let (process, findings) = analyze(more);
    assert!(findings.is_empty(), "{findings:?}");
    let s = process.stage_named("s").unwrap();
    let ways: Vec<(&str, TransitionKind)> = process.stages[s]
        .outgoing
        .iter()
        .map(|id| &process.transitions[*id])
        .map(|t| (process.stages[t.to].name.as_str(), t.kind))
        .collect();
    assert_eq!(ways, [("work", TransitionKind::Advance), ("open", TransitionKind::Recycle)]);
    assert!(process.is_handoff(process.stages[s].outgoing[0]));
}

#[test]
fn one_confirmation_is_asked_for_once() {
    let more = "
stage s { record deal
  exit when { a \"A\" confirm \"Sure\" by ae  b \"B\" confirm \"Sure\" by ae or confirm \"Other\" }
}";
    let (process, findings) = analyze(more);
    assert!(findings.is_empty(), "{findings:?}");
    let keys: Vec<&str> = process.confirmations.values().map(|c| c.key.as_str()).collect();
    assert_eq!(keys, ["confirmed_s_a", "confirmed_s_b"]);
}

#[test]
fn the_calendar_is_understood() {
    let (process, findings) = analyze("");
    assert!(findings.is_empty());
    assert_eq!(process.calendar.minutes_per_day(), 9 * 60);
    let source = "process q { calendar mon-fri 09:00-12:00, mon-fri 13:00-18:00, sat 10:00-12:00, sat 11:00-13:00 except [2026-01-01] timezone \"Asia/Tokio\" currency YEN }";
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("q.ekiden", source));
    let parsed = dsl::parse(file, source);
    let analysis = sema::analyze(&[parsed.file], "q");
    let calendar = &analysis.process.calendar;
    assert_eq!(calendar.minutes_per_day(), 8 * 60);
    let friday = "2026-01-02".parse().unwrap();
    let holiday = "2026-01-01".parse().unwrap();
    assert_eq!(calendar.hours_on(friday).len(), 2);
    assert!(calendar.hours_on(holiday).is_empty());
    let codes: Vec<(&str, &str)> = analysis
        .diagnostics
        .iter()
        .map(|d| (d.code.name(), sources.slice(d.primary.span)))
        .collect();
    assert_eq!(
        codes,
        [
            ("invalid-literal", "sat 11:00-13:00"),
            ("unknown-name", "\"Asia/Tokio\""),
            ("unknown-name", "YEN")
        ]
    );
}

#[test]
fn a_text_is_in_the_first_language_whatever_its_order_in_yaml() {
    let head = "process p { languages [en, ko] }";
    let body = "teams:\n  t: {title: {ko: 영업, en: Sales}}\n";
    let mut sources = SourceMap::new();
    let first = sources.add(SourceFile::new("p.ekiden", head));
    let second = sources.add(SourceFile::new("t.ekiden.yaml", body));
    let files = [dsl::parse(first, head).file, ekiden::syntax::yaml::parse(second, body).file];
    let analysis = sema::analyze(&files, "p");
    assert!(analysis.diagnostics.is_empty());
    let title = &analysis.process.teams.values().next().unwrap().title;
    assert_eq!(
        (title.value.as_str(), title.get("en"), title.get("ko")),
        ("Sales", "Sales", "영업")
    );
}

/// Everything that is said of a text, front end and rules, at any level.
fn everything(text: &str) -> Vec<String> {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text));
    let parsed = dsl::parse(file, text);
    let mut all = parsed.diagnostics;
    let analysis = sema::analyze(&[parsed.file], "p");
    all.extend(analysis.diagnostics);
    let today = jiff::civil::date(2026, 11, 23);
    all.extend(ekiden::lint::check(&analysis.process, today, &ekiden::lint::Levels::default()));
    all.iter().map(|d| format!("[{}] {}", d.code, d.message)).collect()
}

#[test]
fn a_broken_declaration_has_no_echo() {
    let sound = "
team a \"A\" { role x \"X\" }
team b \"B\" { }
record r { n number }
stage one { entry owner x limit 1d advance to two handoff within 1d carries [n] }
stage two { owner b limit 1d advance to won lose to lost when n > 1 }
stage won { owner b outcome won final }
stage lost { owner b outcome lost recycle to one after 9d }
goal g { shared by [a, b] measure conversion from one to won target at least 5% every year }
";
    assert!(everything(sound).is_empty(), "{:?}", everything(sound));
    for (right, wrong) in [
        ("stage two {", "stge two {"),
        ("stage two {", "stage two"),
        ("record r {", "recrd r {"),
        ("team b \"B\" {", "team b \"B {"),
        ("goal g {", "gaol g {"),
        ("role x \"X\"", "rol x \"X\""),
        ("n number", "n nmber"),
        ("owner x", "owner= x"),
        ("limit 1d advance to two", "limit 1 advance to two"),
        ("outcome won", "outcome wonn"),
        ("advance to two handoff", "advnce to two handoff"),
    ] {
        let found = everything(&sound.replacen(right, wrong, 1));
        assert_eq!(found.len(), 1, "{wrong}: {found:#?}");
    }
}

#[test]
fn values_that_nothing_can_have_are_named() {
    let cases: &[(&str, &str, &str)] = &[
        ("record t { n number at least 10 at most 5 }", "5", "no value is at least"),
        ("record t { n date at least 2026-02-01 at most 2026-01-01 }", "2026-01-01", "no value"),
        ("record t { n one of [] }", "one of []", "has no options"),
        ("record t { n many of [] }", "many of []", "has no options"),
        ("stage s { record lead limit 0d }", "0d", "no time at all"),
        ("stage s { record lead limit 2d target 3d }", "3d", "longer than the limit"),
        ("stage s { record lead limit 2d target 0h }", "0h", "no time at all"),
        ("stage s { record lead advance to work after 0d }", "0d", "no time at all"),
        ("stage s { record lead recycle to work at most 0 times }", "0", "taken 0 times"),
        (
            "stage s { record lead advance to work handoff within 0 business hours }",
            "0 business hours",
            "no time",
        ),
        ("score t of lead { fit +1 when done weight fit 140% }", "140%", "no share"),
        (
            "score t of lead { fit +1 when done weight fit 40% weight behavior 50% }",
            "50%",
            "come to 90%",
        ),
        ("score t of lead { fit +1 when done cap fit at 0 }", "0", "no point counts"),
        ("score t of lead { behavior +1 when event e halves every 0d }", "0d", "no time at all"),
        ("score t of lead { fit +1 when done grade a at least 3, b at least 5 }", "5", "grade `b`"),
        ("score t of lead { fit +1 when done grade a otherwise, b at least 5 }", "5", "grade `b`"),
        ("goal g { owner sales measure conversion from open to open }", "open", "`open` to `open`"),
        (
            "goal g { owner sales measure average time from open to open }",
            "open",
            "`open` to `open`",
        ),
        (
            "goal g { owner sales measure conversion from open to work target at least 120% }",
            "120%",
            "more than all",
        ),
        (
            "goal g { owner sales measure balance of open target at most 5 every 0d }",
            "0d",
            "no time",
        ),
    ];
    for (text, underlined, message) in cases {
        finds(text, &[("invalid-literal", underlined, message)]);
    }
    for text in [
        "record t { n number at least 5 at most 5 }",
        "stage s { record lead limit 2 business days target 1d }",
        "stage s { record lead advance to work after 0d before due }",
        "score t of lead { fit +1 when done weight fit 40% weight behavior 60% }",
        "score t of lead { fit +1 when done weight fit 40% }",
        "score t of lead { fit +1 when done grade a at least 5, b at least 3, c otherwise }",
        "goal g { owner sales measure conversion from open to work target at least 100% }",
    ] {
        finds(text, &[]);
    }
}

#[test]
fn declarations_that_say_nothing_are_named() {
    for (text, name, message) in [
        ("goal g { }", "g", "neither what it measures nor whose it is"),
        ("goal g { owner sales }", "g", "does not say what it measures"),
        ("goal g { measure balance of open }", "g", "does not say whose it is"),
        ("feedback f { }", "f", "neither who speaks nor who listens"),
        ("feedback f { from sales }", "f", "does not say who listens"),
        ("feedback f { to sales }", "f", "does not say who speaks"),
        ("term t { }", "t", "does not say what it means"),
        ("play y { }", "y", "neither for which stage it is nor what to do"),
        ("play y { for stage work }", "y", "does not say what to do"),
        ("play y { steps \"Call.\" }", "y", "does not say for which stage"),
        ("score t of lead { }", "t", "gives no points"),
    ] {
        finds(text, &[("missing-property", name, message)]);
    }
    finds(
        "feedback f { from sales to [marketing, sales] }",
        &[("duplicate-name", "sales", "gives feedback to itself")],
    );
    // What could not be read is not missing.
    finds(
        "goal g { owner sales measure balanse of open }",
        &[("unknown-name", "balanse", "unknown measure")],
    );
    finds("goal g { owner sales measure balance of open }", &[]);
}

#[test]
fn only_a_goal_that_sums_can_be_covered() {
    let revenue =
        "goal revenue { owner sales measure sum of amount entering work target at least 5 JPY }";
    let coverage = |of: &str, by: &str| {
        format!(
            "{revenue} goal g {{ owner sales measure coverage of {of} by {by} target at least 3 }}"
        )
    };
    finds(&coverage("revenue", "amount"), &[]);
    finds(&coverage("revenu", "amount"), &[("unknown-name", "revenu", "no goal is called")]);
    finds(&coverage("revenue", "due"), &[("type-mismatch", "due", "cannot be summed")]);
    finds(&coverage("revenue", "size"), &[("type-mismatch", "size", "of different kinds")]);
    finds(&coverage("g", "amount"), &[("type-mismatch", "g", "does not sum anything")]);
    finds(
        &coverage("revenue", "amount").replace("target at least 5 JPY", ""),
        &[("missing-property", "revenue", "has no target")],
    );
    finds(
        &coverage("revenue", "amount").replace("at least 3 }", "at least 3% }"),
        &[("type-mismatch", "3%", "must be one")],
    );
}

#[test]
fn a_name_given_twice_has_no_echo() {
    let sound = "
team a { role x }
team b { }
record r { n number }
record s from r { m number }
stage one { record r  entry owner x limit 1d advance to two handoff within 1d carries [n] }
stage two { record s  owner b limit 1d advance to won lose to lost when n > 1 and m > 2 }
stage won { record s  owner b outcome won final }
stage lost { record r  owner b outcome lost recycle to one after 9d }
goal g { shared by [a, b] measure conversion from one to won target at least 5% every year }
";
    assert!(everything(sound).is_empty(), "{:?}", everything(sound));
    for (right, wrong, message) in [
        ("stage one {", "stage two { record s }\nstage one {", "stage `two` is declared twice"),
        ("record r {", "record s { }\nrecord r {", "record `s` is declared twice"),
        ("team a {", "team b { role x }\nteam a {", "role `x` is declared twice"),
        ("record r {", "record r from s {", "continues itself"),
        ("record s from r", "record s from q", "no record is called `q`"),
        ("team b { }", "team b { role a }", "role `a` bears the name of a team"),
        ("team a {", "team c { role b }\nteam a {", "team `b` bears the name of a role"),
        ("goal g {", "goal g { owner a }\ngoal g {", "goal `g` is declared twice"),
    ] {
        let mut found = everything(&sound.replacen(right, wrong, 1));
        // The other declaration has faults of its own to tell.
        found.retain(|f| !f.contains("[duplicate-name] team `b` is") && !f.contains("[missing-"));
        assert!(found.len() == 1 && found[0].contains(message), "{wrong}: {found:#?}");
    }
}

#[test]
fn a_move_is_declared_once() {
    finds(
        "stage s { record lead advance to work when done advance to work when done }",
        &[("duplicate-property", "advance to work when done", "declared twice")],
    );
    finds(
        "stage s { record lead advance to work when done advance to work recycle to work
           advance to work when done after 3d advance to work when not done }",
        &[],
    );
}

#[test]
fn moves_from_any_open_stage_come_from_some() {
    finds(
        "record t { }\nstage s { record t outcome lost from any open of t }",
        &[("wrong-kind", "from any open of t", "no open stage of `t` is left")],
    );
    finds(
        "record t { }\nstage r { record t }\nstage s { record t outcome lost from any open of t except [r] }",
        &[("wrong-kind", "from any open of t except [r]", "no open stage of `t` is left")],
    );
    finds(
        "stage s { record deal outcome lost from any open of deal except [lost, open, s] }",
        &[
            ("wrong-kind", "lost", "`lost` is not open"),
            ("wrong-kind", "open", "`open` holds `lead`, not `deal`"),
            ("wrong-kind", "s", "`s` is the stage that is entered"),
        ],
    );
    finds(
        "record t { }\nstage r { record t lose to s after 9d }\nstage s { record t outcome lost from any open of t }",
        &[("duplicate-property", "from any open of t", "has a move of its own")],
    );
    // One that could not be read may be the one that is left.
    finds(
        "record t { }\nstage r { recrd t }\nstage s { record t outcome lost from any open of t }",
        &[("unknown-property", "recrd", "")],
    );
}

#[test]
fn a_bound_of_the_wrong_kind_is_told_how_to_write_it() {
    let cases = [
        ("money at least 0", "0", "; help: write `0 JPY`"),
        ("percent at most 20", "20", "; help: write `20%`"),
        ("date at least 5", "5", "must be a date"),
    ];
    for (bound, under, told) in cases {
        finds(&format!("record t {{ n {bound} }}"), &[("type-mismatch", under, told)]);
    }
}
