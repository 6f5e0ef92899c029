//! What every way from the start of a graph passes.

/// No vertex.
const NONE: u32 = u32::MAX;

/// By vertex, the last other vertex that every way from `root` to it passes; `None` for the root,
/// and for what cannot be reached. There are `count` vertices.
///
/// The algorithm of Lengauer and Tarjan with a stack of its own. The simpler one that petgraph has
/// walks along the whole chain for every way back to its start, which makes a square of a long
/// process whose every stage can be left for a pool.
pub(super) fn immediate_dominators<S, P>(
    count: usize,
    root: usize,
    successors: impl Fn(usize) -> S,
    predecessors: impl Fn(usize) -> P,
) -> Vec<Option<usize>>
where
    S: Iterator<Item = usize>,
    P: Iterator<Item = usize>,
{
    let tree = Tree::search(count, root, successors);
    let reached = tree.reached();
    let mut forest = Forest::new(reached);
    let mut dominators = Numbers::filled(reached as usize, NONE);
    // Of each number, those whose way around their parents begins there: a linked list.
    let mut first = Numbers::filled(reached as usize, NONE);
    let mut next = Numbers::filled(reached as usize, NONE);
    for number in (1..reached).rev() {
        let parent = tree.parents.at(number);
        for before in tree.vertex(number).into_iter().flat_map(&predecessors) {
            let before = tree.numbers.at_index(before);
            if before != NONE {
                let least = forest.least(before);
                forest.begin(number, forest.begins(least));
            }
        }
        let begins = forest.begins(number);
        next.set(number, first.at(begins));
        first.set(begins, number);
        forest.hang(number, parent);
        let mut waiting = first.at(parent);
        first.set(parent, NONE);
        while waiting != NONE {
            let least = forest.least(waiting);
            let passed = if forest.begins(least) < forest.begins(waiting) { least } else { parent };
            dominators.set(waiting, passed);
            waiting = next.at(waiting);
        }
    }
    let mut of = vec![None; count];
    for number in 1..reached {
        if dominators.at(number) != forest.begins(number) {
            dominators.set(number, dominators.at(dominators.at(number)));
        }
        if let Some(place) = tree.vertex(number).and_then(|vertex| of.get_mut(vertex)) {
            *place = tree.vertex(dominators.at(number));
        }
    }
    of
}

/// The vertices that can be reached, in the order in which a search in depth finds them.
struct Tree {
    vertices: Vec<usize>,
    /// By vertex: its place in that order.
    numbers: Numbers,
    /// By number: the number it was found from.
    parents: Numbers,
}

impl Tree {
    /// How many vertices are reached, the root among them.
    fn reached(&self) -> u32 {
        u32::try_from(self.vertices.len()).unwrap_or(NONE)
    }

    fn vertex(&self, number: u32) -> Option<usize> {
        self.vertices.get(number as usize).copied()
    }

    fn search<S>(count: usize, root: usize, successors: impl Fn(usize) -> S) -> Self
    where
        S: Iterator<Item = usize>,
    {
        let mut tree = Tree {
            vertices: vec![root],
            numbers: Numbers::filled(count, NONE),
            parents: Numbers(vec![NONE]),
        };
        tree.numbers.set_index(root, 0);
        let mut path = vec![(0, successors(root))];
        while let Some((parent, ways)) = path.last_mut() {
            let Some(vertex) = ways.next() else {
                path.pop();
                continue;
            };
            if tree.numbers.at_index(vertex) != NONE {
                continue;
            }
            let number = tree.reached();
            tree.numbers.set_index(vertex, number);
            tree.vertices.push(vertex);
            tree.parents.0.push(*parent);
            path.push((number, successors(vertex)));
        }
        tree
    }
}

/// The part of the search tree that has been looked at, with its paths made short.
struct Forest {
    above: Numbers,
    /// By number: the earliest from which a way leads to it around its parents.
    begins: Numbers,
    /// By number: the one with the earliest beginning on the path that was made short.
    least: Numbers,
    path: Vec<u32>,
}

impl Forest {
    fn new(count: u32) -> Self {
        let itself = || Numbers((0..count).collect());
        Self {
            above: Numbers::filled(count as usize, NONE),
            begins: itself(),
            least: itself(),
            path: Vec::new(),
        }
    }

    fn begins(&self, number: u32) -> u32 {
        self.begins.at(number)
    }

    fn begin(&mut self, number: u32, at: u32) {
        self.begins.set(number, self.begins(number).min(at));
    }

    fn hang(&mut self, number: u32, above: u32) {
        self.above.set(number, above);
    }

    /// The one with the earliest beginning between `number` and the top of its tree, without the top.
    fn least(&mut self, number: u32) -> u32 {
        let mut at = number;
        while self.above.at(at) != NONE && self.above.at(self.above.at(at)) != NONE {
            self.path.push(at);
            at = self.above.at(at);
        }
        while let Some(at) = self.path.pop() {
            let above = self.above.at(at);
            let other = self.least.at(above);
            if self.begins(other) < self.begins(self.least.at(at)) {
                self.least.set(at, other);
            }
            self.above.set(at, self.above.at(above));
        }
        self.least.at(number)
    }
}

/// A list by number; there is nothing beyond its end.
struct Numbers(Vec<u32>);

impl Numbers {
    fn filled(count: usize, with: u32) -> Self {
        Self(vec![with; count])
    }

    fn at(&self, number: u32) -> u32 {
        self.at_index(number as usize)
    }

    fn at_index(&self, index: usize) -> u32 {
        self.0.get(index).copied().unwrap_or(NONE)
    }

    fn set(&mut self, number: u32, value: u32) {
        self.set_index(number as usize, value);
    }

    fn set_index(&mut self, index: usize, value: u32) {
        if let Some(place) = self.0.get_mut(index) {
            *place = value;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "a test may fail by panicking")]
    use super::*;

    struct Graph {
        on: Vec<Vec<usize>>,
        back: Vec<Vec<usize>>,
    }

    impl Graph {
        fn new(count: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Self {
            let mut graph = Graph { on: vec![Vec::new(); count], back: vec![Vec::new(); count] };
            for (from, to) in edges {
                graph.on[from].push(to);
                graph.back[to].push(from);
            }
            graph
        }

        fn dominators(&self) -> Vec<Option<usize>> {
            let on = |at: usize| self.on[at].iter().copied();
            let back = |at: usize| self.back[at].iter().copied();
            immediate_dominators(self.on.len(), 0, on, back)
        }

        /// What can be reached from 0 without passing `out`.
        fn reached(&self, out: Option<usize>) -> Vec<bool> {
            let mut reached = vec![false; self.on.len()];
            let mut waiting = vec![0];
            while let Some(at) = waiting.pop() {
                if Some(at) != out && !std::mem::replace(&mut reached[at], true) {
                    waiting.extend(&self.on[at]);
                }
            }
            reached
        }
    }

    #[test]
    fn a_long_chain_with_ways_back_from_everywhere_is_linear() {
        let stages = 100_000;
        let chain = (0..stages - 1).map(|at| (at, at + 1));
        let back = (0..stages).flat_map(|at| [(at, stages), (stages, 0)]);
        let dominators = Graph::new(stages + 1, chain.chain(back)).dominators();
        assert!((1..stages).all(|at| dominators[at] == Some(at - 1)));
        assert_eq!((dominators[0], dominators[stages]), (None, Some(0)));
    }

    /// Against the definition: what cannot be reached any more without a vertex is dominated by it,
    /// and of those the last is dominated by all others.
    #[test]
    fn it_agrees_with_taking_each_vertex_out() {
        let mut seed = 11_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        for _ in 0..1_000 {
            let count = 2 + random(7);
            let edges = 1 + random(2 * count);
            let mut vertex = || usize::try_from(random(count)).unwrap_or(0);
            let edges: Vec<(usize, usize)> = (0..edges).map(|_| (vertex(), vertex())).collect();
            let graph = Graph::new(usize::try_from(count).unwrap_or(0), edges.iter().copied());
            let whole = graph.reached(None);
            let dominates: Vec<Vec<bool>> = (0..whole.len())
                .map(|out| {
                    let left = graph.reached(Some(out));
                    (0..whole.len()).map(|at| at != out && whole[at] && !left[at]).collect()
                })
                .collect();
            for (at, found) in graph.dominators().into_iter().enumerate() {
                let all = || (0..whole.len()).filter(|other| dominates[*other][at]);
                let last = all().find(|last| all().all(|o| o == *last || dominates[o][*last]));
                assert_eq!(found, last, "of {at} in {edges:?}");
            }
        }
    }
}
