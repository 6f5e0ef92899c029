//! A list of options in YAML, which has no place for earlier names: it becomes a mapping. What one
//! option needs changes the whole list; so several are tried as one edit.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use crate::diag::Edit;
use crate::source::{FileId, Span};
use crate::syntax::ast::Name;

/// A list, and how it is written as a mapping.
pub(super) struct List {
    file: FileId,
    names: Vec<String>,
    /// The ways in which that may be written: what is replaced, and what stands before, between and
    /// behind the options then.
    forms: Vec<Form>,
}

struct Form {
    from: usize,
    to: usize,
    open: String,
    between: String,
    close: &'static str,
}

impl List {
    /// The list of these options.
    pub(super) fn of(text: &str, file: FileId, names: &[Name]) -> Self {
        let forms = forms(text, names).unwrap_or_default();
        Self { file, names: names.iter().map(|name| name.text.clone()).collect(), forms }
    }

    pub(super) fn forms(&self) -> usize {
        self.forms.len()
    }

    /// The list as a mapping in which the options at these places have earlier names.
    pub(super) fn edit(&self, form: usize, was: &FxHashMap<usize, &str>) -> Option<Edit> {
        let form = self.forms.get(form)?;
        let mut out = form.open.clone();
        for (at, name) in self.names.iter().enumerate() {
            if at > 0 {
                out.push_str(&form.between);
            }
            // Writing to a text does not fail.
            let _ = match was.get(&at) {
                Some(old) => write!(out, "{name}: {{was: {old}}}"),
                None => write!(out, "{name}: {{}}"),
            };
        }
        out.push_str(form.close);
        Some(Edit { span: Span::new(self.file, form.from, form.to), replacement: out })
    }
}

fn forms(text: &str, names: &[Name]) -> Option<Vec<Form>> {
    let (start, end) = (names.first()?.span.range().start, names.last()?.span.range().end);
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    // What people have written besides the names would be lost.
    if text.get(start..end)?.contains('#') {
        return None;
    }
    let open = before.trim_end_matches([' ', '"', '\'']);
    let close = after.trim_start_matches([' ', ',', '"', '\'']);
    if open.ends_with('[') && close.starts_with(']') {
        let to = end + (after.len() - close.len()) + 1;
        let from = open.len() - 1;
        let (open, between) = ("{".to_owned(), ", ".to_owned());
        return Some(vec![Form { from, to, open, between, close: "}" }]);
    }
    // One on a line, behind a dash.
    let line = before.rfind('\n').map_or(0, |line| line + 1);
    let dash = before.get(line..)?;
    let indent = dash.trim_end_matches(['"', '\'', ' ']).strip_suffix('-').unwrap_or("");
    let is_dash = indent.trim().is_empty() && dash.contains('-');
    if !is_dash {
        return None;
    }
    let rest = after.len() - after.trim_start_matches(['"', '\'']).len();
    let (from, to) = (line + indent.len(), end + rest);
    // A list may stand as far left as its key, a mapping may not.
    let forms = ["", "  "].map(|further| Form {
        from,
        to,
        open: further.to_owned(),
        between: format!("\n{indent}{further}"),
        close: "",
    });
    Some(forms.into())
}
