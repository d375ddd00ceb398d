//! Which lists of Kubernetes' kinds merge, and by which keys.
//!
//! The facts are `schema/kubernetes/merge-keys.json`, derived from the `OpenAPI` document of Kubernetes, and
//! `schema/crd/merge-keys.json` for the kinds of operators that telemetree emits.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a schema knows about a member.
#[derive(Debug, Clone, Copy, Default)]
pub struct Field {
    /// The schema of the member, or of its items.
    pub schema: Schema,
    /// The keys by which a list merges: none for a list of plain values; `None` if it replaces.
    pub merges_by: Option<&'static [String]>,
}

impl Field {
    /// An object of a type.
    pub fn of(schema: Schema) -> Field {
        Field { schema, merges_by: None }
    }

    /// The items of a list.
    #[must_use]
    pub fn item(self) -> Field {
        Field { schema: self.schema, merges_by: None }
    }
}

/// The schema of a map; nothing is known of some.
#[derive(Debug, Clone, Copy, Default)]
pub struct Schema(Option<&'static Type>);

type Type = BTreeMap<String, Member>;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    of: Option<String>,
    keys: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct File {
    kinds: BTreeMap<String, String>,
    types: BTreeMap<String, Type>,
}

struct Facts {
    kinds: BTreeMap<String, String>,
    types: BTreeMap<String, Type>,
}

static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    let texts = [
        include_str!("../../schema/kubernetes/merge-keys.json"),
        include_str!("../../schema/crd/merge-keys.json"),
    ];
    let mut facts = Facts { kinds: BTreeMap::new(), types: BTreeMap::new() };
    for text in texts {
        let File { kinds, types } =
            serde_json::from_str(text).expect("bug: the merge keys are not what they should be");
        facts.kinds.extend(kinds);
        facts.types.extend(types);
    }
    facts
});

impl Schema {
    /// The schema of a kind, by `<apiVersion>/<kind>`.
    pub fn of_kind(name: &str) -> Schema {
        Schema(FACTS.kinds.get(name).and_then(|of| FACTS.types.get(of)))
    }

    /// What is known of a member.
    pub fn member(self, key: &str) -> Field {
        let Some(member) = self.0.and_then(|members| members.get(key)) else {
            return Field::default();
        };
        let of = member.of.as_ref().and_then(|of| FACTS.types.get(of));
        Field { schema: Schema(of), merges_by: member.keys.as_deref() }
    }
}
