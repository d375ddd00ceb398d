//! Values that stand alone: how each type is read, and how it describes itself.

use crate::diag::{Code, Diagnostic};
use crate::model::{
    AccountId, Amount, AwsIdentity, AwsRegion, AzureRegion, BucketName, Bytes, ChangeId,
    ChartVersion, Choice, Cidr, ClusterLabel, ClusterName, ComponentId, ContainerName, Cpu, Date,
    DnsLabel, Domain, FolderPath, HostPort, ImageDigest, ImageName, ImageTag, IndexPrefix,
    IssuerUrl, KubeletTls, KubernetesVersion, LabelKey, LabelLimit, LabelValue, LokiIndex,
    LokiMode, MetricName, NamePrefix, Namespace, ObjectName, ObjectRef, OrgId, OverlayFile,
    OverlayRef, Partition, Port, Registry, RemoteKey, Replicas, RepoUrl, ResourceGroup, Retention,
    Revision, RiskClass, RoleName, SchemaVersion, SecretKey, SeriesLimit, SiteReplicas, Size,
    SpecGlob, StorageAccount, StorageClass, StorageOwner, StoragePrefix, StoreKind, TaintEffect,
    TenantName, TlsEnd, Uuid, VaultName, Why, Word, WorkloadName,
};
use crate::near::nearest;
use crate::syntax::{Item, Kind};
use serde_json::{Value, json};

/// A value that stands alone.
pub trait Field: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// When the item is of another kind, or its rule refuses it.
    fn read(item: &Item) -> Result<Self, Diagnostic>;

    /// Its JSON Schema.
    fn schema() -> Value;
}

impl Field for bool {
    fn read(item: &Item) -> Result<Self, Diagnostic> {
        let Kind::Bool(value) = &item.kind else {
            return Err(wrong_kind(item, "`true` or `false`", &item.kind));
        };
        Ok(*value)
    }

    fn schema() -> Value {
        json!({"type": "boolean"})
    }
}

fn wrong_kind(item: &Item, wanted: &str, found: &Kind) -> Diagnostic {
    let message = format!("this is {}; {wanted} is wanted", found.name());
    Diagnostic::error(Code::Type, item.span, message)
}

/// A whole number as it was written, where text is wanted.
fn whole_number(kind: &Kind) -> Option<String> {
    if let Kind::Int(number) = kind { Some(number.to_string()) } else { None }
}

fn read_word<T: Word>(item: &Item) -> Result<T, Diagnostic> {
    let Kind::Text(text) = &item.kind else {
        let error = wrong_kind(item, T::WHAT, &item.kind);
        let number = whole_number(&item.kind).filter(|number| T::parse(number).is_some());
        return Err(match number {
            Some(number) => error.help(format!("quote it: `\"{number}\"`")),
            None => error.help(T::RULE),
        });
    };
    T::parse(text).ok_or_else(|| {
        let message = format!("`{text}` is not {}", T::WHAT);
        Diagnostic::error(Code::Value, item.span, message).help(T::RULE)
    })
}

fn word_schema<T: Word>() -> Value {
    json!({"type": "string", "pattern": T::PATTERN, "description": T::RULE})
}

fn read_amount<T: Amount>(item: &Item) -> Result<T, Diagnostic> {
    let Kind::Int(number) = &item.kind else {
        return Err(wrong_kind(item, T::WHAT, &item.kind));
    };
    u32::try_from(*number).ok().and_then(T::new).ok_or_else(|| {
        let message = format!("`{number}` is not {}", T::WHAT);
        let help = format!("write a whole number from {} to {}", T::MIN, T::MAX);
        Diagnostic::error(Code::Value, item.span, message).help(help)
    })
}

fn amount_schema<T: Amount>() -> Value {
    json!({"type": "integer", "minimum": T::MIN, "maximum": T::MAX})
}

fn read_choice<T: Choice>(item: &Item) -> Result<T, Diagnostic> {
    let Kind::Text(text) = &item.kind else {
        return Err(wrong_kind(item, T::WHAT, &item.kind));
    };
    let found = T::ALL.iter().find(|(word, _)| word == text);
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let words: Vec<&str> = T::ALL.iter().map(|(word, _)| *word).collect();
        let message = format!("`{text}` is not {}", T::WHAT);
        let help = match nearest(text, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("write one of {}", words.join(", ")),
        };
        Diagnostic::error(Code::Value, item.span, message).help(help)
    })
}

fn choice_schema<T: Choice>() -> Value {
    json!({"type": "string", "enum": T::ALL.iter().map(|(word, _)| *word).collect::<Vec<_>>()})
}

macro_rules! fields {
    ($read:ident, $schema:ident: $($name:ident)*) => {$(
        impl Field for $name {
            fn read(item: &Item) -> Result<Self, Diagnostic> {
                $read(item)
            }

            fn schema() -> Value {
                $schema::<$name>()
            }
        }
    )*};
}

fields!(read_word, word_schema:
    AccountId ChangeId ClusterName AzureRegion BucketName Cidr ClusterLabel ContainerName Date DnsLabel Domain
    FolderPath HostPort KubernetesVersion LabelKey LabelValue MetricName NamePrefix Namespace
    ObjectName ObjectRef OrgId Bytes Cpu RemoteKey RepoUrl ResourceGroup Retention Revision
    RoleName ImageDigest ImageName ImageTag ChartVersion OverlayFile OverlayRef Registry SpecGlob SecretKey StorageAccount StorageClass StoragePrefix IndexPrefix IssuerUrl TenantName Uuid VaultName Why WorkloadName
);
fields!(read_amount, amount_schema: Replicas SiteReplicas SeriesLimit LabelLimit Port);
fields!(read_choice, choice_schema:
    AwsIdentity AwsRegion ComponentId KubeletTls LokiIndex LokiMode Partition RiskClass SchemaVersion Size StorageOwner
    StoreKind TaintEffect TlsEnd
);
