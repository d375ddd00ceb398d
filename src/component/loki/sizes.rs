//! What each part of Loki gets at each size.
//!
//! Source: the Loki documentation, "Size the cluster": below 3 TB a day an ingester takes 2
//! CPU and 4 GiB, a querier 1 CPU and 1 GiB, six ingesters and ten queriers in all. There is no table
//! for the other modes: a part there gets the sum of what it runs. Medium and small scale the
//! figures to 100 GB and 20 GB a day, never below what three copies and an empty index take.

use crate::component::sizing::{Table, row};
use crate::model::LokiPart;

static ALL: Table = Table {
    small: row(3, "500m", "1Gi", "3Gi", "10Gi"),
    medium: row(3, "2", "4Gi", "8Gi", "50Gi"),
    large: row(6, "4", "8Gi", "16Gi", "100Gi"),
};
static WRITE: Table = Table {
    small: row(3, "250m", "512Mi", "2Gi", "10Gi"),
    medium: row(3, "1", "2Gi", "4Gi", "50Gi"),
    large: row(6, "2", "4Gi", "8Gi", "100Gi"),
};
static READ: Table = Table {
    small: row(3, "250m", "512Mi", "2Gi", ""),
    medium: row(3, "1", "1Gi", "4Gi", ""),
    large: row(10, "1", "2Gi", "6Gi", ""),
};
static BACKEND: Table = Table {
    small: row(3, "250m", "512Mi", "2Gi", "10Gi"),
    medium: row(3, "500m", "2Gi", "4Gi", "50Gi"),
    large: row(4, "2", "10Gi", "16Gi", "100Gi"),
};
static DISTRIBUTOR: Table = Table {
    small: row(2, "100m", "128Mi", "512Mi", ""),
    medium: row(2, "500m", "512Mi", "1Gi", ""),
    large: row(4, "2", "512Mi", "1Gi", ""),
};
static QUERIER: Table = Table {
    small: row(2, "250m", "512Mi", "2Gi", ""),
    medium: row(3, "1", "1Gi", "3Gi", ""),
    large: row(10, "1", "1Gi", "4Gi", ""),
};
static QUERY_FRONTEND: Table = Table {
    small: row(2, "100m", "256Mi", "1Gi", ""),
    medium: row(2, "500m", "1Gi", "2Gi", ""),
    large: row(2, "1", "2Gi", "4Gi", ""),
};
static QUERY_SCHEDULER: Table = Table {
    small: row(2, "100m", "128Mi", "256Mi", ""),
    medium: row(2, "500m", "256Mi", "512Mi", ""),
    large: row(2, "1", "512Mi", "1Gi", ""),
};
static INDEX_GATEWAY: Table = Table {
    small: row(2, "100m", "256Mi", "1Gi", "10Gi"),
    medium: row(2, "500m", "1Gi", "2Gi", "50Gi"),
    large: row(4, "500m", "2Gi", "4Gi", "100Gi"),
};
static COMPACTOR: Table = Table {
    small: row(1, "100m", "512Mi", "2Gi", "10Gi"),
    medium: row(1, "500m", "2Gi", "4Gi", "50Gi"),
    large: row(1, "2", "10Gi", "12Gi", "100Gi"),
};
static GATEWAY: Table = Table {
    small: row(2, "50m", "64Mi", "256Mi", ""),
    medium: row(2, "250m", "128Mi", "512Mi", ""),
    large: row(3, "1", "512Mi", "1Gi", ""),
};

/// The table of a part.
pub fn table(part: LokiPart) -> &'static Table {
    match part {
        LokiPart::All => &ALL,
        LokiPart::Backend => &BACKEND,
        LokiPart::Read => &READ,
        LokiPart::Write | LokiPart::Ingester => &WRITE,
        LokiPart::Compactor => &COMPACTOR,
        LokiPart::Distributor => &DISTRIBUTOR,
        LokiPart::IndexGateway => &INDEX_GATEWAY,
        LokiPart::Querier => &QUERIER,
        LokiPart::QueryFrontend => &QUERY_FRONTEND,
        LokiPart::QueryScheduler => &QUERY_SCHEDULER,
        LokiPart::Gateway => &GATEWAY,
    }
}
