//! Rules for records that are made to continue others. They read the earlier record through a lookup: in
//! which stages it may be, and what a move out of that stage asks of it.

use super::super::super::report::{Report, code};
use super::super::super::translated::Said;
use super::super::condition::{Cond, Read, read};
use super::super::fields::Fields;
use super::super::formula::Node;
use super::super::line::{Line, StageState};
use super::super::reduce::Situation;
use super::{Hint, Rule};

/// What is known of the records that a pipeline continues.
#[derive(Debug)]
pub(in crate::import::salesforce) struct Earlier {
    /// `Opportunity__c`
    lookup: String,
    /// `Opportunity__r.`
    relation: String,
    stage_field: &'static str,
    values: Vec<String>,
    record_type: Option<(String, String)>,
    fields: Fields,
}

/// What the move out of a stage of the earlier record asks.
#[derive(Clone, Debug)]
pub(in crate::import::salesforce) struct Born {
    /// The stage of the earlier record.
    pub(in crate::import::salesforce) from: usize,
    /// The stage of the new one.
    pub(in crate::import::salesforce) to: usize,
    /// Of an exit criterion, its name; else it is the condition of the move.
    pub(in crate::import::salesforce) exit: Option<String>,
    pub(in crate::import::salesforce) cond: Cond,
    pub(in crate::import::salesforce) text: String,
    /// The text in other languages.
    pub(in crate::import::salesforce) texts: Said,
}

impl Earlier {
    /// The records of `parent`, as those of `line` see them; none without a lookup.
    pub(in crate::import::salesforce) fn of(line: &Line, parent: &Line) -> Option<Self> {
        let points = |(target, continues): &(String, bool)| *continues && *target == parent.object;
        let lookup = line.fields.0.iter().find(|f| f.points_to.as_ref().is_some_and(points))?;
        Some(Self {
            relation: format!("{}__r.", lookup.api.strip_suffix("__c")?),
            lookup: lookup.api.clone(),
            stage_field: parent.stage_field,
            values: parent.states.iter().map(|state| state.value.clone()).collect(),
            record_type: parent.record_type.clone(),
            fields: parent.fields.clone(),
        })
    }

    /// The name of a field of the earlier record, if it is one.
    fn own<'n>(&self, name: &'n str) -> Option<&'n str> {
        let start = name.get(..self.relation.len())?;
        let is_it = start.eq_ignore_ascii_case(&self.relation);
        is_it.then(|| name.get(self.relation.len()..)).flatten()
    }

    /// The formula for an earlier record in this stage; none: for a record without an earlier one.
    fn known(&self, node: &Node, stage: Option<&str>) -> Node {
        match node {
            Node::Field(name) => {
                let own = self.own(name).map(str::to_ascii_lowercase);
                match (own.as_deref(), &self.record_type) {
                    (Some(own), _) if own.eq_ignore_ascii_case(self.stage_field) => {
                        Node::Picked(stage.unwrap_or_default().to_owned())
                    }
                    (Some("recordtype.developername" | "recordtype.name"), _)
                        if stage.is_none() =>
                    {
                        Node::Text(String::new())
                    }
                    (Some("recordtype.developername"), Some((name, _))) => Node::Text(name.clone()),
                    (Some("recordtype.name"), Some((_, label))) => Node::Text(label.clone()),
                    _ => node.clone(),
                }
            }
            Node::Call(name, parts) => match (name.as_str(), parts.as_slice()) {
                ("ISBLANK" | "ISNULL", [Node::Field(field)])
                    if field.eq_ignore_ascii_case(&self.lookup) =>
                {
                    Node::Bool(stage.is_none())
                }
                _ => {
                    let parts = parts.iter().map(|part| self.known(part, stage)).collect();
                    Node::Call(name.clone(), parts)
                }
            },
            Node::Binary(op, a, b) => {
                Node::Binary(*op, Box::new(self.known(a, stage)), Box::new(self.known(b, stage)))
            }
            _ => node.clone(),
        }
    }

    /// The formula as the earlier record itself would say it; whether it reads that record, and whether
    /// it reads any other field.
    fn said(&self, node: &Node) -> (Node, bool, bool) {
        let (mut own, mut others) = (false, false);
        node.walk(&mut |part| {
            if let Node::Field(name) = part {
                match self.own(name) {
                    Some(_) => own = true,
                    None => others = true,
                }
            }
        });
        (self.bare(node), own, others)
    }

    fn bare(&self, node: &Node) -> Node {
        match node {
            Node::Field(name) => Node::Field(self.own(name).unwrap_or(name).to_owned()),
            Node::Call(name, parts) => {
                Node::Call(name.clone(), parts.iter().map(|part| self.bare(part)).collect())
            }
            Node::Binary(op, a, b) => {
                Node::Binary(*op, Box::new(self.bare(a)), Box::new(self.bare(b)))
            }
            _ => node.clone(),
        }
    }
}

/// What a rule does with a record that continues another.
struct Asked {
    /// The stage of the new record.
    to: usize,
    /// What it does where no record is continued.
    alone: Node,
    /// What it does, by the stage of the earlier record.
    behind: Vec<Node>,
}

/// What a rule does in every stage that a new record may begin in.
fn ask<'l>(line: &'l Line, node: &Node, earlier: &Earlier) -> impl Iterator<Item = Asked> + 'l {
    let alone = earlier.known(node, None);
    let behind: Vec<Node> =
        earlier.values.iter().map(|value| earlier.known(node, Some(value))).collect();
    let record_type = line.record_type.as_ref();
    let record_type = record_type.map(|(name, label)| (name.as_str(), label.as_str()));
    line.states.iter().map(StageState::state).enumerate().map(move |(to, state)| {
        let situation = Situation {
            stage_field: line.stage_field,
            from: None,
            to: state,
            record_type,
            privileged: false,
            retyped: false,
        };
        Asked {
            to,
            alone: situation.reduce(&alone),
            behind: behind.iter().map(|known| situation.reduce(known)).collect(),
        }
    })
}

/// Reads from which stages records are continued. Every rule is asked this before any is asked what it
/// demands, for what holds only of a way that is closed is not to be told. Gives whether the rule says so.
pub(super) fn origins(line: &mut Line, node: &Node, earlier: &Earlier) -> bool {
    let refuses = |node: &Node| *node == Node::Bool(true);
    let mut found: Vec<(usize, bool, Vec<usize>)> = Vec::new();
    for Asked { to, alone, behind } in ask(line, node, earlier) {
        let open = behind.iter().enumerate().filter(|(_, node)| !refuses(node));
        let open: Vec<usize> = open.map(|(from, _)| from).collect();
        // Refused from everywhere, a stage is none in which records are continued: that says nothing here.
        if !open.is_empty() && open.len() < behind.len() {
            found.push((to, refuses(&alone), open));
        }
    }
    let says = !found.is_empty();
    for (to, bound, open) in found {
        if bound {
            line.bound.push(to);
        }
        match line.origins.iter_mut().find(|(stage, _)| *stage == to) {
            Some((_, from)) => from.retain(|from| open.contains(from)),
            None => line.origins.push((to, open)),
        }
    }
    says
}

/// Reads what a rule demands of records that continue others; `says` tells whether it has said which are
/// continued. Gives what is left of it for records of this pipeline alone, if it asks those.
pub(super) fn take(
    line: &mut Line,
    rule: &mut Rule,
    node: &Node,
    earlier: &Earlier,
    says: bool,
    report: &mut Report,
) -> Option<Node> {
    let mut born: Vec<Born> = Vec::new();
    let mut rest: Option<Node> = None;
    let together = "it asks this record and the one that it continues together";
    for Asked { to, behind, .. } in ask(line, node, earlier) {
        let origins = line.origins.iter().find(|(stage, _)| *stage == to).map(|(_, from)| from);
        let may = |from: &usize| origins.is_none_or(|open| open.contains(from));
        let lefts: Vec<(usize, Node)> =
            behind.into_iter().enumerate().filter(|(from, _)| may(from)).collect();
        let own = |left: &Node| !matches!(left, Node::Bool(_)) && !earlier.said(left).1;
        if lefts.iter().any(|(_, left)| own(left)) {
            // It is about the new record, if it is the same wherever the earlier one may be.
            if lefts.windows(2).any(|pair| matches!(pair, [(_, a), (_, b)] if a != b)) {
                rule.because(together);
                return None;
            }
            let (from, _) = lefts.first()?;
            rest = earlier.values.get(*from).map(|value| earlier.known(node, Some(value)));
            continue;
        }
        for (from, left) in lefts {
            if matches!(left, Node::Bool(_)) {
                continue;
            }
            let (said, _, others) = earlier.said(&left);
            if others {
                rule.because(together);
                continue;
            }
            match read(&said, &earlier.fields) {
                Ok(Read { passes: Cond::Bool(_), .. }) => {}
                Ok(Read { passes: cond, .. }) => {
                    let exit = match &rule.hint {
                        Some(Hint::Exit(name)) => Some(name.clone()),
                        _ => None,
                    };
                    let (text, texts) = (rule.message.clone(), rule.messages.clone());
                    born.push(Born { from, to, exit, cond, text, texts });
                }
                Err(why) => rule.because(why),
            }
        }
    }
    if says || !born.is_empty() {
        rule.used = true;
        let what = match born.first() {
            Some(Born { exit: Some(name), .. }) => {
                format!("is the exit criterion {} of the record that is continued", code(name))
            }
            Some(_) => "is a condition of the move of the record that is continued".to_owned(),
            None => "says which records are continued".to_owned(),
        };
        report.understood(rule.place.to_string(), format!("the rule {} {what}", code(&rule.name)));
    } else if rest.is_none() && rule.why.is_empty() {
        rule.because("it asks the record that this one continues");
    }
    line.born.extend(born);
    rest
}
