//! What the rules about owners and goals say, and above all what they do not say.

use ekiden::lint::{self, Levels};
use ekiden::source::{SourceFile, SourceMap};
use ekiden::{sema, syntax};

/// The rules this file is about; each case is sound or not in their eyes only.
const RULES: [&str; 11] = [
    "idle-team",
    "single-point",
    "blind-handoff",
    "handoff-within-team",
    "no-way-back",
    "lonely-goal",
    "volume-only-goal",
    "goal-beyond-reach",
    "conflicting-goals",
    "unmeasured-stage",
    "unmeasured-team",
];

/// Three teams in a row, each hand-over with a parcel, knowledge back, and everything else missing.
const BASE: &str = r#"
process p { currency JPY }
team marketing { role marketer headcount 2 }
team inside    { role sdr headcount 4 }
team field     { role ae headcount 6  role counsel headcount 1 }
record lead { need text  reason text  size number  ok boolean  amount money }
feedback a { from inside to [marketing] }
feedback b { from field to [inside] }
stage won  { record lead  owner ae        outcome won   final }
stage lost { record lead  owner marketer  outcome lost  final }
"#;

const STAGES: &str = "
stage inquiry { record lead  entry  owner marketer  limit 5d
  advance to call handoff within 1d carries [need]  lose to lost }
stage call { record lead  owner sdr  limit 5d
  advance to talk handoff within 1d carries [need]  lose to lost }
stage talk  { record lead  owner ae       limit 20d  advance to legal  lose to lost }
stage legal { record lead  owner counsel  limit 20d escalate to ae  advance to won  lose to lost }
";

/// The findings of these rules, each with the text it underlines, sorted by place.
fn all(text: &str) -> Vec<String> {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text));
    let parsed = syntax::dsl::parse(file, text);
    let mut findings = parsed.diagnostics;
    let analysis = sema::analyze(&[parsed.file], "p");
    findings.extend(analysis.diagnostics);
    let today = jiff::civil::date(2026, 6, 1);
    findings.extend(lint::check(&analysis.process, today, &Levels::default()));
    findings
        .iter()
        .filter(|found| RULES.contains(&found.code.name()) || found.level.word() == "error")
        .map(|found| {
            let words: Vec<&str> = sources.slice(found.primary.span).split_whitespace().collect();
            format!("{} {}", found.code, words.join(" "))
        })
        .collect()
}

/// With these goals.
fn goals(goals: &str) -> Vec<String> {
    all(&format!("{BASE}{STAGES}{goals}"))
}

/// With a text of the stages replaced.
fn with(old: &str, new: &str) -> Vec<String> {
    let text = format!("{BASE}{STAGES}");
    assert!(text.contains(old), "{old}");
    all(&text.replace(old, new))
}

const SOUND: [&str; 0] = [];

#[test]
fn a_sound_relay_is_left_alone() {
    assert_eq!(goals(""), SOUND);
    assert_eq!(
        goals(
            "goal one   { shared by [marketing, inside]  measure conversion from inquiry to call }
             goal two   { shared by [inside, field]  measure conversion from call to talk }
             goal three { owner field  measure median time from talk to won }"
        ),
        SOUND
    );
}

#[test]
fn whoever_is_named_anywhere_is_not_idle() {
    let idle = |more: &str| {
        let mut found = all(&format!("{BASE}{STAGES}team desk {{ role clerk }} {more}"));
        found.retain(|found| !found.starts_with("unmeasured"));
        found
    };
    assert_eq!(idle(""), ["idle-team desk"]);
    for part in [
        "goal g { shared by [clerk, field]  measure conversion from talk to won }",
        "feedback f { from field to [clerk] }",
        "play p { by clerk  for stage talk  steps \"x\" }",
        "route talk { when size > 5 to desk otherwise ae }",
        "stage x { record lead  owner field  entry  limit 5d  support [clerk]  advance to won }",
        "stage x { record lead  owner field  entry  limit 5d escalate to desk  advance to won }",
        "stage x { record lead  owner field  entry  limit 5d  advance to won
           exit when { c \"C\" confirm \"It is so\" by clerk } }",
    ] {
        assert_eq!(idle(part), SOUND, "{part}");
    }
    // A role of a team that works as a whole works, too.
    assert_eq!(with("owner counsel", "owner field"), SOUND);
    let not_named = with("owner counsel  limit 20d escalate to ae", "owner ae  limit 20d");
    assert_eq!(not_named, SOUND, "the team as a whole gives feedback");
    // What is not finished may yet get work.
    assert_eq!(idle("stage idea { record lead  status draft }"), SOUND);
}

#[test]
fn one_person_may_be_a_gate_when_somebody_stands_in() {
    let gate = |stage: &str| with("limit 20d escalate to ae", stage);
    assert_eq!(gate("limit 20d"), ["single-point legal"]);
    assert_eq!(gate("limit 20d escalate to counsel"), ["single-point legal"]);
    for sound in
        ["limit 20d  support [ae]", "limit 20d escalate to field", "limit 20d  status draft"]
    {
        assert_eq!(gate(sound), SOUND, "{sound}");
    }
    // A way around the stage is a way for those who are in a hurry.
    assert_eq!(
        with("limit 20d  advance to legal", "limit 20d  advance to legal  advance to won"),
        SOUND
    );
    let around = with("limit 20d escalate to ae", "limit 20d").len();
    assert_eq!(around, 1);
    // Two people share the work.
    let two = format!("{BASE}{STAGES}")
        .replace("role counsel headcount 1", "role counsel headcount 2")
        .replace("limit 20d escalate to ae", "limit 20d");
    assert_eq!(all(&two), SOUND);
    // Nobody says how many there are.
    let unknown = format!("{BASE}{STAGES}")
        .replace("role counsel headcount 1", "role counsel")
        .replace("limit 20d escalate to ae", "limit 20d");
    assert_eq!(all(&unknown), SOUND);
}

/// Each stage can be passed by, and whoever answers for them cannot.
#[test]
fn one_person_may_stand_on_every_way() {
    let ways = |large: &str, small: &str, more: &str| {
        all(&format!(
            "team us {{ role ae headcount 3  role counsel headcount 1  role clerk headcount 1 }}
             record lead {{ size number }}
             stage talk  {{ record lead  entry  owner ae  limit 5d
               advance to large when size > 9  advance to small when size <= 9  {more}  lose to lost }}
             stage large {{ record lead  owner {large}  advance to won }}
             stage small {{ record lead  owner {small}  advance to won }}
             stage won   {{ record lead  owner ae  outcome won  final }}
             stage lost  {{ record lead  owner clerk  outcome lost  final }}"
        ))
    };
    let alone = "counsel  limit 5d";
    assert_eq!(ways(alone, alone, ""), ["single-point large"]);
    // Another person on the other way, somebody who helps, who hears of it, or a third way.
    assert_eq!(ways(alone, "clerk  limit 5d", ""), SOUND);
    assert_eq!(ways(alone, "counsel  limit 5d  support [ae]", ""), SOUND);
    assert_eq!(ways("counsel  limit 5d escalate to ae", alone, ""), SOUND);
    assert_eq!(ways(alone, alone, "advance to won when size > 99"), SOUND);
}

#[test]
fn a_firm_of_one_knows_it() {
    assert_eq!(
        all("team us { role founder headcount 1 }
             record lead { need text }
             stage talk { record lead  entry  owner founder  limit 5d  advance to won  lose to lost }
             stage won  { record lead  owner founder  outcome won  final }
             stage lost { record lead  owner us  outcome lost  final }"),
        SOUND
    );
}

#[test]
fn any_of_several_wins_is_a_win() {
    let two_ways = |limit: &str| {
        all(&format!(
            "team us {{ role ae headcount 3  role counsel headcount 1 }}
             record lead {{ need text }}
             stage talk  {{ record lead  entry  owner ae  limit 5d  advance to legal  advance to small  lose to lost }}
             stage legal {{ record lead  owner counsel  {limit}  advance to won }}
             stage small {{ record lead  owner ae  outcome won  final }}
             stage won   {{ record lead  owner ae  outcome won  final }}
             stage lost  {{ record lead  owner ae  outcome lost  final }}"
        ))
    };
    assert_eq!(two_ways("limit 5d"), SOUND);
}

#[test]
fn terms_between_stages_of_one_team_are_told() {
    let move_of_talk = |owner: &str, terms: &str| {
        all(&format!(
            "{BASE}{}",
            STAGES
                .replace("owner counsel", &format!("owner {owner}"))
                .replace("advance to legal", &format!("advance to legal {terms}"))
        ))
    };
    let terms = "handoff within 1d carries [need]";
    assert_eq!(move_of_talk("counsel", terms), [format!("handoff-within-team {terms}")]);
    assert_eq!(move_of_talk("ae", "handoff within 1d"), ["handoff-within-team handoff within 1d"]);
    assert_eq!(move_of_talk("counsel", ""), SOUND);
    // Another team, and nobody at all: there it is a handoff, or not known to be none.
    let found = move_of_talk("sdr", terms);
    assert!(!found.iter().any(|found| found.starts_with("handoff-within-team")), "{found:?}");
}

#[test]
fn a_handoff_is_not_blind_when_anything_is_sure_to_be_known() {
    let handoff =
        |terms: &str| with("handoff within 1d carries [need]  lose to lost }\nstage call", terms);
    assert_eq!(
        handoff("handoff within 1d  lose to lost }\nstage call"),
        ["blind-handoff advance to call handoff within 1d"]
    );
    assert_eq!(handoff(" lose to lost }\nstage call"), ["blind-handoff advance to call"]);
    for sound in [
        "when need is present handoff within 1d  lose to lost }\nstage call",
        "handoff within 1d accept when need is present  lose to lost }\nstage call",
        "handoff within 1d  lose to lost  exit when { n \"N\" need is present } }\nstage call",
        "handoff within 1d  lose to lost  support [sdr] }\nstage call",
        "handoff within 1d  lose to lost  status draft }\nstage call",
    ] {
        assert_eq!(handoff(sound), SOUND, "{sound}");
    }
    // What an earlier stage asked for is still known.
    let earlier = format!("{BASE}{STAGES}").replace("carries [need]", "").replace(
        "entry  owner marketer",
        "entry  owner marketer exit when { n \"N\" need is present }",
    );
    assert_eq!(all(&earlier), SOUND);
    let required = format!("{BASE}{STAGES}")
        .replace("need text", "need text required")
        .replace("carries [need]", "")
        .replace("limit 5d", "limit 5d  collect [need]");
    assert_eq!(all(&required), SOUND);
    let entry = "handoff within 1d  lose to lost }
        stage call { enter when { n \"N\" need is present } record lead  owner sdr";
    assert_eq!(
        with(
            "handoff within 1d carries [need]  lose to lost }\nstage call { record lead  owner sdr",
            entry
        ),
        SOUND
    );
}

#[test]
fn knowledge_flows_back_in_more_than_one_way() {
    const GOAL: &str =
        "goal g { shared by [marketing, inside, field]  measure conversion from inquiry to won }";
    let back = |more: &str| {
        let text =
            format!("{BASE}{STAGES}{GOAL}").replace("feedback b { from field to [inside] }", "");
        all(&text.replace("advance to legal  lose", &format!("advance to legal  {more}  lose")))
    };
    assert_eq!(back(""), ["no-way-back advance to talk handoff within 1d carries [need]"]);
    assert_eq!(back("recycle to call after 9d"), back(""));
    assert_eq!(back("recycle to call when reason is present"), SOUND);
    assert_eq!(back("recycle to call after 9d handoff within 1d carries [reason]"), SOUND);
    let refused = format!("{BASE}{STAGES}{GOAL}")
        .replace("feedback b { from field to [inside] }", "")
        .replace(
            "advance to talk handoff within 1d carries [need]",
            "advance to talk handoff within 1d accept when need is present else recycle to call",
        );
    assert_eq!(all(&refused), SOUND);
    // All that is missing is told once.
    let none = format!("{BASE}{STAGES}{GOAL}")
        .replace("feedback b { from field to [inside] }", "")
        .replace("feedback a { from inside to [marketing] }", "");
    assert_eq!(all(&none), ["no-way-back advance to call handoff within 1d carries [need]"]);
    // Whoever shares no goal is told that first.
    assert_eq!(all(&none.replace(GOAL, "")), SOUND);
}

#[test]
fn a_goal_of_one_team_over_its_own_stages_is_honest() {
    let of = |goal: &str| {
        goals(&format!(
            "goal all {{ shared by [marketing, inside, field]  measure sum of amount entering won }}
             goal way {{ shared by [marketing, inside, field]  measure conversion from inquiry to won }}
             goal g {{ {goal} }}"
        ))
    };
    for lonely in [
        "owner marketing  measure conversion from inquiry to call",
        "owner sdr  measure median time from inquiry to call",
        "shared by [field, ae]  measure conversion from call to legal",
    ] {
        assert_eq!(of(lonely), ["lonely-goal g"], "{lonely}");
    }
    for sound in [
        "owner field  measure conversion from talk to legal",
        "owner field  measure conversion from talk to won",
        "owner inside  measure conversion from call to lost",
        "owner inside  measure median time in call",
        "shared by [sdr, marketer]  measure conversion from inquiry to call",
    ] {
        assert_eq!(of(sound), SOUND, "{sound}");
    }
}

#[test]
fn quantity_is_fine_beside_anything_else() {
    let of = |more: &str| {
        goals(&format!(
            "goal one {{ shared by [inside, field]  measure conversion from call to talk }}
             goal two {{ owner field  measure conversion from talk to won }}
             {more}"
        ))
    };
    let volume =
        "goal v { owner marketing  measure entries into inquiry  target at least 9 every month }";
    assert_eq!(of(volume), ["volume-only-goal v"]);
    assert_eq!(
        of("goal v { owner marketing  measure balance of inquiry  target at least 9 }"),
        ["volume-only-goal v"]
    );
    for beside in [
        "goal x { owner marketing  measure share of inquiry when need is present }",
        "goal x { owner marketing  measure median time in inquiry }",
        "goal x { shared by [marketing, field]  measure sum of amount entering won }",
        "goal x { shared by [marketing, field]  measure entries into won }",
    ] {
        assert_eq!(of(&format!("{volume} {beside}")), SOUND, "{beside}");
    }
    for alone in [
        "goal v { owner marketing  measure balance of inquiry  target at most 9 }",
        "goal v { owner marketing  measure entries into inquiry when ok = true }",
        "goal v { owner marketing  measure entries into won }",
    ] {
        let alone: Vec<String> =
            of(alone).into_iter().filter(|found| found.starts_with("volume")).collect();
        assert_eq!(alone, SOUND);
    }
}

#[test]
fn what_the_receiver_accepted_is_no_cheap_lead() {
    let of = |terms: &str| {
        let text = format!(
            "{BASE}{STAGES}
             goal v {{ owner marketing  measure entries into call  target at least 9 every month }}
             goal x {{ shared by [inside, field]  measure conversion from inquiry to won }}"
        );
        all(&text.replacen("carries [need]", terms, 1))
    };
    assert_eq!(of("carries [need]"), ["volume-only-goal v"]);
    assert_eq!(of("carries [need] accept when need is present"), SOUND);
}

#[test]
fn two_goals_pull_apart_only_where_nothing_holds_them_together() {
    let of = |more: &str| {
        goals(&format!(
            "goal volume {{ owner marketing  measure entries into call  target at least 9 every month }}
             goal way {{ shared by [inside, field]  measure conversion from talk to won }}
             {more}"
        ))
    };
    let rate = "goal rate { owner inside  measure conversion from call to won }";
    assert_eq!(of(rate), ["unmeasured-stage inquiry", "conflicting-goals volume"]);
    assert_eq!(
        of("goal rate { owner inside  measure share of call when need is present }"),
        ["unmeasured-stage inquiry", "conflicting-goals volume"]
    );
    for sound in [
        "goal rate { shared by [marketing, inside]  measure conversion from call to won }",
        "goal rate { owner inside  measure conversion from call to won }
         goal x { shared by [marketing, inside]  measure conversion from inquiry to talk }",
        "goal x { owner marketing  measure median time in inquiry }
         goal rate { owner field  measure conversion from talk to won }",
    ] {
        let found: Vec<String> =
            of(sound).into_iter().filter(|found| found.starts_with("conflicting")).collect();
        assert_eq!(found, SOUND, "{sound}");
    }
}

#[test]
fn whoever_takes_part_can_move_the_number() {
    let of = |more: &str| {
        let found = all(&format!(
            "{BASE}{STAGES}
             team success {{ role csm }}
             record customer from lead {{ use number }}
             stage sold {{ record lead  owner ae  outcome won  advance to use handoff within 1d carries [need] }}
             stage use  {{ record customer  owner csm  limit 90d  advance to grown }}
             stage grown {{ record customer  owner csm  limit 90d  advance to renewed }}
             stage renewed {{ record customer  owner csm  outcome won  final }}
             {more}"
        ).replace("advance to legal", "advance to legal  advance to sold"));
        found.into_iter().filter(|found| found.starts_with("goal-beyond")).collect::<Vec<_>>()
    };
    for (beyond, at) in [
        ("shared by [marketing, success]  measure conversion from inquiry to call", "success"),
        ("shared by [inside, csm]  measure median time in call", "csm"),
        ("owner marketing  measure conversion from talk to won", "g"),
        ("owner success  measure entries into inquiry when ok = true", "g"),
        ("shared by [marketing, inside]  measure conversion from use to renewed", "g"),
    ] {
        assert_eq!(
            of(&format!("goal g {{ {beyond} }}")),
            [format!("goal-beyond-reach {at}")],
            "{beyond}"
        );
    }
    for sound in [
        // What one sends shows further down.
        "goal g { shared by [marketing, field, success]  measure conversion from use to renewed }",
        "goal g { shared by [marketing, inside, field, success]  measure sum of amount entering sold }",
        // The one right behind, and the one right before.
        "goal g { shared by [field, success]  measure conversion from talk to sold }",
        "goal g { owner inside  measure conversion from talk to won }",
        // Feedback moves a number, and so does a play.
        "feedback c { from success to [marketing] }
         goal g { shared by [marketing, success]  measure conversion from inquiry to call }",
        "play p { for stage call  by csm  steps \"x\" }
         goal g { shared by [inside, success]  measure median time in call }",
        // Demand is made before the process begins.
        "team demand { } goal g { owner demand  measure entries into inquiry when ok = true }",
        // Those who lead own no stage.
        "team board { }
         goal g { shared by [field, board]  measure sum of amount entering won }",
    ] {
        assert_eq!(of(sound), SOUND, "{sound}");
    }
}

#[test]
fn one_goal_is_no_map_and_what_lies_between_is_measured() {
    let one = "goal one { shared by [marketing, inside, field]  measure conversion from inquiry to call }";
    assert_eq!(goals(one), SOUND);
    assert_eq!(
        goals(&format!("{one} goal two {{ owner field  measure median time in talk }}")),
        ["unmeasured-stage legal"]
    );
    assert_eq!(
        goals(&format!("{one} goal two {{ owner field  measure conversion from talk to won }}")),
        SOUND
    );
}

#[test]
fn a_team_without_any_number_is_told_once() {
    assert_eq!(
        goals("goal one { shared by [marketing, field]  measure conversion from inquiry to won }"),
        ["unmeasured-team inside"]
    );
    assert_eq!(
        goals(
            "goal one { shared by [marketing, sdr, ae]  measure conversion from inquiry to won }"
        ),
        SOUND
    );
    assert_eq!(goals(""), SOUND);
}

#[test]
fn a_draft_may_lack_all_of_it() {
    let text = format!("{BASE}{STAGES}")
        .replace("currency JPY", "currency JPY  status draft")
        .replace("carries [need]", "")
        .replace("feedback", "# feedback")
        .replace("escalate to ae", "");
    let goals =
        "goal v { owner marketing  measure entries into call  target at least 9 every month }
                 goal x { owner inside  measure conversion from call to talk }";
    assert_eq!(all(&format!("{text} team idle {{ }} {goals}")), SOUND);
}
