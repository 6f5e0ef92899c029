//! Texts that must be equal, or differ.

use super::domain::{Domain, Few, Values};
use super::node::Slot;
use super::pick;
use super::search::Search;

/// Texts that are equal, and what they may be.
struct Class<'a> {
    slots: Vec<Slot>,
    few: Few<&'a str>,
}

/// More combinations are not tried.
const MOST_TRIES: u32 = 1_000;

impl<'a> Search<'_, 'a> {
    /// Texts for all facts that are compared with each other; `None` when there are none.
    pub(super) fn choose_texts(&mut self) -> Option<Vec<(Slot, String)>> {
        let mut classes: Vec<Class<'a>> = Vec::new();
        for (a, b, equal) in &self.same {
            for slot in [*a, *b] {
                if classes.iter().all(|class| !class.slots.contains(&slot)) {
                    let Values::Texts(few) = &self.domains.get(slot)?.values else { return None };
                    classes.push(Class { slots: vec![slot], few: few.clone() });
                }
            }
            if *equal {
                let place = |slot| classes.iter().position(|class| class.slots.contains(&slot));
                let (first, second) = (place(*a)?, place(*b)?);
                if first != second {
                    let gone = classes.remove(second);
                    let kept = classes.iter_mut().find(|class| class.slots.contains(a))?;
                    kept.slots.extend(gone.slots);
                    let domain = |few: &Few<&'a str>| Domain {
                        missing: false,
                        values: Values::Texts(few.clone()),
                    };
                    let both = domain(&kept.few).intersect(&domain(&gone.few));
                    if both.is_empty() {
                        return None;
                    }
                    let Values::Texts(few) = both.values else { return None };
                    kept.few = few;
                }
            }
        }
        let mut differ = Vec::new();
        for (a, b, _) in self.same.iter().filter(|(_, _, equal)| !equal) {
            let place = |slot| classes.iter().position(|class| class.slots.contains(&slot));
            let (first, second) = (place(*a)?, place(*b)?);
            if first == second {
                return None;
            }
            differ.push((first.min(second), first.max(second)));
        }
        let mut tries = MOST_TRIES;
        let mut chosen = Vec::new();
        if !choose(&classes, &differ, &mut chosen, &mut tries) {
            self.gave_up |= tries == 0;
            return None;
        }
        let texts = classes.iter().zip(chosen).flat_map(|(class, text)| {
            class.slots.iter().map(move |slot| (*slot, text.clone())).collect::<Vec<_>>()
        });
        Some(texts.collect())
    }
}

/// A text for each class, those behind `chosen` first to last.
fn choose(
    classes: &[Class<'_>],
    differ: &[(usize, usize)],
    chosen: &mut Vec<String>,
    tries: &mut u32,
) -> bool {
    let at = chosen.len();
    let Some(class) = classes.get(at) else { return true };
    let listed = || class.few.keys.iter().map(|key| (*key).to_owned());
    // Of texts without limit, as many as there are others to differ from, and one.
    let fresh = || {
        let mine = pick::texts().filter(|text| class.few.contains(&text.as_str()));
        mine.take(classes.len())
    };
    let options: Vec<String> = if class.few.only { listed().collect() } else { fresh().collect() };
    for text in options {
        if *tries == 0 {
            return false;
        }
        *tries -= 1;
        let collides = differ.iter().any(|(first, second)| {
            *second == at && chosen.get(*first).is_some_and(|other| *other == text)
        });
        if collides {
            continue;
        }
        chosen.push(text);
        if choose(classes, differ, chosen, tries) {
            return true;
        }
        chosen.pop();
    }
    false
}
