//! Stages: criteria, transitions, handoffs.

use super::parts::*;
use super::{Clause, Key, Mode, Shape, Table, key, must};

pub(crate) static STAGE: Table = Table {
    id: "stage",
    what: "a stage",
    doc: "A stage of a record on its way: what must happen in it, by whom, and where it leads.",
    mode: Mode::Any,
    keys: &[
        TITLE,
        key("record", Shape::Name("a record"), "The record type that passes through.", "lead"),
        key(
            "entry",
            Shape::Or(&Shape::Labels("sources"), &Shape::Clause(&ENTRY)),
            "Records come into the process here: `true`, or from where.",
            "{from: [web, Trade fair]}",
        ),
        key(
            "owner",
            Shape::Names("a team or role"),
            "The one team or role that answers for it.",
            "sdr",
        ),
        key("support", Shape::Names("teams or roles"), "Who helps.", "[marketing]"),
        key("purpose", Shape::Text, "What the stage is for.", "Reach the person while it is warm"),
        key("next", Shape::Text, "What the owner does next.", "Call within the hour"),
        key(
            "channels",
            Shape::Labels("channels"),
            "Where the work happens.",
            "[website, Trade fair]",
        ),
        key("content", Shape::Labels("contents"), "What is used.", "[Comparison guide]"),
        key("collect", Shape::Paths, "The fields the owner fills in here.", "[email, need]"),
        key(
            "limit",
            Shape::Or(&A_LIMIT, &A_DURATION),
            "How long a record may stay.",
            "{duration: 2 business days, target: 4 business hours, escalate_to: manager}",
        ),
        key(
            "exit",
            Shape::Named("criteria", &Shape::Table(&CRITERION)),
            "What must hold before any advance out of the stage.",
            "{reached: {title: We spoke, when: touched_at is present}}",
        ),
        key(
            "enter",
            Shape::Named("criteria", &Shape::Table(&CRITERION)),
            "What must hold before a record comes in.",
            "{firm: {title: The amount is firm, when: amount > 0 JPY}}",
        ),
        key(
            "advance",
            Shape::List("transitions", &Shape::Clause(&TRANSITION)),
            "Ways forward.",
            "[{to: problem, when: need is present}, won after 1d]",
        ),
        key(
            "recycle",
            Shape::List("transitions", &Shape::Clause(&TRANSITION)),
            "Ways back into the loop.",
            "nurturing after 30d",
        ),
        key(
            "lose",
            Shape::List("transitions", &Shape::Clause(&TRANSITION)),
            "Ways to a lost or void outcome.",
            "lost when lost_reason is present",
        ),
        key(
            "from_any_open",
            Shape::List("transitions", &Shape::Clause(&INCOMING)),
            "Ways into this stage from every open stage of a record.",
            "deal when lost_reason is present",
        ),
        key(
            "transitions",
            Shape::List("transitions", &Shape::Table(&MOVE)),
            "All transitions in one list, where the order of different kinds matters.",
            "[{advance: won}, {lose: lost, after: 30d}]",
        ),
        key("outcome", Shape::Word(OUTCOMES), "The milestone the stage marks.", "won"),
        key("final", Shape::Flag, "Meant to have no way out.", "true"),
        key("probability", Shape::Percent, "The chance to win from here.", "40%"),
        key(
            "forecast",
            Shape::List("forecast categories", &Shape::Word(FORECASTS)),
            "How the stage counts in the forecast.",
            "best_case",
        ),
        key(
            "starts",
            Shape::List("records", &Shape::Clause(&STARTS)),
            "Entering the stage creates a record of another type.",
            "renewal at open",
        ),
        key("status", Shape::Word(STATUSES), "How far along the stage is.", "draft"),
        WAS,
        WAIVERS,
    ],
};

pub(crate) const OUTCOMES: &[&str] = &["won", "lost", "void"];
pub(crate) const FORECASTS: &[&str] =
    &["omitted", "pipeline", "best_case", "most_likely", "commit", "closed"];
pub(crate) const STATUSES: &[&str] = &["draft", "active"];
pub(crate) const KINDS: &[&str] = &["advance", "recycle", "lose"];

pub(crate) static ENTRY: Clause = Clause {
    id: "entry",
    what: "`true`",
    example: "true",
    table: Some(&ENTRY_TABLE),
    flag: true,
    titled: false,
};

pub(crate) static ENTRY_TABLE: Table = Table {
    id: "entry-mapping",
    what: "an entry",
    doc: "Where records come from.",
    mode: Mode::Any,
    keys: &[key("from", Shape::Labels("sources"), "The sources.", "[web, referral]")],
};

static A_LIMIT: Shape = Shape::Clause(&LIMIT);

pub(crate) static LIMIT: Clause = Clause {
    id: "limit",
    what: "a limit",
    example: "2 business days target 4 business hours escalate to manager",
    table: Some(&LIMIT_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static LIMIT_TABLE: Table = Table {
    id: "limit-mapping",
    what: "a limit",
    doc: "How long a record may stay, by when it should have moved, and who hears of it.",
    mode: Mode::Any,
    keys: &[
        must("duration", Shape::Clause(&DURATION), "The longest stay.", "2 business days"),
        key("target", Shape::Clause(&DURATION), "The stay one aims at.", "4 business hours"),
        key("escalate_to", Shape::Name("a role or team"), "Who hears of it.", "manager"),
    ],
};

pub(crate) static CRITERION: Table = Table {
    id: "criterion",
    what: "a criterion",
    doc: "Something that must hold, said for people and for the machine.",
    mode: Mode::Any,
    keys: &[
        must("title", Shape::Text, "What a person reads.", "We spoke with the person"),
        must("when", Shape::Expr, "What must hold.", "touched_at is present"),
        key("if", Shape::Expr, "Only for such records.", "amount >= 3_000_000 JPY"),
        key(
            "evidence",
            Shape::Name("a kind of evidence"),
            "Whose word it rests on: `buyer` or `seller`.",
            "buyer",
        ),
        WAS,
    ],
};

const TO: Key = must("to", Shape::Name("a stage"), "Where it leads.", "problem");
const WHEN: Key = key("when", Shape::Expr, "Only for such records.", "need is present");
const AFTER: Key = key("after", Shape::Or(&A_CLOCK, &A_DURATION), "Only after this time.", "30d");
const AT_MOST: Key = key("at_most", Shape::Whole, "How often a record may take it.", "3");
const MOVE_TITLE: Key = key("title", Shape::Text, "What the move is called.", "Not now");
const HANDS_OFF: Key = key(
    "handoff",
    Shape::Clause(&HANDOFF),
    "The terms on which another team takes the record.",
    "{within: 4 business hours, carries: [need], accept: {when: need is present, else: nurturing}}",
);

pub(crate) static TRANSITION: Clause = Clause {
    id: "transition",
    what: "a transition",
    example: "nurturing after 30d",
    table: Some(&TRANSITION_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static TRANSITION_TABLE: Table = Table {
    id: "transition-mapping",
    what: "a transition",
    doc: "A way out of the stage.",
    mode: Mode::Any,
    keys: &[TO, MOVE_TITLE, WHEN, AFTER, AT_MOST, HANDS_OFF],
};

/// A transition in the list of all transitions of a stage: one of the first four keys tells its
/// kind and where it leads, or whence it comes.
pub(crate) static MOVE: Table = Table {
    id: "move",
    what: "a transition",
    doc: "A transition that tells its kind: exactly one of the first four keys.",
    mode: Mode::Any,
    keys: &[
        key("advance", Shape::Clause(&TRANSITION), "Forward, to this stage.", "won"),
        key("recycle", Shape::Clause(&TRANSITION), "Back, to this stage.", "nurturing after 30d"),
        key("lose", Shape::Clause(&TRANSITION), "To this lost or void outcome.", "lost"),
        key(
            "from_any_open",
            Shape::Clause(&INCOMING),
            "From every open stage of this record.",
            "deal",
        ),
        MOVE_TITLE,
        WHEN,
        AFTER,
        AT_MOST,
        HANDS_OFF,
    ],
};

pub(crate) static INCOMING: Clause = Clause {
    id: "incoming",
    what: "a record",
    example: "deal except negotiation when lost_reason is present",
    table: Some(&INCOMING_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static INCOMING_TABLE: Table = Table {
    id: "incoming-mapping",
    what: "a transition",
    doc: "A way into this stage from every open stage of a record, but some.",
    mode: Mode::Any,
    keys: &[
        must("of", Shape::Name("a record"), "The record type.", "deal"),
        key("except", Shape::Names("stages"), "Not from these.", "[negotiation]"),
        key("kind", Shape::Word(KINDS), "Its kind, where the outcome does not tell.", "lose"),
        MOVE_TITLE,
        WHEN,
        AFTER,
        AT_MOST,
        HANDS_OFF,
    ],
};

pub(crate) static HANDOFF: Clause = Clause {
    id: "handoff",
    what: "a handoff",
    example: "within 4 business hours carries [need]",
    table: Some(&HANDOFF_TABLE),
    flag: true,
    titled: false,
};

pub(crate) static HANDOFF_TABLE: Table = Table {
    id: "handoff-mapping",
    what: "a handoff",
    doc: "The clock, the parcel and the terms of acceptance.",
    mode: Mode::Any,
    keys: &[
        key("within", Shape::Clause(&DURATION), "How soon the receiver acts.", "4 business hours"),
        key("carries", Shape::Paths, "The fields handed over.", "[need, meeting_at]"),
        key(
            "accept",
            Shape::Clause(&ACCEPT),
            "When the receiver takes the record.",
            "{when: need is present, else: nurturing}",
        ),
    ],
};

pub(crate) static ACCEPT: Clause = Clause {
    id: "accept",
    what: "terms of acceptance",
    example: "when need is present else recycle to nurturing",
    table: Some(&ACCEPT_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static ACCEPT_TABLE: Table = Table {
    id: "accept-mapping",
    what: "an acceptance",
    doc: "When the receiver takes the record, and where it goes otherwise.",
    mode: Mode::Any,
    keys: &[
        must("when", Shape::Expr, "The terms.", "need is present"),
        key(
            "else",
            Shape::Clause(&OTHERWISE),
            "Where a refused record goes; it stays with the sender when not said.",
            "recycle to nurturing",
        ),
    ],
};

pub(crate) static OTHERWISE: Clause = Clause {
    id: "refusal",
    what: "a stage",
    example: "recycle to nurturing",
    table: Some(&OTHERWISE_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static OTHERWISE_TABLE: Table = Table {
    id: "refusal-mapping",
    what: "a refusal",
    doc: "Where a refused record goes.",
    mode: Mode::Any,
    keys: &[TO, key("kind", Shape::Word(KINDS), "How it goes there.", "recycle")],
};

pub(crate) static STARTS: Clause = Clause {
    id: "starts",
    what: "a record and its first stage",
    example: "renewal at open",
    table: Some(&STARTS_TABLE),
    flag: false,
    titled: false,
};

pub(crate) static STARTS_TABLE: Table = Table {
    id: "starts-mapping",
    what: "a start",
    doc: "Entering the stage creates a record of another type.",
    mode: Mode::Any,
    keys: &[
        must("record", Shape::Name("a record"), "The record type.", "renewal"),
        must("at", Shape::Name("a stage"), "The stage it starts in.", "open"),
    ],
};
