//! Validation rules: which moves they leave open, and what they ask of those.
//!
//! A rule is looked at in every situation that a record of a pipeline can be saved in. Where it
//! refuses whatever the fields hold, there is no move; where it refuses some records, the rest of the
//! formula is what must not hold. So it does not matter how a rule is written, only what it does.

mod back;
pub(super) mod births;
mod bounds;
mod ends;
mod places;
mod saves;

use std::collections::BTreeSet;

use super::super::names::slug;
use super::super::report::{Report, code};
use super::super::translated::Said;
use super::condition::{Cond, read};
use super::fields::{Fields, one_line};
use super::formula::{Node, parse};
use super::line::{Line, StageState};
use super::reduce::{Situation, State, asks_type_change, named, with_type_change};
use super::{Element, Place};
use crate::model::Outcome;
use places::{places, tell};

/// A value that no stage has: what a rule refuses there, it refuses wherever it does not name.
const ELSEWHERE: State<'static> =
    State { value: "\u{0}", closed: false, won: false, converted: false };

/// A validation rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) place: Place,
    pub(super) name: String,
    formula: String,
    node: Result<Node, String>,
    message: String,
    /// The message in other languages.
    pub(super) messages: Said,
    hint: Option<Hint>,
    /// How the stage ends whose moves it says.
    ends: Option<Outcome>,
    /// Whether something of it is in the process.
    used: bool,
    /// Why something of it is not.
    why: Vec<String>,
}

/// What `ekiden build` says of a rule that it has written. It only decides between places that mean
/// the same.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Hint {
    Exit(String),
    Entry(String),
    /// What a move asks.
    Move,
    /// To which stages moves lead.
    Moves,
    /// Likewise; the last part of the formula lets go what is brought back.
    MovesAndBack,
    /// What a move asks that brings a record back.
    Back,
}

impl Hint {
    fn of(about: &str) -> Option<Self> {
        let name = |rest: &str| rest.split('`').nth(1).unwrap_or_default().to_owned();
        if about.starts_with("Of records that are brought back: ") {
            return Some(Hint::Back);
        }
        if let Some(rest) = about.strip_prefix("Exit criterion ") {
            return Some(Hint::Exit(name(rest)));
        }
        if let Some(rest) = about.strip_prefix("Entry criterion ") {
            return Some(Hint::Entry(name(rest)));
        }
        if about.starts_with("Moves from stage ") {
            return Some(Hint::Moves);
        }
        if about.starts_with("Moves, also of records that are brought back, from stage ") {
            return Some(Hint::MovesAndBack);
        }
        let of_moves = ["Condition of the move ", "Conditions of the moves ", "Clock of the move "];
        of_moves.iter().any(|start| about.starts_with(start)).then_some(Hint::Move)
    }
}

/// What a rule asks, and of whom.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) at: At,
    /// What must hold; none when a person has to confirm it.
    pub(super) cond: Option<Cond>,
    pub(super) name: String,
    pub(super) text: String,
    /// The text in other languages.
    pub(super) texts: Said,
}

/// Of whom something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Exit(usize),
    Entry(usize),
    Move(usize, usize),
}

/// What a rule does in every situation of a pipeline.
#[derive(Debug)]
struct Answers {
    /// From a stage to another; the last one of each is where no stage is named.
    moves: Vec<Vec<Node>>,
    /// New records, likewise.
    new: Vec<Node>,
    /// Records that stay.
    stay: Vec<Node>,
}

impl Answers {
    /// What it does, if that is one thing whatever the stage.
    fn same_everywhere(&self) -> Option<&Node> {
        let first = self.stay.first()?;
        let mut all = self.moves.iter().flatten().chain(&self.new).chain(&self.stay);
        all.all(|node| node == first).then_some(first)
    }

    /// Whether it refuses no record of the pipeline.
    fn are_nothing(&self) -> bool {
        self.same_everywhere() == Some(&Node::Bool(false))
    }
}

impl Rule {
    /// A rule as it stands in the source; none when it is not in use.
    pub(super) fn of(place: &Place, element: &Element, report: &mut Report) -> Option<Self> {
        let name = element.child("fullName").or_else(|| place.stem()).unwrap_or("").to_owned();
        let formula = element.child("errorConditionFormula").unwrap_or("").to_owned();
        if !element.is("active", "true") {
            let text = format!("the rule {} is not active: {}", code(&name), code(&formula));
            report.dropped(place.to_string(), text);
            return None;
        }
        let about = element.child("description").unwrap_or("");
        Some(Self {
            node: parse(&formula),
            message: one_line(element.child("errorMessage").unwrap_or(&name)),
            messages: Said::new(),
            hint: Hint::of(about),
            ends: ends::of(about),
            place: place.clone(),
            name,
            formula,
            used: false,
            why: Vec::new(),
        })
    }

    /// Whether `ekiden build` has written it to say to which stages moves lead.
    fn says_moves(&self) -> bool {
        matches!(self.hint, Some(Hint::Moves | Hint::MovesAndBack))
    }

    fn because(&mut self, why: impl Into<String>) {
        let why = why.into();
        if !self.why.contains(&why) {
            self.why.push(why);
        }
    }

    /// What became of it, once every pipeline has been looked at.
    pub(super) fn tell(&self, report: &mut Report) {
        let name = code(&self.name);
        let formula = one_line(&self.formula);
        let place = self.place.to_string();
        if self.used && self.why.is_empty() {
            return;
        }
        let why = match self.why.as_slice() {
            [] => "it refuses nothing that the stages here allow".to_owned(),
            why => why.join("; "),
        };
        let part = if self.used { "a part of " } else { "" };
        report.dropped(place, format!("{part}the rule {name}: {why}: {}", long_code(&formula)));
    }

    /// Whether it refuses to give a record the record type where it lets in a new one, or asks the one for
    /// something else. Who gives a record another type is asked here what is asked of a new record.
    fn minds_type_change(&self, node: &Node, line: &Line, answers: &Answers) -> bool {
        if !asks_type_change(node) {
            return false;
        }
        // Most rules are about one thing or the other, and the stage does not matter.
        let rest = with_type_change(node);
        if rest == Node::Bool(false) {
            return false;
        }
        let named = named(&rest);
        let record_type = line.record_type.as_ref();
        let states = || line.states.iter().map(StageState::state).chain([ELSEWHERE]);
        states().zip(&answers.new).any(|(to, new)| {
            let differs = |from: &State<'_>| {
                let is_named = |named: &BTreeSet<String>| named.contains(from.value);
                *from == to || *from == ELSEWHERE || named.as_ref().is_none_or(is_named)
            };
            states().filter(differs).any(|from| {
                let situation = Situation {
                    stage_field: line.stage_field,
                    from: Some(from),
                    to,
                    record_type: record_type.map(|(name, label)| (name.as_str(), label.as_str())),
                    privileged: false,
                    retyped: true,
                };
                let answer = situation.reduce(&rest);
                answer != Node::Bool(false) && answer != *new
            })
        })
    }

    fn answers(&self, node: &Node, line: &Line, privileged: bool) -> Answers {
        let mut prior = false;
        node.walk(&mut |part| prior |= matches!(part, Node::Call(name, _) if name == "PRIORVALUE"));
        let mut states: Vec<State<'_>> = line.states.iter().map(StageState::state).collect();
        states.push(ELSEWHERE);
        let reduced = |from: Option<State<'_>>, to: State<'_>| {
            let record_type = line.record_type.as_ref();
            let situation = Situation {
                stage_field: line.stage_field,
                from,
                to,
                record_type: record_type.map(|(name, label)| (name.as_str(), label.as_str())),
                privileged,
                retyped: false,
            };
            situation.reduce(node)
        };
        let mut moves: Vec<Vec<Node>> = Vec::new();
        for (at, from) in line.states.iter().enumerate() {
            let row = states.iter().enumerate().map(|(to_at, to)| match moves.first() {
                // Where the stage before does not matter, one row tells all.
                Some(first) if !prior && to_at != at && to_at != 0 => {
                    first.get(to_at).cloned().unwrap_or(Node::Bool(false))
                }
                _ => reduced(Some(from.state()), *to),
            });
            let row: Vec<Node> = row.collect();
            moves.push(row);
        }
        let new = states.iter().map(|to| reduced(None, *to)).collect();
        let stay = line.states.iter().map(|to| reduced(Some(to.state()), to.state())).collect();
        Answers { moves, new, stay }
    }
}

/// A formula as it is shown: nobody can judge the first 80 characters.
fn long_code(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c == '`' { '\'' } else { c }).filter(|c| !c.is_control()).collect();
    let short: String = text.chars().take(1_000).collect();
    let cut = if short.len() < text.len() { "…" } else { "" };
    format!("`{short}{cut}`")
}

/// Whether it reads fields of the record that a lookup leads to: `Opportunity__r.Amount`.
fn whether_looks_back(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |part| {
        if let Node::Field(name) = part {
            found |= name.split_once('.').is_some_and(|(before, _)| {
                before.get(before.len().saturating_sub(3)..).is_some_and(|end| end == "__r")
            });
        }
    });
    found
}

fn whether_asks_people(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |part| {
        if let Node::Field(name) = part {
            let lower = name.to_ascii_lowercase();
            found |= lower.starts_with("$permission.") || lower.starts_with("$setup.");
        }
    });
    found
}

/// Reads the rules of an object for one of its pipelines: first which moves there are, then what is
/// asked of them.
pub(super) fn apply(
    line: &mut Line,
    rules: &mut [Rule],
    fields: &Fields,
    earlier: Option<&births::Earlier>,
    report: &mut Report,
) {
    let mut says: Vec<bool> = Vec::with_capacity(rules.len());
    for rule in rules.iter() {
        says.push(match (&rule.node, earlier) {
            (Ok(node), Some(earlier)) if whether_looks_back(node) => {
                births::origins(line, node, earlier)
            }
            _ => false,
        });
    }
    let mut read: Vec<(usize, Answers)> = Vec::new();
    for ((at, rule), says) in rules.iter_mut().enumerate().zip(says) {
        let mut node = match &rule.node {
            Ok(node) => node.clone(),
            Err(fault) => {
                let fault = format!("its formula cannot be read: {fault}");
                rule.because(fault);
                continue;
            }
        };
        if rule.hint == Some(Hint::Back) {
            rule.because("it asks a record that is brought back from where it went on as another one, which is no move here");
            continue;
        }
        if rule.hint == Some(Hint::MovesAndBack)
            && let Some((rest, brought_back)) = back::apart(&node, line.stage_field)
        {
            back::tell(rule, &brought_back, report);
            node = rest;
        }
        let mut answers = rule.answers(&node, line, false);
        if whether_looks_back(&node) {
            // It tells where records of another type come in; what it asks of those is theirs.
            line.comes_in(answers.new.iter().map(|node| !matches!(node, Node::Bool(false))));
            let rest = match earlier {
                Some(earlier) => births::take(line, rule, &node, earlier, says, report),
                // Of another record type of the object it may be all that is asked.
                None if answers.are_nothing() => None,
                None => {
                    rule.because("it asks the record that this one continues");
                    None
                }
            };
            let Some(rest) = rest else { continue };
            node = rest;
            answers = rule.answers(&node, line, false);
        }
        if whether_asks_people(&node) {
            let free = rule.answers(&node, line, true);
            let none = |nodes: &[Node]| nodes.iter().all(|node| *node == Node::Bool(false));
            if !free.moves.iter().all(|row| none(row)) || !none(&free.new) || !none(&free.stay) {
                rule.because("it is for some people only");
                continue;
            }
            line.bypass(&node);
        }
        if bounds::take(line, rule, &answers, fields, report) {
            continue;
        }
        if rule.minds_type_change(&node, line, &answers) {
            rule.because(
                "it asks whether a record gets another record type, which is no move here",
            );
        }
        read.push((at, answers));
    }
    ends::take(line, &read, rules, report);
    moves(line, &read, rules, report);
    guards(line, &read, rules);
    line.lost(report);
    for (at, answers) in &read {
        if let Some(rule) = rules.get_mut(*at) {
            ask(line, rule, answers, fields, report);
        }
    }
}

/// Which moves are open, and where records begin.
fn moves(line: &mut Line, read: &[(usize, Answers)], rules: &mut [Rule], report: &mut Report) {
    let count = line.states.len();
    let refused = |answers: &Answers, from: usize, to: usize| {
        answers.moves.get(from).and_then(|row| row.get(to)) == Some(&Node::Bool(true))
    };
    let hinted = |at: &usize| rules.get(*at).is_some_and(|rule| rule.says_moves());
    let own = read
        .iter()
        .any(|(at, answers)| hinted(at) && (0..count).any(|from| refused(answers, from, count)));
    let mut guessed: Vec<(usize, usize)> = Vec::new();
    for from in 0..count {
        let named = read.iter().any(|(_, answers)| refused(answers, from, count));
        let blocked = |to: usize| read.iter().any(|(_, answers)| refused(answers, from, to));
        if named {
            let open = (0..count).filter(|to| *to != from && !blocked(*to));
            let open: Vec<usize> = open.collect();
            line.moves.extend(open.into_iter().map(|to| (from, to)));
            line.known.push(from);
            continue;
        }
        // Own rules name the moves of every stage but those from which all moves are open.
        if own && !line.states.get(from).is_some_and(|state| state.converted) {
            line.moves.extend((0..count).filter(|to| *to != from).map(|to| (from, to)));
            line.known.push(from);
            continue;
        }
        let usual = line.usual(from, &blocked, report).into_iter().map(|to| (from, to));
        guessed.extend(usual);
    }
    line.report_lost(&guessed, report);
    line.moves.extend(guessed);
    line.report_unsaid(report);
    let new = |answers: &Answers, to: usize| answers.new.get(to) == Some(&Node::Bool(true));
    if read.iter().any(|(_, answers)| new(answers, count)) {
        let begins = (0..count).filter(|to| !read.iter().any(|(_, answers)| new(answers, *to)));
        line.begins = Some(begins.collect());
    }
    // What a new record is asked for: such a stage is one that records of another type come into.
    for (_, answers) in read {
        for (to, node) in answers.new.iter().enumerate().take(count) {
            let moved = answers.stay.get(to) == Some(node);
            if !matches!(node, Node::Bool(_)) && !moved && !line.asks_new.contains(&to) {
                line.asks_new.push(to);
            }
        }
    }
    for (at, answers) in read {
        let decides = |node: &Node| *node == Node::Bool(true);
        let says = answers.moves.iter().enumerate().any(|(from, row)| {
            row.iter().enumerate().any(|(to, node)| to != from && decides(node))
        }) || answers.new.iter().any(decides);
        if let Some(rule) = rules.get_mut(*at).filter(|_| says) {
            rule.used = true;
            let text = format!("the rule {} says which moves are open", code(&rule.name));
            report.understood(rule.place.to_string(), text);
        }
    }
}

/// Which moves criteria guard. Own rules say whether they are of a criterion, and such a rule names all
/// that it guards.
fn guards(line: &mut Line, read: &[(usize, Answers)], rules: &[Rule]) {
    for (at, answers) in read {
        let Some(hint) = rules.get(*at).and_then(|rule| rule.hint.as_ref()) else { continue };
        let asks = |from: usize, to: usize| {
            let node = answers.moves.get(from).and_then(|row| row.get(to));
            node.is_some_and(|node| !matches!(node, Node::Bool(_)))
        };
        let asked: Vec<Cell> = line
            .moves
            .iter()
            .filter(|(from, to)| asks(*from, *to))
            .map(|(from, to)| (Some(*from), *to))
            .collect();
        for (from, to) in line.moves.clone() {
            let beside = match hint {
                Hint::Exit(_) => asked.iter().any(|(other, _)| *other == Some(from)),
                Hint::Entry(_) => asked.iter().any(|(_, other)| *other == to),
                Hint::Move | Hint::Moves | Hint::MovesAndBack | Hint::Back => continue,
            };
            if asked.contains(&(Some(from), to)) {
                line.guarded.insert((from, to), true);
            } else if beside {
                line.guarded.entry((from, to)).or_insert(false);
            }
        }
    }
}

type Cell = (Option<usize>, usize);

/// What a rule asks of the moves that are open.
fn ask(line: &mut Line, rule: &mut Rule, answers: &Answers, fields: &Fields, report: &mut Report) {
    if let Some(node) = answers.same_everywhere() {
        return saves::take(line, rule, node, fields, report);
    }
    let mut groups: Vec<(&Node, Vec<Cell>)> = Vec::new();
    let mut add = |node, cell| match groups.iter_mut().find(|(known, _)| *known == node) {
        Some((_, cells)) => cells.push(cell),
        None => groups.push((node, vec![cell])),
    };
    let open = line.moves.clone();
    for (from, to) in &open {
        let Some(node) = answers.moves.get(*from).and_then(|row| row.get(*to)) else { continue };
        if !matches!(node, Node::Bool(_)) {
            add(node, (Some(*from), *to));
        }
    }
    for to in 0..line.states.len() {
        match answers.new.get(to) {
            Some(node) if !matches!(node, Node::Bool(_)) && line.comes_from_elsewhere(to) => {
                add(node, (None, to));
            }
            _ => {}
        }
    }
    for (node, cells) in groups {
        let placed = places(line, rule, answers, &cells);
        if placed.is_empty() {
            rule.because("it is about new records only");
            continue;
        }
        let told = read(node, fields);
        let (cond, exact) = match told {
            Ok(read) => (Some(read.passes), read.exact),
            Err(why) => {
                rule.because(why);
                (None, true)
            }
        };
        if let Some(Cond::Bool(passes)) = cond {
            rule.because(if passes {
                "it can never refuse a record"
            } else {
                "it refuses every record, which its fields do not tell at once"
            });
            continue;
        }
        if cond.is_none() && (asks_more(node) || placed.iter().any(|at| matches!(at, At::Move(..))))
        {
            continue;
        }
        if !exact {
            let text = format!(
                "{} compares values that may be blank, and Salesforce does not promise what that gives: here such a record passes",
                code(&rule.name)
            );
            report.guessed(rule.place.to_string(), text);
        }
        if cond.is_some() {
            rule.used = true;
        }
        for at in placed {
            tell(line, rule, at, cond.is_some(), report);
            let text = line.message(&rule.message);
            let name = match &rule.hint {
                Some(Hint::Exit(name) | Hint::Entry(name)) => name.clone(),
                // As it is written in the end, so that the order of criteria stays.
                _ => slug(&rule.name).unwrap_or_else(|| rule.name.clone()),
            };
            let texts = rule.messages.iter();
            let texts = texts.map(|(tag, text)| (tag.clone(), line.message_in(tag, text)));
            let texts = texts.collect();
            line.placed.push(Placed { at, cond: cond.clone(), name, text, texts });
        }
    }
    // The language asks at moves; Salesforce at every save.
    let later = answers.stay.iter().any(|node| !matches!(node, Node::Bool(false)));
    if later && rule.used {
        rule.because("that it also holds for records that stay where they are");
    }
    let first = |to: usize, node: &Node| {
        !matches!(node, Node::Bool(_)) && line.may_begin(to) && !line.comes_from_elsewhere(to)
    };
    let asked_new = answers.new.iter().take(line.states.len()).enumerate();
    if rule.used && asked_new.into_iter().any(|(to, node)| first(to, node)) {
        rule.because("that it also holds for new records");
    }
}

/// Whether what is left of a formula asks for more than the record as it is: who saves it, what it
/// was. That is nothing a person could confirm.
fn asks_more(node: &Node) -> bool {
    let mut more = false;
    node.walk(&mut |part| match part {
        Node::Field(name) => {
            let lower = name.to_ascii_lowercase();
            more |= lower.starts_with('$') || lower.starts_with("recordtype");
        }
        Node::Call(name, _) => more |= matches!(name.as_str(), "ISCHANGED" | "PRIORVALUE"),
        Node::Picked(_) => more = true,
        _ => {}
    });
    more
}
