//! Which paths may be written: those that every system can hold and that stay in the folder.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::record::RECORD;

/// Names that Windows keeps for devices, with or without an extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
/// Names that are devices when a digit from 1 to 9 follows.
const PORTS: [&str; 2] = ["com", "lpt"];

/// Says what is wrong with a path, as the end of a sentence that starts with the path.
pub(super) fn check(path: &Utf8Path) -> Result<(), String> {
    if path.as_str().is_empty() {
        return Err("is empty".to_owned());
    }
    for part in path.as_str().split('/') {
        let stem = part.split('.').next().unwrap_or("").trim_end().to_ascii_lowercase();
        let port = |port: &str| {
            stem.strip_prefix(port).is_some_and(|digit| matches!(digit.as_bytes(), [b'1'..=b'9']))
        };
        if part.is_empty() {
            return Err("is absolute or has an empty part".to_owned());
        } else if part == "." || part == ".." {
            return Err("leads out of its folder".to_owned());
        } else if let Some(c) = part.chars().find(|c| c.is_control() || r#"\:*?"<>|"#.contains(*c))
        {
            return Err(format!("has the character {c:?}, which not every system can hold"));
        } else if part.ends_with(['.', ' ']) {
            return Err("has a part that ends with a full stop or a space".to_owned());
        } else if DEVICES.contains(&stem.as_str()) || PORTS.into_iter().any(port) {
            return Err(format!("has the name `{part}`, which is a device on Windows"));
        } else if part.len() > 255 {
            return Err("has a part longer than 255 bytes".to_owned());
        } else if part == RECORD {
            return Err("is the name of the record of generated files".to_owned());
        }
    }
    Ok(())
}

/// The paths admitted so far, as systems see them that do not tell upper from lower case.
#[derive(Default)]
pub(super) struct Names {
    seen: BTreeMap<String, (Utf8PathBuf, bool)>,
}

impl Names {
    /// Admits a file. `shown` is the path without the target's folder, which is judged by itself:
    /// joining it to something must not hide that it is absolute.
    pub(super) fn admit(&mut self, path: &Utf8Path, shown: &Utf8Path) -> Result<(), String> {
        check(shown)?;
        check(path)?;
        for above in path.ancestors() {
            if above.as_str().is_empty() {
                continue;
            }
            let is_file = above == path;
            let key = above.as_str().to_lowercase();
            match self.seen.get(&key) {
                None => {
                    self.seen.insert(key, (above.to_owned(), is_file));
                }
                Some((other, false)) if !is_file && other == above => {}
                Some((other, _)) if other == above => {
                    return Err("is given twice, or is a file and a folder at once".to_owned());
                }
                Some((other, _)) => {
                    return Err(format!(
                        "differs from `{other}` only in upper and lower case, which not every \
                         system can hold"
                    ));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, check};

    #[test]
    fn paths_that_lead_out_or_fit_nowhere_are_refused() {
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a//b",
            "a/",
            "./a",
            "C:/x",
            "a\\b",
            "a\nb",
            "con",
            "a/NUL.txt",
            "com1.md",
            "a./b",
            "a ",
            ".ekiden-build.json",
            "a?b",
        ] {
            assert!(check(path.into()).is_err(), "{path:?}");
        }
        assert!(check("a".repeat(256).as_str().into()).is_err());
        for path in
            ["index.md", "objects/New Business.xml", "판매/리드.md", "console.md", "com.md", "..a"]
        {
            assert_eq!(check(path.into()), Ok(()), "{path:?}");
        }
    }

    #[test]
    fn paths_that_collide_are_refused() {
        let mut names = Names::default();
        let mut admit = |path: &str| names.admit(path.into(), path.into()).is_ok();
        assert!(admit("docs/a.md"));
        assert!(admit("docs/b.md"));
        assert!(!admit("docs/a.md"), "twice");
        assert!(!admit("docs/A.md"), "by case");
        assert!(!admit("Docs/c.md"), "folder by case");
        assert!(!admit("docs/a.md/x"), "below a file");
        assert!(!admit("docs"), "a folder");
    }
}
