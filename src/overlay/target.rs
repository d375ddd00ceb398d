//! What a patch is applied to: kustomize's selectors, and the component.
//!
//! Source: kustomize's reference for `patches`: names are regular expressions for the whole name;
//! selectors of labels and annotations are those of the Kubernetes API.

use crate::manifest::Identity;
use crate::model::ComponentId;
use crate::node::Node;
use crate::tree::RelPath;
use regex_lite::Regex;
use std::fmt;

/// A target. What is absent matches everything.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The API group; empty for the core group.
    pub group: Option<Regex>,
    /// The API version.
    pub version: Option<Regex>,
    /// The kind.
    pub kind: Option<Regex>,
    /// The name.
    pub name: Option<Regex>,
    /// The namespace; empty where an object has none.
    pub namespace: Option<Regex>,
    /// The labels.
    pub labels: Option<Selector>,
    /// The annotations.
    pub annotations: Option<Selector>,
    /// The component.
    pub component: Option<ComponentId>,
}

/// A name, or a regular expression for the whole of one.
///
/// # Errors
/// What is wrong with it.
pub fn pattern(text: &str) -> Result<Regex, String> {
    Regex::new(&format!("^(?:{text})$")).map_err(|error| {
        let error = error.to_string();
        let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
        format!("`{text}` is no regular expression: {reason}")
    })
}

impl Target {
    /// The object that a patch names itself; without a namespace, in any.
    pub fn of_object(identity: &Identity) -> Target {
        let exactly = |text: &str| pattern(&regex_lite::escape(text)).ok();
        let namespace = Some(&identity.namespace).filter(|namespace| !namespace.is_empty());
        Target {
            group: exactly(&identity.group),
            version: exactly(&identity.version),
            kind: exactly(&identity.kind),
            name: exactly(&identity.name),
            namespace: namespace.and_then(|namespace| exactly(namespace)),
            ..Target::default()
        }
    }

    /// Whether an object at a path is meant.
    pub fn matches(&self, path: &RelPath, object: &Node, identity: &Identity) -> bool {
        let fits = |regex: &Option<Regex>, text: &str| {
            regex.as_ref().is_none_or(|regex| regex.is_match(text))
        };
        let selects = |selector: &Option<Selector>, key: &str| {
            let members = object.get("metadata").and_then(|metadata| metadata.get(key));
            selector.as_ref().is_none_or(|selector| selector.matches(members))
        };
        fits(&self.kind, &identity.kind)
            && fits(&self.name, &identity.name)
            && fits(&self.namespace, &identity.namespace)
            && fits(&self.group, &identity.group)
            && fits(&self.version, &identity.version)
            && self.component.is_none_or(|component| path.component() == Some(component))
            && selects(&self.labels, "labels")
            && selects(&self.annotations, "annotations")
    }

    /// How many of its demands an object meets, for finding the nearest.
    pub fn likeness(&self, path: &RelPath, identity: &Identity) -> usize {
        let parts = [
            (&self.kind, &identity.kind, 8),
            (&self.name, &identity.name, 8),
            (&self.namespace, &identity.namespace, 4),
            (&self.group, &identity.group, 2),
            (&self.version, &identity.version, 2),
        ];
        let close = |(regex, text, most): (&Option<Regex>, &String, usize)| match regex {
            None => 0,
            Some(regex) if regex.is_match(text) => most,
            Some(regex) => {
                let wanted = regex.as_str().trim_start_matches("^(?:").trim_end_matches(")$");
                let alike = strsim::normalized_damerau_levenshtein(wanted, text);
                if alike > 0.6 { most / 2 } else { 0 }
            }
        };
        let component = self.component.is_some_and(|one| path.component() == Some(one));
        parts.into_iter().map(close).sum::<usize>() + usize::from(component) * 4
    }
}

/// A label selector: every requirement must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    all: Vec<Requirement>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    key: String,
    rule: Rule,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    In(Vec<String>),
    NotIn(Vec<String>),
    Exists,
    Missing,
}

impl Selector {
    /// Reads `a=b,c!=d,e in (f, g),h notin (i),j,!k`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Selector, String> {
        let all = split(text).map(requirement).collect::<Result<Vec<_>, _>>()?;
        Ok(Selector { all })
    }

    /// Whether a map of labels keeps every requirement.
    pub fn matches(&self, labels: Option<&Node>) -> bool {
        self.holds(|key| labels.and_then(|labels| labels.get(key)).and_then(Node::text))
    }

    /// Whether labels that `value` looks up keep every requirement.
    pub fn holds<'a>(&self, value: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.all.iter().all(|requirement| {
            let value = value(&requirement.key);
            match &requirement.rule {
                Rule::In(any) => value.is_some_and(|value| any.iter().any(|one| one == value)),
                Rule::NotIn(any) => value.is_none_or(|value| any.iter().all(|one| one != value)),
                Rule::Exists => value.is_some(),
                Rule::Missing => value.is_none(),
            }
        })
    }
}

/// As [`Selector::parse`] reads it.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Requirement { key, rule }) in self.all.iter().enumerate() {
            if number > 0 {
                f.write_str(",")?;
            }
            match rule {
                Rule::In(any) => match any.as_slice() {
                    [one] => write!(f, "{key}={one}")?,
                    many => write!(f, "{key} in ({})", many.join(","))?,
                },
                Rule::NotIn(any) => match any.as_slice() {
                    [one] => write!(f, "{key}!={one}")?,
                    many => write!(f, "{key} notin ({})", many.join(","))?,
                },
                Rule::Exists => f.write_str(key)?,
                Rule::Missing => write!(f, "!{key}")?,
            }
        }
        Ok(())
    }
}

/// The parts between commas that stand in no parentheses.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    text.split(move |c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}

fn requirement(text: &str) -> Result<Requirement, String> {
    let text = text.trim();
    let wrong = || format!("`{text}` is no requirement of a selector");
    let (key, rule) = if let Some((key, rest)) = text.split_once(" notin ") {
        (key, Rule::NotIn(set(rest).ok_or_else(wrong)?))
    } else if let Some((key, rest)) = text.split_once(" in ") {
        (key, Rule::In(set(rest).ok_or_else(wrong)?))
    } else if let Some((key, value)) = text.split_once("!=") {
        (key, Rule::NotIn(vec![value.trim().to_owned()]))
    } else if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        (key, Rule::In(vec![value.trim().to_owned()]))
    } else if let Some(key) = text.strip_prefix('!') {
        (key, Rule::Missing)
    } else {
        (text, Rule::Exists)
    };
    let key = key.trim().to_owned();
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    if key.is_empty() || !key.chars().all(fine) {
        return Err(wrong());
    }
    Ok(Requirement { key, rule })
}

fn set(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('(')?.strip_suffix(')')?;
    Some(inner.split(',').map(|one| one.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::{because, map};

    #[test]
    fn selectors_select_as_kubectl_does() {
        let labels = map([("app", because("a test", "web")), ("tier", because("a test", "back"))]);
        for (text, expected) in [
            ("app=web", true),
            ("app==web,tier=back", true),
            ("app!=web", false),
            ("none!=web", true),
            ("app in (api, web)", true),
            ("app notin (api,web),tier", false),
            ("tier,!none", true),
            ("!tier", false),
        ] {
            let selector = Selector::parse(text).unwrap();
            assert_eq!(selector.matches(Some(&labels)), expected, "{text}");
            assert_eq!(Selector::parse(&selector.to_string()).unwrap(), selector, "{text}");
        }
        assert!(Selector::parse("app in web").is_err());
        assert!(Selector::parse("a b=c").is_err());
        assert!(Selector::parse("").is_err());
    }

    #[test]
    fn a_pattern_is_for_the_whole_name() {
        assert!(!pattern("alloy").unwrap().is_match("alloy-config"));
        assert!(pattern("alloy.*").unwrap().is_match("alloy-config"));
        assert!(pattern("a|b").unwrap().is_match("b"));
        assert!(pattern("(").unwrap_err().contains("no regular expression"));
    }
}
