//! Fields of an object: those in its source, and the standard ones that every org has.

use rust_decimal::Decimal;

use super::super::names::{Names, slug};
use super::super::report::{Report, code};
use super::super::translated::Said;
use super::values::Value;
use super::{Element, Place};
use crate::syntax::dsl::is_hidden;

/// The most options of a picklist that are read.
const MOST_OPTIONS: usize = 1_000;

/// A field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// `Amount`, `Company_Size__c`
    pub(super) api: String,
    /// The name in the process; given when it is known which fields are used.
    pub(super) name: String,
    pub(super) label: String,
    /// The label in other languages.
    pub(super) labels: Said,
    pub(super) kind: Kind,
    pub(super) help: Option<String>,
    /// The help in other languages.
    pub(super) helps: Said,
    pub(super) required: bool,
    /// Whether the field itself is: of every record of the object.
    pub(super) of_all: bool,
    /// Whether a rule, not the field itself, asks for it.
    pub(super) by_rule: bool,
    pub(super) unique: bool,
    /// The least value, if a rule says it.
    pub(super) at_least: Option<Value>,
    /// The greatest value, if a rule says it.
    pub(super) at_most: Option<Value>,
    /// Whether no record can be without it.
    pub(super) never_blank: bool,
    pub(super) options: Vec<FieldOption>,
    /// The values that are not active: rows may hold them.
    pub(super) inactive: Vec<String>,
    /// What a person confirms with it.
    pub(super) confirms: Option<String>,
    /// The object it points to, and whether it says that the record continues one of those.
    pub(super) points_to: Option<(String, bool)>,
    pub(super) computed: bool,
    pub(super) place: String,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Integer,
    Money,
    Percent,
    Boolean,
    Date,
    DateTime,
    User,
    OneOf,
    ManyOf,
    /// A type of Salesforce that the language does not have.
    Other(String),
}

/// An option of a picklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldOption {
    /// As it is stored.
    pub(super) value: String,
    pub(super) label: String,
    /// The label in other languages.
    pub(super) labels: Said,
    /// In the process.
    pub(super) name: String,
}

impl Field {
    fn new(api: &str, label: &str, kind: Kind) -> Self {
        Self {
            api: api.to_owned(),
            name: String::new(),
            label: label.to_owned(),
            labels: Said::new(),
            helps: Said::new(),
            kind,
            help: None,
            required: false,
            of_all: false,
            by_rule: false,
            unique: false,
            at_least: None,
            at_most: None,
            never_blank: false,
            options: Vec::new(),
            inactive: Vec::new(),
            confirms: None,
            points_to: None,
            computed: false,
            place: String::new(),
        }
    }

    pub(super) fn has(&self, value: &str) -> bool {
        self.options.iter().any(|option| option.value == value)
    }

    /// Why no condition can ask for it.
    pub(super) fn unread(&self) -> String {
        match &self.kind {
            Kind::Other(kind) => format!("{} is of the type {}", code(&self.api), code(kind)),
            _ => format!("{} has no place in a condition", code(&self.api)),
        }
    }

    /// The name that fits: from the API name, which is ASCII.
    fn wanted(&self) -> String {
        let standard =
            STANDARD.iter().find(|(_, api, name, ..)| *api == self.api && !name.is_empty());
        if let Some((_, _, name, ..)) = standard {
            return (*name).to_owned();
        }
        parted(self.api.strip_suffix("__c").unwrap_or(&self.api))
    }
}

/// `CompanySize` as `Company_Size`; what is parted already stays.
fn parted(name: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            out.push('_');
        }
        out.push(letter);
        before = letter;
    }
    out
}

/// The fields of one object.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(pub(super) Vec<Field>);

impl Fields {
    /// The fields of an object: its own, and the standard ones. `set` gives the options of a value
    /// set by its name.
    pub(super) fn of(
        object: &str,
        own: &[(Place, Element)],
        money: bool,
        set: &dyn Fn(&str) -> Options,
        report: &mut Report,
    ) -> Self {
        let mut fields: Vec<Field> = Vec::new();
        for (place, element) in own {
            let Some(field) = custom(element, place, money, set, report) else { continue };
            if fields.iter().all(|known| !known.api.eq_ignore_ascii_case(&field.api)) {
                fields.push(field);
            }
        }
        for (of, api, _, label, kind) in STANDARD {
            if !of.is_empty() && *of != object || fields.iter().any(|known| known.api == *api) {
                continue;
            }
            let mut field = Field::new(api, label, kind_of(kind, money));
            field.never_blank = matches!(*api, "CloseDate" | "Name" | "LastName" | "Company");
            if field.kind == Kind::OneOf {
                (field.options, field.inactive) = set(match (*api, object) {
                    ("Type", "Opportunity") => "OpportunityType",
                    ("Type", _) => "AccountType",
                    ("Rating", "Lead") => "LeadRating",
                    ("Rating", _) => "AccountRating",
                    (api, _) => api,
                });
            }
            fields.push(field);
        }
        Self(fields)
    }

    pub(super) fn get(&self, api: &str) -> Option<&Field> {
        self.0.iter().find(|field| field.api.eq_ignore_ascii_case(api))
    }

    /// The field that a formula names; or why there is none.
    pub(super) fn named(&self, name: &str) -> Result<&Field, String> {
        if let Some(field) = self.get(name) {
            return if field.computed {
                Err(format!("{} is computed by a formula of its own", code(name)))
            } else {
                Ok(field)
            };
        }
        let lower = name.to_ascii_lowercase();
        let about = |starts: &[&str]| starts.iter().any(|start| lower.starts_with(start));
        Err(if about(&["$user", "$profile", "$permission", "$setup", "$api", "$organization"]) {
            format!("it asks who saves the record, or where: {}", code(name))
        } else if lower.trim_start_matches('$').starts_with("recordtype") {
            format!("it asks for the record type, and none is known here: {}", code(name))
        } else if name.contains('.') {
            format!("{} is a field of another object", code(name))
        } else {
            format!("the field {} is not in the source", code(name))
        })
    }

    /// Gives names to the fields that are used, in the order of their API names.
    pub(super) fn name(&mut self, used: &dyn Fn(&Field) -> bool, taken: &mut Names) {
        let mut order: Vec<usize> = (0..self.0.len()).collect();
        order.sort_by_key(|at| self.0.get(*at).map(|field| field.api.clone()));
        for (number, at) in order.into_iter().enumerate() {
            let Some(field) = self.0.get_mut(at).filter(|field| used(field)) else { continue };
            field.name = taken.take(&field.wanted(), Some(&field.api), "field", number + 1);
            let mut options = Names::default();
            for (number, option) in field.options.iter_mut().enumerate() {
                option.name = options.take(&option.value, None, "option", number + 1);
            }
        }
    }
}

/// The type of a field by Salesforce's word. Without a currency an amount is a number.
fn kind_of(word: &str, money: bool) -> Kind {
    match word {
        "Text" | "TextArea" | "LongTextArea" | "Html" | "Email" | "Phone" | "Url" => Kind::Text,
        "Number" => Kind::Number,
        "Integer" => Kind::Integer,
        "Currency" if money => Kind::Money,
        "Currency" => Kind::Number,
        "Percent" => Kind::Percent,
        "Checkbox" => Kind::Boolean,
        "Date" => Kind::Date,
        "DateTime" => Kind::DateTime,
        "User" => Kind::User,
        "Picklist" => Kind::OneOf,
        "MultiselectPicklist" => Kind::ManyOf,
        other => Kind::Other(other.to_owned()),
    }
}

fn custom(
    element: &Element,
    place: &Place,
    money: bool,
    set: &dyn Fn(&str) -> Options,
    report: &mut Report,
) -> Option<Field> {
    let api = element.child("fullName").or_else(|| place.stem())?;
    // The files of standard fields hold what an org has changed of them, not what they are.
    let word = element.child("type");
    let standard = STANDARD.iter().find(|(_, known, ..)| *known == api);
    let mut kind = match (word, standard) {
        (Some(word), _) => kind_of(word, money),
        (None, Some((.., kind))) => kind_of(kind, money),
        (None, None) => return None,
    };
    let whole = |name: &str| element.child(name).and_then(|text| text.parse::<Decimal>().ok());
    if kind == Kind::Number
        && word == Some("Number")
        && whole("scale").is_none_or(|scale| scale.is_zero())
    {
        kind = Kind::Integer;
    }
    let label = element.child("label").or(standard.map(|(.., label, _)| *label)).unwrap_or(api);
    let mut field = Field::new(api, &one_line(label), kind);
    field.place = place.to_string();
    field.help = element.child("inlineHelpText").map(one_line);
    field.required = element.is("required", "true");
    field.of_all = field.required;
    field.never_blank = field.required
        || matches!(api, "CloseDate" | "Name" | "LastName" | "Company") && standard.is_some();
    field.unique = element.is("unique", "true")
        && matches!(field.kind, Kind::Text | Kind::Number | Kind::Integer);
    field.computed = element.child("formula").is_some();
    let about = element.child("description").unwrap_or("");
    if matches!(word, Some("Lookup" | "MasterDetail")) {
        let target = element.child("referenceTo").unwrap_or("");
        if target == "User" {
            field.kind = Kind::User;
        }
        let continues = about.starts_with("The ") && about.ends_with(" that this record continues");
        field.points_to = Some((target.to_owned(), continues));
    }
    if field.kind == Kind::Boolean && about.starts_with("Confirmed by ") {
        field.confirms = Some(field.help.clone().unwrap_or_else(|| field.label.clone()));
    }
    if matches!(field.kind, Kind::OneOf | Kind::ManyOf) {
        (field.options, field.inactive) = match element.part("valueSet") {
            Some(values) => match (values.child("valueSetName"), values.part("valueSetDefinition"))
            {
                (Some(name), _) => set(name),
                (None, Some(defined)) => options(defined, "value", place, report),
                (None, None) => Options::default(),
            },
            None => set(api),
        };
    }
    Some(field)
}

/// The values of a set that are active, and those that are not.
pub(super) type Options = (Vec<FieldOption>, Vec<String>);

/// The values of a set.
pub(super) fn options(set: &Element, child: &str, place: &Place, report: &mut Report) -> Options {
    let (mut found, mut inactive) = Options::default();
    for value in set.children.iter().filter(|value| value.name == child) {
        let Some(name) = value.child("fullName") else { continue };
        let name = super::decoded(name);
        if value.is("isActive", "false") {
            inactive.push(name);
            continue;
        }
        if found.iter().any(|known| known.value == name) {
            continue;
        }
        if found.len() >= MOST_OPTIONS {
            report.dropped(place.to_string(), format!("options behind the first {MOST_OPTIONS}"));
            break;
        }
        let label = one_line(value.child("label").unwrap_or(&name));
        found.push(FieldOption { value: name, label, labels: Said::new(), name: String::new() });
    }
    (found, inactive)
}

/// A text in one line, without what nobody sees.
pub(super) fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|letter| !is_hidden(*letter)).collect()
}

/// Whether `ekiden build` gives the field this API name by itself.
pub(super) fn is_default(object: &str, field: &Field) -> bool {
    let standard = STANDARD.iter().find(|(of, api, name, ..)| {
        *api == field.api && (of.is_empty() || *of == object) && BUILT.contains(&(object, *name))
    });
    if let Some((.., kind)) = standard {
        return kind_of(kind, true) == field.kind
            && slug(&field.wanted()).as_deref() == Some(&*field.name);
    }
    let parts: Vec<String> = field.name.split('_').map(capital).collect();
    format!("{}__c", parts.join("_")) == field.api
        && !BUILT.contains(&(object, field.name.as_str()))
}

fn capital(part: &str) -> String {
    let mut letters = part.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// The names that `ekiden build` takes for standard fields, by object.
const BUILT: &[(&str, &str)] = &[
    ("Opportunity", "amount"),
    ("Opportunity", "close_date"),
    ("Opportunity", "close_on"),
    ("Opportunity", "next_step"),
    ("Lead", "email"),
    ("Lead", "phone"),
    ("Lead", "mobile"),
    ("Lead", "company"),
    ("Lead", "website"),
    ("Lead", "first_name"),
    ("Lead", "last_name"),
    ("Lead", "job_title"),
    ("Lead", "employees"),
];

/// The standard fields that conditions ask for: object (or any), API name, name in the process,
/// label, type.
const STANDARD: &[(&str, &str, &str, &str, &str)] = &[
    ("Opportunity", "Amount", "amount", "Amount", "Currency"),
    ("Opportunity", "CloseDate", "close_date", "Close Date", "Date"),
    ("Opportunity", "NextStep", "next_step", "Next Step", "Text"),
    ("Opportunity", "Type", "opportunity_type", "Type", "Picklist"),
    ("Opportunity", "Probability", "", "Probability", "Percent"),
    ("Opportunity", "ExpectedRevenue", "", "Expected Revenue", "Currency"),
    ("Opportunity", "TotalOpportunityQuantity", "quantity", "Quantity", "Number"),
    ("Opportunity", "HasOpportunityLineItem", "has_products", "Has Products", "Checkbox"),
    ("Opportunity", "AccountId", "account", "Account", "Lookup"),
    ("Opportunity", "CampaignId", "campaign", "Primary Campaign Source", "Lookup"),
    ("Lead", "Email", "email", "Email", "Email"),
    ("Lead", "Phone", "phone", "Phone", "Phone"),
    ("Lead", "MobilePhone", "mobile", "Mobile", "Phone"),
    ("Lead", "Company", "company", "Company", "Text"),
    ("Lead", "Website", "website", "Website", "Url"),
    ("Lead", "FirstName", "first_name", "First Name", "Text"),
    ("Lead", "LastName", "last_name", "Last Name", "Text"),
    ("Lead", "Title", "job_title", "Title", "Text"),
    ("Lead", "NumberOfEmployees", "employees", "No. of Employees", "Integer"),
    ("Lead", "AnnualRevenue", "annual_revenue", "Annual Revenue", "Currency"),
    ("Lead", "Industry", "industry", "Industry", "Picklist"),
    ("Lead", "Rating", "rating", "Rating", "Picklist"),
    ("Lead", "Country", "country", "Country", "Text"),
    ("Lead", "City", "city", "City", "Text"),
    ("Account", "Phone", "phone", "Phone", "Phone"),
    ("Account", "Website", "website", "Website", "Url"),
    ("Account", "AccountNumber", "account_number", "Account Number", "Text"),
    ("Account", "NumberOfEmployees", "employees", "Employees", "Integer"),
    ("Account", "AnnualRevenue", "annual_revenue", "Annual Revenue", "Currency"),
    ("Account", "Industry", "industry", "Industry", "Picklist"),
    ("Account", "Type", "account_type", "Type", "Picklist"),
    ("Account", "Rating", "rating", "Rating", "Picklist"),
    ("", "Name", "", "Name", "Text"),
    ("", "Description", "", "Description", "TextArea"),
    ("", "LeadSource", "lead_source", "Lead Source", "Picklist"),
    ("", "OwnerId", "", "Owner", "User"),
];
