//! What a handbook is written in: how its pages say and link what all handbooks tell.

use super::Words;

/// Markdown or HTML, as some page of a handbook is written. What it gives is finished; what it is given
/// are texts of the process, unless they are said to be finished.
pub(in crate::emit) trait Medium: Sync {
    /// The words of the language.
    fn words(&self) -> &Words;

    /// The address of something from the page.
    fn address(&self, kind: &str, name: &str) -> String;

    /// The address of a section of the page about a stage, where sections have addresses.
    fn section(&self, stage: &str, id: &str) -> String;

    /// The address of a page by its file's name without extension, if there is one like it.
    fn page(&self, file: &str) -> Option<String>;

    /// A text as part of another.
    fn escape(&self, text: &str) -> String;

    /// A title that stands out of a question.
    fn title(&self, text: &str) -> String;

    /// A finished question, where it stands.
    fn question(&self, finished: String) -> String {
        finished
    }

    /// A finished text that leads to an address.
    fn link(&self, finished: &str, address: &str) -> String;

    /// A phrase of the handbook, with finished arguments.
    fn phrase(&self, key: &str, arguments: &[String]) -> String {
        self.words().get(key, arguments).unwrap_or_default()
    }
}
