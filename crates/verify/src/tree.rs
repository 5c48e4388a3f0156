//! The Merkle tree of RFC 6962 section 2.1, grown leaf by leaf.
//!
//! Kept are the roots of the complete subtrees, largest first: one per bit set in the size.

use sha2::{Digest as _, Sha256};

/// A tree that can grow and state its root.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    size: u64,
    subtrees: Vec<[u8; 32]>,
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0x01]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

impl Tree {
    /// Number of leaves.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf hash.
    pub(crate) fn push(&mut self, leaf: [u8; 32]) {
        let mut subtree = leaf;
        let mut rest = self.size;
        while rest & 1 == 1 {
            let left = self.subtrees.pop().expect("one subtree per bit set in the size");
            subtree = node(&left, &subtree);
            rest >>= 1;
        }
        self.subtrees.push(subtree);
        self.size += 1;
    }

    /// The root; of no leaves the SHA-256 of nothing.
    pub(crate) fn root(&self) -> [u8; 32] {
        match self.subtrees.split_last() {
            None => Sha256::digest([]).into(),
            Some((last, before)) => before.iter().rfold(*last, |right, left| node(left, &right)),
        }
    }

    /// The size in eight bytes, then the subtrees: what `log_head.compact_range` must hold.
    pub(crate) fn compact_range(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        self.subtrees.iter().for_each(|subtree| bytes.extend_from_slice(subtree));
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of RFC 6962, word for word, and slow.
    fn merkle_tree_hash(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            _ => {
                let k = 1 << (leaves.len() - 1).ilog2();
                let (left, right) = leaves.split_at(k);
                node(&merkle_tree_hash(left), &merkle_tree_hash(right))
            }
        }
    }

    #[test]
    fn a_grown_tree_has_the_root_that_the_rfc_defines() {
        let leaves: Vec<[u8; 32]> = (0..=130_u8).map(|n| [n; 32]).collect();
        let mut tree = Tree::default();
        for n in 0..leaves.len() {
            assert_eq!(tree.root(), merkle_tree_hash(&leaves[..n]), "of {n} leaves");
            assert_eq!(tree.compact_range().len(), 8 + 32 * n.count_ones() as usize);
            tree.push(leaves[n]);
        }
    }
}
