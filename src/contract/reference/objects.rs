//! What objects name.

use super::found::{Found, Reference};
use super::made::{group_and_kind, namespace, pods_of};
use super::spot::Spot;
use super::{Kind, pods};
use crate::node::Node;

/// What an object names. Objects without a namespace are taken to be of `home`.
pub fn in_object(object: &Node, home: &str) -> Vec<Reference> {
    in_spot(&Spot::root(object), home)
}

/// The same of an object that stands inside of something.
pub(super) fn in_spot(object: &Spot, home: &str) -> Vec<Reference> {
    let mut found = Found::in_namespace(namespace(object).unwrap_or(home));
    let Some((group, kind)) = group_and_kind(object) else { return Vec::new() };
    if let Some(template) = pods_of(object, group, kind) {
        template.get("spec").iter().for_each(|spec| pods::spec(spec, &mut found));
    }
    match (group, kind) {
        ("", "ServiceAccount") => {
            pods::pull_secrets(&object.items_at(&["imagePullSecrets"]), &mut found);
        }
        ("networking.k8s.io", "Ingress") => ingress(object, &mut found),
        ("traefik.io", "IngressRoute") => {
            route(object, Kind::Middleware, &mut found);
        }
        ("traefik.io", "IngressRouteTCP") => {
            route(object, Kind::MiddlewareTcp, &mut found);
        }
        ("traefik.io", "Middleware") => middleware(object, &mut found),
        ("external-secrets.io", "ExternalSecret") => external_secret(object, &mut found),
        ("gateway.networking.k8s.io", "HTTPRoute" | "GRPCRoute") => backends(object, &mut found),
        _ => {}
    }
    found.all()
}

fn ingress(object: &Spot, found: &mut Found) {
    for tls in object.items_at(&["spec", "tls"]) {
        found.add(Kind::Secret, tls.get("secretName"));
    }
    let default = object.at(&["spec", "defaultBackend", "service", "name"]);
    found.add(Kind::Service, default);
    for rule in object.items_at(&["spec", "rules"]) {
        for path in rule.items_at(&["http", "paths"]) {
            found.add(Kind::Service, path.at(&["backend", "service", "name"]));
        }
    }
}

fn route(object: &Spot, middlewares: Kind, found: &mut Found) {
    found.add(Kind::Secret, object.at(&["spec", "tls", "secretName"]));
    for route in object.items_at(&["spec", "routes"]) {
        for middleware in route.items_at(&["middlewares"]) {
            named(middlewares, &middleware, found);
        }
        for service in route.items_at(&["services"]) {
            traefik_service(&service, found);
        }
    }
}

/// A Service, or one of Traefik's own that mixes several, which are not followed.
fn traefik_service(service: &Spot, found: &mut Found) {
    if service.text_at(&["kind"]).is_none_or(|kind| kind == "Service") {
        named(Kind::Service, service, found);
    }
}

/// A name with a namespace beside it; `name@provider` is of another provider of Traefik's.
fn named(kind: Kind, holder: &Spot, found: &mut Found) {
    let name = holder.get("name").filter(|name| !name.text().unwrap_or_default().contains('@'));
    found.add_of(kind, holder.get("namespace"), name, Vec::new());
}

fn middleware(object: &Spot, found: &mut Found) {
    for middleware in object.items_at(&["spec", "chain", "middlewares"]) {
        named(Kind::Middleware, &middleware, found);
    }
    for auth in ["basicAuth", "digestAuth"] {
        found.add(Kind::Secret, object.at(&["spec", auth, "secret"]));
    }
    for key in ["caSecret", "certSecret"] {
        found.add(Kind::Secret, object.at(&["spec", "forwardAuth", "tls", key]));
    }
    object
        .at(&["spec", "errors", "service"])
        .iter()
        .for_each(|service| traefik_service(service, found));
}

fn external_secret(object: &Spot, found: &mut Found) {
    let own = object.at(&["spec", "secretStoreRef"]);
    let items = ["data", "dataFrom"].map(|list| object.items_at(&["spec", list])).concat();
    let others = items.iter().filter_map(|item| item.at(&["sourceRef", "storeRef"]));
    for store in own.into_iter().chain(others) {
        let kind = match store.text_at(&["kind"]) {
            None | Some("SecretStore") => Kind::SecretStore,
            Some("ClusterSecretStore") => Kind::ClusterSecretStore,
            Some(_) => continue,
        };
        found.add(kind, store.get("name"));
    }
}

fn backends(object: &Spot, found: &mut Found) {
    for rule in object.items_at(&["spec", "rules"]) {
        for backend in rule.items_at(&["backendRefs"]) {
            if backend.text_at(&["kind"]).is_none_or(|kind| kind == "Service") {
                named(Kind::Service, &backend, found);
            }
        }
    }
}
