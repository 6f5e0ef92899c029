//! Records, fields and options.

use crate::diag::{Diagnostic, codes};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{FieldDecl, FieldType, Name, OptionDecl, RecordDecl};
use crate::syntax::dsl::explain::meant_type;
use crate::syntax::dsl::expr::unspeakable;
use crate::syntax::dsl::fragment;

use super::super::reader::Reader;
use super::super::table::{
    FIELD, FIELD_TABLE, FIELD_TYPE_TABLE, OPTION, OPTION_TABLE, RECORD, Shape,
};
use super::super::tree::NodeRef;
use super::{Common, is_broken};

pub(super) fn record<'t>(
    reader: &mut Reader<'t>,
    name: Name,
    span: Span,
    node: NodeRef<'t>,
) -> RecordDecl {
    let mut common = Common::default();
    let (mut from, mut fields) = (None, Vec::new());
    let subject = format!("record `{name}`");
    for entry in reader.open(&RECORD, node, &subject, name.span).unwrap_or_default() {
        match entry.key.name {
            "from" => from = reader.name(entry.value),
            "fields" => {
                reader.named(entry.value, &Shape::Clause(&FIELD), |reader, name, key, body| {
                    let span = key.span().to(body.span());
                    let word = name.text.clone();
                    reader.findings.extend(unspeakable(&name));
                    match field(reader, name, span, body) {
                        Some(field) => fields.push(field),
                        None => reader.lost.push(word),
                    }
                });
            }
            _ => common.read(reader, entry),
        }
    }
    let Common { title, about, was, waivers } = common;
    RecordDecl { name, title, from, about, fields, was, waivers, broken: reader.broken(), span }
}

/// `number "Employees" at least 1`, or a mapping.
fn field<'t>(
    reader: &mut Reader<'t>,
    name: Name,
    span: Span,
    node: NodeRef<'t>,
) -> Option<FieldDecl> {
    if is_broken(node) {
        return None;
    }
    if node.scalar().is_some() {
        let field = scalar_field(reader, node)?;
        return Some(FieldDecl { name, span, ..field });
    }
    let subject = format!("field `{name}`");
    let at = node.target().span();
    let faults = reader.faults;
    let mut types = Vec::new();
    let mut field = bare(Spanned::new(FieldType::Text, at), span);
    let entries = reader.open(&FIELD_TABLE, node, &subject, name.span)?;
    // The type first: as a scalar it may say more, which the other keys then overrule.
    for entry in &entries {
        match entry.key.name {
            "type" if is_enumeration(reader, entry.value) => types.push(None),
            "type" if entry.value.scalar().is_some() => {
                let read = scalar_field(reader, entry.value);
                types.push(read.as_ref().map(|read| read.ty.clone()));
                field = read.unwrap_or(field);
            }
            "type" => types.push(type_mapping(reader, entry.value)),
            "one_of" => types.push(enumeration(reader, entry.value, FieldType::OneOf)),
            "many_of" => types.push(enumeration(reader, entry.value, FieldType::ManyOf)),
            _ => {}
        }
    }
    for entry in entries {
        let node = entry.value;
        match entry.key.name {
            "title" => field.title = reader.text(node),
            "at_least" => field.at_least = reader.fragment(node, fragment::bound),
            "at_most" => field.at_most = reader.fragment(node, fragment::bound),
            "required" => field.required = reader.flag(node),
            "unique" => field.unique = reader.flag(node),
            "help" => field.help = reader.text(node),
            "was" => field.was = reader.names(node),
            _ => {}
        }
    }
    let mut types = types.into_iter();
    match (types.next(), types.next()) {
        (Some(ty), None) => Some(FieldDecl { name, ty: ty?, span, ..field }),
        (None, _) => {
            if reader.faults == faults {
                let message = format!("{subject} has no type");
                let finding = Diagnostic::new(codes::MISSING_PROPERTY, name.span, message);
                reader.report(finding.help("add `type: text`, for instance"));
            }
            None
        }
        (Some(_), Some(_)) => {
            let message = format!("{subject} has more than one type");
            let finding = Diagnostic::new(codes::DUPLICATE_PROPERTY, name.span, message);
            reader.report(finding.help("write one of `type`, `one_of` and `many_of`"));
            None
        }
    }
}

fn bare(ty: Spanned<FieldType>, span: Span) -> FieldDecl {
    FieldDecl {
        name: Name::new("", span),
        ty,
        title: None,
        at_least: None,
        at_most: None,
        required: None,
        unique: None,
        help: None,
        was: Vec::new(),
        span,
    }
}

fn scalar_field<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<FieldDecl> {
    let (scalar, span) = reader.scalar(node)?;
    match FieldType::from_word(&scalar.value) {
        Some(ty) => Some(bare(Spanned::new(ty, span), span)),
        None => reader.fragment(node, fragment::field),
    }
}

/// `type: enum`, without options: here they stand under a key of their own. Whether that was told.
fn is_enumeration<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> bool {
    let Some((scalar, span)) = reader.scalar(node) else { return false };
    let key = match meant_type(&scalar.value) {
        Some(many) if many.starts_with("many") => "many_of",
        Some(one) if one.starts_with("one") => "one_of",
        _ => return false,
    };
    let message = format!("unknown type `{}`", scalar.value);
    reader.report(
        Diagnostic::new(codes::UNKNOWN_NAME, span, message)
            .help(format!("write `{key}: [a, b]` in the place of `type`")),
    );
    true
}

/// `{one_of: [a, b]}`
fn type_mapping<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Spanned<FieldType>> {
    let first = *reader.open(&FIELD_TYPE_TABLE, node, "`type`", node.span())?.first()?;
    let many = first.key.name == "many_of";
    enumeration(reader, first.value, if many { FieldType::ManyOf } else { FieldType::OneOf })
}

/// A list of names, or a mapping from names to titles.
fn enumeration<'t>(
    reader: &mut Reader<'t>,
    node: NodeRef<'t>,
    make: fn(Vec<OptionDecl>) -> FieldType,
) -> Option<Spanned<FieldType>> {
    let span = node.target().span();
    let mut options = Vec::new();
    if node.items().is_some() {
        for name in reader.names(node) {
            options.push(OptionDecl { name, title: None, was: Vec::new() });
        }
    } else {
        reader.named(node, &Shape::Clause(&OPTION), |reader, name, _, body| {
            options.push(option(reader, name, body));
        });
    }
    reader.findings.extend(options.iter().filter_map(|option| unspeakable(&option.name)));
    Some(Spanned::new(make(options), span))
}

fn option<'t>(reader: &mut Reader<'t>, name: Name, node: NodeRef<'t>) -> OptionDecl {
    let mut option = OptionDecl { name, title: None, was: Vec::new() };
    if let Some(title) = reader.title_alone(node) {
        option.title = title;
        return option;
    }
    let subject = format!("option `{}`", option.name);
    for entry in reader.open(&OPTION_TABLE, node, &subject, option.name.span).unwrap_or_default() {
        match entry.key.name {
            "title" => option.title = reader.text(entry.value),
            _ => option.was = reader.names(entry.value),
        }
    }
    option
}
