//! The directives of a strategic merge. Source: the Kubernetes API conventions, "Strategic merge
//! patch".

use crate::node::{Data, Map, Node, Text};
use crate::overlay::fault::{Fault, fault};

/// What a patch does with the whole of what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directive {
    /// It is merged.
    Merge,
    /// It takes its place.
    Replace,
    /// It is removed.
    Delete,
}

const WHOLE: &str = "$patch";
const RETAIN: &str = "$retainKeys";
const ORDER: &str = "$setElementOrder/";
const DELETE: &str = "$deleteFromPrimitiveList/";

impl Directive {
    fn read(value: &Node) -> Result<Directive, Fault> {
        match value.text() {
            Some("merge") => Ok(Directive::Merge),
            Some("replace") => Ok(Directive::Replace),
            Some("delete") => Ok(Directive::Delete),
            Some(_) | None => {
                let message = format!("`{}` is no directive", value.to_json());
                Err(fault(&value.origin, message).help("write `delete`, `replace` or `merge`"))
            }
        }
    }

    /// The directive of a list: an item that says nothing else.
    pub fn of_item(item: &Node) -> Result<Option<Directive>, Fault> {
        match &item.data {
            Data::Map(members) if members.len() == 1 => {
                members.get(WHOLE).map(Directive::read).transpose()
            }
            Data::Map(_)
            | Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_) => Ok(None),
        }
    }
}

/// All directives of a map.
pub struct Directives<'p> {
    /// For the map itself.
    pub whole: Directive,
    /// The only keys that stay.
    pub retain: Option<&'p Node>,
    lists: Vec<(&'p str, ListDirective<'p>)>,
}

/// A directive for one of the map's lists.
#[derive(Clone, Copy)]
pub enum ListDirective<'p> {
    /// The order of its items.
    Order(&'p Node),
    /// Values that go.
    Delete(&'p Node),
}

/// The members of a map that are no directives.
pub fn plain(members: &Map) -> impl Iterator<Item = (&Text, &Node)> {
    members.iter().filter(|(key, _)| !is_directive_like(key))
}

impl<'p> Directives<'p> {
    /// The directives among a map's members.
    pub fn of(members: &'p Map) -> Result<Self, Fault> {
        let mut found = Directives { whole: Directive::Merge, retain: None, lists: Vec::new() };
        for (key, value) in members.iter().filter(|(key, _)| key.starts_with('$')) {
            if key == WHOLE {
                found.whole = Directive::read(value)?;
            } else if key == RETAIN {
                found.retain = Some(as_list(value)?);
            } else if let Some(list) = key.strip_prefix(ORDER) {
                found.lists.push((list, ListDirective::Order(as_list(value)?)));
            } else if let Some(list) = key.strip_prefix(DELETE) {
                found.lists.push((list, ListDirective::Delete(as_list(value)?)));
            } else if is_directive_like(key) {
                let message = format!("`{key}` is no directive");
                let help = "the directives are $patch, $retainKeys, $setElementOrder/<list> and \
                            $deleteFromPrimitiveList/<list>";
                return Err(fault(&value.origin, message).help(help));
            }
        }
        Ok(found)
    }

    /// The order that is asked for a list that is patched, too.
    pub fn order_of(&self, key: &str) -> Option<&'p Node> {
        self.lists.iter().find_map(|(list, directive)| match directive {
            ListDirective::Order(order) if *list == key => Some(*order),
            ListDirective::Order(_) | ListDirective::Delete(_) => None,
        })
    }

    /// What is asked of lists, where [`Directives::order_of`] does not answer.
    pub fn lists_without_patch(
        &self,
        members: &'p Map,
    ) -> impl Iterator<Item = (&'p str, ListDirective<'p>)> {
        self.lists.iter().copied().filter(|(list, directive)| match directive {
            ListDirective::Order(_) => !members.contains_key(*list),
            ListDirective::Delete(_) => true,
        })
    }
}

/// `$ref` and `$schema` are names in the schemas that some objects hold.
fn is_directive_like(key: &str) -> bool {
    key.starts_with('$') && key != "$ref" && key != "$schema"
}

fn as_list(value: &Node) -> Result<&Node, Fault> {
    match &value.data {
        Data::List(_) => Ok(value),
        other @ (Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::Map(_)) => {
            Err(fault(&value.origin, format!("this is {}; a list is wanted", other.name())))
        }
    }
}

/// Whether a list of texts holds a name.
pub fn names(list: &Node, name: &str) -> bool {
    match &list.data {
        Data::List(items) => items.iter().any(|item| item.text() == Some(name)),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::Map(_) => false,
    }
}
