//! A process seen as graphs: stages and moves, teams and handoffs, teams and shared goals, and what
//! becomes of fields along them.
//!
//! Each view is built once and shared by all rules. Everything here is linear in the size of the
//! process, and nothing recurses: petgraph's recursive algorithms overflow the stack on long
//! chains.

mod assign;
#[cfg(test)]
mod assign_tests;
mod between;
mod cut;
mod dominators;
mod fields;
mod onward;
mod people;
pub mod presence;
mod reach;
mod stages;
mod teams;
mod way;

pub use assign::Assign;
pub(crate) use assign::joins_others;
pub use between::Between;
pub use fields::{LifeLine, LifeLines, Read, Reader};
pub use onward::Onward;
pub use people::{divided_points, hands, single_points};
pub use reach::{Arrival, Reach};
pub use stages::{Edge, StageGraph};
pub use teams::{SharedGoals, TeamGraph, tells_why};
pub use way::Way;
