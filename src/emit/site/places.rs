//! Where everything stands on the site: on pages of their own, or in the one page that is printed.

use crate::emit::handbook::{anchor, place};

/// Addresses as they are written on some pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    /// How a page reaches the folder of its language.
    base: &'static str,
    /// Everything stands on one page.
    book: bool,
}

impl Places {
    /// For pages that reach the folder of their language by `base`.
    pub(super) fn pages(base: &'static str) -> Self {
        Self { base, book: false }
    }

    /// For the one page that is printed.
    pub(super) fn book() -> Self {
        Self { base: "", book: true }
    }

    pub(super) fn is_book(self) -> bool {
        self.book
    }

    pub(super) fn base(self) -> &'static str {
        self.base
    }

    /// The address of something.
    pub(super) fn address(self, kind: &str, name: &str) -> String {
        if self.book {
            return format!("#{}", anchor(kind, name));
        }
        match place(kind, name) {
            (file, _) if file.is_empty() => self.page("index"),
            (file, None) => self.page(&file),
            (file, Some(id)) => format!("{}#{id}", self.page(&file)),
        }
    }

    /// The address of a page by its file's name without extension.
    pub(super) fn page(self, file: &str) -> String {
        if self.book { format!("#page-{file}") } else { format!("{}{file}.html", self.base) }
    }

    /// The id of a part of a page.
    pub(super) fn id(self, kind: &str, name: &str) -> String {
        match (self.book, place(kind, name)) {
            (false, (_, Some(id))) => id,
            _ => anchor(kind, name),
        }
    }

    /// The id of what is a page of its own; none where it is one.
    pub(super) fn page_id(self, kind: &str, name: &str) -> Option<String> {
        self.book.then(|| anchor(kind, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_as_in_the_markdown_handbook() {
        let places = Places::pages("../");
        assert_eq!(places.address("stage", "mql"), "../stages/mql.html");
        assert_eq!(places.address("field", "lead.email"), "../records.html#lead-email");
        assert_eq!(places.id("field", "lead.email"), "lead-email");
        assert_eq!(places.page_id("stage", "mql"), None);
    }

    #[test]
    fn in_the_book_everything_has_an_id_of_its_own() {
        let book = Places::book();
        assert_eq!(book.address("stage", "mql"), "#stage-mql");
        assert_eq!(book.page_id("stage", "mql").as_deref(), Some("stage-mql"));
        assert_ne!(book.address("route", "mql"), book.address("term", "mql"));
        assert_eq!(
            book.address("field", "lead.email"),
            format!("#{}", book.id("field", "lead.email"))
        );
    }
}
