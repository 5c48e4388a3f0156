//! Nothing, on purpose: stands in for `sqlx-sqlite` 0.8.6 so that only one SQLite is linked.
//!
//! `docs/adr/0003-sqlite-version-and-stub.md` says why; goes when postgres-es moves to sqlx 0.9.
