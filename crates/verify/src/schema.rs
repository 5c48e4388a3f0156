//! Tables, indexes and triggers as published, compared with those in the file.
//!
//! A trigger that was dropped and put back leaves no trace; one that is missing or reads otherwise
//! means that the database no longer refuses what it should.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::finding::Finding;
use crate::report::Findings;

/// The schema of format 1.
const PUBLISHED: &str = include_str!("../../../schemas/sqlite/0001_log.sql");

/// By kind and name: the SQL, none for indexes that SQLite made itself.
type Schema = BTreeMap<(String, String), Option<String>>;

/// Compares the schema of an open log with the published one.
pub(crate) fn check(connection: &Connection, findings: &mut Findings) -> rusqlite::Result<()> {
    let published = {
        let memory = Connection::open_in_memory()?;
        memory.execute_batch(PUBLISHED)?;
        read(&memory)?
    };
    let found = read(connection)?;
    for ((kind, name), sql) in &published {
        let (kind, name) = (kind.clone(), name.clone());
        match found.get(&(kind.clone(), name.clone())) {
            None => findings.add(Finding::SchemaMissing { kind, name }),
            Some(found) if found != sql => findings.add(Finding::SchemaChanged { kind, name }),
            Some(_) => {}
        }
    }
    for (kind, name) in found.into_keys().filter(|key| !published.contains_key(key)) {
        findings.add(Finding::SchemaExtra { kind, name });
    }
    Ok(())
}

fn read(connection: &Connection) -> rusqlite::Result<Schema> {
    connection
        // Statistics of the query planner say nothing about the log.
        .prepare(
            "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'",
        )?
        .query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?
        .collect()
}
