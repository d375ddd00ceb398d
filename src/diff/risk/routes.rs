//! Who reaches what: routes, services.
//!
//! Sources: the reference of Traefik 3's custom resources, of Ingress and Service in the
//! Kubernetes API, and of the Gateway API.

use super::when::When::{Added, Always, Becomes, Lost, NoLonger, Removed, Set};
use super::{Rule, rules};

const PUBLIC: &str = "it is reached from where it was not";
const LESS_BETWEEN: &str = "less stands between a request and the service";
const WEAKER: &str = "connections with weaker encryption are taken";
const ADDRESS: &str = "the API server refuses changes of a service's addresses";

/// Of `IngressRoute`, `IngressRouteTCP`, `IngressRouteUDP`.
pub const INGRESS_ROUTE: &[Rule] = rules! {
    "spec/routes/**/match|kind" Always => Exposure, PUBLIC;
    "spec/routes/*" Added => Exposure, PUBLIC;
    "spec/routes/*/middlewares/**" Lost => Exposure, LESS_BETWEEN;
    "spec/routes/*/services/**" Lost => Exposure, PUBLIC;
    "spec/routes/*/services/*/name" Added => Exposure, PUBLIC;
    "spec/entryPoints/**" Always => Exposure, PUBLIC;
    "spec/tls/options/**" Lost => Exposure, LESS_BETWEEN;
};

/// Of `Middleware`.
pub const MIDDLEWARE: &[Rule] = rules! {
    "spec/headers|forwardAuth|basicAuth|digestAuth|inFlightReq|chain|plugin/**" Lost
        => Exposure, LESS_BETWEEN;
    "spec/forwardAuth/trustForwardHeader" Becomes(&["true"]) => Exposure, LESS_BETWEEN;
    "spec/forwardAuth/tls/insecureSkipVerify" Becomes(&["true"]) => Exposure, LESS_BETWEEN;
};

/// Of `TLSOption`.
pub const TLS_OPTION: &[Rule] = rules! {
    "spec/minVersion" Becomes(&["VersionTLS10", "VersionTLS11"]) => Exposure, WEAKER;
    "spec/minVersion" NoLonger(&["VersionTLS13"]) => Exposure, WEAKER;
    "spec/minVersion" Removed => Exposure, WEAKER;
    "spec/cipherSuites/**" Added => Exposure, WEAKER;
    "spec/clientAuth/clientAuthType" NoLonger(&["RequireAndVerifyClientCert"]) => Exposure, LESS_BETWEEN;
    "spec/clientAuth/secretNames/*" Added => Exposure, "who has a certificate of another authority is let in";
    "spec/sniStrict" NoLonger(&["true"]) => Exposure, LESS_BETWEEN;
};

/// Of `ReferenceGrant`.
pub const GRANT: &[Rule] = rules! {
    "spec/from|to/**" Set => Exposure, PUBLIC;
    "spec/to/*/name" Removed => Exposure, PUBLIC;
};

/// Of `Ingress`.
pub const INGRESS: &[Rule] = rules! {
    "spec/rules|defaultBackend|ingressClassName/**" Always => Exposure, PUBLIC;
    "spec/tls/**" Lost => Exposure, LESS_BETWEEN;
    "metadata/annotations/*" Lost => Exposure, LESS_BETWEEN;
};

/// Of the routes and gateways of the Gateway API.
pub const GATEWAY: &[Rule] = rules! {
    "spec/hostnames|parentRefs|rules|listeners|addresses/**" Always => Exposure, PUBLIC;
};

/// Of `Service`.
pub const SERVICE: &[Rule] = rules! {
    "spec/type" Becomes(&["LoadBalancer", "NodePort", "ExternalName"]) => Exposure, PUBLIC;
    "spec/externalIPs|externalName|loadBalancerIP/**" Always => Exposure, PUBLIC;
    "spec/ports/*/nodePort" Added => Exposure, PUBLIC;
    "spec/clusterIP|clusterIPs|ipFamilies|ipFamilyPolicy/**" Lost => Immutable, ADDRESS;
    "spec/clusterIP|loadBalancerClass" Always => Immutable, ADDRESS;
    "spec/selector/*" Lost => TelemetryLoss, "requests no longer reach the pods that they reached";
    "spec/ports/**" Lost => TelemetryLoss, "requests no longer reach the pods that they reached";
};
