//! A process seen as graphs: stages and moves, teams and handoffs, teams and shared goals.
//!
//! Each view is built once and shared by all rules. Everything here is linear in the size of the
//! process, and nothing recurses: petgraph's recursive algorithms overflow the stack on long
//! chains.

mod onward;
mod reach;
mod stages;
mod teams;
mod way;

pub use onward::Onward;
pub use reach::{Arrival, Reach};
pub use stages::{Edge, StageGraph};
pub use teams::{SharedGoals, TeamGraph};
pub use way::Way;
