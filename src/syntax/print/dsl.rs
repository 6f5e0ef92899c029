//! A syntax tree in the DSL.

use crate::source::{FileId, Span};
use crate::syntax::ast::{self, Item, Name};
use crate::syntax::format;

use super::clause::{
    field_line, grade_band, hours, label_span, limit_terms, list, measure_terms, points_line,
    target_terms, transition_line, was_clause,
};
use super::expr::expr;
use super::lines::{Line, with_comments};
use super::literal::{every, labels, paths, quoted, text};

/// The file in the DSL, formatted.
pub fn dsl(file: &ast::File) -> String {
    let mut writer = Writer { lines: Vec::new(), depth: 0 };
    for item in &file.items {
        if !writer.lines.is_empty() {
            writer.lines.push(Line::new(None, 0, ""));
        }
        writer.item(item);
    }
    let rough = with_comments(&writer.lines, &file.comments);
    // The rough text differs from the formatted one in white space only; if the formatter cannot
    // read it, it is still the right text.
    format::format(FileId(0), &rough).unwrap_or(rough)
}

struct Writer {
    lines: Vec<Line>,
    depth: usize,
}

impl Writer {
    fn indent(&self) -> usize {
        self.depth * 2
    }

    fn line(&mut self, at: Span, text: impl Into<String>) {
        self.lines.push(Line::new(Some(at), self.depth, text));
    }

    fn open(&mut self, at: Span, head: impl Into<String>) {
        let mut head = head.into();
        head.push_str(" {");
        self.line(at, head);
        self.depth += 1;
    }

    /// Closes what was opened; `whole` is the declaration.
    fn close(&mut self, whole: Span) {
        self.depth -= 1;
        let brace = Span { start: whole.end.saturating_sub(1), ..whole };
        self.lines.push(Line::new(Some(brace), self.depth, "}"));
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Process(decl) => self.process(decl),
            Item::Team(decl) => self.team(decl),
            Item::Record(decl) => self.record(decl),
            Item::Stage(decl) => self.stage(decl),
            Item::Goal(decl) => self.goal(decl),
            Item::Feedback(decl) => self.feedback(decl),
            Item::Score(decl) => self.score(decl),
            Item::Route(decl) => self.route(decl),
            Item::Term(decl) => self.term(decl),
            Item::Play(decl) => self.play(decl),
            Item::Retired(decl) => self.retired(decl),
        }
    }

    fn head(&self, word: &str, name: &Name, title: Option<&ast::Text>) -> String {
        let title =
            title.map_or_else(String::new, |title| format!(" {}", text(title, self.indent())));
        format!("{word} {name}{title}")
    }

    /// Properties sorted into the order in which they were written.
    fn properties(&mut self, mut properties: Vec<(Span, Property<'_>)>) {
        properties.sort_by_key(|(span, _)| span.start);
        for (span, property) in properties {
            match property {
                Property::Line(text) => self.line(span, text),
                Property::Criteria(word, criteria) => {
                    self.open(span, format!("{word} when"));
                    for criterion in criteria {
                        let line = self.criterion(criterion);
                        self.line(criterion.span, line);
                    }
                    // The tree does not tell where their brace was, if there was one.
                    self.depth -= 1;
                    self.lines.push(Line::new(None, self.depth, "}"));
                }
            }
        }
    }

    fn process(&mut self, decl: &ast::ProcessDecl) {
        self.open(decl.span, self.head("process", &decl.name, decl.title.as_ref()));
        let mut all = Vec::new();
        if let Some(version) = &decl.version {
            all.push((version.span, Property::Line(format!("version {}", quoted(&version.value)))));
        }
        if let Some(day) = &decl.effective {
            all.push((day.span, Property::Line(format!("effective {}", day.value))));
        }
        if let Some(currency) = &decl.currency {
            all.push((currency.span, Property::Line(format!("currency {}", currency.value))));
        }
        if let Some(zone) = &decl.timezone {
            all.push((zone.span, Property::Line(format!("timezone {}", quoted(&zone.value)))));
        }
        if let Some(calendar) = &decl.calendar {
            all.push((calendar.span, Property::Line(format!("calendar {}", hours(calendar)))));
        }
        if let Some(first) = decl.languages.first() {
            all.push((first.span, Property::Line(format!("languages {}", list(&decl.languages)))));
        }
        self.text_property(&mut all, "about", decl.about.as_ref());
        if let Some(status) = &decl.status {
            all.push((status.span, Property::Line(format!("status {}", status.value.word()))));
        }
        self.waivers(&mut all, &decl.waivers);
        self.properties(all);
        self.close(decl.span);
    }

    fn team(&mut self, decl: &ast::TeamDecl) {
        self.open(decl.name.span, self.head("team", &decl.name, decl.title.as_ref()));
        let mut all = Vec::new();
        self.text_property(&mut all, "mission", decl.mission.as_ref());
        for role in &decl.roles {
            let mut line = self.head("role", &role.name, role.title.as_ref());
            if let Some(count) = role.headcount {
                line.push_str(&format!(" headcount {}", count.value));
            }
            line.push_str(&was_clause(&role.was));
            all.push((role.span, Property::Line(line)));
        }
        // Behind a role, `was` would be the role's own.
        self.was(&mut all, decl.name.span, &decl.was);
        self.waivers(&mut all, &decl.waivers);
        self.properties(all);
        self.close(decl.span);
    }

    fn record(&mut self, decl: &ast::RecordDecl) {
        let mut head = self.head("record", &decl.name, decl.title.as_ref());
        if let Some(from) = &decl.from {
            head.push_str(&format!(" from {from}"));
        }
        self.open(decl.name.span, head);
        let mut all = Vec::new();
        self.text_property(&mut all, "about", decl.about.as_ref());
        for field in &decl.fields {
            let line = field_line(field, self.indent());
            all.push((field.span, Property::Line(line)));
        }
        // Behind a field, `was` would be the field's own.
        self.was(&mut all, decl.name.span, &decl.was);
        self.waivers(&mut all, &decl.waivers);
        self.properties(all);
        self.close(decl.span);
    }

    fn stage(&mut self, decl: &ast::StageDecl) {
        self.open(decl.name.span, self.head("stage", &decl.name, decl.title.as_ref()));
        let mut all = Vec::new();
        let indent = self.indent();
        if let Some(record) = &decl.record {
            all.push((record.span, Property::Line(format!("record {record}"))));
        }
        if let Some(entry) = &decl.entry {
            let from = if entry.sources.is_empty() {
                String::new()
            } else {
                format!(" from {}", labels(&entry.sources, indent))
            };
            all.push((entry.span, Property::Line(format!("entry{from}"))));
        }
        for owner in &decl.owners {
            all.push((owner.span, Property::Line(format!("owner {owner}"))));
        }
        if let Some(first) = decl.support.first() {
            all.push((first.span, Property::Line(format!("support {}", list(&decl.support)))));
        }
        self.text_property(&mut all, "purpose", decl.purpose.as_ref());
        self.text_property(&mut all, "next", decl.next.as_ref());
        for (word, values) in [("channels", &decl.channels), ("content", &decl.content)] {
            if let Some(first) = values.first() {
                let line = format!("{word} {}", labels(values, indent));
                all.push((label_span(first), Property::Line(line)));
            }
        }
        if let Some(first) = decl.collect.first() {
            all.push((first.span, Property::Line(format!("collect {}", paths(&decl.collect)))));
        }
        if let Some(limit) = &decl.limit {
            all.push((limit.span, Property::Line(format!("limit {}", limit_terms(limit)))));
        }
        for (word, criteria) in [("exit", &decl.exit), ("enter", &decl.enter)] {
            if let Some(first) = criteria.first() {
                all.push((first.span, Property::Criteria(word, criteria)));
            }
        }
        for transition in &decl.transitions {
            all.push((transition.span, Property::Line(transition_line(transition, indent))));
        }
        if let Some(outcome) = decl.outcome {
            all.push((outcome.span, Property::Line(format!("outcome {}", outcome.value.word()))));
        }
        if let Some(span) = decl.is_final {
            all.push((span, Property::Line("final".to_owned())));
        }
        if let Some(probability) = decl.probability {
            all.push((
                probability.span,
                Property::Line(format!("probability {}%", probability.value)),
            ));
        }
        if let Some(first) = decl.forecast.first() {
            let words: Vec<&str> =
                decl.forecast.iter().map(|forecast| forecast.value.word()).collect();
            let line = match words.as_slice() {
                [one] => format!("forecast {one}"),
                many => format!("forecast [{}]", many.join(", ")),
            };
            all.push((first.span, Property::Line(line)));
        }
        for starts in &decl.starts {
            let line = format!("starts {} at {}", starts.record, starts.at);
            all.push((starts.record.span, Property::Line(line)));
        }
        if let Some(status) = decl.status {
            all.push((status.span, Property::Line(format!("status {}", status.value.word()))));
        }
        self.common(&mut all, &decl.was, &decl.waivers);
        self.properties(all);
        self.close(decl.span);
    }

    fn criterion(&self, criterion: &ast::Criterion) -> String {
        let mut line = format!(
            "{} {} {}",
            criterion.name,
            text(&criterion.title, self.indent()),
            expr(&criterion.condition)
        );
        if let Some(applies) = &criterion.applies {
            line.push_str(&format!(" if {}", expr(applies)));
        }
        if let Some(evidence) = &criterion.evidence {
            line.push_str(&format!(" evidence {evidence}"));
        }
        line.push_str(&was_clause(&criterion.was));
        line
    }

    fn goal(&mut self, decl: &ast::GoalDecl) {
        self.open(decl.name.span, self.head("goal", &decl.name, decl.title.as_ref()));
        let mut all = Vec::new();
        if let Some(first) = decl.shared_by.first() {
            let line = match decl.shared_by.as_slice() {
                [one] => format!("owner {one}"),
                many => format!("shared by {}", list(many)),
            };
            all.push((first.span, Property::Line(line)));
        }
        if let Some(measure) = &decl.measure {
            all.push((
                measure.span,
                Property::Line(format!("measure {}", measure_terms(&measure.value))),
            ));
        }
        if let Some(target) = &decl.target {
            all.push((target.span, Property::Line(format!("target {}", target_terms(target)))));
        }
        self.text_property(&mut all, "why", decl.why.as_ref());
        self.common(&mut all, &decl.was, &decl.waivers);
        self.properties(all);
        self.close(decl.span);
    }

    fn feedback(&mut self, decl: &ast::FeedbackDecl) {
        self.open(decl.name.span, self.head("feedback", &decl.name, decl.title.as_ref()));
        let mut all = Vec::new();
        for (word, names) in [("from", &decl.from), ("to", &decl.to)] {
            if let Some(first) = names.first() {
                let names = match names.as_slice() {
                    [one] => one.text.clone(),
                    many => list(many),
                };
                all.push((first.span, Property::Line(format!("{word} {names}"))));
            }
        }
        if let Some(rhythm) = &decl.every {
            all.push((rhythm.span, Property::Line(format!("every {}", every(&rhythm.value)))));
        }
        self.text_property(&mut all, "about", decl.about.as_ref());
        self.common(&mut all, &decl.was, &decl.waivers);
        self.properties(all);
        self.close(decl.span);
    }

    fn score(&mut self, decl: &ast::ScoreDecl) {
        let head =
            format!("{} of {}", self.head("score", &decl.name, decl.title.as_ref()), decl.of);
        self.open(decl.name.span, head);
        let indent = self.indent();
        let mut all = Vec::new();
        self.text_property(&mut all, "about", decl.about.as_ref());
        for points in &decl.points {
            all.push((points.span, Property::Line(points_line(points, indent))));
        }
        for cap in &decl.caps {
            let what = cap.category.map_or("total", ast::Category::word);
            all.push((cap.span, Property::Line(format!("cap {what} at {}", cap.at.value))));
        }
        for weight in &decl.weights {
            let line = format!("weight {} {}%", weight.category.word(), weight.percent.value);
            all.push((weight.span, Property::Line(line)));
        }
        if let Some(first) = decl.grades.first() {
            let bands: Vec<String> =
                decl.grades.iter().map(|grade| grade_band(grade, indent)).collect();
            all.push((first.name.span, Property::Line(format!("grade {}", bands.join(", ")))));
        }
        self.common(&mut all, &decl.was, &decl.waivers);
        self.properties(all);
        self.close(decl.span);
    }

    fn route(&mut self, decl: &ast::RouteDecl) {
        self.open(decl.stage.span, self.head("route", &decl.stage, decl.title.as_ref()));
        let indent = self.indent();
        let target = |target: &ast::RouteTarget| {
            let title =
                target.title.as_ref().map_or_else(String::new, |t| format!(" {}", text(t, indent)));
            format!("{}{title}", target.name)
        };
        let mut all = Vec::new();
        for case in &decl.cases {
            let line = format!("when {} to {}", expr(&case.when), target(&case.to));
            all.push((case.span, Property::Line(line)));
        }
        if let Some(otherwise) = &decl.otherwise {
            all.push((
                otherwise.name.span,
                Property::Line(format!("otherwise {}", target(otherwise))),
            ));
        }
        self.common(&mut all, &decl.was, &decl.waivers);
        self.properties(all);
        self.close(decl.span);
    }

    fn term(&mut self, decl: &ast::TermDecl) {
        self.open(decl.name.span, self.head("term", &decl.name, decl.title.as_ref()));
        let mut all = Vec::new();
        self.text_property(&mut all, "means", decl.means.as_ref());
        if let Some(first) = decl.see.first() {
            all.push((first.span, Property::Line(format!("see {}", list(&decl.see)))));
        }
        if let Some(first) = decl.also.first() {
            let line = format!("also {}", labels(&decl.also, self.indent()));
            all.push((label_span(first), Property::Line(line)));
        }
        self.common(&mut all, &decl.was, &decl.waivers);
        self.properties(all);
        self.close(decl.span);
    }

    fn play(&mut self, decl: &ast::PlayDecl) {
        self.open(decl.name.span, self.head("play", &decl.name, decl.title.as_ref()));
        let mut all = Vec::new();
        match decl.stages.as_slice() {
            [] => {}
            [one] => all.push((one.span, Property::Line(format!("for stage {one}")))),
            [first, ..] => {
                all.push((first.span, Property::Line(format!("for stages {}", list(&decl.stages)))))
            }
        }
        match decl.by.as_slice() {
            [] => {}
            [one] => all.push((one.span, Property::Line(format!("by {one}")))),
            [first, ..] => all.push((first.span, Property::Line(format!("by {}", list(&decl.by))))),
        }
        if let Some(when) = &decl.when {
            all.push((when.span, Property::Line(format!("when {}", expr(when)))));
        }
        self.text_property(&mut all, "about", decl.about.as_ref());
        self.text_property(&mut all, "steps", decl.steps.as_ref());
        self.common(&mut all, &decl.was, &decl.waivers);
        self.properties(all);
        self.close(decl.span);
    }

    fn retired(&mut self, decl: &ast::RetiredDecl) {
        let mut line = format!("retired {} {}", decl.kind.value.word(), decl.name.dotted());
        let successors: Vec<String> = decl
            .into
            .iter()
            .map(|successor| match &successor.when {
                None => successor.to.dotted(),
                Some(when) => format!("{} when {}", successor.to.dotted(), expr(when)),
            })
            .collect();
        if !successors.is_empty() {
            line.push_str(&format!(" into {}", successors.join(", ")));
        }
        if let Some(since) = decl.since {
            line.push_str(&format!(" since {}", since.value));
        }
        self.line(decl.span, line);
    }

    fn text_property<'p>(
        &self,
        all: &mut Vec<(Span, Property<'p>)>,
        word: &str,
        value: Option<&ast::Text>,
    ) {
        if let Some(value) = value {
            all.push((
                value.span,
                Property::Line(format!("{word} {}", text(value, self.indent()))),
            ));
        }
    }

    fn common<'p>(
        &self,
        all: &mut Vec<(Span, Property<'p>)>,
        was: &[Name],
        waivers: &[ast::Waive],
    ) {
        if let Some(first) = was.first() {
            self.was(all, first.span, was);
        }
        self.waivers(all, waivers);
    }

    fn was<'p>(&self, all: &mut Vec<(Span, Property<'p>)>, at: Span, was: &[Name]) {
        if !was.is_empty() {
            all.push((at, Property::Line(format!("was {}", list(was)))));
        }
    }

    fn waivers<'p>(&self, all: &mut Vec<(Span, Property<'p>)>, waivers: &[ast::Waive]) {
        for waive in waivers {
            let mut line = format!("waive {} {}", waive.rule, text(&waive.reason, self.indent()));
            if let Some(until) = waive.until {
                line.push_str(&format!(" until {}", until.value));
            }
            all.push((waive.span, Property::Line(line)));
        }
    }
}

enum Property<'p> {
    Line(String),
    Criteria(&'static str, &'p [ast::Criterion]),
}
