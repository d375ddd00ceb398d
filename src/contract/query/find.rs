//! Where expressions stand: in the dashboards, rules and alerts of Prometheus, Mimir and Grafana.

use super::{Mistake, promql};
use crate::contract::{Breach, Kind, Place};
use crate::node::{Data, Map, Node};
use crate::origin::Origin;
use crate::pointer::Pointer;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{Inner, parse_inner};

/// An expression in PromQL, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// The text that holds it.
    pub at: Pointer,
    /// Its first byte in that text: a variable's `label_values(up, job)` holds `up`.
    pub start: usize,
    /// The expression.
    pub text: String,
    /// Where the text was written.
    origin: Origin,
}

/// The expressions of a dashboard, by panel, variable and annotation.
///
/// # Errors
/// Why the text is no JSON.
pub fn in_dashboard(json: &str) -> Result<Vec<Expression>, String> {
    let value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Ok(in_rules(&Node::from_json(value, &Origin::Structure)))
}

/// The expressions of rules (`groups[].rules[].expr`), of Grafana's alerts (`data[].model.expr`) and of
/// anything else that holds `expr`, wherever in `node` they are. Those of data sources other than
/// Prometheus are left out.
pub fn in_rules(node: &Node) -> Vec<Expression> {
    let mut walk = Walk { at: Pointer::default(), found: Vec::new(), other_variables: Vec::new() };
    walk.visit(node, Language::Unknown);
    walk.found
}

/// What is wrong with the expressions of an object (a `PrometheusRule`, a `ConfigMap` of dashboards or
/// alerts), or of Grafana's values (`alerting`, `dashboards`).
pub fn breaches(node: &Node) -> Vec<Breach> {
    let mut found = Vec::new();
    match node.get("kind").and_then(Node::text) {
        Some("PrometheusRule") => of_member(node, &["spec"], &mut found),
        Some("ConfigMap") => of_config_map(node, &mut found),
        Some(_) => {}
        None => {
            of_member(node, &["alerting"], &mut found);
            for (provider, dashboards) in members(node.get("dashboards")) {
                for (name, dashboard) in members(Some(dashboards)) {
                    if let Some(json) = dashboard.get("json").and_then(Node::text) {
                        let place = pointer(&["dashboards", provider, name, "json"]);
                        of_dashboard(json, &place, &mut found);
                    }
                }
            }
        }
    }
    found
}

fn of_member(node: &Node, path: &[&str], found: &mut Vec<Breach>) {
    let member = path.iter().try_fold(node, |node, key| node.get(key));
    for one in member.map(in_rules).unwrap_or_default() {
        if let Err(mistake) = promql(&one.text) {
            let mut place = pointer(path);
            one.at.parts().iter().for_each(|part| place.push(part));
            let bytes = one.start + mistake.at.start..one.start + mistake.at.end;
            found.push(breach(&mistake, Place::Within(place, bytes)));
        }
    }
}

/// Grafana's sidecars collect `ConfigMap`s by these labels; dashboards are also mounted by name.
fn of_config_map(node: &Node, found: &mut Vec<Breach>) {
    let labels = node.get("metadata").and_then(|metadata| metadata.get("labels"));
    let labelled = |label: &str| labels.is_some_and(|labels| labels.get(label).is_some());
    for (key, value) in members(node.get("data")) {
        let Some(text) = value.text() else { continue };
        let place = pointer(&["data", key]);
        let extension = key.rsplit_once('.').map(|(_, extension)| extension);
        if labelled("grafana_dashboard") || extension == Some("json") {
            of_dashboard(text, &place, found);
        } else if labelled("grafana_alert") {
            of_alerts(text, &place, found);
        }
    }
}

fn of_dashboard(json: &str, place: &Pointer, found: &mut Vec<Breach>) {
    match in_dashboard(json) {
        Ok(expressions) => {
            let wrong = expressions.iter().filter_map(|one| Some((one, promql(&one.text).err()?)));
            found.extend(wrong.map(|(one, mistake)| {
                let bytes = in_json(json, one, &mistake);
                let place = place.clone();
                breach(
                    &mistake,
                    bytes.map_or_else(
                        || Place::Value(place.clone()),
                        |bytes| Place::Within(place.clone(), bytes),
                    ),
                )
            }));
        }
        Err(error) => found.push(Breach {
            place: Place::Value(place.clone()),
            kind: Kind::Type,
            message: format!("the dashboard is no JSON: {error}"),
            help: None,
        }),
    }
}

fn of_alerts(yaml: &str, place: &Pointer, found: &mut Vec<Breach>) {
    let whole =
        Span { start: 0, end: Span::new(inner_id(), 0, yaml.len()).end, source: inner_id() };
    let Some(document) = parse_inner(&Inner::whole_file(whole), yaml).document else {
        return found.push(Breach {
            place: Place::Value(place.clone()),
            kind: Kind::Type,
            message: "the alerts are no YAML that all readers agree on".to_owned(),
            help: None,
        });
    };
    for one in in_rules(&document.to_node()) {
        if let Err(mistake) = promql(&one.text) {
            let written = one.origin.written();
            let bytes = written.map(|span| span.start as usize..span.end as usize);
            let place = place.clone();
            let place = match bytes {
                Some(bytes) => Place::Within(place, bytes),
                None => Place::Value(place),
            };
            found.push(breach(&mistake, place));
        }
    }
}

/// The number of a text that is read alone.
fn inner_id() -> SourceId {
    Sources::default().add("", "")
}

fn breach(mistake: &Mistake, place: Place) -> Breach {
    Breach {
        place,
        kind: Kind::Value,
        message: format!("the expression is no PromQL: {}", mistake.message),
        help: None,
    }
}

/// The bytes of a mistake in a JSON text: the expression is looked for as JSON writes it.
fn in_json(json: &str, one: &Expression, mistake: &Mistake) -> Option<std::ops::Range<usize>> {
    let written = |text: &str| {
        let quoted = serde_json::to_string(text).ok()?;
        quoted.get(1..quoted.len().checked_sub(1)?).map(str::to_owned)
    };
    let start = json.find(&written(&one.text)?)?;
    let before = written(one.text.get(..mistake.at.start)?)?.len();
    let wrong = written(one.text.get(mistake.at.clone())?)?.len();
    Some(start + before..start + before + wrong)
}

fn pointer(path: &[&str]) -> Pointer {
    let mut pointer = Pointer::default();
    path.iter().for_each(|part| pointer.push(part));
    pointer
}

fn members(node: Option<&Node>) -> impl Iterator<Item = (&str, &Node)> {
    let map = node.and_then(|node| map(&node.data));
    map.into_iter().flatten().map(|(key, value)| (key.as_ref(), value))
}

fn map(data: &Data) -> Option<&Map> {
    match data {
        Data::Map(map) => Some(map),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_) => None,
    }
}

/// What expressions are written in, as far as their data source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    PromQl,
    Other,
    Unknown,
}

struct Walk {
    at: Pointer,
    found: Vec<Expression>,
    /// The variables that choose among data sources other than Prometheus.
    other_variables: Vec<String>,
}

impl Walk {
    fn visit(&mut self, node: &Node, language: Language) {
        match &node.data {
            Data::Map(map) => {
                let variables = node.get("templating").and_then(|all| all.get("list"));
                if let Some(Data::List(variables)) = variables.map(|list| &list.data) {
                    self.data_sources(variables);
                    variables
                        .iter()
                        .enumerate()
                        .for_each(|(number, one)| self.variable(number, one));
                }
                let language = self.language(node, language);
                for (key, value) in map {
                    self.at.push(key);
                    match (key.as_ref(), value.text()) {
                        ("templating", _) => {}
                        ("expr", Some(text)) if language != Language::Other => {
                            self.push(text, 0, value);
                        }
                        _ => self.visit(value, language),
                    }
                    self.at.pop();
                }
            }
            Data::List(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.at.push(&number.to_string());
                    self.visit(item, language);
                    self.at.pop();
                }
            }
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {}
        }
    }

    /// An empty expression is a query that Grafana does not send.
    fn push(&mut self, text: &str, start: usize, node: &Node) {
        if !text.trim().is_empty() {
            let (at, origin) = (self.at.clone(), node.origin.clone());
            self.found.push(Expression { at, start, text: text.to_owned(), origin });
        }
    }

    fn data_sources(&mut self, variables: &[Node]) {
        for one in variables {
            let text = |key: &str| one.get(key).and_then(Node::text);
            let other = text("query").is_some_and(|kind| !kind.contains("prometheus"));
            if text("type") == Some("datasource") && other {
                self.other_variables.extend(text("name").map(str::to_owned));
            }
        }
    }

    /// A variable's query: `label_values(selector, label)`, `query_result(expression)`, or, of a data
    /// source that is known to be Prometheus, an expression.
    fn variable(&mut self, number: usize, node: &Node) {
        let language = self.language(node, Language::Unknown);
        let is_query = node.get("type").and_then(Node::text) == Some("query");
        let Some(query) = node.get("query").filter(|_| is_query && language != Language::Other)
        else {
            return;
        };
        let inner = query.get("query");
        let path = ["templating", "list", &number.to_string(), "query"];
        let path = path.into_iter().chain(inner.map(|_| "query"));
        let place = std::mem::take(&mut self.at);
        self.at = place.clone();
        path.for_each(|part| self.at.push(part));
        let holder = inner.unwrap_or(query);
        if let Some((start, text)) = holder.text().and_then(|text| expression(text, language)) {
            self.push(text, start, holder);
        }
        self.at = place;
    }

    /// The language of what a map holds: its data source says, or else that of what holds it.
    fn language(&self, node: &Node, outer: Language) -> Language {
        if let Some(uid) = node.get("datasourceUid").and_then(Node::text) {
            return self.by_name(uid);
        }
        let Some(source) = node.get("datasource") else { return outer };
        let name = source.text().or_else(|| source.get("uid").and_then(Node::text));
        match source.get("type").and_then(Node::text) {
            Some(kind) if kind.contains("prometheus") => Language::PromQl,
            // The type of Grafana's own sources, among them the one that mixes others.
            Some("datasource") | None => name.map_or(outer, |name| self.by_name(name)),
            Some(_) => Language::Other,
        }
    }

    fn by_name(&self, name: &str) -> Language {
        let variable = name.trim_matches(['$', '{', '}']);
        let other = self.other_variables.iter().any(|other| other == variable);
        let lower = name.to_lowercase();
        match () {
            () if other || lower.contains("loki") || lower == "__expr__" => Language::Other,
            () if lower.contains("prometheus") || lower.contains("mimir") => Language::PromQl,
            () => Language::Unknown,
        }
    }
}

/// The expression in a variable's query, and its first byte.
fn expression(query: &str, language: Language) -> Option<(usize, &str)> {
    let start = query.len() - query.trim_start().len();
    let trimmed = query.trim();
    let argument = |name: &str| {
        let rest = trimmed.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')')?;
        Some((start + name.len() + 1, rest))
    };
    if let Some((start, both)) = argument("label_values") {
        return both.rsplit_once(',').map(|(selector, _)| (start, selector));
    }
    if argument("label_names").or_else(|| argument("metrics")).is_some() {
        return None;
    }
    argument("query_result").or((language == Language::PromQl).then_some((start, trimmed)))
}
