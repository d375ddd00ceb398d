//! One strict YAML document, with the place of every key and value.

use super::inner::Inner;
use super::scalar::{Scalar, TOO_LARGE};
use crate::diag::{Code, Diagnostic};
use crate::node::{Data, Node, Text};
use crate::origin::Origin;
use crate::source::{SourceId, Span};
use granit_parser::{Event, Parser, ScalarStyle, Tag};
use std::collections::BTreeMap;

/// The largest text that is read, in bytes. A spec of a hundred clusters has a tenth of that.
pub const MAX_BYTES: usize = 1 << 20;
/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 64;
/// The most values a document may hold once its aliases are expanded.
pub const MAX_ITEMS: usize = 100_000;

/// A value of the document and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of value.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Another number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Item>),
    /// A map, in the order of the text.
    Map(Vec<Member>),
    /// Something that has been reported already; what reads it says nothing more.
    Reported,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub value: Item,
}

impl Kind {
    /// What people call this kind.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Null => "nothing",
            Kind::Bool(_) => "a boolean",
            Kind::Int(_) | Kind::Float(_) => "a number",
            Kind::Text(_) => "text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
            Kind::Reported => "a mistake",
        }
    }
}

impl Item {
    /// The same value as the tree that is worked on; every value comes from its place.
    pub fn to_node(&self) -> Node {
        let data = match &self.kind {
            Kind::Null | Kind::Reported => Data::Null,
            Kind::Bool(value) => Data::Bool(*value),
            Kind::Int(value) => Data::Int(*value),
            Kind::Float(value) => Data::Float(*value),
            Kind::Text(text) => Data::Text(Text::Owned(text.clone())),
            Kind::List(items) => Data::List(items.iter().map(Item::to_node).collect()),
            Kind::Map(members) => {
                let pair =
                    |member: &Member| (Text::Owned(member.key.clone()), member.value.to_node());
                Data::Map(members.iter().map(pair).collect())
            }
        };
        Node { data, origin: Origin::at(|| self.span) }
    }
}

/// The text of a file's bytes.
///
/// # Errors
/// When the bytes are too many or are not UTF-8.
pub fn decode(bytes: Vec<u8>) -> Result<String, Diagnostic> {
    if bytes.len() > MAX_BYTES {
        let message = format!("the file has {} bytes; at most {MAX_BYTES} are read", bytes.len());
        return Err(Diagnostic::error(Code::Limit, None, message));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        let message = format!("the file is not UTF-8: byte {at} (line {line}) starts no character");
        Diagnostic::error(Code::Yaml, None, message).help("save the file as UTF-8")
    })
}

/// What reading a document gives.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The document, unless its syntax is broken or it passes a limit.
    pub document: Option<Item>,
    /// What was found: reading goes on after duplicate keys and ambiguous scalars.
    pub found: Vec<Diagnostic>,
}

/// Reads one document.
pub fn parse(source: SourceId, text: &str) -> Parsed {
    parse_inner(&Inner::whole_file(Span::new(source, 0, text.len())), text)
}

/// Reads one document that stands inside another.
pub fn parse_inner(places: &Inner, text: &str) -> Parsed {
    if text.len() > MAX_BYTES {
        let message = format!("the text has {} bytes; at most {MAX_BYTES} are read", text.len());
        let found = vec![Diagnostic::error(Code::Limit, None, message)];
        return Parsed { document: None, found };
    }
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        places,
        anchors: BTreeMap::new(),
        items: 0,
        found: Vec::new(),
    };
    match reader.document(text.len()) {
        Ok(document) => Parsed { document: Some(document), found: reader.found },
        Err(fatal) => {
            reader.found.push(*fatal);
            Parsed { document: None, found: reader.found }
        }
    }
}

/// YAML 1.1's key for merging maps, unless quoted; readers of YAML 1.2 take it for a name.
const MERGE: &str = "<<";

struct Reader<'text> {
    parser: Parser<'text, granit_parser::StrInput<'text>>,
    places: &'text Inner,
    anchors: BTreeMap<usize, Item>,
    items: usize,
    found: Vec<Diagnostic>,
}

type Fatal = Box<Diagnostic>;

impl<'text> Reader<'text> {
    fn next(&mut self) -> Result<Option<(Event<'text>, Span)>, Fatal> {
        loop {
            match self.parser.next_event() {
                None => return Ok(None),
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, span))) => {
                    let range = span.byte_range().unwrap_or_default();
                    return Ok(Some((event, self.places.place(range.start, range.end))));
                }
                Some(Err(error)) => {
                    let at = error.marker().byte_offset().unwrap_or_default();
                    let span = self.places.place(at, at + 1);
                    return Err(Box::new(Diagnostic::error(Code::Yaml, span, error.info())));
                }
            }
        }
    }

    fn document(&mut self, text_len: usize) -> Result<Item, Fatal> {
        let mut root = None;
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::StreamEnd) {
                break;
            }
            if matches!(event, Event::DocumentStart(..)) && root.is_some() {
                let message = "a second document starts here; a spec is one document";
                let error = Diagnostic::error(Code::Limit, span, message);
                return Err(Box::new(error.help("put each workload in a file of its own")));
            }
            if event.is_node() {
                root = Some(self.item(event, span, 0)?);
            }
        }
        root.ok_or_else(|| {
            let end = self.places.place(0, text_len.min(1));
            Box::new(Diagnostic::error(Code::Yaml, end, "the file holds no document"))
        })
    }

    fn item(&mut self, event: Event<'text>, span: Span, depth: usize) -> Result<Item, Fatal> {
        self.count(1, span)?;
        if depth > MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} levels deep");
            return Err(Box::new(Diagnostic::error(Code::Limit, span, message)));
        }
        self.refuse_tag(event.tag(), span);
        let anchor = event.anchor_id().unwrap_or_default();
        let item = if let Event::Alias(id) = event {
            return self.alias(id, span);
        } else if let Event::Scalar(text, style, ..) = event {
            Item { span, kind: self.scalar(&text, style, span) }
        } else if matches!(event, Event::SequenceStart(..)) {
            self.list(span, depth)?
        } else if matches!(event, Event::MappingStart(..)) {
            self.map(span, depth)?
        } else {
            return Err(Box::new(Diagnostic::error(Code::Yaml, span, "a value is missing")));
        };
        if anchor != 0 {
            let _ = self.anchors.insert(anchor, item.clone());
        }
        Ok(item)
    }

    fn count(&mut self, more: usize, span: Span) -> Result<(), Fatal> {
        self.items += more;
        if self.items > MAX_ITEMS {
            let message = format!("more than {MAX_ITEMS} values once aliases are expanded");
            return Err(Box::new(Diagnostic::error(Code::Limit, span, message)));
        }
        Ok(())
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<Item, Fatal> {
        let Some(target) = self.anchors.get(&id) else {
            let message = "an alias inside its own anchor never ends";
            return Err(Box::new(Diagnostic::error(Code::Yaml, span, message)));
        };
        let size = size_of(target);
        self.count(size, span)?;
        self.anchors.get(&id).cloned().ok_or_else(|| {
            Box::new(Diagnostic::error(Code::Yaml, span, "an alias without an anchor"))
        })
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, span: Span) {
        if tag.is_some() {
            let error = Diagnostic::error(Code::Yaml, span, "a YAML tag has no meaning here");
            self.found.push(error.help("remove the tag; quote the value if it is text"));
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) -> Kind {
        if style != ScalarStyle::Plain {
            return Kind::Text(text.to_owned());
        }
        match Scalar::resolve(text) {
            Scalar::Null => Kind::Null,
            Scalar::Bool(value) => Kind::Bool(value),
            Scalar::Int(value) => Kind::Int(value),
            Scalar::Float(value) => Kind::Float(value),
            Scalar::Text => Kind::Text(text.to_owned()),
            Scalar::Ambiguous(why) => {
                let error = Diagnostic::error(Code::Yaml, span, format!("`{text}` is {why}"));
                let help = if why == TOO_LARGE {
                    format!("write a smaller number, or `\"{text}\"` for text")
                } else {
                    format!("write `true` or `false` for a switch, `\"{text}\"` for text")
                };
                self.found.push(error.help(help));
                Kind::Reported
            }
        }
    }

    fn list(&mut self, start: Span, depth: usize) -> Result<Item, Fatal> {
        let mut items = Vec::new();
        let mut end = start;
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::SequenceEnd) {
                end = span;
                break;
            }
            items.push(self.item(event, span, depth + 1)?);
        }
        Ok(Item { span: join(start, end), kind: Kind::List(items) })
    }

    fn map(&mut self, start: Span, depth: usize) -> Result<Item, Fatal> {
        let mut members: Vec<Member> = Vec::new();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut end = start;
        while let Some((event, key_span)) = self.next()? {
            if matches!(event, Event::MappingEnd) {
                end = key_span;
                break;
            }
            let key = self.key(event, key_span)?;
            let Some((event, span)) = self.next()? else {
                break;
            };
            let value = self.item(event, span, depth + 1)?;
            let Some(key) = key else {
                continue;
            };
            if let Some(first) = seen.insert(key.clone(), key_span) {
                let error =
                    Diagnostic::error(Code::Yaml, key_span, format!("`{key}` stands twice"));
                self.found.push(error.related(Some(first), "first here"));
            } else {
                members.push(Member { key, key_span, value });
            }
        }
        Ok(Item { span: join(start, end), kind: Kind::Map(members) })
    }

    /// The key, or nothing where it is a merge key: that has been reported, and names nothing.
    fn key(&mut self, event: Event<'text>, span: Span) -> Result<Option<String>, Fatal> {
        let Event::Scalar(text, style, _, _) = event else {
            let error = Diagnostic::error(Code::Yaml, span, "a key is plain text");
            return Err(Box::new(error));
        };
        let plain = style == ScalarStyle::Plain;
        if plain && text == MERGE {
            let error = Diagnostic::error(Code::Yaml, span, "merge keys (`<<`) are not read");
            self.found
                .push(error.help("write the members out, or use an alias for the whole value"));
            return Ok(None);
        }
        if plain && Scalar::resolve(&text) != Scalar::Text {
            let message = format!("the key `{text}` is not text for every YAML reader");
            let error = Diagnostic::error(Code::Yaml, span, message);
            self.found.push(error.help(format!("quote it: `\"{text}\"`")));
        }
        Ok(Some(text.into_owned()))
    }
}

/// How many values stand in this one, itself included.
fn size_of(item: &Item) -> usize {
    1 + match &item.kind {
        Kind::List(items) => items.iter().map(size_of).sum::<usize>(),
        Kind::Map(members) => members.iter().map(|member| size_of(&member.value)).sum(),
        Kind::Null
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Float(_)
        | Kind::Text(_)
        | Kind::Reported => 0,
    }
}

fn join(start: Span, end: Span) -> Span {
    Span { source: start.source, start: start.start, end: end.end.max(start.end) }
}
