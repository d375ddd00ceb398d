//! What a breach of a contract is called.

use crate::contract::Kind;
use crate::diag::Code;

/// Who accepts a thing, or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// The Kubernetes API.
    Kubernetes,
    /// A chart.
    Chart,
    /// Whoever deploys the charts.
    Deployment,
    /// Mimir, Loki, Grafana, the blackbox exporter.
    Settings,
    /// The collector.
    Alloy,
    /// Whoever waits for what a component of the collector makes.
    DeadEnd,
    /// Prometheus' query language.
    Query,
}

/// What a breach of a contract is called.
pub fn code(area: Area, kind: Kind) -> Code {
    match (area, kind) {
        (_, Kind::Secret) => Code::Secret,
        (Area::Query, _) => Code::Query,
        (Area::DeadEnd, _) => Code::AlloyIdle,
        (Area::Deployment, _) => Code::ChartVersion,
        (Area::Kubernetes, kind) => match kind {
            Kind::Unknown => Code::KubernetesField,
            Kind::Missing => Code::KubernetesMissing,
            Kind::Removed | Kind::Deprecated | Kind::Uncovered => Code::KubernetesKind,
            Kind::Type | Kind::Value | Kind::Secret => Code::KubernetesValue,
            Kind::Repeated | Kind::Reference | Kind::Conflict => Code::KubernetesObject,
        },
        (Area::Chart, kind) => match kind {
            Kind::Unknown | Kind::Removed | Kind::Deprecated | Kind::Uncovered => Code::ChartKey,
            Kind::Missing
            | Kind::Repeated
            | Kind::Type
            | Kind::Value
            | Kind::Reference
            | Kind::Conflict
            | Kind::Secret => Code::ChartValue,
        },
        (Area::Settings, kind) => match kind {
            Kind::Unknown => Code::SettingUnknown,
            Kind::Uncovered => Code::SettingUnchecked,
            Kind::Removed => Code::SettingRemoved,
            Kind::Deprecated => Code::SettingDeprecated,
            Kind::Type | Kind::Value | Kind::Secret => Code::SettingValue,
            Kind::Missing | Kind::Repeated | Kind::Reference | Kind::Conflict => {
                Code::SettingConflict
            }
        },
        (Area::Alloy, kind) => match kind {
            Kind::Unknown | Kind::Removed | Kind::Deprecated | Kind::Uncovered => {
                Code::AlloyUnknown
            }
            Kind::Missing => Code::AlloyMissing,
            Kind::Repeated => Code::AlloyRepeated,
            Kind::Type => Code::AlloyType,
            Kind::Value | Kind::Secret => Code::AlloyValue,
            Kind::Reference | Kind::Conflict => Code::AlloyReference,
        },
    }
}
