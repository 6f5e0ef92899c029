//! Why a change is said to be so: the stories of records, or what cannot be told.

use std::fmt;
use std::ops::Deref;

use crate::logic::prove::Known;

/// Why a change is said to be so. It reads as its English text; other languages are told the stories
/// that it is made of.
#[derive(Clone, Debug)]
pub struct Reason {
    text: String,
    stories: Vec<Story>,
}

/// One thing that a proof has shown, or could not show.
#[derive(Clone, Debug)]
pub(crate) enum Story {
    /// What stood in the way of a comparison of conditions.
    NotCompared,
    /// Records of which this is known passed, and do not now. With nothing known: all of them.
    Shut(Vec<Known>),
    /// Records of which this is known did not pass, and do now. With nothing known: all of them.
    Opened(Vec<Known>),
    /// No proof tells what passed and does not now.
    ShutUnknown,
    /// No proof tells what did not pass and does now.
    OpenedUnknown,
    /// Neither is told by a proof.
    Unknown,
    /// Records of which this is known went to somebody, and go to somebody else.
    Routed { known: Vec<Known>, from: Option<String>, to: Option<String> },
    /// Everybody gets the same records.
    RoutedAlike,
    /// There are too many cases of a route to compare them.
    RoutesTooMany,
    /// What stood in the way of a comparison of routes.
    RoutesNotCompared,
    /// No proof tells who gets what.
    RoutesUnknown,
}

impl Reason {
    pub(crate) fn new(text: impl Into<String>, stories: Vec<Story>) -> Self {
        Self { text: text.into(), stories }
    }

    pub(crate) fn stories(&self) -> &[Story] {
        &self.stories
    }
}

impl Deref for Reason {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
