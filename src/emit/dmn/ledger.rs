//! What decision tables carry of what a process asks, for the ledger: they decide scores and routes, and
//! hold nobody to a stage.

use rustc_hash::FxHashMap;

use crate::emit::Context;
use crate::emit::crm::code;
use crate::emit::enforcement::System;

use super::model::{Builder, Loss};

/// The tables.
pub(super) fn systems(context: &Context<'_>) -> Vec<System> {
    let language = context.languages.first().map_or("en", String::as_str);
    let mut builder = Builder::new(context.process, language);
    builder.build();
    if builder.decisions.is_empty() {
        return Vec::new();
    }
    let mut by_hand: Vec<String> = Vec::new();
    for loss in &builder.losses {
        let Loss::Asked(_, decision, questions) = loss else { continue };
        for question in questions {
            let step = format!("Answer {} for {}.", code(question), code(decision));
            if !by_hand.contains(&step) {
                by_hand.push(step);
            }
        }
    }
    vec![System {
        title: "DMN",
        holds: FxHashMap::default(),
        otherwise: "tables decide scores and routes, and hold nobody to a stage or a field",
        by_hand,
    }]
}
