//! The parser that pest generates from `grammar/ekiden.pest`, and its pairs.

use pest::iterators;

pub(in crate::syntax) use ekiden_grammar::{Grammar, Rule};

/// A piece of text and the rule it follows.
pub(in crate::syntax) type Pair<'t> = iterators::Pair<'t, Rule>;

/// The first part with this rule.
pub(in crate::syntax) fn part(pair: Pair<'_>, rule: Rule) -> Option<Pair<'_>> {
    pair.into_inner().find(|part| part.as_rule() == rule)
}
