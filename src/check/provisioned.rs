//! What a tree's Grafana is provisioned with: data sources that are asked and are not there, names that
//! are given twice, and files that overwrite each other.

mod files;

use super::Reporter;
use super::area::Area;
use super::reference::world;
use crate::component::ComponentId;
use crate::contract::reference::{Source, Spot, in_alerts, in_dashboard};
use crate::contract::{Breach, Kind, Place, settings};
use crate::diag::Code;
use crate::near::{did_you_mean, nearest};
use crate::node::Node;
use crate::pointer::Pointer;
use crate::tree::Tree;
use files::{File, What, files};
use std::collections::BTreeMap;

/// Reports what does not fit together in the files of Grafana.
pub fn check(tree: &Tree, reporter: &mut Reporter) {
    let Some((values, home)) = world::values(tree, ComponentId::Grafana) else { return };
    let all = files(tree, values, home);
    for file in all.iter().filter(|file| file.is_in_object()) {
        let found = match file.what {
            What::Alerts => settings::alerting(&file.node),
            What::Datasources => settings::datasources(&file.node),
            What::Dashboard => Vec::new(),
        };
        let placed = found.into_iter().map(|breach| inside(file, breach)).collect();
        reporter.report(&file.path, file.root, Area::Settings, placed);
    }
    let read: Vec<&File> = all.iter().filter(|file| file.is_read).collect();
    asked(&read, &Known::of(&read, values), reporter);
    repeated(&read, reporter);
    if Spot::root(values).flag_at(&["sidecar", "enableUniqueFilenames"]) != Some(true) {
        overwritten(&read, reporter);
    }
}

fn inside(file: &File, breach: Breach) -> Breach {
    let place = match breach.place {
        Place::Key(inner) | Place::Value(inner) | Place::Within(inner, _) => file.place(&inner),
        other @ (Place::Inside(..) | Place::Origin(_)) => other,
    };
    Breach { place, ..breach }
}

/// The data sources that Grafana gets.
struct Known {
    uids: Vec<String>,
    names: Vec<String>,
    /// Whether these are all.
    is_all: bool,
}

impl Known {
    fn of(files: &[&File], values: &Node) -> Self {
        let root = Spot::root(values);
        let mut known = Known { uids: Vec::new(), names: Vec::new(), is_all: true };
        for file in files.iter().filter(|file| file.what == What::Datasources) {
            for source in Spot::root(&file.node).items_at(&["datasources"]) {
                known.names.extend(source.text_at(&["name"]).map(str::to_owned));
                match source.text_at(&["uid"]).filter(|uid| !uid.contains(['{', '$'])) {
                    Some(uid) => known.uids.push(uid.to_owned()),
                    // Grafana makes one up.
                    None => known.is_all = false,
                }
            }
        }
        let whole = |(_, file): &(&str, Spot)| file.get("datasources").is_some();
        let own = root.get("datasources").map(|files| files.members()).unwrap_or_default();
        let mounts = ["extraConfigmapMounts", "extraSecretMounts", "extraVolumeMounts"];
        let mut mounts = mounts.iter().flat_map(|list| root.items_at(&[list]));
        let is_provisioning = |mount: &Spot| {
            mount.text_at(&["mountPath"]).is_some_and(|path| path.contains("provisioning"))
        };
        known.is_all &= own.iter().all(whole)
            && root.flag_at(&["sidecar", "datasources", "enabled"]) != Some(true)
            && !mounts.any(|mount| is_provisioning(&mount));
        known
    }
}

/// Data sources that dashboards and alerts ask.
fn asked(files: &[&File], known: &Known, reporter: &mut Reporter) {
    for file in files {
        let (sources, by_name) = match file.what {
            What::Dashboard => (in_dashboard(&file.node), true),
            What::Alerts => (in_alerts(&file.node), false),
            What::Datasources => continue,
        };
        for Source { at, name } in sources {
            let is_variable = name.starts_with(['$', '[']);
            let is_known = known.uids.contains(&name) || by_name && known.names.contains(&name);
            if is_known || !is_variable && !known.is_all {
                continue;
            }
            let (message, help) = if is_variable {
                let message = format!("the dashboard has no variable `{name}`");
                (message, Some("only an import by hand fills it in; name a data source".to_owned()))
            } else {
                let message = format!("Grafana gets no data source `{name}`");
                (message, Some(which(&name, known)))
            };
            let breach = Breach { place: file.place(&at), kind: Kind::Reference, message, help };
            reporter.add(&file.path, file.root, Code::ReferenceDatasource, breach);
        }
    }
}

fn which(name: &str, known: &Known) -> String {
    let uids = || known.uids.iter().map(String::as_str);
    match nearest(name, uids()) {
        Some(near) => did_you_mean(near),
        None if known.uids.is_empty() => "provision it by `datasources`".to_owned(),
        None => {
            let uids: Vec<String> = uids().map(|uid| format!("`{uid}`")).collect();
            format!("its data sources have the uids {}", uids.join(" and "))
        }
    }
}

/// Uids that two files give. Two of one file are found by those who read the file.
fn repeated(files: &[&File], reporter: &mut Reporter) {
    let mut first: BTreeMap<(What, String), usize> = BTreeMap::new();
    for (position, file) in files.iter().enumerate() {
        for (at, uid) in uids(file) {
            let earlier = *first.entry((file.what, uid.clone())).or_insert(position);
            let Some(other) = files.get(earlier).filter(|_| earlier != position) else { continue };
            let what = match file.what {
                What::Alerts => "a rule",
                What::Dashboard => "a dashboard",
                What::Datasources => "a data source",
            };
            let message = format!("{what} of {} has the uid `{uid}`, too", other.path);
            let help = Some("give each a uid of its own".to_owned());
            let breach = Breach { place: file.place(&at), kind: Kind::Repeated, message, help };
            reporter.add(&file.path, file.root, Code::ReferenceRepeated, breach);
        }
    }
}

/// The uids that a file gives, and where.
fn uids(file: &File) -> Vec<(Pointer, String)> {
    let root = Spot::root(&file.node);
    let holders = match file.what {
        What::Dashboard => vec![root],
        What::Datasources => root.items_at(&["datasources"]),
        What::Alerts => {
            root.items_at(&["groups"]).iter().flat_map(|group| group.items_at(&["rules"])).collect()
        }
    };
    let uid = |holder: &Spot| {
        let uid = holder.get("uid")?;
        let text = uid.text().filter(|text| !text.is_empty() && !text.contains("{{"))?;
        Some((uid.pointer(), text.to_owned()))
    };
    holders.iter().filter_map(uid).collect()
}

/// Files that two objects let a sidecar write.
fn overwritten(files: &[&File], reporter: &mut Reporter) {
    let mut first: BTreeMap<(What, &str), &File> = BTreeMap::new();
    for file in files {
        let Some(written) = &file.written else { continue };
        let Some(other) = first.insert((file.what, written), file) else { continue };
        let name = written.rsplit('/').next().unwrap_or_default();
        let message = format!("the sidecar writes `{name}` of {} to the same file", other.path);
        let help = "rename one of the two keys, or set `sidecar.enableUniqueFilenames`".to_owned();
        let breach = Breach { place: file.key(), kind: Kind::Repeated, message, help: Some(help) };
        reporter.add(&file.path, file.root, Code::ReferenceRepeated, breach);
    }
}
