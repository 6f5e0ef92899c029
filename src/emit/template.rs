//! Templates: handlebars in strict mode, one set for each kind of text that is written.
//!
//! A name that the data does not have is a fault at a line and column, also inside `{{#if}}`, where
//! handlebars itself would read it as false. What a template writes is limited in size, how deep its
//! blocks and partials nest is checked beforehand, because handlebars would overflow the stack.
//! Every fault becomes a [`Diagnostic`], at its place where the template is a file of the project:
//! [`user`] says what such files are, `scan` what they may not hold.

mod blocks;
mod scan;
pub mod user;

use std::collections::BTreeSet;
use std::io::{self, Write};

use handlebars::{
    Context, Handlebars, HelperDef, RenderError, RenderErrorReason, TemplateError, no_escape,
};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use serde_json::Value;

use crate::diag::{Diagnostic, closest, codes};
use crate::source::{FileId, Span};
use user::Sources;

pub(in crate::emit) use scan::{Rules, faults, includes};

/// The most bytes one rendered document may have.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How many values are looked at for the name that was probably meant.
const MAX_LOOKED_AT: usize = 20_000;

/// How deep blocks may nest in one template, and partials in each other.
const MAX_NESTING: usize = 64;

/// Into what kind of text `{{value}}` is written.
#[derive(Clone, Copy)]
pub enum Escape {
    /// Values are written as they are.
    Plain,
    /// Values go through this function; what helpers write does not.
    With(fn(&str) -> String),
}

/// A template that cannot be read or rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// The template's name.
    pub template: String,
    /// Line and column in it, from 1, where known.
    pub place: Option<(usize, usize)>,
    /// The place in the project, when the template is a file of it.
    pub span: Option<Span>,
    /// The fact.
    pub message: String,
    /// What is probably meant.
    pub help: Option<String>,
}

impl TemplateFault {
    fn new(template: &str, place: Option<(usize, usize)>, message: impl Into<String>) -> Self {
        Self {
            template: template.to_owned(),
            place,
            span: None,
            message: message.into(),
            help: None,
        }
    }

    /// The finding; at a place in the process when the template is one of the program's own.
    pub fn diagnostic(&self, span: Span) -> Diagnostic {
        if let Some(span) = self.span {
            let finding = Diagnostic::new(codes::BROKEN_TEMPLATE, span, self.message.clone());
            return finding.help(self.help.clone().unwrap_or_else(|| HELP.to_owned()));
        }
        let place =
            self.place.map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
        let message =
            format!("template `{}{place}` cannot be used: {}", self.template, self.message);
        Diagnostic::new(codes::BROKEN_TEMPLATE, span, message)
    }
}

/// What helps with most faults of a template.
const HELP: &str = "`docs/reference/templates.md` lists what templates can use";

/// A set of templates that may include each other, and their helpers.
pub struct Templates {
    registry: Handlebars<'static>,
    /// The files of the project that templates come from, by the name of the template.
    files: FxHashMap<String, (FileId, String)>,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates").finish_non_exhaustive()
    }
}

impl Templates {
    /// Reads the templates.
    pub fn new(escape: Escape, sources: &Sources<'_>) -> Result<Self, TemplateFault> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        match escape {
            Escape::Plain => registry.register_escape_fn(no_escape),
            Escape::With(function) => registry.register_escape_fn(function),
        }
        blocks::add(&mut registry);
        let files = sources.files();
        let at = |fault| located(&files, fault);
        check_nesting(&sources.pairs()).map_err(at)?;
        for (name, source) in sources.pairs() {
            registry
                .register_template_string(name, source)
                .map_err(|error| at(syntax_fault(name, &error)))?;
        }
        Ok(Self { registry, files })
    }

    /// Adds a helper: `{{name argument …}}`.
    pub fn helper(&mut self, name: &str, helper: impl HelperDef + Send + Sync + 'static) {
        self.registry.register_helper(name, Box::new(helper));
    }

    /// Renders a template with `data`.
    pub fn render(&self, name: &str, data: &impl Serialize) -> Result<String, TemplateFault> {
        let context = Context::wraps(data).map_err(|error| self.fault(name, &error))?;
        self.render_with(name, &context)
    }

    /// Renders a template with data that are ready.
    pub(in crate::emit) fn render_with(
        &self,
        name: &str,
        context: &Context,
    ) -> Result<String, TemplateFault> {
        let mut text = Limited { bytes: Vec::new(), left: MAX_BYTES };
        self.registry
            .render_with_context_to_write(name, context, &mut text)
            .map_err(|error| suggested(self.fault(name, &error), &error, context.data()))?;
        String::from_utf8(text.bytes)
            .map_err(|_| self.about(name, "it writes something that is not text"))
    }

    /// A fault of a template as a whole.
    pub(in crate::emit) fn about(&self, name: &str, message: impl Into<String>) -> TemplateFault {
        located(&self.files, TemplateFault::new(name, None, message))
    }

    fn fault(&self, name: &str, error: &RenderError) -> TemplateFault {
        located(&self.files, render_fault(name, error))
    }
}

/// The fault with the nearest name that the data have, if it is about one that they do not have.
fn suggested(mut fault: TemplateFault, error: &RenderError, data: &Value) -> TemplateFault {
    let RenderErrorReason::MissingVariable(Some(path)) = error.reason() else { return fault };
    let wanted = path.rsplit(['.', '/']).next().unwrap_or(path);
    let mut names = BTreeSet::new();
    let mut left = MAX_LOOKED_AT;
    collect_names(data, &mut names, &mut left);
    let is_of_it = path.contains('.') && data.get("it").is_some_and(|it| it.get(wanted).is_some());
    if is_of_it {
        // `stage.title` in `[stage].html.hbs` is a natural guess.
        fault.help = Some(format!("what the file is about is called `it`: write `it.{wanted}`"));
    } else if names.contains(wanted) {
        fault.help = Some(format!(
            "there is a `{wanted}` elsewhere: inside of `{{{{#each}}}}` and of parts, names belong to \
             the one thing; `../` leads out of it, `@root.` to the start"
        ));
    } else if let Some(near) = closest(wanted, names.iter().copied()) {
        fault.help = Some(format!("did you mean `{near}`?"));
    }
    fault
}

fn collect_names<'v>(value: &'v Value, names: &mut BTreeSet<&'v str>, left: &mut usize) {
    *left = left.saturating_sub(1);
    if *left == 0 {
        return;
    }
    match value {
        Value::Object(entries) => {
            for (name, inner) in entries {
                names.insert(name);
                collect_names(inner, names, left);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, names, left)),
        _ => {}
    }
}

/// The fault with its place in the project, if the template is a file of it.
fn located(files: &FxHashMap<String, (FileId, String)>, fault: TemplateFault) -> TemplateFault {
    let Some((file, text)) = files.get(&fault.template) else { return fault };
    let span = match fault.place {
        Some(place) => scan::span_of(*file, text, place, &fault.message),
        None => Span::start_of(*file),
    };
    TemplateFault { span: Some(span), ..fault }
}

/// A sink that refuses to grow without end.
struct Limited {
    bytes: Vec<u8>,
    left: usize,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.left.checked_sub(bytes.len()) {
            Some(left) => {
                self.left = left;
                self.bytes.extend_from_slice(bytes);
                Ok(bytes.len())
            }
            None => Err(io::Error::other("too large")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn syntax_fault(name: &str, error: &TemplateError) -> TemplateFault {
    use handlebars::TemplateErrorReason as Reason;
    let message = match error.reason() {
        // Handlebars lists the rules of its own grammar here.
        Reason::InvalidSyntax(_) => "there is something here that templates do not have".to_owned(),
        Reason::MismatchingClosedHelper(open, close)
        | Reason::MismatchingClosedDecorator(open, close) => {
            format!("`{{{{#{open}}}}}` is closed by `{{{{/{close}}}}}`")
        }
        Reason::NestedSubexpression => "subexpressions cannot be nested here".to_owned(),
        other => other.to_string().to_lowercase(),
    };
    TemplateFault::new(name, error.pos(), message)
}

fn render_fault(name: &str, error: &RenderError) -> TemplateFault {
    use RenderErrorReason as Reason;
    let message = match error.reason() {
        Reason::MissingVariable(Some(path)) => format!("there is no `{path}` here"),
        Reason::MissingVariable(None) => "a value is missing".to_owned(),
        Reason::TemplateNotFound(other) => format!("there is no template `{other}`"),
        Reason::PartialNotFound(other) => format!("there is no template `{other}` to include"),
        Reason::HelperNotFound(helper) => format!("there is no helper `{helper}`"),
        Reason::ParamNotFoundForIndex(helper, index) => {
            format!("argument {} of `{helper}` is missing, or names what is not here", index + 1)
        }
        Reason::ParamNotFoundForName(helper, _) => {
            format!("an argument of `{helper}` is missing, or names what is not here")
        }
        Reason::IOError(_) => format!("it writes more than {} MB", MAX_BYTES / 1024 / 1024),
        Reason::Other(message) => message.clone(),
        other => other.to_string().to_lowercase(),
    };
    let template = error.template_name.as_deref().unwrap_or(name);
    TemplateFault::new(template, error.line_no.zip(error.column_no), message)
}

/// Finds what would overflow the stack: blocks or expressions nested too deep, partials that include
/// each other, partials whose name is only known while rendering.
fn check_nesting(sources: &[(&str, &str)]) -> Result<(), TemplateFault> {
    let mut includes: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for (name, source) in sources {
        let fault = |offset: usize, message: String| {
            Err(TemplateFault::new(name, Some(scan::line_column(source, offset)), message))
        };
        let mut depth = 0usize;
        let mut at = 0usize;
        for (index, tag) in source.split("{{").enumerate() {
            let start = at + if index == 0 { 0 } else { 2 };
            let here = start.saturating_sub(2);
            at = start + tag.len();
            if index == 0 {
                continue;
            }
            if scan::brackets(tag) > MAX_NESTING {
                let message = format!("its expressions are nested more than {MAX_NESTING} deep");
                return fault(here, message);
            }
            let tag = tag.trim_start_matches(['{', '~', ' ', '\t', '\n', '\r']);
            match tag.chars().next() {
                Some('#') => depth += 1,
                Some('/') => depth = depth.saturating_sub(1),
                Some('>') => {
                    let partial = tag.trim_start_matches('>').trim_start();
                    if partial.starts_with('(') {
                        return fault(here, "a template to include must be named outright".into());
                    }
                    let end = partial.find(|c: char| c.is_whitespace() || c == '}' || c == '~');
                    let partial = end.and_then(|end| partial.get(..end)).unwrap_or(partial);
                    includes.entry(name).or_default().push(partial);
                }
                _ => {}
            }
            if depth > MAX_NESTING {
                let message = format!("its blocks are nested more than {MAX_NESTING} deep");
                return fault(here, message);
            }
        }
    }
    for (name, _) in sources {
        let mut level = vec![*name];
        let mut reached = FxHashSet::default();
        while let Some(template) = level.pop() {
            for partial in includes.get(template).into_iter().flatten() {
                if partial == name {
                    return Err(TemplateFault::new(name, None, "it includes itself"));
                }
                if reached.insert(*partial) {
                    level.push(partial);
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use handlebars::{Helper, HelperResult, Output, RenderContext};
    use serde_json::json;

    fn fault(sources: &[(&str, &str)], data: serde_json::Value) -> TemplateFault {
        match Templates::new(Escape::Plain, &Sources::built_in(sources)) {
            Err(fault) => fault,
            Ok(templates) => templates.render("t", &data).unwrap_err(),
        }
    }

    #[test]
    fn values_are_escaped_and_helpers_are_not() {
        let mut templates = Templates::new(
            Escape::With(|text| text.replace('x', "y")),
            &Sources::built_in(&[("t", "{{a}}{{raw}}")]),
        )
        .unwrap();
        templates.helper(
            "raw",
            |_: &Helper<'_>,
             _: &Handlebars<'_>,
             _: &Context,
             _: &mut RenderContext<'_, '_>,
             out: &mut dyn Output|
             -> HelperResult { Ok(out.write("x")?) },
        );
        assert_eq!(templates.render("t", &json!({"a": "x"})).unwrap(), "yx");
    }

    #[test]
    fn a_missing_name_is_a_fault_at_its_place() {
        let found = fault(&[("t", "line\n  {{nmae}}")], json!({"name": 1}));
        let help = Some("did you mean `name`?".to_owned());
        let wanted = TemplateFault::new("t", Some((2, 3)), "there is no `nmae` here");
        assert_eq!(found, TemplateFault { help, ..wanted });
        let found = fault(&[("t", "{{#each a}}{{b}}{{/each}}")], json!({"a": [{"c": 1}], "b": 2}));
        assert!(found.help.is_some_and(|help| help.starts_with("there is a `b` elsewhere")));
    }

    #[test]
    fn a_missing_name_in_a_condition_is_a_fault_too() {
        let found = fault(&[("t", "{{#if typo}}a{{/if}}")], json!({}));
        assert_eq!(found.message, "there is no `typo` here");
        let found = fault(&[("t", "{{#unless typo}}a{{/unless}}")], json!({}));
        assert_eq!(found.message, "there is no `typo` here");
        for block in ["each", "with"] {
            let text = format!("{{{{#{block} typo}}}}a{{{{else}}}}b{{{{/{block}}}}}");
            let found = fault(&[("t", &text)], json!({}));
            assert_eq!(found.message, "there is no `typo` here");
        }
    }

    #[test]
    fn lists_and_blocks_know_their_place() {
        let text = "{{#each a}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{else}}none{{/each}}\
                    {{#each o}}{{@key}}={{this.x}}{{../n}};{{/each}}{{#with p}}{{q}}{{@root.n}}{{/with}}\
                    {{#each o as |v k|}}{{k}}{{v.x}}{{/each}}{{#each e}}{{else}}none{{/each}}{{#with z}}{{else}}no{{/with}}";
        let sources = Sources::built_in(&[("t", text)]);
        let templates = Templates::new(Escape::Plain, &sources).unwrap();
        let data = json!({"a": ["x", "y"], "o": {"k": {"x": 1}}, "n": 9, "p": {"q": 3}, "e": [], "z": null});
        assert_eq!(templates.render("t", &data).unwrap(), "0x,1yk=19;39k1noneno");
    }

    #[test]
    fn null_empty_and_false_are_no_in_a_condition() {
        let templates = Templates::new(
            Escape::Plain,
            &Sources::built_in(&[(
                "t",
                "{{#each all}}{{#if x}}1{{else}}0{{/if}}{{#unless x}}n{{/unless}}{{/each}}",
            )]),
        )
        .unwrap();
        let data = json!({"all": [{"x": null}, {"x": []}, {"x": ""}, {"x": false}, {"x": "a"}]});
        assert_eq!(templates.render("t", &data).unwrap(), "0n0n0n0n1");
    }

    #[test]
    fn an_unknown_helper_and_an_unknown_template_are_faults() {
        let found = fault(&[("t", "{{#each a}}{{hlep x 1}}{{/each}}")], json!({"a": [1]}));
        assert_eq!(found.message, "there is no helper `hlep`");
        assert_eq!(
            fault(&[("t", "{{> other}}")], json!({})).message,
            "there is no template `other` to include"
        );
        assert_eq!(fault(&[], json!({})).message, "there is no template `t`");
    }

    #[test]
    fn a_template_that_cannot_be_read_says_where() {
        let found = fault(&[("t", "a\n{{#if b}}\nc")], json!({}));
        assert!(found.place.is_some(), "{found:?}");
        let found = fault(&[("t", "{{#if a}}b{{/each}}")], json!({}));
        assert_eq!(found.message, "`{{#if}}` is closed by `{{/each}}`");
    }

    #[test]
    fn what_would_overflow_the_stack_is_refused() {
        let deep = "{{#if a}}".repeat(65) + &"{{/if}}".repeat(65);
        assert!(fault(&[("t", &deep)], json!({"a": 1})).message.contains("nested more than"));
        let deep = format!("x\n{{{{a {}b{}}}}}", "(c ".repeat(10_000), ")".repeat(10_000));
        let found = fault(&[("t", &deep)], json!({}));
        assert_eq!(found.place, Some((2, 1)));
        assert!(found.message.contains("expressions are nested"), "{}", found.message);
        let circle = [("t", "{{> u}}"), ("u", "{{~> t }}")];
        assert_eq!(fault(&circle, json!({})).message, "it includes itself");
        assert!(fault(&[("t", "{{> (lookup a b)}}")], json!({})).message.contains("outright"));
    }

    #[test]
    fn output_is_bounded() {
        let megabyte = "x".repeat(1024 * 1024);
        let many: Vec<u8> = vec![0; 65];
        let template = format!("{{{{#each a}}}}{megabyte}{{{{/each}}}}");
        let found = fault(&[("t", &template)], json!({"a": many}));
        assert_eq!(found.message, "it writes more than 64 MB");
    }
}
