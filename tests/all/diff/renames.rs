//! What looks renamed is proposed as a fix: it writes `was [old]`, and nothing else.

use ekiden::diag::apply::Patch;
use ekiden::diag::{Fix, Safety};
use ekiden::diff::{Kind, Part, Sources};
use ekiden::source::{FileId, SourceFile, SourceMap};
use ekiden::{sema, syntax};

use super::{Read, compare, read};

/// Reads a process in YAML.
#[track_caller]
fn read_yaml(text: &str) -> Read {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden.yaml", text));
    let parsed = syntax::yaml::parse(file, text);
    let analysis = sema::analyze(&[parsed.file], "p");
    let found: Vec<_> = parsed.diagnostics.into_iter().chain(analysis.diagnostics).collect();
    assert!(found.is_empty(), "{text}\n{found:#?}");
    Read { process: analysis.process, sources }
}

fn fixes(old: &Read, new: &Read) -> Vec<Fix> {
    let sources = Sources::new(&old.sources, &new.sources);
    let difference = compare(&old.process, &new.process, &sources);
    let fixes = |change: &ekiden::diff::Change<'_>| {
        let judged = change.breaks.iter().filter_map(|found| found.fix.clone());
        judged.chain(change.rename.clone()).collect::<Vec<_>>()
    };
    difference.changes.iter().flat_map(fixes).collect()
}

/// The new source with its fixes, applied until there are none.
#[track_caller]
fn mended(old: &Read, text: &str, again: impl Fn(&str) -> Read) -> String {
    let mut text = text.to_owned();
    loop {
        let new = again(&text);
        let fixes = fixes(old, &new);
        if fixes.is_empty() {
            return text;
        }
        let mut patch = Patch::default();
        for fix in &fixes {
            assert_eq!(fix.safety, Safety::Unsafe);
            assert!(patch.add(fix, &new.sources), "{fix:?}");
        }
        text = patch.apply(&new.sources).remove(&FileId(0)).unwrap();
    }
}

/// What was renamed, and whether something still is gone.
fn renamed(old: &Read, new: &Read) -> (Vec<String>, bool) {
    let sources = Sources::new(&old.sources, &new.sources);
    let difference = compare(&old.process, &new.process, &sources);
    let all = || difference.changes.iter().filter(|change| change.aspect.word().is_none());
    let names = all().filter(|change| change.kind == Kind::Renamed);
    let part = |part: Option<Part>| part.unwrap();
    let names = names.map(|change| {
        let was = part(change.part.old).key(&old.process);
        format!("{was} > {}", part(change.part.new).key(&new.process))
    });
    let gone = all().any(|change| change.kind == Kind::Removed);
    (names.collect(), gone)
}

const OLD: &str = "\
team sales { }
record lead {
  need   text \"The need\"
  size   integer \"Employees {all}\" at least 1
  source one of [web \"Web site\" ko \"웹\", event]
}
stage inquiry \"Inquiry\" { record lead  entry  owner sales  advance to demo }
stage demo \"Demo {live}\" {
  record lead  owner sales  advance to won
}
stage won { record lead  owner sales  outcome won  final }
goal demos \"Demos held\" { owner sales  measure entries into demo  target at least 5 every month }
";

#[test]
fn the_source_says_what_a_thing_was() {
    let new = OLD
        .replace("need   text", "pain   text")
        .replace("size   integer", "people integer")
        .replace("web \"Web", "site \"Web")
        .replace("event]", "events]")
        .replace("to demo", "to proof")
        .replace("of demo", "of proof")
        .replace("stage demo", "stage proof")
        .replace("goal demos", "goal proofs");
    let old = read(OLD);
    let text = mended(&old, &new, read);
    let expected = new
        .replace("\"The need\"", "\"The need\" was [need]")
        .replace("at least 1", "at least 1 was [size]")
        .replace("ko \"웹\"", "ko \"웹\" was [web]")
        .replace("events]", "events was [event]]")
        .replace("{live}\" {\n", "{live}\" {\n  was [demo]\n")
        .replace("held\" {", "held\" { was [demos]");
    assert_eq!(text, expected);
    let (names, gone) = renamed(&old, &read(&text));
    assert!(!gone);
    for name in ["need > ", "size > ", "web > ", "event > ", "demo > proof", "demos > proofs"] {
        assert!(names.iter().any(|told| told.contains(name)), "{name}: {names:#?}");
    }
    assert_eq!(names.len(), 6, "{names:#?}");
}

/// A field is looked for in the record that its own became, which is known after the first round.
#[test]
fn a_record_and_then_its_fields() {
    let old = read(
        "team s { }\nrecord lead \"Lead\" { need text \"Need\" }\nstage a { record lead entry owner s final outcome won }",
    );
    let new = "team s { }\nrecord person \"Lead\" was [prospect] { pain text \"Need\" }\nstage a { record person entry owner s final outcome won }";
    let new = new.replace("\"Lead\" was [prospect] {", "\"Lead\" { was [prospect]");
    let text = mended(&old, &new, read);
    assert!(text.contains("{ was [prospect, lead] pain text \"Need\" was [need] }"), "{text}");
    assert!(!renamed(&old, &read(&text)).1);
}

const YAML: &str = "\
teams:
  sales: {}
records:
  lead:
    fields:
      need: text
      size: {type: integer, title: Employees}
      phone:
        # What follows is a comment.
        type: text
        title: Phone number
      source: {one_of: {web: {title: Web site}, event: Trade fair}}
      topics: {many_of: [costs, growth]}
stages:
  inquiry: {record: lead, entry: true, owner: sales, was: lead_in, advance: {to: demo}}
  demo:
    title: Demo
    was:
      - show
    record: lead
    owner: sales
    advance: {to: won}
  won: {record: lead, owner: sales, outcome: won, final: true}
";

#[test]
fn likewise_in_yaml() {
    let old = read_yaml(YAML);
    for ends in ["\n", "\r\n"] {
        let new = YAML
            .replace("need:", "needs:")
            .replace("size:", "people:")
            .replace("phone:", "mobile:")
            .replace("web:", "site:")
            .replace("event:", "fair:")
            .replace("inquiry:", "enquiry:")
            .replace("lead_in", "leads_in")
            .replace("  demo:", "  proof:")
            .replace("to: demo", "to: proof")
            .replace('\n', ends);
        let text = mended(&old, &new, read_yaml).replace("\r\n", "\n");
        for line in [
            "needs: {type: text, was: need}\n",
            "people: {was: size, type: integer",
            "    was: phone\n        type: text\n",
            "site: {was: web, title: Web site}",
            "fair: {title: Trade fair, was: event}",
            "was: [leads_in, inquiry],",
            "      - show\n      - demo\n",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        let (names, gone) = renamed(&old, &read_yaml(&text));
        assert!(!gone && names.len() == 7, "{names:#?}");
    }
}

/// A list of YAML has no place for earlier names: it becomes a mapping.
#[test]
fn an_option_in_a_list_of_yaml() {
    let old = read_yaml(YAML);
    for (list, mapping) in [
        ("[costs, growth]", "{cost: {was: costs}, growth: {}}"),
        ("[ \"costs\" , growth ]", "{cost: {was: costs}, growth: {}}"),
        (
            "\n          - costs\n          - growth\n      ",
            "\n          cost: {was: costs}\n          growth: {}\n      ",
        ),
        (
            "\n        - costs\n        - growth\n      ",
            "\n          cost: {was: costs}\n          growth: {}\n      ",
        ),
    ] {
        let block = YAML.replace(
            "topics: {many_of: [costs, growth]}",
            &format!("topics:\n        many_of: {list}").replace(" \n", "\n"),
        );
        let before = read_yaml(&block);
        assert_eq!(super::told(&old, &before), "");
        let text = mended(&old, &block.replace("costs", "cost"), read_yaml);
        let expected = format!("many_of: {mapping}").replace(" \n", "\n");
        assert!(text.contains(expected.trim_end()), "{expected}\n{text}");
        let (names, gone) = renamed(&old, &read_yaml(&text));
        assert!(!gone && names.len() == 1, "{names:#?}");
    }
    // A comment in it would be lost.
    let noted = YAML.replace(
        "topics: {many_of: [costs, growth]}",
        "topics:\n        many_of:\n          - cost # what it costs\n          - growth",
    );
    let new = read_yaml(&noted);
    assert_eq!(fixes(&old, &new).len(), 0);
    let told = super::told(&old, &new);
    assert!(told.contains("`cost: {was: [costs]}`"), "{told}");
}

const PEOPLE: &str = "\
team sales \"Sales\" {
  role seller \"Who sells\" headcount 2
}
record lead { need text  size integer }
stage inquiry {
  record lead  entry  owner seller
  exit when { known \"The need is known\" need is present if size > 5 }
  advance to won
}
stage won { record lead  owner sales  enter when { big \"It is big\" size > 1 }  outcome won  final }
";

/// No rule speaks of teams, roles and criteria that are gone: the change itself has the fix.
#[test]
fn teams_roles_and_criteria() {
    let new = PEOPLE
        .replace("team sales", "team field_sales")
        .replace("owner sales", "owner field_sales")
        .replace("seller", "salesperson")
        .replace("known \"", "need_known \"")
        .replace("big \"", "large \"");
    let old = read(PEOPLE);
    let text = mended(&old, &new, read);
    for line in [
        "team field_sales \"Sales\" {\n  was [sales]\n",
        "headcount 2 was [seller]",
        "if size > 5 was [known] }",
        "size > 1 was [big] }",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let (names, gone) = renamed(&old, &read(&text));
    assert!(!gone && names.len() == 4, "{names:#?}");
    let told = super::told(&old, &read(&new));
    assert!(told.contains("fix (unsafe): write `was [sales]` in team `field_sales`"), "{told}");
}

#[test]
fn teams_and_criteria_in_yaml() {
    let yaml = "\
teams:
  sales:
    title: Sales
    roles:
      seller: {title: Who sells}
records:
  lead: {fields: {need: text}}
stages:
  inquiry:
    record: lead
    entry: true
    owner: seller
    exit:
      known: {title: The need is known, when: need is present}
    advance: {to: won}
  won: {record: lead, owner: sales, outcome: won, final: true}
";
    let new = yaml
        .replace("  sales:", "  field_sales:")
        .replace("owner: sales", "owner: field_sales")
        .replace("seller", "salesperson")
        .replace("known: {", "need_known: {");
    let old = read_yaml(yaml);
    let text = mended(&old, &new, read_yaml);
    let (names, gone) = renamed(&old, &read_yaml(&text));
    assert!(!gone && names.len() == 3, "{names:#?}\n{text}");
}

#[test]
fn two_candidates_are_none() {
    let stages = |names: &[&str]| {
        let one = |name: &&str| {
            format!("stage {name} \"Demo\" {{ record lead owner s entry advance to won }}\n")
        };
        let all: String = names.iter().map(one).collect();
        read(&format!(
            "team s {{ }}\nrecord lead {{ need text }}\n{all}stage won {{ record lead owner s outcome won final }}"
        ))
    };
    // One is gone, and two are like it; then two are gone, and one is like both.
    assert_eq!(fixes(&stages(&["demo"]), &stages(&["proof", "show"])).len(), 0);
    assert_eq!(fixes(&stages(&["proof", "show"]), &stages(&["demo"])).len(), 0);
    assert_eq!(fixes(&stages(&["show"]), &stages(&["demo"])).len(), 1);
    let nothing_alike = read(
        "team s { }\nrecord lead { need text }\nstage won { record lead owner s entry outcome won final }",
    );
    assert_eq!(fixes(&stages(&["show"]), &nothing_alike).len(), 0);
}

/// Fields in every layout, by turns: `f` or `g` begins their names.
fn many(letter: char, field: impl Fn(usize) -> String, count: usize) -> String {
    (0..count).map(|at| field(at).replace("NAME", &format!("{letter}{at}"))).collect()
}

#[test]
fn many_things_of_every_layout_are_renamed_at_once() {
    let layout = |at: usize| match at % 4 {
        0 => format!("  NAME text \"Title {at}\"\n"),
        1 => format!("  NAME integer \"Title {at}\" at least 1\n"),
        2 => format!("  NAME one of [\n    web \"W\",\n    event\n  ] \"Title {at}\" # why\n"),
        _ => format!("  NAME text \"Title {at}\" help \"Was [old] before.\"\n"),
    };
    let source = |letter| format!("record lead {{\n{}}}\n", many(letter, layout, 60));
    let (old, new) = (read(&source('f')), source('g'));
    // All at once: each fix is right beside the others.
    assert_eq!(fixes(&old, &read(&new)).len(), 60);
    let text = mended(&old, &new, read);
    let (names, gone) = renamed(&old, &read(&text));
    let expected: Vec<String> = (0..60).map(|at| format!("lead.f{at} > lead.g{at}")).collect();
    assert_eq!((names, gone), (expected, false), "{text}");
}

#[test]
fn many_things_in_yaml_are_renamed_at_once() {
    let layout = |at: usize| match at % 4 {
        0 => format!("      NAME: text \"Title {at}\"\n"),
        1 => format!("      NAME: {{title: Title {at}, type: integer}}\n"),
        2 => format!("      NAME:\n        # why\n        title: Title {at}\n        type: text\n"),
        _ => format!("      \"NAME\": {{type: \"one of [web, event]\", title: \"Title {at}\"}}\n"),
    };
    let source = |letter| format!("records:\n  lead:\n    fields:\n{}", many(letter, layout, 40));
    let (old, new) = (read_yaml(&source('f')), source('g'));
    assert_eq!(fixes(&old, &read_yaml(&new)).len(), 40);
    let text = mended(&old, &new, read_yaml);
    let (names, gone) = renamed(&old, &read_yaml(&text));
    let expected: Vec<String> = (0..40).map(|at| format!("lead.f{at} > lead.g{at}")).collect();
    assert_eq!((names, gone), (expected, false), "{text}");
}

/// What one option needs changes the whole list. To try each by itself would be to read the file as
/// often as there are options, which takes half a minute here.
#[test]
fn a_long_list_of_options_in_yaml_is_renamed() {
    const COUNT: usize = 900;
    // Names that are like no other.
    let mut seed = 7u64;
    let words: Vec<String> = (0..COUNT)
        .map(|_| {
            let mut letter = || {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                char::from(b'a' + u8::try_from((seed >> 33) % 26).unwrap())
            };
            (0..11).map(|_| letter()).collect()
        })
        .collect();
    let source = |letter: char, flow: bool| {
        let names: Vec<String> = words.iter().map(|word| format!("{word}{letter}")).collect();
        let list = match flow {
            true => format!("[{}]", names.join(", ")),
            false => format!("\n          - {}", names.join("\n          - ")),
        };
        format!("records:\n  lead:\n    fields:\n      kind:\n        one_of: {list}\n")
    };
    for flow in [true, false] {
        let (old, new) = (read_yaml(&source('x', flow)), read_yaml(&source('y', flow)));
        let begun = std::time::Instant::now();
        let fixes = fixes(&old, &new);
        assert!(begun.elapsed().as_secs() < 12, "{:?}", begun.elapsed());
        assert_eq!(fixes.len(), COUNT);
        // Each by itself is right.
        for at in [0, COUNT - 1] {
            let mut patch = Patch::default();
            assert!(patch.add(&fixes[at], &new.sources));
            let text = patch.apply(&new.sources).remove(&FileId(0)).unwrap();
            let names = renamed(&old, &read_yaml(&text)).0;
            let word = &words[at];
            assert_eq!(names, [format!("lead.kind.{word}x > lead.kind.{word}y")]);
        }
    }
}
