//! The form for scripts: what the schema says is what is printed.

use crate::reviews::{DAY, judged};
use crate::support::{root, updating};
use crate::{hostile, reviews};
use proptest::prelude::*;
use serde_json::Value;
use telemetree::diff::acknowledge::Judged;
use telemetree::report::diff::{json, schema};

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&schema()).unwrap()
}

fn check(validator: &jsonschema::Validator, text: &str) -> Value {
    let document: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|one| format!("{} {one}", one.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    document
}

#[test]
fn the_published_schema_is_what_is_printed() {
    let path = root().join("schema/diff.schema.json");
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if updating() {
        std::fs::write(&path, &text).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(published, text, "run `UPDATE_GOLDEN=1 cargo test --test diff_forms`");
}

#[test]
fn every_difference_is_as_the_schema_says() {
    let validator = validator();
    for (name, review) in reviews::all() {
        let document = check(&validator, &json(&judged(&review), &reviews::heading()));
        let groups = document["groups"].as_array().unwrap();
        assert_eq!(groups.len(), review.groups.len(), "{name}");
        let changes = groups.iter().flat_map(|group| group["changes"].as_array().unwrap());
        let places: usize = changes.map(|change| change["places"].as_array().unwrap().len()).sum();
        assert_eq!(document["places"], places, "{name}");
        let counts = document["counts"].as_object().unwrap().values();
        assert_eq!(counts.map(|count| count.as_u64().unwrap()).sum::<u64>(), places as u64);
    }
}

#[test]
fn no_key_may_be_missing_and_none_be_added() {
    let validator = validator();
    let whole: Value =
        serde_json::from_str(&json(&judged(&reviews::alloy()), &reviews::heading())).unwrap();
    let mut checked = 0;
    for pointer in [
        "",
        "/counts",
        "/groups/0",
        "/groups/0/causes/0",
        "/groups/0/changes/0",
        "/groups/0/changes/0/risks/0",
        "/groups/0/changes/0/places/0",
        "/groups/0/changes/0/whyAfter",
    ] {
        for key in whole.pointer(pointer).unwrap().as_object().unwrap().keys() {
            let mut less = whole.clone();
            let _ = less.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(key);
            assert!(!validator.is_valid(&less), "{pointer}/{key} may be missing");
            checked += 1;
        }
        let mut more = whole.clone();
        more.pointer_mut(pointer).unwrap()["other"] = Value::Null;
        assert!(!validator.is_valid(&more), "{pointer} may have more");
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn a_difference_for_scripts_is_complete() {
    insta::assert_snapshot!(
        "json-retention",
        json(&judged(&reviews::retention()), &reviews::heading())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn whatever_stands_in_a_value_it_is_json(
        (review, all) in hostile::acknowledged(),
        heading in hostile::heading(),
    ) {
        let document = check(&validator(), &json(&Judged::of(&review, &all, DAY), &heading));
        let first = review.groups.first().map(|group| group.changes[0].before.clone().into());
        let printed = document.pointer("/groups/0/changes/0/before").cloned();
        prop_assert_eq!(printed, first, "values are as they are");
    }
}
