//! The manifest `ekiden.yaml`: what to build, how strict to be, in which languages.
//!
//! It is never needed: every key has a default.

use indexmap::IndexMap;
use indexmap::map::Entry as Slot;
use serde_json::Value;

use crate::diag::{Diagnostic, Level, codes};
use crate::emit::{Setting, SettingValue, Settings, TARGETS as TARGETS_KNOWN, homes_of};
use crate::source::{FileId, Span, Spanned};
use crate::syntax::habits;
use crate::syntax::yaml::reader::{Codes, Entry, Reader};
use crate::syntax::yaml::table::{Mode, Shape, Table, key};
use crate::syntax::yaml::values::{as_bool, is_language};
use crate::syntax::yaml::{Kind, NodeRef, Style, Tree, document};

/// What the manifest says. The default is that of a process without one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// The folder that is built into, relative to the manifest.
    pub output: Option<Spanned<String>>,
    /// The languages of the documents; empty for those of the process.
    pub languages: Vec<Spanned<String>>,
    /// What is built, by the name of the target: where the name stands, and its settings. `None`
    /// when the manifest is silent; an empty mapping builds nothing. Whether there is such a
    /// target is not checked here.
    pub targets: Option<IndexMap<String, (Span, Settings)>>,
    /// The level of single rules, in source order. Whether there is such a rule is not checked
    /// here.
    pub lints: Vec<(Spanned<String>, Spanned<Level>)>,
    /// The level of all rules together: one of [`PRESETS`].
    pub preset: Option<Spanned<String>>,
    /// The file of findings that are known, relative to the manifest.
    pub baseline: Option<Spanned<String>>,
    /// The version that documents tell the changes since: a path relative to the manifest, or a
    /// revision of git.
    pub since: Option<Spanned<String>>,
}

/// How strict the rules are taken together, least strict first.
pub const PRESETS: &[&str] = &["correctness", "recommended", "strict"];

/// The folder built into when the manifest names none.
pub const DEFAULT_OUTPUT: &str = "build";

impl Manifest {
    /// Reads a manifest. What is wrong with it is told; the rest holds.
    pub fn parse(file: FileId, text: &str) -> (Manifest, Vec<Diagnostic>) {
        parse(file, text)
    }

    /// The folder that is built into.
    pub fn output(&self) -> &str {
        self.output.as_ref().map_or(DEFAULT_OUTPUT, |output| &output.value)
    }
}

const LEVELS: &[&str] = &["allow", "note", "warning", "error"];
static LEVEL: Shape = Shape::Word(LEVELS);
static ANYTHING: Shape = Shape::Any;
static TARGET_NAME: Shape = Shape::Verbatim("the name of a target");
static TARGET_NAMES: Shape = Shape::List("targets", &TARGET_NAME);
static TARGET_MAPPING: Shape = Shape::Table(&TARGETS);

static MANIFEST: Table = Table {
    id: "manifest",
    what: "the manifest",
    doc: "What to build from a process, and how strict to be with it.",
    mode: Mode::Any,
    keys: &[
        key(
            "output",
            Shape::Verbatim("a folder"),
            "The folder that is built into, relative to the manifest; `build` when not said.",
            "build",
        ),
        key(
            "languages",
            Shape::Languages,
            "The languages of the documents; those of the process when not said.",
            "[en, ja]",
        ),
        key(
            "targets",
            Shape::Or(&TARGET_NAMES, &TARGET_MAPPING),
            "What is built: a list of targets, or a mapping from targets to their settings.",
            "{docs: , sql: {dialects: [postgres, sqlite]}}",
        ),
        key(
            "lints",
            Shape::Table(&LINTS),
            "The level of rules: `allow`, `note`, `warning` or `error`.",
            "{preset: recommended, silo: error}",
        ),
        key(
            "baseline",
            Shape::Verbatim("a file"),
            "The file of findings that are known, relative to the manifest; `ekiden-baseline.json` \
             in the folder of the process, if there is one, when not said.",
            "ekiden-baseline.json",
        ),
        key(
            "since",
            Shape::Verbatim("a version"),
            "The version that documents tell the changes since: a revision of git, or a folder, \
             file or snapshot relative to the manifest.",
            "v1.2",
        ),
    ],
};

static TARGETS: Table = Table {
    id: "targets",
    what: "a target",
    doc: "Targets and their settings.",
    mode: Mode::Open(&ANYTHING),
    keys: &[],
};

static LINTS: Table = Table {
    id: "lints",
    what: "the lints",
    doc: "Levels by rule, over those of the preset.",
    mode: Mode::Open(&LEVEL),
    keys: &[key("preset", Shape::Word(PRESETS), "The level of all rules together.", "recommended")],
};

const CODES: Codes = Codes {
    unknown: codes::INVALID_MANIFEST,
    missing: codes::INVALID_MANIFEST,
    shape: codes::INVALID_MANIFEST,
    word: codes::INVALID_MANIFEST,
    literal: codes::INVALID_MANIFEST,
};

fn parse(file: FileId, text: &str) -> (Manifest, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let tree = Tree::read(file, text, &mut findings);
    let mut reader = Reader::new(&tree, CODES);
    let mut manifest = Manifest::default();
    let mut roots = tree.roots();
    if let Some(root) = roots.next() {
        for entry in reader.open(&MANIFEST, root, "the manifest", root.span()).unwrap_or_default() {
            read(&mut reader, &mut manifest, entry);
        }
    }
    if let Some(second) = roots.next() {
        let message = "a manifest is one YAML document";
        let finding = Diagnostic::new(codes::INVALID_MANIFEST, second.span(), message);
        reader.report(finding.help("remove the `---` between the documents"));
    }
    if let Some(root) = tree.roots().next() {
        place_rightly(root, &mut reader.findings);
    }
    findings.extend(reader.findings);
    findings.sort_by_key(|finding| finding.primary.span.key());
    (manifest, findings)
}

/// Says of keys that stand at the top and belong further in where that is.
fn place_rightly(root: NodeRef<'_>, findings: &mut [Diagnostic]) {
    let unknown = |key: &str| MANIFEST.keys.iter().all(|known| known.name != key);
    for (key, _) in root.entries().into_iter().flatten() {
        let Some(scalar) = key.scalar().filter(|scalar| unknown(&scalar.value)) else { continue };
        let span = key.span();
        let is_its = |found: &&mut Diagnostic| {
            found.primary.span.key() == span.key() && found.code == codes::INVALID_MANIFEST
        };
        if let (Some(help), Some(finding)) =
            (place_of(&scalar.value), findings.iter_mut().find(is_its))
        {
            finding.help = Some(help);
            finding.fix = None;
        }
    }
}

/// Where a key belongs that is a target, a setting of targets, or a rule.
fn place_of(key: &str) -> Option<String> {
    if TARGETS_KNOWN.iter().any(|target| target.name == key) {
        return Some(format!("targets stand under `targets`: `targets: {{{key}: {{…}}}}`"));
    }
    if let Some(homes) = homes_of(key) {
        return Some(format!("`{key}` is a setting of a target: write it under {homes}"));
    }
    let is_rule = crate::lint::RULES.iter().any(|rule| rule.name == key);
    is_rule.then(|| format!("levels of rules stand under `lints`: `lints: {{{key}: warning}}`"))
}

/// The JSON Schema of the manifest, for editors and other programs.
pub fn schema() -> Value {
    document(&MANIFEST, "manifest.schema.json", "Ekiden manifest")
}

fn read<'t>(reader: &mut Reader<'t>, manifest: &mut Manifest, entry: Entry<'t>) {
    let node = entry.value;
    match entry.key.name {
        "output" => manifest.output = path(reader, node),
        "languages" => manifest.languages = languages(reader, node),
        "targets" => manifest.targets = Some(targets(reader, node)),
        "baseline" => manifest.baseline = path(reader, node),
        "since" => manifest.since = since(reader, node),
        _ => lints(reader, manifest, node),
    }
}

fn path<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Spanned<String>> {
    let path = reader.verbatim(node)?;
    if path.value.trim().is_empty() {
        reader.wrong_literal(node.span(), "this path is empty".to_owned(), None);
        return None;
    }
    Some(path)
}

fn since<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Spanned<String>> {
    let since = reader.verbatim(node)?;
    if since.value.trim().is_empty() {
        let message = "this version is empty".to_owned();
        let help = "write a git revision such as `v1.2`, or a folder".to_owned();
        reader.wrong_literal(since.span, message, Some(help));
        return None;
    }
    Some(since)
}

fn languages<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Vec<Spanned<String>> {
    let mut languages = Vec::new();
    for item in reader.list(node, &Shape::Verbatim("a language, such as `en`")) {
        let Some(language) = reader.verbatim(item) else { continue };
        if let Some(meant) = habits::language(&language.value) {
            let message = format!("`{}` is no language of documents", language.value);
            let help = format!("write `{}` for {}", meant.code, meant.name);
            reader.wrong_literal(language.span, message, Some(help));
        } else if is_language(&language.value) {
            languages.push(language);
        } else {
            let message = format!("`{}` is not a language", language.value);
            let help = habits::language_help(&language.value);
            reader.wrong_literal(language.span, message, Some(help));
        }
    }
    languages
}

fn targets<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> IndexMap<String, (Span, Settings)> {
    let mut targets = IndexMap::new();
    if !matches!(node.kind(), Kind::Mapping(_)) {
        for item in reader.list(node, &TARGET_NAME) {
            let Some(name) = reader.verbatim(item) else { continue };
            match targets.entry(name.value) {
                Slot::Vacant(slot) => {
                    slot.insert((name.span, Settings::default()));
                }
                Slot::Occupied(slot) => {
                    let message = format!("target `{}` is listed twice", slot.key());
                    let finding = Diagnostic::new(codes::INVALID_MANIFEST, name.span, message);
                    let first = slot.get().0;
                    reader.report(finding.label(first, "first listed here"));
                }
            }
        }
        return targets;
    }
    for (key, value) in node.entries().into_iter().flatten() {
        let Some(name) = reader.verbatim(key) else { continue };
        let settings = match value.kind() {
            Kind::Null => Settings::default(),
            Kind::Mapping(_) => settings(reader, value),
            // `sql: true` is `sql:`, and `sql: false` leaves it out.
            Kind::Scalar(scalar) if as_bool(scalar).is_some() => {
                if as_bool(scalar) == Some(false) {
                    continue;
                }
                Settings::default()
            }
            Kind::Broken => continue,
            _ => {
                let subject = format!("the settings of `{}`", name.value);
                reader.wrong_shape(value.span(), &subject, "a mapping");
                continue;
            }
        };
        targets.insert(name.value, (name.span, settings));
    }
    targets
}

fn settings<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Settings {
    let mut settings = Settings::default();
    for (key, value) in node.entries().into_iter().flatten() {
        let Some(name) = reader.verbatim(key) else { continue };
        let value = setting(reader, value);
        settings.values.insert(name.value, Setting { key: name.span, value });
    }
    settings
}

/// The recursion is bounded, for so is the depth of the tree.
fn setting<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Spanned<SettingValue> {
    let span = reader.scalar(node).map_or(node.target().span(), |(_, span)| span);
    let value = match node.kind() {
        Kind::Scalar(scalar) => match as_bool(scalar) {
            Some(value) if scalar.style == Style::Plain => SettingValue::Boolean(value),
            _ => SettingValue::Text(scalar.value.trim_end_matches('\n').to_owned()),
        },
        Kind::Sequence(_) => {
            let items = node.items().into_iter().flatten();
            SettingValue::List(items.map(|item| setting(reader, item)).collect())
        }
        Kind::Mapping(_) => SettingValue::Map(settings(reader, node)),
        Kind::Null | Kind::Alias(_) | Kind::Broken => SettingValue::Null,
    };
    Spanned::new(value, span)
}

fn lints<'t>(reader: &mut Reader<'t>, manifest: &mut Manifest, node: NodeRef<'t>) {
    for entry in reader.open(&LINTS, node, "`lints`", node.span()).unwrap_or_default() {
        let preset = reader.word(entry.value, "preset", PRESETS, |word| {
            PRESETS.iter().copied().find(|preset| *preset == word)
        });
        manifest.preset = preset.map(|preset| preset.map(str::to_owned));
    }
    for (key, value) in node.entries().into_iter().flatten() {
        let Some(rule) = reader.verbatim(key) else { continue };
        if rule.value == "preset" {
            continue;
        }
        match value.kind() {
            Kind::Broken => {}
            Kind::Scalar(_) => {
                let level = reader.word(value, "level", LEVELS, level_from);
                manifest.lints.extend(level.map(|level| (rule, level)));
            }
            _ => {
                let subject = format!("the level of `{}`", rule.value);
                reader.wrong_shape(value.span(), &subject, &LEVEL.describe());
            }
        }
    }
}

fn level_from(word: &str) -> Option<Level> {
    [Level::Allow, Level::Note, Level::Warning, Level::Error]
        .into_iter()
        .find(|level| level.word() == word)
}
