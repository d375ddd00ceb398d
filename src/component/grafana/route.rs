//! How users reach Grafana.

use super::{USER_HEADER, host};
use crate::component::{self, ComponentId, Route, metadata, namespace};
use crate::manifest;
use crate::model::{Plan, Traefik};
use crate::node::{Node, because, derived, map};

const WHY: &str = "users reach Grafana through the proxy";

/// The route, and the middleware that takes the user's name from what clients send.
pub fn route(plan: &Plan, traefik: &Traefik) -> Vec<Node> {
    const STRIP: &str = "a client must not say itself who its user is";
    let strip = || because(STRIP, "grafana-strip-user");
    let space = Node::from(namespace(plan, ComponentId::Grafana));
    let mut middlewares = Vec::new();
    let mut objects = Vec::new();
    if let Some(auth) = &traefik.forward_auth {
        let headers = map([(USER_HEADER, because(STRIP, ""))]);
        let spec = map([("headers", map([("customRequestHeaders", headers)]))]);
        objects.push(object(plan, manifest::MIDDLEWARE, strip(), spec));
        middlewares.push([strip(), space]);
        middlewares.extend(auth.middlewares.iter().map(|middleware| {
            let (namespace, name) = middleware.value.parts();
            [name, namespace].map(|part| {
                derived("who a user is, the middleware asks", [&middleware.origin], part.to_owned())
            })
        }));
    }
    let host = host(plan);
    let route = Route { why: WHY, host: &host, middlewares, service: "grafana", port: 80 };
    let spec = component::route(traefik, route);
    objects.push(object(plan, manifest::INGRESS_ROUTE, because(WHY, "grafana"), spec));
    objects
}

fn object(plan: &Plan, kind: manifest::Kind, name: Node, spec: Node) -> Node {
    let metadata = metadata(plan, ComponentId::Grafana, name);
    manifest::object(kind, metadata, map([("spec", spec)]))
}
