//! A syntax tree in YAML.

mod document;
mod parts;
mod stage;

use crate::source::Span;
use crate::syntax::ast::{self, Comment, Item, Name};

use super::clause::{grade_band, hours, measure_terms, points_line, target_terms};
use super::expr::expr;
use super::lines::{Line, with_comments};
use super::literal::every;
use document::{Entry, Node};
use parts::{Body, raw, title_entry, word};

/// The file in YAML. `language` is that of its untagged texts: the first one of the process.
///
/// Declarations are grouped by kind, as YAML asks; within a kind they keep their order, and so do
/// the properties of each. A comment stays with its declaration.
pub fn yaml(file: &ast::File, language: &str) -> String {
    let mut kinds: Vec<(&'static str, Vec<usize>)> = Vec::new();
    for (index, item) in file.items.iter().enumerate() {
        let kind = kind(item);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, items)) => items.push(index),
            None => kinds.push((kind, vec![index])),
        }
    }
    let comments = comments_by_item(file);
    let mut out = String::new();
    for (kind, items) in kinds {
        if !out.is_empty() {
            out.push('\n');
        }
        let list = kind == "retired";
        if kind != "process" {
            out.push_str(&format!("{kind}:\n"));
        }
        for (position, index) in items.iter().enumerate() {
            let Some(item) = file.items.get(*index) else { continue };
            if position > 0 && !list {
                out.push('\n');
            }
            let own = comments.get(*index).map(Vec::as_slice).unwrap_or_default();
            out.push_str(&print_item(item, own, language));
        }
    }
    let rest = comments.last().map(Vec::as_slice).unwrap_or_default();
    out.push_str(&with_comments(&[], rest.iter().copied()));
    out
}

/// For each item the comments in it and above it; last, those behind all items.
fn comments_by_item(file: &ast::File) -> Vec<Vec<&Comment>> {
    let mut lists: Vec<Vec<&Comment>> = vec![Vec::new(); file.items.len() + 1];
    let mut item = 0;
    for comment in &file.comments {
        // A comment beside the last line of an item still belongs to it.
        while let Some(current) = file.items.get(item)
            && comment.span.start >= current.span().end
            && (comment.own_line
                || file
                    .items
                    .get(item + 1)
                    .is_some_and(|next| next.span().start < comment.span.start))
        {
            item += 1;
        }
        if let Some(list) = lists.get_mut(item) {
            list.push(comment);
        }
    }
    lists
}

fn kind(item: &Item) -> &'static str {
    match item {
        Item::Process(_) => "process",
        Item::Team(_) => "teams",
        Item::Record(_) => "records",
        Item::Stage(_) => "stages",
        Item::Goal(_) => "goals",
        Item::Feedback(_) => "feedback",
        Item::Score(_) => "scores",
        Item::Route(_) => "routes",
        Item::Term(_) => "terms",
        Item::Play(_) => "plays",
        Item::Retired(_) => "retired",
    }
}

fn print_item(item: &Item, comments: &[&Comment], language: &str) -> String {
    let printer = Printer { language };
    let (at, key, mut body) = match item {
        Item::Process(decl) => (decl.name.span, "process".to_owned(), printer.process(decl)),
        Item::Team(decl) => printer.named(&decl.name, printer.team(decl)),
        Item::Record(decl) => printer.named(&decl.name, printer.record(decl)),
        Item::Stage(decl) => printer.named(&decl.name, printer.stage(decl)),
        Item::Goal(decl) => printer.named(&decl.name, printer.goal(decl)),
        Item::Feedback(decl) => printer.named(&decl.name, printer.feedback(decl)),
        Item::Score(decl) => printer.named(&decl.name, printer.score(decl)),
        Item::Route(decl) => printer.named(&decl.stage, printer.route(decl)),
        Item::Term(decl) => printer.named(&decl.name, printer.term(decl)),
        Item::Play(decl) => printer.named(&decl.name, printer.play(decl)),
        Item::Retired(decl) => return printer.retired(decl, comments),
    };
    // They stand in the head in the DSL: a comment behind its brace is one on the whole.
    let head: &[&str] = match item {
        Item::Process(_) => &["name", "title"],
        Item::Record(_) => &["title", "from"],
        Item::Score(_) => &["title", "of"],
        _ => &["title"],
    };
    for entry in body.iter_mut().filter(|entry| head.contains(&entry.key.as_str())) {
        entry.at = None;
    }
    let depth = usize::from(!matches!(item, Item::Process(_)));
    let mut lines: Vec<Line> = Vec::new();
    document::entries(&[Entry::new(Some(at), key, Node::Map(body))], depth, &mut lines);
    with_comments(&lines, comments.iter().copied())
}

/// Prints declarations of one file.
struct Printer<'l> {
    /// The language of untagged texts.
    language: &'l str,
}

impl Printer<'_> {
    fn named(&self, name: &Name, body: Vec<Entry>) -> (Span, String, Vec<Entry>) {
        (name.span, name.text.clone(), body)
    }

    fn process(&self, decl: &ast::ProcessDecl) -> Vec<Entry> {
        let mut body = Body::new(self.language);
        body.word("name", &decl.name);
        body.text("title", decl.title.as_ref());
        if let Some(version) = &decl.version {
            body.put(version.span, "version", Node::Text(version.value.clone()));
        }
        if let Some(day) = &decl.effective {
            body.put(day.span, "effective", Node::Raw(day.value.to_string()));
        }
        if let Some(currency) = &decl.currency {
            body.put(currency.span, "currency", Node::Text(currency.value.to_string()));
        }
        if let Some(zone) = &decl.timezone {
            body.put(zone.span, "timezone", Node::Text(zone.value.clone()));
        }
        if let Some(calendar) = &decl.calendar {
            body.put(calendar.span, "calendar", Node::Text(hours(calendar)));
        }
        body.names("languages", &decl.languages);
        body.text("about", decl.about.as_ref());
        if let Some(status) = &decl.status {
            body.put(status.span, "status", word(status.value.word()));
        }
        body.waivers(&decl.waivers);
        body.sorted()
    }

    fn team(&self, decl: &ast::TeamDecl) -> Vec<Entry> {
        let mut body = Body::new(self.language);
        body.text("title", decl.title.as_ref());
        body.text("mission", decl.mission.as_ref());
        let roles: Vec<Entry> = decl
            .roles
            .iter()
            .map(|role| {
                let mut inner = Body::new(self.language);
                inner.text("title", role.title.as_ref());
                if let Some(count) = role.headcount {
                    inner.put(count.span, "headcount", raw(count.value));
                }
                inner.names("was", &role.was);
                Entry::new(Some(role.name.span), &role.name.text, Node::Map(inner.sorted())).flow()
            })
            .collect();
        if let Some(first) = decl.roles.first() {
            body.put(first.name.span, "roles", Node::Map(roles));
        }
        body.names("was", &decl.was);
        body.waivers(&decl.waivers);
        body.sorted()
    }

    fn record(&self, decl: &ast::RecordDecl) -> Vec<Entry> {
        let mut body = Body::new(self.language);
        body.text("title", decl.title.as_ref());
        if let Some(from) = &decl.from {
            body.word("from", from);
        }
        body.text("about", decl.about.as_ref());
        let fields: Vec<Entry> = decl.fields.iter().map(|field| self.field(field)).collect();
        if let Some(first) = decl.fields.first() {
            body.put(first.name.span, "fields", Node::Map(fields));
        }
        body.names("was", &decl.was);
        body.waivers(&decl.waivers);
        body.sorted()
    }

    fn goal(&self, decl: &ast::GoalDecl) -> Vec<Entry> {
        let mut body = Body::new(self.language);
        body.text("title", decl.title.as_ref());
        let word = if decl.shared_by.len() == 1 { "owner" } else { "shared_by" };
        body.names(word, &decl.shared_by);
        if let Some(measure) = &decl.measure {
            body.put(measure.span, "measure", Node::Text(measure_terms(&measure.value)));
        }
        if let Some(target) = &decl.target {
            body.put(target.span, "target", Node::Text(target_terms(target)));
        }
        body.text("why", decl.why.as_ref());
        body.names("was", &decl.was);
        body.waivers(&decl.waivers);
        body.sorted()
    }

    fn feedback(&self, decl: &ast::FeedbackDecl) -> Vec<Entry> {
        let mut body = Body::new(self.language);
        body.text("title", decl.title.as_ref());
        body.names("from", &decl.from);
        body.names("to", &decl.to);
        if let Some(rhythm) = &decl.every {
            body.put(rhythm.span, "every", Node::Text(every(&rhythm.value)));
        }
        body.text("about", decl.about.as_ref());
        body.names("was", &decl.was);
        body.waivers(&decl.waivers);
        body.sorted()
    }

    fn score(&self, decl: &ast::ScoreDecl) -> Vec<Entry> {
        let mut body = Body::new(self.language);
        body.text("title", decl.title.as_ref());
        body.word("of", &decl.of);
        body.text("about", decl.about.as_ref());
        let grouped = decl.points.is_sorted_by_key(|points| points.category);
        let line = |points: &ast::PointsDecl| points_line(points, 0);
        if grouped {
            for category in [ast::Category::Fit, ast::Category::Behavior] {
                let rules: Vec<&ast::PointsDecl> =
                    decl.points.iter().filter(|points| points.category == category).collect();
                if let Some(first) = rules.first() {
                    let rules: Vec<Node> = rules
                        .iter()
                        .map(|points| {
                            let text = line(points);
                            let bare = text.strip_prefix(category.word()).unwrap_or(&text);
                            Node::Text(bare.trim_start().to_owned())
                        })
                        .collect();
                    body.put(first.span, category.word(), Node::List(rules));
                }
            }
        } else if let Some(first) = decl.points.first() {
            let rules = decl.points.iter().map(|points| Node::Text(line(points))).collect();
            body.put(first.span, "points", Node::List(rules));
        }
        let caps: Vec<Entry> = decl
            .caps
            .iter()
            .map(|cap| {
                let key = cap.category.map_or("total", ast::Category::word);
                Entry::new(Some(cap.span), key, raw(cap.at.value))
            })
            .collect();
        if let Some(first) = decl.caps.first() {
            body.put_flow(first.span, "cap", Node::Map(caps));
        }
        let weights: Vec<Entry> = decl
            .weights
            .iter()
            .map(|weight| {
                let percent = Node::Text(format!("{}%", weight.percent.value));
                Entry::new(Some(weight.span), weight.category.word(), percent)
            })
            .collect();
        if let Some(first) = decl.weights.first() {
            body.put_flow(first.span, "weight", Node::Map(weights));
        }
        if let Some(first) = decl.grades.first() {
            let bands: Vec<String> = decl.grades.iter().map(|grade| grade_band(grade, 0)).collect();
            body.put(first.name.span, "grade", Node::Text(bands.join(", ")));
        }
        body.names("was", &decl.was);
        body.waivers(&decl.waivers);
        body.sorted()
    }

    fn route(&self, decl: &ast::RouteDecl) -> Vec<Entry> {
        let mut body = Body::new(self.language);
        body.text("title", decl.title.as_ref());
        let target = |to: &ast::RouteTarget, into: &mut Vec<Entry>| {
            into.push(Entry::new(None, "to", word(&to.name.text)));
            into.extend(title_entry(to.title.as_ref(), self.language));
        };
        let cases: Vec<Node> = decl
            .cases
            .iter()
            .map(|case| {
                let mut entries = vec![Entry::new(None, "when", Node::Text(expr(&case.when)))];
                target(&case.to, &mut entries);
                Node::Map(entries)
            })
            .collect();
        if let Some(first) = decl.cases.first() {
            body.put(first.span, "cases", Node::List(cases));
        }
        if let Some(otherwise) = &decl.otherwise {
            let value = if otherwise.title.is_none() {
                word(&otherwise.name.text)
            } else {
                let mut entries = Vec::new();
                target(otherwise, &mut entries);
                Node::Map(entries)
            };
            body.put_flow(otherwise.name.span, "otherwise", value);
        }
        body.names("was", &decl.was);
        body.waivers(&decl.waivers);
        body.sorted()
    }

    fn term(&self, decl: &ast::TermDecl) -> Vec<Entry> {
        let mut body = Body::new(self.language);
        body.text("title", decl.title.as_ref());
        body.text("means", decl.means.as_ref());
        body.names("see", &decl.see);
        body.labels("also", &decl.also);
        body.names("was", &decl.was);
        body.waivers(&decl.waivers);
        body.sorted()
    }

    fn play(&self, decl: &ast::PlayDecl) -> Vec<Entry> {
        let mut body = Body::new(self.language);
        body.text("title", decl.title.as_ref());
        body.names("for", &decl.stages);
        body.names("by", &decl.by);
        if let Some(when) = &decl.when {
            body.put(when.span, "when", Node::Text(expr(when)));
        }
        body.text("steps", decl.steps.as_ref());
        body.text("about", decl.about.as_ref());
        body.names("was", &decl.was);
        body.waivers(&decl.waivers);
        body.sorted()
    }

    fn retired(&self, decl: &ast::RetiredDecl, comments: &[&Comment]) -> String {
        let mut entries = vec![Entry::new(None, decl.kind.value.word(), word(&decl.name.dotted()))];
        let successors: Vec<Node> = decl
            .into
            .iter()
            .map(|successor| match &successor.when {
                None => word(&successor.to.dotted()),
                Some(when) => Node::Text(format!("{} when {}", successor.to.dotted(), expr(when))),
            })
            .collect();
        match successors.as_slice() {
            [] => {}
            [one] => entries.push(Entry::new(None, "into", one.clone())),
            _ => entries.push(Entry::new(None, "into", Node::List(successors))),
        }
        if let Some(since) = decl.since {
            entries.push(Entry::new(None, "since", Node::Raw(since.value.to_string())));
        }
        let mut lines = Vec::new();
        document::list_item(&Node::Map(entries), 1, &mut lines);
        if let Some(line) = lines.first_mut() {
            line.at = Some(decl.span);
        }
        with_comments(&lines, comments.iter().copied())
    }
}
