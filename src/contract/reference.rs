//! Names by which one thing refers to another: what objects and charts' values name, and what makes it.
//!
//! [`in_object`] and [`in_values`] list what is named, [`made_by_object`] and [`made_by_chart`] what
//! there is then. Whether a name leads nowhere is for those to say who know all of it.

mod charts;
mod dashboards;
mod found;
mod hosts;
mod made;
mod objects;
mod pods;
mod spot;
mod values;

pub use charts::{ChartObjects, made_by_chart};
pub use dashboards::{Source, in_alerts, in_dashboard};
pub use found::Reference;
pub use hosts::{Host, hosts};
pub use made::{Made, made_by_object, opened_by_object};
pub use objects::in_object;
pub use spot::Spot;
pub use values::{Identity, annotated_middlewares, identities, in_values};

/// What kind of thing is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A Secret.
    Secret,
    /// A `ConfigMap`.
    ConfigMap,
    /// A `PersistentVolumeClaim`.
    Claim,
    /// A `ServiceAccount`.
    ServiceAccount,
    /// A Service.
    Service,
    /// A middleware of Traefik's.
    Middleware,
    /// One for connections that are no HTTP.
    MiddlewareTcp,
    /// Where the External Secrets Operator reads, for one namespace.
    SecretStore,
    /// The same, for all namespaces.
    ClusterSecretStore,
    /// What the Secrets Store CSI driver mounts.
    ProviderClass,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 10] = [
        Kind::Secret,
        Kind::ConfigMap,
        Kind::Claim,
        Kind::ServiceAccount,
        Kind::Service,
        Kind::Middleware,
        Kind::MiddlewareTcp,
        Kind::SecretStore,
        Kind::ClusterSecretStore,
        Kind::ProviderClass,
    ];

    /// The kind's name in objects.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Secret => "Secret",
            Kind::ConfigMap => "ConfigMap",
            Kind::Claim => "PersistentVolumeClaim",
            Kind::ServiceAccount => "ServiceAccount",
            Kind::Service => "Service",
            Kind::Middleware => "Middleware",
            Kind::MiddlewareTcp => "MiddlewareTCP",
            Kind::SecretStore => "SecretStore",
            Kind::ClusterSecretStore => "ClusterSecretStore",
            Kind::ProviderClass => "SecretProviderClass",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A thing, by what it is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// What it is.
    pub kind: Kind,
    /// Its namespace; empty for what has none.
    pub namespace: String,
    /// Its name.
    pub name: String,
}
