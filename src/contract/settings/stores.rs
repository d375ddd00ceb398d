//! The buckets and containers that Mimir and Loki are told to use, wherever their charts' values say it.

use super::references::is_open;
use super::values::{loki_view, place, switch};
use super::view::{Found, View};
use crate::contract::Place;
use crate::node::Node;

/// A bucket or a container that a store of data is told to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// Where its name stands.
    pub at: Place,
    /// Its name.
    pub name: String,
    /// Which form of store it is.
    pub form: Form,
}

/// Which form of store it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A bucket of S3.
    Bucket,
    /// A container of an Azure account; where the account's name stands, and the name, if it does.
    Container(Option<(Place, String)>),
}

/// The stores in the values of a chart, by the chart's name. Stores of one's own, at other endpoints than
/// the clouds', are left out.
pub fn stores(chart: &str, values: &Node) -> Vec<Store> {
    if switch(values, &["minio", "enabled"]) == Some(true) {
        return Vec::new();
    }
    match chart {
        "mimir-distributed" => of_mimir(values),
        "loki" => of_loki(values),
        _ => Vec::new(),
    }
}

fn of_mimir(values: &Node) -> Vec<Store> {
    let mut view = View::default();
    if let Some((node, at)) = place(values, &["mimir", "structuredConfig"]) {
        view.add("", node, at);
    }
    let mut all = Vec::new();
    for store in ["common.storage", "blocks_storage", "ruler_storage", "alertmanager_storage"] {
        let get = |key: &str| view.get(&format!("{store}.{key}"));
        let inherited = |key: &str| get(key).or_else(|| view.get(&format!("common.storage.{key}")));
        let backend = inherited("backend").and_then(|found| found.node.text());
        match backend {
            Some("s3") if is_aws(inherited("s3.endpoint")) => {
                all.extend(get("s3.bucket_name").and_then(|found| named(found, Form::Bucket)));
            }
            Some("azure") if is_azure(inherited("azure.endpoint_suffix")) => {
                let account = Form::Container(inherited("azure.account_name").and_then(text));
                all.extend(get("azure.container_name").and_then(|found| named(found, account)));
            }
            Some(_) | None => {}
        }
    }
    all
}

/// Sections of Loki's configuration that hold a store, with the keys of buckets and containers in them.
const SECTIONS: [(&str, &str, &str); 6] = [
    ("common.storage", "s3.bucketnames", "azure.container_name"),
    ("common.storage.object_store", "s3.bucket_name", "azure.container_name"),
    ("ruler.storage", "s3.bucketnames", "azure.container_name"),
    ("ruler_storage", "s3.bucket_name", "azure.container_name"),
    ("storage_config", "aws.bucketnames", "azure.container_name"),
    ("storage_config.object_store", "s3.bucket_name", "azure.container_name"),
];

fn of_loki(values: &Node) -> Vec<Store> {
    let get = |keys: &[&str]| {
        let path: Vec<&str> = ["loki", "storage"].iter().chain(keys).copied().collect();
        place(values, &path).map(|(node, at)| Found { node, at })
    };
    // What `storage_config` turns on takes the place of what `storage` says.
    let is_replaced = switch(values, &["loki", "storage_config", "use_thanos_objstore"]);
    let kind = match switch(values, &["loki", "storage", "use_thanos_objstore"]) {
        Some(true) => &["object_store", "type"][..],
        Some(false) | None => &["type"],
    };
    let form = match get(kind).and_then(|found| found.node.text()) {
        // The chart says `s3`.
        None | Some("s3") if is_aws(get(&["s3", "endpoint"])) => Some(Form::Bucket),
        Some("azure") if is_azure(get(&["azure", "endpointSuffix"])) => {
            Some(Form::Container(get(&["azure", "accountName"]).and_then(text)))
        }
        None | Some(_) => None,
    };
    let names = ["chunks", "ruler"].map(|name| get(&["bucketNames", name]));
    let mut all: Vec<Store> = form
        .filter(|_| is_replaced != Some(true))
        .into_iter()
        .flat_map(|form| {
            let one = |found: &Found| named(found.clone(), form.clone());
            names.iter().flatten().filter_map(one).collect::<Vec<_>>()
        })
        .collect();
    let view = loki_view(values);
    for (section, bucket, container) in SECTIONS {
        let get = |key: &str| view.get(&format!("{section}.{key}"));
        let endpoint = bucket.split('.').next().unwrap_or_default();
        if is_aws(get(&format!("{endpoint}.endpoint"))) {
            all.extend(get(bucket).and_then(|found| named(found, Form::Bucket)));
        }
        if is_azure(get("azure.endpoint_suffix")) {
            let account = Form::Container(get("azure.account_name").and_then(text));
            all.extend(get(container).and_then(|found| named(found, account)));
        }
    }
    all
}

fn named(found: Found, form: Form) -> Option<Store> {
    let (at, name) = text(found)?;
    Some(Store { at, name, form })
}

/// A text that nothing will change any more.
fn text(found: Found) -> Option<(Place, String)> {
    let Found { node, at } = found;
    let text = node.text().filter(|text| !text.is_empty() && !is_open(text))?;
    Some((Place::Value(at), text.to_owned()))
}

/// Whether an endpoint, if one is set, is one of AWS.
fn is_aws(endpoint: Option<Found>) -> bool {
    endpoint.and_then(|found| found.node.text()).is_none_or(|host| host.contains("amazonaws.com"))
}

/// Whether an endpoint's end, if one is set, is that of Azure.
fn is_azure(suffix: Option<Found>) -> bool {
    suffix.and_then(|found| found.node.text()).is_none_or(|suffix| suffix.contains("core."))
}
