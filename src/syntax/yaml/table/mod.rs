//! The keys of the notation: what may stand where, said once.
//!
//! The lowering refuses what is not in these tables, the JSON Schema is printed from them, and a
//! test reads the example of every key.

mod file;
mod goal;
mod parts;
mod record;
mod score;
mod stage;

pub(crate) use file::*;
pub(crate) use goal::*;
pub(crate) use parts::*;
pub(crate) use record::*;
pub(crate) use score::*;
pub(crate) use stage::*;

/// The keys of one kind of mapping.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name in the JSON Schema: `stage`.
    pub(crate) id: &'static str,
    /// With its article, for messages: `a stage`.
    pub(crate) what: &'static str,
    /// One sentence about it.
    pub(crate) doc: &'static str,
    /// How many keys it has, and whether it has others.
    pub(crate) mode: Mode,
    /// The keys, in the order they are best written.
    pub(crate) keys: &'static [Key],
}

impl Table {
    /// The noun without its article.
    pub(crate) fn noun(&self) -> &'static str {
        self.what.split_once(' ').map_or(self.what, |(_, noun)| noun)
    }
}

/// Which of its keys a mapping may have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode {
    /// Any of them.
    Any,
    /// Exactly one of them.
    One,
    /// Any of them, and keys of any other name with such values.
    Open(&'static Shape),
}

/// One key.
#[derive(Debug)]
pub(crate) struct Key {
    /// As written.
    pub(crate) name: &'static str,
    /// What its value may be.
    pub(crate) shape: Shape,
    /// Whether the mapping means nothing without it.
    pub(crate) required: bool,
    /// One sentence about it.
    pub(crate) doc: &'static str,
    /// A value, in YAML on one line.
    pub(crate) example: &'static str,
}

/// A key that may be left out.
pub(crate) const fn key(
    name: &'static str,
    shape: Shape,
    doc: &'static str,
    example: &'static str,
) -> Key {
    Key { name, shape, required: false, doc, example }
}

/// A key that must be there.
pub(crate) const fn must(
    name: &'static str,
    shape: Shape,
    doc: &'static str,
    example: &'static str,
) -> Key {
    Key { name, shape, required: true, doc, example }
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// A text for people: one, or one for each language.
    Text,
    /// A name; says of what: `a record`.
    Name(&'static str),
    /// Names joined by dots; says of what.
    Path(&'static str),
    /// A list of names, or one alone; says of what: `teams`.
    Names(&'static str),
    /// A list of field paths, or one alone.
    Paths,
    /// A list of words and texts, or one alone; says of what: `channels`.
    Labels(&'static str),
    /// `true` or `false`.
    Flag,
    /// A whole number, not negative.
    Whole,
    /// A number.
    Number,
    /// `40%`, or `40`.
    Percent,
    /// A day.
    Date,
    /// A list of days, or one alone.
    Dates,
    /// A string that is no text for people; says what: `a version`.
    Verbatim(&'static str),
    /// A list of strings, or one alone.
    Languages,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The name of a rule.
    Rule,
    /// A condition: as the DSL writes it, a list of conditions that must all hold, or a mapping.
    Expr,
    /// As the DSL writes it, or spread out.
    Clause(&'static Clause),
    /// A mapping with these keys.
    Table(&'static Table),
    /// A list of these, or one alone.
    List(&'static str, &'static Shape),
    /// A mapping from names to these; says of what: `stages`.
    Named(&'static str, &'static Shape),
    /// One or the other.
    Or(&'static Shape, &'static Shape),
    /// The options of an enumeration: a list of names, or a mapping from names to titles.
    Options,
    /// What the tables do not tell: the settings of a target.
    Any,
}

/// Something that can be written as in the DSL, or spread out as a mapping.
#[derive(Debug)]
pub(crate) struct Clause {
    /// Its name in the JSON Schema.
    pub(crate) id: &'static str,
    /// With its article: `a limit`.
    pub(crate) what: &'static str,
    /// As the DSL writes it, without the keyword that the key stands for.
    pub(crate) example: &'static str,
    /// Spread out.
    pub(crate) table: Option<&'static Table>,
    /// Whether `true` says something too.
    pub(crate) flag: bool,
    /// Whether it is a title, which may be left out, or be in several languages.
    pub(crate) titled: bool,
}

/// The three kinds of YAML values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A single value.
    Scalar,
    /// A list.
    List,
    /// A mapping.
    Mapping,
}

impl Shape {
    /// Whether a value of this form can be meant.
    pub(crate) fn accepts(&self, form: Form) -> bool {
        match self {
            Shape::Text => form != Form::List,
            Shape::Name(_)
            | Shape::Path(_)
            | Shape::Flag
            | Shape::Whole
            | Shape::Number
            | Shape::Percent
            | Shape::Date
            | Shape::Verbatim(_)
            | Shape::Word(_)
            | Shape::Rule => form == Form::Scalar,
            Shape::Options => form != Form::Scalar,
            Shape::Names(_) | Shape::Paths | Shape::Dates | Shape::Languages => {
                form != Form::Mapping
            }
            Shape::Labels(_) | Shape::Expr | Shape::Any => true,
            Shape::Clause(clause) => match form {
                Form::Scalar => true,
                Form::List => false,
                Form::Mapping => clause.table.is_some(),
            },
            Shape::Table(_) | Shape::Named(..) => form == Form::Mapping,
            Shape::Or(one, other) => one.accepts(form) || other.accepts(form),
            Shape::List(_, item) => form == Form::List || item.accepts(form),
        }
    }

    /// Whether a key of this shape may stand without a value.
    pub(crate) fn may_be_empty(&self) -> bool {
        match self {
            Shape::Named(..) | Shape::Table(_) | Shape::Any => true,
            Shape::Clause(clause) => clause.titled,
            _ => false,
        }
    }

    /// What it must be, for messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Shape::Text => "a text, or a mapping from languages to texts".to_owned(),
            Shape::Name(of) | Shape::Path(of) => format!("the name of {of}"),
            // A list is read, so that all owners but one can be reported.
            Shape::Names(of) if of.starts_with("a ") => (*of).to_owned(),
            Shape::Names(of) | Shape::Labels(of) => format!("a list of {of}"),
            Shape::Paths => "a list of fields".to_owned(),
            Shape::Flag => "`true` or `false`".to_owned(),
            Shape::Whole => "a whole number".to_owned(),
            Shape::Number => "a number".to_owned(),
            Shape::Percent => "a percentage, such as `40%`".to_owned(),
            Shape::Date => "a date, such as `2026-04-01`".to_owned(),
            Shape::Dates => "a list of dates".to_owned(),
            Shape::Verbatim(what) => (*what).to_owned(),
            Shape::Languages => "a list of languages, such as `[en, ja]`".to_owned(),
            Shape::Word(words) => one_of(words),
            Shape::Rule => "the name of a rule".to_owned(),
            Shape::Expr => "a condition".to_owned(),
            Shape::Clause(Clause { example: "true", .. }) => "`true`, or a mapping".to_owned(),
            Shape::Clause(Clause { what, example, table: Some(_), .. }) => {
                format!("{what}, such as `{example}`, or a mapping")
            }
            Shape::Clause(Clause { what, example, .. }) => format!("{what}, such as `{example}`"),
            Shape::Table(_) => "a mapping".to_owned(),
            Shape::List(of, _) => format!("a list of {of}"),
            Shape::Named(of, _) => format!("a mapping of {of} by name"),
            Shape::Or(one, Shape::Table(_)) => one.describe(),
            Shape::Or(one, other) => format!("{}, or {}", one.describe(), other.describe()),
            Shape::Options => "a list of options, or a mapping from options to titles".to_owned(),
            Shape::Any => "a value".to_owned(),
        }
    }
}

/// `` `a`, `b` or `c` ``
pub(crate) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
