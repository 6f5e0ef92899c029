//! From what other systems hold to a process: pipelines and tables in, files of a process out.
//!
//! A reader takes text and gives [`Imported`]; [`write`] turns that into formatted files. A new
//! format is one file, and one line in [`Format`]. What the input does not say is never made up
//! silently: it is noted in the [`report::Report`] as a guess.

pub(crate) mod bpmn;
mod heading;
pub(crate) mod hubspot;
pub(crate) mod language;
pub(crate) mod mermaid;
mod names;
pub(crate) mod pipedrive;
pub(crate) mod report;
pub(crate) mod salesforce;
pub(crate) mod table;
mod translated;
pub(crate) mod write;
pub(crate) mod xml;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::model::{Outcome, Side};
use crate::syntax::dsl::is_hidden;
use report::Report;

/// The most stages that are read. No process has as many; a log or an export of records does.
pub(crate) const MOST_STAGES: usize = 1_000;
/// The most moves that are read.
const MOST_MOVES: usize = 10_000;
/// The longest text that is a title.
const LONGEST_TITLE: usize = 300;

/// What an input holds.
#[derive(Debug, Default)]
pub(crate) struct Imported {
    /// Each becomes a record type with stages.
    pub(crate) pipelines: Vec<Pipeline>,
    /// What became of the input.
    pub(crate) report: Report,
    /// The currency of amounts.
    pub(crate) currency: Option<String>,
    /// What the whole is called, where the input says so beside its pipelines.
    pub(crate) title: Option<String>,
    /// The language of the texts; without one it is told from the titles.
    pub(crate) language: Option<String>,
    /// What a build of Salesforce has to know.
    pub(crate) settings: Option<Settings>,
    /// The texts in other languages.
    pub(crate) translations: translated::Translations,
    /// Whether the objects are those of Pipedrive, not of HubSpot.
    pub(crate) pipedrive: bool,
}

/// What the manifest says for Salesforce; pipelines are known by their places.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The object that holds a record type.
    pub(crate) objects: Vec<(usize, String)>,
    /// The record type there.
    pub(crate) record_types: Vec<(usize, String)>,
    /// The name of a field, and its API name.
    pub(crate) fields: Vec<(usize, String, String)>,
    /// The business process of a record type, where it is not called like that.
    pub(crate) processes: Vec<(usize, String)>,
    /// The values that stages are kept as.
    pub(crate) stages: Vec<Kept>,
    /// The permission whose holders no rule stops.
    pub(crate) bypass: Option<String>,
    /// The status of a converted lead.
    pub(crate) converted: Option<String>,
}

/// The value that a stage is kept as.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// The place of the pipeline.
    pub(crate) pipeline: usize,
    /// That of the stage in it.
    pub(crate) stage: usize,
    /// The value.
    pub(crate) value: String,
    /// Whether a build calls the value by the title of the stage, else by its name. Of the first only those
    /// are here that have another title.
    pub(crate) by_title: bool,
}

/// A field of a record type.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: String,
    /// What people see.
    pub(crate) title: String,
    /// Its type, in the notation of the language.
    pub(crate) kind: String,
    /// Its bounds, likewise, behind the title: ` at least 0`.
    pub(crate) bounds: String,
    /// Never missing.
    pub(crate) required: bool,
    /// No two records share a value.
    pub(crate) unique: bool,
    /// Shown beside it.
    pub(crate) help: Option<String>,
}

/// What has to be true to leave or to enter a stage.
#[derive(Clone, Debug)]
pub(crate) struct Criterion {
    /// Its name, if the input has one.
    pub(crate) name: Option<String>,
    /// What people read.
    pub(crate) text: String,
    /// Whether it is asked of those who leave or of those who enter.
    pub(crate) side: Side,
    /// What it asks.
    pub(crate) says: Says,
}

/// What a criterion asks.
#[derive(Clone, Debug)]
pub(crate) enum Says {
    /// Somebody confirms what it says: which field proves it the input does not say.
    Confirmed,
    /// A condition, and for which records; in the notation of the language.
    Holds {
        /// The condition.
        holds: String,
        /// For which records.
        only: Option<String>,
    },
}

impl Criterion {
    /// Something that a person confirms before a record leaves the stage.
    pub(crate) fn confirmed(text: String) -> Self {
        Self { name: None, text, side: Side::Exit, says: Says::Confirmed }
    }
}

/// A pipeline.
#[derive(Debug, Default)]
pub(crate) struct Pipeline {
    /// What it is called; empty when the input does not say.
    pub(crate) title: String,
    /// The identifier it has there.
    pub(crate) id: Option<String>,
    /// The name and the title of the record type, where the system has one: `deal`.
    pub(crate) record: Option<(&'static str, &'static str)>,
    /// The object of HubSpot or Pipedrive that holds it.
    pub(crate) object: Option<String>,
    /// In order.
    pub(crate) stages: Vec<Stage>,
    /// The moves, where the input has them. Without them the usual ones are guessed.
    pub(crate) moves: Option<Vec<Move>>,
    /// Whether a move that every open stage has is written once, where it leads to.
    pub(crate) gather: bool,
    /// Whether the record type is called what the pipeline is called.
    pub(crate) named_by_title: bool,
    /// Whether stages are called what the input calls them, not after their titles.
    pub(crate) by_id: bool,
    /// The pipeline whose records go on in this one.
    pub(crate) from: Option<usize>,
    /// What is known of a record.
    pub(crate) fields: Vec<Field>,
    /// Whether records come in from another pipeline only.
    pub(crate) no_entry: bool,
    /// Whether stages of another pipeline start records in it.
    pub(crate) started: bool,
    /// What a deal of Pipedrive must have to be won, where that is no stage.
    pub(crate) won: Vec<Criterion>,
}

/// A stage.
#[derive(Debug, Default)]
pub(crate) struct Stage {
    /// What people see.
    pub(crate) title: String,
    /// The identifier it has there.
    pub(crate) id: Option<String>,
    /// Whether that is what it is called, whatever its title is.
    pub(crate) named: bool,
    /// Where it stands in the input.
    pub(crate) place: String,
    /// Who owns it, as the input calls them.
    pub(crate) owner: Option<String>,
    /// What it is for.
    pub(crate) purpose: Option<String>,
    /// What to do.
    pub(crate) next: Option<String>,
    /// What has to be true to leave it, or to enter it.
    pub(crate) criteria: Vec<Criterion>,
    /// The fields that are filled in here, by their names.
    pub(crate) collect: Vec<String>,
    /// The stages of other pipelines into which records go on: the pipeline and the stage.
    pub(crate) onward: Vec<Onward>,
    /// The stages of other pipelines in which a new record begins: the pipeline and the stage.
    pub(crate) starts: Vec<(usize, usize)>,
    /// How long a record may stay, in the notation of the language.
    pub(crate) limit: Option<String>,
    /// In percent.
    pub(crate) probability: Option<Decimal>,
    /// A word of the language.
    pub(crate) forecast: Option<&'static str>,
    /// How the work has ended.
    pub(crate) outcome: Option<Outcome>,
    /// Whether records come in here; of none the first does.
    pub(crate) entry: bool,
    /// Whether it is said to have no way out.
    pub(crate) last: bool,
    /// Whether it is no longer in use: it is kept, for old records may be there, but nothing moves on to it.
    pub(crate) inactive: bool,
}

/// A move into a stage of another pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Onward {
    /// The pipeline, by its place.
    pub(crate) pipeline: usize,
    /// The stage, by its place in it.
    pub(crate) stage: usize,
    /// What the move is called.
    pub(crate) title: Option<String>,
    /// What must hold for it.
    pub(crate) when: Option<String>,
    /// Whether it leads to a pipeline that this one goes on from.
    pub(crate) back: bool,
}

/// A move between two stages, by their places in the pipeline.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    /// From where.
    pub(crate) from: usize,
    /// To where.
    pub(crate) to: usize,
    /// What it is called.
    pub(crate) title: Option<String>,
    /// The word of the language for it; without one it is told from the stages.
    pub(crate) word: Option<&'static str>,
    /// For which records, in the notation of the language.
    pub(crate) when: Option<String>,
    /// After how long in the stage, likewise.
    pub(crate) after: Option<String>,
}

/// Why an input cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// What is wrong and where, as the end of a sentence that starts with the input.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: String,
}

impl Refused {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// A table of stages: CSV, TSV, or a table in Markdown
    Table,
    /// Pipelines of HubSpot, as its interface answers: JSON
    Hubspot,
    /// Pipelines, stages and fields of Pipedrive, as its interface answers: JSON, or a folder of it
    Pipedrive,
    /// A `stateDiagram-v2` of Mermaid
    Mermaid,
    /// A diagram of BPMN 2.0
    Bpmn,
    /// A source folder of Salesforce: stages, fields, validation rules and paths
    Salesforce,
}

impl Format {
    /// The format of a file by its name.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "md" | "markdown" => Some(Format::Table),
            "json" => Some(Format::Hubspot),
            "mmd" | "mermaid" => Some(Format::Mermaid),
            "bpmn" | "bpmn2" => Some(Format::Bpmn),
            "xml" => Some(Format::Salesforce),
            _ => None,
        }
    }

    /// What it is, as the report says it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Format::Table => "a table of stages",
            Format::Hubspot => "pipelines of HubSpot",
            Format::Pipedrive => "pipelines of Pipedrive",
            Format::Mermaid => "a state diagram of Mermaid",
            Format::Bpmn => "a diagram of BPMN",
            Format::Salesforce => "source of Salesforce",
        }
    }
}

/// Refuses what is no text, whatever its name says.
pub(crate) fn must_be_text(text: &str) -> Result<(), Refused> {
    if let Some(at) = text.find('\0') {
        let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let message = format!("is no text: line {line} holds a zero byte");
        return Err(Refused::new(message, "export it as text, encoded in UTF-8"));
    }
    if text.trim().is_empty() {
        return Err(Refused::new("is empty", "export it once more, or choose another file"));
    }
    Ok(())
}

/// Refuses what has no stages, or more than a process can have; tells what is odd in the rest.
fn settled(mut imported: Imported) -> Result<Imported, Refused> {
    imported.pipelines.retain(|pipeline| !pipeline.stages.is_empty());
    let count: usize = imported.pipelines.iter().map(|pipeline| pipeline.stages.len()).sum();
    if count > MOST_STAGES {
        return Err(too_many());
    }
    if count == 0 {
        return Err(Refused::new(
            "holds no stages",
            "see docs/reference/import.md for what is read",
        ));
    }
    let Imported { pipelines, report, .. } = &mut imported;
    for pipeline in pipelines {
        oddities(&pipeline.stages, report);
    }
    Ok(imported)
}

fn too_many() -> Refused {
    let message = format!("holds more than {MOST_STAGES} stages");
    Refused::new(message, "it looks like an export of records: give the list of stages instead")
}

/// A title as one line of sensible length; what is cut is told.
fn title(text: &str, place: &str, report: &mut Report) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let visible: String = line.chars().filter(|c| !is_hidden(*c)).collect();
    if visible.len() < line.len() {
        report.dropped(place, write::HIDDEN);
    }
    let line = visible;
    if line.chars().count() <= LONGEST_TITLE {
        return line;
    }
    report.dropped(place, format!("the title is cut after {LONGEST_TITLE} characters"));
    line.chars().take(LONGEST_TITLE).collect()
}

/// What the whole is called by the heading over a line of a Markdown file.
fn called(text: &str, line: usize, imported: &mut Imported) {
    let Some((at, heading)) = heading::above(text, line) else { return };
    let place = format!("line {at}");
    let title = title(&heading, &place, &mut imported.report);
    if title.is_empty() {
        return;
    }
    imported.report.guessed(place, format!("the process is called {}", report::code(&title)));
    imported.title = Some(title);
}

/// How a stage ends, by the usual words. Only for inputs that do not say it.
fn outcome_by_title(title: &str) -> Option<Outcome> {
    let title = title.trim().to_lowercase();
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |list: &[&str]| list.iter().any(|word| words.contains(word));
    let holds = |list: &[&str]| list.iter().any(|part| title.contains(part));
    // The whole title: `Duplicate check` and `Not qualified yet` are steps.
    let is = |list: &[&str]| list.contains(&title.as_str());
    if has(&["lost", "disqualified", "rejected"])
        || holds(&["失注", "실주", "수주 실패"])
        || is(&["unqualified", "not qualified", "no deal", "declined", "closed - not converted"])
        // `Quote declined` is an end, `Meeting declined - rebook` none.
        || (words.len() <= 2 && words.last() == Some(&"declined"))
        || is(&["not converted", "対象外", "却下", "不採用", "부적격"])
    {
        return Some(Outcome::Lost);
    }
    // `Order cancelled`, `Cancelled by customer`; of `Meeting cancelled - rebook` something follows.
    let cancelled =
        |word: Option<&&str>| word.is_some_and(|w| matches!(*w, "cancelled" | "canceled"));
    if cancelled(words.first())
        || (words.len() <= 2 && cancelled(words.last()))
        || is(&["void", "voided"])
        || is(&["cancellation", "withdrawn", "duplicate", "duplicates"])
        || is(&["無効", "取消", "取り消し", "キャンセル", "中止", "辞退", "重複"])
        || is(&["무효", "취소", "취소됨", "중복"])
    {
        return Some(Outcome::Void);
    }
    if has(&["won"]) || matches!(title.as_str(), "受注" | "수주" | "성약" | "成約") {
        return Some(Outcome::Won);
    }
    None
}

/// An outcome as the word of the language.
fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Won => "won",
        Outcome::Lost => "lost",
        Outcome::Void => "void",
    }
}

/// From how many open stages on it is odd that all have the same probability.
const ALL_EQUAL: usize = 3;

/// Tells what is in the input and can hardly be meant. It is taken over as it is.
fn oddities(stages: &[Stage], report: &mut Report) {
    let open: Vec<&Stage> =
        stages.iter().filter(|stage| stage.outcome.is_none() && !stage.inactive).collect();
    if let Some((first, rest)) = open.split_first()
        && let Some(percent) = first.probability
        && open.len() >= ALL_EQUAL
        && rest.iter().all(|stage| stage.probability == Some(percent))
    {
        let text = format!(
            "all {} open stages have {}%: a forecast cannot tell them apart",
            open.len(),
            percent.normalize()
        );
        report.odd(&first.place, text);
    }
    let mut seen: FxHashMap<String, &str> = FxHashMap::default();
    let mut ended: Option<&str> = None;
    for stage in stages {
        let shown = report::code(&stage.title);
        if let Some(other) = seen.insert(stage.title.to_lowercase(), &stage.place) {
            report.odd(&stage.place, format!("{shown} is also the title of the stage in {other}"));
        }
        if stage.title.contains("NEEDS RESOLUTION") || stage.title.starts_with('<') {
            report.odd(&stage.place, format!("{shown} looks like something left to be settled"));
        }
        match (stage.outcome, ended) {
            (Some(_), _) => ended = ended.or(Some(&stage.title)),
            (None, Some(end)) => {
                let end = report::code(end);
                report.odd(
                    &stage.place,
                    format!("the open stage {shown} stands behind {end}, where the work has ended"),
                );
            }
            (None, None) => {}
        }
        let edge = |p: Decimal| p.is_zero() || p == Decimal::ONE_HUNDRED;
        if let (None, Some(percent)) = (stage.outcome, stage.probability.filter(|p| edge(*p))) {
            report.odd(&stage.place, format!("{shown} is open and has {}%", percent.normalize()));
        }
        if stage.inactive {
            report.odd(
                &stage.place,
                format!(
                    "{shown} is not active: it is kept for old records, and nothing moves to it"
                ),
            );
        }
    }
}
