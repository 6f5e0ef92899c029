//! Where fields are kept: for documents that tell it.

use super::dialect::Dialect;
use super::moves::Crossings;
use super::{choose, named};
use crate::emit::Context;
use crate::emit::crm::NAME_NOT_PORTABLE;
use crate::model::{FieldId, Process};

/// For each database that is written for, the table and column of each field. `context` has the
/// settings of this target; what is wrong with them is for the target itself to tell.
pub(in crate::emit) fn columns(
    context: &Context<'_>,
) -> Vec<(&'static str, Vec<(FieldId, String)>)> {
    let (choices, diagnostics) = choose(context);
    if diagnostics.iter().any(|found| found.code == NAME_NOT_PORTABLE) {
        return Vec::new();
    }
    let of = |dialect: &&'static dyn Dialect| {
        (dialect.title(), columns_of(*dialect, &choices.prefix, "", context.process))
    };
    choices.dialects.iter().map(of).collect()
}

/// Table and column of each field. `before` is what the names of tables begin with where they are read.
pub(super) fn columns_of(
    dialect: &dyn Dialect,
    prefix: &str,
    before: &str,
    process: &Process,
) -> Vec<(FieldId, String)> {
    let (_, tables) = named(dialect, prefix, process, &Crossings::of(process));
    let columns = tables.iter().flat_map(|table| {
        table.fields.iter().map(move |column| {
            let table = column.many.as_ref().map_or(&table.name, |many| &many.table);
            (column.field, format!("{before}{}.{}", table.raw(), column.name.raw()))
        })
    });
    columns.collect()
}
