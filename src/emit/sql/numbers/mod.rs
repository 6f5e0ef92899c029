//! The numbers by which a process is steered, as views: flow and balance, conversion, dwell time,
//! service levels, handoffs, recycling, pipeline, goals, and where the bottleneck is.

use super::expr::World;
use super::names::Ident;
use super::reference;
use super::schema::View;

/// What the views are made of.
pub(super) struct Numbers<'a> {
    world: &'a World<'a>,
    prefix: &'a str,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(world: &'a World<'a>, prefix: &'a str) -> Self {
        Self { world, prefix }
    }

    /// A table or view of the process.
    fn relation(&self, name: &str) -> Ident {
        reference::name(self.world.dialect, self.prefix, name)
    }
}

/// Every view, in an order in which they can be created.
pub(super) fn views(numbers: &Numbers<'_>) -> Vec<View> {
    vec![clock(numbers)]
}

/// The moment for which the numbers are told: now. Whoever wants them as of another day replaces
/// this one view.
fn clock(numbers: &Numbers<'_>) -> View {
    View {
        name: numbers.relation("clock"),
        comment: "The moment for which numbers are told; replace it to see them as of another day"
            .to_owned(),
        columns: vec![("now", "a point in time, in UTC")],
        query: format!("SELECT {} AS now", numbers.world.dialect.now()),
    }
}
