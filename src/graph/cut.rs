//! What holds a graph together.

/// The vertices of an undirected graph without which some others are no longer connected, in
/// ascending order. `ways` lists the neighbours of each vertex, each edge at both ends.
///
/// Tarjan's algorithm with a stack of its own: a chain of any length does not overflow the stack.
pub(super) fn cut_vertices(ways: &[Vec<usize>]) -> Vec<usize> {
    let mut search = Search {
        ways,
        found: vec![0; ways.len()],
        lowest: vec![0; ways.len()],
        cut: vec![false; ways.len()],
        clock: 0,
    };
    for root in 0..ways.len() {
        if at(&search.found, root) == 0 {
            search.from(root);
        }
    }
    search.cut.iter().enumerate().filter(|(_, cut)| **cut).map(|(vertex, _)| vertex).collect()
}

struct Search<'w> {
    ways: &'w [Vec<usize>],
    /// When each vertex was found; 0 before that.
    found: Vec<usize>,
    /// The earliest vertex that what hangs below a vertex leads back to.
    lowest: Vec<usize>,
    cut: Vec<bool>,
    clock: usize,
}

impl Search<'_> {
    fn from(&mut self, root: usize) {
        // Vertex, where it was come from, and how many of its ways have been taken.
        let mut path: Vec<(usize, usize, usize)> = Vec::new();
        let mut branches = 0;
        self.find(root);
        path.push((root, root, 0));
        while let Some((vertex, parent, taken)) = path.last_mut() {
            let (vertex, parent) = (*vertex, *parent);
            let next = self.ways.get(vertex).and_then(|ways| ways.get(*taken)).copied();
            *taken += 1;
            match next {
                Some(next) if next == parent => {}
                Some(next) if at(&self.found, next) > 0 => {
                    self.lower(vertex, at(&self.found, next))
                }
                Some(next) => {
                    self.find(next);
                    branches += usize::from(vertex == root);
                    path.push((next, vertex, 0));
                }
                None => {
                    path.pop();
                    if vertex == root {
                        break;
                    }
                    let lowest = at(&self.lowest, vertex);
                    self.lower(parent, lowest);
                    if parent != root && lowest >= at(&self.found, parent) {
                        self.mark(parent);
                    }
                }
            }
        }
        if branches > 1 {
            self.mark(root);
        }
    }

    fn find(&mut self, vertex: usize) {
        self.clock += 1;
        let clock = self.clock;
        for list in [&mut self.found, &mut self.lowest] {
            if let Some(slot) = list.get_mut(vertex) {
                *slot = clock;
            }
        }
    }

    fn lower(&mut self, vertex: usize, to: usize) {
        if let Some(slot) = self.lowest.get_mut(vertex) {
            *slot = (*slot).min(to);
        }
    }

    fn mark(&mut self, vertex: usize) {
        if let Some(slot) = self.cut.get_mut(vertex) {
            *slot = true;
        }
    }
}

fn at(list: &[usize], vertex: usize) -> usize {
    list.get(vertex).copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "a test may fail by panicking")]
    use super::*;

    fn graph(vertices: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
        let mut ways = vec![Vec::new(); vertices];
        for (one, other) in edges {
            ways[*one].push(*other);
            ways[*other].push(*one);
        }
        ways
    }

    #[test]
    fn the_middle_of_a_chain_holds_it_and_a_ring_needs_nobody() {
        assert_eq!(cut_vertices(&graph(4, &[(0, 1), (1, 2), (2, 3)])), [1, 2]);
        assert_eq!(cut_vertices(&graph(3, &[(0, 1), (1, 2), (2, 0)])), [0; 0]);
        // Two rings that share one vertex, and one alone.
        let rings = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 2)];
        assert_eq!(cut_vertices(&graph(6, &rings)), [2]);
        // The root of the search counts like any other.
        assert_eq!(cut_vertices(&graph(3, &[(0, 1), (0, 2)])), [0]);
    }

    /// Against the definition: without a cut vertex there are more pieces.
    #[test]
    fn it_agrees_with_taking_each_vertex_out() {
        let mut seed = 7_u64;
        for _ in 0..300 {
            let mut edges = Vec::new();
            for one in 0..6 {
                for other in 0..one {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    if seed >> 62 == 0 {
                        edges.push((one, other));
                    }
                }
            }
            let pieces = |without: Option<usize>| {
                let mut of: Vec<usize> = (0..6).collect();
                for _ in 0..6 {
                    for (one, other) in &edges {
                        if Some(*one) != without && Some(*other) != without {
                            let least = of[*one].min(of[*other]);
                            (of[*one], of[*other]) = (least, least);
                        }
                    }
                }
                let mut kept: Vec<usize> =
                    (0..6).filter(|v| Some(*v) != without).map(|v| of[v]).collect();
                kept.sort_unstable();
                kept.dedup();
                kept.len()
            };
            let cut: Vec<usize> = (0..6).filter(|v| pieces(Some(*v)) > pieces(None)).collect();
            assert_eq!(cut_vertices(&graph(6, &edges)), cut, "{edges:?}");
        }
    }

    #[test]
    fn a_long_chain_does_not_overflow_the_stack() {
        let edges: Vec<(usize, usize)> = (1..200_000).map(|n| (n - 1, n)).collect();
        assert_eq!(cut_vertices(&graph(200_000, &edges)).len(), 199_998);
    }
}
