//! What an unquoted YAML scalar means, and to whom.
//!
//! kubectl and Helm read YAML 1.1 (`no` is a boolean, `0777` is 511), most other tools YAML 1.2
//! (both are text). In: a scalar that the two worlds read differently is an error. Out: text is
//! left unquoted only when no reader can take it for anything else.

/// The meaning of an unquoted scalar.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A decimal whole number.
    Int(i64),
    /// Another decimal number.
    Float(f64),
    /// Anything else.
    Text,
    /// Readers disagree; the text says how the other world reads it.
    Ambiguous(&'static str),
}

/// A whole number that no reader holds without loss.
pub const TOO_LARGE: &str = "a number too large for most readers";

impl Scalar {
    /// Reads an unquoted scalar by the rules that YAML 1.1 and 1.2 share.
    pub fn resolve(text: &str) -> Scalar {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
            "true" | "True" | "TRUE" => return Scalar::Bool(true),
            "false" | "False" | "FALSE" => return Scalar::Bool(false),
            _ => {}
        }
        if is_boolean_word(text) {
            return Scalar::Ambiguous("a boolean in YAML 1.1 and text in YAML 1.2");
        }
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
            return Scalar::Text;
        }
        if is_odd_number(digits) {
            return Scalar::Ambiguous(
                "read as different numbers, or as text, by different readers",
            );
        }
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map_or(Scalar::Ambiguous(TOO_LARGE), Scalar::Int);
        }
        let is_decimal = digits
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
        match text.parse::<f64>() {
            Ok(number) if is_decimal && number.is_finite() => Scalar::Float(number),
            Ok(_) | Err(_) => Scalar::Text,
        }
    }
}

/// The words that YAML 1.1 reads as booleans and YAML 1.2 as text.
fn is_boolean_word(text: &str) -> bool {
    ["y", "n", "yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Octal, hexadecimal, binary, and underscored numbers.
fn is_odd_number(digits: &str) -> bool {
    let in_base = |prefixes: [&str; 2], base: u32| {
        let rest = prefixes.iter().find_map(|prefix| digits.strip_prefix(prefix));
        rest.is_some_and(|rest| rest.chars().all(|c| c == '_' || c.is_digit(base)))
    };
    let decimal = |c: char| c.is_ascii_digit() || matches!(c, '_' | '.');
    let underscored = digits.contains('_') && digits.chars().all(decimal);
    let leading_zero = digits.len() > 1
        && digits.starts_with('0')
        && digits.chars().all(|c| c.is_ascii_digit() || c == '_');
    let other_base =
        in_base(["0x", "0X"], 16) || in_base(["0o", "0O"], 8) || in_base(["0b", "0B"], 2);
    underscored || leading_zero || other_base
}

/// Whether `text` may stand unquoted, as a key or a value, for every reader.
///
/// Stricter than either YAML version needs: a text that looks in any way like something else is
/// quoted.
pub fn is_plain_safe(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let is_word = |word: &&str| text.eq_ignore_ascii_case(word);
    if ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"].iter().any(is_word) {
        return false;
    }
    let starts_safely = first.is_ascii_alphabetic() || matches!(first, '/' | '_' | '$' | '(' | '^');
    let has_letter_early = starts_safely || looks_like_a_name(text);
    has_letter_early
        && text.chars().all(is_plain_char)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
}

/// Text that starts with a digit but can be no number, date or time: it holds a letter that no
/// number holds (`20Gi`, `500m`, `1.33-alpha`), and no other base is announced.
fn looks_like_a_name(text: &str) -> bool {
    let mut chars = text.chars();
    let starts_with_digit = chars.next().is_some_and(|c| c.is_ascii_digit());
    if text.starts_with('0') && chars.next().is_some_and(|c| c.is_ascii_alphabetic()) {
        return false;
    }
    let number_letters = |c: char| "eEtTzZxXoObBaAcCdDfF".contains(c);
    starts_with_digit && text.chars().any(|c| c.is_ascii_alphabetic() && !number_letters(c))
}

fn is_plain_char(c: char) -> bool {
    c.is_ascii_graphic() || c == ' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_that_readers_disagree_on_are_ambiguous() {
        for text in
            ["no", "On", "y", "0777", "0x1F", "0b11", "1_000", "0o17", "99999999999999999999"]
        {
            assert!(matches!(Scalar::resolve(text), Scalar::Ambiguous(_)), "{text}");
        }
    }

    #[test]
    fn plain_numbers_and_words_keep_their_meaning() {
        assert_eq!(Scalar::resolve("12"), Scalar::Int(12));
        assert_eq!(Scalar::resolve("-3"), Scalar::Int(-3));
        assert_eq!(Scalar::resolve("0"), Scalar::Int(0));
        assert_eq!(Scalar::resolve("0.5"), Scalar::Float(0.5));
        for text in ["2024-04-01", "30d", "us-east-2", "1.33.1", "10.0.0.0/8", "-", ".", "12:30"] {
            assert_eq!(Scalar::resolve(text), Scalar::Text, "{text}");
        }
    }

    #[test]
    fn text_that_any_reader_could_misread_is_quoted() {
        for text in
            ["no", "12", "1e3", "0x1", "~", "", "- a", "a: b", "a #b", "=", "<<", "@x", "*x"]
        {
            assert!(!is_plain_safe(text), "{text}");
        }
        for text in ["us-east-2", "20Gi", "/etc/mimir/", "http://a.b:80/c", "100m", "a b"] {
            assert!(is_plain_safe(text), "{text}");
        }
    }
}
