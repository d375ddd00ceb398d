//! What the text of a literal means, and which words are names.

use super::lex::{Kind, Lexer, Mistake, Token};
use crate::node::Data;

/// Whether a name can start with this. Alloy's rule is Unicode's letters; the alphabetic
/// characters are a few more.
pub(super) fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// Whether a name can go on with this.
pub(super) fn continues_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Whether a word is a value, and so no name.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(word, "true" | "false" | "null")
}

/// Whether a text is a name.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(starts_name) && text.chars().all(continues_name) && !is_keyword(text)
}

/// Whether a text is a string as the language writes it.
pub(super) fn is_string(text: &str) -> bool {
    let token = Lexer::new(text).and_then(|mut lexer| lexer.next());
    token.is_ok_and(|token| {
        matches!(token.kind, Kind::Quoted | Kind::Raw)
            && token.text.len() == text.len()
            && string(&token).is_ok()
    })
}

/// What stands before a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    None,
    Minus,
}

/// The value of a literal with its sign; nothing if the token cannot be one.
pub(super) fn value(token: &Token<'_>, sign: Sign) -> Result<Option<Data>, Mistake> {
    let data = match token.kind {
        Kind::Int => whole(token, sign)?,
        Kind::Float => float(token, sign)?,
        Kind::Keyword if sign == Sign::None => match token.text {
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            _ => Data::Null,
        },
        Kind::Quoted | Kind::Raw if sign == Sign::None => Data::from(string(token)?),
        Kind::Keyword
        | Kind::Quoted
        | Kind::Raw
        | Kind::Name
        | Kind::Sign
        | Kind::LineEnd
        | Kind::End => return Ok(None),
    };
    Ok(Some(data))
}

/// Digits. After a zero they are octal, or a float if they cannot be: Alloy reads them with Go's
/// rules, although its own documentation knows nothing of it.
fn whole(token: &Token<'_>, sign: Sign) -> Result<Data, Mistake> {
    let octal = token.text.strip_prefix('0').filter(|digits| !digits.is_empty());
    let number = match octal {
        Some(digits) if digits.contains(['8', '9']) => return float(token, sign),
        Some(digits) => i128::from_str_radix(digits, 8),
        None => token.text.parse(),
    };
    let number = number.ok().map(|number| if sign == Sign::Minus { -number } else { number });
    match number.and_then(|number| i64::try_from(number).ok()) {
        Some(number) => Ok(Data::Int(number)),
        None => Err(too_large(token)),
    }
}

fn float(token: &Token<'_>, sign: Sign) -> Result<Data, Mistake> {
    match token.text.parse::<f64>() {
        Ok(number) if number.is_finite() => {
            Ok(Data::Float(if sign == Sign::Minus { -number } else { number }))
        }
        Ok(_) | Err(_) => Err(too_large(token)),
    }
}

fn too_large(token: &Token<'_>) -> Mistake {
    Mistake::new(token.at(), format!("`{}` does not fit in 64 bits", token.text))
}

/// The text of a string between its quotes, as it is written.
pub(super) fn between_quotes<'t>(token: &Token<'t>) -> &'t str {
    token.text.get(1..token.text.len().saturating_sub(1)).unwrap_or_default()
}

/// The text that a string stands for.
pub(super) fn string(token: &Token<'_>) -> Result<String, Mistake> {
    let written = between_quotes(token);
    if token.kind == Kind::Raw {
        // As Go does: a file with Windows' line ends means the same.
        return Ok(written.replace('\r', ""));
    }
    let mut bytes = Vec::with_capacity(written.len());
    let (mut rest, mut start) = (written, token.start + 1);
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at_checked(at).unwrap_or_default();
        bytes.extend(plain.bytes());
        start += at;
        let length = unescape(escape, start, &mut bytes)?;
        rest = escape.get(length..).unwrap_or_default();
        start += length;
    }
    bytes.extend(rest.bytes());
    // `\xNN` and octal escapes are bytes; only all of them together need to be text.
    String::from_utf8(bytes).map_err(|_| {
        Mistake::new(token.at(), "the escapes of this string make bytes that are no text")
    })
}

/// Adds what the escape at the start of a text stands for, and says how long it is.
fn unescape(escape: &str, start: usize, bytes: &mut Vec<u8>) -> Result<usize, Mistake> {
    let mistake = |length: usize, why: &str| {
        let text: String = escape.chars().take(length).collect();
        Mistake::new((start, start + text.len()), format!("`{text}` {why}"))
    };
    let Some(kind) = escape.chars().nth(1) else {
        return Err(mistake(1, "starts no escape"));
    };
    let (skip, digits, radix) = match kind {
        '0'..='7' => (1, 3, 8),
        'x' => (2, 2, 16),
        'u' => (2, 4, 16),
        'U' => (2, 8, 16),
        other => {
            bytes.push(match other {
                'a' => 0x07,
                'b' => 0x08,
                'f' => 0x0c,
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                'v' => 0x0b,
                '\\' => b'\\',
                '"' => b'"',
                _ => return Err(mistake(2, "is no escape of the language")),
            });
            return Ok(2);
        }
    };
    let length = skip + digits;
    let code = escape
        .get(skip..length)
        .filter(|code| code.chars().all(|c| c.is_digit(radix)))
        .and_then(|code| u32::from_str_radix(code, radix).ok());
    let Some(code) = code else {
        let found = escape.chars().skip(skip).take_while(|c| c.is_digit(radix)).count();
        let number = if radix == 8 { "octal" } else { "hexadecimal" };
        return Err(mistake(skip + found.min(digits), &format!("needs {digits} {number} digits")));
    };
    if matches!(kind, 'u' | 'U') {
        let c = char::from_u32(code).ok_or_else(|| mistake(length, "is no character"))?;
        bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
    } else {
        bytes.push(u8::try_from(code).map_err(|_| mistake(length, "is more than a byte"))?);
    }
    Ok(length)
}
