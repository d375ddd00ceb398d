//! The facts about an application's settings, as `tools/settings` derives them.

use super::scalar::Scalar;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What an application's reader knows.
#[derive(Debug, Deserialize)]
pub struct Facts {
    /// The structure of a whole configuration.
    pub root: &'static str,
    /// Structures, their settings and the settings' types.
    structures: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
    /// Settings that will go, as `structure.setting`.
    deprecated: BTreeSet<&'static str>,
    /// Settings that will go, as paths with dots, and what to use instead.
    replaced: BTreeMap<&'static str, &'static str>,
    /// Settings that are gone, as paths with dots, and what came in their place.
    removed: BTreeMap<&'static str, &'static str>,
}

/// What a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A list of another type.
    List(&'static str),
    /// Another type for every name.
    Map(&'static str),
    /// One of the words, with `|` between them.
    Words(&'static str),
    /// The settings of a structure.
    Structure(&'static str),
    /// A single value.
    Scalar(Scalar),
}

macro_rules! facts {
    ($($name:ident $file:literal)*) => {$(
        pub(super) static $name: LazyLock<Facts> = LazyLock::new(|| {
            serde_json::from_str(include_str!(concat!("../../../schema/settings/", $file)))
                .expect("bug: our own facts are well formed")
        });
    )*};
}

facts! {
    MIMIR "mimir-3.0.4.json"
    LOKI "loki-3.7.6.json"
    BLACKBOX "blackbox-0.24.1.json"
    GRAFANA "grafana-13.2.0.json"
    PROVISIONING "grafana-provisioning.json"
}

impl Facts {
    /// The settings of a structure.
    pub fn settings(
        &self,
        structure: &str,
    ) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        self.structures.get(structure).into_iter().flatten().map(|(name, kind)| (*name, *kind))
    }

    /// What a setting of a structure takes; `None` if there is no such setting.
    pub fn setting(&self, structure: &str, name: &str) -> Option<Type> {
        let settings = self.structures.get(structure)?;
        settings.get(name).or_else(|| settings.get("*")).map(|kind| Type::read(kind))
    }

    /// What the setting at a path of the whole configuration takes.
    pub fn at(&self, path: &str) -> Option<Type> {
        path.split('.').try_fold(Type::Structure(self.root), |kind, name| match kind {
            Type::Structure(structure) => self.setting(structure, name),
            Type::List(_) | Type::Map(_) | Type::Words(_) | Type::Scalar(_) => None,
        })
    }

    /// What came in the place of a setting that is gone; empty if nothing did.
    pub fn removed(&self, path: &str) -> Option<&'static str> {
        self.removed.get(path).copied()
    }

    /// What to use instead of a setting that will go; empty if nothing is.
    pub fn deprecated(&self, path: &str, structure: &str, name: &str) -> Option<&'static str> {
        let known = self.deprecated.contains(format!("{structure}.{name}").as_str());
        self.replaced.get(path).copied().or(known.then_some(""))
    }

    /// The shortest paths to settings of this name, two at most; none if there are more.
    pub fn places_of(&self, name: &str) -> Vec<String> {
        // Deeper than this nobody looks for a setting that stands too high.
        const DEPTH: usize = 4;
        let mut level = vec![(String::new(), self.root)];
        for _ in 0..DEPTH {
            let (mut found, mut next) = (Vec::new(), Vec::new());
            for (path, structure) in &level {
                for (setting, kind) in self.settings(structure) {
                    let inner = match path.as_str() {
                        "" => setting.to_owned(),
                        path => format!("{path}.{setting}"),
                    };
                    if setting == name {
                        found.push(inner.clone());
                    }
                    if let Type::Structure(structure) = Type::read(kind) {
                        next.push((inner, structure));
                    }
                }
            }
            match found.len() {
                0 => level = next,
                1 | 2 => return found,
                _ => return Vec::new(),
            }
        }
        Vec::new()
    }
}

impl Type {
    fn read(text: &'static str) -> Type {
        if let Some(inner) = text.strip_prefix("[]") {
            Type::List(inner)
        } else if let Some(inner) = text.strip_prefix("{}") {
            Type::Map(inner)
        } else if let Some(words) = text.strip_prefix('=') {
            Type::Words(words)
        } else {
            Scalar::named(text).map_or(Type::Structure(text), Type::Scalar)
        }
    }

    /// The type of the items or of what the names stand for.
    pub fn inner(text: &'static str) -> Type {
        Type::read(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> [&'static Facts; 5] {
        [&MIMIR, &LOKI, &BLACKBOX, &GRAFANA, &PROVISIONING]
    }

    #[test]
    fn every_type_that_is_named_is_known() {
        for facts in all() {
            for (structure, settings) in &facts.structures {
                for (name, kind) in settings {
                    let mut kind = Type::read(kind);
                    while let Type::List(inner) | Type::Map(inner) = kind {
                        kind = Type::read(inner);
                    }
                    if let Type::Structure(named) = kind {
                        let known = facts.structures.contains_key(named);
                        assert!(known, "{structure}.{name} is a `{named}`");
                    }
                }
            }
        }
    }

    #[test]
    fn every_name_that_is_to_be_used_instead_exists() {
        for (path, instead) in LOKI.removed.iter().chain(&LOKI.replaced) {
            let sibling = path.rsplit_once('.').map(|(above, _)| format!("{above}.{instead}"));
            let known = instead.is_empty()
                || LOKI.at(instead).is_some()
                || sibling.is_some_and(|path| LOKI.at(&path).is_some())
                || !LOKI.places_of(instead).is_empty();
            assert!(known || *instead == "path_prefix", "`{instead}` in place of `{path}`");
        }
    }
}
