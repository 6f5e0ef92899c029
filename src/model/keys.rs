//! Stable names for things that have none of their own.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Process, TransitionId};

impl Process {
    /// A name for each transition, unique and stable while the process stays alike: `mql_problem`,
    /// and `mql_nurturing_2` for the second move between the same stages.
    pub fn transition_keys(&self) -> Vec<(TransitionId, String)> {
        // By name, not by stages: `a` to `b_c` and `a_b` to `c` would be called the same.
        let mut counts: FxHashMap<String, u32> = FxHashMap::default();
        let mut taken: FxHashSet<String> = FxHashSet::default();
        self.transitions
            .iter()
            .map(|(id, transition)| {
                let from = &self.stages[transition.from].name;
                let to = &self.stages[transition.to].name;
                let stem = format!("{from}_{to}");
                let count = counts.entry(stem.clone()).or_insert(0);
                let key = loop {
                    *count += 1;
                    let key = match *count {
                        1 => stem.clone(),
                        n => format!("{stem}_{n}"),
                    };
                    if taken.insert(key.clone()) {
                        break key;
                    }
                };
                (id, key)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{SourceFile, SourceMap};

    #[test]
    fn keys_differ_even_where_names_run_together() {
        let text = "record r { }
            stage a { record r entry  advance to b_c  advance to b_c  lose to b_c_2 }
            stage a_b { record r  advance to c }
            stage b_c { record r } stage b_c_2 { record r } stage c { record r }";
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new("p.ekiden", text));
        let parsed = crate::syntax::dsl::parse(file, text);
        let process = crate::sema::analyze(&[parsed.file], "p").process;
        let keys: Vec<String> = process.transition_keys().into_iter().map(|(_, key)| key).collect();
        assert_eq!(keys, ["a_b_c", "a_b_c_2", "a_b_c_2_2", "a_b_c_3"]);
    }
}
