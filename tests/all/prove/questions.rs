//! Questions for the prover, made at random from a seed: relations between a few facts of the record
//! that `prove` declares.

pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// The facts that are numbers.
pub(super) const NUMBERS: &[&str] = &["size", "count", "level", "ratio", "must"];
const OPS: &[&str] = &["=", "!=", "<", "<=", ">", ">="];
const CONSTANTS: &[&str] = &["0", "1", "2", "2.5", "3", "4", "5"];

/// A fact that conditions read, and how to write something about it.
fn atom(random: &mut Random, fact: &str, facts: &[&str]) -> String {
    let op = random.of(OPS);
    let equal = random.of(&["=", "!="]);
    let presence = random.of(&["is present", "is missing"]);
    let constant = random.of(CONSTANTS);
    match fact {
        number if NUMBERS.contains(&number) => {
            let others: Vec<&str> = facts.iter().copied().filter(|f| NUMBERS.contains(f)).collect();
            let other = random.of(&others);
            match random.below(12) {
                0 => format!("{fact} {presence}"),
                1 => format!("{fact} in [1, 3, 4]"),
                2 => format!("{fact} between 2 and {}", random.of(&["2", "3", "4"])),
                3 => format!("{fact} {op} {other}"),
                4 => format!("{fact} + {other} {op} {constant}"),
                5 => format!("2 * {fact} - {other} {op} {constant}"),
                6 => format!("{fact} * {other} {op} {constant}"),
                7 => format!("{fact} / {} {op} {constant}", random.of(&["2", "3", other])),
                _ => format!("{fact} {op} {constant}"),
            }
        }
        "kind" | "twin" => {
            let others: Vec<&str> =
                facts.iter().copied().filter(|f| ["kind", "twin"].contains(f)).collect();
            match random.below(4) {
                0 => format!("{fact} {presence}"),
                1 => format!("{fact} in [{}, c]", random.of(&["a", "b"])),
                2 => format!("{fact} {equal} {}", random.of(&others)),
                _ => format!("{fact} {equal} {}", random.of(&["a", "b", "c"])),
            }
        }
        "tags" => match random.below(3) {
            0 => format!("tags {presence}"),
            1 => format!("tags in [{}, z]", random.of(&["x", "y"])),
            _ => format!("tags in [{}]", random.of(&["x", "y", "z"])),
        },
        "vip" | "hot_one" => match random.below(5) {
            0 => format!("{fact} {presence}"),
            1 => format!("{fact} {equal} {}", random.of(&["true", "false"])),
            2 => format!("vip {equal} hot_one"),
            _ => fact.to_owned(),
        },
        "need" | "other" => match random.below(5) {
            0 => format!("{fact} {presence}"),
            1 => format!("{fact} in [\"p\", \"q\"]"),
            2 => format!("need {equal} other"),
            _ => format!("{fact} {equal} \"{}\"", random.of(&["p", "q", "r"])),
        },
        "due" | "start" => match random.below(10) {
            0 => format!("{fact} {presence}"),
            1 => format!(
                "days {} {fact} {op} {}",
                random.of(&["since", "until"]),
                random.of(&["0", "7", "14"])
            ),
            2 => format!(
                "{fact} within {} {}",
                random.of(&["next", "last"]),
                random.of(&["7d", "2w"])
            ),
            3 => format!("{fact} {op} today"),
            4 => format!("{fact} + {} {op} today", random.of(&["7d", "2w"])),
            5 => format!("due {op} start"),
            6 => format!("{fact} {op} start + 7d"),
            7 => format!("{fact} {op} {}", random.of(&["2026-11-24", "2026-12-01", "2026-11-10"])),
            _ => format!(
                "{fact} within next {}",
                random.of(&["1mo", "31d", "27d", "2 business days"])
            ),
        },
        "seen" => match random.below(6) {
            0 => format!("seen {presence}"),
            1 => format!("hours since seen {op} {}", random.of(&["0", "24", "36"])),
            2 => format!(
                "seen within {} {}",
                random.of(&["next", "last"]),
                random.of(&["36h", "2d"])
            ),
            3 => format!("seen {op} now"),
            4 => format!("business hours since seen {op} {}", random.of(&["0", "4", "9"])),
            _ => format!("days since seen {op} {}", random.of(&["0", "1", "1.5"])),
        },
        "rate" => match random.below(4) {
            0 => format!("rate {presence}"),
            1 => format!("rate between 25% and {}%", random.of(&["25", "50"])),
            _ => format!("rate {op} {}%", random.of(&["0", "25", "50", "100"])),
        },
        "amount" => match random.below(5) {
            0 => format!("amount {presence}"),
            1 => format!("50% * amount {op} {} JPY", random.of(&["1", "2"])),
            2 => format!("amount {op} -amount"),
            _ => format!("amount {op} {} JPY", random.of(&["0", "1", "2", "4"])),
        },
        "stay" => match random.below(3) {
            0 => format!("time in stage {op} {}", random.of(&["1d", "14d", "2w"])),
            1 => format!("time in stage {op} {}", random.of(&["1mo", "27d", "32d"])),
            _ => format!(
                "time in stage {op} {}",
                random.of(&["2 business days", "4 business hours"])
            ),
        },
        "viewed" => match random.below(3) {
            0 => "event viewed".to_owned(),
            1 => format!("event viewed at least {} times", random.of(&["2", "3"])),
            _ => format!(
                "event viewed at least {} times within {}",
                random.of(&["1", "2", "3"]),
                random.of(&["7d", "14d", "1mo"])
            ),
        },
        "heat" => match random.below(2) {
            0 => format!("heat is {}", random.of(&["hot", "warm", "cool"])),
            _ => format!("heat {op} {}", random.of(&["0", "18", "30", "60", "63", "67.2"])),
        },
        _ => "confirm \"Yes\"".to_owned(),
    }
}

pub(crate) fn condition(random: &mut Random, facts: &[&str], depth: usize) -> String {
    match random.below(if depth == 0 { 2 } else { 6 }) {
        0 | 1 => {
            let fact = random.of(facts);
            atom(random, fact, facts)
        }
        2 => format!("not ({})", condition(random, facts, depth - 1)),
        3 => format!(
            "({}) or ({})",
            condition(random, facts, depth - 1),
            condition(random, facts, depth - 1)
        ),
        _ => format!(
            "({}) and ({})",
            condition(random, facts, depth - 1),
            condition(random, facts, depth - 1)
        ),
    }
}

pub(crate) const FACTS: &[&str] = &[
    "size",
    "count",
    "level",
    "ratio",
    "must",
    "kind",
    "twin",
    "tags",
    "vip",
    "hot_one",
    "need",
    "other",
    "due",
    "start",
    "seen",
    "rate",
    "amount",
    "stay",
    "viewed",
    "heat",
    "confirmed",
];

/// Several relations between two or three numbers or dates, which leave little room.
fn relations(random: &mut Random) -> (String, Vec<&'static str>) {
    let dates = random.below(4) == 0;
    let pool: &[&'static str] = if dates { &["due", "start"] } else { NUMBERS };
    let first = pool[random.below(pool.len())];
    let second = pool[random.below(pool.len())];
    let third = pool[random.below(pool.len())];
    let mut facts = vec![first, second];
    if !dates && random.below(3) == 0 {
        facts.push(third);
    }
    facts.sort_unstable();
    facts.dedup();
    let parts: Vec<String> = (0..3 + random.below(2))
        .map(|_| {
            let (a, b) = (random.of(&facts), random.of(&facts));
            let op = random.of(OPS);
            let n = random.of(CONSTANTS);
            let not = if random.below(4) == 0 { "not " } else { "" };
            let relation = match (dates, random.below(4)) {
                (true, 0) => format!("{a} {op} {b}"),
                (true, 1) => format!("{a} {op} {b} + {}d", random.below(3)),
                (true, 2) => format!("days since {a} {op} {}", random.below(3)),
                (true, _) => format!("{a} {op} today"),
                (false, 0) => format!("{a} {op} {b}"),
                (false, 1) => format!("{a} + {b} {op} {n}"),
                (false, 2) => format!("{a} - {b} {op} {n}"),
                (false, _) => format!("{a} {op} {n}"),
            };
            format!("{not}({relation})")
        })
        .collect();
    (parts.join(" and "), facts)
}

/// A question about a few facts.
pub(super) fn question(random: &mut Random) -> (String, Vec<&'static str>) {
    if random.below(4) == 0 {
        return relations(random);
    }
    let mut facts = Vec::new();
    for _ in 0..=random.below(3) {
        let fact = FACTS[random.below(FACTS.len())];
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    (condition(random, &facts, 3), facts)
}
