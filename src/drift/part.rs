//! What a CRM is made of, as far as a process says anything about it: parts that have facts. Both
//! sides of a comparison are read into these, the export and what the process would build.

use crate::source::Span;

use super::formula;

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// A validation rule of Salesforce.
    Rule,
    /// The values of the stage field of Salesforce.
    StageSet,
    /// A pipeline of HubSpot or Pipedrive.
    Pipeline,
    /// Which moves a pipeline of HubSpot refuses, and where records begin in it.
    PipelineRules,
    /// Who approves that a record enters one of its stages.
    Approval,
    /// Who edits records in one of its stages.
    Editors,
    /// A stage, wherever it is a value of its own.
    Stage,
    /// A sales process or lead process of Salesforce.
    SalesProcess,
    /// A stage that it offers.
    Offered,
    /// An object of Salesforce.
    Object,
    /// A field of Salesforce or Pipedrive, a property of HubSpot.
    Field,
    /// A rule about the values of a property of HubSpot.
    PropertyRule,
    /// A value that can be chosen in it.
    Option,
    /// A record type of Salesforce.
    RecordType,
    /// The values of one field that can be chosen in it.
    ChoiceList,
    /// One of them.
    Choice,
    /// A permission set.
    PermissionSet,
    /// What it permits.
    Permission,
    /// A custom permission.
    CustomPermission,
    /// A path of Salesforce.
    Path,
    /// What it shows at a stage.
    Step,
    /// A group of properties of HubSpot.
    Group,
    /// A list view of Salesforce.
    List,
    /// A type of activity of Pipedrive.
    ActivityType,
    /// What people read of something in another language.
    Translation,
}

impl Kind {
    /// The word for programs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Rule => "validation_rule",
            Kind::StageSet => "stage_set",
            Kind::Pipeline => "pipeline",
            Kind::PipelineRules => "pipeline_rules",
            Kind::Approval => "stage_approval",
            Kind::Editors => "stage_editors",
            Kind::Stage => "stage",
            Kind::SalesProcess => "sales_process",
            Kind::Offered => "sales_process_stage",
            Kind::Object => "object",
            Kind::Field => "field",
            Kind::PropertyRule => "property_rule",
            Kind::Option => "option",
            Kind::RecordType => "record_type",
            Kind::ChoiceList => "record_type_field",
            Kind::Choice => "record_type_option",
            Kind::PermissionSet => "permission_set",
            Kind::Permission => "permission",
            Kind::CustomPermission => "custom_permission",
            Kind::Path => "path",
            Kind::Step => "path_step",
            Kind::Group => "property_group",
            Kind::List => "list_view",
            Kind::ActivityType => "activity_type",
            Kind::Translation => "translation",
        }
    }

    /// So many of them: `1 list of stages`, `2 lists of stages`.
    pub(crate) fn counted(self, count: usize) -> String {
        let many = self.plural();
        if count != 1 {
            return format!("{count} {many}");
        }
        let end = [" of ", " in ", " to "].iter().filter_map(|word| many.find(word)).min();
        let (head, rest) = many.split_at_checked(end.unwrap_or(many.len())).unwrap_or((many, ""));
        let one = head.strip_suffix("sses").map(|head| format!("{head}ss"));
        let one = one.unwrap_or_else(|| head.strip_suffix('s').unwrap_or(head).to_owned());
        format!("1 {one}{rest}")
    }

    /// What several of them are called.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Kind::Rule => "validation rules",
            Kind::StageSet => "lists of stages",
            Kind::Pipeline => "pipelines",
            Kind::PipelineRules => "rules of pipelines",
            Kind::Approval => "approvals",
            Kind::Editors => "permissions to edit in stages",
            Kind::Stage => "stages",
            Kind::SalesProcess => "sales processes",
            Kind::Offered => "stages of sales processes",
            Kind::Object => "objects",
            Kind::Field => "fields",
            Kind::PropertyRule => "rules of properties",
            Kind::Option => "options",
            Kind::RecordType => "record types",
            Kind::ChoiceList => "lists of options in record types",
            Kind::Choice => "options in record types",
            Kind::PermissionSet => "permission sets",
            Kind::Permission => "permissions",
            Kind::CustomPermission => "custom permissions",
            Kind::Path => "paths",
            Kind::Step => "steps of paths",
            Kind::Group => "property groups",
            Kind::List => "list views",
            Kind::ActivityType => "activity types",
            Kind::Translation => "translations",
        }
    }

    /// How bad it is when one is missing, or there without reason.
    pub(crate) fn weight(self) -> Weight {
        match self {
            Kind::Translation => Weight::Texts,
            Kind::List
            | Kind::Path
            | Kind::Step
            | Kind::Group
            | Kind::CustomPermission
            | Kind::ActivityType => Weight::Values,
            _ => Weight::Records,
        }
    }

    /// Whether the process names all of them: what it does not name is drift.
    pub(crate) fn is_closed(self) -> bool {
        matches!(
            self,
            Kind::Stage
                | Kind::Offered
                | Kind::Option
                | Kind::Choice
                | Kind::Approval
                | Kind::PropertyRule
        )
    }

    /// Whether people see them in an order that the process decides.
    pub(crate) fn is_ordered(self) -> bool {
        matches!(self, Kind::Stage | Kind::Option)
    }
}

/// How bad a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// Records get where they must not, or cannot get where they should.
    Records,
    /// Numbers and settings are others.
    Values,
    /// People read something else.
    Texts,
}

impl Weight {
    /// All, the worst first.
    pub(crate) const ALL: [Weight; 3] = [Weight::Records, Weight::Values, Weight::Texts];

    /// The word for programs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Weight::Records => "records",
            Weight::Values => "values",
            Weight::Texts => "texts",
        }
    }

    /// The heading for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Weight::Records => "Records can go wrong",
            Weight::Values => "Values differ",
            Weight::Texts => "Texts differ",
        }
    }
}

/// What a value is, and so when two are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A name or a word of the CRM.
    Word,
    /// `true` or `false`.
    Flag,
    /// A number, however it is written.
    Number,
    /// A text; white space has no meaning.
    Text,
    /// A text with marks of HTML, which have no meaning.
    Marked,
    /// Names, in order.
    Names,
    /// A formula of Salesforce.
    Formula,
}

/// What separates names in one value.
pub(crate) const SEPARATOR: &str = ", ";

impl Form {
    /// The value without what has no meaning: two are the same when this is.
    pub(crate) fn normal(self, value: &str) -> String {
        match self {
            Form::Word | Form::Names => value.trim().to_owned(),
            Form::Flag => value.trim().to_ascii_lowercase(),
            Form::Number => match value.trim().parse::<rust_decimal::Decimal>() {
                Ok(number) => number.normalize().to_string(),
                Err(_) => value.trim().to_owned(),
            },
            Form::Text => one_line(value),
            Form::Marked => unmarked(value),
            Form::Formula => formula::normal(value),
        }
    }
}

/// A property that parts have.
#[derive(Debug)]
pub(crate) struct Property {
    /// Its name in the export; with slashes where it lies deeper.
    pub(crate) key: &'static str,
    /// What people call it.
    pub(crate) word: &'static str,
    /// How bad a difference is.
    pub(crate) weight: Weight,
    /// What its values are.
    pub(crate) form: Form,
    /// What holds when the export does not say it.
    pub(crate) absent: Option<&'static str>,
}

/// One property of a part.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    /// Which one.
    pub(crate) property: &'static Property,
    /// The value, as it was written.
    pub(crate) value: String,
    /// The line it stands in, if it is known.
    pub(crate) line: Option<usize>,
}

/// A place in an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file.
    pub(crate) path: String,
    /// The line, for XML.
    pub(crate) line: Option<usize>,
    /// The way to the value, for JSON: `/results/0/stages/2`.
    pub(crate) pointer: Option<String>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        self.pointer.as_ref().map_or(Ok(()), |pointer| write!(f, " {pointer}"))
    }
}

/// What identifies a part on both sides.
pub(crate) type Key = (Kind, String);

/// A part of a CRM.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// What it is, and which one.
    pub(crate) key: Key,
    /// The part it belongs to; it comes before this one.
    pub(crate) owner: Option<Key>,
    /// The part it is about: when that one is missing, nothing more is said of this one.
    pub(crate) about: Option<Key>,
    /// What people call it, with what it is: `Opportunity stage "Demo"`.
    pub(crate) said: String,
    /// What people call it, alone.
    pub(crate) title: String,
    /// The value that stands for it, where that is not what people see.
    pub(crate) name: String,
    /// What is known of it.
    pub(crate) facts: Vec<Fact>,
    /// Why it has no effect: `not active`, `archived`, `hidden`.
    pub(crate) off: Option<&'static str>,
    /// Whether what belongs to it cannot be read from it.
    pub(crate) opaque: bool,
    /// Whether only what belongs to it is known, and nothing of itself.
    pub(crate) bare: bool,
    /// Where it stands in the export.
    pub(crate) place: Place,
    /// Where the process declares it.
    pub(crate) origin: Option<Span>,
}

impl Part {
    pub(crate) fn new(kind: Kind, key: impl Into<String>, said: String, place: Place) -> Self {
        Self {
            key: (kind, key.into()),
            owner: None,
            about: None,
            title: String::new(),
            name: String::new(),
            said,
            facts: Vec::new(),
            off: None,
            opaque: false,
            bare: false,
            place,
            origin: None,
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.key.0
    }

    /// The fact of a property, by its word.
    pub(crate) fn fact(&self, word: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.property.word == word)
    }
}

/// The text on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without marks of HTML; what breaks a line in it is a space.
fn unmarked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        out.push_str(before);
        match behind.split_once('>') {
            Some((_, after)) => {
                out.push(' ');
                rest = after;
            }
            None => {
                out.push('<');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    let plain = [
        ("&nbsp;", " "),
        ("\u{a0}", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    one_line(&plain.iter().fold(out, |out, (mark, plain)| out.replace(mark, plain)))
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn what_has_no_meaning_makes_no_difference() {
        let same = |form: Form, one: &str, other: &str| form.normal(one) == form.normal(other);
        assert!(same(Form::Number, "40", "40.0") && same(Form::Number, "0.6", " 0.60"));
        assert!(!same(Form::Number, "40", "41") && same(Form::Number, "n/a", "n/a"));
        assert!(same(Form::Text, "a\n  b", "a b") && !same(Form::Text, "a b", "A b"));
        assert!(same(Form::Flag, "True", "true"));
        assert!(same(
            Form::Marked,
            "<p>a &amp; b</p><ul><li>c</li></ul>",
            "<div>a &amp; b <b>c</b></div>"
        ));
        assert!(!same(Form::Marked, "<p>a</p>", "<p>b</p>"));
        // `&amp;lt;` is the text `&lt;`, not a mark.
        assert!(!same(Form::Marked, "&amp;lt;", "&lt;"));
        assert!(same(Form::Marked, "1 < 2", "1 &lt; 2"));
    }
}
