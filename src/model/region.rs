//! The regions of AWS, with the partition of each.
//!
//! Source: the AWS documentation's list of regions and partitions, as of November 2026.

use super::quantity::{Choice, Partition};
use crate::node::Data;
use std::fmt;

/// A region of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AwsRegion(&'static str);

impl AwsRegion {
    /// The region's name.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The partition it belongs to.
    pub fn partition(self) -> Partition {
        if self.0.starts_with("us-gov-") {
            Partition::UsGov
        } else if self.0.starts_with("cn-") {
            Partition::China
        } else {
            Partition::Aws
        }
    }
}

impl Partition {
    /// The suffix of its service host names.
    pub fn dns_suffix(self) -> &'static str {
        match self {
            Partition::Aws | Partition::UsGov => "amazonaws.com",
            Partition::China => "amazonaws.com.cn",
        }
    }
}

macro_rules! regions {
    ($($name:literal)*) => { &[$(($name, AwsRegion($name)),)*] };
}

impl Choice for AwsRegion {
    const WHAT: &'static str = "an AWS region";
    const ALL: &'static [(&'static str, Self)] = regions!(
        "af-south-1" "ap-east-1" "ap-east-2" "ap-northeast-1" "ap-northeast-2" "ap-northeast-3"
        "ap-south-1" "ap-south-2" "ap-southeast-1" "ap-southeast-2" "ap-southeast-3"
        "ap-southeast-4" "ap-southeast-5" "ap-southeast-6" "ap-southeast-7" "ca-central-1"
        "ca-west-1" "cn-north-1" "cn-northwest-1" "eu-central-1" "eu-central-2" "eu-north-1"
        "eu-south-1" "eu-south-2" "eu-west-1" "eu-west-2" "eu-west-3" "il-central-1"
        "me-central-1" "me-south-1" "mx-central-1" "sa-east-1" "us-east-1" "us-east-2"
        "us-gov-east-1" "us-gov-west-1" "us-west-1" "us-west-2"
    );
}

impl fmt::Display for AwsRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl From<AwsRegion> for Data {
    fn from(region: AwsRegion) -> Data {
        Data::from(region.0)
    }
}
