//! XML of the plain kind that Salesforce writes: elements that hold text or other elements.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::report::code;
use super::{Refused, must_be_text};

/// The deepest nesting that is read; files of this kind have three levels.
const DEEPEST: usize = 16;
/// The most elements of a file; the largest objects have some ten thousand.
const MOST_ELEMENTS: usize = 500_000;

/// A file: its path as shown, and its text.
pub(crate) type File = (String, String);

/// An element.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// Its name, without that of its space.
    pub(crate) name: String,
    /// Where it begins.
    pub(crate) line: usize,
    /// The text in it.
    pub(crate) text: String,
    /// The elements in it.
    pub(crate) children: Vec<Element>,
    /// Its attributes, without the names of their spaces.
    pub(crate) attributes: Vec<(String, String)>,
}

impl Element {
    /// The text of the first child of a name, unless it is empty.
    pub(crate) fn child(&self, name: &str) -> Option<&str> {
        let text = self.part(name)?.text.trim();
        Some(text).filter(|text| !text.is_empty())
    }

    /// The first child of a name.
    pub(crate) fn part(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// What an attribute says, unless it is empty.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own == name)?;
        Some(found.1.trim()).filter(|text| !text.is_empty())
    }

    /// Whether a child says this.
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.child(name) == Some(value)
    }
}

/// Reads a file whose root has a name.
pub(crate) fn parse(file: &File, root: &str) -> Result<Element, Refused> {
    let element = parse_any(file)?;
    if element.name == root {
        return Ok(element);
    }
    let (path, found, wanted) = (&file.0, code(&element.name), code(root));
    let message = format!("cannot be read: `{path}` line 1: the file holds {found}, not {wanted}");
    Err(Refused::new(message, "retrieve it once more"))
}

/// Reads XML of the plain kind Salesforce writes. A document type is refused: with it come entities
/// that grow without end or read other files.
pub(crate) fn parse_any((path, text): &File) -> Result<Element, Refused> {
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
    let mut count = 0_usize;
    let mut found: Option<Element> = None;
    let (mut line, mut counted) = (1, 0);
    loop {
        let at = reader.buffer_position();
        let here = usize::try_from(at).unwrap_or(counted);
        let passed = text.as_bytes().get(counted..here).unwrap_or(&[]);
        line += passed.iter().filter(|byte| **byte == b'\n').count();
        counted = here;
        let event = reader.read_event().map_err(|error| wrong(at, error.to_string()))?;
        if matches!(event, Event::Start(_) | Event::Empty(_)) {
            count += 1;
            if count > MOST_ELEMENTS {
                return Err(wrong(at, format!("there are more than {MOST_ELEMENTS} elements")));
            }
        }
        match event {
            Event::Eof => break,
            Event::DocType(_) => {
                return Err(wrong(at, "a document type is not allowed here".to_owned()));
            }
            Event::Decl(declared) => {
                if let Some(Ok(encoding)) = declared.encoding() {
                    let name = encoding.to_string();
                    // A file in UTF-16 has been read by its mark.
                    let is_read = ["utf-8", "utf-16", "utf-16le", "utf-16be"];
                    if !is_read.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                        return Err(wrong(at, format!("it says it is {}, not UTF-8", code(&name))));
                    }
                }
            }
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(wrong(at, "elements are nested too deep".to_owned()));
                }
                let name = start.local_name().as_ref().to_owned();
                let attributes = attributes(&start).map_err(|error| wrong(at, error))?;
                open.push(Element { name, line, attributes, ..Element::default() });
            }
            Event::Empty(start) => {
                let name = start.local_name().as_ref().to_owned();
                let attributes = attributes(&start).map_err(|error| wrong(at, error))?;
                let element = Element { name, line, attributes, ..Element::default() };
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
    found.ok_or_else(|| wrong(0, "there is no element".to_owned()))
}

/// The attributes of an element, without those that declare spaces.
fn attributes(start: &BytesStart<'_>) -> Result<Vec<(String, String)>, String> {
    let mut all = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name: &str = attribute.key.local_name().into_inner();
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        all.push((name.to_owned(), value.into_owned()));
    }
    Ok(all)
}

/// Names of values are percent-encoded where they hold signs: `Negotiation%2FReview`.
pub(crate) fn decoded(text: &str) -> String {
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
