//! What the vault promises: unreadable without its keys, and gone when erased.

mod fixtures;

use std::fs;
use std::path::Path;

use fixtures::Counting;
use rusqlite::Connection;
use store::{Lookup, OsRandomness, PersonRecord, Vault, VaultError};
use tempfile::tempdir;
use uuid::Uuid;

const ALICE: Uuid = Uuid::from_u128(0xA11CE);
const BOB: Uuid = Uuid::from_u128(0xB0B);

fn alice() -> PersonRecord {
    PersonRecord {
        name: "Alice Peeters-Dubois".into(),
        address: "Koningsstraat 1, 1000 Brussel".into(),
        national_number: Some("85073003328".into()),
        iban: Some("BE68539007547034".into()),
    }
}

fn bob() -> PersonRecord {
    PersonRecord { name: "Bob".into(), address: "Luik".into(), national_number: None, iban: None }
}

fn open(dir: &Path) -> Vault {
    Vault::open(dir, Box::new(OsRandomness)).unwrap()
}

/// Every byte of every file whose name begins so.
fn bytes_of(dir: &Path, prefix: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            bytes.extend(fs::read(entry.path()).unwrap());
        }
    }
    bytes
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn a_record_is_found_again_after_reopening() {
    let dir = tempdir().unwrap();
    let mut vault = open(dir.path());
    vault.put(ALICE, &alice()).unwrap();
    vault.put_all([(BOB, &alice()), (BOB, &bob())]).unwrap();
    drop(vault);
    let vault = open(dir.path());
    assert_eq!(vault.get(ALICE).unwrap(), Lookup::Known(alice()));
    assert_eq!(vault.get(BOB).unwrap(), Lookup::Known(bob()), "the later record prevails");
    assert_eq!(vault.get(Uuid::from_u128(1)).unwrap(), Lookup::Unknown);
}

#[test]
fn the_files_do_not_show_who_is_in_them() {
    let dir = tempdir().unwrap();
    let mut vault = open(dir.path());
    vault.put(ALICE, &alice()).unwrap();
    let bytes = [bytes_of(dir.path(), "vault.db"), bytes_of(dir.path(), "keys.db")].concat();
    assert!(holds(&bytes, ALICE.as_bytes()), "the ids are there, so the right bytes are searched");
    for secret in ["Alice", "Peeters", "Koningsstraat", "85073003328", "BE68539007547034"] {
        assert!(!holds(&bytes, secret.as_bytes()), "{secret}");
    }
    assert_eq!(format!("{:?}", alice()), "PersonRecord(withheld)");
}

#[test]
fn an_erased_person_is_gone_from_record_and_key_and_stays_erased() {
    let dir = tempdir().unwrap();
    let mut vault = Vault::open(dir.path(), Box::new(Counting(0))).unwrap();
    vault.put_all([(ALICE, &alice()), (BOB, &bob())]).unwrap();
    let key: Vec<u8> = (1..=32).collect();
    assert!(holds(&bytes_of(dir.path(), "keys.db"), &key), "the first key counts from one");

    assert!(vault.erase(ALICE).unwrap());
    assert_eq!(vault.get(ALICE).unwrap(), Lookup::Erased);
    assert_eq!(vault.get(BOB).unwrap(), Lookup::Known(bob()), "nobody else is touched");
    assert!(!holds(&bytes_of(dir.path(), "keys.db"), &key), "no trace of the key is left");
    assert!(!holds(&bytes_of(dir.path(), "vault.db"), ALICE.as_bytes()), "nor of the record");

    assert!(!vault.erase(ALICE).unwrap(), "there is nothing left to destroy");
    assert!(!vault.erase(Uuid::from_u128(1)).unwrap());
    assert!(matches!(vault.put(ALICE, &alice()), Err(VaultError::Erased { subject: ALICE })));
    assert_eq!(vault.salted_digest(ALICE).unwrap(), None);
}

#[test]
fn records_from_a_backup_do_not_bring_an_erased_person_back() {
    let dir = tempdir().unwrap();
    let mut vault = open(dir.path());
    vault.put(ALICE, &alice()).unwrap();
    vault.erase(BOB).unwrap();
    let backup = fs::read(dir.path().join("vault.db")).unwrap();
    vault.erase(ALICE).unwrap();
    drop(vault);
    fs::write(dir.path().join("vault.db"), backup).unwrap();
    assert_eq!(open(dir.path()).get(ALICE).unwrap(), Lookup::Erased);
}

#[test]
fn a_record_does_not_open_with_the_key_of_another_vault() {
    let (one, other) = (tempdir().unwrap(), tempdir().unwrap());
    let mut vault = open(one.path());
    vault.put(ALICE, &alice()).unwrap();
    drop(vault);
    let mut stranger = open(other.path());
    stranger.put(ALICE, &bob()).unwrap();
    drop(stranger);
    fs::copy(other.path().join("keys.db"), one.path().join("keys.db")).unwrap();
    assert!(matches!(open(one.path()).get(ALICE), Err(VaultError::DoesNotOpen { subject: ALICE })));
}

#[test]
fn a_record_put_under_another_person_or_version_does_not_open() {
    for tampering in [
        "UPDATE records SET version = version + 1",
        "UPDATE records SET sealed = (SELECT sealed FROM records WHERE subject = x'00000000000000000000000000000b0b'),
                            nonce = (SELECT nonce FROM records WHERE subject = x'00000000000000000000000000000b0b')",
    ] {
        let dir = tempdir().unwrap();
        let mut vault = open(dir.path());
        vault.put_all([(ALICE, &alice()), (BOB, &bob())]).unwrap();
        Connection::open(dir.path().join("vault.db")).unwrap().execute_batch(tampering).unwrap();
        assert!(matches!(vault.get(ALICE), Err(VaultError::DoesNotOpen { .. })), "{tampering}");
    }
}

#[test]
fn the_digest_of_a_record_is_salted_per_person() {
    let dir = tempdir().unwrap();
    let mut vault = open(dir.path());
    vault.put_all([(ALICE, &alice()), (BOB, &alice())]).unwrap();
    let digest = vault.salted_digest(ALICE).unwrap();
    assert!(digest.is_some());
    assert_eq!(vault.salted_digest(ALICE).unwrap(), digest);
    assert_ne!(vault.salted_digest(BOB).unwrap(), digest, "same record, other person");
    vault.put(ALICE, &bob()).unwrap();
    assert_ne!(vault.salted_digest(ALICE).unwrap(), digest, "same person, other record");
}

#[cfg(unix)]
#[test]
fn the_files_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempdir().unwrap();
    let mut vault = open(dir.path());
    vault.put(ALICE, &alice()).unwrap();
    for entry in fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.file_name());
    }
}
