//! Templates: handlebars in strict mode, one set for each kind of text that is written.
//!
//! A name that the data does not have is a fault at a line and column, also inside `{{#if}}`, where
//! handlebars itself would read it as false. What a template writes is limited in size, how deep its
//! blocks and partials nest is checked beforehand, because handlebars would overflow the stack.
//! Every fault becomes a [`Diagnostic`].

use std::io::{self, Write};

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy, Output, RenderContext,
    RenderError, RenderErrorReason, Renderable, TemplateError, no_escape,
};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// The rule that faults of templates are reported under.
pub const BROKEN_TEMPLATE: Code = Code::new("broken-template");

/// The most bytes one rendered document may have.
const MAX_BYTES: usize = 64 * 1024 * 1024;

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
    /// The fact.
    pub message: String,
}

impl TemplateFault {
    fn new(template: &str, place: Option<(usize, usize)>, message: impl Into<String>) -> Self {
        Self { template: template.to_owned(), place, message: message.into() }
    }

    /// The finding, at a place in the process for want of a better one.
    pub fn diagnostic(&self, span: Span) -> Diagnostic {
        let place =
            self.place.map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
        let message =
            format!("template `{}{place}` cannot be used: {}", self.template, self.message);
        Diagnostic::new(BROKEN_TEMPLATE, span, message)
    }
}

/// A set of templates that may include each other, and their helpers.
pub struct Templates {
    registry: Handlebars<'static>,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates").finish_non_exhaustive()
    }
}

impl Templates {
    /// Reads the templates: pairs of name and source.
    pub fn new(escape: Escape, sources: &[(&str, &str)]) -> Result<Self, TemplateFault> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        match escape {
            Escape::Plain => registry.register_escape_fn(no_escape),
            Escape::With(function) => registry.register_escape_fn(function),
        }
        registry.register_helper("if", Box::new(Condition { wanted: true }));
        registry.register_helper("unless", Box::new(Condition { wanted: false }));
        check_nesting(sources)?;
        for (name, source) in sources {
            registry
                .register_template_string(name, source)
                .map_err(|error| syntax_fault(name, &error))?;
        }
        Ok(Self { registry })
    }

    /// Adds a helper: `{{name argument …}}`.
    pub fn helper(&mut self, name: &str, helper: impl HelperDef + Send + Sync + 'static) {
        self.registry.register_helper(name, Box::new(helper));
    }

    /// Renders a template with `data`.
    pub fn render(&self, name: &str, data: &impl Serialize) -> Result<String, TemplateFault> {
        let mut text = Limited { bytes: Vec::new(), left: MAX_BYTES };
        self.registry.render_to_write(name, data, &mut text).map_err(|e| render_fault(name, &e))?;
        String::from_utf8(text.bytes)
            .map_err(|_| TemplateFault::new(name, None, "it writes something that is not text"))
    }
}

/// `{{#if}}` and `{{#unless}}` that know a missing name from a false value.
struct Condition {
    wanted: bool,
}

impl HelperDef for Condition {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let value = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("if", 0))?;
        if value.is_value_missing() {
            return Err(RenderErrorReason::MissingVariable(value.relative_path().cloned()).into());
        }
        let block = match value.value().is_truthy(false) == self.wanted {
            true => helper.template(),
            false => helper.inverse(),
        };
        block.map_or(Ok(()), |block| block.render(registry, context, render, out))
    }
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
        Reason::IOError(_) => format!("it writes more than {} MB", MAX_BYTES / 1024 / 1024),
        Reason::Other(message) => message.clone(),
        other => other.to_string().to_lowercase(),
    };
    let template = error.template_name.as_deref().unwrap_or(name);
    TemplateFault::new(template, error.line_no.zip(error.column_no), message)
}

/// Finds what would overflow the stack: blocks nested too deep, partials that include each other,
/// partials whose name is only known while rendering.
fn check_nesting(sources: &[(&str, &str)]) -> Result<(), TemplateFault> {
    let mut includes: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for (name, source) in sources {
        let mut depth = 0usize;
        for tag in source.split("{{").skip(1) {
            let tag = tag.trim_start_matches(['{', '~', ' ']);
            match tag.chars().next() {
                Some('#') if !tag.starts_with("#>") => depth += 1,
                Some('/') => depth = depth.saturating_sub(1),
                Some('>') => {
                    let partial = tag.trim_start_matches('>').trim_start();
                    if partial.starts_with('(') {
                        let message = "a template to include must be named outright";
                        return Err(TemplateFault::new(name, None, message));
                    }
                    let end = partial.find(|c: char| c.is_whitespace() || c == '}' || c == '~');
                    let partial = end.and_then(|end| partial.get(..end)).unwrap_or(partial);
                    includes.entry(name).or_default().push(partial);
                }
                _ => {}
            }
            if depth > MAX_NESTING {
                let message = format!("its blocks are nested more than {MAX_NESTING} deep");
                return Err(TemplateFault::new(name, None, message));
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
    use serde_json::json;

    fn fault(sources: &[(&str, &str)], data: serde_json::Value) -> TemplateFault {
        match Templates::new(Escape::Plain, sources) {
            Err(fault) => fault,
            Ok(templates) => templates.render("t", &data).unwrap_err(),
        }
    }

    #[test]
    fn values_are_escaped_and_helpers_are_not() {
        let mut templates =
            Templates::new(Escape::With(|text| text.replace('x', "y")), &[("t", "{{a}}{{raw}}")])
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
        assert_eq!(found, TemplateFault::new("t", Some((2, 3)), "there is no `nmae` here"));
    }

    #[test]
    fn a_missing_name_in_a_condition_is_a_fault_too() {
        let found = fault(&[("t", "{{#if typo}}a{{/if}}")], json!({}));
        assert_eq!(found.message, "there is no `typo` here");
        let found = fault(&[("t", "{{#unless typo}}a{{/unless}}")], json!({}));
        assert_eq!(found.message, "there is no `typo` here");
    }

    #[test]
    fn null_empty_and_false_are_no_in_a_condition() {
        let templates = Templates::new(
            Escape::Plain,
            &[("t", "{{#each all}}{{#if x}}1{{else}}0{{/if}}{{#unless x}}n{{/unless}}{{/each}}")],
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
