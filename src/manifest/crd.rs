//! Objects of operators, as far as we make them. Sources: the API reference of each operator, for
//! the version that the struct's constant names.

use super::ObjectMeta;
use serde::Serialize;
use std::collections::BTreeMap;

/// An object of an operator: its type, its name, and a spec that only that operator understands.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Custom<S> {
    /// Group and version.
    pub api_version: &'static str,
    /// Kind.
    pub kind: &'static str,
    /// Name, namespace, labels.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: S,
}

/// A spec that belongs to one kind.
pub trait CustomSpec: Serialize + Sized {
    /// Group and version.
    const API_VERSION: &'static str;
    /// Kind.
    const KIND: &'static str;

    /// The object with this spec.
    fn object(self, metadata: ObjectMeta) -> Custom<Self> {
        Custom { api_version: Self::API_VERSION, kind: Self::KIND, metadata, spec: self }
    }
}

macro_rules! kinds {
    ($($spec:ident = $api_version:literal $kind:literal;)*) => {$(
        impl CustomSpec for $spec {
            const API_VERSION: &'static str = $api_version;
            const KIND: &'static str = $kind;
        }
    )*};
}

kinds! {
    ExternalSecretSpec = "external-secrets.io/v1" "ExternalSecret";
    SecretProviderClassSpec = "secrets-store.csi.x-k8s.io/v1" "SecretProviderClass";
    MiddlewareSpec = "traefik.io/v1alpha1" "Middleware";
    IngressRouteSpec = "traefik.io/v1alpha1" "IngressRoute";
    ApplicationSpec = "argoproj.io/v1alpha1" "Application";
    HelmReleaseSpec = "helm.toolkit.fluxcd.io/v2" "HelmRelease";
    HelmRepositorySpec = "source.toolkit.fluxcd.io/v1" "HelmRepository";
}

/// A Secret that the External Secrets Operator keeps.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretSpec {
    /// How often it is read again.
    pub refresh_interval: &'static str,
    /// From where.
    pub secret_store_ref: KindAndName,
    /// Into which Secret.
    pub target: ExternalSecretTarget,
    /// Which keys.
    pub data: Vec<ExternalSecretData>,
}

/// The Secret that is made.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretTarget {
    /// Its name.
    pub name: String,
    /// Who deletes it.
    pub creation_policy: &'static str,
}

/// One key of the Secret.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretData {
    /// The key.
    pub secret_key: String,
    /// Its place in the store.
    pub remote_ref: RemoteRef,
}

/// A place in a store.
#[derive(Debug, Clone, Serialize)]
pub struct RemoteRef {
    /// The secret's name.
    pub key: String,
    /// A member of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
}

/// A reference within a namespace, or to something without one.
#[derive(Debug, Clone, Serialize)]
pub struct KindAndName {
    /// The kind.
    pub kind: String,
    /// The name.
    pub name: String,
}

/// Secrets that the CSI driver mounts, and the Secrets it makes of them.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretProviderClassSpec {
    /// `aws` or `azure`.
    pub provider: &'static str,
    /// What the provider reads.
    pub parameters: BTreeMap<String, String>,
    /// The Secrets that are made.
    pub secret_objects: Vec<SecretObject>,
}

/// A Secret that the driver makes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretObject {
    /// Its name.
    pub secret_name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub secret_type: &'static str,
    /// Its keys.
    pub data: Vec<SecretObjectData>,
}

/// A key of such a Secret.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretObjectData {
    /// The mounted file.
    pub object_name: String,
    /// The key.
    pub key: String,
}

/// Something that Traefik does to a request. Exactly one of them.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum MiddlewareSpec {
    /// Sets and removes headers.
    Headers(HeadersMiddleware),
    /// Bounds how often a client may call.
    RateLimit(RateLimit),
}

/// Headers set on requests; an empty value removes the header.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadersMiddleware {
    /// By name.
    pub custom_request_headers: BTreeMap<String, String>,
}

/// Requests of one client.
#[derive(Debug, Clone, Serialize)]
pub struct RateLimit {
    /// Per second.
    pub average: u32,
    /// At once.
    pub burst: u32,
}

/// A route of Traefik's.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngressRouteSpec {
    /// Where requests come in.
    pub entry_points: Vec<String>,
    /// What matches, and where it goes.
    pub routes: Vec<Route>,
    /// The certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<RouteTls>,
}

/// One rule of a route.
#[derive(Debug, Clone, Serialize)]
pub struct Route {
    /// Traefik's rule syntax, version 3.
    #[serde(rename = "match")]
    pub rule: String,
    /// Always `Rule`.
    pub kind: &'static str,
    /// What happens on the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub middlewares: Vec<NameAndNamespace>,
    /// Where requests go.
    pub services: Vec<RouteService>,
}

/// A reference into a namespace.
#[derive(Debug, Clone, Serialize)]
pub struct NameAndNamespace {
    /// The name.
    pub name: String,
    /// The namespace.
    pub namespace: String,
}

/// A Service behind a route.
#[derive(Debug, Clone, Serialize)]
pub struct RouteService {
    /// Its name.
    pub name: String,
    /// Its port.
    pub port: u16,
}

/// A route's certificate.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteTls {
    /// The Secret that holds it; Traefik's default certificate if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_name: Option<String>,
}

/// An application of Argo CD.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSpec {
    /// Its project.
    pub project: String,
    /// Where its objects go.
    pub destination: Destination,
    /// The chart, and the repository with its values.
    pub sources: Vec<ApplicationSource>,
    /// How it is kept.
    pub sync_policy: SyncPolicy,
}

/// A cluster and a namespace.
#[derive(Debug, Clone, Serialize)]
pub struct Destination {
    /// The cluster's name in Argo CD.
    pub name: String,
    /// The namespace, for objects that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// A chart, or a repository that only lends files.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSource {
    /// The repository.
    #[serde(rename = "repoURL")]
    pub repo_url: String,
    /// A version of the chart, or a revision.
    pub target_revision: String,
    /// The chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<&'static str>,
    /// The name by which value files refer to this source.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<&'static str>,
    /// A folder of objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How the chart is rendered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helm: Option<ApplicationHelm>,
}

/// How Argo CD renders a chart.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationHelm {
    /// The release's name.
    pub release_name: &'static str,
    /// Files of values.
    pub value_files: Vec<String>,
}

/// How Argo CD keeps an application.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncPolicy {
    /// Without being told.
    pub automated: Automated,
    /// Options.
    pub sync_options: Vec<&'static str>,
}

/// What Argo CD does without being told.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Automated {
    /// Removes what is gone from the source.
    pub prune: bool,
    /// Undoes changes in the cluster.
    pub self_heal: bool,
}

/// A release of Flux's.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HelmReleaseSpec {
    /// How often it is looked at.
    pub interval: &'static str,
    /// How long an action may take.
    pub timeout: &'static str,
    /// The release's name.
    pub release_name: &'static str,
    /// The chart.
    pub chart: HelmChartTemplate,
    /// Releases that come first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<NameAndNamespace>,
    /// Where values come from.
    pub values_from: Vec<ValuesFrom>,
    /// What happens at first.
    pub install: HelmAction,
    /// What happens later.
    pub upgrade: HelmAction,
}

/// A chart, as Flux names it.
#[derive(Debug, Clone, Serialize)]
pub struct HelmChartTemplate {
    /// The chart.
    pub spec: HelmChartSpec,
}

/// A chart in a repository.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HelmChartSpec {
    /// Its name.
    pub chart: &'static str,
    /// Its exact version.
    pub version: &'static str,
    /// Its repository.
    pub source_ref: SourceRef,
}

/// A source of Flux's.
#[derive(Debug, Clone, Serialize)]
pub struct SourceRef {
    /// Its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
}

/// A ConfigMap with values.
#[derive(Debug, Clone, Serialize)]
pub struct ValuesFrom {
    /// Always `ConfigMap`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
}

/// How a release is installed or upgraded.
#[derive(Debug, Clone, Serialize)]
pub struct HelmAction {
    /// What happens to the chart's own resource definitions.
    pub crds: &'static str,
    /// What happens after a failure.
    pub strategy: Strategy,
}

/// What happens after a failure.
#[derive(Debug, Clone, Serialize)]
pub struct Strategy {
    /// Its name.
    pub name: &'static str,
}

/// A repository of charts.
#[derive(Debug, Clone, Serialize)]
pub struct HelmRepositorySpec {
    /// How often its index is read.
    pub interval: &'static str,
    /// Its address.
    pub url: &'static str,
}
