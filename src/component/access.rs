//! How an identity reaches a pod: the service account's annotation and the pods' label.

use crate::model::{Grant, Identity};
use crate::node::{Node, because, map};

/// What a chart's service account needs.
pub struct Access {
    /// Annotations of the service account; empty if there are none.
    pub annotations: Option<Node>,
    /// Labels of the pods.
    pub pod_labels: Option<Node>,
}

impl Identity {
    /// What the chart must put on the service account and the pods.
    pub fn access(&self) -> Access {
        // Workload Identity injects credentials only into pods with the label; its value is text.
        const WHY_LABEL: &str = "the webhook looks at the pods' label, not the account's";
        match &self.grant {
            Grant::RoleAnnotation(arn) => Access {
                annotations: Some(map([("eks.amazonaws.com/role-arn", Node::from(arn))])),
                pod_labels: None,
            },
            Grant::ClientId(id) => Access {
                annotations: Some(map([("azure.workload.identity/client-id", Node::from(id))])),
                pod_labels: Some(map([(
                    "azure.workload.identity/use",
                    because(WHY_LABEL, "true"),
                )])),
            },
            Grant::NodeAgent(_) | Grant::Nothing => Access { annotations: None, pod_labels: None },
        }
    }

    /// The `serviceAccount` block that three of the four charts share.
    pub fn service_account(&self) -> Node {
        const WHY: &str =
            "the cloud trusts an account by name, so the name is not left to the chart";
        let account =
            map([("create", because(WHY, true)), ("name", Node::from(&self.service_account))]);
        match self.access().annotations {
            Some(annotations) => account.with(map([("annotations", annotations)])),
            None => account,
        }
    }
}
