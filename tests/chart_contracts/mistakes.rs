//! Mistakes that people make, and mistakes that are made up.

use crate::{CHARTS, charts, contract, line, node, path, support};
use serde_json::Value;
use std::collections::BTreeSet;
use telemetree::contract::chart::{self, Contract, Shape};
use telemetree::contract::{Breach, Kind};
use telemetree::node::Node;
use telemetree::origin::Origin;

/// What people write, where it is found, and the help they get: mistakes that were seen in use.
const SEEN: &[(&str, &str, &str, &str)] = &[
    (
        "alloy",
        "tolerations: [{operator: Exists}]",
        "/tolerations",
        "did you mean `controller.tolerations`?",
    ),
    (
        "alloy",
        "alloy: {reporting: {enabled: false}}",
        "/alloy/reporting",
        "did you mean `alloy.enableReporting`?",
    ),
    (
        "alloy",
        "serviceAccount: {labels: {a: b}}",
        "/serviceAccount/labels",
        "did you mean `serviceAccount.additionalLabels`?",
    ),
    ("alloy", "configMap: {create: false}", "/configMap", "did you mean `alloy.configMap`?"),
    ("alloy", "clustering: {enabled: true}", "/clustering", "did you mean `alloy.clustering`?"),
    ("alloy", "mounts: {varlog: true}", "/mounts", "did you mean `alloy.mounts`?"),
    (
        "alloy",
        "enableStatefulSetAutoDeletePVC: true",
        "/enableStatefulSetAutoDeletePVC",
        "use `controller.enableStatefulSetAutoDeletePVC`",
    ),
    (
        "mimir-distributed",
        "mimir: {ingester: {replicas: 3}}",
        "/mimir/ingester",
        "did you mean `ingester`?",
    ),
    (
        "mimir-distributed",
        "mimir: {ingester: {push_grpc_method_enabled: true}}",
        "/mimir/ingester",
        "did you mean `mimir.structuredConfig.ingester.push_grpc_method_enabled`?",
    ),
    ("mimir-distributed", "nginx: {enabled: false}", "/nginx", "use `gateway`"),
    (
        "mimir-distributed",
        "queryFrontend: {replicas: 2}",
        "/queryFrontend",
        "did you mean `query_frontend`?",
    ),
    (
        "mimir-distributed",
        "storeGateway: {replicas: 2}",
        "/storeGateway",
        "did you mean `store_gateway`?",
    ),
    (
        "mimir-distributed",
        "chunksCache: {enabled: true}",
        "/chunksCache",
        "did you mean `chunks-cache`?",
    ),
    (
        "mimir-distributed",
        "multitenancyEnabled: true",
        "/multitenancyEnabled",
        "did you mean `mimir.structuredConfig.multitenancy_enabled`?",
    ),
    (
        "loki",
        "loki: {chunksCache: {allocatedMemory: 500}}",
        "/loki/chunksCache",
        "did you mean `chunksCache`?",
    ),
    (
        "loki",
        "loki: {resultsCache: {allocatedMemory: 500}}",
        "/loki/resultsCache",
        "did you mean `resultsCache`?",
    ),
    (
        "loki",
        "loki: {storage: {schemaConfig: {configs: []}}}",
        "/loki/storage/schemaConfig",
        "did you mean `loki.schemaConfig`?",
    ),
    (
        "loki",
        "loki: {storage: {schema_config: {configs: []}}}",
        "/loki/storage/schema_config",
        "did you mean `loki.schemaConfig`?",
    ),
    (
        "loki",
        "loki: {schema_config: {configs: []}}",
        "/loki/schema_config",
        "did you mean `loki.schemaConfig`?",
    ),
    (
        "loki",
        "loki: {ruler_config: {a: b}}",
        "/loki/ruler_config",
        "did you mean `loki.rulerConfig`?",
    ),
    (
        "loki",
        "loki: {common_config: {a: b}}",
        "/loki/common_config",
        "did you mean `loki.commonConfig`?",
    ),
    (
        "loki",
        "monitoring: {selfMonitoring: {enabled: false}}",
        "/monitoring/selfMonitoring/enabled",
        "scrape Loki with a collector of your own; the tenant of the canary is `lokiCanary.tenant`",
    ),
    (
        "loki",
        "monitoring: {rules: {alerting: true}}",
        "/monitoring/rules/alerting",
        "did you mean `monitoring.alerts`?",
    ),
    (
        "loki",
        "monitoring: {lokiCanary: {enabled: false}}",
        "/monitoring/lokiCanary",
        "did you mean `lokiCanary`?",
    ),
    (
        "loki",
        "ingester: {updateStrategy: {type: RollingUpdate}}",
        "/ingester/updateStrategy",
        "did you mean `ingester.strategy`?",
    ),
    (
        "loki",
        "clusterLabelOverride: x",
        "/clusterLabelOverride",
        "remove it: rules and dashboards go by the label `app_instance` now",
    ),
    (
        "loki",
        "rbac: {pspEnabled: true}",
        "/rbac/pspEnabled",
        "remove it: Kubernetes has no pod security policies any more",
    ),
    ("loki", "storage: {type: s3}", "/storage", "did you mean `loki.storage`?"),
    ("grafana", "ingress: {hosts: [{host: a.example}]}", "/ingress/hosts/0", "write text"),
    (
        "grafana",
        "grafana: {service: {annotations: {a: b}}}",
        "/grafana",
        "move its keys to the top",
    ),
];

#[test]
fn mistakes_that_people_make_are_found_and_mended() {
    let mut wrong = String::new();
    for (chart, yaml, place, help) in SEEN {
        let found = chart::check(&node(yaml), contract(chart));
        let same = |breach: &Breach| path(breach) == *place && breach.help.as_deref() == Some(help);
        if found.len() != 1 || !same(&found[0]) {
            let found: Vec<String> = found.iter().map(line).collect();
            wrong += &format!("{chart} {yaml}\n  {found:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A generator that gives the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// A key with a slip of the hand, or in another style.
fn misspelt(key: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = key.chars().collect();
    let at = dice.below(letters.len());
    match dice.below(5) {
        0 if letters.len() > 3 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 if at + 1 < letters.len() && letters[at] != letters[at + 1] => letters.swap(at, at + 1),
        3 => letters.push('s'),
        _ => letters[at] = if letters[at] == 'x' { 'y' } else { 'x' },
    }
    letters.into_iter().collect()
}

/// The keys of a tree whose siblings are read by name: a mistake in them can be seen.
fn closed(values: &Value, shape: &Shape, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if shape.open || shape.is_leaf() || shape.each.is_some() {
        return;
    }
    for (key, inner) in values.as_object().into_iter().flatten() {
        let Some(shape) = shape.members.get(key) else { continue };
        path.push(key.clone());
        found.push(path.clone());
        closed(inner, shape, path, found);
        let _ = path.pop();
    }
}

fn dotted(path: &[String]) -> String {
    let part = |key: &String| if key.contains('.') { format!("\"{key}\"") } else { key.clone() };
    path.iter().map(part).collect::<Vec<_>>().join(".")
}

fn at<'a>(values: &'a mut Value, path: &[String]) -> &'a mut Value {
    path.iter().fold(values, |value, key| &mut value[key.as_str()])
}

/// A key misspelt, or moved elsewhere.
struct Mistake {
    values: Value,
    /// Where it was.
    meant: Vec<String>,
    /// Where it is.
    written: Vec<String>,
}

fn mistaken(values: &Value, keys: &[Vec<String>], dice: &mut Dice) -> Mistake {
    let mut values = values.clone();
    let chosen = &keys[dice.below(keys.len())];
    let (last, above) = chosen.split_last().unwrap();
    let value = at(&mut values, above).as_object_mut().unwrap().remove(last).unwrap();
    let (above, last) = match dice.below(3) {
        // Beside another key, wherever that is.
        0 => {
            let maps = keys.iter().filter(|key| !key.starts_with(chosen));
            let maps: BTreeSet<&[String]> = maps.map(|key| &key[..key.len() - 1]).collect();
            let maps: Vec<_> = maps.into_iter().collect();
            (maps[dice.below(maps.len())].to_vec(), last.clone())
        }
        _ => (above.to_vec(), misspelt(last, dice)),
    };
    at(&mut values, &above)[last.as_str()] = value;
    Mistake { values, meant: chosen.clone(), written: [above, vec![last]].concat() }
}

/// Whether something is read by this name: then it is no mistake.
fn is_live(contract: &Contract, path: &[String]) -> bool {
    let mut shape = &contract.values;
    path.iter().all(|key| match shape.members.get(key) {
        Some(inner) => {
            shape = inner;
            true
        }
        None => false,
    })
}

/// Makes mistakes in values and counts those that are found, and those whose help names the key
/// that was meant.
fn score(contract: &Contract, values: &Value, times: usize, dice: &mut Dice) -> [usize; 3] {
    let mut keys = Vec::new();
    closed(values, &contract.values, &mut Vec::new(), &mut keys);
    let (mut made, mut found, mut mended) = (0, 0, 0);
    let mut tries = 0;
    while made < times && tries < 20 * times && keys.len() > 2 {
        tries += 1;
        let Mistake { values, meant, written: place } = mistaken(values, &keys, dice);
        if is_live(contract, &place) {
            continue;
        }
        made += 1;
        let breaches = chart::check(&Node::from_json(values, &Origin::Structure), contract);
        let pointer = place.iter().fold(String::new(), |text, part| {
            format!("{text}/{}", part.replace('~', "~0").replace('/', "~1"))
        });
        let breach = breaches.iter().find(|breach| path(breach) == pointer);
        match breach {
            Some(breach) => {
                assert_ne!(breach.kind, Kind::Type);
                found += 1;
                let help = breach.help.as_deref().unwrap_or_default();
                mended += usize::from(help.contains(&format!("`{}`", dotted(&meant))));
            }
            None => println!("missed: {} {pointer}", contract.chart),
        }
    }
    [made, found, mended]
}

#[test]
fn made_up_mistakes_are_found() {
    let mut dice = Dice(20_260_823);
    let mut totals = [0; 3];
    let mut add = |name: &str, score: [usize; 3]| {
        println!(
            "{name}: {} mistakes, {} found, {} with help that names what was meant",
            score[0], score[1], score[2]
        );
        (0..3).for_each(|at| totals[at] += score[at]);
    };
    for case in support::cases() {
        for (path, text) in support::compile(&case.name, &case.spec) {
            let Some(folder) = path.strip_suffix("/values.yaml") else { continue };
            let component = folder.rsplit('/').next().unwrap();
            let chart = CHARTS.into_iter().find(|(id, _, _)| *id == component).unwrap().1;
            let values: Value = serde_yaml::from_str(&text).unwrap();
            add(&path, score(contract(chart), &values, 15, &mut dice));
        }
    }
    for (_, chart, _) in CHARTS {
        let Some(charts) = charts() else { break };
        let text = std::fs::read_to_string(charts.join(chart).join("values.yaml")).unwrap();
        let values: Value = serde_yaml::from_str(&text).unwrap();
        add(chart, score(contract(chart), &values, 75, &mut dice));
    }
    let [made, found, mended] = totals;
    println!("{made} mistakes, {found} found, {mended} with help that names what was meant");
    assert!(made >= 300, "only {made}");
    assert!(found * 100 >= made * 98, "{found} of {made}");
}
