//! A CRM may keep things under identifiers of its own: those are matched by what people call them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::part::{Key, Kind, Part};

/// What has no identifier of the process is taken for the thing with the same label, when there is
/// one that is not there by its identifier. Owners come before what belongs to them.
pub(super) fn align(process: &[Part], crm: &mut [Part], kinds: &[Kind]) {
    for kind in kinds.iter().copied() {
        // What is deleted does not stand in the way of what was made anew under its label.
        let there = crm.iter().filter(|part| part.off.is_none());
        let theirs: FxHashSet<Key> = there.map(|part| part.key.clone()).collect();
        let ours: FxHashSet<&Key> = process.iter().map(|part| &part.key).collect();
        let scope = |part: &Part| match &part.owner {
            Some(owner) => owner.1.clone(),
            None => part.key.1.split('/').next().unwrap_or_default().to_owned(),
        };
        let label = |part: &Part| (scope(part), part.title.trim().to_lowercase());
        let mut free: FxHashMap<(String, String), &Key> = process
            .iter()
            .filter(|part| part.kind() == kind && !theirs.contains(&part.key))
            .map(|part| (label(part), &part.key))
            .collect();
        let mut renamed: FxHashMap<Key, Key> = FxHashMap::default();
        for part in crm.iter_mut().filter(|part| part.kind() == kind && part.off.is_none()) {
            if ours.contains(&part.key) {
                continue;
            }
            if let Some(key) = free.remove(&label(part)) {
                renamed.insert(part.key.clone(), key.clone());
                part.key = key.clone();
            }
        }
        for part in crm.iter_mut() {
            let Some(old) = part.owner.clone() else { continue };
            let Some(owner) = renamed.get(&old) else { continue };
            let own = part.key.1.strip_prefix(old.1.as_str()).unwrap_or_default();
            part.key.1 = format!("{}{own}", owner.1);
            part.owner = Some(owner.clone());
        }
    }
}
