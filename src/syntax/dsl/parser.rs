//! The parsers of `grammar/ekiden.pest` and their pairs: `read` for what follows it, `Grammar` to learn
//! why something does not.

pub(in crate::syntax) use ekiden_grammar::{Grammar, Pair, Rule, read};

/// The first part with this rule.
pub(in crate::syntax) fn part(pair: Pair<'_>, rule: Rule) -> Option<Pair<'_>> {
    pair.into_inner().find(|part| part.as_rule() == rule)
}
