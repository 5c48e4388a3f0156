//! The parameters that a new log begins with, from one reviewed file.
//!
//! The file is data: each value has its validity, its source and whether it was verified. It is
//! published by ordinary commands, so what a log was seeded with stands in the log.

use domain::Day;
use domain::parameters::{CodeList, Parameter, Value};
use domain::statutes::{Source, StatutesCommand};
use domain::text::Code;
use serde::Deserialize;

const PARAMETERS: &str = include_str!("../parameters.toml");

/// The seed file is not what this program can publish.
#[derive(Debug, thiserror::Error)]
#[error("the seed of parameters cannot be read")]
pub struct SeedError(#[from] toml::de::Error);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    parameter: Vec<Seeded>,
    #[serde(default)]
    list: Vec<SeededList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seeded {
    name: Parameter,
    value: Value,
    valid_from: Day,
    valid_to: Option<Day>,
    source: Source,
    verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeededList {
    name: CodeList,
    codes: Vec<Code>,
    valid_from: Day,
    source: Source,
}

/// The commands that publish the reviewed parameters and codes, in the order of the file.
pub fn reviewed_parameters() -> Result<Vec<StatutesCommand>, SeedError> {
    parameters_of(PARAMETERS)
}

fn parameters_of(text: &str) -> Result<Vec<StatutesCommand>, SeedError> {
    let seed: Seed = toml::from_str(text)?;
    let publish = |seeded: Seeded| StatutesCommand::PublishParameter {
        name: seeded.name,
        value: seeded.value,
        valid_from: seeded.valid_from,
        valid_to: seeded.valid_to,
        source: seeded.source,
        verified: seeded.verified,
    };
    let publish_codes = |list: SeededList| {
        let SeededList { name, codes, valid_from, source } = list;
        let of_list = codes.into_iter().map(move |code| StatutesCommand::PublishCode {
            list: name,
            code,
            valid_from,
            valid_to: None,
            source: source.clone(),
        });
        of_list.collect::<Vec<_>>()
    };
    let codes = seed.list.into_iter().flat_map(publish_codes);
    Ok(seed.parameter.into_iter().map(publish).chain(codes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_parameter_has_a_reviewed_value() {
        let seeded: BTreeSet<Parameter> = reviewed_parameters()
            .unwrap()
            .into_iter()
            .filter_map(|command| match command {
                StatutesCommand::PublishParameter { name, .. } => Some(name),
                _ => None,
            })
            .collect();
        assert_eq!(seeded, Parameter::ALL.iter().copied().collect());
    }

    #[test]
    fn every_value_is_of_its_parameters_kind() {
        for command in reviewed_parameters().unwrap() {
            let StatutesCommand::PublishParameter { name, value, .. } = command else { continue };
            assert_eq!(value.kind(), name.kind(), "{}", name.name());
        }
    }

    // Which actions are checked is for the board of each cooperative to say.
    #[test]
    fn every_list_has_a_reviewed_code_but_what_is_checked() {
        let lists: BTreeSet<CodeList> = reviewed_parameters()
            .unwrap()
            .into_iter()
            .filter_map(|command| match command {
                StatutesCommand::PublishCode { list, .. } => Some(list),
                _ => None,
            })
            .collect();
        let open = [CodeList::CheckedBefore, CodeList::CheckedAfter];
        let expected = CodeList::ALL.iter().copied().filter(|list| !open.contains(list));
        assert_eq!(lists, expected.collect());
    }

    #[test]
    fn an_unknown_parameter_is_named() {
        let text = "[[parameter]]\nname = \"share.price\"\nvalue = { count = 1 }\nvalid_from = \"2025-01-01\"\nsource = \"x\"\nverified = false\n";
        let error = parameters_of(text).err().unwrap();
        let said = std::error::Error::source(&error).unwrap().to_string();
        assert!(said.contains("share.price"), "{said}");
    }
}
