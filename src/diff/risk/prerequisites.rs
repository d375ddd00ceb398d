//! What the cloud must provide: only who may do what is dangerous here; the rest shows where it is used.

use super::when::When::{Added, Always, Lost};
use super::{Rule, rules};

const MORE: &str = "the identity may do more";
const TRUST: &str = "others may act as this identity";
const OTHER: &str = "the pods act as another identity";

/// Of `prerequisites.yaml`.
pub const RULES: &[Rule] = rules! {
    "cloud/iamRoles/*/policy/Statement/**" Added => Privilege, MORE;
    "cloud/iamRoles/*/policy/Statement/*/Resource|Action/**" Lost => Privilege, MORE;
    "cloud/iamRoles/*/trust/**" Always => Privilege, TRUST;
    "cloud/iamRoles/*/arn|name" Always => Privilege, OTHER;
    "cloud/iamRoles/*/permissionsBoundary" Lost => Privilege, MORE;
    "cloud/identities|roleAssignments|federatedCredentials|managedIdentities/**" Added => Privilege, MORE;
    "cloud/identities|roleAssignments|federatedCredentials|managedIdentities/**" Lost => Privilege, OTHER;
};
