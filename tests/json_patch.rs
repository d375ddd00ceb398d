//! JSON Patch as RFC 6902 has it. `tests/json_patch/cases.json` holds our own cases: every example of
//! the RFC's Appendix A but A.13, and the places where implementations are known to differ.
//!
//! The public suite runs besides: check out <https://github.com/json-patch/json-patch-tests> and name
//! its folder in `TELEMETREE_JSON_PATCH_TESTS`.

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

use serde_json::Value;
use std::path::Path;
use telemetree::node::Node;
use telemetree::origin::Origin;
use telemetree::overlay;

/// What the patch makes of the document, or why it makes nothing.
fn patched(document: &Value, patch: &Value) -> Result<Value, String> {
    let node = |value: &Value| Node::from_json(value.clone(), &Origin::Structure);
    match overlay::patched(node(document), &node(patch)) {
        Ok(made) => Ok(made.expect("operations never delete the whole").to_json()),
        Err(diagnostic) => Err(diagnostic.message),
    }
}

#[test]
fn operations_do_what_the_rfc_says() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("json_patch/cases.json")).unwrap();
    assert!(cases.len() > 100, "the cases are there");
    for case in &cases {
        let about = case["about"].as_str().unwrap();
        let made = patched(&case["document"], &case["patch"]);
        match (case.get("result"), case.get("refused").map(|reason| reason.as_str().unwrap())) {
            (Some(result), None) => assert_eq!(made.as_ref(), Ok(result), "{about}"),
            (None, Some(reason)) => {
                let message = made.expect_err(about);
                assert!(message.contains(reason), "{about}: {message}");
            }
            _ => panic!("{about}: a case has a result, or is refused"),
        }
    }
}

#[test]
fn an_operation_says_everything_once() {
    // A.13. The values that operations are made of have no member twice; the reader of YAML sees to it.
    let text = "[{op: add, path: /baz, value: qux, op: remove}]";
    let mut sources = telemetree::source::Sources::default();
    let parsed = telemetree::syntax::parse(sources.add("patch", text), text);
    let messages: Vec<&str> = parsed.found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages, ["`op` stands twice"]);
}

/// Every case of the suite can be said in our input, so none is left out but those that it disables.
#[test]
fn the_public_suite_agrees() {
    let Some(folder) = std::env::var_os("TELEMETREE_JSON_PATCH_TESTS") else {
        println!("skipped: TELEMETREE_JSON_PATCH_TESTS names no folder");
        return;
    };
    let mut wrong = Vec::new();
    for file in ["spec_tests.json", "tests.json"] {
        let text = std::fs::read_to_string(Path::new(&folder).join(file)).unwrap();
        let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
        let (mut ran, mut disabled) = (0, 0);
        for (number, case) in cases.iter().enumerate() {
            let about = case["comment"].as_str().unwrap_or_default();
            // An entry without a patch is a remark.
            if case.get("patch").is_none() || case["disabled"] == Value::Bool(true) {
                disabled += 1;
                continue;
            }
            ran += 1;
            let made = patched(&case["doc"], &case["patch"]);
            let agrees = match (&made, case.get("error")) {
                (Err(_), error) => error.is_some(),
                (Ok(_), Some(_)) => false,
                // A case that only tests may say no result.
                (Ok(made), None) => case.get("expected").is_none_or(|expected| made == expected),
            };
            if !agrees {
                wrong.push(format!("{file} {number} ({about}): {made:?}"));
            }
        }
        println!("{file}: {ran} cases ran, {disabled} are disabled");
        assert!(ran > 0, "{file} holds no case");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
