//! What holds for every input: text survives YAML and Alloy, order does not matter, trees re-parse.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::struct_excessive_bools,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use proptest::prelude::*;
use serde_json::Value;
use support::{cases, compile};
use telemetree::node::{Data, Node, map};
use telemetree::origin::Origin;
use telemetree::river::{self, Block, Statement};
use telemetree::source::Sources;
use telemetree::syntax::{self, Item, Kind};

fn text(value: &str) -> Node {
    Node { data: Data::from(value.to_owned()), origin: Origin::Structure }
}

/// Our reader's view of a document.
fn read(yaml: &str) -> Result<Value, String> {
    let mut sources = Sources::default();
    let parsed = syntax::parse(sources.add("test", yaml), yaml);
    if let Some(finding) = parsed.found.first() {
        return Err(finding.message.clone());
    }
    Ok(value(&parsed.document.ok_or("no document")?))
}

fn value(item: &Item) -> Value {
    match &item.kind {
        Kind::Null | Kind::Reported => Value::Null,
        Kind::Bool(value) => Value::from(*value),
        Kind::Int(value) => Value::from(*value),
        Kind::Float(value) => Value::from(*value),
        Kind::Text(text) => Value::from(text.as_str()),
        Kind::List(items) => items.iter().map(value).collect(),
        Kind::Map(members) => Value::Object(
            members.iter().map(|member| (member.key.clone(), value(&member.value))).collect(),
        ),
    }
}

/// Text with everything that YAML gives a meaning to.
fn nasty() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "yes",
        "no",
        "on",
        "off",
        "y",
        "N",
        "true",
        "null",
        "~",
        "0777",
        "1_000",
        "0x1F",
        "1e3",
        "12",
        "12:30:45",
        "2024-01-01",
        "=",
        "<<",
        ".inf",
        "- a",
        "a: b",
        "a #b",
        "#",
        "'",
        "\"",
        "\\",
        "\t",
        "\n",
        "\r",
        " ",
        "|",
        ">",
        "&a",
        "*a",
        "!t",
        "%",
        "@",
        "`",
        "{",
        "}",
        "[",
        "]",
        ",",
        "?",
        ":",
        "-",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\u{7f}",
        "é",
        "😀",
        "{{",
        "${x}",
        "//",
        "/*",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(words, 0..6).prop_map(|words| words.concat()),
        "[ -~\n\t]{0,40}",
    ]
}

/// At least 2,000 cases; more with `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { failure_persistence: None, cases: usual.cases.max(2000), ..usual }
}

/// A golden spec with a piece of it replaced by other text.
fn damaged() -> impl Strategy<Value = String> {
    let specs: Vec<String> = cases().into_iter().map(|case| case.spec).collect();
    let spec = prop::sample::select(specs);
    (spec, any::<prop::sample::Index>(), 0_usize..20, nasty()).prop_map(|(spec, at, gone, text)| {
        let chars: Vec<char> = spec.chars().collect();
        let at = at.index(chars.len());
        let rest = chars.iter().skip(at + gone);
        chars.iter().take(at).copied().chain(text.chars()).chain(rest.copied()).collect()
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text_survives_yaml_as_key_and_value(key in nasty(), content in nasty()) {
        let node = map([(key.clone(), map([("inner".to_owned(), text(&content))]))]);
        let yaml = syntax::emit(&node);
        let wanted = serde_json::json!({key: {"inner": content}});
        prop_assert_eq!(read(&yaml), Ok(wanted.clone()), "our reader, of:\n{}", yaml);
        let oracle: Value = serde_yaml::from_str(&yaml).expect("libyaml reads it");
        prop_assert_eq!(oracle, wanted, "libyaml, of:\n{}", yaml);
    }

    #[test]
    fn any_text_in_a_list_survives_yaml(items in prop::collection::vec(nasty(), 1..5)) {
        let node = telemetree::node::list(items.iter().map(|item| text(item)));
        let yaml = syntax::emit(&map([("list", node)]));
        prop_assert_eq!(read(&yaml), Ok(serde_json::json!({"list": items})), "{}", yaml);
    }

    #[test]
    fn no_text_can_leave_an_alloy_string(content in nasty()) {
        let block = Block::new("local.file", "x").set("filename", text(&content));
        let printed = river::print(&[Statement::Block(block)]);
        let lines: Vec<&str> = printed.lines().collect();
        prop_assert_eq!(lines.len(), 3, "{}", printed);
        let string = lines[1].trim_start().strip_prefix("filename = ").unwrap();
        prop_assert_eq!(unescape(string), Some(content), "{}", printed);
    }

    #[test]
    fn no_damage_to_a_spec_makes_it_panic(spec in damaged()) {
        let compiled = telemetree::compile::compile("damaged", &spec);
        let _ = support::report(&compiled);
        prop_assert_eq!(compiled.output.is_none(), !compiled.diagnostics.is_empty());
    }

    #[test]
    fn no_input_makes_the_front_end_panic(input in any::<String>(), tail in nasty()) {
        let _ = telemetree::compile::compile("fuzz", &input);
        let head = "apiVersion: telemetree/v1\nkind: Workload\nspec:\n  ";
        let _ = telemetree::compile::compile("fuzz", &format!("{head}{tail}"));
    }
}

/// Reads an Alloy string literal by the rules of the language's scanner.
fn unescape(literal: &str) -> Option<String> {
    let mut chars = literal.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => match chars.next()? {
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                c @ ('"' | '\\') => text.push(c),
                'u' => {
                    let code: String = chars.by_ref().take(4).collect();
                    text.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
                }
                _ => return None,
            },
            c => text.push(c),
        }
    }
    Some(text)
}

#[test]
fn every_yaml_file_of_every_golden_is_read_alike_by_two_readers() {
    for case in cases() {
        for (path, text) in compile(&case.name, &case.spec) {
            if !path.ends_with(".yaml") {
                continue;
            }
            // Ours reports every scalar that YAML 1.1 and 1.2 read differently.
            let ours = read(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            let libyaml: Value = serde_yaml::from_str(&text).unwrap();
            assert_eq!(ours, libyaml, "{path}");
        }
    }
}

#[test]
fn the_config_map_carries_the_bytes_of_the_file() {
    for case in cases() {
        let files = compile(&case.name, &case.spec);
        for (path, config) in files.iter().filter(|(path, _)| path.ends_with("/config.alloy")) {
            let object =
                files[&path.replace("config.alloy", "configmap-alloy-config.yaml")].as_str();
            let object: Value = serde_yaml::from_str(object).unwrap();
            assert_eq!(object["data"]["config.alloy"], config.as_str(), "{path}");
        }
    }
}

/// The document as JSON, which is YAML, with the members of every map in reverse.
fn json_in_reverse(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            out.push('{');
            for (position, (key, inner)) in members.iter().rev().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                json_in_reverse(inner, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (position, inner) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                json_in_reverse(inner, out);
            }
            out.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.push_str(&value.to_string());
        }
    }
}

#[test]
fn the_order_of_keys_and_the_style_of_the_spec_change_nothing() {
    for case in cases() {
        let document: Value = serde_yaml::from_str(&case.spec).unwrap();
        let mut other = String::new();
        json_in_reverse(&document, &mut other);
        let (first, second) = (compile(&case.name, &case.spec), compile(&case.name, &other));
        for (path, text) in first.iter().filter(|(path, _)| !path.ends_with(".telemetree.json")) {
            assert_eq!(Some(text), second.get(path), "{path}");
        }
    }
}

#[test]
fn compiling_twice_gives_the_same_bytes() {
    for case in cases() {
        assert_eq!(compile(&case.name, &case.spec), compile(&case.name, &case.spec));
    }
}
