//! A rule that lets a record go to many stages, in several formulas that are short enough.
//!
//! To let go is to list: whatever the list has not is refused, also a value that no stage has. So a list
//! cannot be cut in two as it is. But each value is as long as it is, and a formula for the values of
//! some lengths lists only those of its own: together they refuse what the whole would.

use std::collections::BTreeSet;

use indexmap::IndexSet;

use super::super::formula::{fits, not, picked};
use super::{Writer, formula};

/// One of the formulas.
#[derive(Debug)]
pub(super) struct Part {
    /// What must hold for it to refuse.
    pub(super) parts: Vec<String>,
    /// Whether its last part lets go what is brought back.
    pub(super) brings_back: bool,
}

impl Writer<'_> {
    /// The saves of a scene that take on none of these values. `brought` are let go as well, for records
    /// that are brought back. What does not fit even in parts is one that does not fit.
    pub(super) fn refused(
        &self,
        scene: &[String],
        values: &IndexSet<&str>,
        brought: &IndexSet<&str>,
    ) -> Vec<Part> {
        let whole = self.part(scene, values, brought, None, None);
        if whole.fits() {
            return vec![whole];
        }
        let lengths: BTreeSet<usize> = values.iter().chain(brought).map(|v| length(v)).collect();
        let mut found = Vec::new();
        // The last length that a part before has, and what reaches from there as far as it can.
        let mut after = None;
        let mut reached: Option<(usize, Part)> = None;
        for upto in lengths {
            let mut part = self.part(scene, values, brought, after, Some(upto));
            if !part.fits() {
                if let Some((last, before)) = reached.take() {
                    found.push(before);
                    after = Some(last);
                    part = self.part(scene, values, brought, after, Some(upto));
                }
                if !part.fits() {
                    return vec![whole];
                }
            }
            reached = Some((upto, part));
        }
        // The last has all that is longer, too.
        found.push(self.part(scene, values, brought, after, None));
        found
    }

    /// What refuses a value that is longer than `after` and no longer than `upto`.
    fn part(
        &self,
        scene: &[String],
        values: &IndexSet<&str>,
        brought: &IndexSet<&str>,
        after: Option<usize>,
        upto: Option<usize>,
    ) -> Part {
        let field = self.built.object.stage_field();
        let here = |value: &&str| {
            let length = length(value);
            after.is_none_or(|after| length > after) && upto.is_none_or(|upto| length <= upto)
        };
        let mut parts = scene.to_vec();
        parts.extend(after.map(|after| format!("LEN(TEXT({field})) > {after}")));
        parts.extend(upto.map(|upto| format!("LEN(TEXT({field})) <= {upto}")));
        parts.push(not(&picked(field, values.iter().copied().filter(here))));
        let brought: Vec<&str> = brought.iter().copied().filter(here).collect();
        let brings_back = !brought.is_empty();
        if brings_back {
            parts.push(not(&picked(field, brought)));
        }
        Part { parts, brings_back }
    }
}

impl Part {
    fn fits(&self) -> bool {
        fits(&formula(self.parts.clone()))
    }
}

/// As Salesforce counts it.
fn length(value: &str) -> usize {
    value.encode_utf16().count()
}
