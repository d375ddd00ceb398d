//! Places in a tree of values: JSON pointers (RFC 6901).

use std::fmt;

/// A path of member names and positions.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer {
    parts: Vec<String>,
}

impl Pointer {
    /// Reads a pointer: empty, or parts that each start with `/`; `~0` is `~` and `~1` is `/`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Pointer, String> {
        let Some(rest) = text.strip_prefix('/') else {
            return match text {
                "" => Ok(Pointer::default()),
                _ => Err(format!("`{text}` does not start with `/`")),
            };
        };
        rest.split('/')
            .map(unescape)
            .collect::<Option<Vec<_>>>()
            .map(|parts| Pointer { parts })
            .ok_or_else(|| format!("`~` in `{text}` is followed by neither 0 nor 1"))
    }

    /// Goes on to a member.
    pub fn push(&mut self, part: &str) {
        self.parts.push(part.to_owned());
    }

    /// Goes back.
    pub fn pop(&mut self) {
        let _ = self.parts.pop();
    }

    /// The parts.
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Whether this place is `other` or lies below it.
    pub fn is_within(&self, other: &Pointer) -> bool {
        self.parts.starts_with(&other.parts)
    }
}

fn unescape(part: &str) -> Option<String> {
    let mut pieces = part.split('~');
    let mut text = pieces.next()?.to_owned();
    for piece in pieces {
        text.push(match piece.as_bytes().first()? {
            b'0' => '~',
            b'1' => '/',
            _ => return None,
        });
        text.push_str(piece.get(1..)?);
    }
    Some(text)
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            write!(f, "/{}", part.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_read_and_printed_as_rfc_6901_says() {
        for text in ["", "/", "/a", "/a~1b/m~0n", "/ /0/-", "//a", "/~01"] {
            assert_eq!(Pointer::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Pointer::parse("/a~1b").unwrap().parts(), ["a/b"]);
        assert_eq!(Pointer::parse("/~01").unwrap().parts(), ["~1"]);
        for text in ["a", "/~", "/~2", "/a~"] {
            assert!(Pointer::parse(text).is_err(), "{text}");
        }
    }
}
