//! Words with rules: every text that reaches the output is one of these types, and the rule of
//! each stands in one place. The published JSON Schema prints the same pattern.

use crate::node::{Data, Text};
use regex_lite::Regex;
use std::fmt;
use std::sync::LazyLock;

/// A text type with a rule.
pub trait Word: Sized + Clone + fmt::Display {
    /// What people call it, with its article.
    const WHAT: &'static str;
    /// The whole rule, as a regular expression that ECMA-262 and Rust read alike.
    const PATTERN: &'static str;
    /// The rule in words, to be shown as help.
    const RULE: &'static str;

    /// The word that `text` is, if the rule allows it.
    fn parse(text: &str) -> Option<Self>;
    /// The text itself.
    fn as_str(&self) -> &str;
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $pattern:literal, $rule:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(Text);

        impl Word for $name {
            const WHAT: &'static str = $what;
            const PATTERN: &'static str = $pattern;
            const RULE: &'static str = $rule;

            fn parse(text: &str) -> Option<Self> {
                static RULE: LazyLock<Regex> =
                    LazyLock::new(|| Regex::new($pattern).expect("bug: a word's pattern compiles"));
                RULE.is_match(text).then(|| $name(Text::Owned(text.to_owned())))
            }

            fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $name {
            /// A constant of ours. A test proves that every default of the spec keeps its rule.
            pub const fn constant(text: &'static str) -> Self {
                $name(Text::Borrowed(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for Data {
            fn from(word: $name) -> Data {
                Data::Text(word.0)
            }
        }
    )*};
}

words! {
    /// A workload: `<true name>-<environment>`, split at the last dash.
    WorkloadName, "a workload name", r"^[a-z]([a-z0-9-]{0,37}[a-z0-9])?-[a-z][a-z0-9]{0,22}$",
        "lower-case letters, digits and dashes, `<name>-<environment>`, at most 63 characters";
    /// The tenant as people read it: the label `tenant_name`.
    TenantName, "a tenant name", r"^[^\u0000-\u001f\u007f]{1,128}$",
        "one line of 1 to 128 characters";
    /// A cluster's release id.
    ReleaseId, "a release id", r"^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$",
        "at most 20 lower-case letters, digits and dashes, like \"20250115\"";
    /// A site's name.
    SiteName, "a site name", r"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$",
        "at most 40 lower-case letters, digits and dashes";
    /// A DNS name of at least two labels.
    Domain, "a domain", r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$",
        "a lower-case DNS name such as `analytics.example.com`, without `https://`";
    /// One label of a DNS name.
    DnsLabel, "a DNS label", r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        "at most 63 lower-case letters, digits and dashes (RFC 1123)";
    /// A Kubernetes namespace.
    Namespace, "a namespace", r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        "at most 63 lower-case letters, digits and dashes (RFC 1123)";
    /// A Kubernetes object's name, or a service account's.
    ObjectName, "an object name", r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,5}$",
        "lower-case letters, digits, dashes and dots (RFC 1123)";
    /// `<namespace>/<name>` of an object.
    ObjectRef, "an object", r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$",
        "`<namespace>/<name>`, such as `kube-system/traefik-forward-auth-main`";
    /// A key in a Secret.
    SecretKey, "a secret's key", r"^[A-Za-z0-9._-]{1,253}$",
        "letters, digits, dots, dashes and underscores";
    /// A secret's name in an external store.
    RemoteKey, "a secret in the store", r"^[A-Za-z0-9/_+=.@-]{1,512}$",
        "letters, digits and `/_+=.@-`";
    /// An amount of CPU in Kubernetes' notation.
    Cpu, "an amount of CPU", r"^(0\.[0-9]{1,3}|[1-9][0-9]{0,4}(\.[0-9]{1,3})?|[1-9][0-9]{0,6}m)$",
        "cores or thousandths, such as \"1.5\" or `500m`";
    /// An amount of memory or disk in Kubernetes' notation.
    Bytes, "an amount of memory or disk", r"^[1-9][0-9]{0,8}(k|M|G|T|Ki|Mi|Gi|Ti)$",
        "a whole number with a unit, such as `512Mi` or `2Gi`";
    /// How long data is kept, in whole days: Loki refuses less than one, and both stores count so.
    Retention, "a retention", r"^[1-9][0-9]{0,3}d$",
        "whole days, such as `30d`";
    /// An AWS account.
    AccountId, "an AWS account id", r"^[0-9]{12}$",
        "twelve digits in quotes, like \"123456789012\"";
    /// An IAM role's or policy's name.
    RoleName, "an IAM role name", r"^[A-Za-z0-9+=,.@_-]{1,64}$",
        "1 to 64 letters, digits and `+=,.@_-`";
    /// An S3 bucket.
    BucketName, "an S3 bucket name", r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
        "3 to 63 lower-case letters, digits and dashes; no dots, which break TLS";
    /// The folder of Mimir's blocks in their bucket; empty for the bucket itself.
    StoragePrefix, "a storage prefix", r"^[A-Za-z0-9]{0,32}$",
        "at most 32 letters and digits; `\"\"` for none";
    /// A Kubernetes storage class.
    StorageClass, "a storage class", r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,5}$",
        "lower-case letters, digits, dashes and dots (RFC 1123)";
    /// An Azure tenant, subscription or client.
    Uuid, "a UUID", r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        "lower-case hexadecimal, like `11111111-2222-3333-4444-555555555555`";
    /// An Azure region.
    AzureRegion, "an Azure region", r"^[a-z]{3,24}[0-9]?$",
        "the region's programmatic name, such as `eastus2`";
    /// An Azure resource group.
    ResourceGroup, "a resource group", r"^[A-Za-z0-9._()-]{0,89}[A-Za-z0-9_()-]$",
        "at most 90 letters, digits and `._()-`, not ending in a dot";
    /// An Azure storage account.
    StorageAccount, "a storage account", r"^[a-z0-9]{3,24}$",
        "3 to 24 lower-case letters and digits";
    /// An Azure blob container.
    ContainerName, "a blob container", r"^[a-z0-9](-?[a-z0-9]){2,62}$",
        "3 to 63 lower-case letters and digits, with single dashes between them";
    /// An Azure key vault.
    VaultName, "a key vault", r"^[a-z](-?[a-z0-9]){2,11}((-?[a-z0-9]){0,11}|[a-z0-9]{0,12})$",
        "3 to 24 lower-case letters and digits, starting with a letter, with single dashes between";
    /// A Git repository, or a chart repository.
    RepoUrl, "a repository URL", r"^(https|ssh|oci)://[A-Za-z0-9._~:/@%+-]+$",
        "an `https://`, `ssh://` or `oci://` URL";
    /// The issuer of a cluster's service account tokens.
    IssuerUrl, "an issuer's URL", r"^https://[A-Za-z0-9.-]+(/[A-Za-z0-9._-]*)*$",
        "an `https://` URL, exactly as the tokens have it";
    /// A revision of a Git repository.
    Revision, "a Git revision", r"^[A-Za-z0-9._/-]{1,200}$",
        "a branch, a tag or a commit";
    /// A folder inside a repository.
    FolderPath, "a folder in the repository", r"^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$",
        "a relative path such as `rendered`, without `..` or a leading `/`";
    /// An overlay: one of ours by name, or a folder by its path from the file that lists it.
    OverlayRef, "an overlay", r"^([a-z]([a-z0-9-]{0,38}[a-z0-9])?|\.{1,2}(/[A-Za-z0-9._-]+)+)$",
        "the name of a built-in overlay, or a folder beside this file, starting with `./` or `../`";
    /// Which files are workloads of a fleet, from the fleet's folder.
    SpecGlob, "a pattern of files", r"^[A-Za-z0-9_*?\[-][A-Za-z0-9._*?\[\]!-]*(/[A-Za-z0-9_*?\[-][A-Za-z0-9._*?\[\]!-]*)*$",
        "a path below the fleet's folder; `*` is any text without `/`, `**` any folders";
    /// A file of an overlay, from the overlay's folder.
    OverlayFile, "a file of the overlay", r"^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$",
        "a path below the overlay's folder, without `..` or a leading `/`";
    /// An image without its tag; `*` for every image.
    ImageName, "an image", r"^(\*|[a-z0-9]([a-z0-9._:-]*[a-z0-9])?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*)$",
        "a name without a tag, such as `docker.io/grafana/mimir`, or `*` for every image";
    /// A registry of images, with a path in it if need be.
    Registry, "a registry", r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$",
        "a host, a port and a path if need be, such as `registry.example.com/mirror`";
    /// The tag of an image.
    ImageTag, "an image's tag", r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$",
        "at most 128 letters, digits and `._-`";
    /// The digest of an image.
    ImageDigest, "an image's digest", r"^sha256:[0-9a-f]{64}$",
        "`sha256:` and 64 hexadecimal digits";
    /// A chart's version. Source: Helm's charts have versions of Semantic Versioning 2.
    ChartVersion, "a chart's version", r"^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})(-[0-9A-Za-z.-]{1,64})?(\+[0-9A-Za-z.-]{1,64})?$",
        "an exact version such as `6.1.0`";
    /// A range of IP addresses.
    Cidr, "a CIDR range", r"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}/([0-9]|[12][0-9]|3[0-2])|([0-9a-f]{1,4}:){1,7}:?([0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,6})?/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8]))$",
        "an address with a prefix length, such as `10.0.0.0/16`";
    /// A label key or taint key of Kubernetes.
    LabelKey, "a label key", r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$",
        "an optional DNS prefix and `/`, then at most 63 letters, digits and `._-`";
    /// A label value or taint value of Kubernetes.
    LabelValue, "a label value", r"^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$",
        "at most 63 letters, digits and `._-`";
    /// A cluster's name in its cloud. Source: the naming rules of EKS (100 characters) and AKS (63).
    ClusterName, "a cluster name", r"^[A-Za-z0-9]([A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$",
        "at most 100 letters, digits, dashes and underscores";
    /// The name of a Prometheus metric.
    MetricName, "a metric name", r"^[a-zA-Z_:][a-zA-Z0-9_:]*$",
        "letters, digits, `_` and `:`";
    /// The value of the label `cluster`.
    ClusterLabel, "a cluster label", r"^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$",
        "letters, digits and `._-`";
    /// The prefix of derived cloud names.
    NamePrefix, "a name prefix", r"^[a-z][a-z0-9]{0,9}$",
        "at most 10 lower-case letters and digits";
    /// A tenant id sent as `X-Scope-OrgID`.
    OrgId, "a Mimir tenant", r"^[A-Za-z0-9!_.*'()-]{1,150}$",
        "at most 150 letters, digits and `!_.*'()-`";
    /// The Kubernetes minor version.
    KubernetesVersion, "a Kubernetes version", r"^1\.(29|3[0-9]|4[0-9])$",
        "a minor version from \"1.29\" (the Mimir chart's floor), in quotes";
    /// The beginning of the names of Loki's index files.
    IndexPrefix, "an index prefix", r"^[a-z0-9_]{1,63}$",
        "lower-case letters, digits and `_`";
    /// The day from which a Loki schema period holds.
    Date, "a date", r"^20[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))$|^20([02468][048]|[13579][26])-02-29$",
        "a day such as `2024-04-01`";
    /// The name of a change, as `telemetree diff` prints it.
    ChangeId, "a change's name", r"^[0-9a-f]{12}$",
        "the 12 digits that `telemetree diff --detail full` prints as the change's id";
    /// Why something is accepted.
    Why, "a reason", r"^\S[^\n]{8,498}\S$",
        "one line of 10 to 500 characters that says why";
    /// A `<host>:<port>` inside the cluster.
    HostPort, "a Service's address", r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.svc(\.[a-z0-9.-]{1,200})?:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$",
        "`<service>.<namespace>.svc:<port>`, such as `kube-state-metrics.kube-system.svc:8080`";
}

impl KubernetesVersion {
    /// The number behind `1.`.
    pub fn minor(&self) -> u32 {
        let (_, minor) = self.as_str().split_once('.').unwrap_or_default();
        minor.parse().unwrap_or_default()
    }
}

impl WorkloadName {
    /// The name without its environment.
    pub fn true_name(&self) -> &str {
        self.as_str().rsplit_once('-').map_or(self.as_str(), |(name, _)| name)
    }

    /// The environment: what follows the last dash.
    pub fn environment(&self) -> &str {
        self.as_str().rsplit_once('-').map_or("", |(_, environment)| environment)
    }
}

impl Bytes {
    /// The number of bytes.
    pub fn get(&self) -> u64 {
        let digits = self.0.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = self.0.strip_prefix(digits).unwrap_or_default();
        let factor: u64 = match unit {
            "k" => 1_000,
            "M" => 1_000_000,
            "G" => 1_000_000_000,
            "T" => 1_000_000_000_000,
            "Ki" => 1 << 10,
            "Mi" => 1 << 20,
            "Gi" => 1 << 30,
            _ => 1 << 40,
        };
        digits.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(factor)
    }
}

impl LabelValue {
    /// Whether it is the empty text, which is a value as well.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl StoragePrefix {
    /// Whether there is one.
    pub fn written(&self) -> bool {
        !self.0.is_empty()
    }
}

impl ObjectRef {
    /// The namespace and the name.
    pub fn parts(&self) -> (&str, &str) {
        self.as_str().split_once('/').unwrap_or(("", self.as_str()))
    }
}

impl LabelKey {
    /// A label of our own; the prefix is a naming suffix that is a domain already.
    pub fn prefixed(prefix: &Domain, name: &str) -> String {
        format!("{prefix}/{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        for year in 2000..2100 {
            for month in 1..13 {
                let days = match month {
                    2 if year % 4 == 0 => 29,
                    2 => 28,
                    4 | 6 | 9 | 11 => 30,
                    _ => 31,
                };
                for day in 0..33 {
                    let text = format!("{year}-{month:02}-{day:02}");
                    assert_eq!(Date::parse(&text).is_some(), (1..=days).contains(&day), "{text}");
                }
            }
        }
        assert!(Date::parse("1999-12-31").is_none() && Date::parse("2024-2-29").is_none());
    }
}
