//! What the functions of Go, Sprig and Helm do to what is known.

use super::Machine;
use super::eval::Frame;
use super::world::{Id, Value};
use std::collections::BTreeSet;

impl Machine<'_> {
    /// A function's value. A function that is not known reads its arguments whole.
    pub fn function(
        &mut self,
        name: &str,
        arguments: &[Id],
        site: u32,
        frame: &mut Frame,
    ) -> Result<Id, String> {
        let plain = name.strip_prefix("must").map(|rest| {
            let mut chars = rest.chars();
            chars.next().map_or(String::new(), |c| c.to_lowercase().chain(chars).collect())
        });
        let name = plain.as_deref().unwrap_or(name);
        let nothing = self.world.null();
        let at = |index: usize| arguments.get(index).copied().unwrap_or(nothing);
        match name {
            "include" => return self.include(at(0), at(1)),
            "tpl" => return self.tpl(at(0), at(1)),
            _ => {}
        }
        let known = self
            .logic(name, arguments)
            .or_else(|| self.lookup(name, arguments))
            .or_else(|| self.maps(name, arguments, site, frame.context))
            .or_else(|| self.lists(name, arguments))
            .or_else(|| self.encoding(name, arguments))
            .or_else(|| self.text_function(name, arguments));
        Ok(known.unwrap_or_else(|| {
            arguments.iter().for_each(|id| self.world.read_whole(*id));
            self.world.opaque()
        }))
    }

    /// What decides, and what chooses.
    fn logic(&mut self, name: &str, arguments: &[Id]) -> Option<Id> {
        let nothing = self.world.null();
        let at = |index: usize| arguments.get(index).copied().unwrap_or(nothing);
        Some(match name {
            "and" => self.first_where(arguments, |truth| !truth),
            "or" | "coalesce" => self.first_where(arguments, |truth| truth),
            "default" => self.first_where(&[at(1), at(0)], |truth| truth),
            "ternary" => match self.world.truth(at(2)) {
                Some(true) => at(0),
                Some(false) => at(1),
                None => self.world.join([at(0), at(1)]),
            },
            "not" | "empty" => match self.world.truth(at(0)) {
                Some(truth) => self.world.id(Value::Bool(!truth)),
                None => self.world.opaque(),
            },
            "eq" | "ne" => match self.equal(arguments) {
                Some(equal) => self.world.id(Value::Bool(equal == (name == "eq"))),
                None => self.world.opaque(),
            },
            "lt" | "le" | "gt" | "ge" | "semverCompare" | "deepEqual" => {
                arguments.iter().for_each(|id| self.world.read_printed(*id));
                self.world.opaque()
            }
            "required" => at(1),
            // Nothing follows, and what the message quotes is not used.
            "fail" => self.world.text(""),
            "kindIs" | "typeIs" | "typeIsLike" => {
                self.world.read_type(at(1));
                self.world.opaque()
            }
            "kindOf" | "typeOf" => {
                self.world.read_type(at(0));
                self.world.opaque()
            }
            _ => return None,
        })
    }

    /// The first of some values whose truth is wanted, or the last.
    fn first_where(&mut self, arguments: &[Id], is_wanted: impl Fn(bool) -> bool) -> Id {
        let mut found = Vec::new();
        for (at, id) in arguments.iter().enumerate() {
            let last = at + 1 == arguments.len();
            match self.world.truth(*id) {
                Some(truth) if is_wanted(truth) || last => {
                    found.push(*id);
                    break;
                }
                Some(_) => {}
                None => found.push(*id),
            }
        }
        self.world.join(found)
    }

    /// Whether two values are equal, where that is certain.
    fn equal(&self, arguments: &[Id]) -> Option<bool> {
        let texts: Vec<_> = arguments.iter().map(|id| self.world.texts(*id)).collect();
        let [Some(first), Some(second)] = texts.as_slice() else { return None };
        let common = first.iter().any(|text| second.contains(text));
        let single = first.len() == 1 && second.len() == 1;
        (single || !common).then_some(common)
    }

    /// What goes down into values.
    fn lookup(&mut self, name: &str, arguments: &[Id]) -> Option<Id> {
        let nothing = self.world.null();
        Some(match (name, arguments) {
            ("index", [of, keys @ ..]) => {
                keys.iter().fold(*of, |value, key| self.world.index(value, *key))
            }
            ("dig", [keys @ .., default, of]) => {
                let found = keys.iter().fold(*of, |value, key| self.world.index(value, *key));
                self.first_where(&[found, *default], |truth| truth)
            }
            ("get", [of, key]) => self.world.index(*of, *key),
            ("hasKey", [of, key]) => {
                let _ = self.world.index(*of, *key);
                self.world.opaque()
            }
            ("pluck", [key, from @ ..]) => {
                let found: Vec<Id> = from.iter().map(|of| self.world.index(*of, *key)).collect();
                self.world.id(Value::List(found))
            }
            ("has", [_, list]) => {
                self.world.read_whole(*list);
                self.world.opaque()
            }
            ("first" | "last", [list]) => {
                let known = self.known_items(*list);
                let end = |items: Vec<Id>| {
                    if name == "first" { items.first().copied() } else { items.last().copied() }
                };
                match known {
                    Some(items) => end(items).unwrap_or(nothing),
                    None => self.world.each(*list),
                }
            }
            _ => return None,
        })
    }

    /// The items of a list, if they are all known.
    fn known_items(&self, list: Id) -> Option<Vec<Id>> {
        let value = self.world.value(list);
        if let Value::List(items) = value { Some(items.clone()) } else { None }
    }

    /// What makes and changes maps.
    fn maps(&mut self, name: &str, arguments: &[Id], site: u32, context: u32) -> Option<Id> {
        let nothing = self.world.null();
        let at = |index: usize| arguments.get(index).copied().unwrap_or(nothing);
        Some(match name {
            "dict" => self.dict(arguments, site, context),
            "set" => {
                self.world.write(at(0), at(1), at(2));
                at(0)
            }
            // What is taken out by name is named on purpose.
            "unset" | "omit" => at(0),
            "pick" => self.pick(arguments, site, context),
            "deepCopy" => self.copy(at(0), site, context),
            "merge" | "mergeOverwrite" => {
                for from in arguments.iter().skip(1) {
                    self.world.merge(at(0), *from);
                }
                self.world.join(arguments.iter().copied())
            }
            "keys" => {
                for of in arguments {
                    let _ = self.world.each(*of);
                }
                let known = self.keys(arguments);
                let key = self.world.opaque();
                known.unwrap_or_else(|| self.world.id(Value::Items(key)))
            }
            "values" => {
                let each = self.world.each(at(0));
                self.world.id(Value::Items(each))
            }
            _ => return None,
        })
    }

    /// A map with some members of another.
    fn pick(&mut self, arguments: &[Id], site: u32, context: u32) -> Id {
        let Some((of, keys)) = arguments.split_first() else { return self.world.null() };
        let names: Option<Vec<_>> = keys.iter().map(|key| self.world.texts(*key)).collect();
        let Some(names) = names else { return *of };
        let object = self.world.make(site, context, vec![*of]);
        let object = self.world.id(Value::Object(object));
        for name in names.concat() {
            let value = self.world.member(*of, &name);
            let key = self.world.text(&name);
            self.world.write(object, key, value);
        }
        object
    }

    /// A map with what another holds, so that what is written into it is not written there.
    fn copy(&mut self, of: Id, site: u32, context: u32) -> Id {
        let mut copies = Vec::new();
        for choice in self.world.choices(of) {
            let is_map = matches!(self.world.value(choice), Value::Place(_) | Value::Object(_));
            copies.push(if is_map {
                let object = self.world.make(site, context, vec![choice]);
                let copy = self.world.id(Value::Object(object));
                self.world.merge(copy, choice);
                copy
            } else {
                choice
            });
        }
        self.world.join(copies)
    }

    /// The names of a map that was made with names only.
    fn keys(&mut self, arguments: &[Id]) -> Option<Id> {
        let [of] = arguments else { return None };
        let Value::Object(object) = *self.world.value(*of) else { return None };
        let object = self.world.object(object);
        if !object.rest.is_empty() || !object.merged.is_empty() {
            return None;
        }
        let names: Vec<String> = object.fields.keys().cloned().collect();
        let names = names.iter().map(|name| self.world.text(name)).collect();
        Some(self.world.id(Value::List(names)))
    }

    fn dict(&mut self, arguments: &[Id], site: u32, context: u32) -> Id {
        // Without a context, maps are told apart no longer, so that calls in a circle end.
        let from = if context == 0 { Vec::new() } else { arguments.to_vec() };
        let object = self.world.make(site, context, from);
        for pair in arguments.chunks(2) {
            let nothing = self.world.null();
            let (key, value) = (pair.first(), pair.get(1).copied().unwrap_or(nothing));
            let texts = key.and_then(|key| self.world.texts(*key));
            if let Some([key]) = texts.as_deref() {
                let old = self.world.object(object).fields.get(key).copied();
                let both = self.world.join(old.into_iter().chain([value]));
                let fields = &mut self.world.object(object).fields;
                let new = fields.insert(key.clone(), both) != Some(both);
                self.world.learned |= new;
            } else {
                let whole = self.world.id(Value::Object(object));
                self.world.write(whole, key.copied().unwrap_or(nothing), value);
            }
        }
        self.world.id(Value::Object(object))
    }

    /// What makes and changes lists. Order and number are not followed but for constants.
    fn lists(&mut self, name: &str, arguments: &[Id]) -> Option<Id> {
        let nothing = self.world.null();
        let at = |index: usize| arguments.get(index).copied().unwrap_or(nothing);
        Some(match name {
            "list" | "tuple" => self.world.id(Value::List(arguments.to_vec())),
            "append" | "push" | "prepend" => {
                let known = self.known_items(at(0));
                match known {
                    Some(mut items) if items.len() < 100 => {
                        items.insert(if name == "prepend" { 0 } else { items.len() }, at(1));
                        self.world.id(Value::List(items))
                    }
                    Some(_) | None => {
                        let each = self.world.each(at(0));
                        let item = self.world.join([each, at(1)]);
                        self.world.id(Value::Items(item))
                    }
                }
            }
            "concat" => {
                let each: Vec<Id> = arguments.iter().map(|list| self.world.each(*list)).collect();
                let item = self.world.join(each);
                self.world.id(Value::Items(item))
            }
            "sortAlpha" | "uniq" | "compact" | "reverse" if self.is_constant(at(0)) => at(0),
            "rest" | "initial" | "reverse" | "uniq" | "compact" | "without" | "slice" | "chunk"
            | "sortAlpha" | "shuffle" => {
                let list = if name == "chunk" { at(1) } else { at(0) };
                let item = self.world.each(list);
                let items = self.world.id(Value::Items(item));
                // A chunk is a list of such lists, a slice of text is text.
                if name == "chunk" { self.world.id(Value::Items(items)) } else { items }
            }
            "until" | "untilStep" | "seq" => {
                arguments.iter().for_each(|id| self.world.read_printed(*id));
                let number = self.world.opaque();
                self.world.id(Value::Items(number))
            }
            _ => return None,
        })
    }

    fn is_constant(&self, id: Id) -> bool {
        let items = self.known_items(id);
        items.is_some_and(|items| items.iter().all(|item| self.world.texts(*item).is_some()))
    }

    /// YAML and JSON, there and back.
    fn encoding(&mut self, name: &str, arguments: &[Id]) -> Option<Id> {
        let text = arguments.last().copied().unwrap_or(self.world.null());
        Some(match name {
            "toYaml" | "toYamlPretty" | "toJson" | "toPrettyJson" | "toRawJson" => {
                self.world.id(Value::Yaml(text))
            }
            "fromYaml" | "fromJson" | "fromYamlArray" | "fromJsonArray" => self.decoded(text),
            // What moves text about leaves it what it is.
            "indent" | "nindent" | "trim" | "trimSuffix" | "trimPrefix" | "trimAll"
                if self.world.texts(text).is_none() =>
            {
                text
            }
            _ => return None,
        })
    }

    /// The value that a text encodes, if the text is one value's. Nothing is read of a constant.
    fn decoded(&mut self, text: Id) -> Id {
        let choices = self.world.choices(text);
        let found: Vec<Id> = choices.into_iter().map(|choice| self.decoded_one(choice)).collect();
        self.world.join(found)
    }

    fn decoded_one(&mut self, text: Id) -> Id {
        let value = self.world.value(text).clone();
        if let Value::Yaml(inner) = value {
            return inner;
        }
        if let Value::Text(text) = &value
            && text.trim().is_empty()
        {
            return self.world.null();
        }
        if let Value::Print(pieces) = value {
            let blank = |id: &Id| matches!(self.world.value(*id), Value::Text(text) if text.trim().is_empty());
            let solid: Vec<Id> = pieces.into_iter().filter(|id| !blank(id)).collect();
            if let [only] = solid.as_slice() {
                return self.decoded(*only);
            }
        }
        self.world.read_printed(text);
        self.world.opaque()
    }

    /// The values that are not decided by what is known.
    pub fn read_all(&mut self, ids: &[Id]) {
        let unique: BTreeSet<Id> = ids.iter().copied().collect();
        unique.into_iter().for_each(|id| self.world.read_printed(id));
    }
}
