//! Single values, as the readers of Go's programs take them.

use super::text;
use crate::node::Data;

/// What a single value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// True or false.
    Bool,
    /// A whole number within these bounds.
    Whole(i64, i64),
    /// Any number.
    Number,
    /// Text, or anything that can be written as text.
    Text,
    /// A duration of Go: `1h30m`; of numbers only 0.
    Duration,
    /// A duration of Prometheus, which has days, weeks and years: `30d`.
    Days,
    /// An address.
    Url,
    /// A day: `2024-04-01`.
    Date,
    /// A day or a moment; or 0.
    Time,
    /// A number of bytes with its unit: `100MiB`.
    Bytes,
    /// A number of bytes, with or without a unit: `4MB`.
    ByteSize,
    /// A regular expression.
    Regex,
    /// An address with its scheme and host.
    Address,
    /// Networks with commas between them: `10.0.0.0/8`.
    Cidrs,
    /// A map of text to text, as JSON in text.
    Json,
    /// Label matchers: `{job="a"}`.
    Matchers,
    /// A duration of Grafana, which has days, weeks, months and years in any order: `10d`.
    Span,
    /// Words in one text or in a list.
    Listed,
    /// Whatever there is.
    Any,
}

/// Why a value is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is of another type.
    Type,
    /// It is of the type, and says nothing of the kind.
    Value,
}

impl Scalar {
    /// The scalar that the facts call this.
    pub fn named(name: &str) -> Option<Scalar> {
        Some(match name {
            "bool" => Scalar::Bool,
            "int" | "int64" => Scalar::Whole(i64::MIN, i64::MAX),
            "int8" => Scalar::Whole(i8::MIN.into(), i8::MAX.into()),
            "int16" => Scalar::Whole(i16::MIN.into(), i16::MAX.into()),
            "int32" => Scalar::Whole(i32::MIN.into(), i32::MAX.into()),
            "uint" | "uint64" => Scalar::Whole(0, i64::MAX),
            "uint8" => Scalar::Whole(0, u8::MAX.into()),
            "uint16" => Scalar::Whole(0, u16::MAX.into()),
            "uint32" => Scalar::Whole(0, u32::MAX.into()),
            "float" => Scalar::Number,
            "text" => Scalar::Text,
            "duration" => Scalar::Duration,
            "days" => Scalar::Days,
            "url" => Scalar::Url,
            "date" => Scalar::Date,
            "time" => Scalar::Time,
            "bytes" => Scalar::Bytes,
            "bytesize" => Scalar::ByteSize,
            "regex" => Scalar::Regex,
            "words" => Scalar::Listed,
            "address" => Scalar::Address,
            "cidrs" => Scalar::Cidrs,
            "json" => Scalar::Json,
            "matchers" => Scalar::Matchers,
            "span" => Scalar::Span,
            "any" => Scalar::Any,
            _ => return None,
        })
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Scalar::Bool => "a boolean",
            Scalar::Whole(0, _) => "a whole number that is not negative",
            Scalar::Whole(..) => "a whole number",
            Scalar::Number => "a number",
            Scalar::Text => "text",
            Scalar::Duration | Scalar::Days | Scalar::Span => "a duration",
            Scalar::Url | Scalar::Address => "a URL",
            Scalar::Cidrs => "a list of networks",
            Scalar::Json => "JSON",
            Scalar::Matchers => "a label matcher",
            Scalar::Date => "a date",
            Scalar::Time => "a time",
            Scalar::Bytes | Scalar::ByteSize => "a number of bytes",
            Scalar::Regex => "a regular expression",
            Scalar::Listed => "a list of words",
            Scalar::Any => "anything",
        }
    }

    /// How such a value is written, if that is not plain.
    pub fn example(self) -> Option<&'static str> {
        match self {
            Scalar::Bool => Some("write `true` or `false`, without quotes"),
            Scalar::Whole(..) | Scalar::Number => Some("write digits, without quotes"),
            Scalar::Duration => {
                Some("write it with units of `h`, `m`, `s` and `ms`, as in `1h30m`")
            }
            Scalar::Days => Some("write whole units, the largest first, as in `30d` or `1h30m`"),
            Scalar::Span => Some("write it with units, as in `10d` or `30s`"),
            Scalar::Address => Some("write scheme and host, as in `https://example.com`"),
            Scalar::Cidrs => Some("write networks with commas between them, as in `10.0.0.0/8`"),
            Scalar::Json => Some("write an object of texts, as in `{\"a\": \"b\"}`"),
            Scalar::Matchers => Some("write it as `{job=\"a\"}`"),
            Scalar::Date => Some("write it as `2024-04-01`"),
            Scalar::Time => Some("write it as `2024-04-01` or `2024-04-01T08:30`"),
            Scalar::Bytes => Some("write it with a unit, as in `100MiB`"),
            Scalar::ByteSize => Some("write it as `1048576`, `512KB` or `4MB`"),
            Scalar::Text | Scalar::Url | Scalar::Regex | Scalar::Listed | Scalar::Any => None,
        }
    }

    /// Whether a value is one; null always is, because Go's readers pass over it.
    ///
    /// # Errors
    /// Why it is not.
    pub fn accept(self, data: &Data) -> Result<(), Refused> {
        match (self, data) {
            (Scalar::Any, _)
            | (_, Data::Null)
            | (Scalar::Duration, Data::Int(0))
            | (Scalar::Bool, Data::Bool(_))
            | (Scalar::Number, Data::Int(_) | Data::Float(_)) => Ok(()),
            (Scalar::Whole(least, most), Data::Int(value)) => {
                if (least..=most).contains(value) {
                    Ok(())
                } else {
                    Err(Refused::Value)
                }
            }
            // Go cuts off what follows the point; nobody means that.
            (Scalar::Whole(..), Data::Float(value)) if value.fract() == 0.0 => Ok(()),
            (Scalar::Listed, Data::List(items)) => {
                items.iter().try_for_each(|item| Scalar::Text.accept(&item.data))
            }
            (_, Data::List(_) | Data::Map(_))
            | (Scalar::Bool | Scalar::Number | Scalar::Whole(..), _)
            | (Scalar::Duration, Data::Bool(_) | Data::Int(_) | Data::Float(_)) => {
                Err(Refused::Type)
            }
            (_, Data::Text(written)) => self.accept_text(written),
            (_, Data::Bool(written)) => self.accept_text(&written.to_string()),
            (_, Data::Int(written)) => self.accept_text(&written.to_string()),
            (_, Data::Float(written)) => self.accept_text(&written.to_string()),
        }
    }

    fn accept_text(self, written: &str) -> Result<(), Refused> {
        let good = match self {
            Scalar::Duration => text::duration(written).is_some(),
            Scalar::Days => text::days(written).is_some(),
            Scalar::Span => text::is_span(written),
            Scalar::Url => text::is_url(written),
            Scalar::Address => {
                let host = written.split_once("://").is_some_and(|(_, rest)| !rest.is_empty());
                written.is_empty() || (host && text::is_url(written))
            }
            Scalar::Cidrs => text::are_networks(written),
            Scalar::Json => text::is_json(written),
            Scalar::Matchers => text::are_matchers(written),
            Scalar::Date => text::is_date(written),
            Scalar::Time => text::is_time(written),
            Scalar::Bytes => text::is_bytes(written),
            Scalar::ByteSize => text::is_bytesize(written),
            Scalar::Regex => text::is_regex(written),
            Scalar::Bool | Scalar::Whole(..) | Scalar::Number => false,
            Scalar::Text | Scalar::Listed | Scalar::Any => true,
        };
        if good { Ok(()) } else { Err(Refused::Value) }
    }
}
