//! Scores: fields that compute the points of a record and its grade, as far as they depend on fields.
//! Salesforce keeps no count of events, so points for those are another system's.

use rust_decimal::Decimal;
use rustc_hash::FxHashSet;

use crate::emit::crm::{one_line, shortened};
use crate::emit::sentence::primary_subtag;
use crate::emit::xml::Element;
use crate::logic::bounds::{CATEGORIES, cap_of, fades, weight_of};
use crate::model::{Category, Process, Score, ScoreId};

use super::fields::{DESCRIPTION_LENGTH, LABEL_LENGTH, PRECISION};
use super::formula::{Formulas, Unsaid, decimal, fits, text, too_long};
use super::mapping::{Mapping, Object};
use super::names::{CUSTOM_NAME, api_name, cut_unique, marked};

/// What a field computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rated {
    /// All points.
    Points,
    /// The points of one category, where the other cannot be computed.
    Category(Category),
    /// The grade.
    Grade,
}

/// A field of a score.
#[derive(Debug)]
pub(super) struct ScoreField {
    /// `Interest__c`
    pub(super) name: String,
    pub(super) score: ScoreId,
    pub(super) rated: Rated,
    formula: String,
    scale: u32,
}

/// A part of a score that no field computes.
#[derive(Debug)]
pub(super) struct Unrated {
    pub(super) score: ScoreId,
    /// What it is, for whoever reads the project.
    pub(super) what: String,
    /// Why, as the end of a sentence.
    pub(super) why: String,
}

/// The scores of an object.
#[derive(Debug, Default)]
pub(super) struct Scores {
    pub(super) fields: Vec<ScoreField>,
    pub(super) unrated: Vec<Unrated>,
}

impl Scores {
    /// The fields that hold all points of a score.
    pub(super) fn points(&self) -> impl Iterator<Item = (ScoreId, &str)> {
        let whole = self.fields.iter().filter(|field| field.rated == Rated::Points);
        whole.map(|field| (field.score, field.name.as_str()))
    }
}

/// What of the scores of an object can be computed in it.
pub(super) fn scores(mapping: &Mapping<'_>, object: &Object) -> Scores {
    let process = mapping.process;
    let mut writer = Writer {
        formulas: Formulas::new(mapping, object, std::iter::empty()),
        taken: object.fields.iter().map(|field| field.name.to_lowercase()).collect(),
        out: Scores::default(),
    };
    for (id, score) in process.scores.iter() {
        if object.records.contains(&score.record) {
            writer.score(id, score);
        }
    }
    writer.out
}

struct Writer<'a> {
    formulas: Formulas<'a>,
    /// The names of the object's fields, in small letters.
    taken: FxHashSet<String>,
    out: Scores,
}

impl Writer<'_> {
    fn score(&mut self, id: ScoreId, score: &Score) {
        let of = |category| score.points.iter().any(|rule| rule.category == category);
        let categories: Vec<Category> =
            CATEGORIES.into_iter().filter(|category| of(*category)).collect();
        let said: Vec<(Category, Result<String, String>)> = categories
            .into_iter()
            .map(|category| (category, self.category(score, category)))
            .collect();
        let whole: Option<Vec<&str>> =
            said.iter().map(|(_, formula)| formula.as_deref().ok()).collect();
        if let Some(parts) = whole {
            let total = if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") };
            let total = held(total, score.total_cap);
            if fits(&total) {
                let points = self.add(id, score, Rated::Points, total);
                self.grade(id, score, &points);
                return;
            }
            self.lose(id, "all points and the grade", too_long());
        } else {
            self.lose(id, "all points and the grade", "a part of them is not known".to_owned());
        }
        for (category, formula) in said {
            match formula {
                Ok(formula) => {
                    self.add(id, score, Rated::Category(category), formula);
                }
                Err(why) => self.lose(id, &format!("the points for {}", category.word()), why),
            }
        }
    }

    /// The points of a category, after its cap and its weight; or why they cannot be computed.
    fn category(&self, score: &Score, category: Category) -> Result<String, String> {
        let mut parts = Vec::new();
        for rule in score.points.iter().filter(|rule| rule.category == category) {
            if fades(rule) {
                return Err(Unsaid::Event.reason());
            }
            let when = self.formulas.condition(&rule.when).map_err(|why| why.reason())?;
            match when.as_str() {
                "TRUE" => parts.push(format!("({})", decimal(rule.points))),
                "FALSE" => {}
                when => parts.push(format!("IF({when}, {}, 0)", decimal(rule.points))),
            }
        }
        let sum = if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") };
        let sum = held(sum, cap_of(score, category));
        let sum = match weight_of(score, category) {
            Some(weight) => format!("({sum}) * {} / 100", decimal(weight)),
            None => sum,
        };
        if fits(&sum) { Ok(sum) } else { Err(too_long()) }
    }

    /// The first grade whose threshold the points reach.
    fn grade(&mut self, id: ScoreId, score: &Score, points: &str) {
        if score.grades.is_empty() {
            return;
        }
        // Who reaches none has none. Grades behind one that all reach are nobody's.
        let mut out = text("");
        let last = score.grades.iter().position(|grade| grade.at_least.is_none());
        let reached = last.map_or(score.grades.len(), |last| last + 1);
        for grade in score.grades.iter().take(reached).rev() {
            let title = text(&one_line(&grade.title.value));
            out = match grade.at_least {
                Some(least) => format!("IF({points} >= {}, {title}, {out})", decimal(least)),
                None => title,
            };
        }
        if fits(&out) {
            self.add(id, score, Rated::Grade, out);
        } else {
            self.lose(id, "the grade", too_long());
        }
    }

    fn lose(&mut self, score: ScoreId, what: &str, why: String) {
        self.out.unrated.push(Unrated { score, what: what.to_owned(), why });
    }

    /// Adds a field; gives its name.
    fn add(&mut self, id: ScoreId, score: &Score, rated: Rated, formula: String) -> String {
        let own = api_name(&score.name);
        let wanted = match rated {
            Rated::Points => own,
            Rated::Grade => format!("{own}_Grade"),
            Rated::Category(category) => format!("{own}_{}", api_name(category.word())),
        };
        let mut name = cut_unique(&wanted, CUSTOM_NAME);
        // A field of the process may be called like its score.
        for other in [format!("{wanted}_Score"), marked(&wanted, &formula, CUSTOM_NAME)] {
            if self.taken.contains(&format!("{name}__c").to_lowercase()) {
                name = cut_unique(&other, CUSTOM_NAME);
            }
        }
        let name = format!("{name}__c");
        self.taken.insert(name.to_lowercase());
        let scale = scale(score);
        self.out.fields.push(ScoreField { name: name.clone(), score: id, rated, formula, scale });
        name
    }
}

fn held(sum: String, cap: Option<Decimal>) -> String {
    match cap {
        Some(cap) => format!("MIN({sum}, {})", decimal(cap)),
        None => sum,
    }
}

/// As many decimals as the points can have.
fn scale(score: &Score) -> u32 {
    let own = score.points.iter().map(|rule| rule.points);
    let caps = score.caps.iter().map(|(_, cap)| *cap).chain(score.total_cap);
    let points = own.chain(caps).map(|number| number.normalize().scale()).max().unwrap_or(0);
    let weights = score.weights.iter().map(|(_, weight)| weight.normalize().scale() + 2).max();
    (points + weights.unwrap_or(0)).min(PRECISION / 2)
}

impl ScoreField {
    /// The field as metadata. A blank must stay blank: conditions ask for it.
    pub(super) fn write(&self, process: &Process) -> Element {
        let score = &process.scores[self.score];
        let first = process.languages.first().map_or("en", String::as_str);
        let what = match self.rated {
            Rated::Points => "Points",
            Rated::Category(_) => "Some of the points",
            Rated::Grade => "Grade",
        };
        let about = format!("{what} of the score {} of the process {}", score.name, process.name);
        let element = Element::new("CustomField")
            .text("fullName", &self.name)
            .text("description", shortened(&about, DESCRIPTION_LENGTH))
            .text("formula", &self.formula)
            .text("formulaTreatBlanksAs", "BlankAsBlank")
            .text("label", self.label(&score.title.value, first));
        match self.rated {
            Rated::Grade => element.flag("required", false).text("type", "Text"),
            Rated::Points | Rated::Category(_) => element
                .text("precision", PRECISION.to_string())
                .flag("required", false)
                .text("scale", self.scale.to_string())
                .text("type", "Number"),
        }
    }

    /// What people see, in a language.
    pub(super) fn label(&self, title: &str, language: &str) -> String {
        let word = match self.rated {
            Rated::Points => return shortened(&one_line(title), LABEL_LENGTH),
            Rated::Category(Category::Fit) => ["fit", "적합도", "適合度"],
            Rated::Category(Category::Behavior) => ["behavior", "행동", "行動"],
            Rated::Grade => ["grade", "등급", "グレード"],
        };
        let [english, korean, japanese] = word;
        let word = match primary_subtag(language) {
            "ko" => korean,
            "ja" => japanese,
            _ => english,
        };
        let room = LABEL_LENGTH.saturating_sub(word.chars().count() + 2);
        format!("{}: {word}", shortened(&one_line(title), room))
    }
}
