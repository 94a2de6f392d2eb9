//! Reads desired states (YAML documents) from standard input, and prints for each the NetworkManager keyfiles that nmstate
//! makes of it, as `{"keyfiles": {"<file>": "<text>"}}`, or why nmstate refuses it, as `{"error": "<text>"}`.
use nmstate::NetworkState;
use serde_yaml::{Deserializer, Mapping, Value};
use std::io::{read_to_string, stdin};

fn keyfiles(document: Deserializer) -> Result<Value, String> {
    let desired: NetworkState = serde::Deserialize::deserialize(document).map_err(|e: serde_yaml::Error| e.to_string())?;
    let mut files = Mapping::new();
    for (name, text) in desired.gen_conf().map_err(|e| e.to_string())?.remove("NetworkManager").unwrap_or_default() {
        files.insert(name.into(), text.into());
    }
    Ok(files.into())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for document in Deserializer::from_str(&read_to_string(stdin())?) {
        let (key, value) = match keyfiles(document) {
            Ok(files) => ("keyfiles", files),
            Err(error) => ("error", error.into()),
        };
        let answer = Mapping::from_iter([(Value::from(key), value)]);
        println!("---\n{}", serde_yaml::to_string(&answer)?);
    }
    Ok(())
}
