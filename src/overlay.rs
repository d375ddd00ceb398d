//! Overlays: what users change in the tree, in kustomize's words, and Helm values besides.
//!
//! [`Loading`] reads them, [`apply`] applies them. Whatever they write remembers its line and what it
//! replaced. A target that matches nothing is an error, a patch that changes nothing a warning, and
//! so is an overlay that undoes another one without building on it.

mod alloy;
mod apply;
mod fault;
mod images;
mod json_patch;
mod library;
mod merge;
mod pins;
mod read;
mod resolve;
mod target;
mod writer;

pub use apply::apply;
pub use library::{Library, Listed, Loading, Wanted, name_from};
pub use pins::{Pin, deploy, pins};
pub use read::{FILE, KIND, schema};
pub use resolve::Overlay;
pub use target::Selector;

use crate::diag::Diagnostic;
use crate::manifest::Identity;
use crate::manifest::keys::{Field, Schema};
use crate::node::{Data, Node};
use merge::{Merge, Mode};
use std::sync::Arc;
use writer::Writer;

/// Applies one patch to one value: a map as a strategic merge, a list as JSON 6902 operations. `None`
/// is a value that the patch deletes. The value's kind tells which of its lists merge.
///
/// # Errors
/// When the patch cannot be applied.
pub fn patched(value: Node, patch: &Node) -> Result<Option<Node>, Diagnostic> {
    let overlay: Arc<str> = "patch".into();
    let mut writer = Writer::new(&overlay, None);
    let Data::List(operations) = &patch.data else {
        let schema = Identity::of(&value)
            .map(|identity| Schema::of_kind(&identity.type_name()))
            .unwrap_or_default();
        let mut merge = Merge { writer: &mut writer, mode: Mode::Object };
        return Ok(merge.merge(Some(value), patch, Field::of(schema))?);
    };
    let read = operations.iter().map(json_patch::Operation::read).collect::<Result<Vec<_>, _>>()?;
    let mut value = value;
    let _ = json_patch::apply(&mut value, &read, &mut writer)?;
    Ok(Some(value))
}
