//! From bytes to text, with every way it can fail told in words.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The largest file that is read, in bytes: 64 MB. A process of 50 000 stages takes about half of it.
pub const LARGEST: u64 = 64 << 20;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// A text as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text, without its byte-order mark.
    pub text: String,
    /// Whether there was a byte-order mark.
    pub mark: bool,
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The end of a sentence that starts with the name of the file.
    pub(super) message: String,
    /// What is said at the place.
    pub(super) reason: String,
    /// What to do.
    pub(super) help: Option<String>,
    /// What can be shown of the file.
    pub(super) text: String,
    /// The place in `text`: first byte and one past the last.
    pub(super) at: (usize, usize),
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        let (text, at) = (String::new(), (0, 0));
        Self { message: message.into(), reason: String::new(), help: None, text, at }
    }
}

/// Reads a file.
pub(super) fn file(path: &Path) -> Result<Text, Fault> {
    raw_file(path).and_then(decode)
}

fn raw_file(path: &Path) -> Result<Vec<u8>, Fault> {
    let cannot =
        |error: io::Error| Fault::new(format!("cannot be read: {}", super::reason(&error)));
    let file = File::open(path).map_err(cannot)?;
    let length = match file.metadata() {
        Ok(found) if found.is_dir() => return Err(Fault::new("is a folder, not a file")),
        Ok(found) => found.len(),
        Err(_) => 0,
    };
    if length > LARGEST {
        return Err(too_large());
    }
    bytes(file, length).map_err(cannot)
}

/// Reads standard input to its end.
pub(super) fn stdin() -> Result<Text, Fault> {
    raw_stdin().and_then(decode)
}

fn raw_stdin() -> Result<Vec<u8>, Fault> {
    let cannot =
        |error: io::Error| Fault::new(format!("cannot be read: {}", super::reason(&error)));
    bytes(io::stdin().lock(), 0).map_err(cannot)
}

/// Reads a file of another system, or standard input when none is given: UTF-16 with its mark, too.
pub(super) fn foreign(path: Option<&Path>) -> Result<Text, Fault> {
    let bytes = match path {
        Some(path) => raw_file(path)?,
        None => raw_stdin()?,
    };
    let unit: fn([u8; 2]) -> u16 = match bytes.get(..2) {
        Some(b"\xff\xfe") => u16::from_le_bytes,
        Some(b"\xfe\xff") => u16::from_be_bytes,
        _ => {
            return decode(bytes).map_err(|mut fault| {
                if !fault.reason.is_empty() {
                    fault.help = Some(OTHERS.to_owned());
                }
                fault
            });
        }
    };
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    let (pairs, rest) = bytes.get(2..).unwrap_or_default().as_chunks::<2>();
    let text: Result<String, _> =
        char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(Text { text, mark: true }),
        _ => {
            let mut fault = Fault::new("begins like UTF-16, and is none");
            fault.help = Some("export it once more, or save it as UTF-8".to_owned());
            Err(fault)
        }
    }
}

/// What to do with texts in the encoding of one country.
const OTHERS: &str = "save it as UTF-8, which Excel calls `CSV UTF-8`; or turn it: \
     `iconv -f CP932 -t UTF-8 OLD > NEW` when it is Japanese (Shift_JIS), CP949 for Korean, CP1252 for \
     western languages";

/// Reads no more than one byte past the limit, whatever the length was said to be.
fn bytes(from: impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_large() -> Fault {
    let mut fault = Fault::new(format!("is larger than {} MB", LARGEST >> 20));
    fault.help = Some("split it: every file of a folder belongs to one process".to_owned());
    fault
}

pub(super) fn decode(mut bytes: Vec<u8>) -> Result<Text, Fault> {
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    let mark = bytes.starts_with(MARK);
    if mark {
        bytes.drain(..MARK.len());
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(Text { text, mark }),
        Err(error) => error,
    };
    let at = bytes.utf8_error().valid_up_to();
    let bytes = bytes.as_bytes();
    let byte = bytes.get(at).copied().unwrap_or(0);
    let mut fault = Fault::new("is not UTF-8 text");
    // Up to the first wrong byte the text is what it was, so that its place holds.
    fault.text = String::from_utf8_lossy(bytes).into_owned();
    fault.at = (at, at + char::REPLACEMENT_CHARACTER.len_utf8());
    fault.reason = format!("byte 0x{byte:02X} at offset {at}");
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    fault.help = Some(if wide {
        "it looks like UTF-16: save it as UTF-8".to_owned()
    } else {
        "save it as UTF-8".to_owned()
    });
    Err(fault)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panic")]
mod tests {
    use super::decode;

    #[test]
    fn a_byte_order_mark_is_taken_off_and_remembered() {
        let text = decode(b"\xef\xbb\xbfteam x".to_vec()).unwrap();
        assert_eq!((text.text.as_str(), text.mark), ("team x", true));
        assert!(!decode(b"team x".to_vec()).unwrap().mark);
        assert_eq!(decode(Vec::new()).unwrap().text, "");
    }

    #[test]
    fn the_wrong_byte_is_pointed_at() {
        let fault = decode(b"\xef\xbb\xbfteam caf\xe9 x".to_vec()).unwrap_err();
        assert_eq!(fault.reason, "byte 0xE9 at offset 8");
        assert_eq!(fault.text.get(fault.at.0..fault.at.1), Some("\u{fffd}"));
        let fault = decode(b"\xff\xfet\0e\0".to_vec()).unwrap_err();
        assert_eq!(fault.help.as_deref(), Some("it looks like UTF-16: save it as UTF-8"));
        let cut = decode(b"\xc3".to_vec()).unwrap_err();
        assert_eq!(cut.at, (0, 3));
    }
}
