//! What a language has to know in order to say a condition.

use crate::model::{Duration, Every, Statistic, Unit};

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// `=`
    Equal,
    /// `!=`: it has a value, and another one.
    Other,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// Which stretch of time is compared with a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// From a date to now.
    Since,
    /// From now to a date.
    Until,
    /// How long the record has been in its stage.
    InStage,
}

/// A statement in every form a language may need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// By itself, and last in a row.
    pub(super) alone: String,
    /// Followed by another statement that holds as well.
    pub(super) before_and: String,
    /// Followed by another one that may hold instead.
    pub(super) before_or: String,
    /// In front of the word for `if`, in languages where it comes last.
    pub(super) before_if: String,
    /// It holds a list, so that a row of such statements would be hard to take apart.
    pub(super) has_list: bool,
}

impl Statement {
    /// A statement of a language whose words do not change with their place.
    pub(super) fn same(text: String) -> Self {
        Self {
            before_and: text.clone(),
            before_or: text.clone(),
            before_if: text.clone(),
            alone: text,
            has_list: false,
        }
    }

    /// Marks the statement when it names several things.
    pub(super) fn listing(mut self, items: usize) -> Self {
        self.has_list = items > 1;
        self
    }
}

/// A measure with its parts already in words. Conditions are whole statements.
pub(super) enum MeasureWords {
    Conversion { from: String, to: String, within: Option<String> },
    Entries { into: String, only: Option<String> },
    Balance { of: String },
    Cycle { statistic: Statistic, from: String, to: String },
    Dwell { statistic: Statistic, stage: String },
    Sum { field: String, entering: String, only: Option<String> },
    Share { of: String, only: String },
    Coverage { goal: String, by: String },
}

/// A language. Subjects and objects come in as finished words; `negated` asks for the opposite
/// statement, which a missing value satisfies.
pub(super) trait Grammar: Sync {
    /// A title as part of a sentence: in quotes when it would not read as one thing otherwise.
    fn noun(&self, title: &str) -> String;
    /// A text in quotes.
    fn quote(&self, text: &str) -> String;
    /// The title of a stage as part of a sentence: set apart from the words that follow it, for
    /// stages are often called after what happens in them.
    fn stage(&self, title: &str) -> String;
    /// The points of a score.
    fn score(&self, title: &str) -> String;
    /// The current date.
    fn today(&self) -> &'static str;
    /// The current time.
    fn now(&self) -> &'static str;
    /// The time a record has been in its stage.
    fn time_in_stage(&self) -> &'static str;
    /// The number of units between a date and now.
    fn count_of(&self, unit: Unit, since: bool, field: &str) -> String;
    /// `yes` or `no`.
    fn truth_value(&self, value: bool) -> &'static str;

    /// `subject = object` and its like; `dated` when both are dates.
    fn compare(
        &self,
        subject: &str,
        is: Relation,
        object: &str,
        dated: bool,
        negated: bool,
    ) -> Statement;
    /// The opposite of a comparison by order, said without `not`: `is` is the relation that holds
    /// instead, unless the subject has no value. None in languages that say `not` well.
    fn order_or_missing(
        &self,
        _subject: &str,
        _is: Relation,
        _object: &str,
        _dated: bool,
    ) -> Option<Statement> {
        None
    }
    /// A stretch of time compared with a duration. `field` is empty for [`Span::InStage`].
    fn elapsed(
        &self,
        span: Span,
        field: &str,
        is: Relation,
        than: Duration,
        negated: bool,
    ) -> Statement;
    /// The subject is one of the items; when `many`, it includes one of them.
    fn one_of(&self, subject: &str, items: &[String], many: bool, negated: bool) -> Statement;
    /// Both ends included.
    fn between(
        &self,
        subject: &str,
        low: &str,
        high: &str,
        dated: bool,
        negated: bool,
    ) -> Statement;
    /// The subject has a value, or has none.
    fn presence(&self, subject: &str, present: bool) -> Statement;
    /// The score's grade.
    fn graded(&self, score: &str, grade: &str, negated: bool) -> Statement;
    /// The date lies in the coming or past stretch of time.
    fn window(&self, subject: &str, next: bool, duration: &str, negated: bool) -> Statement;
    /// What is said beside a title: ` (again)`.
    fn aside(&self, text: &str) -> String {
        format!(" ({text})")
    }

    /// The event has happened at least so often, in that time up to now.
    fn event(&self, name: &str, at_least: u32, within: Option<&str>, negated: bool) -> Statement;
    /// Somebody, or the owner of the stage, has confirmed the text.
    fn confirmed(&self, by: Option<&str>, text: &str, negated: bool) -> Statement;
    /// A field that is true or false.
    fn truth(&self, subject: &str, value: bool, negated: bool) -> Statement;
    /// Always, or never.
    fn constant(&self, value: bool) -> Statement;

    /// Statements of which all hold, or one does, in one row.
    fn join(&self, all: bool, statements: &[&Statement], before_if: bool) -> String;
    /// The same as a numbered list; the items carry their numbers.
    fn numbered(&self, all: bool, items: &[String], before_if: bool) -> String;
    /// The words around a condition: `if …`.
    fn if_clause(&self, condition: &str) -> String;
    /// `a, b and c`
    fn list(&self, items: &[String]) -> String;
    /// `a, b or c`
    fn choice(&self, items: &[String]) -> String;

    /// A length of time.
    fn duration(&self, duration: Duration) -> String;
    /// At most so long.
    fn within(&self, duration: &str) -> String;
    /// How often.
    fn every(&self, every: Every) -> String;
    /// So long after something that is plain from the context.
    fn later(&self, duration: &str) -> String;
    /// So long after entering the stage.
    fn after(&self, duration: &str) -> String;
    /// So long before a date.
    fn before(&self, duration: &str, field: &str) -> String;
    /// What a goal measures.
    fn measure(&self, measure: &MeasureWords) -> String;
    /// What a goal wants.
    fn target(&self, at_least: bool, value: &str, every: Option<&str>) -> String;
}

/// `items` with `last` between the last two and `between` between the others.
pub(super) fn joined(items: &[impl AsRef<str>], between: &str, last: &str) -> String {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == items.len() { last } else { between });
        }
        text.push_str(item.as_ref());
    }
    text
}

/// Whether a title can stand in a sentence without quotes: few words, and no signs that would break
/// the sentence. A number in front, as in `3. Evaluation`, does not count.
pub(super) fn reads_as_one(title: &str, most_words: usize) -> bool {
    let named = title.trim_start_matches(|c: char| c.is_ascii_digit());
    let named = named.strip_prefix(['.', ')']).unwrap_or(named).trim_start();
    let signs = [',', ';', ':', '!', '?', '“', '”', '"', '、', '。'];
    !named.contains(signs) && !named.contains(". ") && named.split(' ').count() <= most_words
}
