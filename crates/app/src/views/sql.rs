//! Tables of read models as SQLite statements.

use projections::port::{Column, ColumnKind, Index, Shape, Table};

/// The statement that creates a table.
pub(super) fn create_table(table: &Table) -> String {
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    let key = key(table);
    let names: Vec<&str> = table.columns[..key].iter().map(|column| column.name).collect();
    // A single integer key is the row's own number; every other key clusters the table.
    let clustered = if is_row_number(table) { "" } else { ", WITHOUT ROWID" };
    format!(
        "CREATE TABLE {} ({}, PRIMARY KEY ({})) STRICT{clustered}",
        table.name,
        columns.join(", "),
        names.join(", ")
    )
}

/// The statements that create a table's indexes, those which a kill left over included.
pub(super) fn create_indexes(table: &'static Table) -> impl Iterator<Item = String> {
    table.indexes.iter().map(|Index { name, columns, unless_null }| {
        let only = unless_null.map_or(String::new(), |column| format!(" WHERE {column} IS NOT NULL"));
        format!("CREATE INDEX IF NOT EXISTS {name} ON {} ({}){only}", table.name, columns.join(", "))
    })
}

/// The statement that inserts so many lines, or adds to so many totals.
pub(super) fn write_rows(table: &Table, n_rows: usize) -> String {
    let row = format!("({})", vec!["?"; table.columns.len()].join(", "));
    let insert = format!("INSERT INTO {} VALUES {}", table.name, vec![row; n_rows].join(", "));
    match table.shape {
        Shape::Lines { .. } => insert,
        Shape::Totals { key } => {
            let names = |columns: &[Column]| columns.iter().map(|c| c.name).collect::<Vec<_>>().join(", ");
            let sums: Vec<String> = table.columns[key..]
                .iter()
                .map(|column| format!("{0} = {1}.{0} + excluded.{0}", column.name, table.name))
                .collect();
            format!(
                "{insert} ON CONFLICT ({}) DO UPDATE SET {}",
                names(&table.columns[..key]),
                sums.join(", ")
            )
        }
    }
}

/// All tables and indexes as one text: rows of another shape belong to another generation.
pub(super) fn fingerprint(tables: &[&'static Table]) -> String {
    let mut text = String::new();
    for table in tables {
        text.push_str(&create_table(table));
        text.extend(create_indexes(table));
    }
    text
}

/// How many columns form the key.
pub(super) fn key(table: &Table) -> usize {
    match table.shape {
        Shape::Lines { key } | Shape::Totals { key } => key,
    }
}

fn is_row_number(table: &Table) -> bool {
    key(table) == 1 && table.columns[0].kind == ColumnKind::Integer
}

fn column(column: &Column) -> String {
    let kind = match column.kind {
        ColumnKind::Integer => "INTEGER",
        ColumnKind::Text => "TEXT",
        ColumnKind::Id => "BLOB",
    };
    format!("{} {kind}", column.name)
}
