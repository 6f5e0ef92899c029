//! The record of what was generated, kept in the output folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::{fs, io};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::{Error, portable};

/// The name of the record.
pub const RECORD: &str = ".ekiden-build.json";

/// The version of its form.
const VERSION: u32 = 1;
const ABOUT: &str = "Files that `ekiden build` generated here, with a hash of each. \
                     Keep this file beside them: it is how they are told from yours.";

/// The generated files, each with the hash of its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// By path relative to the output folder.
    pub(super) files: BTreeMap<Utf8PathBuf, u64>,
}

#[derive(Serialize, Deserialize)]
struct Form {
    version: u32,
    #[serde(default)]
    about: String,
    files: BTreeMap<String, String>,
}

impl Record {
    /// Reads the record of a folder; one that is not there is empty.
    pub(super) fn read(folder: &Utf8Path) -> Result<Record, Error> {
        let path = folder.join(RECORD);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Record::default()),
            Err(error) => return Err(Error::io("read", path)(error)),
        };
        Record::parse(&bytes).map_err(|reason| Error::Record { path, reason })
    }

    fn parse(bytes: &[u8]) -> Result<Record, String> {
        let form: Form = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if form.version != VERSION {
            return Err(format!("its version is {}, not {VERSION}", form.version));
        }
        let mut record = Record::default();
        for (path, hash) in form.files {
            let path = Utf8PathBuf::from(path);
            // Somebody's hand may have been at it, and files it names are removed.
            portable::check(&path).map_err(|reason| format!("the path `{path}` {reason}"))?;
            let hash = u64::from_str_radix(&hash, 16)
                .map_err(|_| format!("`{hash}` is not the hash of a file"))?;
            record.files.insert(path, hash);
        }
        Ok(record)
    }

    /// The record as text, the same for the same files.
    pub(super) fn text(&self) -> String {
        let files =
            self.files.iter().map(|(path, hash)| (path.to_string(), format!("{hash:016x}")));
        let form = Form { version: VERSION, about: ABOUT.to_owned(), files: files.collect() };
        // Strings and numbers alone: there is nothing in it that cannot be written.
        let mut text = serde_json::to_string_pretty(&form).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// FNV-1a, 64 bits: tells an edited file from an untouched one. Nobody gains by forging it.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Whether a file is the one that was hashed. Line breaks do not count: version control may have
/// turned them into CRLF on the way.
pub(super) fn matches(recorded: u64, bytes: &[u8]) -> bool {
    hash(bytes) == recorded || hash(&unix(bytes)) == recorded
}

/// Whether a file holds what is generated, line breaks aside.
pub(super) fn same(old: &[u8], new: &[u8]) -> bool {
    old == new || (old.len() > new.len() && *unix(old) == *new)
}

fn unix(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.windows(2).any(|pair| pair == b"\r\n") {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().peekable();
    while let Some(byte) = rest.next() {
        if *byte != b'\r' || rest.peek() != Some(&&b'\n') {
            out.push(*byte);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panic")]
mod tests {
    use super::{Record, hash, matches, same};

    #[test]
    fn the_hash_is_fnv_1a() {
        // Published test vectors of FNV-1a, 64 bits.
        assert_eq!(hash(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn line_breaks_do_not_count_and_all_else_does() {
        assert!(matches(hash(b"a\nb\n"), b"a\r\nb\r\n"));
        assert!(!matches(hash(b"a\nb\n"), b"a\nc\n"));
        assert!(same(b"a\r\nb\n", b"a\nb\n"));
        assert!(!same(b"a\rb\n", b"ab\n"));
    }

    #[test]
    fn a_record_survives_and_a_damaged_one_is_told() {
        let mut record = Record::default();
        record.files.insert("docs/index.md".into(), 7);
        assert_eq!(Record::parse(record.text().as_bytes()).unwrap(), record);
        let wrong = |text: &str| Record::parse(text.as_bytes()).unwrap_err();
        assert!(wrong("{").contains("EOF"));
        assert_eq!(wrong(r#"{"version":2,"files":{}}"#), "its version is 2, not 1");
        assert!(wrong(r#"{"version":1,"files":{"../x":"0"}}"#).contains("`../x`"));
        assert!(wrong(r#"{"version":1,"files":{"x":"zz"}}"#).contains("`zz`"));
    }
}
