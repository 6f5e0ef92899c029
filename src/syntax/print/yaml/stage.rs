//! Stages and fields in YAML.

use crate::syntax::ast::{self, FieldType, TransitionDecl, TransitionEnds, TransitionKind};

use super::super::clause::{field_type, limit_terms, refusal};
use super::super::expr::expr;
use super::super::literal::{clock, duration, literal};
use super::Printer;
use super::document::{Entry, Node};
use super::parts::{Body, labels, names, raw, title, title_entry, word};

impl Printer<'_> {
    pub(super) fn stage(&self, decl: &ast::StageDecl) -> Vec<Entry> {
        let mut body = Body::new(self.language);
        body.text("title", decl.title.as_ref());
        if let Some(record) = &decl.record {
            body.word("record", record);
        }
        if let Some(entry) = &decl.entry {
            let value = if entry.sources.is_empty() {
                Node::Raw("true".to_owned())
            } else {
                Node::Map(vec![Entry::new(None, "from", labels(&entry.sources, self.language))])
            };
            body.put_flow(entry.span, "entry", value);
        }
        body.names("owner", &decl.owners);
        body.names("support", &decl.support);
        body.text("purpose", decl.purpose.as_ref());
        body.text("next", decl.next.as_ref());
        body.labels("channels", &decl.channels);
        body.labels("content", &decl.content);
        if let Some(first) = decl.collect.first() {
            body.put(first.span, "collect", paths(&decl.collect));
        }
        if let Some(limit) = &decl.limit {
            body.put(limit.span, "limit", Node::Text(limit_terms(limit)));
        }
        for (key, criteria) in [("exit", &decl.exit), ("enter", &decl.enter)] {
            if let Some(first) = criteria.first() {
                let all = criteria.iter().map(|criterion| self.criterion(criterion)).collect();
                body.put(first.span, key, Node::Map(all));
            }
        }
        self.transitions(&mut body, &decl.transitions);
        if let Some(outcome) = decl.outcome {
            body.put(outcome.span, "outcome", word(outcome.value.word()));
        }
        if let Some(span) = decl.is_final {
            body.put(span, "final", Node::Raw("true".to_owned()));
        }
        if let Some(probability) = decl.probability {
            body.put(
                probability.span,
                "probability",
                Node::Text(format!("{}%", probability.value)),
            );
        }
        if let Some(first) = decl.forecast.first() {
            let words = decl.forecast.iter().map(|forecast| word(forecast.value.word()));
            body.put(first.span, "forecast", one_or_list(words.collect()));
        }
        let starts: Vec<Node> = decl
            .starts
            .iter()
            .map(|starts| Node::Text(format!("{} at {}", starts.record, starts.at)))
            .collect();
        if let Some(first) = decl.starts.first() {
            body.put(first.record.span, "starts", one_or_list(starts));
        }
        if let Some(status) = decl.status {
            body.put(status.span, "status", word(status.value.word()));
        }
        body.names("was", &decl.was);
        body.waivers(&decl.waivers);
        body.sorted()
    }

    fn criterion(&self, criterion: &ast::Criterion) -> Entry {
        let mut entries = Vec::new();
        entries.extend(title_entry(Some(&criterion.title), self.language));
        entries.push(Entry::new(
            Some(criterion.condition.span),
            "when",
            Node::Text(expr(&criterion.condition)),
        ));
        if let Some(applies) = &criterion.applies {
            entries.push(Entry::new(Some(applies.span), "if", Node::Text(expr(applies))));
        }
        if let Some(evidence) = &criterion.evidence {
            entries.push(Entry::new(Some(evidence.span), "evidence", word(&evidence.text)));
        }
        if let Some(first) = criterion.was.first() {
            entries.push(Entry::new(Some(first.span), "was", names(&criterion.was)));
        }
        Entry::new(Some(criterion.name.span), &criterion.name.text, Node::Map(entries)).flow()
    }

    /// By kind where each kind stands together; else in one list, for their order has a meaning.
    fn transitions(&self, body: &mut Body<'_>, transitions: &[TransitionDecl]) {
        let mut runs: Vec<(&'static str, Vec<&TransitionDecl>)> = Vec::new();
        for transition in transitions {
            let key = key(transition);
            match runs.last_mut() {
                Some((last, run)) if *last == key => run.push(transition),
                _ => runs.push((key, vec![transition])),
            }
        }
        let mut keys: Vec<&str> = runs.iter().map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.len() == runs.len() {
            for (key, run) in runs {
                let Some(first) = run.first() else { continue };
                let nodes = run.iter().map(|transition| self.transition(transition)).collect();
                body.put(first.span, key, one_or_list(nodes));
            }
            return;
        }
        let nodes = transitions
            .iter()
            .map(|transition| {
                Node::Map(vec![Entry::new(None, key(transition), self.transition(transition))])
            })
            .collect();
        if let Some(first) = transitions.first() {
            body.put(first.span, "transitions", Node::List(nodes));
        }
    }

    /// As the DSL writes it when it is short, spread out when it has terms.
    fn transition(&self, transition: &TransitionDecl) -> Node {
        let mut entries: Vec<Entry> = Vec::new();
        match &transition.ends {
            TransitionEnds::To(to) => entries.push(Entry::new(None, "to", word(&to.text))),
            TransitionEnds::FromAnyOpen { record, except } => {
                entries.push(Entry::new(None, "of", word(&record.text)));
                if !except.is_empty() {
                    entries.push(Entry::new(None, "except", names(except)));
                }
                if let Some(kind) = transition.kind {
                    entries.push(Entry::new(None, "kind", word(kind.word())));
                }
            }
        }
        entries.extend(title_entry(transition.title.as_ref(), self.language));
        match transition.when.as_slice() {
            [] => {}
            // Several conditions on one move all hold: one condition, joined.
            all => {
                let joined: Vec<String> = all.iter().map(joinable).collect();
                entries.push(Entry::new(None, "when", Node::Text(joined.join(" and "))));
            }
        }
        if let Some(after) = &transition.after {
            entries.push(Entry::new(None, "after", Node::Text(clock(after))));
        }
        if let Some(count) = transition.at_most {
            entries.push(Entry::new(None, "at_most", raw(count.value)));
        }
        if let Some(handoff) = &transition.handoff {
            entries.push(Entry::new(Some(handoff.span), "handoff", self.handoff(handoff)).flow());
        }
        match entries.as_slice() {
            [Entry { key, value, .. }] if key == "to" || key == "of" => value.clone(),
            _ => Node::Map(entries),
        }
    }

    fn handoff(&self, handoff: &ast::HandoffDecl) -> Node {
        let mut entries = Vec::new();
        if let Some(within) = &handoff.within {
            entries.push(Entry::new(None, "within", Node::Text(duration(&within.value))));
        }
        if !handoff.carries.is_empty() {
            entries.push(Entry::new(None, "carries", paths(&handoff.carries)));
        }
        if let Some(accept) = &handoff.accept {
            let mut terms = vec![Entry::new(None, "when", Node::Text(expr(&accept.when)))];
            if let Some(otherwise) = &accept.otherwise {
                terms.push(Entry::new(None, "else", Node::Text(refusal(otherwise))));
            }
            entries.push(Entry::new(None, "accept", Node::Map(terms)).flow());
        }
        if entries.is_empty() { Node::Raw("true".to_owned()) } else { Node::Map(entries) }
    }

    pub(super) fn field(&self, field: &ast::FieldDecl) -> Entry {
        let mut entries = Vec::new();
        match &field.ty.value {
            FieldType::OneOf(options) => {
                entries.push(Entry::new(None, "one_of", self.options(options)));
            }
            FieldType::ManyOf(options) => {
                entries.push(Entry::new(None, "many_of", self.options(options)));
            }
            scalar => entries.push(Entry::new(None, "type", Node::Text(field_type(scalar, 0)))),
        }
        entries.extend(title_entry(field.title.as_ref(), self.language));
        for (key, bound) in [("at_least", &field.at_least), ("at_most", &field.at_most)] {
            if let Some(bound) = bound {
                let text = literal(&bound.value);
                let node = match bound.value {
                    ast::Literal::Number(number) => Node::Raw(number.to_string()),
                    _ => Node::Text(text),
                };
                entries.push(Entry::new(Some(bound.span), key, node));
            }
        }
        for (key, flag) in [("required", field.required), ("unique", field.unique)] {
            if let Some(span) = flag {
                entries.push(Entry::new(Some(span), key, Node::Raw("true".to_owned())));
            }
        }
        if let Some(help) = &field.help {
            entries.push(Entry::new(Some(help.span), "help", title(help, self.language)).flow());
        }
        if let Some(first) = field.was.first() {
            entries.push(Entry::new(Some(first.span), "was", names(&field.was)));
        }
        let value = match entries.as_slice() {
            [Entry { key, value, .. }] if key == "type" => value.clone(),
            _ => Node::Map(entries),
        };
        Entry::new(Some(field.name.span), &field.name.text, value).flow()
    }

    /// Names alone as a list, named ones with their titles.
    fn options(&self, options: &[ast::OptionDecl]) -> Node {
        if options.iter().all(|option| option.title.is_none() && option.was.is_empty()) {
            return Node::List(options.iter().map(|option| word(&option.name.text)).collect());
        }
        let entries = options
            .iter()
            .map(|option| {
                let mut inner = Vec::new();
                inner.extend(title_entry(option.title.as_ref(), self.language));
                if let Some(first) = option.was.first() {
                    inner.push(Entry::new(Some(first.span), "was", names(&option.was)));
                }
                Entry::new(Some(option.name.span), &option.name.text, Node::Map(inner)).flow()
            })
            .collect();
        Node::Map(entries)
    }
}

fn key(transition: &TransitionDecl) -> &'static str {
    match (&transition.ends, transition.kind) {
        (TransitionEnds::FromAnyOpen { .. }, _) => "from_any_open",
        (_, kind) => kind.unwrap_or(TransitionKind::Advance).word(),
    }
}

fn joinable(condition: &ast::Expr) -> String {
    let text = expr(condition);
    if matches!(condition.kind, ast::ExprKind::Or(_)) { format!("({text})") } else { text }
}

fn one_or_list(mut nodes: Vec<Node>) -> Node {
    match nodes.len() {
        1 => nodes.pop().unwrap_or(Node::List(Vec::new())),
        _ => Node::List(nodes),
    }
}

fn paths(paths: &[ast::Path]) -> Node {
    Node::List(paths.iter().map(|path| word(&path.dotted())).collect())
}
