//! Source of Salesforce: the stages of leads, opportunities and other objects, the processes that
//! choose of them, the rules that guard them, and the fields that those ask for.

mod build;
mod condition;
mod fields;
mod formula;
mod line;
mod path;
mod reduce;
mod rules;
mod say;
mod simplify;
mod stages;
mod translations;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::render::counted;

use super::report::{Report, code};
pub(crate) use super::xml::File;
use super::xml::{Element, decoded, parse};
use super::{Imported, MOST_STAGES, Refused, settled, too_many};
use fields::Fields;
use line::Line;
use rules::births::Earlier;
use rules::{At, Rule};
use translations::Texts;

/// What the reader is told beside the source.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options<'a> {
    /// The currency of amounts; without one they are numbers.
    pub(crate) currency: Option<&'a str>,
    /// The language of the texts; without one it is told from the titles.
    pub(crate) language: Option<&'a str>,
    /// Whether fields are taken that nothing asks for.
    pub(crate) all_fields: bool,
}

/// The endings of the files that are read, without `-meta.xml`.
const ENDINGS: &[&str] = &[
    ".standardValueSet",
    ".globalValueSet",
    ".businessProcess",
    ".recordType",
    ".validationRule",
    ".field",
    ".pathAssistant",
    ".object",
    ".objectTranslation",
    ".fieldTranslation",
    ".standardValueSetTranslation",
    ".globalValueSetTranslation",
];

/// Whether a file of a source folder is read.
pub(crate) fn is_read(path: &str) -> bool {
    let plain = path.strip_suffix("-meta.xml").unwrap_or(path);
    ENDINGS.iter().any(|ending| plain.ends_with(ending))
}

/// The line of a file.
#[derive(Clone, Debug, Default)]
struct Place {
    path: String,
    line: usize,
}

impl Place {
    fn at(&self, element: &Element) -> Self {
        Self { path: self.path.clone(), line: element.line }
    }

    /// The name of the file without its endings.
    fn stem(&self) -> Option<&str> {
        self.path.rsplit('/').next()?.split('.').next()
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 | 1 => f.write_str(&self.path),
            line => write!(f, "{} line {line}", self.path),
        }
    }
}

type Placed = (Place, Element);

/// An object, as its files tell it.
#[derive(Debug, Default)]
struct Object {
    label: Option<String>,
    fields: Vec<Placed>,
    rules: Vec<Placed>,
    record_types: Vec<Placed>,
    processes: Vec<Placed>,
}

/// A source folder.
#[derive(Debug, Default)]
struct Source {
    objects: BTreeMap<String, Object>,
    sets: BTreeMap<String, Placed>,
    paths: Vec<Placed>,
    texts: Texts,
    /// How many rules objects have that have no stages.
    beside: BTreeMap<String, usize>,
}

impl Source {
    fn of(files: &[File]) -> Result<Self, Refused> {
        let mut source = Self::default();
        let of_stage = |path: &str| {
            let path = path.strip_suffix("-meta.xml").unwrap_or(path);
            let folder = path.strip_suffix("/fields/Stage__c.field")?;
            folder.rsplit('/').next().map(str::to_owned)
        };
        let staged: BTreeSet<String> =
            files.iter().filter_map(|(path, _)| of_stage(path)).collect();
        for file in files {
            let plain = file.0.strip_suffix("-meta.xml").unwrap_or(&file.0);
            let plain = plain.strip_suffix(".xml").unwrap_or(plain);
            let place = Place { path: file.0.clone(), line: 0 };
            let object = || {
                let parts: Vec<&str> = plain.rsplit('/').collect();
                source_object(&parts)
            };
            let folder = object();
            let beside =
                !staged.contains(&folder) && !matches!(folder.as_str(), "Lead" | "Opportunity");
            // What is broken in an object that has no stages is none of our business.
            if beside && (plain.ends_with(".field") || plain.ends_with(".validationRule")) {
                *source.beside.entry(folder).or_default() +=
                    usize::from(plain.ends_with(".validationRule"));
                continue;
            }
            let ending = plain.rsplit_once('.').map_or("", |(_, ending)| ending);
            match ending {
                "objectTranslation" => {
                    let root = parse(file, "CustomObjectTranslation")?;
                    source.texts.take(&place, &root);
                }
                "fieldTranslation" => {
                    let root = parse(file, "CustomFieldTranslation")?;
                    source.texts.take(&place, &root);
                }
                "standardValueSetTranslation" => {
                    let root = parse(file, "StandardValueSetTranslation")?;
                    source.texts.take(&place, &root);
                }
                "globalValueSetTranslation" => {
                    let root = parse(file, "GlobalValueSetTranslation")?;
                    source.texts.take(&place, &root);
                }
                "globalValueSet" => {
                    let root = parse(file, "GlobalValueSet")?;
                    let name = place.stem().unwrap_or("").to_owned();
                    source.sets.insert(name, (place, root));
                }
                "pathAssistant" => source.paths.push((place, parse(file, "PathAssistant")?)),
                "businessProcess" => {
                    let root = parse(file, "BusinessProcess")?;
                    source.object(object()).processes.push((place, root));
                }
                "recordType" => {
                    let root = parse(file, "RecordType")?;
                    source.object(object()).record_types.push((place, root));
                }
                "validationRule" => {
                    let root = parse(file, "ValidationRule")?;
                    source.object(object()).rules.push((place, root));
                }
                "field" => {
                    let root = parse(file, "CustomField")?;
                    source.object(object()).fields.push((place, root));
                }
                "object" => {
                    let root = parse(file, "CustomObject")?;
                    let name = place.stem().unwrap_or("").to_owned();
                    source.whole(&name, &place, root);
                }
                _ => {
                    let root = parse(file, "StandardValueSet")?;
                    let name = place.stem().unwrap_or("").to_owned();
                    if let Some((other, _)) = source.sets.get(&name) {
                        let message =
                            format!("has two value sets: `{}` and `{}`", other.path, file.0);
                        return Err(Refused::new(message, "name the folder of one of them"));
                    }
                    source.sets.insert(name, (place, root));
                }
            }
        }
        Ok(source)
    }

    fn object(&mut self, name: String) -> &mut Object {
        self.objects.entry(name).or_default()
    }

    /// An object in one file, as the older format has it; in the newer one only its label.
    fn whole(&mut self, name: &str, place: &Place, root: Element) {
        let object = self.object(name.to_owned());
        object.label = root.child("label").map(str::to_owned).or(object.label.take());
        for child in root.children {
            let here = place.at(&child);
            match child.name.as_str() {
                "fields" => object.fields.push((here, child)),
                "validationRules" => object.rules.push((here, child)),
                "recordTypes" => object.record_types.push((here, child)),
                "businessProcesses" => object.processes.push((here, child)),
                _ => {}
            }
        }
    }

    /// The options of a value set.
    fn options(&self, name: &str) -> fields::Options {
        let Some((place, set)) = self.sets.get(name) else { return fields::Options::default() };
        let child = if set.name == "GlobalValueSet" { "customValue" } else { "standardValue" };
        let (mut options, inactive) = fields::options(set, child, place, &mut Report::default());
        for option in &mut options {
            option.labels = self.texts.value(name, &option.label);
        }
        (options, inactive)
    }
}

/// `objects/Lead/fields/X.field`: the object is the folder above that of the file.
fn source_object(parts: &[&str]) -> String {
    parts.get(2).or(parts.get(1)).copied().unwrap_or("").to_owned()
}

/// Reads a source folder; or one file of it, the value set of stages.
pub(crate) fn read(files: &[File], options: Options<'_>) -> Result<Imported, Refused> {
    let mut imported = Imported::default();
    let mut source = Source::of(files)?;
    let mut lines: Vec<Line> = Vec::new();
    for (object, set, field) in
        [("Lead", "LeadStatus", "Status"), ("Opportunity", "OpportunityStage", "StageName")]
    {
        if let Some((place, root)) = source.sets.get(set) {
            lines.extend(stages::standard(&source, object, field, place, root, &mut imported)?);
        }
    }
    for (name, object) in &source.objects {
        lines.extend(stages::custom(&source, name, object, &mut imported));
    }
    if lines.is_empty() {
        let missing = "OpportunityStage.standardValueSet-meta.xml";
        return Err(Refused::new(
            format!(
                "holds no stages: there is no `{missing}`, no `LeadStatus`, and no field `Stage__c`"
            ),
            "retrieve it: `sf project retrieve start -m StandardValueSet:OpportunityStage`",
        ));
    }
    if lines.iter().map(|line| line.states.len()).sum::<usize>() > MOST_STAGES {
        return Err(too_many());
    }
    let titles = lines.iter().flat_map(|line| &line.pipeline.stages);
    let told = super::language::of(titles.map(|stage| stage.title.as_str()));
    source.texts.forget(options.language.or(told).unwrap_or("en"));
    let nothing = Object::default();
    for line in &mut lines {
        let own = &source.objects.get(&line.object).unwrap_or(&nothing).fields;
        let set = |name: &str| source.options(name);
        let money = options.currency.is_some();
        line.fields = Fields::of(&line.object, own, money, &set, &mut imported.report);
        source.texts.translate(&line.object, &mut line.fields);
        let titles = line.pipeline.stages.iter();
        line.titles = titles.map(|stage| source.texts.stage(&line.object, &stage.title)).collect();
        line.names = source.texts.name(&line.object);
    }
    let mut lines = ordered(lines);
    join(&mut lines, &source, &mut imported.report);
    for object in lines.iter().map(|line| line.object.clone()).collect::<BTreeSet<_>>() {
        let files = source.objects.get(&object).unwrap_or(&nothing);
        of_rules(&mut lines, &object, files, &source.texts, &mut imported.report);
    }
    handed_over(&mut lines, &mut imported.report);
    for (name, rules) in source.beside.iter().filter(|(_, rules)| **rules > 0) {
        let count = counted(*rules, "rule");
        imported.report.dropped(name.clone(), format!("{count} of an object without stages"));
    }
    let disputed = path::disputed(&lines, &source.paths);
    for (place, path) in &source.paths {
        path::apply(&mut lines, place, path, &disputed, &mut imported.report);
    }
    if options.currency.is_none() {
        let text = "amounts are numbers: the source does not name their currency; say it with `--currency USD`";
        imported.report.guessed("the whole", text);
    }
    imported.currency = options.currency.map(str::to_owned);
    source.texts.tell(&mut imported.report);
    build::pipelines(lines, options, &mut imported);
    settled(imported)
}

/// Reads the rules of an object for each of its pipelines.
fn of_rules(lines: &mut [Line], object: &str, files: &Object, texts: &Texts, report: &mut Report) {
    let mut rules: Vec<Rule> = Vec::new();
    for (place, element) in &files.rules {
        rules.extend(Rule::of(place, element, report));
    }
    for rule in &mut rules {
        rule.messages = texts.rule(object, &rule.name);
    }
    rules.sort_by(|a, b| a.name.cmp(&b.name));
    rules.dedup_by(|a, b| a.name == b.name);
    for at in 0..lines.len() {
        let Some(line) = lines.get(at).filter(|line| line.object == object) else { continue };
        let parent = line.parent.and_then(|parent| lines.get(parent));
        let earlier = parent.and_then(|parent| Earlier::of(line, parent));
        let Some(line) = lines.get_mut(at) else { continue };
        let fields = line.fields.clone();
        if line.states.len() > MOST_WITH_RULES {
            let text = format!("more than {MOST_WITH_RULES} stages: its rules are not read");
            report.dropped(object, text);
            rules::apply(line, &mut [], &fields, None, report);
        } else {
            rules::apply(line, &mut rules, &fields, earlier.as_ref(), report);
        }
    }
    rules.iter().for_each(|rule| rule.tell(report));
}

/// What the rules of one pipeline ask of the records that it continues is asked where those are.
fn handed_over(lines: &mut [Line], report: &mut Report) {
    for at in 0..lines.len() {
        let Some(line) = lines.get_mut(at) else { continue };
        let (born, parent) = (std::mem::take(&mut line.born), line.parent);
        let Some(parent) = parent.and_then(|parent| lines.get_mut(parent)) else { continue };
        for one in born {
            let Some(name) = one.exit else {
                parent.ways.push(((one.from, at, one.to), one.cond));
                continue;
            };
            parent.guarded_ways.push((name.clone(), (one.from, at, one.to)));
            // It guards every advance: where no rule of the object itself does, a move is none.
            for (from, to) in parent.moves.iter().filter(|(from, _)| *from == one.from) {
                parent.guarded.entry((*from, *to)).or_insert(false);
            }
            let place = At::Exit(one.from);
            let known =
                parent.placed.iter().any(|placed| placed.at == place && placed.name == name);
            if !known {
                let texts = one.texts.iter();
                let texts = texts.map(|(tag, text)| (tag.clone(), parent.message_in(tag, text)));
                let (texts, text) = (texts.collect(), parent.message(&one.text));
                parent.placed.push(rules::Placed {
                    at: place,
                    cond: Some(one.cond),
                    name,
                    text,
                    texts,
                });
            }
        }
        parent.lost(report);
    }
}

/// More stages than an object can have in Salesforce; every rule is looked at for each pair of them.
const MOST_WITH_RULES: usize = 120;

/// A pipeline stands behind the one it continues, where a lookup says which that is.
fn ordered(mut left: Vec<Line>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |line: &Line| {
            let target = line.fields.0.iter().find_map(|field| match &field.points_to {
                Some((target, true)) => Some(target),
                _ => None,
            });
            target.is_some_and(|target| {
                *target != line.object && left.iter().any(|other| other.object == *target)
            })
        };
        // In a circle the first stands where it stood.
        let next = left.iter().position(|line| !waits(line)).unwrap_or(0);
        lines.push(left.remove(next));
    }
    lines
}

/// Which pipeline goes on in which: leads become opportunities; other objects, and opportunities, too,
/// say it by the lookup that `ekiden build` makes for it.
fn join(lines: &mut [Line], source: &Source, report: &mut Report) {
    let lead = lines.iter().position(|line| line.object == "Lead");
    let several = lines.iter().filter(|line| line.object == "Lead").count() > 1;
    for at in 0..lines.len() {
        let Some(line) = lines.get(at) else { continue };
        let target = continued(lines, line, source);
        let target = target.and_then(|target| lines.iter().position(|line| line.object == target));
        let parent = match line.object.as_str() {
            "Opportunity" => target.or(lead),
            _ => target,
        };
        // A pipeline stands behind the one it continues, which keeps circles out.
        if let Some(line) = lines.get_mut(at) {
            line.parent = parent.filter(|parent| *parent < at);
        }
    }
    if several && lines.iter().any(|line| line.object == "Opportunity") {
        report.guessed("the whole", "opportunities come from the first of the lead processes");
    }
}

/// The object whose records go on in this pipeline, by a lookup that says so. Record types of one object
/// share the lookup: it is that of those whose rules read through it, or of all when no rule does.
fn continued(lines: &[Line], line: &Line, source: &Source) -> Option<String> {
    let nothing = Object::default();
    let rules = &source.objects.get(&line.object).unwrap_or(&nothing).rules;
    let formulas: Vec<&str> =
        rules.iter().filter_map(|(_, rule)| rule.child("errorConditionFormula")).collect();
    let reads = |of: &Line, api: &str| {
        let relation = format!("{}__r.", api.strip_suffix("__c").unwrap_or(api));
        let named = of.record_type.as_ref().map(|(name, _)| format!("\"{name}\""));
        formulas.iter().any(|formula| {
            formula.contains(&relation) && named.as_ref().is_some_and(|name| formula.contains(name))
        })
    };
    line.fields.0.iter().find_map(|field| {
        let Some((target, true)) = &field.points_to else { return None };
        let mut types = lines.iter().filter(|other| other.object == line.object);
        let is_it = reads(line, &field.api) || !types.any(|other| reads(other, &field.api));
        is_it.then(|| target.clone())
    })
}
