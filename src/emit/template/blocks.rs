//! The blocks of templates: `{{#if}}`, `{{#unless}}`, `{{#each}}` and `{{#with}}`.
//!
//! Those of handlebars take a name that the data do not have for something empty, even in strict
//! mode. These tell it as a fault.

use handlebars::{
    BlockContext, BlockParams, Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy,
    Output, PathAndJson, RenderContext, RenderError, RenderErrorReason, Renderable, to_json,
};
use serde_json::Value;

/// Adds the blocks, and takes away what reaches around strict mode or writes a log.
pub(super) fn add(registry: &mut Handlebars<'static>) {
    registry.register_helper("if", Box::new(Condition { wanted: true }));
    registry.register_helper("unless", Box::new(Condition { wanted: false }));
    registry.register_helper("each", Box::new(Each));
    registry.register_helper("with", Box::new(With));
    for helper in ["lookup", "log", "raw"] {
        registry.unregister_helper(helper);
    }
}

/// The first argument, which must be there.
fn subject<'h, 'rc>(
    helper: &'h Helper<'rc>,
    name: &'static str,
) -> Result<&'h PathAndJson<'rc>, RenderError> {
    let value = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 0))?;
    if value.is_value_missing() {
        return Err(RenderErrorReason::MissingVariable(value.relative_path().cloned()).into());
    }
    Ok(value)
}

/// `{{#if}}` and `{{#unless}}`.
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
        let value = subject(helper, if self.wanted { "if" } else { "unless" })?;
        let block = match value.value().is_truthy(false) == self.wanted {
            true => helper.template(),
            false => helper.inverse(),
        };
        block.map_or(Ok(()), |block| block.render(registry, context, render, out))
    }
}

/// `{{#each}}`: over a list or the entries of an object, else its `{{else}}`.
struct Each;

impl HelperDef for Each {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let subject = subject(helper, "each")?;
        let items: Vec<(Value, String, &Value)> = match subject.value() {
            Value::Array(list) => {
                let items = list.iter().enumerate();
                items.map(|(at, item)| (to_json(at), at.to_string(), item)).collect()
            }
            Value::Object(entries) => {
                let items = entries.iter();
                items.map(|(key, item)| (to_json(key), key.clone(), item)).collect()
            }
            Value::Null => Vec::new(),
            _ => {
                let message = "`each` takes a list".to_owned();
                return Err(RenderErrorReason::Other(message).into());
            }
        };
        let named = matches!(subject.value(), Value::Object(_));
        let Some(template) = helper.template() else { return Ok(()) };
        if items.is_empty() {
            let block = helper.inverse();
            return block.map_or(Ok(()), |block| block.render(registry, context, render, out));
        }
        let last = items.len() - 1;
        for (at, (key, step, item)) in items.into_iter().enumerate() {
            let mut block = BlockContext::new();
            block.set_local_var("index", to_json(at));
            block.set_local_var("first", to_json(at == 0));
            block.set_local_var("last", to_json(at == last));
            if named {
                block.set_local_var("key", key.clone());
            }
            match subject.context_path() {
                Some(path) => {
                    let mut path = path.clone();
                    path.push(step);
                    *block.base_path_mut() = path;
                }
                None => block.set_base_value(item.clone()),
            }
            let (value_name, key_name) = match helper.block_param_pair() {
                Some((value, key)) => (Some(value), Some(key)),
                None => (helper.block_param(), None),
            };
            if let Some(name) = value_name {
                let mut names = BlockParams::new();
                match subject.context_path() {
                    Some(_) => names.add_path(name, Vec::new())?,
                    None => names.add_value(name, item.clone())?,
                }
                if let Some(name) = key_name {
                    names.add_value(name, key)?;
                }
                block.set_block_params(names);
            }
            render.push_block(block);
            let written = template.render(registry, context, render, out);
            render.pop_block();
            written?;
        }
        Ok(())
    }
}

/// `{{#with}}`: something that is there, else its `{{else}}`.
struct With;

impl HelperDef for With {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let subject = subject(helper, "with")?;
        if !subject.value().is_truthy(false) {
            let block = helper.inverse();
            return block.map_or(Ok(()), |block| block.render(registry, context, render, out));
        }
        let mut block = BlockContext::new();
        if let Some(outer) = render.block() {
            block.local_variables_mut().clone_from(outer.local_variables());
        }
        match subject.context_path() {
            Some(path) => block.base_path_mut().clone_from(path),
            None => block.set_base_value(subject.value().clone()),
        }
        if let Some(name) = helper.block_param() {
            let mut names = BlockParams::new();
            match subject.context_path() {
                Some(_) => names.add_path(name, Vec::new())?,
                None => names.add_value(name, subject.value().clone())?,
            }
            block.set_block_params(names);
        }
        render.push_block(block);
        let written = match helper.template() {
            Some(template) => template.render(registry, context, render, out),
            None => Ok(()),
        };
        render.pop_block();
        written
    }
}
