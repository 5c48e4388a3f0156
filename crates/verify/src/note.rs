//! Checkpoints: C2SP tlog-checkpoint in a C2SP signed note, read strictly.
//!
//! Lines of keys other than the log's are those of witnesses and are left alone.
//! Source: docs/LOG-FORMAT.md, "The checkpoint"; C2SP signed-note and tlog-checkpoint; RFC 8032.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::Digest;
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// Signature type of Ed25519.
const ED25519: u8 = 0x01;
/// Largest note that is looked at, in bytes.
const NOTE_BYTES_MAX: usize = 64 * 1024;

/// What a checkpoint states, and who signed it.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub origin: String,
    pub size: u64,
    pub root: Digest,
    /// What is signed.
    text: String,
    /// Name, key id and signature of each line.
    signatures: Vec<(String, [u8; 4], Vec<u8>)>,
}

/// Whether a key signed a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    Yes,
    NotByThisKey,
    Wrongly,
}

impl Note {
    /// Reads a note, or says what is missing.
    pub(crate) fn parse(note: &str) -> Result<Self, &'static str> {
        if note.len() > NOTE_BYTES_MAX {
            return Err("it is longer than 64 KiB");
        }
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err("it holds control characters");
        }
        let end = note.rfind("\n\n").ok_or("there is no empty line before signatures")?;
        let (text, lines) = (&note[..=end], &note[end + 2..]);
        let lines = lines.strip_suffix('\n').ok_or("its last line has no end")?;
        let signatures = lines.split('\n').map(signature_line).collect::<Result<_, _>>()?;

        let mut stated = text.split('\n');
        let origin = stated.next().filter(|origin| !origin.is_empty()).ok_or("it names no origin")?;
        let size_text = stated.next().ok_or("it states no size")?;
        let size: u64 = size_text.parse().map_err(|_| "its size is no number")?;
        if size.to_string() != size_text {
            return Err("its size is not written plainly");
        }
        let root = stated.next().ok_or("it states no root")?;
        let root = BASE64.decode(root).map_err(|_| "its root is not base64")?;
        let root = root.try_into().map_err(|_| "its root has not 32 bytes")?;
        Ok(Self { origin: origin.to_owned(), size, root: Digest(root), text: text.to_owned(), signatures })
    }
}

fn signature_line(line: &str) -> Result<(String, [u8; 4], Vec<u8>), &'static str> {
    let (name, encoded) = line
        .strip_prefix("\u{2014} ")
        .and_then(|rest| rest.split_once(' '))
        .ok_or("a line after the empty one is no signature")?;
    let bytes = BASE64.decode(encoded).map_err(|_| "a signature is not base64")?;
    let (id, signature) = bytes.split_first_chunk::<4>().ok_or("a signature is too short")?;
    Ok((name.to_owned(), *id, signature.to_vec()))
}

/// The public key of a log.
#[derive(Clone, Debug)]
pub(crate) struct LogKey {
    name: String,
    key: VerifyingKey,
}

impl LogKey {
    /// Reads `name+id+base64`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '+');
        let (name, id, encoded) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = BASE64.decode(encoded).ok()?;
        let (&algorithm, key) = bytes.split_first()?;
        let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
        let key = Self { name: name.to_owned(), key };
        (algorithm == ED25519 && !name.is_empty() && id == key.id_text()).then_some(key)
    }

    /// The public half of the key file beside a log; `None` when there is none that can be read.
    pub(crate) fn beside(name: &str, path: &Path) -> Option<Self> {
        let pem = std::fs::read_to_string(path).ok()?;
        let key = SigningKey::from_pkcs8_pem(&pem).ok()?.verifying_key();
        Some(Self { name: name.to_owned(), key })
    }

    /// Its name, which is the origin of the checkpoints it signs.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it signed a note.
    pub(crate) fn signed(&self, note: &Note) -> Signed {
        let ours = |(name, id, _): &&(String, [u8; 4], Vec<u8>)| *name == self.name && *id == self.id();
        let mut lines = note.signatures.iter().filter(ours).peekable();
        if lines.peek().is_none() {
            return Signed::NotByThisKey;
        }
        let fits = |signature: &[u8]| {
            Signature::from_slice(signature)
                .is_ok_and(|signature| self.key.verify_strict(note.text.as_bytes(), &signature).is_ok())
        };
        if lines.all(|(_, _, signature)| fits(signature)) { Signed::Yes } else { Signed::Wrongly }
    }

    fn id(&self) -> [u8; 4] {
        let mut hash = Sha256::new();
        hash.update(self.name.as_bytes());
        hash.update([b'\n', ED25519]);
        hash.update(self.key.as_bytes());
        let [a, b, c, d, ..]: [u8; 32] = hash.finalize().into();
        [a, b, c, d]
    }

    fn id_text(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.id()))
    }
}

impl std::fmt::Display for LogKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, self.id_text(), BASE64.encode(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of C2SP signed-note and Go's `golang.org/x/mod/sumdb/note`.
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn keys_of_other_programs_are_read_and_written_as_they_are() {
        assert_eq!(LogKey::parse(KEY).unwrap().to_string(), KEY);
        for bad in ["", "PeterNeumann", &KEY.replace("c74f", "c74e"), &KEY.replace("ARpc", "AhPc")] {
            assert!(LogKey::parse(bad).is_none(), "{bad:?} must be refused");
        }
    }

    #[test]
    fn a_text_that_is_no_signed_checkpoint_is_refused() {
        let root = BASE64.encode([7; 32]);
        let good = format!("coledger/x\n5\n{root}\n\n\u{2014} coledger/x {}\n", BASE64.encode([1; 68]));
        assert!(Note::parse(&good).is_ok());
        let changes =
            [("\n5\n", "\n05\n"), ("\n\n", "\n"), ("\u{2014} ", "- "), ("=\n", "\n"), ("\n5", "\r\n5")];
        for (from, to) in changes {
            assert!(Note::parse(&good.replacen(from, to, 1)).is_err(), "{from:?} as {to:?}");
        }
        assert!(Note::parse(good.trim_end()).is_err());
    }
}
