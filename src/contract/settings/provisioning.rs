//! The files with which Grafana is provisioned: data sources, dashboards and alerting.
//!
//! Grafana passes over names that it does not know, and reads `"true"` and `"1"` as what they look like.

use super::facts::{PROVISIONING, Type};
use super::findings::{At, Findings};
use super::references::Expansion;
use super::walk::{Reader, Reading};
use crate::contract::Kind;
use crate::node::{Data, Node};
use crate::pointer::Pointer;
use std::collections::BTreeMap;

/// Checks a file.
pub type Check = fn(&Node, &mut Findings);

/// Adds what is wrong with a file of data sources.
pub fn datasources(file: &Node, found: &mut Findings) {
    read(file, "files.Datasources", found);
    let sources = items(file, "datasources", found.here());
    needed(&sources, &["name", "type"], found);
    unique(&sources, "name", found);
    unique(&sources, "uid", found);
    let mut defaults = BTreeMap::new();
    for (source, at) in &sources {
        let is_default = source.get("isDefault").is_some_and(|node| node.data == Data::Bool(true));
        if is_default && let Some(first) = defaults.insert(organisation(source), name(source)) {
            let mut at = at.clone();
            at.push("isDefault");
            let message = format!("`{first}` is the default data source already");
            let help = Some("let one data source of an organisation be the default".to_owned());
            found.add(At::Other(&at), Kind::Conflict, message, help);
        }
    }
}

/// Adds what is wrong with a file that says where dashboards are.
pub fn dashboard_providers(file: &Node, found: &mut Findings) {
    read(file, "files.Dashboards", found);
    let providers = items(file, "providers", found.here());
    unique(&providers, "name", found);
    for (provider, at) in &providers {
        let options = provider.get("options");
        if options.and_then(|options| options.get("path")).is_none() {
            let message = "a provider of dashboards needs `options.path`".to_owned();
            found.add(At::Other(at), Kind::Missing, message, None);
        }
        let grouped = options.and_then(|options| options.get("foldersFromFilesStructure"));
        let folder = provider.get("folder").and_then(Node::text).filter(|text| !text.is_empty());
        if let (Some(Node { data: Data::Bool(true), .. }), Some(_)) = (grouped, folder) {
            let mut at = at.clone();
            at.push("folder");
            let message = "folders come from files here, and from `folder`, too".to_owned();
            let help = "leave out `folder`, or `options.foldersFromFilesStructure`".to_owned();
            found.add(At::Other(&at), Kind::Conflict, message, Some(help));
        }
    }
}

/// Adds what is wrong with a file of alerting.
pub fn alerting(file: &Node, found: &mut Findings) {
    read(file, "files.Alerting", found);
    let groups = items(file, "groups", found.here());
    needed(&groups, &["name", "folder", "interval"], found);
    let rules: Vec<_> = groups.iter().flat_map(|(group, at)| items(group, "rules", at)).collect();
    unique(&rules, "uid", found);
    for (rule, at) in &rules {
        self::rule(rule, at, found);
    }
    // Grafana makes rules first and deletes afterwards.
    let uid = |node: &Node| node.get("uid").and_then(Node::text).map(str::to_owned);
    let made: Vec<_> = rules.iter().filter_map(|(rule, _)| uid(rule)).collect();
    for (deleted, mut at) in items(file, "deleteRules", found.here()) {
        if let Some(uid) = uid(deleted).filter(|uid| made.contains(uid)) {
            at.push("uid");
            let message = format!("the rule `{uid}` is made and deleted by the same file");
            let help = Some("keep one of the two".to_owned());
            found.add(At::Other(&at), Kind::Conflict, message, help);
        }
    }
    let points = items(file, "contactPoints", found.here());
    needed(&points, &["name", "receivers"], found);
    unique(&points, "name", found);
    for list in ["muteTimes", "templates"] {
        let named = items(file, list, found.here());
        needed(&named, &["name"], found);
        unique(&named, "name", found);
    }
}

/// A rule answers with its condition, which is one of its queries or expressions.
fn rule(rule: &Node, at: &Pointer, found: &mut Findings) {
    // A rule that records names what it takes in `record`.
    let names: &[&str] = match rule.get("record") {
        Some(_) => &["title", "data"],
        None => &["title", "condition", "data"],
    };
    needed(&[(rule, at.clone())], names, found);
    let Some(condition) = rule.get("condition").and_then(Node::text) else { return };
    let mut place = at.clone();
    place.push("condition");
    let queries = items(rule, "data", at);
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    let is_expression = |query: &Node| {
        text(query, "datasourceUid").is_some_and(|uid| uid == "__expr__" || uid == "-100")
    };
    let query =
        queries.iter().find(|(query, _)| text(query, "refId").as_deref() == Some(condition));
    match query {
        None if queries.is_empty() || condition.contains("{{") => {}
        None => {
            let message = format!("no query of this rule is `{condition}`");
            found.add(At::Other(&place), Kind::Reference, message, None);
        }
        Some((query, _)) => {
            let last = queries.iter().rev().find(|(query, _)| is_expression(query));
            if let (false, Some((last, _))) = (is_expression(query), last) {
                let message = format!("the condition is the query `{condition}`, no expression");
                let help = text(last, "refId").map(|name| format!("did you mean `{name}`?"));
                found.add(At::Other(&place), Kind::Conflict, message, help);
            }
        }
    }
}

/// Adds that notifiers, which belong to the alerting of Grafana before version 11, are not read.
pub fn notifiers(_: &Node, found: &mut Findings) {
    let message = "Grafana 13.2.0 has no notifiers any more".to_owned();
    found.add(
        At::Key,
        Kind::Removed,
        message,
        Some("use `alerting` with contact points".to_owned()),
    );
}

fn read(file: &Node, structure: &'static str, found: &mut Findings) {
    let reader = Reader {
        name: "Grafana 13.2.0",
        facts: &PROVISIONING,
        expansion: Expansion::None,
        reading: Reading::Lenient,
    };
    reader.check(file, Type::Structure(structure), "", found);
    match file.get("apiVersion").map(|node| &node.data) {
        None | Some(Data::Int(1)) => {}
        Some(_) => found.within("apiVersion", |found| {
            let help = Some("write 1".to_owned());
            found.add(At::Value, Kind::Value, "there is no such version".to_owned(), help);
        }),
    }
}

/// The maps of a list, and where they are.
fn items<'a>(node: &'a Node, list: &str, at: &Pointer) -> Vec<(&'a Node, Pointer)> {
    let Some(Node { data: Data::List(items), .. }) = node.get(list) else { return Vec::new() };
    let place = |position: usize| {
        let mut at = at.clone();
        at.push(list);
        at.push(&position.to_string());
        at
    };
    let maps = items.iter().enumerate().filter(|(_, item)| matches!(item.data, Data::Map(_)));
    maps.map(|(position, item)| (item, place(position))).collect()
}

fn needed(items: &[(&Node, Pointer)], names: &[&str], found: &mut Findings) {
    for (item, at) in items {
        for name in names {
            if item.get(name).is_none_or(|node| node.data == Data::Null) {
                let message = format!("`{name}` is needed here");
                found.add(At::Other(at), Kind::Missing, message, None);
            }
        }
    }
}

fn unique(items: &[(&Node, Pointer)], key: &str, found: &mut Findings) {
    let mut seen = std::collections::BTreeSet::new();
    for (item, at) in items {
        let Some(text) = item.get(key).and_then(Node::text).filter(|text| !text.contains("{{"))
        else {
            continue;
        };
        if !seen.insert((organisation(item), text)) {
            let mut at = at.clone();
            at.push(key);
            let message = format!("`{text}` is there already");
            found.add(At::Other(&at), Kind::Repeated, message, None);
        }
    }
}

/// The organisation; the first if none is said.
fn organisation(item: &Node) -> i64 {
    match item.get("orgId").map(|node| &node.data) {
        Some(Data::Int(number)) => *number,
        None
        | Some(
            Data::Null
            | Data::Bool(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Map(_),
        ) => 1,
    }
}

fn name(item: &Node) -> &str {
    item.get("name").and_then(Node::text).unwrap_or_default()
}
