//! From what was read to the files of a process, laid out as `ekiden fmt` would.

mod manifest;

use std::fmt::Write as _;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Outcome, Side};
use crate::source::FileId;
use crate::syntax::dsl::is_hidden;
use crate::syntax::format::format;
use crate::syntax::print::quoted;

use super::names::{Names, slug};
use super::report::{Report, code};
use super::translated::{Of, Translations};
use super::{Criterion, Format, Imported, Move, Pipeline, Refused, Says, Stage, language, word};

/// The files: name and text.
pub(crate) type Files = Vec<(&'static str, String)>;

/// Writes a process. `input` is the name of what was read.
pub(crate) fn write(
    imported: Imported,
    input: &str,
    from: Format,
) -> Result<(Files, Report), Refused> {
    let Imported { mut pipelines, mut report, currency, language, settings, title, .. } = imported;
    let (translations, pipedrive) = (imported.translations, imported.pipedrive);
    for pipeline in &mut pipelines {
        visible(pipeline, &mut report);
    }
    let language = language.or_else(|| language::told(&pipelines, &mut report));
    let spoken = language.as_deref();
    let (records, teams) = (records(&pipelines, spoken, &mut report), teams(&pipelines));
    let mut stage_names = Names::default();
    let mut names: Vec<Vec<String>> = Vec::new();
    for pipeline in &pipelines {
        let shared = shared_prefix(pipeline);
        let mut own = Vec::new();
        for (index, stage) in pipeline.stages.iter().enumerate() {
            let id = stage.id.as_deref().map(|id| id.get(shared..).unwrap_or(id));
            let first =
                id.filter(|id| (pipeline.by_id || stage.named) && slug(id).as_deref() == Some(id));
            own.push(stage_names.take(first.unwrap_or(&stage.title), id, "stage", index + 1));
        }
        names.push(own);
    }

    let head = Head {
        title: title.as_deref(),
        currency: currency.as_deref(),
        language: language.as_deref(),
        translations: &translations,
    };
    let (name, head) = process(&pipelines, &records, &teams, head, &mut report);
    let mut stages = String::new();
    for (at, record) in records.iter().enumerate() {
        let (Some(pipeline), true) = (pipelines.get(at), at < names.len()) else { continue };
        let _ = writeln!(stages, "# {}\n", comment(&record.title));
        let all = (at, names.as_slice(), &translations);
        write_stages(&mut stages, pipeline, &records, all, &teams, &mut report);
    }
    let target = if pipedrive { "pipedrive" } else { "hubspot" };
    let manifest =
        manifest::manifest(&pipelines, &records, settings.as_ref(), &name, target, &names);
    let files = vec![
        ("process.ekiden", formatted(&head)?),
        ("stages.ekiden", formatted(&stages)?),
        ("ekiden.yaml", manifest),
        ("IMPORT.md", report.write(input, from.words())),
    ];
    Ok((files, report))
}

/// Read back by the formatter, which refuses what does not parse.
fn formatted(text: &str) -> Result<String, Refused> {
    format(FileId(0), text).map_err(|faults| {
        let first = faults.first().map_or("", |fault| fault.message.as_str());
        let message = format!("cannot be written as a process: {first}");
        Refused::new(message, "this is a fault of ekiden's: please report it with the file")
    })
}

/// Takes out what no text of the language may hold because nobody sees it, and tells so.
fn visible(pipeline: &mut Pipeline, report: &mut Report) {
    let hidden = |text: &mut String| -> bool {
        let before = text.len();
        text.retain(|letter| !is_hidden(letter));
        text.len() < before
    };
    let mut in_title = hidden(&mut pipeline.title);
    for step in pipeline.moves.iter_mut().flatten() {
        in_title |= step.title.as_mut().is_some_and(hidden);
    }
    if in_title {
        report.dropped("the whole", HIDDEN);
    }
    for field in &mut pipeline.fields {
        let mut found = hidden(&mut field.title);
        found |= field.help.as_mut().is_some_and(hidden);
        // Titles of options, and texts that conditions compare with, stand in quotes.
        found |= hidden(&mut field.kind);
        if found {
            report.dropped(code(&field.name), HIDDEN);
        }
    }
    for stage in &mut pipeline.stages {
        let mut found = hidden(&mut stage.title);
        for text in [&mut stage.owner, &mut stage.purpose, &mut stage.next] {
            found |= text.as_mut().is_some_and(hidden);
        }
        for criterion in &mut stage.criteria {
            found |= hidden(&mut criterion.text);
        }
        for title in stage.onward.iter_mut().filter_map(|way| way.title.as_mut()) {
            found |= hidden(title);
        }
        if found {
            report.dropped(&stage.place, HIDDEN);
        }
    }
}

/// What is said of such letters.
pub(super) const HIDDEN: &str =
    "characters that nobody sees: control characters, or such that turn the direction of writing";

/// A text as the rest of a line.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// How much the identifiers of a pipeline and of all its stages have in common, up to an
/// underscore: what `ekiden build` has put before the names.
fn shared_prefix(pipeline: &Pipeline) -> usize {
    let Some(first) = pipeline.id.as_deref().filter(|_| pipeline.stages.len() > 1) else {
        return 0;
    };
    let mut common = first;
    for stage in &pipeline.stages {
        let Some(id) = stage.id.as_deref() else { return 0 };
        let same = common.bytes().zip(id.bytes()).take_while(|(a, b)| a == b).count();
        common = common.get(..same).unwrap_or("");
    }
    common.rfind('_').map_or(0, |at| at + 1)
}

/// A record type.
struct Record {
    name: String,
    title: String,
}

fn records(pipelines: &[Pipeline], language: Option<&str>, report: &mut Report) -> Vec<Record> {
    let mut names = Names::default();
    let mut records = Vec::new();
    for (index, pipeline) in pipelines.iter().enumerate() {
        let place = pipeline.stages.first().map_or("the whole", |stage| stage.place.as_str());
        // A table or a diagram does not say what moves; sales is mostly of deals.
        let kind = pipeline.record.unwrap_or(("deal", "Deal"));
        let alone = pipelines.iter().filter(|other| other.record == pipeline.record).count() == 1;
        let id = format!("{}_{}", kind.0, index + 1);
        let (name, title) = if pipeline.named_by_title {
            (names.take(&pipeline.title, Some(&id), "record", index + 1), pipeline.title.clone())
        } else if alone || pipeline.title.is_empty() {
            (
                names.take(kind.0, None, "record", index + 1),
                language::record_title(language, kind.1).to_owned(),
            )
        } else {
            (names.take(&pipeline.title, Some(&id), "record", index + 1), pipeline.title.clone())
        };
        if pipeline.record.is_none() && !pipeline.named_by_title {
            let text = format!("what moves through the stages is called {}", code(&name));
            report.guessed(place, text);
        }
        records.push(Record { name, title });
    }
    records
}

/// Names of teams, by what the input calls them.
fn teams(pipelines: &[Pipeline]) -> Vec<(String, String)> {
    let mut names = Names::default();
    let mut teams: Vec<(String, String)> = Vec::new();
    let mut known: FxHashSet<String> = FxHashSet::default();
    for owner in pipelines.iter().flat_map(|p| &p.stages).filter_map(|stage| stage.owner.as_ref()) {
        if known.insert(owner.to_lowercase()) {
            let name = names.take(owner, None, "team", teams.len() + 1);
            teams.push((name, owner.clone()));
        }
    }
    teams
}

/// What is true of the whole process.
#[derive(Clone, Copy)]
struct Head<'a> {
    title: Option<&'a str>,
    currency: Option<&'a str>,
    language: Option<&'a str>,
    translations: &'a Translations,
}

fn process(
    pipelines: &[Pipeline],
    records: &[Record],
    teams: &[(String, String)],
    head: Head<'_>,
    report: &mut Report,
) -> (String, String) {
    let title = match (head.title, pipelines) {
        (Some(title), _) => title.to_owned(),
        (None, [only]) if !only.title.is_empty() => only.title.clone(),
        _ => language::process_title(head.language).to_owned(),
    };
    let name = slug(&title).unwrap_or_else(|| "imported".to_owned());
    let name = Names::default().take(&name, None, "process", 1);
    let mut out = format!(
        "# Imported. `status draft` keeps rules silent that ask for what an import cannot know;\n\
         # remove it when owners, criteria and limits are written.\n\
         process {name} {} {{\n",
        quoted(&title)
    );
    if let Some(currency) = head.currency {
        let _ = writeln!(out, "currency {currency}");
    }
    let others = &head.translations.languages;
    if head.language.is_some() || !others.is_empty() {
        let first = head.language.unwrap_or("en");
        let all: Vec<&str> =
            std::iter::once(first).chain(others.iter().map(String::as_str)).collect();
        let _ = writeln!(out, "languages [{}]", all.join(", "));
    }
    out.push_str("status draft\n}\n\n");
    for (name, title) in teams {
        let _ = writeln!(out, "team {name} {} {{ }}\n", quoted(title));
    }
    for (at, (record, pipeline)) in records.iter().zip(pipelines).enumerate() {
        let from = pipeline.from.and_then(|from| records.get(from));
        let from = from.map(|from| format!(" from {}", from.name)).unwrap_or_default();
        let said = |text: &str, of: Of| head.translations.quoted(text, at, of);
        let title = said(&record.title, Of::Record);
        let _ = writeln!(out, "record {} {title}{from} {{", record.name);
        for field in &pipeline.fields {
            let title = said(&field.title, Of::Field(field.name.clone()));
            let _ = write!(out, "{} {} {title}{}", field.name, field.kind, field.bounds);
            for (says, word) in [(field.required, "required"), (field.unique, "unique")] {
                if says {
                    let _ = write!(out, " {word}");
                }
            }
            if let Some(help) = &field.help {
                let _ = write!(out, " help {}", said(help, Of::Help(field.name.clone())));
            }
            out.push('\n');
        }
        out.push_str("}\n\n");
    }
    let unowned = pipelines.iter().flat_map(|p| &p.stages).filter(|s| s.owner.is_none()).count();
    if unowned > 0 {
        let stages = if unowned == 1 { "stage" } else { "stages" };
        let text = format!(
            "nothing is written for the owner of {unowned} {stages}: the input does not name one"
        );
        report.guessed("the whole", text);
    }
    (name, out)
}

fn write_stages(
    out: &mut String,
    pipeline: &Pipeline,
    records: &[Record],
    (place, all_names, translations): (usize, &[Vec<String>], &Translations),
    teams: &[(String, String)],
    report: &mut Report,
) {
    let Some(record) = records.get(place) else { return };
    let stages = &pipeline.stages;
    let names = all_names.get(place).map_or(&[][..], Vec::as_slice);
    let any_entry = pipeline.no_entry || stages.iter().any(|stage| stage.entry);
    let open = |stage: &Stage| stage.outcome.is_none() && !stage.inactive;
    let (first, why) = match stages.iter().position(open) {
        Some(first) => (first, "it is the first open stage"),
        None => (0, "no stage is open, and it is the first"),
    };
    let guessed = pipeline.moves.is_none().then(|| guess(pipeline, report));
    let moves = pipeline.moves.as_deref().or(guessed.as_deref()).unwrap_or(&[]);
    let mut by_stage: FxHashMap<usize, Vec<&Move>> = FxHashMap::default();
    let gathered = gathered(pipeline, moves);
    for step in moves {
        if !gathered.contains_key(&step.to)
            || step.word != Some("lose")
            || !open_now(stages, step.from)
        {
            by_stage.entry(step.from).or_default().push(step);
        }
    }
    for (index, (stage, name)) in stages.iter().zip(names).enumerate() {
        let title = translations.quoted(&stage.title, place, Of::Stage(stage.title.clone()));
        let _ = writeln!(out, "stage {name} {title} {{\nrecord {}", record.name);
        if stage.entry || !any_entry && index == first {
            out.push_str("entry\n");
            if !any_entry {
                let text =
                    format!("records come into the process at {}: {why}", code(&stage.title));
                report.guessed(&stage.place, text);
            }
        }
        properties(out, stage, teams);
        let onward = by_stage.get(&index).map_or(&[][..], Vec::as_slice);
        if stage.last && onward.is_empty() {
            out.push_str("final\n");
        }
        if !stage.collect.is_empty() {
            let _ = writeln!(out, "collect [{}]", stage.collect.join(", "));
        }
        criteria(out, stage, &|text| {
            translations.quoted(text, place, Of::Criterion(text.to_owned()))
        });
        for step in onward {
            let (Some(target), Some(to)) = (names.get(step.to), stages.get(step.to)) else {
                continue;
            };
            let kind = match to.outcome {
                _ if step.word.is_some() => step.word.unwrap_or_default(),
                Some(Outcome::Lost | Outcome::Void) => "lose",
                None if step.to <= index => "recycle",
                _ => "advance",
            };
            let label = step.title.as_deref().map(quoted).unwrap_or_default();
            let after = step.after.as_deref().map(|after| format!(" after {after}"));
            let after = after.unwrap_or_default();
            let when = when(step.when.as_deref());
            let _ = writeln!(out, "{kind} to {target} {label}{when}{after}");
        }
        for (pipeline, at) in &stage.starts {
            let target = all_names.get(*pipeline).and_then(|names| names.get(*at));
            if let (Some(target), Some(record)) = (target, records.get(*pipeline)) {
                let _ = writeln!(out, "starts {} at {target}", record.name);
            }
        }
        for way in &stage.onward {
            let target = all_names.get(way.pipeline).and_then(|names| names.get(way.stage));
            if let Some(target) = target {
                let kind = if way.back { "recycle" } else { "advance" };
                let label = way.title.as_deref().map(quoted).unwrap_or_default();
                let _ = writeln!(out, "{kind} to {target} {label}{}", when(way.when.as_deref()));
            }
        }
        if let Some(condition) = gathered.get(&index) {
            let _ = writeln!(out, "from any open of {}{}", record.name, when(condition.as_deref()));
        }
        let lost = matches!(stage.outcome, Some(Outcome::Lost | Outcome::Void)) && !stage.inactive;
        let any_open = stages.iter().any(|stage| stage.outcome.is_none());
        if pipeline.moves.is_none() && lost && any_open {
            let _ = writeln!(out, "from any open of {}", record.name);
            let text = format!("any open record may move to {}", code(&stage.title));
            report.guessed(&stage.place, text);
        }
        out.push_str("}\n\n");
        report.understood(&stage.place, told(stage, name));
    }
}

fn told(stage: &Stage, name: &str) -> String {
    let mut text = format!("stage {} is {}", code(&stage.title), code(name));
    if let Some(percent) = stage.probability {
        let _ = write!(text, ", {}%", percent.normalize());
    }
    if let Some(outcome) = stage.outcome {
        let _ = write!(text, ", {}", word(outcome));
    }
    text
}

fn properties(out: &mut String, stage: &Stage, teams: &[(String, String)]) {
    let owner = stage.owner.as_ref().map(|owner| owner.to_lowercase());
    if let Some((name, _)) = teams.iter().find(|(_, title)| Some(title.to_lowercase()) == owner) {
        let _ = writeln!(out, "owner {name}");
    }
    for (word, text) in [("purpose", &stage.purpose), ("next", &stage.next)] {
        if let Some(text) = text {
            let _ = writeln!(out, "{word} {}", quoted(text));
        }
    }
    if let Some(limit) = &stage.limit {
        let _ = writeln!(out, "limit {limit}");
    }
    if let Some(outcome) = stage.outcome {
        let _ = writeln!(out, "outcome {}", word(outcome));
    }
    if let Some(percent) = stage.probability {
        let _ = writeln!(out, "probability {}%", percent.normalize());
    }
    if let Some(forecast) = stage.forecast {
        let _ = writeln!(out, "forecast {forecast}");
    }
}

fn when(condition: Option<&str>) -> String {
    condition.map(|condition| format!(" when {condition}")).unwrap_or_default()
}

fn open_now(stages: &[Stage], at: usize) -> bool {
    stages.get(at).is_some_and(|stage| stage.outcome.is_none())
}

/// The stages into which every open stage loses records on one condition, with that condition: it is
/// written once, where they end.
fn gathered(pipeline: &Pipeline, moves: &[Move]) -> FxHashMap<usize, Option<String>> {
    let mut found: FxHashMap<usize, Option<String>> = FxHashMap::default();
    if !pipeline.gather {
        return found;
    }
    let stages = &pipeline.stages;
    let open = (0..stages.len()).filter(|at| open_now(stages, *at)).count();
    for to in 0..stages.len() {
        let into: Vec<&Move> = moves
            .iter()
            .filter(|step| {
                step.to == to && step.word == Some("lose") && open_now(stages, step.from)
            })
            .collect();
        let Some(first) = into.first() else { continue };
        let alike = |step: &&Move| step.when == first.when && step.after.is_none();
        if into.len() == open && into.iter().all(alike) {
            found.insert(to, first.when.clone());
        }
    }
    found
}

fn criteria(out: &mut String, stage: &Stage, said: &dyn Fn(&str) -> String) {
    let mut names = Names::default();
    for (side, head) in [(Side::Enter, "enter when"), (Side::Exit, "exit when")] {
        let own = |criterion: &&Criterion| criterion.side == side;
        if !stage.criteria.iter().any(|criterion| own(&criterion)) {
            continue;
        }
        let _ = writeln!(out, "\n{head} {{");
        for (index, criterion) in stage.criteria.iter().filter(own).enumerate() {
            let text = said(&criterion.text);
            let short: Vec<&str> = criterion.text.split_whitespace().take(4).collect();
            let wanted = criterion.name.clone().unwrap_or_else(|| short.join(" "));
            let name = names.take(&wanted, None, "criterion", index + 1);
            let _ = match &criterion.says {
                Says::Confirmed => writeln!(out, "{name} {text} confirm {text}"),
                Says::Holds { holds, only } => {
                    let only = only.as_ref().map(|only| format!(" if {only}")).unwrap_or_default();
                    writeln!(out, "{name} {text} {holds}{only}")
                }
            };
        }
        out.push_str("}\n\n");
    }
}

/// The usual moves: each open stage to the next one, the last to those that are won.
fn guess(pipeline: &Pipeline, report: &mut Report) -> Vec<Move> {
    let stages = || pipeline.stages.iter().enumerate();
    let open: Vec<usize> = stages()
        .filter(|(_, stage)| stage.outcome.is_none() && !stage.inactive)
        .map(|(at, _)| at)
        .collect();
    let mut moves: Vec<Move> =
        open.iter().zip(open.iter().skip(1)).map(|(from, to)| plain(*from, *to)).collect();
    if let Some(last) = open.last() {
        let won =
            stages().filter(|(_, stage)| stage.outcome == Some(Outcome::Won) && !stage.inactive);
        moves.extend(won.map(|(to, _)| plain(*last, to)));
    }
    for step in &moves {
        let (Some(from), Some(to)) = (pipeline.stages.get(step.from), pipeline.stages.get(step.to))
        else {
            continue;
        };
        let text = format!("{} moves on to {}", code(&from.title), code(&to.title));
        report.guessed(&from.place, text);
    }
    moves
}

fn plain(from: usize, to: usize) -> Move {
    Move { from, to, title: None, word: None, when: None, after: None }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panic")]
mod tests {
    use proptest::prelude::*;

    use super::write;
    use crate::import::{Format, Imported, Pipeline, Stage};
    use crate::source::FileId;
    use crate::syntax::dsl::{self, is_hidden};

    fn titles() -> impl Strategy<Value = Vec<String>> {
        let odd = prop::sample::select(vec![
            "process",
            "when",
            "true",
            "is",
            "limit",
            "\"",
            "\\",
            "\"\"\"",
            "#",
            "{",
            "}",
            "商談",
            "\u{202e}",
            "\u{0}",
            "\u{1f}",
            "\u{feff}",
            "\r\n",
            "<NEEDS RESOLUTION>",
            "\u{2028}",
            "e\u{301}",
        ]);
        let title = prop_oneof![any::<String>(), odd.prop_map(str::to_owned), "[a-z_ ]{0,12}"];
        prop::collection::vec(title, 1..8)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn titles_of_any_kind_make_files_that_parse_and_keep_them(titles in titles()) {
            let stages = titles.iter().enumerate().map(|(index, title)| Stage {
                title: title.clone(),
                id: (index % 2 == 0).then(|| title.clone()),
                owner: Some(title.clone()),
                purpose: Some(title.clone()),
                criteria: vec![crate::import::Criterion::confirmed(title.clone())],
                ..Stage::default()
            });
            let pipeline =
                Pipeline { title: titles.concat(), stages: stages.collect(), ..Pipeline::default() };
            let imported = Imported { pipelines: vec![pipeline], ..Imported::default() };
            let (files, _) = write(imported, &titles.concat(), Format::Table).unwrap();
            for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".ekiden")) {
                let parsed = dsl::parse(FileId(0), text);
                prop_assert!(parsed.diagnostics.is_empty(), "{name}: {:?}\n{text}", parsed.diagnostics);
                if *name == "stages.ekiden" {
                    let found: Vec<String> = parsed.file.items.iter().filter_map(|item| match item {
                        crate::syntax::ast::Item::Stage(stage) => Some(stage.title.as_ref()?.value.clone()),
                        _ => None,
                    }).collect();
                    let visible: Vec<String> = titles.iter().map(|t| t.chars().filter(|c| !is_hidden(*c)).collect()).collect();
                    prop_assert_eq!(&found, &visible);
                }
            }
        }
    }
}
