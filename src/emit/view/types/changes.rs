//! The shapes of what has changed.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Ref;

/// What has changed since an earlier version.
#[derive(Debug, Serialize)]
pub struct ChangesView<'a> {
    /// The earlier version.
    pub earlier: EarlierView<'a>,
    /// The version of the process now.
    pub version: Option<&'a str>,
    /// How many changes there are, those of words among them.
    pub count: usize,
    /// "What changes for you", with the day if it has one
    pub for_you: String,
    /// What changes for each team and role that works with something that has changed, and for
    /// everybody.
    pub people: Vec<ConcernedView<'a>>,
    /// All changes, by who must prepare for them.
    pub hurt: Vec<HurtView<'a>>,
    /// The pages that bear a mark, by kind and name of what they are about.
    #[serde(skip)]
    pub marks: FxHashMap<&'static str, FxHashMap<String, ChangedView<'a>>>,
}

impl<'a> ChangesView<'a> {
    /// The mark of a page.
    pub fn mark(&self, kind: &str, name: &str) -> Option<&ChangedView<'a>> {
        self.marks.get(kind)?.get(name)
    }
}

/// The earlier version, as far as it is known what it was.
#[derive(Clone, Debug, Serialize)]
pub struct EarlierView<'a> {
    /// Its version, unless the process still has the same.
    pub version: Option<&'a str>,
    /// The tag it bears.
    pub tag: Option<&'a str>,
    /// The day it was made, as `2026-01-31`.
    pub date: Option<&'a str>,
}

/// What changes for somebody.
#[derive(Debug, Serialize)]
pub struct ConcernedView<'a> {
    /// The team or role; none for everybody.
    pub who: Option<Ref<'a>>,
    /// Its title, or "Everybody".
    pub title: &'a str,
    /// The id of this part of the page.
    pub id: String,
    /// The changes; the first many.
    pub changes: Vec<ChangeView<'a>>,
    /// "and 3 more"
    pub more: Option<String>,
}

/// The changes for which the same must prepare.
#[derive(Debug, Serialize)]
pub struct HurtView<'a> {
    /// `records`, `data`, `config`, `reports`, `people`, `nobody`.
    pub who: &'static str,
    /// The changes; the first many.
    pub changes: Vec<ChangeView<'a>>,
    /// "and 3 more"
    pub more: Option<String>,
}

/// A change as one sentence, cut around the title of what has changed.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeView<'a> {
    /// What stands before the title.
    pub before: String,
    /// The title.
    pub title: String,
    /// Where it stands in the documents; none for what is gone.
    pub place: Option<Ref<'a>>,
    /// What stands behind the title.
    pub after: String,
    /// The story of a record that shows the change, where the language has it.
    pub reason: Option<String>,
}

/// The mark of a page about something that has changed.
#[derive(Debug, Serialize)]
pub struct ChangedView<'a> {
    /// The earlier version.
    pub earlier: EarlierView<'a>,
    /// It was not there before.
    pub is_new: bool,
    /// The changes; the first many.
    pub changes: Vec<ChangeView<'a>>,
    /// "and 3 more"
    pub more: Option<String>,
    /// The id of the part of the page of changes that is about it.
    pub id: Option<String>,
}
