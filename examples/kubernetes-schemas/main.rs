//! Says which objects the Kubernetes API takes: their kinds, fields, types and bounds, and no
//! description. `just kubernetes-schemas` writes `schema/kubernetes/objects.json`, `just custom-schemas` the files of
//! `schema/crd` that are named by a group.
//!
//! ```text
//! cargo run --example kubernetes-schemas -- built-in <folder of k8s.io/kubernetes@v1.X.Y> …
//! cargo run --example kubernetes-schemas -- custom <what the documents are> <crd.yaml> …
//! ```
//!
//! `kinds` gives each kind's type, `types` gives each type's fields. A field is its type, in the
//! notation of `kubectl explain`, or a map of the type and its rules:
//!
//! | type | what it holds |
//! |---|---|
//! | `string` `boolean` `int32` `int64` `number` | a value of that type |
//! | `quantity` `date-time` `byte` | an amount, a time, text in base64 |
//! | `any` | anything: what is known of it ends here |
//! | `[]T` | a list |
//! | `[K,…]T` | a list whose items differ in these fields; `[.]T` is a list of different scalars |
//! | `map[string]T` | a map with any keys |
//! | `T\|U` | one or the other |
//! | `T!` | what must be there |
//! | another word | an object of that type of the file |
//!
//! A type `[]` or `map[string]` without an item has its items' rules under `of`. The field `*` stands
//! for every other field. `since` and `until` are the first and the last minor version of Kubernetes
//! in which something is so, among those in which the type is there; a field that changed is a list of
//! what it was. An object's `apiVersion`, `kind` and `metadata` are left out: all objects have them.
//! Its `status` is `map[string]any`: the server writes it. A rule that no reader of ours could keep
//! (a pattern of another dialect, `oneOf`, rules in CEL) is left out and named on standard error.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "a command of the developers': it reads documents and prints what they say"
)]

mod built_in;
mod custom;
mod facts;

use std::error::Error;

const USAGE: &str = "usage: kubernetes-schemas built-in <folder of k8s.io/kubernetes@v1.X.Y> …
       kubernetes-schemas custom <what the documents are> <crd.yaml> …";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let facts = match words.as_slice() {
        ["built-in", folders @ ..] if !folders.is_empty() => built_in::facts(folders)?,
        ["custom", source, documents @ ..] if !documents.is_empty() => {
            custom::facts(source, documents)?
        }
        _ => return Err(USAGE.into()),
    };
    facts.print(&mut std::io::stdout().lock())?;
    Ok(())
}
