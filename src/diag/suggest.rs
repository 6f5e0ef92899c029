//! "Did you mean": the nearest of a list of known names.

/// The candidate nearest to `word`, if one is near enough to be what was meant.
///
/// Near enough is one edit per three characters, at least one; a swap of neighbours counts as one
/// edit. Of one or two letters too little is left when one is changed: such words are only swapped,
/// written in other capitals, or cut short by a letter. Ties go to the candidate that comes first.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = Letters::of(word);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let Some(distance) = word.distance(&Letters::of(candidate)) else { continue };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A word, made ready to be compared with many others.
#[derive(Clone, Debug)]
pub struct Letters {
    letters: Vec<char>,
    /// Which letters it has: one bit for several of them.
    has: u64,
}

impl Letters {
    /// Those of a word, whatever its capitals.
    pub fn of(word: &str) -> Self {
        let letters: Vec<char> = word.to_lowercase().chars().collect();
        let has = letters.iter().fold(0, |has, letter| has | 1 << (u32::from(*letter) % u64::BITS));
        Self { letters, has }
    }

    /// How many edits lie between this word and another, if that is [near enough](closest) for it to
    /// be what was meant.
    pub fn distance(&self, other: &Self) -> Option<usize> {
        let (word, is) = (&self.letters, &other.letters);
        let budget = (word.len() / 3).max(1);
        // Every letter that only one of them has is an edit of its own.
        let only = |a: &Self, b: &Self| (a.has & !b.has).count_ones() as usize;
        if word.len().abs_diff(is.len()) > budget
            || only(self, other).max(only(other, self)) > budget
        {
            return None;
        }
        if word.len().min(is.len()) <= SHORT && !same_letters(word, is) && !cut_short(word, is) {
            return None;
        }
        let distance = edit_distance(word, is);
        (distance <= budget).then_some(distance)
    }
}

/// Words of so many letters are told apart by any one of them.
const SHORT: usize = 2;

fn same_letters(a: &[char], b: &[char]) -> bool {
    let sorted = |letters: &[char]| {
        let mut letters = letters.to_vec();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

/// `mo` for `mon`, but not `s1` for `s12`: numbers are counted, not cut.
fn cut_short(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.len() == SHORT
        && long.strip_prefix(short).is_some_and(|rest| rest.iter().all(|c| c.is_alphabetic()))
}

/// Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at =
                |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut cost =
                (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                cost = cost.min(at(&before_last, j - 1) + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_slips_of_the_finger_and_nothing_else() {
        let names = ["marketing", "inside_sales", "sdr", "mql"];
        assert_eq!(closest("markteing", names), Some("marketing"));
        assert_eq!(closest("inside_sale", names), Some("inside_sales"));
        assert_eq!(closest("srd", names), Some("sdr"));
        assert_eq!(closest("Mql", names), Some("mql"));
        assert_eq!(closest("onboarding", names), None);
    }

    #[test]
    fn short_words_differ_by_any_letter() {
        let names = ["a", "b", "s1", "ae", "mql"];
        assert_eq!(closest("c", names), None);
        assert_eq!(closest("s9", names), None);
        assert_eq!(closest("ml", names), None);
        assert_eq!(closest("s12", names), None);
        assert_eq!(closest("mq", names), Some("mql"));
        assert_eq!(closest("A", names), Some("a"));
        assert_eq!(closest("ea", names), Some("ae"));
        assert_eq!(closest("S1", names), Some("s1"));
    }
}
