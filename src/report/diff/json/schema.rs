//! The JSON Schema of a difference.

use crate::diff::risk::Class;
use crate::report::diff::classes;
use serde_json::{Map, Value, json};

/// The schema of what `telemetree diff --format json` prints (draft 2020-12).
pub fn schema() -> Value {
    let groups = list("the changes by their causes, the worst first", &reference("group"));
    let mut schema = object(
        "a difference between two versions of the output",
        &[
            ("version", json!({"const": super::VERSION, "description": "the form's version"})),
            ("before", text("the old side, as people know it")),
            ("after", text("the new side")),
            ("compared", number("how many workloads were compared")),
            ("workloads", number("how many of them change")),
            ("clusters", number("how many clusters change")),
            (
                "files",
                number("how many files change; a cluster that comes or goes as a whole has none"),
            ),
            ("places", number("how many places change")),
            ("worst", or_null("the worst class of all", &reference("class"))),
            ("counts", counts()),
            ("groups", groups),
            (
                "unusedAcknowledgements",
                list("those of changes that are not there", &reference("acknowledgement")),
            ),
        ],
    );
    let heads = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Difference",
        "$defs": definitions(),
    });
    if let (Some(schema), Value::Object(heads)) = (schema.as_object_mut(), heads) {
        schema.extend(heads);
    }
    schema
}

fn definitions() -> Value {
    json!({
        "class": {
            "description": "what a change may cost, the worst first",
            "enum": classes().map(Class::as_str).collect::<Vec<_>>(),
        },
        "group": group(),
        "acknowledgement": acknowledgement(),
        "line": object("a line of a text", &[
            ("number", json!({"type": "integer", "minimum": 1, "description": "the first is 1"})),
            ("text", text("without the blanks around it")),
        ]),
        "cause": object("a line that was added, removed, or written anew", &[
            ("file", text("the text's name")),
            ("before", or_null("the line as it was", &reference("line"))),
            ("after", or_null("the line as it is to be", &reference("line"))),
        ]),
        "change": change(),
        "risk": object("a class, and why a change is of it", &[
            ("class", reference("class")),
            ("why", text("a clause in the present tense")),
        ]),
        "place": place(),
        "reason": reason(),
    })
}

fn group() -> Value {
    object(
        "what one cause changes",
        &[
            ("id", text("a name that stays as long as the same lines make the same changes")),
            ("class", reference("class")),
            (
                "standing",
                json!({
                    "description": "whether it is accepted: by nobody; yes; until a day that has passed; only as a milder class",
                    "enum": ["open", "accepted", "ended", "milder"],
                }),
            ),
            (
                "acknowledgement",
                or_null("what this standing comes from", &reference("acknowledgement")),
            ),
            (
                "causes",
                list("the changed lines; none if the cause is not known", &reference("cause")),
            ),
            ("changes", list("the changes, the worst first", &reference("change"))),
        ],
    )
}

fn acknowledgement() -> Value {
    object(
        "what somebody has accepted",
        &[
            ("change", text("the id of the changes")),
            ("class", reference("class")),
            ("why", text("the reason that was given")),
            ("until", text("the last day on which it holds, such as 2026-12-31")),
        ],
    )
}

fn change() -> Value {
    object(
        "one change, wherever it is made; before and after are null if only a position changes",
        &[
            ("class", reference("class")),
            ("before", text_or_null("what stood there: a plain value, YAML, or Alloy")),
            ("after", text_or_null("what is to stand there")),
            ("risks", list("its classes, the worst first", &reference("risk"))),
            ("consequence", text("what who applies the tree will do about the worst of them")),
            ("places", list("where it is made", &reference("place"))),
            (
                "whyBefore",
                or_null(
                    "why the old value was there, at the first of the places",
                    &reference("reason"),
                ),
            ),
            ("whyAfter", or_null("why the new one is", &reference("reason"))),
        ],
    )
}

fn place() -> Value {
    object(
        "a place in the output",
        &[
            ("workload", text("the workload")),
            ("cluster", text("the cluster's release id")),
            ("file", text_or_null("the file in the cluster's folder; null for the whole tree")),
            ("object", text_or_null("the object in it: kind, namespace and name")),
            (
                "chart",
                text_or_null(
                    "the chart whose own value it is: the file does not say it, but the chart where the file is silent",
                ),
            ),
            (
                "place",
                text(
                    "a JSON pointer, with list items by their names in brackets; empty for the whole file",
                ),
            ),
        ],
    )
}

fn reason() -> Value {
    let at = object(
        "a place in a spec, a fleet file or an overlay",
        &[
            ("file", text("the file, as it was named")),
            ("line", json!({"type": "integer", "minimum": 1, "description": "the first is 1"})),
            (
                "column",
                json!({"type": "integer", "minimum": 1, "description": "in characters; the first is 1"}),
            ),
        ],
    );
    let replaced = object(
        "a value that an overlay replaced",
        &[("value", text("the value, as JSON prints it")), ("reason", reference("reason"))],
    );
    object(
        "why a value is there",
        &[
            (
                "kind",
                json!({
                    "description": "what made it",
                    "enum": ["spec", "fleet", "overlay", "rule", "default", "structure"],
                }),
            ),
            ("text", text("the line that somebody wrote, the rule, or the reason of the default")),
            ("place", or_null("the place, for a line", &at)),
            ("overlay", text_or_null("the overlay's name, for a line of one")),
            ("replaced", or_null("what an overlay replaced", &replaced)),
            ("from", list("what a rule worked on", &reference("reason"))),
        ],
    )
}

fn counts() -> Value {
    let each = |class: Class| (class.as_str(), number("places with changes of this class"));
    object("how many places each class has changes at", &classes().map(each).collect::<Vec<_>>())
}

/// An object with just these keys, all of them.
fn object(description: &str, members: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "required": names,
        "properties": properties,
    })
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn or_null(description: &str, schema: &Value) -> Value {
    json!({"description": description, "anyOf": [schema, {"type": "null"}]})
}

fn list(description: &str, items: &Value) -> Value {
    json!({"description": description, "type": "array", "items": items})
}

fn text(description: &str) -> Value {
    json!({"description": description, "type": "string"})
}

fn text_or_null(description: &str) -> Value {
    json!({"description": description, "type": ["string", "null"]})
}

fn number(description: &str) -> Value {
    json!({"description": description, "type": "integer", "minimum": 0})
}
