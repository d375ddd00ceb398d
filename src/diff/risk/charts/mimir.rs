//! What the values of Mimir's chart decide.

use super::{
    CLAIMS, DELETED_SOONER, DELETES_VOLUMES, FEWER_COPIES, FEWER_WRITERS, GONE, NEW_PODS, NO_LOGIN,
    NO_VOLUME, OTHER_CLASS, OTHER_STORE, OTHER_TENANT, REFUSED, SMALLER_CLAIM,
};
use crate::diff::risk::when::When::{
    Added, Always, Becomes, Fewer, FewerThan, KeptShorter, Lost, Lower, LowerThan, NoLonger,
    Removed, Zero,
};
use crate::diff::risk::{Rule, rules};

/// In the values of Mimir's chart.
pub const RULES: &[Rule] = rules! {
    "mimir/structuredConfig|config/**" Always => Restart, NEW_PODS;
    "mimir/structuredConfig/limits/compactor_blocks_retention_period" KeptShorter => DataLoss, DELETED_SOONER;
    "mimir/structuredConfig/blocks_storage|common/backend|storage_prefix" Always => DataLoss, OTHER_STORE;
    "mimir/structuredConfig/common/storage/backend" Always => DataLoss, OTHER_STORE;
    "mimir/structuredConfig/**/s3/bucket_name|region|endpoint" Always => DataLoss, OTHER_STORE;
    "mimir/structuredConfig/**/azure/account_name|container_name|endpoint_suffix" Always => DataLoss, OTHER_STORE;
    "mimir/structuredConfig/**/gcs/bucket_name" Always => DataLoss, OTHER_STORE;
    "mimir/structuredConfig/**/filesystem/dir" Always => DataLoss, OTHER_STORE;
    "mimir/structuredConfig/multitenancy_enabled|no_auth_tenant" Always => DataLoss, OTHER_TENANT;
    "mimir/structuredConfig/blocks_storage/tsdb/dir" Always => DataLoss, NO_VOLUME;
    "mimir/structuredConfig/ingester/ring/replication_factor" FewerThan("3") => DataLoss, FEWER_COPIES;
    "ingester/replicas" Fewer => DataLoss, FEWER_WRITERS;
    "ingester/zoneAwareReplication/enabled" Always => DataLoss, FEWER_WRITERS;
    "**/zoneAwareReplication/**" Always => Restart, NEW_PODS;
    "ingester|alertmanager/persistentVolume/enabled" Becomes(&["false"]) => DataLoss, NO_VOLUME;
    "ingester|alertmanager/persistentVolume/whenDeleted|whenScaled" Becomes(&["Delete"]) => DataLoss, DELETES_VOLUMES;
    "ingester|alertmanager|store_gateway|compactor/persistentVolume/enabled|size|storageClass|accessModes|name|annotations|labels|selector|volumeAttributesClassName/**"
        Always => Immutable, CLAIMS;
    "ingester|alertmanager|store_gateway|compactor/persistentVolume/size" Fewer => DataLoss, SMALLER_CLAIM;
    "ingester|alertmanager|store_gateway|compactor/persistentVolume/storageClass" Always => DataLoss, OTHER_CLASS;
    "**/podManagementPolicy" Always => Immutable, "the API server refuses changes of this field";
    "ingester|alertmanager/persistentVolume/name" Always => DataLoss, OTHER_CLASS;
    "**/persistentVolume/enabled|subPath" Always => Restart, NEW_PODS;
    "ingester|alertmanager/persistentVolume/subPath" Always => DataLoss, OTHER_CLASS;
    "fullnameOverride|nameOverride" Always => TelemetryLoss, GONE;
    "kafka|minio/**" Always => Restart, NEW_PODS;
    "mimir/structuredConfig/limits/max_global_series_per_metric|request_rate" Lower => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/limits/max_global_series_per_user" LowerThan("150000") => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/limits/ingestion_rate" LowerThan("10000") => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/limits/ingestion_burst_size" LowerThan("200000") => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/limits/max_label_names_per_series" LowerThan("30") => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/limits/max_label_name_length" LowerThan("1024") => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/limits/max_label_value_length" LowerThan("2048") => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/limits/max_query_lookback" KeptShorter => DataLoss, "what is older is no longer found";
    "mimir/structuredConfig/querier/query_store_after" Always => DataLoss, "nobody may answer for some hours";
    "mimir/structuredConfig/blocks_storage/tsdb/ship_interval" Zero => DataLoss, "blocks are no longer uploaded";
    "query_frontend|querier/replicas" Zero => TelemetryLoss, "nobody answers queries";
    "mimir/structuredConfig/limits/out_of_order_time_window" Fewer => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/limits/out_of_order_time_window" Removed => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/limits/drop_labels|metric_relabel_configs/**" Added => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/distributor/instance_limits/*" Lower => TelemetryLoss, REFUSED;
    "mimir/structuredConfig/ingester/instance_limits/*" Lower => TelemetryLoss, REFUSED;
    "distributor|ingester|gateway/replicas" Zero => TelemetryLoss, GONE;
    "gateway|distributor/enabled" Becomes(&["false"]) => TelemetryLoss, GONE;
    "gateway/service/nameOverride|port" Lost => TelemetryLoss, GONE;
    "gateway/nginx/basicAuth/enabled" NoLonger(&["true"]) => Exposure, NO_LOGIN;
    "gateway/nginx/**" Always => Restart, NEW_PODS;
};
