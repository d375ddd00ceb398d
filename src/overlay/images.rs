//! Images by other names, as kustomize's `images`: in the objects of the tree, and in the values of
//! the charts, which know where each of their images is set.

use super::apply::{Cluster, Hand};
use super::fault::{Fault, fault};
use crate::component::{ChartImage, DigestForm, IMAGES, ImageForm};
use crate::diag::{Code, Diagnostic};
use crate::model::{ImageDigest, ImageName, ImageTag, Registry, Word as _};
use crate::near::nearest;
use crate::node::{Data, Node, derived, map};
use crate::origin::{Origin, Sourced};
use crate::pointer::Pointer;
use crate::spec::Section;
use std::collections::BTreeSet;

/// A change of an image.
#[derive(Debug, Clone)]
pub struct ImageChange {
    name: Sourced<ImageName>,
    new_name: Option<Sourced<ImageName>>,
    new_registry: Option<NewRegistry>,
    new_tag: Option<Sourced<ImageTag>>,
    digest: Option<Sourced<ImageDigest>>,
}

/// Where an image comes from instead.
#[derive(Debug, Clone)]
enum NewRegistry {
    /// From here.
    Named(Sourced<Registry>),
    /// From the spec's `imageRegistry`; the origin is the line that says so.
    OfTheSpec(Origin),
}

/// Reads a change.
pub fn read(section: &mut Section) -> Option<ImageChange> {
    let name: Option<Sourced<ImageName>> =
        section.required("name", "the image as it is called now, without its tag");
    let new_name: Option<Sourced<ImageName>> = section.optional("newName", "its new name");
    let named: Option<Sourced<Registry>> =
        section.optional("newRegistry", "a registry in the place of its own; its path stays");
    let doc = "whether it comes from the spec's `imageRegistry`";
    let mirrored = section.optional("mirrored", doc).filter(|mirrored| mirrored.value);
    let new_tag = section.optional("newTag", "its new tag");
    let digest = section.optional("digest", "its digest");
    let mut one_name = |a: Option<&Origin>, b: Option<&Origin>, what: &str| {
        if let (Some(a), Some(b)) = (a, b) {
            let error = Diagnostic::derived_error(Code::Conflict, b, what);
            section.report(error.related(a.written(), "the other one"));
        }
    };
    let (by_name, by_registry) =
        (new_name.as_ref().map(|one| &one.origin), named.as_ref().map(|one| &one.origin));
    let by_mirror = mirrored.as_ref().map(|one| &one.origin);
    one_name(by_name, by_registry, "a new name has its registry already");
    one_name(by_name.or(by_registry), by_mirror, "an image has one source");
    let registry = named.map(NewRegistry::Named);
    let new_registry =
        registry.or(mirrored.map(|one: Sourced<bool>| NewRegistry::OfTheSpec(one.origin)));
    let name = name?;
    if new_name.is_none() && new_registry.is_none() && new_tag.is_none() && digest.is_none() {
        let message = "nothing is said about this image";
        let error = Diagnostic::derived_error(Code::OverlayIdle, &name.origin, message);
        section
            .report(error.help("add `newName`, `newRegistry`, `mirrored`, `newTag` or `digest`"));
    }
    Some(ImageChange { name, new_name, new_registry, new_tag, digest })
}

impl ImageChange {
    /// Whether it needs the spec's registry, and where it says so.
    pub fn wants_registry(&self) -> Option<&Origin> {
        match &self.new_registry {
            Some(NewRegistry::OfTheSpec(origin)) => Some(origin),
            Some(NewRegistry::Named(_)) | None => None,
        }
    }

    fn is_meant(&self, image: &str) -> bool {
        self.name.value.as_str() == "*" || full(self.name.value.as_str()) == full(image)
    }

    /// The new registry and its reason.
    fn registry(&self, of_the_spec: Option<&Sourced<Registry>>) -> Option<Sourced<Registry>> {
        match self.new_registry.as_ref()? {
            NewRegistry::Named(named) => Some(named.clone()),
            NewRegistry::OfTheSpec(line) => {
                let registry = of_the_spec?;
                let origin =
                    Origin::derived("images come from the mirror", [line, &registry.origin]);
                Some(Sourced { value: registry.value.clone(), origin })
            }
        }
    }

    /// The new name of an image: its registry and its path, each if it changes.
    fn renamed(
        &self,
        image: &str,
        of_the_spec: Option<&Sourced<Registry>>,
    ) -> Option<(Sourced<String>, Sourced<String>)> {
        if let Some(name) = &self.new_name {
            let full = full(name.value.as_str());
            let (registry, path) = full.split_once('/').unwrap_or((DOCKER_HUB, &full));
            return Some((name.map(|_| registry.to_owned()), name.map(|_| path.to_owned())));
        }
        let registry = self.registry(of_the_spec)?;
        let full = full(image);
        let path = full.split_once('/').map_or(full.as_str(), |(_, path)| path);
        Some((registry.map(ToString::to_string), registry.map(|_| path.to_owned())))
    }

    /// What a chart's values say of the image now.
    fn values(
        &self,
        image: &ChartImage,
        of_the_spec: Option<&Sourced<Registry>>,
    ) -> Result<Node, Fault> {
        let mut members: Vec<(&'static str, Node)> = Vec::new();
        let (ImageForm::Parts(digest_form) | ImageForm::Whole(digest_form)) = image.form;
        if let Some((registry, path)) = self.renamed(image.name, of_the_spec) {
            match image.form {
                ImageForm::Whole(_) => {
                    let whole = registry.map(|registry| format!("{registry}/{}", path.value));
                    members.push(("repository", Node::from(&whole)));
                }
                ImageForm::Parts(_) => {
                    members.push(("registry", Node::from(&registry)));
                    let own = image.name.split_once('/').map(|(_, path)| path);
                    if own != Some(path.value.as_str()) {
                        members.push(("repository", Node::from(&path)));
                    }
                }
            }
        }
        let tag = self.new_tag.as_ref().map(|tag| tag.map(ToString::to_string));
        let digest = self.digest.as_ref().map(|digest| digest.map(ToString::to_string));
        match (digest_form, tag, digest) {
            (DigestForm::InTag, Some(tag), Some(digest)) => {
                const RULE: &str = "the chart takes a digest behind the tag";
                let both = tag.derive_with(&digest, RULE, |tag, digest| format!("{tag}@{digest}"));
                members.push(("tag", Node::from(&both)));
            }
            (DigestForm::InTag, None, Some(digest)) => {
                let message = format!(
                    "the chart of {} takes a digest behind a tag only",
                    image.component.as_str()
                );
                return Err(fault(&digest.origin, message).help("say `newTag`, too"));
            }
            (form, tag, digest) => {
                members.extend(tag.map(|tag| ("tag", Node::from(&tag))));
                members.extend(digest.map(|digest| match form {
                    DigestForm::Sha => {
                        let hex = |text: &String| text.trim_start_matches("sha256:").to_owned();
                        ("sha", Node::from(&digest.map(hex)))
                    }
                    DigestForm::Digest | DigestForm::InTag => ("digest", Node::from(&digest)),
                }));
            }
        }
        let origin = self.name.origin.clone();
        let place = Node { origin: origin.clone(), ..map(members) };
        let nest = |inner: Node, key: &&'static str| Node {
            origin: origin.clone(),
            ..map([(*key, inner)])
        };
        Ok(image.at.iter().rev().fold(place, nest))
    }

    /// The reference of an image in an object, changed.
    fn reference(&self, text: &str, of_the_spec: Option<&Sourced<Registry>>) -> Node {
        let (name, tag, digest) = taken_apart(text);
        let renamed = self.renamed(name, of_the_spec);
        let mut new = match &renamed {
            Some((registry, path)) => format!("{}/{}", registry.value, path.value),
            None => name.to_owned(),
        };
        let new_digest = self.digest.as_ref().map(|digest| digest.value.as_str());
        let new_tag = self.new_tag.as_ref().map(|tag| tag.value.as_str());
        // As with kustomize, a new tag drops a digest that it does not belong to.
        let digest = new_digest.or(digest.filter(|_| new_tag.is_none()));
        let tag = new_tag.or(tag.filter(|_| new_digest.is_none()));
        new.extend(tag.iter().flat_map(|tag| [":", tag]));
        new.extend(digest.iter().flat_map(|digest| ["@", digest]));
        let parts = [
            renamed.as_ref().map(|(registry, _)| &registry.origin),
            self.new_tag.as_ref().map(|tag| &tag.origin),
            self.digest.as_ref().map(|digest| &digest.origin),
        ];
        derived("the image by its new name", parts.into_iter().flatten(), new)
    }
}

const DOCKER_HUB: &str = "docker.io";

/// A name with its registry. Source: the Docker reference for image names: what has no registry is on
/// Docker Hub, and one word of it in `library`.
fn full(name: &str) -> String {
    match name.split_once('/') {
        None => format!("{DOCKER_HUB}/library/{name}"),
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => name.to_owned(),
        Some(_) => format!("{DOCKER_HUB}/{name}"),
    }
}

/// A reference's name, tag and digest.
fn taken_apart(text: &str) -> (&str, Option<&str>, Option<&str>) {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    // A colon in front of a slash belongs to the registry's port.
    match rest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag), digest),
        Some(_) | None => (rest, None, digest),
    }
}

/// Applies the changes to every cluster.
pub(super) fn apply(changes: &[ImageChange], hand: &mut Hand, clusters: &mut [Cluster]) {
    for change in changes {
        let registry = hand.registry;
        if let (Some(_), None) = (change.wants_registry(), registry) {
            let message = format!("the overlay `{}` needs `imageRegistry`", hand.overlay);
            let error = Diagnostic::error(Code::Conflict, hand.listed_at, message);
            let help = "add `imageRegistry: registry.example.com/mirror` to the spec";
            hand.diags.push_once(error.help(help));
            continue;
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut matched = false;
        for image in &IMAGES {
            let _ = seen.insert(image.name.to_owned());
            if change.is_meant(image.name) {
                matched = true;
                match change.values(image, registry) {
                    Ok(values) => hand.merge_values(clusters, image.component, &values),
                    Err(fault) => hand.refuse(fault),
                }
            }
        }
        for cluster in clusters.iter_mut() {
            let patches: Vec<_> = cluster
                .tree
                .objects()
                .filter_map(|(path, object)| {
                    let patch = patch_of(object, change, registry, &mut seen)?;
                    Some((path.clone(), patch))
                })
                .collect();
            matched |= !patches.is_empty();
            for (path, new) in patches {
                hand.rewrite(cluster, &path, new);
            }
        }
        if !matched {
            let message = format!("no image is called `{}`", change.name.value);
            let error =
                Diagnostic::derived_error(Code::OverlayTarget, &change.name.origin, message);
            let known = full(change.name.value.as_str());
            let near = nearest(&known, seen.iter().map(String::as_str)).map(str::to_owned);
            let all = seen.into_iter().collect::<Vec<_>>().join(", ");
            hand.diags.push_once(error.help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the images are {all}"),
            }));
        }
    }
}

/// The images of an object that are meant: their places, and what stands there now.
fn patch_of(
    object: &Node,
    change: &ImageChange,
    registry: Option<&Sourced<Registry>>,
    seen: &mut BTreeSet<String>,
) -> Option<Vec<(Pointer, Node)>> {
    let mut found = Vec::new();
    let mut here = Pointer::default();
    containers(object, &mut here, &mut |pointer, text| {
        let (name, ..) = taken_apart(text);
        let _ = seen.insert(full(name));
        if change.is_meant(name) {
            found.push((pointer.clone(), change.reference(text, registry)));
        }
    });
    (!found.is_empty()).then_some(found)
}

/// Every container's image. Source: kustomize looks for them in lists of these names, at any depth.
fn containers(node: &Node, here: &mut Pointer, see: &mut dyn FnMut(&Pointer, &str)) {
    const LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];
    let Data::Map(members) = &node.data else { return };
    for (key, value) in members {
        here.push(key);
        match &value.data {
            Data::List(items) if LISTS.contains(&key.as_ref()) => {
                for (position, item) in items.iter().enumerate() {
                    here.push(&position.to_string());
                    here.push("image");
                    if let Some(image) = item.get("image").and_then(Node::text) {
                        see(here, image);
                    }
                    here.pop();
                    here.pop();
                }
            }
            Data::Map(_) => containers(value, here, see),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_) => {}
        }
        here.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_taken_apart_as_container_runtimes_do() {
        assert_eq!(taken_apart("a/b:1"), ("a/b", Some("1"), None));
        assert_eq!(taken_apart("r:5000/a/b"), ("r:5000/a/b", None, None));
        assert_eq!(taken_apart("r:5000/a:1@sha256:0"), ("r:5000/a", Some("1"), Some("sha256:0")));
        assert_eq!(full("memcached"), "docker.io/library/memcached");
        assert_eq!(full("grafana/mimir"), "docker.io/grafana/mimir");
        assert_eq!(full("localhost/x"), "localhost/x");
        assert_eq!(full("r:5000/x"), "r:5000/x");
    }
}
