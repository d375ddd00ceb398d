//! Buckets and containers: those that Mimir and Loki use are those that the prerequisites list.

use super::Reporter;
use crate::component::{self, ComponentId};
use crate::contract::settings::{Form, Store, stores};
use crate::contract::{Breach, Kind, Place};
use crate::diag::Code;
use crate::layout;
use crate::prerequisites::Declared;
use crate::tree::{Content, RelPath, Tree};

/// Reports stores that nobody declares. Of a cloud that the tree is not for nothing is known.
pub fn check(tree: &Tree, reporter: &mut Reporter) {
    let prerequisites = tree.get(&RelPath::top(layout::PREREQUISITES));
    let Some(Content::Document(document)) = prerequisites else { return };
    let declared = Declared::read(document);
    for id in ComponentId::ALL {
        let path = RelPath::of(id, layout::VALUES);
        let Some(Content::Values(values)) = tree.get(&path) else { continue };
        for store in stores(component::chart(id).name, values) {
            if let Some((place, message)) = undeclared(&store, &declared) {
                let help = known(&store, &declared);
                let breach = Breach { place, kind: Kind::Reference, message, help: Some(help) };
                reporter.add(&path, values, Code::ReferenceStore, breach);
            }
        }
    }
}

/// Why a store is not one of those that are declared, and where it is said.
fn undeclared(store: &Store, declared: &Declared) -> Option<(Place, String)> {
    let Store { at, name, form } = store;
    match form {
        Form::Bucket => {
            let is_known = declared.buckets.is_empty() || declared.buckets.contains(&name.as_str());
            let message = format!("the bucket `{name}` is not among those of `prerequisites.yaml`");
            (!is_known).then(|| (at.clone(), message))
        }
        Form::Container(account) => {
            let same = || declared.containers.iter().filter(|(_, container)| container == name);
            if declared.containers.is_empty() {
                return None;
            }
            if same().next().is_none() {
                let message =
                    format!("the container `{name}` is not among those of `prerequisites.yaml`");
                return Some((at.clone(), message));
            }
            let (at, account) = account.as_ref()?;
            let is_known = same().any(|(known, _)| known == account);
            let message = format!(
                "`prerequisites.yaml` has no account `{account}` with a container `{name}`"
            );
            (!is_known).then(|| (at.clone(), message))
        }
    }
}

/// What to do: the names that are declared.
fn known(store: &Store, declared: &Declared) -> String {
    let (names, key): (Vec<String>, &str) = match store.form {
        Form::Bucket => {
            (declared.buckets.iter().map(|name| format!("`{name}`")).collect(), "cloud.aws.buckets")
        }
        Form::Container(_) => {
            let shown = |(account, name): &(&str, &str)| format!("`{name}` of `{account}`");
            (declared.containers.iter().map(shown).collect(), "cloud.azure.containers")
        }
    };
    format!("they are {}; the spec names them under `{key}`", names.join(" and "))
}
