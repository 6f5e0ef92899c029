//! Who is called what: every declaration by kind and name, duplicates reported.

use std::borrow::Cow;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::diag::{Diagnostic, closest, codes};
use crate::source::Span;
use crate::syntax::ast::{self, Item, Name};

/// Declarations of one kind, by name, in source order.
pub(super) type Table<'a, T> = IndexMap<&'a str, &'a T, FxBuildHasher>;

/// Everything that is declared, by kind and name; of two with one name, the first.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub(super) process: Option<&'a ast::ProcessDecl>,
    pub(super) teams: Table<'a, ast::TeamDecl>,
    /// Roles with the team that declares them.
    pub(super) roles: IndexMap<&'a str, (&'a ast::TeamDecl, &'a ast::RoleDecl), FxBuildHasher>,
    pub(super) records: Table<'a, ast::RecordDecl>,
    pub(super) stages: Table<'a, ast::StageDecl>,
    pub(super) goals: Table<'a, ast::GoalDecl>,
    pub(super) feedback: Table<'a, ast::FeedbackDecl>,
    pub(super) scores: Table<'a, ast::ScoreDecl>,
    /// Routes by the name of their stage.
    pub(super) routes: Table<'a, ast::RouteDecl>,
    pub(super) terms: Table<'a, ast::TermDecl>,
    pub(super) plays: Table<'a, ast::PlayDecl>,
    pub(super) retired: Vec<&'a ast::RetiredDecl>,
    /// Words in regions that could not be read: perhaps the names of declarations.
    pub(super) lost: FxHashSet<&'a str>,
    /// Names that two declarations of one kind share. The first is kept, but what it seems to lack
    /// may stand in the other.
    pub(super) doubled: FxHashSet<(&'static str, &'a str)>,
    /// The start of the first file.
    pub(super) start: Option<Span>,
}

impl<'a> Names<'a> {
    pub(super) fn collect(files: &'a [ast::File], findings: &mut Vec<Diagnostic>) -> Self {
        let mut names =
            Names { start: files.first().map(|f| Span::start_of(f.id)), ..Names::default() };
        for file in files {
            names.lost.extend(file.lost.iter().map(String::as_str));
            for item in &file.items {
                names.add(item, findings);
            }
        }
        // Teams and roles answer to the same question (who?), so they share their names.
        for (name, (_, role)) in &names.roles {
            if let Some(team) = names.teams.get(name) {
                findings.push(team_and_role(&team.name, &role.name));
                names.doubled.insert(("team", name));
            }
        }
        names.roles.retain(|name, _| !names.teams.contains_key(name));
        names
    }

    fn add(&mut self, item: &'a Item, findings: &mut Vec<Diagnostic>) {
        match item {
            Item::Process(decl) => match self.process {
                Some(first) => findings.push(
                    Diagnostic::new(codes::DUPLICATE_NAME, decl.name.span, "a second `process`")
                        .label(first.name.span, "the process is declared here")
                        .help(
                            "keep one `process` block; the other files of the folder belong to it",
                        ),
                ),
                None => self.process = Some(decl),
            },
            Item::Team(decl) => {
                insert(&mut self.teams, &mut self.doubled, "team", &decl.name, decl, findings);
                for role in &decl.roles {
                    match self.roles.get(role.name.text.as_str()) {
                        Some((_, first)) => {
                            findings.push(duplicate("role", &role.name, first.name.span))
                        }
                        None => {
                            self.roles.insert(&role.name.text, (decl, role));
                        }
                    }
                }
            }
            Item::Record(decl) => {
                insert(&mut self.records, &mut self.doubled, "record", &decl.name, decl, findings)
            }
            Item::Stage(decl) => {
                insert(&mut self.stages, &mut self.doubled, "stage", &decl.name, decl, findings)
            }
            Item::Goal(decl) => {
                insert(&mut self.goals, &mut self.doubled, "goal", &decl.name, decl, findings)
            }
            Item::Feedback(decl) => insert(
                &mut self.feedback,
                &mut self.doubled,
                "feedback",
                &decl.name,
                decl,
                findings,
            ),
            Item::Score(decl) => {
                insert(&mut self.scores, &mut self.doubled, "score", &decl.name, decl, findings)
            }
            Item::Route(decl) => insert(
                &mut self.routes,
                &mut self.doubled,
                "route of stage",
                &decl.stage,
                decl,
                findings,
            ),
            Item::Term(decl) => {
                insert(&mut self.terms, &mut self.doubled, "term", &decl.name, decl, findings)
            }
            Item::Play(decl) => {
                insert(&mut self.plays, &mut self.doubled, "play", &decl.name, decl, findings)
            }
            Item::Retired(decl) => self.retired.push(decl),
        }
    }

    /// The kind of thing that bears this name, if anything does: for "is a stage, not a team".
    pub(super) fn kind_of(&self, name: &str) -> Option<(&'static str, Span)> {
        let found = |kind: &'static str, span: Option<Span>| span.map(|span| (kind, span));
        found("a team", self.teams.get(name).map(|d| d.name.span))
            .or_else(|| found("a role", self.roles.get(name).map(|(_, d)| d.name.span)))
            .or_else(|| found("a stage", self.stages.get(name).map(|d| d.name.span)))
            .or_else(|| found("a record", self.records.get(name).map(|d| d.name.span)))
            .or_else(|| found("a goal", self.goals.get(name).map(|d| d.name.span)))
            .or_else(|| found("a score", self.scores.get(name).map(|d| d.name.span)))
            .or_else(|| found("a play", self.plays.get(name).map(|d| d.name.span)))
            .or_else(|| found("a term", self.terms.get(name).map(|d| d.name.span)))
    }

    /// A finding for a name that nothing of the expected kind bears, unless the declaration may
    /// have been lost to a fault that was already reported.
    pub(super) fn unknown<'c>(
        &self,
        expected: &str,
        name: &Name,
        candidates: impl IntoIterator<Item = &'c str>,
        findings: &mut Vec<Diagnostic>,
    ) {
        if self.lost.contains(name.text.as_str()) {
            return;
        }
        if let Some((kind, span)) = self.kind_of(&name.text) {
            findings.push(
                Diagnostic::new(
                    codes::WRONG_KIND,
                    name.span,
                    format!("expected {}, but `{name}` is {kind}", with_article(expected)),
                )
                .label(span, "declared here"),
            );
            return;
        }
        let mut finding = Diagnostic::new(
            codes::UNKNOWN_NAME,
            name.span,
            format!("no {expected} is called `{name}`"),
        );
        if let Some(retired) = self.retired_as(expected, &name.text) {
            findings.push(gone(name, retired));
            return;
        }
        let candidates: Vec<&str> = candidates.into_iter().collect();
        if let Some(now) = self.called_now(expected, &name.text, &candidates) {
            findings.push(renamed(finding, name.span, now));
            return;
        }
        let near = self
            .titled(&name.text, &candidates)
            .or_else(|| closest(&name.text, candidates.iter().copied()));
        if let Some(near) = near {
            finding = finding.help(format!("did you mean `{near}`?")).fix(
                format!("replace by `{near}`"),
                crate::diag::Safety::Unsafe,
                vec![crate::diag::Edit { span: name.span, replacement: near.to_owned() }],
            );
        }
        findings.push(finding);
    }

    /// What was retired under this name, of the expected kind (`team or role` is two).
    fn retired_as(&self, expected: &str, name: &str) -> Option<&'a ast::RetiredDecl> {
        self.retired.iter().copied().find(|retired| {
            expected.split(" or ").any(|kind| kind == retired.kind.value.word())
                && retired.name.dotted() == name
        })
    }

    /// The candidate of the expected kind that bore the name before.
    fn called_now(&self, expected: &str, word: &str, candidates: &[&str]) -> Option<&'a str> {
        let teams = self.teams.iter().map(|(name, decl)| ("team or role", *name, &decl.was));
        let roles = self.roles.iter().map(|(name, (_, decl))| ("team or role", *name, &decl.was));
        let stages = self.stages.iter().map(|(name, decl)| ("stage", *name, &decl.was));
        let records = self.records.iter().map(|(name, decl)| ("record", *name, &decl.was));
        let is_meant = |(kind, name, was): &(&str, &str, &Vec<Name>)| {
            *kind == expected && was.iter().any(|was| was.text == word) && candidates.contains(name)
        };
        teams.chain(roles).chain(stages).chain(records).find(is_meant).map(|(_, name, _)| name)
    }

    /// The candidate whose title was written in place of its name.
    fn titled(&self, word: &str, candidates: &[&str]) -> Option<&'a str> {
        let people = self.teams.iter().map(|(name, decl)| (*name, &decl.title));
        let roles = self.roles.iter().map(|(name, (_, decl))| (*name, &decl.title));
        let stages = self.stages.iter().map(|(name, decl)| (*name, &decl.title));
        let records = self.records.iter().map(|(name, decl)| (*name, &decl.title));
        let is_meant = |(name, title): &(&str, &Option<ast::Text>)| {
            title.as_ref().is_some_and(|title| as_name(&title.value) == word)
                && candidates.contains(name)
        };
        people.chain(roles).chain(stages).chain(records).find(is_meant).map(|(name, _)| name)
    }
}

/// A finding for a name that was retired, with what took its place.
fn gone(name: &Name, retired: &ast::RetiredDecl) -> Diagnostic {
    let kind = retired.kind.value.word();
    let fact = format!("{kind} `{name}` is retired");
    let finding = Diagnostic::new(codes::UNKNOWN_NAME, name.span, fact)
        .label(retired.name.span, "retired here");
    match retired.into.first() {
        Some(successor) => finding.help(format!("use `{}`", successor.to.dotted())),
        None => finding,
    }
}

/// The finding, with the name that what was meant bears now.
pub(super) fn renamed(finding: Diagnostic, span: Span, now: &str) -> Diagnostic {
    finding.help(format!("it is called `{now}` now")).fix(
        format!("replace by `{now}`"),
        // Two former names may have become one.
        crate::diag::Safety::Unsafe,
        vec![crate::diag::Edit { span, replacement: now.to_owned() }],
    )
}

/// A title in the letters of a name.
fn as_name(title: &str) -> String {
    let words: Vec<String> = title
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("_")
}

/// `a stage`, `an option`.
pub(super) fn with_article(noun: &str) -> Cow<'_, str> {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    Cow::Owned(format!("{article} {noun}"))
}

fn insert<'a, T>(
    table: &mut Table<'a, T>,
    doubled: &mut FxHashSet<(&'static str, &'a str)>,
    kind: &'static str,
    name: &'a Name,
    decl: &'a T,
    findings: &mut Vec<Diagnostic>,
) where
    T: Named,
{
    match table.get(name.text.as_str()) {
        Some(first) => {
            doubled.insert((kind, &name.text));
            findings.push(duplicate(kind, name, first.name_span()));
        }
        None => {
            table.insert(&name.text, decl);
        }
    }
}

/// A finding for a name that a team and a role share, at the later of the two.
fn team_and_role(team: &Name, role: &Name) -> Diagnostic {
    let ((first, kind), (second, other)) = if team.span.key() < role.span.key() {
        ((team, "team"), (role, "role"))
    } else {
        ((role, "role"), (team, "team"))
    };
    Diagnostic::new(
        codes::DUPLICATE_NAME,
        second.span,
        format!("{other} `{second}` bears the name of a {kind}"),
    )
    .reason(format!("the {other}"))
    .label(first.span, format!("the {kind}"))
    .help("rename one of them: `owner` and its like could mean either")
}

/// A finding for a name that is taken.
pub(super) fn duplicate(kind: &str, name: &Name, first: Span) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_NAME, name.span, format!("{kind} `{name}` is declared twice"))
        .reason("declared again here")
        .label(first, "first declared here")
        .help("rename one of them, or join the two declarations")
}

trait Named {
    fn name_span(&self) -> Span;
}

macro_rules! named {
    ($($ty:ty: $field:ident),* $(,)?) => {$(
        impl Named for $ty {
            fn name_span(&self) -> Span {
                self.$field.span
            }
        }
    )*};
}

named! {
    ast::TeamDecl: name,
    ast::RecordDecl: name,
    ast::StageDecl: name,
    ast::GoalDecl: name,
    ast::FeedbackDecl: name,
    ast::ScoreDecl: name,
    ast::RouteDecl: stage,
    ast::TermDecl: name,
    ast::PlayDecl: name,
}
