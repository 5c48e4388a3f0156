//! Randomness from outside, and the secret that keys a log's request digests.
//!
//! A request digest is an HMAC-SHA-256 over actor and content: it recognises a repeated command,
//! and tells nobody without the secret what was asked. It stands in the log; the secret does not.

use std::path::Path;

use domain::evidence::Digest;
use domain::text::Actor;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::error::StoreError;
use crate::files;

/// Where keys and nonces come from; given from outside, so that a test can repeat itself.
pub trait Randomness {
    /// Fills the bytes; those of a real vault or log must be unpredictable.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandomness;

impl Randomness for OsRandomness {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}

/// The secret of one log's request digests.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct RequestSecret([u8; 32]);

impl RequestSecret {
    /// Reads the file, or makes it when it is not there.
    pub(crate) fn load_or_make(path: &Path, randomness: &mut dyn Randomness) -> Result<Self, StoreError> {
        if let Some(found) = Self::load(path)? {
            return Ok(found);
        }
        let mut secret = Self([0; 32]);
        randomness.fill(&mut secret.0);
        let text = Zeroizing::new(format!("{}\n", Digest(secret.0)));
        files::write_secret(path, &text)?;
        Ok(secret)
    }

    /// Reads the file; `None` when there is none.
    pub(crate) fn load(path: &Path) -> Result<Option<Self>, StoreError> {
        let Some(text) = files::read_secret(path)? else { return Ok(None) };
        let Digest(bytes) = text.trim_end().parse().map_err(|_| StoreError::BadKeyFile {
            path: path.to_owned(),
            what: "request secret of 64 hexadecimal digits",
        })?;
        Ok(Some(Self(bytes)))
    }

    /// HMAC over the actor's length as four bytes, the actor and the content.
    pub(crate) fn digest(&self, actor: &Actor, content: &[u8]) -> Digest {
        let actor = actor.as_str().as_bytes();
        let length = u32::try_from(actor.len()).expect("an actor is a short word");
        hmac(&self.0, &[&length.to_be_bytes(), actor, content])
    }
}

/// HMAC-SHA-256 over the parts, one after another.
pub(crate) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> Digest {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    parts.iter().for_each(|part| mac.update(part));
    Digest(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_hmac_sha_256_as_rfc_4231_states_it() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            hmac(&key, &[b"what do ya want ", b"for nothing?"]).to_string(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn another_actor_or_content_has_another_digest() {
        let secret = RequestSecret([7; 32]);
        let digest = |actor: &str, content: &[u8]| secret.digest(&actor.parse().unwrap(), content);
        assert_eq!(digest("board", b"{}"), digest("board", b"{}"));
        assert_ne!(digest("board", b"{}"), digest("boar", b"d{}"));
        assert_ne!(digest("board", b"{}"), digest("desk", b"{}"));
        assert_ne!(digest("board", b"{}"), RequestSecret([8; 32]).digest(&"board".parse().unwrap(), b"{}"));
    }
}
