//! The Merkle tree of RFC 6962, kept as a compact range.
//!
//! Of a tree of n leaves only the roots of its largest complete subtrees are kept, one per bit set
//! in n and so at most 64 hashes: enough to append a leaf and to state the root, and small enough
//! to stand in one row beside it. Leaves are hashed as `SHA-256(0x00 ‖ bytes)`, inner nodes as
//! `SHA-256(0x01 ‖ left ‖ right)`, so that no node can pass for a leaf.
//! Left out: inclusion and consistency proofs, which need the leaves.
//! Source: RFC 6962 section 2.1.

use domain::evidence::Digest;
use sha2::{Digest as _, Sha256};

/// A Merkle tree that can grow and state its root, but not prove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompactRange {
    size: u64,
    /// Roots of complete subtrees, largest first: one per bit set in `size`.
    peaks: Vec<Digest>,
}

/// Why bytes are no compact range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tree of {size} leaves is kept in {expected} bytes, found {found}")]
pub struct CompactRangeError {
    /// Leaves that the bytes claim, 0 when they are too short to say.
    pub size: u64,
    /// Length that such a tree has.
    pub expected: usize,
    /// Length found.
    pub found: usize,
}

/// The hash of a leaf with these bytes.
pub fn leaf_hash(bytes: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(bytes);
    Digest(hash.finalize().into())
}

/// The hash of an inner node over its two children.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(&left.0);
    bytes[33..].copy_from_slice(&right.0);
    Digest(Sha256::digest(bytes).into())
}

impl CompactRange {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends the hash of a leaf, as [`leaf_hash`] makes it.
    pub fn push(&mut self, leaf: Digest) {
        let mut node = leaf;
        // Each complete subtree of the same height on its left joins it: the carry of a binary sum.
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("a peak stands for every bit set in the size");
            node = node_hash(&left, &node);
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root; that of the empty tree is the SHA-256 of nothing.
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => Digest(Sha256::digest([]).into()),
            Some(smallest) => peaks.fold(*smallest, |right, left| node_hash(left, &right)),
        }
    }

    /// The size as eight big-endian bytes, then the peaks, largest subtree first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 32 * self.peaks.len());
        bytes.extend_from_slice(&self.size.to_be_bytes());
        for peak in &self.peaks {
            bytes.extend_from_slice(&peak.0);
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; the length must fit the size exactly.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CompactRangeError> {
        let Some((size, rest)) = bytes.split_first_chunk::<8>() else {
            return Err(CompactRangeError { size: 0, expected: 8, found: bytes.len() });
        };
        let size = u64::from_be_bytes(*size);
        let (peaks, left_over) = rest.as_chunks::<32>();
        if peaks.len() != size.count_ones() as usize || !left_over.is_empty() {
            let expected = 8 + 32 * size.count_ones() as usize;
            return Err(CompactRangeError { size, expected, found: bytes.len() });
        }
        Ok(Self { size, peaks: peaks.iter().map(|peak| Digest(*peak)).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;

    fn tree_of(leaves: &[Vec<u8>]) -> CompactRange {
        let mut tree = CompactRange::new();
        for leaf in leaves {
            tree.push(leaf_hash(leaf));
        }
        tree
    }

    #[test]
    fn the_empty_tree_has_the_root_that_rfc_6962_states() {
        assert_eq!(
            CompactRange::new().root().to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn known_leaves_have_the_roots_that_certificate_transparency_publishes() {
        // Source: google/certificate-transparency, merkle_tree_test.cc, and the Go port of it.
        let leaves: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = CompactRange::new();
        for (leaf, root) in leaves.iter().zip(roots) {
            tree.push(leaf_hash(leaf));
            assert_eq!(tree.root().to_string(), root, "after {} leaves", tree.size());
        }
    }

    #[test]
    fn bytes_of_another_length_are_no_tree() {
        let bytes = tree_of(&vec![b"leaf".to_vec(); 5]).to_bytes();
        assert!(CompactRange::from_bytes(&bytes).is_ok());
        assert!(CompactRange::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        assert!(CompactRange::from_bytes(&[bytes.as_slice(), &[0; 32]].concat()).is_err());
        assert!(CompactRange::from_bytes(&[]).is_err());
    }

    proptest! {
        #[test]
        fn the_root_is_the_one_an_independent_tree_computes(
            leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..300),
        ) {
            let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
            leaves.iter().for_each(|leaf| oracle.push(leaf.clone()));
            let root: [u8; 32] = (*oracle.root().as_bytes()).into();
            prop_assert_eq!(tree_of(&leaves).root(), Digest(root));
        }

        #[test]
        fn a_tree_read_back_grows_into_the_same_tree(
            before in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 0..70),
            after in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 0..70),
        ) {
            let mut grown = CompactRange::from_bytes(&tree_of(&before).to_bytes()).unwrap();
            after.iter().for_each(|leaf| grown.push(leaf_hash(leaf)));
            prop_assert_eq!(grown, tree_of(&[before, after].concat()));
        }
    }
}
