//! How a policy of a page names a style or a script: by the SHA-256 of its bytes.

use crate::digest::digest;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `sha256-…`, as Content Security Policy Level 3 writes a `hash-source`.
pub fn source(code: &str) -> String {
    format!("sha256-{}", base64(&digest(code.as_bytes())))
}

/// Hexadecimal digits as base 64 (RFC 4648): three of the ones are two of the others, and the 256 bits of a digest
/// leave one digit over, which is filled up with two bits.
fn base64(hex: &str) -> String {
    let values: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
    let digit = |bits: u32| {
        let at = usize::try_from(bits & 63).unwrap_or_default();
        DIGITS.get(at).map_or('=', |digit| char::from(*digit))
    };
    let mut text = String::new();
    for three in values.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 4 | three.get(at).copied().unwrap_or(0));
        text.push(digit(bits >> 6));
        if three.len() > 1 {
            text.push(digit(bits));
        }
    }
    let fill = (4 - text.len() % 4) % 4;
    text + &"=".repeat(fill)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_hash_is_written_as_policies_want_it() {
        // The example of CSP Level 2, section 4.2.5 (`alert('Hello, world.');`).
        assert_eq!(
            super::source("alert('Hello, world.');"),
            "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
        );
        assert_eq!(super::base64("4d616e4d"), "TWFuTQ==");
    }
}
