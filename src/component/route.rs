//! Routes of the proxy: how requests from outside reach a component.

use crate::model::{TlsEnd, Traefik};
use crate::node::{Map, Node, because, derived, list, map};
use crate::origin::{Origin, Sourced};

/// A Service that Traefik sends requests to, and what happens to them on the way.
pub struct Route<'a> {
    /// Why there is a route.
    pub why: &'static str,
    /// The host that requests ask for.
    pub host: &'a Sourced<String>,
    /// The middlewares: name and namespace of each.
    pub middlewares: Vec<[Node; 2]>,
    /// The Service.
    pub service: &'static str,
    /// Its port.
    pub port: u16,
}

/// The spec of a route. Source: Traefik's reference, version 3.
pub fn route(traefik: &Traefik, Route { why, host, middlewares, service, port }: Route) -> Node {
    let service = map([("name", because(why, service)), ("port", because(why, u32::from(port)))]);
    let rule = derived(why, [&host.origin], format!("Host(`{}`)", host.value));
    let route =
        map([("match", rule), ("kind", because(why, "Rule")), ("services", list([service]))]);
    let reference = |[name, namespace]: [Node; 2]| map([("name", name), ("namespace", namespace)]);
    let middlewares: Vec<Node> = middlewares.into_iter().map(reference).collect();
    let middlewares = (!middlewares.is_empty()).then(|| ("middlewares", list(middlewares)));
    let route = route.with(map(middlewares));
    let entry = list([Node::from(&traefik.entry_point)]);
    let spec = map([("entryPoints", entry), ("routes", list([route]))]);
    match route_tls(traefik) {
        Some(tls) => spec.with(map([("tls", tls)])),
        None => spec,
    }
}

/// A route's TLS. A router with this section, even an empty one, takes nothing but TLS, so there is
/// none where TLS ended before.
fn route_tls(traefik: &Traefik) -> Option<Node> {
    let ends: &Origin = &traefik.tls_ends_at.origin;
    match (traefik.tls_ends_at.value, &traefik.tls_secret) {
        (TlsEnd::LoadBalancer, _) => None,
        (TlsEnd::Traefik, Some(secret)) => {
            Some(map([("secretName", Node::from(secret))]).because_of(&[ends]))
        }
        (TlsEnd::Traefik, None) => Some(derived("TLS ends here", [ends], Map::new())),
    }
}
