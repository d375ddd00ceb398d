//! The cloud arms of the spec.

use super::section::Section;
use crate::diag::{Code, Diagnostic};
use crate::model::{
    Aws, AwsIdentity, AwsRegion, Azure, ClientIds, Cloud, Partition, PerClient, Stores,
};
use crate::origin::Sourced;

/// Exactly one arm.
pub fn cloud(section: &mut Section) -> Option<Cloud> {
    section.exactly_one(&["aws", "azure"]);
    let aws = section.section("aws", "Amazon, on EKS", aws);
    let azure = section.section("azure", "Microsoft, on AKS", azure);
    match (aws, azure) {
        (Some(aws), None) => Some(Cloud::Aws(aws.value)),
        (None, Some(azure)) => Some(Cloud::Azure(azure.value)),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

fn aws(section: &mut Section) -> Option<Aws> {
    let account = section.required("accountId", "the account, twelve digits in quotes");
    let region = section.required::<AwsRegion>("region", "the region");
    let partition = section.optional("partition", "default: the region's");
    let identity = section.or_default(
        "identity",
        "how pods get their role",
        AwsIdentity::Irsa,
        "works on every EKS cluster without an add-on",
    );
    let buckets = section.defaulted("buckets", "overrides of the buckets", |buckets| {
        Some(Stores {
            mimir: buckets.optional("mimir", "default: `ptd-<workload>-mimir`"),
            loki: buckets.optional("loki", "default: `ptd-<workload>-loki`"),
        })
    });
    let mut grafana_role = None;
    let roles = section.section("roles", "overrides of the IAM roles", |roles| {
        let alloy = roles.optional("alloy", "default: `alloy.<workload>.<suffix>`");
        let mimir = roles.optional("mimir", "default: `mimir.<workload>.<suffix>`");
        let loki = roles.optional("loki", "default: `loki.<workload>.<suffix>`");
        let grafana = roles.optional("grafana", "only with the CSI driver");
        Some((PerClient { alloy, mimir, loki }, grafana))
    });
    let roles = match roles {
        Some(Sourced { value: (roles, grafana), .. }) => {
            grafana_role = grafana;
            roles
        }
        None => PerClient::make(|_| None),
    };
    let permissions_boundary =
        section.optional("permissionsBoundary", "a policy that bounds every role");
    let partition = partition_of(section, region.as_ref()?, partition)?;
    Some(Aws {
        account: account?,
        region: region?,
        partition,
        identity,
        permissions_boundary,
        buckets: buckets?,
        roles,
        grafana_role,
    })
}

/// The region decides; a partition that is written too must agree.
fn partition_of(
    section: &mut Section,
    region: &Sourced<AwsRegion>,
    written: Option<Sourced<Partition>>,
) -> Option<Sourced<Partition>> {
    let derived = region.derive("a region belongs to one partition", |region| region.partition());
    match written {
        Some(partition) if partition.value != derived.value => {
            let (region_name, right) = (region.value, derived.value.as_str());
            let message =
                format!("`{region_name}` is not in the partition `{}`", partition.value.as_str());
            let error = Diagnostic::derived_error(Code::Conflict, &partition.origin, message);
            let error = error.related(region.origin.written(), "the region");
            section.report(error.help(format!("write `{right}`, or remove `partition`")));
            None
        }
        Some(partition) => Some(partition),
        None => Some(derived),
    }
}

fn azure(section: &mut Section) -> Option<Azure> {
    let tenant = section.required("tenantId", "the Entra tenant");
    let subscription = section.required("subscriptionId", "the subscription");
    let region = section.required("region", "the region");
    let containers = section.defaulted("containers", "overrides of the containers", |containers| {
        Some(Stores {
            mimir: containers.optional("mimir", "default: `mimir-blocks`"),
            loki: containers.optional("loki", "default: `loki`"),
        })
    });
    let identities =
        section.section("identities", "client ids of the managed identities", client_ids);
    let nat_gateway = section.or_default(
        "natGateway",
        "whether there is a NAT gateway to watch",
        false,
        "not every network has one",
    );
    let resource_group = section.optional("resourceGroup", "default: `rsg-ptd-<workload>`");
    let network_resource_group = section
        .optional("networkResourceGroup", "the NAT gateway's group; default: the workload's");
    let storage_account = section.optional("storageAccount", "default: `stptd<workload>`");
    let key_vault = section.optional("keyVault", "default: `kv-ptd-<workload>`");
    Some(Azure {
        tenant: tenant?,
        subscription: subscription?,
        region: region?,
        resource_group,
        network_resource_group,
        storage_account,
        containers: containers?,
        key_vault,
        nat_gateway,
        identities: identities.map(|sourced| sourced.value).unwrap_or_default(),
    })
}

/// Client ids, for a workload or for one cluster.
pub fn client_ids(section: &mut Section) -> Option<ClientIds> {
    Some(ClientIds {
        alloy: section.optional("alloy", "reads Azure Monitor"),
        mimir: section.optional("mimir", "writes blocks"),
        loki: section.optional("loki", "writes chunks"),
        grafana: section.optional("grafana", "reads its secrets; only with the CSI driver"),
    })
}
