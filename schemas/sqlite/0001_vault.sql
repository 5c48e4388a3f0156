-- Records of persons and clients on SQLite, format 1, each sealed with its own key of keys.db.
-- XChaCha20-Poly1305; associated data: "coledger/vault/v1", the 16 bytes of the subject, and the
-- version as eight big-endian bytes.

CREATE TABLE records (
    subject BLOB NOT NULL PRIMARY KEY CHECK (length(subject) = 16),
    version INTEGER NOT NULL,
    nonce BLOB NOT NULL CHECK (length(nonce) = 24),
    sealed BLOB NOT NULL
) STRICT;
