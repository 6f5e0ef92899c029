//! Source of Salesforce: the stages of opportunities, and the sales processes that choose of them.

use quick_xml::Reader;
use quick_xml::events::Event;
use rust_decimal::Decimal;

use crate::model::Outcome;

use super::report::code;
use super::table::forecast;
use super::{
    Imported, MOST_STAGES, Pipeline, Refused, Stage, must_be_text, settled, title, too_many,
};

/// The deepest nesting that is read; files of this kind have three levels.
const DEEPEST: usize = 16;

/// A file: its path as shown, and its text.
pub(crate) type File = (String, String);

/// An element.
#[derive(Debug, Default)]
struct Element {
    name: String,
    line: usize,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn child(&self, name: &str) -> Option<&str> {
        let found = self.children.iter().find(|child| child.name == name)?;
        Some(found.text.trim()).filter(|text| !text.is_empty())
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.child(name) == Some(value)
    }
}

/// Reads the value set of stages and the sales processes.
pub(crate) fn read(stages: &File, processes: &[File]) -> Result<Imported, Refused> {
    let mut imported = Imported::default();
    let root = parse(stages, "StandardValueSet")?;
    let values: Vec<&Element> =
        root.children.iter().filter(|child| child.name == "standardValue").collect();
    if values.len() > MOST_STAGES {
        return Err(too_many());
    }
    if values.is_empty() {
        let message = format!("holds no stages: `{}` has no `standardValue`", stages.0);
        return Err(Refused::new(
            message,
            "retrieve `StandardValueSet:OpportunityStage` once more",
        ));
    }
    let mut chosen: Vec<(String, String, Vec<String>)> = Vec::new();
    for file in processes {
        let root = parse(file, "BusinessProcess")?;
        let from_path = file.0.rsplit('/').next().and_then(|name| name.split('.').next());
        let name = root.child("fullName").or(from_path).unwrap_or("").to_owned();
        if root.is("isActive", "false") {
            imported
                .report
                .dropped(&file.0, format!("the sales process {} is not active", code(&name)));
            continue;
        }
        let values = root.children.iter().filter(|child| child.name == "values");
        let values: Vec<String> =
            values.filter_map(|value| value.child("fullName")).map(decoded).collect();
        if values.len() > MOST_STAGES {
            return Err(too_many());
        }
        chosen.push((file.0.clone(), name, values));
    }
    if chosen.is_empty() {
        imported
            .report
            .guessed(&stages.0, "there is no sales process: every stage is in one pipeline");
        let all = values.iter().filter_map(|value| value.child("fullName")).map(str::to_owned);
        chosen.push((stages.0.clone(), "Opportunity".to_owned(), all.collect()));
    } else {
        let text = "stages stand in the order of the value set, which is the one Salesforce shows";
        imported.report.guessed(&stages.0, text);
    }
    let several = chosen.len() > 1;
    for (path, name, of) in chosen {
        let mut pipeline = Pipeline {
            title: title(&name, &path, &mut imported.report),
            record: Some(("opportunity", "Opportunity")),
            ..Pipeline::default()
        };
        for value in &values {
            let name = value.child("fullName").unwrap_or("");
            if of.iter().any(|other| other == name) {
                pipeline.stages.push(stage(value, &stages.0, &mut imported));
            }
        }
        for unknown in of.iter().filter(|name| !values.iter().any(|v| v.is("fullName", name))) {
            let text = format!("{} is no value of `{}`", code(unknown), stages.0);
            imported.report.dropped(&path, text);
        }
        imported.pipelines.push(pipeline);
    }
    if several {
        let text = "stages that several sales processes share are written once for each";
        imported.report.guessed(&stages.0, text);
    }
    settled(imported)
}

fn stage(value: &Element, path: &str, imported: &mut Imported) -> Stage {
    let place = format!("{path} line {}", value.line);
    let report = &mut imported.report;
    let name = value.child("fullName").unwrap_or("Stage");
    let probability = value.child("probability").and_then(|text| {
        let read: Option<Decimal> = text.parse().ok();
        let inside =
            read.filter(|p| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(p) && p.scale() <= 6);
        if inside.is_none() {
            report.dropped(&place, format!("{} is no probability from 0 to 100", code(text)));
        }
        inside
    });
    let category = value.child("forecastCategory").and_then(|text| {
        let word = forecast(text);
        if word.is_none() {
            report.dropped(&place, format!("{} is no forecast category that is known", code(text)));
        }
        word
    });
    let outcome = match (value.is("closed", "true"), value.is("won", "true")) {
        (true, true) => Some(Outcome::Won),
        (true, false) => Some(Outcome::Lost),
        (false, true) => {
            report.odd(&place, format!("{} is won but not closed: it is read as open", code(name)));
            None
        }
        (false, false) => None,
    };
    if let Some(text) = value.child("description") {
        report.understood(
            &place,
            format!("the description of {} is its purpose: {}", code(name), code(text)),
        );
    }
    Stage {
        title: title(value.child("label").unwrap_or(name), &place, report),
        id: Some(name.to_owned()),
        purpose: value.child("description").map(str::to_owned),
        probability,
        forecast: category,
        outcome,
        entry: value.is("default", "true"),
        inactive: value.is("isActive", "false"),
        place,
        ..Stage::default()
    }
}

/// Names of values are percent-encoded where they hold signs: `Negotiation%2FReview`.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let code = code.and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// Reads XML of the plain kind Salesforce writes. A document type is refused: with it come entities
/// that grow without end or read other files.
fn parse((path, text): &File, root: &str) -> Result<Element, Refused> {
    must_be_text(text).map_err(|refused| Refused {
        message: format!("{}: `{path}`", refused.message),
        ..refused
    })?;
    let line_at = |at: u64| {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    };
    let mut reader = Reader::from_str(text);
    let wrong = |at: u64, what: String| {
        let message = format!("cannot be read: `{path}` line {}: {what}", line_at(at));
        Refused::new(message, "retrieve it once more")
    };
    let mut open: Vec<Element> = Vec::new();
    let mut found: Option<Element> = None;
    let (mut line, mut counted) = (1, 0);
    loop {
        let at = reader.buffer_position();
        let here = usize::try_from(at).unwrap_or(counted);
        let passed = text.as_bytes().get(counted..here).unwrap_or(&[]);
        line += passed.iter().filter(|byte| **byte == b'\n').count();
        counted = here;
        let event = reader.read_event().map_err(|error| wrong(at, error.to_string()))?;
        match event {
            Event::Eof => break,
            Event::DocType(_) => {
                return Err(wrong(at, "a document type is not allowed here".to_owned()));
            }
            Event::Decl(declared) => {
                if let Some(Ok(encoding)) = declared.encoding() {
                    let name = encoding.to_string();
                    if !name.eq_ignore_ascii_case("utf-8") {
                        return Err(wrong(at, format!("it says it is {}, not UTF-8", code(&name))));
                    }
                }
            }
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(wrong(at, "elements are nested too deep".to_owned()));
                }
                let name = start.local_name().as_ref().to_owned();
                open.push(Element { name, line, ..Element::default() });
            }
            Event::Empty(start) => {
                let name = start.local_name().as_ref().to_owned();
                let element = Element { name, line, ..Element::default() };
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => found = Some(element),
                }
            }
            Event::End(_) => {
                let Some(element) = open.pop() else { continue };
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => found = Some(element),
                }
            }
            Event::Text(piece) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&piece);
                }
            }
            Event::CData(piece) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&piece);
                }
            }
            Event::GeneralRef(reference) => {
                let name = reference.to_string();
                let letter = match name.as_str() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                let Some(letter) = letter else {
                    return Err(wrong(at, format!("the entity {} is not known", code(&name))));
                };
                if let Some(element) = open.last_mut() {
                    element.text.push(letter);
                }
            }
            Event::Comment(_) | Event::PI(_) => {}
        }
    }
    if let Some(element) = open.last() {
        let what = format!("{} is never closed; the file is cut", code(&element.name));
        let message = format!("cannot be read: `{path}` line {}: {what}", element.line);
        return Err(Refused::new(message, "retrieve it once more"));
    }
    match found {
        Some(element) if element.name == root => Ok(element),
        Some(element) => {
            let (found, wanted) = (code(&element.name), code(root));
            Err(wrong(0, format!("the file holds {found}, not {wanted}")))
        }
        None => Err(wrong(0, "there is no element".to_owned())),
    }
}
