//! The least and the most that the points of a score can come to, whatever the record.
//!
//! Every rule of the score is taken to hold or not on its own: the true range may be narrower, when
//! conditions exclude each other, but never wider.

use rust_decimal::Decimal;

use crate::model::{Category, Points, Score};

use super::value::share;

/// What a category can bring to the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CategoryBounds {
    /// The category.
    pub category: Category,
    /// The most its rules give together, before its cap.
    pub given: Decimal,
    /// Its cap, if it has one.
    pub cap: Option<Decimal>,
    /// Its weight, `40` for `40%`, if it has one.
    pub weight: Option<Decimal>,
    /// The least it brings, after cap and weight.
    pub least: Decimal,
    /// The most it brings, after cap and weight.
    pub most: Decimal,
}

/// What a score can come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreBounds {
    /// The categories that have rules, in the order of [`CATEGORIES`].
    pub categories: Vec<CategoryBounds>,
    /// The least points.
    pub least: Decimal,
    /// The most points.
    pub most: Decimal,
}

/// Every category, in the order in which people read them.
pub const CATEGORIES: [Category; 2] = [Category::Fit, Category::Behavior];

/// The bounds of a score; `None` when a sum is too large to hold.
pub fn of_score(score: &Score) -> Option<ScoreBounds> {
    of_rules(score, |_| true)
}

/// The bounds of a score of which only these rules may count.
pub fn of_rules(score: &Score, counts: impl Fn(&Points) -> bool) -> Option<ScoreBounds> {
    let mut bounds =
        ScoreBounds { categories: Vec::new(), least: Decimal::ZERO, most: Decimal::ZERO };
    for category in CATEGORIES {
        let of_category = |rule: &&Points| rule.category == category && counts(rule);
        let mut rules = score.points.iter().filter(of_category).peekable();
        if rules.peek().is_none() {
            continue;
        }
        let (mut lost, mut given) = (Decimal::ZERO, Decimal::ZERO);
        for rule in rules {
            let sum = if rule.points.is_sign_negative() { &mut lost } else { &mut given };
            *sum = sum.checked_add(rule.points)?;
        }
        let (cap, weight) = (cap_of(score, category), weight_of(score, category));
        let own = CategoryBounds {
            category,
            given,
            cap,
            weight,
            least: counted(score, category, lost)?,
            most: counted(score, category, given)?,
        };
        bounds.least = bounds.least.checked_add(own.least)?;
        bounds.most = bounds.most.checked_add(own.most)?;
        bounds.categories.push(own);
    }
    if let Some(cap) = score.total_cap {
        bounds.least = bounds.least.min(cap);
        bounds.most = bounds.most.min(cap);
    }
    Some(bounds)
}

/// What is left of a category's points after its cap and its weight.
pub fn counted(score: &Score, category: Category, points: Decimal) -> Option<Decimal> {
    let held = cap_of(score, category).map_or(points, |cap| points.min(cap));
    weight_of(score, category).map_or(Some(held), |weight| share(weight, held))
}

/// The most points of a category, if it has a cap.
pub fn cap_of(score: &Score, category: Category) -> Option<Decimal> {
    score.caps.iter().find(|(of, _)| *of == category).map(|(_, cap)| *cap)
}

/// The weight of a category, `40` for `40%`, if it has one.
pub fn weight_of(score: &Score, category: Category) -> Option<Decimal> {
    score.weights.iter().find(|(of, _)| *of == category).map(|(_, weight)| *weight)
}

/// Whether the points of a rule fade: they halve or expire.
pub fn fades(rule: &Points) -> bool {
    rule.halves_every.is_some() || rule.expires_after.is_some()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use crate::source::{FileId, SourceFile, SourceMap};
    use crate::{sema, syntax};

    fn bounds(score: &str) -> ScoreBounds {
        let text = format!("record lead {{ size number }} score s of lead {{ {score} }}");
        let mut sources = SourceMap::new();
        let file: FileId = sources.add(SourceFile::new("p.ekiden", text.clone()));
        let process = sema::analyze(&[syntax::dsl::parse(file, &text).file], "p").process;
        of_score(process.scores.values().next().unwrap()).unwrap()
    }

    #[test]
    fn caps_hold_from_above_and_weights_scale() {
        let number = Decimal::from;
        let plain = bounds("fit +20 when size > 1 fit +30 when size > 2 fit -10 when size > 3");
        assert_eq!((plain.least, plain.most), (number(-10), number(50)));
        let capped = bounds("fit +20 when size > 1 fit +30 when size > 2 cap fit at 35");
        assert_eq!((capped.least, capped.most), (number(0), number(35)));
        // 40% of 50 and 60% of the 80 that the cap leaves of 100: 20 + 48, held to 60.
        let weighted = bounds(
            "fit +50 when size > 1 behavior +100 when event a cap behavior at 80
             weight fit 40% weight behavior 60%",
        );
        assert_eq!(weighted.most, number(68));
        let total = bounds("fit +50 when size > 1 behavior +100 when event a cap total at 60");
        assert_eq!(total.most, number(60));
    }
}
