//! Where everything stands in a handbook: the same files and ids, whatever it is written in.

/// The longest name that becomes a file name whole; file systems take 255 bytes.
const MAX_STEM: usize = 120;

/// Names that Windows keeps for devices, whatever their extension.
const DEVICES: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The address of something: the file without folder base and extension, and the id on it.
pub(in crate::emit) fn place(kind: &str, name: &str) -> (String, Option<String>) {
    let page = |folder: &str| (format!("{folder}/{}", file_stem(name)), None);
    let part = |file: &str, kind: &str| (file.to_owned(), Some(anchor(kind, name)));
    match kind {
        "stage" => page("stages"),
        "team" => page("teams"),
        "role" => page("roles"),
        "field" | "record" => part("records", ""),
        "goal" => part("goals", ""),
        "handoff" => part("handoffs", ""),
        "feedback" => part("handoffs", "feedback"),
        "score" => part("scores", ""),
        "route" => part("routes", ""),
        "term" => part("glossary", ""),
        "play" => part("plays", ""),
        _ => (String::new(), None),
    }
}

/// The id of something on its page. Names have no hyphens, so `feedback-x` and `lead-email` cannot
/// be names themselves.
pub(in crate::emit) fn anchor(kind: &str, name: &str) -> String {
    let name = name.replace('.', "-");
    if kind.is_empty() { name } else { format!("{kind}-{name}") }
}

/// The file name, without extension, of a page about something of this name: the name itself,
/// unless some file system would not have it.
pub(in crate::emit) fn file_stem(name: &str) -> String {
    if DEVICES.contains(&name) {
        return format!("{name}-page");
    }
    match name.get(..MAX_STEM) {
        Some(start) if name.len() > MAX_STEM => format!("{start}-{:016x}", fnv_1a(name)),
        _ => name.to_owned(),
    }
}

/// A hash that is the same on every machine and in every version.
pub(in crate::emit) fn fnv_1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_after_what_they_show() {
        let at = |file: &str, id: Option<&str>| (file.to_owned(), id.map(str::to_owned));
        assert_eq!(place("stage", "mql"), at("stages/mql", None));
        assert_eq!(place("field", "lead.email"), at("records", Some("lead-email")));
        assert_eq!(place("feedback", "voice"), at("handoffs", Some("feedback-voice")));
    }

    #[test]
    fn every_file_system_takes_the_names() {
        assert_eq!(file_stem("con"), "con-page");
        assert_eq!(file_stem("console"), "console");
        let long = "a".repeat(300);
        assert_eq!(file_stem(&long).len(), MAX_STEM + 17);
        assert_ne!(file_stem(&long), file_stem(&"a".repeat(301)));
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(fnv_1a("foobar"), 0x8594_4171_f739_67e8);
    }
}
