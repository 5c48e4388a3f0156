//! Checkpoints: the head of a log, signed, in the text that transparency logs share.
//!
//! ```text
//! coledger/0192…                        origin, which is also the name of the key
//! 1938004                               number of events
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — coledger/0192… Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
//! ```
//!
//! Whoever keeps one can prove, offline, that the log was rewritten later. Signatures of others
//! (witnesses) may follow ours and are left alone.
//! Source: C2SP tlog-checkpoint and signed-note; Ed25519 of RFC 8032.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::envelope::Position;
use domain::evidence::Digest;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Signature type of Ed25519 in key strings and key ids.
const ALGORITHM_ED25519: u8 = 1;
/// Largest note that is looked at, in bytes: a checkpoint with many witnesses is a few KiB.
const NOTE_BYTES_MAX: usize = 64 * 1024;

/// What a checkpoint states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: `coledger/<log id>`.
    pub origin: String,
    /// Position of its last event, which is the number of its leaves.
    pub size: Position,
    /// Root of its Merkle tree at that size.
    pub root: Digest,
}

/// The key that signs a log's checkpoints.
pub struct CheckpointSigner {
    name: String,
    key: SigningKey,
}

/// The public half, written `name+id+key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointVerifier {
    name: String,
    key: VerifyingKey,
}

/// Why a text is no checkpoint, or none of this key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is not laid out as a signed note with a checkpoint in it.
    #[error("the text is no signed checkpoint: {what}")]
    Malformed {
        /// What is missing.
        what: &'static str,
    },
    /// It carries no signature by this key.
    #[error("the checkpoint carries no signature of {name}")]
    NotSigned {
        /// Name of the key.
        name: String,
    },
    /// The signature by this key does not fit the text.
    #[error("the signature of {name} does not fit the checkpoint")]
    BadSignature {
        /// Name of the key.
        name: String,
    },
    /// It is about another log.
    #[error("the checkpoint is about {found}, not {expected}")]
    OtherLog {
        /// Origin expected.
        expected: String,
        /// Origin found.
        found: String,
    },
    /// It states more events than there are.
    #[error("the checkpoint states {size} events, and the log has {found}")]
    AheadOfLog {
        /// Size stated.
        size: Position,
        /// Size of the log.
        found: Position,
    },
    /// The log has another root at that size: one of the two was rewritten.
    #[error("the checkpoint states another root at {size} events than the log has")]
    OtherRoot {
        /// Size stated.
        size: Position,
    },
    /// The text is no key of this form.
    #[error("the text is no key of the form name+id+base64")]
    BadKey,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root.0))
    }

    /// Reads the text of a checkpoint; lines after the third are extensions and are skipped.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let malformed = |what| CheckpointError::Malformed { what };
        let body = text.strip_suffix('\n').ok_or(malformed("it does not end with a line end"))?;
        let mut lines = body.split('\n');
        let origin = lines.next().filter(|l| !l.is_empty()).ok_or(malformed("no origin"))?;
        let size_text = lines.next().ok_or(malformed("no size"))?;
        let size: u64 = size_text.parse().map_err(|_| malformed("the size is no number"))?;
        if size.to_string() != size_text {
            return Err(malformed("the size is not written plainly"));
        }
        let root = lines.next().and_then(|l| BASE64.decode(l).ok()).ok_or(malformed("no root"))?;
        let root = root.try_into().map_err(|_| malformed("the root has not 32 bytes"))?;
        Ok(Self { origin: origin.to_owned(), size: Position(size), root: Digest(root) })
    }
}

impl CheckpointSigner {
    /// The signer of this origin with this seed, which must be secret and random.
    pub fn from_seed(origin: &str, seed: &[u8; 32]) -> Self {
        Self { name: origin.to_owned(), key: SigningKey::from_bytes(seed) }
    }

    /// Reads a PKCS#8 key in PEM.
    pub fn from_pem(origin: &str, pem: &str) -> Option<Self> {
        SigningKey::from_pkcs8_pem(pem).ok().map(|key| Self { name: origin.to_owned(), key })
    }

    /// The key as PKCS#8 in PEM.
    pub fn to_pem(&self) -> Zeroizing<String> {
        self.key.to_pkcs8_pem(LineEnding::LF).expect("a key of 32 bytes has a PEM form")
    }

    /// The secret key string of signed-note: `PRIVATE+KEY+name+id+base64`.
    pub fn signer_key(&self) -> Zeroizing<String> {
        let mut key = Zeroizing::new(vec![ALGORITHM_ED25519]);
        key.extend_from_slice(self.key.as_bytes());
        let id = u32::from_be_bytes(self.verifier().key_id());
        let encoded = Zeroizing::new(BASE64.encode(&*key));
        Zeroizing::new(format!("PRIVATE+KEY+{}+{id:08x}+{}", self.name, *encoded))
    }

    /// The public half.
    pub fn verifier(&self) -> CheckpointVerifier {
        CheckpointVerifier { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// Signs a head of the log; the same head and key give the same note.
    pub fn sign(&self, size: Position, root: Digest) -> String {
        let text = Checkpoint { origin: self.name.clone(), size, root }.text();
        let mut signature = self.verifier().key_id().to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n\u{2014} {} {}\n", self.name, BASE64.encode(signature))
    }
}

impl fmt::Debug for CheckpointSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckpointSigner({})", self.name)
    }
}

impl CheckpointVerifier {
    /// Name of the key, which is the log's origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of SHA-256 over name, line end, signature type and public key.
    pub fn key_id(&self) -> [u8; 4] {
        let mut hash = Sha256::new();
        hash.update(self.name.as_bytes());
        hash.update([b'\n', ALGORITHM_ED25519]);
        hash.update(self.key.as_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Checks a note against this key; what it says is true of the log only if the key is.
    pub fn verify(&self, note: &str) -> Result<Checkpoint, CheckpointError> {
        let malformed = |what| CheckpointError::Malformed { what };
        if note.len() > NOTE_BYTES_MAX {
            return Err(malformed("it is longer than 64 KiB"));
        }
        if note.chars().any(|c| c.is_ascii_control() && c != '\n') {
            return Err(malformed("it holds control characters"));
        }
        let split = note.rfind("\n\n").ok_or(malformed("no signatures"))?;
        let (text, signatures) = (&note[..=split], &note[split + 2..]);
        let signatures = signatures.strip_suffix('\n').ok_or(malformed("an unfinished last line"))?;
        let mut ours = None;
        for line in signatures.split('\n') {
            let (name, encoded) = line
                .strip_prefix("\u{2014} ")
                .and_then(|rest| rest.split_once(' '))
                .ok_or(malformed("a signature line of another form"))?;
            let bytes = BASE64.decode(encoded).map_err(|_| malformed("a signature that is not base64"))?;
            let (id, signature) = bytes.split_first_chunk::<4>().ok_or(malformed("a short signature"))?;
            if name == self.name && *id == self.key_id() {
                ours = Some(signature.to_vec());
            }
        }
        let ours = ours.ok_or_else(|| CheckpointError::NotSigned { name: self.name.clone() })?;
        let checkpoint = Checkpoint::parse(text)?;
        Signature::from_slice(&ours)
            .and_then(|signature| self.key.verify_strict(text.as_bytes(), &signature))
            .map_err(|_| CheckpointError::BadSignature { name: self.name.clone() })?;
        if checkpoint.origin != self.name {
            let (expected, found) = (self.name.clone(), checkpoint.origin);
            return Err(CheckpointError::OtherLog { expected, found });
        }
        Ok(checkpoint)
    }
}

impl fmt::Display for CheckpointVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ALGORITHM_ED25519];
        key.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.key_id()), BASE64.encode(key))
    }
}

impl FromStr for CheckpointVerifier {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let parse = || {
            // The base64 may hold a plus; the name and the id may not.
            let (name, rest) = text.split_once('+')?;
            let (id, encoded) = rest.split_once('+')?;
            let bytes = BASE64.decode(encoded).ok()?;
            let (algorithm, key) = bytes.split_first()?;
            let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
            let verifier = Self { name: name.to_owned(), key };
            let fits = *algorithm == ALGORITHM_ED25519
                && !name.is_empty()
                && !name.contains(char::is_whitespace)
                && id == format!("{:08x}", u32::from_be_bytes(verifier.key_id()));
            fits.then_some(verifier)
        };
        parse().ok_or(CheckpointError::BadKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};

    const ORIGIN: &str = "coledger/01890a5d-ac96-774b-bcce-b302099a8057";

    fn signer() -> CheckpointSigner {
        CheckpointSigner::from_seed(ORIGIN, &[42; 32])
    }

    fn head() -> (Position, Digest) {
        (Position(1_938_004), Digest([9; 32]))
    }

    #[test]
    fn an_independent_program_accepts_our_signature() {
        let (size, root) = head();
        let note = Note::from_bytes(signer().sign(size, root).as_bytes()).expect("a signed note");
        let verifier = StandardVerifier::new(&signer().verifier().to_string()).expect("a verifier key");
        let list = VerifierList::new(vec![Box::new(verifier)]);
        let (verified, unverified) = note.verify(&list).expect("a valid signature");
        assert_eq!((verified.len(), unverified.len()), (1, 0));
        assert_eq!(note.text(), Checkpoint { origin: ORIGIN.into(), size, root }.text().as_bytes());
    }

    #[test]
    fn we_accept_the_signature_that_an_independent_program_makes_with_our_key() {
        let (size, root) = head();
        let checkpoint = Checkpoint { origin: ORIGIN.into(), size, root };
        let mut note = Note::new(checkpoint.text().as_bytes(), &[]).unwrap();
        let theirs = StandardSigner::new(&signer().signer_key()).expect("a signer key");
        note.add_sigs(&[&theirs]).unwrap();
        let note = String::from_utf8(note.to_bytes()).unwrap();
        assert_eq!(note, signer().sign(size, root));
        assert_eq!(signer().verifier().verify(&note), Ok(checkpoint));
    }

    #[test]
    fn a_changed_checkpoint_is_refused() {
        let (size, root) = head();
        let note = signer().sign(size, root);
        let verifier = signer().verifier();
        let changed = note.replace("1938004", "1938005");
        assert_eq!(verifier.verify(&changed), Err(CheckpointError::BadSignature { name: ORIGIN.into() }));
        let other = CheckpointSigner::from_seed(ORIGIN, &[43; 32]).sign(size, root);
        assert_eq!(verifier.verify(&other), Err(CheckpointError::NotSigned { name: ORIGIN.into() }));
        let without = note.split("\n\n").next().unwrap();
        for malformed in [without, "", "\n\n", note.trim_end(), &note.replace("1938004", "01938004")] {
            assert!(verifier.verify(malformed).is_err(), "{malformed:?} must be refused");
        }
    }

    #[test]
    fn signatures_of_witnesses_are_left_alone() {
        let (size, root) = head();
        let witness = CheckpointSigner::from_seed("witness.example", &[1; 32]);
        let theirs = witness.sign(size, root);
        let line = theirs.rsplit_once("\n\n").unwrap().1;
        let note = format!("{}{line}", signer().sign(size, root));
        assert_eq!(signer().verifier().verify(&note).unwrap().size, size);
    }

    #[test]
    fn keys_survive_their_text() {
        let verifier = signer().verifier();
        assert_eq!(verifier.to_string().parse(), Ok(verifier.clone()));
        let read = CheckpointSigner::from_pem(ORIGIN, &signer().to_pem()).unwrap();
        assert_eq!(read.verifier(), verifier);
        let other_id = verifier.to_string().replacen('+', "+0", 1);
        assert_eq!(other_id.parse::<CheckpointVerifier>(), Err(CheckpointError::BadKey));
    }
}
