//! The names of the rules that the front end itself enforces.
//!
//! A rule that is checked on the finished model has its name in its own file under `lint::rules`
//! only; those raised while the source is read are named here, because reading must not depend on
//! the rules. Every name has a rule file and a page; a test compares them.

use std::fmt;

/// The name of a rule, such as `dead-end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// A code. Use the constants, or the rule's own static.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $constant:ident $name:literal;)*) => {
        $($(#[$doc])* pub const $constant: Code = Code::new($name);)*

        /// Every code that reading raises.
        pub const ALL: &[Code] = &[$($constant),*];
    };
}

/// A name or title that a target cannot hold as it is: too long, taken, in a forbidden form.
pub const NAME_NOT_PORTABLE: Code = Code::new("name-not-portable");
/// Something the process says and a target cannot carry.
pub const TARGET_LOSS: Code = Code::new("target-loss");
/// A template of the project that nothing uses.
pub const UNUSED_TEMPLATE: Code = Code::new("unused-template");
/// The codes that targets raise.
pub const OF_TARGETS: &[Code] = &[NAME_NOT_PORTABLE, TARGET_LOSS, UNUSED_TEMPLATE];

codes! {
    /// The text of a file cannot be read: not UTF-8, too large, no file at all.
    UNREADABLE_FILE "unreadable-file";
    /// The text does not follow the grammar, of the DSL or of YAML.
    SYNTAX_ERROR "syntax-error";
    /// A name that is not `[a-z][a-z0-9_]*`.
    INVALID_NAME "invalid-name";
    /// A literal that no value can have: 31 February, 25:00, `3.5mo`.
    INVALID_LITERAL "invalid-literal";
    /// A word that is kept for a later version of the language.
    RESERVED_WORD "reserved-word";
    /// A property, key or clause given twice.
    DUPLICATE_PROPERTY "duplicate-property";
    /// A key or property that does not belong here.
    UNKNOWN_PROPERTY "unknown-property";
    /// A declaration without a property it cannot be understood without.
    MISSING_PROPERTY "missing-property";
    /// Two declarations of one name.
    DUPLICATE_NAME "duplicate-name";
    /// A name that nothing bears.
    UNKNOWN_NAME "unknown-name";
    /// A name that something else than was expected bears.
    WRONG_KIND "wrong-kind";
    /// An operation on values it is not for.
    TYPE_MISMATCH "type-mismatch";
    /// Amounts of different currencies, or money in a process without one.
    CURRENCY_MISMATCH "currency-mismatch";
    /// A duration or clock in a unit that does not fit.
    UNIT_MISMATCH "unit-mismatch";
    /// A field of a record that cannot be read from this stage.
    FIELD_NOT_VISIBLE "field-not-visible";
    /// Records that continue each other in a circle.
    CYCLIC_RECORD "cyclic-record";
    /// `was` or `retired` names something that is alive.
    RENAMED_ALIVE "renamed-alive";
    /// A manifest that cannot be used.
    INVALID_MANIFEST "invalid-manifest";
    /// A baseline that cannot be used.
    INVALID_BASELINE "invalid-baseline";
    /// A template that cannot be read or rendered.
    BROKEN_TEMPLATE "broken-template";
}
