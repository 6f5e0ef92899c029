//! What may stand in which block.

use super::parser::Rule;

/// A kind of block: the braces of a declaration, or a list of criteria.
#[derive(Debug)]
pub(super) struct Block {
    /// The word that begins it, or what people call it.
    pub(super) word: &'static str,
    /// With its article, for messages.
    pub(super) article: &'static str,
    /// Parses one of its items and nothing else.
    pub(super) one: Rule,
    /// Parses its braces without the head of the declaration.
    pub(super) body: Rule,
    /// The words that begin an item. Empty where items begin with a name: fields, criteria.
    pub(super) items: &'static [&'static str],
    /// The words that continue an item.
    pub(super) clauses: &'static [&'static str],
}

/// Words that continue a transition.
const TRANSITION_CLAUSES: &[&str] = &[
    "when", "after", "at", "handoff", "within", "carries", "accept", "else", "target", "escalate",
    "before", "to", "except", "of",
];

macro_rules! blocks {
    ($($constant:ident $word:literal $article:literal $one:ident $body:ident [$($item:literal)*] $clauses:expr;)*) => {
        $(pub(super) static $constant: Block = Block {
            word: $word,
            article: $article,
            one: Rule::$one,
            body: Rule::$body,
            items: &[$($item),*],
            clauses: $clauses,
        };)*
    };
}

blocks! {
    PROCESS "process" "a process" one_process body_process
        ["version" "effective" "currency" "timezone" "calendar" "languages" "about" "status" "waive"] &["except"];
    TEAM "team" "a team" one_team body_team
        ["mission" "role" "was" "waive"] &["headcount"];
    RECORD "record" "a record" one_record body_record
        [] &["at", "required", "unique", "help", "was"];
    STAGE "stage" "a stage" one_stage body_stage
        ["record" "entry" "owner" "support" "purpose" "next" "channels" "content" "collect" "limit"
         "exit" "enter" "advance" "recycle" "lose" "from" "outcome" "final" "probability" "forecast"
         "starts" "status" "was" "waive"] TRANSITION_CLAUSES;
    CRITERIA "criterion" "a list of criteria" one_criterion body_stage
        [] &["evidence", "if", "was"];
    GOAL "goal" "a goal" one_goal body_goal
        ["shared" "owner" "measure" "target" "why" "was" "waive"] &["within", "every", "when", "at"];
    FEEDBACK "feedback" "a feedback" one_feedback body_feedback
        ["from" "to" "every" "about" "was" "waive"] &[];
    SCORE "score" "a score" one_score body_score
        ["fit" "behavior" "behaviour" "cap" "weight" "grade" "about" "was" "waive"]
        &["when", "halves", "expires", "at", "otherwise"];
    ROUTE "route" "a route" one_route body_route
        ["when" "otherwise" "was" "waive"] &["to"];
    TERM "term" "a term" one_term body_term
        ["means" "see" "also" "was" "waive"] &[];
    PLAY "play" "a play" one_play body_play
        ["for" "by" "when" "steps" "about" "was" "waive"] &[];
}

/// The blocks of declarations.
pub(super) static DECLARATIONS: [&Block; 10] =
    [&PROCESS, &TEAM, &RECORD, &STAGE, &GOAL, &FEEDBACK, &SCORE, &ROUTE, &TERM, &PLAY];

/// The words that begin a declaration.
pub(super) const DECLARATION_WORDS: &[&str] = &[
    "process", "team", "record", "stage", "goal", "feedback", "score", "route", "term", "play",
    "retired",
];

/// Words that are kept for later versions of the language.
pub(super) const RESERVED_WORDS: &[&str] = &["plan", "scenario", "policy", "metric", "variant"];

/// The block of the declaration that this word begins.
pub(super) fn declaration(word: &str) -> Option<&'static Block> {
    DECLARATIONS.into_iter().find(|block| block.word == word)
}

/// The keywords of expressions.
const OPERATOR_WORDS: &[&str] =
    &["and", "or", "not", "in", "is", "between", "since", "until", "event", "next", "last", "into"];

/// Whether `word` begins or continues an item somewhere, so that it is hardly half a name.
pub(super) fn is_keyword(word: &str) -> bool {
    DECLARATION_WORDS.contains(&word)
        || OPERATOR_WORDS.contains(&word)
        || DECLARATIONS
            .into_iter()
            .any(|block| block.items.contains(&word) || block.clauses.contains(&word))
}

/// The blocks that have an item with this word.
pub(super) fn blocks_with(word: &str) -> Vec<&'static str> {
    DECLARATIONS
        .into_iter()
        .filter(|block| block.items.contains(&word))
        .map(|block| block.article)
        .collect()
}
