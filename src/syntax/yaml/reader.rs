//! Checks a tree against the tables.

use crate::diag::{Code, Diagnostic, Edit, Safety, closest, codes};
use crate::source::Span;
use crate::syntax::ast::Name;
use crate::syntax::habits;

use super::errors::{full_width_colon, shorten};
use super::table::{Form, Key, Mode, Shape, Table, one_of};
use super::tree::{Kind, NodeRef, Tree};
use super::values::is_name;

/// Under which rules structural faults are reported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes {
    /// A key that does not belong.
    pub(crate) unknown: Code,
    /// A key that is missing.
    pub(crate) missing: Code,
    /// A value of the wrong kind.
    pub(crate) shape: Code,
    /// A word that is none of those that may stand there.
    pub(crate) word: Code,
    /// A value that cannot be.
    pub(crate) literal: Code,
}

impl Codes {
    /// For the notation.
    pub(crate) const NOTATION: Codes = Codes {
        unknown: codes::UNKNOWN_PROPERTY,
        missing: codes::MISSING_PROPERTY,
        shape: codes::SYNTAX_ERROR,
        word: codes::UNKNOWN_NAME,
        literal: codes::INVALID_LITERAL,
    };
}

/// Reads values and collects what is wrong with them.
pub(crate) struct Reader<'t> {
    pub(crate) tree: &'t Tree<'t>,
    pub(crate) findings: Vec<Diagnostic>,
    /// Names that may stand for something in the parts that could not be read.
    pub(crate) lost: Vec<String>,
    /// How often something was amiss: what was reported, here or while the tree was built.
    pub(crate) faults: usize,
    /// `faults` at the start of the declaration being read.
    start: usize,
    /// The language of the texts without one, if this file tells it.
    pub(crate) language: Option<&'t str>,
    pub(super) codes: Codes,
}

/// One entry of a mapping whose key is known and whose value has the right form.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'t> {
    pub(crate) key: &'static Key,
    pub(crate) at: NodeRef<'t>,
    pub(crate) value: NodeRef<'t>,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(tree: &'t Tree<'t>, codes: Codes) -> Self {
        Self {
            tree,
            findings: Vec::new(),
            lost: Vec::new(),
            faults: 0,
            start: 0,
            language: None,
            codes,
        }
    }

    /// Begins a declaration.
    pub(crate) fn begin(&mut self) {
        self.start = self.faults;
    }

    /// Whether some part of the declaration could not be read.
    pub(crate) fn broken(&self) -> bool {
        self.faults > self.start
    }

    pub(crate) fn report(&mut self, finding: Diagnostic) {
        self.faults += 1;
        self.findings.push(finding);
    }

    /// Remembers every name in a part that is not read any further.
    fn lose(&mut self, node: NodeRef<'t>) {
        let mut nodes = vec![node];
        while let Some(node) = nodes.pop() {
            // What an alias stands for is read, or lost, where it is written.
            if node.is_alias() {
                continue;
            }
            if let Some(scalar) = node.scalar() {
                self.lost.extend(is_name(&scalar.value).then(|| scalar.value.to_string()));
            }
            nodes.extend(node.items().into_iter().flatten());
            nodes.extend(node.entries().into_iter().flatten().flat_map(<[_; 2]>::from));
        }
    }

    pub(crate) fn wrong_shape(&mut self, at: Span, subject: &str, expected: &str) {
        self.wrong_shape_helped(at, subject, expected, None);
    }

    fn wrong_shape_helped(
        &mut self,
        at: Span,
        subject: &str,
        expected: &str,
        help: Option<String>,
    ) {
        let message = format!("{subject} must be {expected}");
        // One line is enough to show where a long value is.
        let text = self.tree.text.get(at.range()).unwrap_or("");
        let line = text.lines().next().unwrap_or("").trim_end().len();
        let first = at.start as usize..at.start as usize + line;
        if let Some(finding) = full_width_colon(at.file, self.tree.text, first) {
            self.report(Diagnostic { code: self.codes.shape, ..finding });
            return;
        }
        let at = Span::new(at.file, at.start as usize, at.start as usize + line);
        let mut finding = Diagnostic::new(self.codes.shape, at, message);
        finding.help = help;
        self.report(finding);
    }

    pub(crate) fn wrong_literal(&mut self, at: Span, message: String, help: Option<String>) {
        let mut finding = Diagnostic::new(self.codes.literal, at, message);
        finding.help = help;
        self.report(finding);
    }

    /// The known, well-formed entries of a mapping in source order. `subject` names it in
    /// messages; `at` is where a missing key is reported. `None` when it is no mapping at all.
    pub(crate) fn open(
        &mut self,
        table: &'static Table,
        node: NodeRef<'t>,
        subject: &str,
        at: Span,
    ) -> Option<Vec<Entry<'t>>> {
        let mut damaged = false;
        let faults = self.faults;
        let entries = match node.kind() {
            Kind::Mapping(mapping) => {
                damaged = mapping.damaged;
                self.faults += usize::from(damaged);
                node.entries().map(|entries| self.known(table, entries)).unwrap_or_default()
            }
            Kind::Null => Vec::new(),
            Kind::Broken => {
                self.faults += 1;
                return None;
            }
            _ => {
                self.wrong_shape(node.span(), subject, "a mapping");
                return None;
            }
        };
        if !damaged {
            for key in table.keys.iter().filter(|key| key.required) {
                let given = node
                    .entries()
                    .into_iter()
                    .flatten()
                    .any(|(at, _)| at.scalar().is_some_and(|scalar| scalar.value == key.name));
                if !given {
                    let message = format!("{subject} has no `{}`", key.name);
                    let help = format!("add `{}: {}`, for instance", key.name, key.example);
                    self.report(Diagnostic::new(self.codes.missing, at, message).help(help));
                }
            }
        }
        if matches!(table.mode, Mode::One) && entries.len() != 1 {
            if self.faults == faults {
                let names: Vec<&str> = table.keys.iter().map(|key| key.name).collect();
                let message = format!("{} needs exactly one of its keys", table.what);
                let finding = Diagnostic::new(self.codes.shape, node.span(), message);
                self.report(finding.help(format!("write {}", one_of(&names))));
            }
            return None;
        }
        Some(entries)
    }

    fn known(
        &mut self,
        table: &'static Table,
        entries: impl ExactSizeIterator<Item = (NodeRef<'t>, NodeRef<'t>)>,
    ) -> Vec<Entry<'t>> {
        let mut known = Vec::with_capacity(entries.len());
        for (at, value) in entries {
            let Some(scalar) = at.scalar() else { continue };
            match table.keys.iter().find(|key| key.name == scalar.value) {
                Some(key) => {
                    if self.fits(key, at, value) {
                        known.push(Entry { key, at, value });
                    }
                }
                None if matches!(table.mode, Mode::Open(_)) => {}
                None => {
                    self.unknown_key(table, at, &scalar.value, value);
                    self.lose(value);
                }
            }
        }
        known
    }

    fn unknown_key(
        &mut self,
        table: &'static Table,
        at: NodeRef<'t>,
        name: &str,
        value: NodeRef<'t>,
    ) {
        let message = format!("{} has no key `{}`", table.what, shorten(name));
        let mut finding = Diagnostic::new(self.codes.unknown, at.span(), message);
        let names: Vec<&str> = table.keys.iter().map(|key| key.name).collect();
        let block = table.what.trim_start_matches("a ").trim_start_matches("the ");
        let meant =
            habits::property(block, &name.to_lowercase()).and_then(|meant| written(meant, &names));
        let is_field =
            table.what == "a record" && value.scalar().is_some_and(|value| is_type(&value.value));
        if let Some(advice) = full_width(name) {
            finding = finding.help(advice);
        } else if is_field {
            finding = finding.help(format!("fields stand under `fields`: `fields: {{{name}: …}}`"));
        } else if let Some(meant) = meant {
            finding = finding.help(format!("write `{meant}`"));
        } else if let Some(near) = closest(name, names.iter().copied()) {
            finding = finding.help(format!("did you mean `{near}`?")).fix(
                format!("replace by `{near}`"),
                Safety::Unsafe,
                vec![Edit { span: at.span(), replacement: near.to_owned() }],
            );
        } else if let Some(advice) = habits::of_manifest(name) {
            finding = finding.help(advice);
        } else {
            finding =
                finding.help(format!("its keys are {}", one_of(&names).replace(" or ", " and ")));
        }
        self.report(finding);
    }

    /// Whether the value's form is one the key allows; if not, says so.
    fn fits(&mut self, key: &'static Key, at: NodeRef<'t>, value: NodeRef<'t>) -> bool {
        let form = match value.kind() {
            Kind::Broken => {
                self.faults += 1;
                return false;
            }
            Kind::Null if key.shape.may_be_empty() => return true,
            Kind::Null => {
                let message = format!("`{}` has no value", key.name);
                let help = format!("it must be {}", key.shape.describe());
                self.report(Diagnostic::new(self.codes.missing, at.span(), message).help(help));
                return false;
            }
            Kind::Sequence(_) => Form::List,
            Kind::Mapping(_) => Form::Mapping,
            _ => Form::Scalar,
        };
        let fits = key.shape.accepts(form);
        if !fits && value.is_cut() {
            self.faults += 1;
        } else if !fits {
            let help = match key.shape {
                Shape::Named(..) | Shape::Or(_, Shape::Named(..)) => {
                    Some(format!("write `{}: {}`, for instance", key.name, key.example))
                }
                _ => None,
            };
            let subject = format!("`{}`", key.name);
            self.wrong_shape_helped(value.span(), &subject, &key.shape.describe(), help);
            self.lose(value);
        }
        fits
    }

    /// Named things: a mapping from names to values. Entries whose name is unusable are reported
    /// and read all the same.
    pub(crate) fn named(
        &mut self,
        node: NodeRef<'t>,
        item: &Shape,
        mut read: impl FnMut(&mut Self, Name, NodeRef<'t>, NodeRef<'t>),
    ) {
        if let Kind::Mapping(mapping) = node.kind() {
            self.faults += usize::from(mapping.damaged);
        }
        for (key, value) in node.entries().into_iter().flatten() {
            let Some(name) = self.name(key) else { continue };
            let form = match value.kind() {
                Kind::Broken => {
                    self.faults += 1;
                    read(self, name, key, value);
                    continue;
                }
                Kind::Null if item.may_be_empty() => {
                    read(self, name, key, value);
                    continue;
                }
                Kind::Null => {
                    let message = format!("`{name}` has no value");
                    let help = format!("it must be {}", item.describe());
                    let finding = Diagnostic::new(self.codes.missing, key.span(), message);
                    self.report(finding.help(help));
                    continue;
                }
                Kind::Sequence(_) => Form::List,
                Kind::Mapping(_) => Form::Mapping,
                _ => Form::Scalar,
            };
            if item.accepts(form) {
                read(self, name, key, value);
            } else if value.is_cut() {
                self.faults += 1;
            } else {
                self.wrong_shape(value.span(), &format!("`{name}`"), &item.describe());
            }
        }
    }

    /// The items of a list, or the one value that stands for a list of one. Items of a form that
    /// cannot be meant are reported and left out.
    pub(crate) fn list(&mut self, node: NodeRef<'t>, item: &Shape) -> Vec<NodeRef<'t>> {
        let Some(items) = node.items() else { return vec![node] };
        let mut fitting = Vec::with_capacity(items.len());
        for value in items {
            let form = match value.kind() {
                Kind::Broken => {
                    self.faults += 1;
                    continue;
                }
                Kind::Null => {
                    self.wrong_shape(value.span(), "an item of this list", &item.describe());
                    continue;
                }
                Kind::Sequence(_) => Form::List,
                Kind::Mapping(_) => Form::Mapping,
                Kind::Scalar(_) | Kind::Alias(_) => Form::Scalar,
            };
            if item.accepts(form) {
                fitting.push(value);
            } else if value.is_cut() {
                self.faults += 1;
            } else {
                self.wrong_shape(value.span(), "an item of this list", &item.describe());
            }
        }
        fitting
    }
}

/// Whether a text begins like the type of a field.
fn is_type(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or("");
    matches!(
        word,
        "number"
            | "integer"
            | "money"
            | "percent"
            | "boolean"
            | "date"
            | "datetime"
            | "user"
            | "one"
            | "many"
            | "text"
    )
}

/// The advice for a text that an East Asian keyboard has written in full width.
pub(crate) fn full_width(text: &str) -> Option<String> {
    let sign = text.chars().find(|c| matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3000}'))?;
    let plain: String = text
        .chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            c => c,
        })
        .collect();
    Some(match sign {
        '\u{ff1a}' => {
            "write the colon in half width, with a space behind it: `key: value`".to_owned()
        }
        '\u{3000}' => "replace the full-width space by a plain one".to_owned(),
        _ => format!("write it in half width: `{}`", shorten(&plain)),
    })
}

/// A property of the DSL as its key in YAML: `shared by` is `shared_by`, and `exit when` is `exit`.
/// `outcome won` is a key with its value.
fn written(property: &str, keys: &[&str]) -> Option<String> {
    let first = property.split(' ').next().unwrap_or(property);
    let ways = [property.replace(' ', "_"), first.to_owned(), format!("{property}s")];
    let key = ways.into_iter().find(|key| keys.contains(&key.as_str()))?;
    Some(match property.split_once(' ') {
        Some(("outcome", value)) => format!("{key}: {value}"),
        _ => key,
    })
}
