//! Arguments that several verbs share.

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use jiff::civil::Date;

use super::Failure;
use super::pipeline::{self, Checked};
use crate::diag::Level;
use crate::emit::TEMPLATES;
use crate::lint::baseline::Baseline;
use crate::lint::{Levels, Preset};
use crate::project::{self, Project};

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// In a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// With source, reason and advice
    Full,
    /// One line each: `path:line:column: level[rule] message`
    Concise,
    /// One JSON object, described by schemas/findings.schema.json
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A JUnit report, for dashboards of test results
    Junit,
}

impl Format {
    /// Whether standard output is for a program, and holds nothing but findings.
    pub(super) fn for_programs(self) -> bool {
        self == Format::Github || self.is_document()
    }

    /// Whether findings are one document, which is there even when there are none.
    pub(super) fn is_document(self) -> bool {
        matches!(self, Format::Json | Format::Sarif | Format::Junit)
    }
}

/// Which process.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// A folder, a `*.ekiden` or `*.ekiden.yaml` file, a snapshot, or `-` for standard input
    #[arg(default_value = ".")]
    pub(super) path: Utf8PathBuf,

    /// The manifest to use instead of `ekiden.yaml` in the folder; a single file has none otherwise
    #[arg(long, value_name = "FILE")]
    pub(super) manifest: Option<Utf8PathBuf>,

    /// The name of standard input: shown in findings; `x.ekiden.yaml` makes it YAML
    #[arg(long, value_name = "NAME", default_value = "<stdin>", hide_default_value = true)]
    stdin_name: String,
}

impl Source {
    /// The process at a path, for verbs whose own paths are something else.
    pub(super) fn at(path: Utf8PathBuf, manifest: Option<Utf8PathBuf>) -> Self {
        Self { path, manifest, stdin_name: "<stdin>".to_owned() }
    }

    /// Finds, reads and parses the process.
    pub(super) fn load(&self) -> Result<Project, Failure> {
        let manifest: Option<&Utf8Path> = self.manifest.as_deref();
        if self.is_snapshot() {
            if manifest.is_some() {
                let message = format!("`{}` is a snapshot and holds its own manifest", self.path);
                return Err(Failure::new(message).help("leave out `--manifest`"));
            }
            return Ok(project::load_snapshot(&self.path)?);
        }
        let request = project::Request { path: &self.path, manifest, stdin_name: &self.stdin_name };
        Ok(project::load_request(request)?)
    }

    /// Whether it is a snapshot, which can be read and not changed.
    pub(super) fn is_snapshot(&self) -> bool {
        project::is_snapshot(&self.path) && self.path.exists()
    }
}

/// How findings are weighed.
#[derive(Debug, Args)]
pub(super) struct Weights {
    #[command(flatten)]
    levels: LevelFlags,

    /// A set of levels: `correctness`, `recommended` or `strict`; by default that of the manifest,
    /// else `recommended`
    #[arg(long, value_name = "PRESET", value_parser = preset)]
    pub(super) preset: Option<Preset>,

    /// The day on which waivers are judged
    #[arg(long, value_name = "DATE", env = "EKIDEN_TODAY", hide = true)]
    pub(super) today: Option<Date>,
}

impl Weights {
    /// What the flags say of single rules.
    pub(super) fn levels(&self) -> Result<Levels, Failure> {
        let mut levels = Levels::default();
        for (rule, level) in &self.levels.0 {
            levels
                .set_on_command_line(rule, *level)
                .map_err(|error| Failure::new(error.to_string()).help(error.help()))?;
        }
        Ok(levels)
    }
}

/// How findings are weighed and printed.
#[derive(Debug, Args)]
pub(super) struct Findings {
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Full)]
    pub(super) format: Format,

    #[command(flatten)]
    pub(super) weights: Weights,

    /// The file of findings that are known and not counted; by default that of the manifest, else
    /// `ekiden-baseline.json` in the folder of the process, if it is there
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    baseline: Option<Utf8PathBuf>,

    /// Count the findings of the baseline too
    #[arg(long)]
    no_baseline: bool,
}

impl Findings {
    /// Loads and checks a process, without the findings of its baseline.
    pub(super) fn check(&self, source: &Source) -> Result<Checked, Failure> {
        let mut project = source.load()?;
        if source.path.is_dir() || source.manifest.is_some() {
            project.read_templates(TEMPLATES);
        }
        let baseline = self.read_baseline(source, &mut project)?;
        self.check_against(project, baseline)
    }

    /// Checks a process that was loaded.
    pub(super) fn check_against(
        &self,
        project: Project,
        baseline: Option<Baseline>,
    ) -> Result<Checked, Failure> {
        let Weights { preset, today, .. } = self.weights;
        let mut checked = pipeline::check(project, self.weights.levels()?, preset, today);
        if let Some(baseline) = baseline {
            checked.use_baseline(baseline);
        }
        Ok(checked)
    }

    /// The baseline of a process, if one is to be used.
    pub(super) fn read_baseline(
        &self,
        source: &Source,
        project: &mut Project,
    ) -> Result<Option<Baseline>, Failure> {
        if self.no_baseline {
            return Ok(None);
        }
        if let Some(path) = &self.baseline {
            return match project.read_baseline(path, None)? {
                Some(baseline) => Ok(Some(baseline)),
                None => Err(Failure::new(format!("there is no baseline `{path}`"))
                    .help(format!("`ekiden check --write-baseline={path}` writes it"))),
            };
        }
        let Some(path) = self.baseline_path(source, project) else { return Ok(None) };
        let named = project.manifest.baseline.as_ref().map(|named| named.span);
        Ok(project.read_baseline(&path, named)?)
    }

    /// Where the baseline of a process is. A file by itself has none, unless one is named.
    pub(super) fn baseline_path(&self, source: &Source, project: &Project) -> Option<Utf8PathBuf> {
        let in_manifest = project.manifest.baseline.as_ref();
        let path = match (&self.baseline, in_manifest) {
            (Some(path), _) => path.clone(),
            (None, Some(named)) => project.base.join(&named.value),
            (None, None) if source.path.is_dir() => project.root.join(project::BASELINE),
            (None, None) => return None,
        };
        Some(path.strip_prefix(".").map_or(path.clone(), Utf8Path::to_owned))
    }
}

fn preset(word: &str) -> Result<Preset, String> {
    let words = || Preset::ALL.map(Preset::word).join(", ");
    Preset::from_word(word).ok_or_else(|| format!("the presets are {}", words()))
}

/// `--deny`, `--warn` and `--allow`, in the order they were written: of two about one rule the
/// later wins, which separate lists could not tell.
#[derive(Clone, Debug, Default)]
struct LevelFlags(Vec<(String, Level)>);

const LEVEL_FLAGS: [(&str, Level, &str); 3] = [
    (
        "deny",
        Level::Error,
        "Report findings of RULE as errors; of several flags about a rule the last wins",
    ),
    ("warn", Level::Warning, "Report findings of RULE as warnings"),
    ("allow", Level::Allow, "Do not report findings of RULE"),
];

impl Args for LevelFlags {
    fn augment_args(command: Command) -> Command {
        LEVEL_FLAGS.into_iter().fold(command, |command, (name, _, help)| {
            let flag = Arg::new(name).long(name).value_name("RULE").help(help);
            command.arg(flag.value_delimiter(',').action(ArgAction::Append))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LevelFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags: Vec<(usize, String, Level)> = Vec::new();
        for (name, level, _) in LEVEL_FLAGS {
            let places = matches.indices_of(name).into_iter().flatten();
            let values = matches.get_many::<String>(name).into_iter().flatten();
            flags.extend(places.zip(values).map(|(at, rule)| (at, rule.clone(), level)));
        }
        flags.sort_by_key(|(at, ..)| *at);
        Ok(Self(flags.into_iter().map(|(_, rule, level)| (rule, level)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
