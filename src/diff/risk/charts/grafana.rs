//! What the values of Grafana's chart decide.

use super::{NEW_PODS, NO_LOGIN, NO_VOLUME, OTHER_CLASS, PUBLIC, SMALLER_CLAIM};
use crate::diff::risk::when::When::{Always, Becomes, Fewer, Lost, NoLonger, Set, Zero};
use crate::diff::risk::when::text;
use crate::diff::risk::{Rule, rules};
use crate::diff::tree::{File, FileChange};
use crate::model::ComponentId;

/// In the values of Grafana's chart.
pub const RULES: &[Rule] = rules! {
    "grafana.ini|datasources|dashboardProviders|notifiers|alerting|plugins|sidecar|admin|ldap|imageRenderer/**"
        Always => Restart, NEW_PODS;
    "grafana.ini/database/url|type|host|name|path"
        Lost => DataLoss, "dashboards, users and alerts stay in the old database";
    "envValueFrom/PTD_DATABASE_URL/**" Lost => DataLoss, "dashboards, users and alerts may be in another database";
    "persistence/enabled|type|existingClaim|subPath" Always => Restart, NEW_PODS;
    "persistence/enabled" NoLonger(&["true"]) => DataLoss, NO_VOLUME;
    "persistence/size" Fewer => DataLoss, SMALLER_CLAIM;
    "persistence/size" Fewer => Immutable, "the API server refuses a smaller volume claim";
    "persistence/storageClassName|accessModes|volumeName|type/**"
        Lost => Immutable, "the API server refuses changes of a volume claim";
    "persistence/storageClassName|type" Lost => DataLoss, OTHER_CLASS;
    "grafana.ini/auth.anonymous/enabled" Becomes(&["true"]) => Exposure, NO_LOGIN;
    "grafana.ini/auth.anonymous/org_role"
        Becomes(&["Editor", "Admin"]) => Privilege, "whoever is not logged in may do more";
    "grafana.ini/auth.proxy/headers" Set => Privilege, "who may say who somebody is may say more";
    "grafana.ini/*/role_attribute_path|org_mapping|allow_assign_grafana_admin" Set => Privilege, "users may get other roles";
    "grafana.ini/auth.proxy/enabled" Becomes(&["true"]) => Exposure, NO_LOGIN;
    "grafana.ini/auth.proxy/header_name" Lost => Exposure, "who may say who somebody is changes";
    "grafana.ini/auth.anonymous/org_role" Becomes(&["Editor", "Admin"]) => Exposure, NO_LOGIN;
    "grafana.ini/*/allowed_domains|allowed_organizations|allowed_groups|team_ids" Lost => Exposure, NO_LOGIN;
    "grafana.ini/auth.jwt|auth.ldap|auth.generic_oauth|auth.google|auth.github|auth.gitlab|auth.azuread|auth.okta/enabled"
        Becomes(&["true"]) => Exposure, "there is another way in";
    "grafana.ini/security/disable_brute_force_login_protection" Becomes(&["true"])
        => Exposure, "passwords may be guessed without end";
    "grafana.ini/database/ssl_mode" Becomes(&["disable"]) => Exposure, "what is sent can be read on the way";
    "grafana.ini/database/type" Always => DataLoss, "dashboards, users and alerts stay in the old database";
    "persistence/accessModes/*" Lost => DataLoss, OTHER_CLASS;
    "grafana.ini/users/allow_sign_up|allow_org_create" Becomes(&["true"]) => Exposure, NO_LOGIN;
    "grafana.ini/security/disable_initial_admin_creation|allow_embedding"
        Becomes(&["true"]) => Exposure, "other pages may show it";
    "grafana.ini/security/cookie_secure" NoLonger(&["true"]) => Exposure, "sessions are sent without encryption, too";
    "grafana.ini/snapshots|public_dashboards/external_enabled|enabled" Becomes(&["true"]) => Exposure, PUBLIC;
    "grafana.ini/users/auto_assign_org_role" Becomes(&["Editor", "Admin"]) => Privilege, "new users may do more";
    "grafana.ini/users/viewers_can_edit|editors_can_admin" Becomes(&["true"]) => Privilege, "users may do more";
    "grafana.ini/unified_alerting/enabled" NoLonger(&["true"]) => TelemetryLoss, "alerts are no longer looked at";
    "datasources/**/uid|url|type" Lost => TelemetryLoss, "what asks this datasource finds nothing any more";
    "alerting/**" Lost => TelemetryLoss, "alerts change or go";
    "replicas" Zero => TelemetryLoss, "nobody sees anything any more";
};

/// Whether the chart gives a volume to Grafana's user by a container that runs as root, and did not before.
pub fn chowns(component: ComponentId, file: &FileChange) -> bool {
    let says = |file: Option<&File>, path: [&str; 2]| {
        let value = path.iter().try_fold(file?.view(), |node, key| node.get(key))?;
        Some(text(value) == "true")
    };
    let chowns = |file: Option<&File>| {
        says(file, ["persistence", "enabled"]) == Some(true)
            && says(file, ["initChownData", "enabled"]) != Some(false)
    };
    component == ComponentId::Grafana && chowns(file.after) && !chowns(file.before)
}
