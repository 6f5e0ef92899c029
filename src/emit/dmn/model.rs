//! The decisions: scores, grades and routes, with what each of them reads.

use indexmap::IndexSet;
use rust_decimal::Decimal;

use crate::emit::feel::{ANSWERS, CLOCK, CONFIRMED, Column, EVENTS, Feel, length, number, quoted};
use crate::emit::sentence::Sentences;
use crate::model::{Category, Expr, ExprKind, Points, Process, RecordId, RouteTarget, ScoreId};
use crate::source::Span;

/// Something that is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Input {
    Record(RecordId),
    Clock,
    Events,
    Confirmed,
    Answers,
}

/// What a decision needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Need {
    Input(Input),
    /// Another decision, by its name.
    Decision(String),
}

/// The cells of a row that ask something.
type Cells = Vec<(Column, String)>;

/// A row of a table.
pub(super) struct Rule {
    /// One cell a column; `-` where nothing is asked.
    pub(super) cells: Vec<String>,
    pub(super) output: String,
    pub(super) about: String,
}

pub(super) struct InputColumn {
    pub(super) label: String,
    pub(super) expression: String,
    pub(super) ty: &'static str,
}

pub(super) enum Logic {
    /// Every rule that matches counts; or the first one.
    Table {
        sum: bool,
        inputs: Vec<InputColumn>,
        rules: Vec<Rule>,
        output: &'static str,
    },
    Expression(String),
}

pub(super) struct Decision {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) about: Option<String>,
    pub(super) question: Option<String>,
    /// The type of the answer.
    pub(super) ty: &'static str,
    pub(super) needs: IndexSet<Need>,
    pub(super) logic: Logic,
}

/// What is not carried over.
pub(super) enum Loss {
    /// A condition asks what FEEL cannot say.
    Asked(Span, String, Vec<String>),
    /// Points that halve are given in full.
    Halves(Span, String),
}

pub(super) struct Builder<'a> {
    pub(super) process: &'a Process,
    pub(super) feel: Feel<'a>,
    sentences: Sentences<'a>,
    pub(super) decisions: Vec<Decision>,
    pub(super) losses: Vec<Loss>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(process: &'a Process, language: &'a str) -> Self {
        Self {
            process,
            feel: Feel::new(process),
            sentences: Sentences::new(process, language),
            decisions: Vec::new(),
            losses: Vec::new(),
        }
    }

    pub(super) fn build(&mut self) {
        for id in self.process.scores.ids() {
            self.score(id);
        }
        for route in self.process.routes.values() {
            let stage = &self.process.stages[route.stage];
            let name = self.feel.names.take(&format!("assign_{}", stage.name));
            let mut rows: Vec<(Cells, String, String)> = Vec::new();
            let mut needs = IndexSet::new();
            for case in &route.cases {
                let (cells, asked) = self.feel.cells(&case.when);
                if !asked.is_empty() {
                    self.losses.push(Loss::Asked(case.span, name.clone(), asked));
                    needs.insert(Need::Input(Input::Answers));
                }
                self.reads(&case.when, &mut needs);
                rows.push((cells, quoted(&case.to.name), self.target(&case.to)));
            }
            if let Some(to) = &route.otherwise {
                rows.push((Vec::new(), quoted(&to.name), self.target(to)));
            }
            let (inputs, rules) = self.table(rows);
            let label = self.sentences.text(&route.title).to_owned();
            self.decisions.push(Decision {
                name,
                label,
                about: None,
                question: Some(self.sentences.text(&stage.title).to_owned()),
                ty: "string",
                needs,
                logic: Logic::Table { sum: false, inputs, rules, output: "to" },
            });
        }
    }

    fn target(&self, target: &RouteTarget) -> String {
        self.sentences.text(&target.title).to_owned()
    }

    fn score(&mut self, id: ScoreId) {
        let process = self.process;
        let score = &process.scores[id];
        let title = self.sentences.text(&score.title).to_owned();
        let about = score.about.as_ref().map(|about| self.sentences.text(about).to_owned());
        let mut parts = Vec::new();
        let mut needs = IndexSet::new();
        for category in [Category::Fit, Category::Behavior] {
            let rules: Vec<&Points> =
                score.points.iter().filter(|rule| rule.category == category).collect();
            if rules.is_empty() {
                continue;
            }
            let name =
                self.feel.names.take(&format!("{}_{}", self.feel.names.score(id), category.word()));
            self.points(&name, format!("{title}: {}", category.word()), &rules);
            needs.insert(Need::Decision(name.clone()));
            let of = |list: &[(Category, Decimal)]| {
                list.iter().find(|(c, _)| *c == category).map(|(_, value)| number(*value))
            };
            // No rule that matches gives nothing, not zero.
            let points = format!("(if {name} = null then 0 else {name})");
            let points = match of(&score.caps) {
                Some(cap) => format!("min({points}, {cap})"),
                None => points,
            };
            parts.push(match of(&score.weights) {
                Some(weight) => format!("{points} * {weight} / 100"),
                None => points,
            });
        }
        let sum = if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") };
        let sum = match score.total_cap {
            Some(cap) => format!("min({sum}, {})", number(cap)),
            None => sum,
        };
        let name = self.feel.names.score(id).to_owned();
        self.decisions.push(Decision {
            name: name.clone(),
            label: title.clone(),
            about,
            question: None,
            ty: "number",
            needs,
            logic: Logic::Expression(sum),
        });
        if score.grades.is_empty() {
            return;
        }
        let rules = score.grades.iter().map(|grade| Rule {
            cells: vec![grade.at_least.map_or("-".to_owned(), |n| format!(">= {}", number(n)))],
            output: quoted(&grade.name),
            about: self.sentences.text(&grade.title).to_owned(),
        });
        let input = InputColumn { label: title.clone(), expression: name.clone(), ty: "number" };
        self.decisions.push(Decision {
            name: self.feel.names.grade(id).to_owned(),
            label: format!("{title}: grade"),
            about: None,
            question: None,
            ty: "string",
            needs: IndexSet::from([Need::Decision(name)]),
            logic: Logic::Table {
                sum: false,
                inputs: vec![input],
                rules: rules.collect(),
                output: "grade",
            },
        });
    }

    /// The points of a category: every rule that matches counts.
    fn points(&mut self, name: &str, label: String, points: &[&Points]) {
        let mut rows = Vec::new();
        let mut needs = IndexSet::new();
        for rule in points {
            let (mut cells, mut asked) = self.feel.cells(&rule.when);
            self.reads(&rule.when, &mut needs);
            if let Some(expiry) = self.expiry(rule) {
                match expiry {
                    Ok(text) => {
                        cells.push((Column::Condition(text), "true".to_owned()));
                        needs.insert(Need::Input(Input::Events));
                        needs.insert(Need::Input(Input::Clock));
                    }
                    Err(question) => {
                        let answer = self.feel.answer(question.clone());
                        cells.push((Column::Condition(answer), "true".to_owned()));
                        asked.push(question);
                    }
                }
            }
            if !asked.is_empty() {
                self.losses.push(Loss::Asked(rule.span, name.to_owned(), asked));
                needs.insert(Need::Input(Input::Answers));
            }
            let mut about = rule.title.as_ref().map_or_else(
                || self.sentences.sentence(&rule.when),
                |title| self.sentences.text(title).to_owned(),
            );
            if let Some(time) = rule.halves_every {
                about.push_str(&format!(" (halves every {time})"));
                self.losses.push(Loss::Halves(rule.span, name.to_owned()));
            }
            rows.push((cells, number(rule.points), about));
        }
        let (inputs, rules) = self.table(rows);
        self.decisions.push(Decision {
            name: name.to_owned(),
            label,
            about: None,
            question: None,
            ty: "number",
            needs,
            logic: Logic::Table { sum: true, inputs, rules, output: "points" },
        });
    }

    /// What must hold for points not to have expired; or what is asked instead.
    fn expiry(&self, rule: &Points) -> Option<Result<String, String>> {
        let life = rule.expires_after?;
        let mut names: Vec<String> = Vec::new();
        rule.when.walk(&mut |expr| {
            if let ExprKind::Event { name, .. } = &expr.kind {
                let one = format!("type = {}", quoted(name));
                if !names.contains(&one) {
                    names.push(one);
                }
            }
        });
        if names.is_empty() {
            return None;
        }
        // Months are counted by their average length there, and by the calendar in FEEL.
        let Some(time) = length(life, false).ok().filter(|_| is_exact(life.unit)) else {
            return Some(Err(format!("expires after {life}")));
        };
        let which = format!("({}) and at <= {CLOCK}.now", names.join(" or "));
        Some(Ok(format!(
            "count({EVENTS}[{which}]) = 0 or count({EVENTS}[{which} and at >= {CLOCK}.now - {time}]) > 0"
        )))
    }

    /// The columns of all rows, and the rows with a cell for each.
    fn table(&self, rows: Vec<(Cells, String, String)>) -> (Vec<InputColumn>, Vec<Rule>) {
        let mut columns: Vec<Column> = Vec::new();
        for (cells, _, _) in &rows {
            for (column, _) in cells {
                if !columns.contains(column) {
                    columns.push(column.clone());
                }
            }
        }
        let inputs = columns.iter().map(|column| self.input(column)).collect();
        let rules = rows.into_iter().map(|(cells, output, about)| {
            let cell = |column: &Column| {
                let found = cells.iter().find(|(own, _)| own == column);
                found.map_or("-".to_owned(), |(_, cell)| cell.clone())
            };
            Rule { cells: columns.iter().map(cell).collect(), output, about }
        });
        (inputs, rules.collect())
    }

    fn input(&self, column: &Column) -> InputColumn {
        let process = self.process;
        match column {
            Column::Field(id) => InputColumn {
                label: self.sentences.text(&process.fields[*id].title).to_owned(),
                expression: self.feel.names.field(process, *id),
                ty: Feel::type_of(&process.fields[*id].ty),
            },
            Column::Score(id) => InputColumn {
                label: self.sentences.text(&process.scores[*id].title).to_owned(),
                expression: self.feel.names.score(*id).to_owned(),
                ty: "number",
            },
            Column::Grade(id) => InputColumn {
                label: self.sentences.text(&process.scores[*id].title).to_owned(),
                expression: self.feel.names.grade(*id).to_owned(),
                ty: "string",
            },
            Column::Condition(text) => {
                InputColumn { label: String::new(), expression: text.clone(), ty: "boolean" }
            }
        }
    }

    fn reads(&self, when: &Expr, needs: &mut IndexSet<Need>) {
        let process = self.process;
        when.walk(&mut |expr| match &expr.kind {
            ExprKind::Field(field) => {
                needs.insert(Need::Input(Input::Record(process.fields[*field].record)));
            }
            ExprKind::Elapsed { field, .. } => {
                needs.insert(Need::Input(Input::Record(process.fields[*field].record)));
                needs.insert(Need::Input(Input::Clock));
            }
            ExprKind::Within(..) | ExprKind::TimeInStage | ExprKind::Today | ExprKind::Now => {
                needs.insert(Need::Input(Input::Clock));
            }
            ExprKind::Event { .. } => {
                needs.insert(Need::Input(Input::Events));
                needs.insert(Need::Input(Input::Clock));
            }
            ExprKind::Confirmed(_) => {
                needs.insert(Need::Input(Input::Confirmed));
            }
            ExprKind::Score(id) => {
                needs.insert(Need::Decision(self.feel.names.score(*id).to_owned()));
            }
            ExprKind::IsGrade(id, _) => {
                needs.insert(Need::Decision(self.feel.names.grade(*id).to_owned()));
            }
            _ => {}
        });
    }

    pub(super) fn text<'t>(&self, text: &'t crate::model::Text) -> &'t str {
        self.sentences.text(text)
    }

    pub(super) fn input_name(&self, input: Input) -> &str {
        match input {
            Input::Record(id) => self.feel.names.record(id),
            Input::Clock => CLOCK,
            Input::Events => EVENTS,
            Input::Confirmed => CONFIRMED,
            Input::Answers => ANSWERS,
        }
    }
}

fn is_exact(unit: crate::model::Unit) -> bool {
    use crate::model::Unit::{Day, Hour, Minute, Week};
    matches!(unit, Minute | Hour | Day | Week)
}
