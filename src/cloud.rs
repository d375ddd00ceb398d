//! Binding: a cloud turns what a workload asks for into grants.
//!
//! [`bind`] is the only way in, and the last step that can fail. Each cloud has the same function,
//! `grant`, with the same result; nothing behind this module can tell which one answered.

mod aws;
mod azure;
mod claims;
mod federation;
mod idle;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Cloud, CloudMetrics, Cluster, ClusterLabel, ClusterName, ClusterSpec, ControlRoomGrant,
    CsiProvider, Domain, Identity, ObjectName, ObjectStore, OrgId, PerClient, Plan, RemoteKey,
    RemoteKeys, RemoteSecret, SecretDelivery, SecretEntry, SecretGrant, SecretGrants, SecretKey,
    Secrets, SystemPods, Word, Workload,
};
pub use claims::Claim;

use crate::node::Node;
use crate::origin::Sourced;

/// What a cloud grants to one cluster.
struct CloudGrant {
    label: Sourced<ClusterLabel>,
    identities: PerClient<Identity>,
    grafana_identity: Option<Identity>,
    mimir_store: ObjectStore,
    loki_store: ObjectStore,
    cloud_metrics: CloudMetrics,
    autoscaler: Option<SystemPods>,
    credential_agent: Option<Sourced<crate::model::Cidr>>,
    control_room_tenant: Sourced<OrgId>,
    csi: CsiProvider,
    realm: String,
    remote: RemoteSecrets,
    needs: Node,
    claims: Vec<Claim>,
}

/// Where each secret stands in a store.
struct RemoteSecrets {
    mimir_auth: RemoteSecret,
    grafana_database: RemoteSecret,
    grafana_admin_user: RemoteSecret,
    grafana_admin_password: RemoteSecret,
}

impl RemoteSecrets {
    /// These places, unless the spec names others.
    fn or_as_written(self, workload: &Workload) -> RemoteSecrets {
        let keys = match &workload.secrets {
            Secrets::Existing => return self,
            Secrets::ExternalSecrets(external) => &external.keys,
            Secrets::SecretsStoreCsi(csi) => &csi.keys,
        };
        let RemoteKeys { mimir_auth, grafana_database, grafana_admin_user, grafana_admin_password } =
            keys.clone();
        RemoteSecrets {
            mimir_auth: mimir_auth.unwrap_or(self.mimir_auth),
            grafana_database: grafana_database.unwrap_or(self.grafana_database),
            grafana_admin_user: grafana_admin_user.unwrap_or(self.grafana_admin_user),
            grafana_admin_password: grafana_admin_password.unwrap_or(self.grafana_admin_password),
        }
    }

    /// What Grafana reads.
    fn of_grafana(&self) -> [&RemoteSecret; 3] {
        [&self.grafana_database, &self.grafana_admin_user, &self.grafana_admin_password]
    }
}

/// What binding makes of a workload.
#[derive(Debug, Clone)]
pub struct Bound {
    /// A plan for each cluster, by release id.
    pub plans: Vec<Plan>,
    /// Every name that nothing else may use.
    pub claims: Vec<Claim>,
}

/// Binds every cluster of a workload.
pub fn bind(workload: &Workload, diags: &mut Diagnostics) -> Option<Bound> {
    let mut bound = Bound { plans: Vec::new(), claims: Vec::new() };
    for cluster in &workload.clusters {
        let grant = match &workload.cloud {
            Cloud::Aws(aws) => aws::grant(workload, aws, cluster, diags),
            Cloud::Azure(azure) => azure::grant(workload, azure, cluster, diags),
        };
        let Some(grant) = grant else { continue };
        bound.claims.extend(grant.claims.iter().cloned());
        bound.claims.extend(claims::of_cluster(workload, cluster, &grant));
        bound.plans.extend(plan(workload, cluster, grant, diags));
    }
    idle::refuse_all(workload, diags);
    claims::refuse_collisions(&bound.claims, diags);
    // Two workloads may share a host while one takes over from the other; two parts of one may not.
    claims::refuse_collisions(&claims::of_hosts(workload), diags);
    (bound.plans.len() == workload.clusters.len() && !diags.has_errors()).then_some(bound)
}

fn plan(
    workload: &Workload,
    spec: &ClusterSpec,
    grant: CloudGrant,
    diags: &mut Diagnostics,
) -> Option<Plan> {
    let name = spec.cloud_name(&workload.name);
    let cluster = Cluster {
        release: spec.release.clone(),
        name: checked::<ClusterName>(&name, "a cluster name", diags)?,
        destination: spec.destination.clone(),
        label: grant.label,
        kubernetes: spec.kubernetes.clone(),
        taints: spec.taints.clone(),
    };
    let secrets = secret_grants(workload, grant.csi, grant.remote, diags)?;
    Some(Plan {
        labels: workload.labels.clone(),
        group: workload.group.clone(),
        workload: workload.name.clone(),
        tenant: workload.tenant.clone(),
        domain: workload.domain.clone(),
        cluster,
        names: workload.names.clone(),
        sites: workload.sites.clone(),
        control_room: control_room(workload, &grant.control_room_tenant),
        ingress: workload.ingress.clone(),
        collect: workload.collect.clone(),
        telemetry_reporting: workload.telemetry_reporting.clone(),
        cloud_metrics: workload.collect.cloud_metrics.value.then_some(grant.cloud_metrics),
        autoscaler: grant.autoscaler,
        credential_agent: grant.credential_agent,
        identities: grant.identities,
        grafana_identity: grant.grafana_identity,
        mimir_store: grant.mimir_store,
        loki_store: grant.loki_store,
        secrets,
        alloy: workload.alloy.clone(),
        mimir: workload.mimir.clone(),
        loki: workload.loki.clone(),
        grafana: workload.grafana.clone(),
        delivery: workload.delivery.clone(),
        cloud_needs: grant.needs,
    })
}

fn control_room(workload: &Workload, tenant: &Sourced<OrgId>) -> Option<ControlRoomGrant> {
    let asked = workload.control_room.as_ref()?;
    Some(ControlRoomGrant {
        push_url: asked.domain.derive("the control room's Mimir takes metrics here", |domain| {
            format!("https://mimir.{domain}/api/v1/push")
        }),
        tenant: asked.tenant.clone().unwrap_or_else(|| tenant.clone()),
        username: workload.name.clone(),
        keep_metrics: asked.keep_metrics.clone(),
    })
}

fn secret_grants(
    workload: &Workload,
    csi: CsiProvider,
    remote: RemoteSecrets,
    diags: &mut Diagnostics,
) -> Option<SecretGrants> {
    let delivery = match &workload.secrets {
        Secrets::Existing => SecretDelivery::Existing,
        Secrets::ExternalSecrets(external) => SecretDelivery::ExternalSecrets {
            kind: external.store_kind.clone(),
            name: external.store_name.clone(),
        },
        Secrets::SecretsStoreCsi(_) => SecretDelivery::Csi(csi),
    };
    if workload.grafana.database_secret.value == workload.grafana.admin_secret.value {
        let message = "the database and the administrator cannot share one Secret";
        let at = &workload.grafana.admin_secret.origin;
        let error = Diagnostic::derived_error(Code::Conflict, at, message);
        let database = workload.grafana.database_secret.origin.written();
        diags.push(error.related(database, "the database's Secret"));
        return None;
    }
    let mimir_auth = workload.control_room.as_ref().map(|room| SecretGrant {
        namespace: workload.names.namespaces.alloy.clone(),
        name: room.secret.clone(),
        entries: vec![entry("password", remote.mimir_auth)],
        purpose: "basic authentication at the control room's Mimir",
    });
    let grafana = |name: &Sourced<ObjectName>, entries, purpose| SecretGrant {
        namespace: workload.names.grafana_namespace.clone(),
        name: name.clone(),
        entries,
        purpose,
    };
    let url = remote.grafana_database;
    let (user, password) = (remote.grafana_admin_user, remote.grafana_admin_password);
    let database = SecretEntry { key: workload.grafana.database_key.clone(), remote: url };
    let admin = vec![entry("admin-user", user), entry("admin-password", password)];
    Some(SecretGrants {
        delivery,
        mimir_auth,
        grafana_database: grafana(
            &workload.grafana.database_secret,
            vec![database],
            "Grafana's database, as `postgres://user:password@host/database`",
        ),
        grafana_admin: grafana(&workload.grafana.admin_secret, admin, "Grafana's administrator"),
    })
}

/// A key of ours: those who read the Secret expect it under this name.
fn entry(key: &'static str, remote: RemoteSecret) -> SecretEntry {
    let key = Sourced::default(SecretKey::constant(key), "those who read the Secret expect it");
    SecretEntry { key, remote }
}

/// A derived name, if its type allows it; otherwise the finding says which name became illegal.
fn checked<T: Word>(
    name: &Sourced<String>,
    what: &'static str,
    diags: &mut Diagnostics,
) -> Option<Sourced<T>> {
    if let Some(value) = T::parse(&name.value) {
        return Some(Sourced { value, origin: name.origin.clone() });
    }
    let length = name.value.chars().count();
    let message = format!("`{}` ({length} characters) would be {what}, and is not one", name.value);
    let error = Diagnostic::derived_error(Code::Name, &name.origin, message);
    diags.push(error.help(format!("the rule is: {}; shorten the name or override it", T::RULE)));
    None
}

/// An override, or the derived name if its type allows it.
fn named<T: Word>(
    written: Option<&Sourced<T>>,
    derived: impl FnOnce() -> Sourced<String>,
    what: &'static str,
    diags: &mut Diagnostics,
) -> Option<Sourced<T>> {
    written.cloned().or_else(|| checked(&derived(), what, diags))
}

/// A secret's place in the store, by derivation.
fn remote(
    name: &Sourced<String>,
    property: Option<Sourced<SecretKey>>,
    diags: &mut Diagnostics,
) -> Option<RemoteSecret> {
    let key = checked::<RemoteKey>(name, "a secret's name in the store", diags)?;
    Some(RemoteSecret { key, property })
}

/// The hosts that users and browsers must be able to resolve.
pub fn public_hosts(plan: &Plan) -> Vec<Sourced<Domain>> {
    let host = |label: &str, rule| {
        plan.domain.derive(rule, |domain| {
            Domain::parse(&format!("{label}.{domain}")).unwrap_or_else(|| domain.clone())
        })
    };
    let grafana =
        host(plan.grafana.domain_prefix.value.as_str(), "Grafana answers below the main domain");
    let mut hosts = vec![grafana];
    if plan.collect.faro.value {
        let faro = host("faro", "browsers send logs below the main domain");
        hosts.push(faro.also_from(&plan.collect.faro.origin));
    }
    hosts
}
