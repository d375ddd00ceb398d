//! Names, secrets and delivery.

use super::section::Section;
use crate::diag::{Code, Diagnostic};
use crate::model::{
    ArgoCd, CsiKeys, Delivery, Domain, ExternalSecrets, Flux, FolderPath, NamePrefix, Names,
    Namespace, ObjectName, PerClient, RemoteKeys, RemoteSecret, Revision, Secrets, StoreKind,
    Word as _, service_account,
};
use crate::origin::Sourced;

/// The naming section.
pub fn names(spec: &mut Section) -> Option<Names> {
    spec.defaulted("naming", "what derived names are made of", |section| {
        let prefix = section.or_default(
            "prefix",
            "in front of cloud names",
            NamePrefix::constant("ptd"),
            "the reference system's prefix",
        );
        let suffix = section.or_default(
            "suffix",
            "behind identities, and in front of the organisation's labels and tags",
            Domain::constant("posit.team"),
            "the reference system's suffix",
        );
        let accounts =
            section.defaulted("serviceAccounts", "what cloud identities trust", |section| {
                let account = |section: &mut Section, key, doc| {
                    section.optional(key, doc).unwrap_or_else(|| account_of(key, &suffix))
                };
                let alloy = account(section, "alloy", "default: `alloy.<suffix>`");
                let mimir = account(section, "mimir", "default: `mimir.<suffix>`");
                let loki = account(section, "loki", "default: `loki.<suffix>`");
                let grafana = account(section, "grafana", "default: `grafana.<suffix>`");
                Some((PerClient { alloy, mimir, loki }, grafana))
            });
        let namespaces = section.defaulted("namespaces", "where the components live", |section| {
            let space = |section: &mut Section, key: &'static str, doc| {
                const WHY: &str = "a namespace for each component, as in the reference system";
                section.or_default(key, doc, Namespace::constant(key), WHY)
            };
            let alloy = space(section, "alloy", "the collector's");
            let mimir = space(section, "mimir", "the metrics store's");
            let loki = space(section, "loki", "the log store's");
            let grafana = space(section, "grafana", "the user interface's");
            refuse_shared(section, &[&alloy, &mimir, &loki, &grafana]);
            Some((PerClient { alloy, mimir, loki }, grafana))
        });
        let ((service_accounts, grafana_service_account), (namespaces, grafana_namespace)) =
            (accounts?, namespaces?);
        Some(Names {
            prefix,
            suffix,
            service_accounts,
            grafana_service_account,
            namespaces,
            grafana_namespace,
        })
    })
}

/// Network policies and secrets belong to a namespace, so two components cannot share one.
fn refuse_shared(section: &mut Section, spaces: &[&Sourced<Namespace>]) {
    for (position, later) in spaces.iter().enumerate() {
        let earlier = spaces.iter().take(position).find(|space| space.value == later.value);
        let Some(earlier) = earlier else { continue };
        let message = format!("two components would share the namespace `{}`", later.value);
        let at = later.origin.written().or_else(|| earlier.origin.written());
        let error = Diagnostic::error(Code::Collision, at, message);
        section.report(error.help("give each component a namespace of its own"));
    }
}

fn account_of(client: &'static str, suffix: &Sourced<Domain>) -> Sourced<ObjectName> {
    suffix.derive("service accounts are called `<component>.<suffix>`", |suffix| {
        let name = service_account(client, suffix);
        ObjectName::parse(&name).unwrap_or(ObjectName::constant("unnamed"))
    })
}

/// The secrets section; absent means that somebody else makes the Secrets.
pub fn secrets(spec: &mut Section) -> Secrets {
    let secrets = spec.section("secrets", "where Secrets come from", |section| {
        section.exactly_one(&["existing", "externalSecrets", "secretsStoreCsi"]);
        let existing = section.section("existing", "somebody else makes them", |_| Some(()));
        let external = section.section(
            "externalSecrets",
            "the External Secrets Operator makes them",
            external_secrets,
        );
        let csi = section.section(
            "secretsStoreCsi",
            "the Secrets Store CSI driver makes them",
            |section| Some(CsiKeys { keys: remote_keys(section)? }),
        );
        match (existing, external, csi) {
            (_, Some(external), _) => Some(Secrets::ExternalSecrets(external.value)),
            (_, _, Some(csi)) => Some(Secrets::SecretsStoreCsi(csi.value)),
            (_, None, None) => Some(Secrets::Existing),
        }
    });
    secrets.map_or(Secrets::Existing, |sourced| sourced.value)
}

fn external_secrets(section: &mut Section) -> Option<ExternalSecrets> {
    let store = section.required_section("store", "which store to read", |store| {
        let kind = store.or_default(
            "kind",
            "its scope",
            StoreKind::ClusterSecretStore,
            "one store serves the namespaces of all components",
        );
        let name = store.required("name", "its name");
        Some((kind, name?))
    });
    let keys = remote_keys(section);
    let (store_kind, store_name) = store?;
    Some(ExternalSecrets { store_kind, store_name, keys: keys? })
}

fn remote_keys(section: &mut Section) -> Option<RemoteKeys> {
    section.defaulted("keys", "overrides of the secrets' names in the store", |keys| {
        Some(RemoteKeys {
            mimir_auth: remote(keys, "mimirAuth", "the control room's password"),
            grafana_database: remote(keys, "grafanaDatabase", "the database's URL"),
            grafana_admin_user: remote(keys, "grafanaAdminUser", "the administrator's name"),
            grafana_admin_password: remote(
                keys,
                "grafanaAdminPassword",
                "the administrator's password",
            ),
        })
    })
}

fn remote(section: &mut Section, key: &'static str, doc: &str) -> Option<RemoteSecret> {
    let secret = section.section(key, doc, |section| {
        let key = section.required("key", "the secret's name in the store");
        let property = section.optional("property", "its member, if it is a JSON object");
        Some(RemoteSecret { key: key?, property })
    });
    secret.map(|sourced| sourced.value)
}

/// The delivery section; absent means that the tree is applied by other means.
pub fn delivery(spec: &mut Section) -> Option<Delivery> {
    let delivery = spec.section("delivery", "what applies the tree", |section| {
        section.exactly_one(&["argocd", "flux"]);
        let argocd = section.section("argocd", "Argo CD", argocd);
        let flux = section.section("flux", "Flux", flux);
        match (argocd, flux) {
            (Some(argocd), _) => Some(Delivery::ArgoCd(argocd.value)),
            (None, Some(flux)) => Some(Delivery::Flux(flux.value)),
            (None, None) => None,
        }
    });
    delivery.map(|sourced| sourced.value)
}

fn argocd(section: &mut Section) -> Option<ArgoCd> {
    let repo_url = section.required("repoUrl", "the repository that holds the tree");
    let target_revision = section.or_default(
        "targetRevision",
        "its revision",
        Revision::constant("main"),
        "the usual default branch",
    );
    let path = section.or_default(
        "path",
        "the output folder in it",
        FolderPath::constant("rendered"),
        "generated files keep a folder of their own",
    );
    let project = section.or_default(
        "project",
        "the project of the Applications",
        ObjectName::constant("default"),
        "the project that every Argo CD has",
    );
    let namespace = section.or_default(
        "namespace",
        "the namespace of the Applications",
        Namespace::constant("argocd"),
        "where Argo CD looks for them",
    );
    let destination = section.or_default(
        "destination",
        "the destination cluster's name in Argo CD",
        ObjectName::constant("in-cluster"),
        "Argo CD's name for the cluster that it runs in",
    );
    Some(ArgoCd { repo_url: repo_url?, target_revision, path, project, namespace, destination })
}

fn flux(section: &mut Section) -> Option<Flux> {
    Some(Flux {
        namespace: section.or_default(
            "namespace",
            "the namespace of the chart repositories",
            Namespace::constant("flux-system"),
            "where Flux is bootstrapped",
        ),
    })
}
