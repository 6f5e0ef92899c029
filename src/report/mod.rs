//! Reports: what a process says about one question, as data. How they are shown is `emit`'s business.

pub mod silos;
pub mod why;
