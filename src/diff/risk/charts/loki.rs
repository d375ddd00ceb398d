//! What the values of Loki's chart decide.

use super::{
    CLAIMS, DELETED_SOONER, DELETES_VOLUMES, FEWER_COPIES, FEWER_WRITERS, GONE, NEW_PODS, NO_LOGIN,
    NO_VOLUME, OTHER_CLASS, OTHER_STORE, OTHER_TENANT, REFUSED, RENAMED, RIGHTS, SMALLER_CLAIM,
};
use crate::diff::edit::{Edit, Part};
use crate::diff::risk::when::When::{
    Always, Becomes, Fewer, FewerThan, KeptShorter, Lost, Lower, LowerThan, NoLonger, Set, Zero,
};
use crate::diff::risk::{Rule, rules};

/// In the values of Loki's chart.
pub const RULES: &[Rule] = rules! {
    "loki/**" Always => Restart, NEW_PODS;
    "loki/limits_config|structuredConfig/retention_period" KeptShorter => DataLoss, DELETED_SOONER;
    "loki/structuredConfig/limits_config/retention_period" KeptShorter => DataLoss, DELETED_SOONER;
    "loki/compactor/retention_enabled" Becomes(&["true"]) => DataLoss, DELETED_SOONER;
    "loki/structuredConfig/compactor/retention_enabled" Becomes(&["true"]) => DataLoss, DELETED_SOONER;
    "loki/schemaConfig/configs/*/**" Lost => DataLoss, "what was written under the old schema can no longer be read";
    "loki/storage/type|object_store|use_thanos_objstore" Always => DataLoss, OTHER_STORE;
    "loki/storage/bucketNames/*" Lost => DataLoss, OTHER_STORE;
    "loki/storage/s3/region|endpoint|s3|bucketnames" Always => DataLoss, OTHER_STORE;
    "loki/storage/azure/accountName|endpointSuffix|connectionString" Always => DataLoss, OTHER_STORE;
    "loki/storage/gcs|swift|filesystem/**" Lost => DataLoss, OTHER_STORE;
    "loki/structuredConfig/**/bucketnames|bucket_name|container_name|account_name|storage_prefix"
        Always => DataLoss, OTHER_STORE;
    "loki/auth_enabled" Always => DataLoss, OTHER_TENANT;
    "loki/auth_enabled" Becomes(&["false"]) => Exposure, NO_LOGIN;
    "loki/commonConfig/replication_factor" FewerThan("3") => DataLoss, FEWER_COPIES;
    "loki/structuredConfig/common/replication_factor" FewerThan("3") => DataLoss, FEWER_COPIES;
    "loki/**/wal/enabled" Becomes(&["false"]) => DataLoss, NO_VOLUME;
    "loki/**/wal/dir" Always => DataLoss, NO_VOLUME;
    "loki/**/path_prefix" Always => DataLoss, NO_VOLUME;
    "loki/**/max_query_lookback" KeptShorter => DataLoss, "what is older is no longer found";
    "sidecar/rules/enabled" Becomes(&["true"]) => Privilege, RIGHTS;
    "deploymentMode" Always => DataLoss, "the writers of the old mode go, with what they have not uploaded";
    "deploymentMode" Always => Restart, NEW_PODS;
    "write|ingester|singleBinary/replicas" Fewer => DataLoss, FEWER_WRITERS;
    "write|backend|ingester|singleBinary/persistence/enableStatefulSetAutoDeletePVC"
        Becomes(&["true"]) => DataLoss, DELETES_VOLUMES;
    "write|backend|ingester|singleBinary/persistence/whenDeleted|whenScaled"
        Becomes(&["Delete"]) => DataLoss, DELETES_VOLUMES;
    "write|backend|ingester|singleBinary/persistence/enabled|volumeClaimsEnabled"
        Becomes(&["false"]) => DataLoss, NO_VOLUME;
    "write|backend|ingester|singleBinary|compactor|indexGateway|ruler|patternIngester|bloomPlanner/persistence/enabled|volumeClaimsEnabled|size|storageClass|accessModes|claims|dataVolumeParameters|labels|annotations|selector|volumeAttributesClassName/**"
        Always => Immutable, CLAIMS;
    "write|backend|ingester|singleBinary|compactor|indexGateway/persistence/size" Fewer => DataLoss, SMALLER_CLAIM;
    "write|backend|ingester|singleBinary|compactor|indexGateway/persistence/storageClass"
        Always => DataLoss, OTHER_CLASS;
    "loki/**/limits_config/max_streams_per_user|reject_old_samples_max_age" Lower => TelemetryLoss, REFUSED;
    "loki/**/limits_config/ingestion_rate_mb" LowerThan("4") => TelemetryLoss, REFUSED;
    "loki/**/limits_config/ingestion_burst_size_mb" LowerThan("6") => TelemetryLoss, REFUSED;
    "loki/**/limits_config/per_stream_rate_limit" LowerThan("3MB") => TelemetryLoss, REFUSED;
    "loki/**/limits_config/per_stream_rate_limit_burst" LowerThan("15MB") => TelemetryLoss, REFUSED;
    "loki/**/limits_config/max_line_size" LowerThan("256KB") => TelemetryLoss, REFUSED;
    "loki/**/limits_config/max_global_streams_per_user" LowerThan("5000") => TelemetryLoss, REFUSED;
    "loki/**/limits_config/max_label_names_per_series" LowerThan("15") => TelemetryLoss, REFUSED;
    "loki/**/limits_config/max_label_value_length" LowerThan("2048") => TelemetryLoss, REFUSED;
    "loki/**/limits_config/max_label_name_length" LowerThan("1024") => TelemetryLoss, REFUSED;
    "loki/**/limits_config/discover_service_name/**" Always => TelemetryLoss, "a label that logs are looked for by goes";
    "loki/memberlistConfig/**" Always => TelemetryLoss, "the members may no longer find each other";
    "read|queryFrontend|querier|queryScheduler|singleBinary/replicas" Zero => TelemetryLoss, "nobody answers queries";
    "loki/storage/**/storage_prefix|path_prefix" Always => DataLoss, OTHER_STORE;
    "loki/**/reject_old_samples" Becomes(&["true"]) => TelemetryLoss, REFUSED;
    "loki/auth_enabled" Becomes(&["true"]) => TelemetryLoss, "what is sent without a tenant is refused";
    "**/podManagementPolicy" Always => Immutable, "the API server refuses changes of this field";
    "ingester/zoneAwareReplication/enabled" Always => DataLoss, FEWER_WRITERS;
    "ingester/zoneAwareReplication/**" Always => Restart, NEW_PODS;
    "nameOverride" Always => DataLoss, RENAMED;
    "fullnameOverride" Always => TelemetryLoss, GONE;
    "**/persistence/enabled|volumeClaimsEnabled" Always => Restart, NEW_PODS;
    "chunksCache|resultsCache/persistence/**" Always => Immutable, CLAIMS;
    "chunksCache|resultsCache/persistence/**" Always => Restart, NEW_PODS;
    "gateway/enabled" Becomes(&["false"]) => TelemetryLoss, GONE;
    "gateway|write|distributor|ingester/replicas" Zero => TelemetryLoss, GONE;
    "gateway/basicAuth/enabled" NoLonger(&["true"]) => Exposure, NO_LOGIN;
    "gateway/nginxConfig/customWriteUrl" Set => TelemetryLoss, GONE;
    "gateway/verboseLogging" Always => Restart, NEW_PODS;
    "gateway/nginxConfig|basicAuth/**" Always => Restart, NEW_PODS;
    "sidecar|lokiCanary/**" Always => Restart, NEW_PODS;
};

/// Whether a value is of what Loki reads while it runs, or of objects beside the pods.
pub fn is_no_part_of_pods(leaf: &Edit) -> bool {
    const BESIDE: [&str; 4] =
        ["runtimeConfig", "annotations", "serviceAnnotations", "serviceLabels"];
    let parts: Vec<&str> = leaf.place.parts().iter().map(Part::key).collect();
    matches!(parts.as_slice(), ["loki", part, ..] if BESIDE.contains(part))
}
