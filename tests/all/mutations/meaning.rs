//! Changes that mostly keep a process a process: names, owners, conditions, order.

use std::fmt::Write as _;

use ekiden::source::{FileId, Span};
use ekiden::syntax::ast::{Expr, Item, TransitionEnds};
use ekiden::syntax::dsl;

use super::Change;
use super::corpus::Source;

/// Names that something somewhere keeps for itself.
pub(crate) const RESERVED: &[&str] = &[
    "select",
    "table",
    "order",
    "group",
    "user",
    "null",
    "where",
    "from_",
    "primary",
    "index",
    "values",
    "stage_",
    "id",
    "name",
    "owner_id",
    "created_at",
    "entered_at",
    "stage_history",
    "end",
    "default",
    "class",
    "subgraph",
    "graph",
    "state",
    "note",
    "con",
    "aux",
    "nul",
    "readme",
    "index_",
    "x",
    "account",
    "opportunity",
    "lead",
    "contact",
    "amount",
    "hs_pipeline",
    "dealname",
    "closedate",
    "record",
    "records",
    "transitions",
    "criteria",
    "isdeleted",
    "a__b",
    "a_",
    "constructor",
    "this",
    "yes",
    "no",
    "true_",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// Texts that templates, tables, formulas and shells may stumble over.
pub(crate) const TEXTS: &[&str] = &[
    r#""""#,
    r#"" ""#,
    r#""|""#,
    r#""a | b""#,
    r#""`""#,
    r#""``` x""#,
    r#""<script>alert(1)</script>""#,
    r#""a & b < c""#,
    r#""it's""#,
    r#""say \"no\"""#,
    r#""back\\slash""#,
    r#""line\nbreak""#,
    r#""{{x}}""#,
    r#""{{{x}}}""#,
    r#""${x}""#,
    r#""$1""#,
    r#""%s""#,
    r##""#h""##,
    r#""[a](b)""#,
    r#""]]>""#,
    r#""-->""#,
    r#"";""#,
    r#""--""#,
    r#""*/""#,
    r#""\u{202e}abc""#,
    r#""\u{1}""#,
    r#""e\u{301}""#,
    r#""👩‍👩‍👧""#,
    r#""리드""#,
    r#""مرحبا""#,
    r#""tab\there""#,
    r#""\r""#,
    r#""end""#,
    r#""---""#,
    r#""1. x""#,
    r#""> q""#,
    r##""# h""##,
    "\"\"\"\n  a\n\n    b\n  c\n  \"\"\"",
    "\"\"\"```\nopen\"\"\"",
    "\"\"\" \"\"\"",
    r#""x" ko "엑스""#,
    r#""x" de "iks" ja "エックス""#,
    r#""N/A""#,
];

/// Conditions that are true or false for every record.
const CONDITIONS: &[&str] = &[
    "true",
    "false",
    "not true",
    "today > 2026-01-01",
    "now < 9999-12-31T23:59",
    "time in stage > 3d",
    "time in stage <= 999999999 business days",
    "event clicked",
    "event clicked at least 4294967295 times",
    "event clicked at least 2 times within 30d",
    "confirm \"They \\\"will\\\" sign\"",
    "1 / 0 = 1",
    "79228162514264337593543950335 * 2 > 0",
    "-1 < 0",
    "60% > 40%",
    "1 in [1, 2, 3]",
    "2 between 3 and 1",
    "\"a\" = \"b\"",
    "today within next 999999999d",
    "today + 99999999y > today",
    "now - 5 business hours < now",
    "1.00 = 1",
    "0.1 + 0.2 = 0.3",
    "not (not (not (false)))",
];

/// A process with these changes made to it.
pub(crate) fn mutate(processes: &[Source], pick: u32, changes: &[Change]) -> Source {
    let mut source = processes[pick as usize % processes.len()].clone();
    for change in changes {
        apply(&mut source, *change);
    }
    source
}

/// What of a file of the DSL can be put in place of each other.
#[derive(Default)]
struct Parts {
    names: Vec<String>,
    items: Vec<Span>,
    owners: Vec<Span>,
    targets: Vec<Span>,
    conditions: Vec<Span>,
    texts: Vec<Span>,
    transitions: Vec<Span>,
    criteria: Vec<Span>,
}

impl Parts {
    fn of(text: &str) -> Parts {
        let mut parts = Parts::default();
        for item in dsl::parse(FileId(0), text).file.items {
            parts.items.push(item.span());
            let title = match &item {
                Item::Process(d) => d.title.as_ref(),
                Item::Team(d) => d.title.as_ref(),
                Item::Record(d) => d.title.as_ref(),
                Item::Stage(d) => d.title.as_ref(),
                Item::Goal(d) => d.title.as_ref(),
                Item::Play(d) => d.title.as_ref(),
                Item::Term(d) => d.title.as_ref(),
                _ => None,
            };
            parts.texts.extend(title.map(|text| text.span));
            parts.item(item);
        }
        parts
    }

    fn item(&mut self, item: Item) {
        let name = |name: &ekiden::syntax::ast::Name| name.text.clone();
        match item {
            Item::Team(team) => {
                self.names.push(name(&team.name));
                self.names.extend(team.roles.iter().map(|role| name(&role.name)));
                self.texts.extend(team.mission.map(|text| text.span));
            }
            Item::Record(record) => {
                self.names.push(name(&record.name));
                self.names.extend(record.fields.iter().map(|field| name(&field.name)));
                self.texts
                    .extend(record.fields.iter().filter_map(|f| Some(f.title.as_ref()?.span)));
            }
            Item::Stage(stage) => {
                self.names.push(name(&stage.name));
                self.owners.extend(stage.owners.iter().map(|owner| owner.span));
                self.texts
                    .extend([stage.purpose, stage.next].into_iter().flatten().map(|t| t.span));
                for criterion in stage.exit.iter().chain(&stage.enter) {
                    self.names.push(name(&criterion.name));
                    self.texts.push(criterion.title.span);
                    self.criteria.push(criterion.span);
                    self.condition(&criterion.condition);
                    criterion.applies.iter().for_each(|applies| self.condition(applies));
                }
                for transition in &stage.transitions {
                    self.transitions.push(transition.span);
                    if let TransitionEnds::To(to) = &transition.ends {
                        self.targets.push(to.span);
                    }
                    self.texts.extend(transition.title.as_ref().map(|text| text.span));
                    transition.when.iter().for_each(|when| self.condition(when));
                    let handoff = transition.handoff.as_ref();
                    if let Some(accept) = handoff.and_then(|handoff| handoff.accept.as_ref()) {
                        self.condition(&accept.when);
                    }
                }
            }
            Item::Goal(goal) => {
                self.names.push(name(&goal.name));
                self.texts.extend(goal.why.map(|text| text.span));
            }
            Item::Score(score) => {
                self.names.push(name(&score.name));
                score.points.iter().for_each(|points| self.condition(&points.when));
            }
            Item::Route(route) => route.cases.iter().for_each(|case| self.condition(&case.when)),
            Item::Term(term) => {
                self.names.push(name(&term.name));
                self.texts.extend(term.means.map(|text| text.span));
            }
            Item::Play(play) => {
                self.names.push(name(&play.name));
                self.texts.extend(play.steps.map(|text| text.span));
            }
            Item::Process(process) => self.texts.extend(process.about.map(|text| text.span)),
            Item::Feedback(_) | Item::Retired(_) => {}
        }
    }

    fn condition(&mut self, expr: &Expr) {
        self.conditions.push(expr.span);
    }
}

fn at<T: Copy>(list: &[T], by: u32) -> Option<T> {
    list.get(by as usize % list.len().max(1)).copied()
}

fn apply(source: &mut Source, (kind, a, b, c): Change) {
    let which = b as usize % 1_000_003 % source.files.len();
    let file = &mut source.files[which];
    if file.yaml {
        return words(source, kind, a, b, c);
    }
    let parts = Parts::of(&file.text);
    let text = &mut file.text;
    let put = |text: &mut String, span: Option<Span>, new: &str| {
        if let Some(span) = span {
            text.replace_range(span.range(), new);
        }
    };
    match kind % 16 {
        0 | 1 => words(source, kind, a, b, c),
        // Deleting: whatever refers to it is an error that must be told once.
        2 => put(text, at(&parts.items, a), ""),
        3 => put(text, at(&parts.transitions, a), ""),
        4 => put(text, at(&parts.criteria, a), ""),
        5 => swap(text, &parts.owners, a, c),
        6 => swap(text, &parts.targets, a, c),
        7 => swap(text, &parts.items, a, c),
        8 | 9 => swap(text, &parts.conditions, a, c),
        10 | 11 => {
            let new = format!("({})", CONDITIONS[c as usize % CONDITIONS.len()]);
            put(text, at(&parts.conditions, a), &new);
        }
        12 => {
            let Some(span) = at(&parts.conditions, a) else { return };
            let old = &text[span.range()];
            let other = CONDITIONS[c as usize % CONDITIONS.len()];
            let new = match b % 4 {
                0 => format!("(not ({old}))"),
                1 => format!("(({old}) or ({other}))"),
                2 => format!("(({old}) and not ({other}))"),
                _ => format!("(({other}) and (({old}) or ({other})))"),
            };
            put(text, Some(span), &new);
        }
        13 | 14 => put(text, at(&parts.texts, a), TEXTS[c as usize % TEXTS.len()]),
        _ => {
            // Beside what is there: another stage of any outcome that everything may fall into.
            let Some(like) = at(&parts.targets, a) else { return };
            let like = text[like.range()].to_owned();
            let _ = write!(
                text,
                "\nteam zz_team \"Z\" {{ role zz_role }}\nrecord zz_record \"Z\" {{ zz_field text \"Z\" }}\n\
                 stage zz_stage \"Z\" {{ record zz_record entry owner zz_role starts zz_record at zz_stage\n\
                 lose to zz_void after 1d }}\nstage zz_void {{ record zz_record owner zz_team outcome void final }}\n\
                 term {like} \"T\" {{ means \"M\" see {like} }}\n"
            );
        }
    }
}

fn swap(text: &mut String, spans: &[Span], a: u32, c: u32) {
    let (Some(one), Some(two)) = (at(spans, a), at(spans, c)) else { return };
    let (first, second) = if one.start <= two.start { (one, two) } else { (two, one) };
    if first.end > second.start {
        return;
    }
    let (early, late) = (text[first.range()].to_owned(), text[second.range()].to_owned());
    text.replace_range(second.range(), &early);
    text.replace_range(first.range(), &late);
}

/// Gives something another name, wherever it stands.
fn words(source: &mut Source, kind: u32, a: u32, _b: u32, c: u32) {
    let names: Vec<String> = source
        .files
        .iter()
        .flat_map(|file| {
            let mut parts = Parts::default();
            file.parse(FileId(0)).file.items.into_iter().for_each(|item| parts.item(item));
            parts.names
        })
        .collect();
    let Some(old) = names.get(a as usize % names.len().max(1)) else { return };
    let new = RESERVED[c as usize % RESERVED.len()];
    let both = kind.is_multiple_of(2) && !names.iter().any(|name| name == new);
    for file in &mut source.files {
        file.text = renamed(&file.text, old, if both { new } else { "another_name" });
    }
}

/// The text with a whole word replaced.
fn renamed(text: &str, old: &str, new: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut rest = text;
    while let Some(found) = rest.find(old) {
        let (before, after) = (&rest[..found], &rest[found + old.len()..]);
        let whole = !before.ends_with(is_word) && !after.starts_with(is_word);
        out.push_str(before);
        out.push_str(if whole { new } else { old });
        rest = after;
    }
    out.push_str(rest);
    out
}
