//! XML as Salesforce writes it: four spaces, one element a line, the five entities escaped. BPMN and
//! DMN are written alike, with attributes.
//!
//! A file in exactly this style comes back unchanged when Salesforce's own tools convert it, so a
//! later `retrieve` shows what somebody changed in the org and nothing else.

use quick_xml::escape::escape;

/// An element that holds either text or other elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Text(String),
    Elements(Vec<Element>),
}

impl Element {
    /// An element that will hold others.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), content: Content::Elements(Vec::new()) }
    }

    /// An element that holds `value`.
    pub(crate) fn of(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, attributes: Vec::new(), content: Content::Text(value.into()) }
    }

    /// Gives it an attribute.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// Adds an element at the end.
    #[must_use]
    pub(crate) fn child(mut self, child: Element) -> Self {
        self.push(child);
        self
    }

    /// Adds an element at the end.
    pub(crate) fn push(&mut self, child: Element) {
        match &mut self.content {
            Content::Elements(children) => children.push(child),
            Content::Text(_) => self.content = Content::Elements(vec![child]),
        }
    }

    /// Adds an element that holds `value`.
    #[must_use]
    pub(crate) fn text(self, name: &'static str, value: impl Into<String>) -> Self {
        self.child(Element::of(name, value))
    }

    /// Adds an element that holds `value`, if there is one.
    #[must_use]
    pub(crate) fn maybe(self, name: &'static str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// Adds an element that holds `true` or `false`.
    #[must_use]
    pub(crate) fn flag(self, name: &'static str, value: bool) -> Self {
        self.text(name, if value { "true" } else { "false" })
    }

    /// The document with this element as its root, in the name space of the Metadata API.
    pub(crate) fn metadata(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        write(self, 0, " xmlns=\"http://soap.sforce.com/2006/04/metadata\"", &mut out);
        out
    }

    /// The document with this element as its root.
    pub(crate) fn document(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        write(self, 0, "", &mut out);
        out
    }
}

/// The depth is that of the types, never that of the user's input.
fn write(element: &Element, depth: usize, space: &str, out: &mut String) {
    let name = element.name;
    out.extend(std::iter::repeat_n("    ", depth));
    out.push_str(&format!("<{name}{space}"));
    for (attribute, value) in &element.attributes {
        // A reader turns a bare line break in an attribute into a space.
        let value = escape(xml(value)).replace('\n', "&#10;").replace('\t', "&#9;");
        out.push_str(&format!(" {attribute}=\"{value}\""));
    }
    match &element.content {
        Content::Text(text) => out.push_str(&format!(">{}</{name}>\n", escape(xml(text)))),
        Content::Elements(children) if children.is_empty() && !element.attributes.is_empty() => {
            out.push_str("/>\n");
        }
        // As Salesforce's tools write an element that holds nothing.
        Content::Elements(children) if children.is_empty() => {
            out.push_str(&format!("></{name}>\n"));
        }
        Content::Elements(children) => {
            out.push_str(">\n");
            for child in children {
                write(child, depth + 1, "", out);
            }
            out.extend(std::iter::repeat_n("    ", depth));
            out.push_str(&format!("</{name}>\n"));
        }
    }
}

fn xml(text: &str) -> String {
    text.chars().filter(|c| is_xml(*c)).collect()
}

/// XML 1.0 has no way to write other characters, not even as references.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_element_a_line_with_four_spaces() {
        let inner = Element::new("values").text("fullName", "Won").flag("default", false);
        let root = Element::new("BusinessProcess").flag("isActive", true).child(inner);
        assert_eq!(
            root.metadata(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <BusinessProcess xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n    \
                 <isActive>true</isActive>\n    \
                 <values>\n        \
                     <fullName>Won</fullName>\n        \
                     <default>false</default>\n    \
                 </values>\n\
             </BusinessProcess>\n"
        );
    }

    #[test]
    fn an_element_that_holds_nothing_is_on_one_line() {
        let text = Element::new("CustomObject").metadata();
        assert!(text.ends_with(
            "<CustomObject xmlns=\"http://soap.sforce.com/2006/04/metadata\"></CustomObject>\n"
        ));
    }

    #[test]
    fn escapes_entities_and_drops_what_xml_cannot_hold() {
        let root =
            Element::new("CustomField").text("label", "<b> & \"it's\" \u{0}\u{1b}\u{fffe}리드");
        assert!(
            root.metadata().contains("<label>&lt;b&gt; &amp; &quot;it&apos;s&quot; 리드</label>")
        );
    }
}
