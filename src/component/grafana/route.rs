//! How users reach Grafana.

use super::{USER_HEADER, host};
use crate::component::{ComponentId, metadata, route_tls};
use crate::manifest::{
    self, CustomSpec as _, HeadersMiddleware, IngressRouteSpec, MiddlewareSpec, NameAndNamespace,
    Route, RouteService,
};
use crate::model::{Plan, Traefik};
use crate::node::Node;
use crate::origin::Origin;

/// The route, and the middleware that takes the user's name from what clients send.
pub fn route(plan: &Plan, traefik: &Traefik, namespace: &str) -> Vec<Node> {
    const STRIP: &str = "grafana-strip-user";
    let host = host(plan);
    let home = &crate::component::namespace(plan, ComponentId::Grafana).origin;
    let from = [&host.origin, home].into_iter().chain(traefik.origins());
    let origin = Origin::whole("users reach Grafana through the proxy", from);
    let mut middlewares = Vec::new();
    let mut objects = Vec::new();
    if let Some(auth) = &traefik.forward_auth {
        let strip = MiddlewareSpec::Headers(HeadersMiddleware {
            custom_request_headers: manifest::text_map([(USER_HEADER, "")]),
        });
        let strip = strip.object(metadata(ComponentId::Grafana, namespace, STRIP));
        objects.push(manifest::object(&strip, &origin));
        middlewares.push(NameAndNamespace { name: STRIP.into(), namespace: namespace.into() });
        middlewares.extend(auth.middlewares.iter().map(|middleware| {
            let (namespace, name) = middleware.value.parts();
            NameAndNamespace { name: name.to_owned(), namespace: namespace.to_owned() }
        }));
    }
    let spec = IngressRouteSpec {
        entry_points: vec![traefik.entry_point.value.to_string()],
        routes: vec![Route {
            rule: format!("Host(`{}`)", host.value),
            kind: "Rule",
            middlewares,
            services: vec![RouteService { name: "grafana".into(), port: 80 }],
        }],
        tls: route_tls(traefik),
    };
    let object = spec.object(metadata(ComponentId::Grafana, namespace, "grafana"));
    objects.push(manifest::object(&object, &origin));
    objects
}
