//! Applies overlays to the trees of a workload's clusters.
//!
//! Overlays go in their order; within one, objects are added first, then values, the collector's
//! configuration, patches and images. All clusters take part at once: a target has to match in one
//! of them, not in each.

use super::fault::{Fault, fault, fault_at};
use super::images::ImageChange;
use super::json_patch::{self, Operation};
use super::library::Listed;
use super::merge::{Merge, Mode};
use super::resolve::{Form, Patch, Resource};
use super::target::Target;
use super::writer::{Undone, Writer};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::layout;
use crate::manifest::Identity;
use crate::manifest::keys::{Field, Schema};
use crate::model::{ComponentId, Namespace, Registry, Word as _, Workload};
use crate::node::{Data, Node};
use crate::origin::Sourced;
use crate::pointer::Pointer;
use crate::source::Span;
use crate::tree::{Content, RelPath, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Applies the overlays to every tree.
pub fn apply<'t>(
    trees: impl IntoIterator<Item = &'t mut Tree>,
    overlays: &[Listed],
    workload: &Workload,
    diags: &mut Diagnostics,
) {
    let mut clusters: Vec<Cluster> = trees.into_iter().map(Cluster::of).collect();
    let builds_on = builds_on(overlays);
    let nothing = BTreeSet::new();
    for Listed { overlay, at } in overlays {
        let mut hand = Hand {
            overlay: &overlay.name,
            knows: builds_on.get(&*overlay.name).unwrap_or(&nothing),
            registry: workload.image_registry.as_ref(),
            listed_at: *at,
            diags,
        };
        for resource in &overlay.resources {
            clusters.iter_mut().for_each(|cluster| hand.add(cluster, resource));
        }
        for (id, values) in &overlay.values {
            hand.merge_values(&mut clusters, *id, values);
        }
        overlay.alloy.apply(&mut hand, &mut clusters);
        for patch in &overlay.patches {
            hand.patch(&mut clusters, patch);
        }
        super::images::apply(&overlay.images, &mut hand, &mut clusters);
    }
    let mirrored = overlays.iter().flat_map(|listed| &listed.overlay.images);
    let mut mirrored = mirrored.filter_map(ImageChange::wants_registry);
    if let (Some(registry), None) = (&workload.image_registry, mirrored.next()) {
        let message = "no overlay takes images from here";
        let error = Diagnostic::derived_error(Code::Conflict, &registry.origin, message);
        diags.push(error.help("list the overlay `airgapped`, or remove `imageRegistry`"));
    }
}

/// The overlays that each of these builds on, directly or not.
pub(super) fn builds_on<'o>(overlays: &[Listed<'o>]) -> BTreeMap<&'o str, BTreeSet<&'o str>> {
    let mut builds_on: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for Listed { overlay, .. } in overlays {
        let mut all: BTreeSet<&str> = BTreeSet::new();
        for (base, _) in &overlay.bases {
            let _ = all.insert(base);
            all.extend(builds_on.get(base.as_str()).into_iter().flatten());
        }
        let _ = builds_on.insert(&overlay.name, all);
    }
    builds_on
}

/// A cluster's tree, and what its objects are.
pub(super) struct Cluster<'t> {
    pub(super) tree: &'t mut Tree,
    identities: BTreeMap<RelPath, Identity>,
}

impl<'t> Cluster<'t> {
    fn of(tree: &'t mut Tree) -> Self {
        let identity =
            |(path, object): (&RelPath, &Node)| Some((path.clone(), Identity::of(object)?));
        let identities = tree.objects().filter_map(identity).collect();
        Cluster { tree, identities }
    }

    /// The component that lives in a namespace.
    fn component_in(&self, namespace: &str) -> Option<ComponentId> {
        ComponentId::ALL.into_iter().find(|id| {
            let path = RelPath::of(*id, layout::NAMESPACE);
            self.identities.get(&path).is_some_and(|identity| identity.name == namespace)
        })
    }
}

/// An overlay that is being applied.
pub(super) struct Hand<'o, 'd> {
    pub(super) overlay: &'o Arc<str>,
    /// The overlays that it builds on, directly or not.
    knows: &'o BTreeSet<&'o str>,
    /// The spec's registry for images that are mirrored.
    pub(super) registry: Option<&'o Sourced<Registry>>,
    /// Where the spec lists the overlay.
    pub(super) listed_at: Option<Span>,
    pub(super) diags: &'d mut Diagnostics,
}

impl Hand<'_, '_> {
    pub(super) fn refuse(&mut self, fault: Fault) {
        self.diags.push_once(fault.into());
    }

    /// Warns that something has no effect.
    pub(super) fn idle(&mut self, at: Option<Span>, what: &str) {
        let warning = Diagnostic::warning(Code::OverlayIdle, at, format!("{what} changes nothing"));
        self.diags.push_once(warning.help("what it says is so already; leave it out"));
    }

    /// Puts what a writer noted where it belongs, and says whether it changed anything.
    pub(super) fn take(&mut self, tree: &mut Tree, path: &RelPath, writer: Writer) -> bool {
        let changed = writer.has_changed();
        tree.note_removed(path, writer.removed);
        self.warn_of(path, &writer.undone);
        changed
    }

    /// One warning for each earlier overlay that a patch undoes without building on it.
    fn warn_of(&mut self, path: &RelPath, undone: &[Undone]) {
        let mut told: Vec<&str> = Vec::new();
        for one in undone {
            let earlier = &*one.earlier.overlay;
            if self.knows.contains(earlier) || told.contains(&earlier) {
                continue;
            }
            told.push(earlier);
            let more = undone.iter().filter(|other| *other.earlier.overlay == *earlier).count() - 1;
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let message = format!(
                "this undoes what the overlay `{earlier}` did: `{}` of {path}{more}",
                one.pointer
            );
            let warning = Diagnostic::warning(Code::OverlayConflict, one.at, message);
            let warning = warning.related(one.earlier.by.written(), "the earlier line");
            let help = format!(
                "if it is meant, list `{earlier}` under `overlays` of `{}`, which then builds on it",
                self.overlay
            );
            self.diags.push_once(warning.help(help));
        }
    }

    fn add(&mut self, cluster: &mut Cluster, resource: &Resource) {
        let Resource { object, identity } = resource;
        if let Some(path) =
            cluster.identities.iter().find(|(_, known)| *known == identity).map(|(path, _)| path)
        {
            let message = format!("{} is in the tree already, as {path}", identity.shown());
            let error = fault(&object.origin, message);
            return self.refuse(error.help("change it by a patch"));
        }
        let path = match path_of(cluster, identity, object) {
            Ok(path) => path,
            Err(fault) => return self.refuse(fault),
        };
        if cluster.tree.get(&path).is_some() {
            let message =
                format!("{} would be written to {path}, which is taken", identity.shown());
            return self.refuse(fault(&object.origin, message));
        }
        let mut writer = Writer::new(self.overlay, self.listed_at);
        let object = writer.replace(None, object);
        if let Err(fault) = check(&object) {
            return self.refuse(fault);
        }
        cluster.tree.add(path.clone(), Content::Object(object));
        let _ = cluster.identities.insert(path, identity.clone());
    }

    /// Puts values at places of an object.
    pub(super) fn rewrite(
        &mut self,
        cluster: &mut Cluster,
        path: &RelPath,
        new: Vec<(Pointer, Node)>,
    ) {
        let Some(Content::Object(object)) = cluster.tree.get_mut(path) else { return };
        let mut writer = Writer::new(self.overlay, self.listed_at);
        for (pointer, value) in new {
            if let Err(message) = json_patch::replace_at(object, &pointer, &value, &mut writer) {
                return self.refuse(fault(&value.origin, message));
            }
        }
        let _ = self.take(cluster.tree, path, writer);
    }

    pub(super) fn merge_values(&mut self, clusters: &mut [Cluster], id: ComponentId, more: &Node) {
        let path = RelPath::of(id, crate::layout::VALUES);
        let mut changed = false;
        for cluster in clusters {
            let Some(Content::Values(values)) = cluster.tree.get_mut(&path) else { continue };
            // A merge that fails leaves what was there, or the next one would fail for no reason.
            let old = values.clone();
            let mut writer = Writer::new(self.overlay, self.listed_at);
            let mut merge = Merge { writer: &mut writer, mode: Mode::Values };
            match merge.merge(Some(old), more, Field::default()) {
                Ok(merged) => {
                    *values = merged.unwrap_or_else(|| crate::node::map::<&str>([]));
                    changed |= self.take(cluster.tree, &path, writer);
                }
                Err(fault) => return self.refuse(fault),
            }
        }
        if !changed {
            self.idle(more.origin.written(), "this");
        }
    }

    fn patch(&mut self, clusters: &mut [Cluster], patch: &Patch) {
        let (mut matched, mut changed) = (false, false);
        for cluster in clusters.iter_mut() {
            for path in matches(cluster, &patch.target) {
                matched = true;
                match self.patch_one(cluster, &path, patch) {
                    Ok(different) => changed |= different,
                    Err(fault) => return self.refuse(fault),
                }
            }
        }
        if !matched {
            self.diags.push_once(unmatched(clusters, patch));
        } else if !changed && !is_test(&patch.form) {
            self.idle(patch.at, "this patch");
        }
    }

    fn patch_one(
        &mut self,
        cluster: &mut Cluster,
        place: &RelPath,
        patch: &Patch,
    ) -> Result<bool, Fault> {
        let Some(identity) = cluster.identities.get(place) else { return Ok(false) };
        let Some(Content::Object(object)) = cluster.tree.get_mut(place) else { return Ok(false) };
        let mut writer = Writer::new(self.overlay, self.listed_at);
        let patched = match &patch.form {
            Form::Strategic(node) => {
                let old = object.clone();
                let schema = Field::of(Schema::of_kind(&identity.type_name()));
                let mut merge = Merge { writer: &mut writer, mode: Mode::Object };
                merge.merge(Some(old), &without_name(node), schema)?
            }
            Form::Json(operations) => {
                let mut new = object.clone();
                for unguarded in json_patch::apply(&mut new, operations, &mut writer)? {
                    let at = unguarded.here.origin.written();
                    let message = format!("`{}` counts on the position of an item", unguarded.path);
                    let warning = Diagnostic::warning(Code::OverlayIndex, at, message);
                    let help = "put a `test` of that item in front of it, or merge by name instead";
                    self.diags.push_once(warning.help(help));
                }
                Some(new)
            }
        };
        match patched {
            None => {
                let _ = cluster.identities.remove(place);
                cluster.tree.remove(place);
            }
            Some(new) => {
                if Identity::of(&new).as_ref() != Some(identity) {
                    let message = format!("this would make {} another object", identity.shown());
                    let error = fault_at(patch.at, message);
                    let help = "an object's API version, kind, name and namespace stay; add another \
                                object by `resources` and delete this one by `$patch: delete`";
                    return Err(error.help(help));
                }
                check(&new)?;
                *object = new;
            }
        }
        Ok(self.take(cluster.tree, place, writer))
    }
}

/// Operations that only test change nothing, and are not meant to.
fn is_test(form: &Form) -> bool {
    match form {
        Form::Strategic(_) => false,
        Form::Json(operations) => {
            let tests =
                |operation: &Operation| matches!(operation.action, json_patch::Action::Test(_));
            !operations.is_empty() && operations.iter().all(tests)
        }
    }
}

fn matches(cluster: &Cluster, target: &Target) -> Vec<RelPath> {
    let is_meant = |(path, identity): &(&RelPath, &Identity)| match cluster.tree.get(path) {
        Some(Content::Object(object)) => target.matches(path, object, identity),
        Some(Content::Values(_) | Content::Document(_) | Content::Alloy(_)) | None => false,
    };
    cluster.identities.iter().filter(is_meant).map(|(path, _)| path.clone()).collect()
}

/// The finding about a target that matches nothing, with what comes closest.
fn unmatched(clusters: &[Cluster], patch: &Patch) -> Diagnostic {
    let error = Diagnostic::error(Code::OverlayTarget, patch.at, "this target matches no object");
    let all = clusters.iter().flat_map(|cluster| &cluster.identities);
    let nearest = all
        .map(|(place, identity)| (patch.target.likeness(place, identity), place, identity))
        .max_by_key(|(likeness, place, _)| (*likeness, std::cmp::Reverse(*place)));
    match nearest.filter(|(likeness, _, _)| *likeness > 0) {
        Some((_, place, identity)) => {
            let Identity { group, version, .. } = identity;
            let api = if group.is_empty() { version.clone() } else { format!("{group}/{version}") };
            error.help(format!("the nearest is {} ({api}), in {place}", identity.shown()))
        }
        None => error.help("no object is like it; the objects are listed in kustomization.yaml"),
    }
}

/// A patch without what names its object: the object's own name stays, as with kustomize.
fn without_name(patch: &Node) -> Node {
    let mut patch = patch.clone();
    if let Data::Map(members) = &mut patch.data {
        let _ = members.remove("kind");
        if let Some(Data::Map(metadata)) = members.get_mut("metadata").map(|node| &mut node.data) {
            let _ = metadata.remove("name");
            let _ = metadata.remove("namespace");
        }
    }
    patch
}

/// Where an added object goes: to the component in whose namespace it is, or to a folder of its own.
fn path_of(cluster: &Cluster, identity: &Identity, object: &Node) -> Result<RelPath, Fault> {
    let Identity { kind, name, namespace, .. } = identity;
    let safe = |text: &str, more: &str| {
        text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c)) && !text.is_empty()
    };
    if !safe(kind, "") || !safe(name, "-.:") {
        let message = format!("`{kind} {name}` is no name of an object");
        return Err(fault(&object.origin, message));
    }
    let file = format!("{}-{}.yaml", kind.to_lowercase(), name.replace(':', "-"));
    if let Some(id) = cluster.component_in(namespace) {
        return Ok(RelPath::of(id, &file));
    }
    if namespace.is_empty() {
        return Ok(RelPath::resource(None, &file));
    }
    let known = Namespace::parse(namespace);
    let known = known.ok_or_else(|| {
        let message = format!("`{namespace}` is not {}", Namespace::WHAT);
        fault(&object.origin, message).help(Namespace::RULE)
    })?;
    Ok(RelPath::resource(Some(&known), &file))
}

/// What every object must be, whatever its kind.
fn check(object: &Node) -> Result<(), Fault> {
    let Some(metadata) = object.get("metadata") else { return Ok(()) };
    for key in ["labels", "annotations"] {
        let Some(texts) = metadata.get(key) else { continue };
        let Data::Map(members) = &texts.data else {
            let message = format!("`metadata.{key}` is {}; a map is wanted", texts.data.name());
            return Err(fault(&texts.origin, message));
        };
        for (name, value) in members {
            if value.text().is_none() {
                let what = value.data.name();
                let message = format!("`{name}` in `metadata.{key}` is {what}; text is wanted");
                return Err(fault(&value.origin, message).help("quote it"));
            }
        }
    }
    Ok(())
}
