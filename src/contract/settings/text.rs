//! The little languages inside text: durations, sizes, times, addresses and expressions.
//!
//! Each follows the parser that reads it: Go's `time.ParseDuration` and `net/url`, Prometheus's
//! `model.ParseDuration`, and the packages `alecthomas/units` and `c2h5oh/datasize`.

/// Seconds, of a duration as Go writes it; `None` if it is none.
pub fn duration(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 8] = [
        ("ns", 1e-9),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("μs", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
    ];
    let unit = |unit: &str| UNITS.iter().find(|(name, _)| *name == unit).map(|(_, length)| *length);
    // Nanoseconds are 63 bits.
    sum(text, unit).filter(|seconds| seconds.abs() < 9.223_372_036e9)
}

/// Seconds, of a duration as Prometheus writes it: whole units, the largest first; `None` if it is
/// none.
pub fn days(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 7] = [
        ("y", 31_536_000.0),
        ("w", 604_800.0),
        ("d", 86_400.0),
        ("h", 3600.0),
        ("m", 60.0),
        ("s", 1.0),
        ("ms", 1e-3),
    ];
    if text == "0" {
        return Some(0.0);
    }
    let (mut rest, mut next, mut seconds) = (text, 0, 0.0);
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| c.is_ascii_digit());
        let (unit, after) = split(after, |c| !c.is_ascii_digit());
        let at = UNITS.iter().position(|(name, _)| *name == unit)?;
        if at < next {
            return None;
        }
        let (_, length) = UNITS.get(at)?;
        seconds += number.parse::<f64>().ok()? * length;
        (rest, next) = (after, at + 1);
    }
    (!text.is_empty() && seconds < 9.223_372_036e9).then_some(seconds)
}

/// Whether Grafana reads it as a duration: numbers with units, or a number of seconds.
pub fn is_span(text: &str) -> bool {
    const UNITS: [&str; 10] = ["ns", "us", "µs", "ms", "s", "m", "h", "d", "w", "y"];
    let unit = |unit: &str| (UNITS.contains(&unit) || unit == "M").then_some(1.0);
    text.is_empty() || text.parse::<i64>().is_ok() || sum(text, unit).is_some()
}

/// Whether Go's `net.ParseCIDR` reads what is between the commas.
pub fn are_networks(text: &str) -> bool {
    text.is_empty()
        || text.split(',').all(|network| {
            let Some((address, bits)) = network.split_once('/') else { return false };
            let most = if address.contains(':') { 128 } else { 32 };
            is_address(address) && number(bits).is_some_and(|bits| bits <= most)
        })
}

/// Four numbers, or groups of hexadecimal digits of which `::` may leave some out.
fn is_address(text: &str) -> bool {
    if !text.contains(':') {
        let parts: Vec<&str> = text.split('.').collect();
        return parts.len() == 4 && parts.iter().all(|part| number(part).is_some_and(|n| n < 256));
    }
    let groups = text.split(':').filter(|group| !group.is_empty());
    let good = |group: &str| group.len() <= 4 && group.chars().all(|c| c.is_ascii_hexdigit());
    let short = text.matches("::").count();
    let count = groups.clone().count();
    groups.clone().all(good) && ((short == 1 && count < 8) || (short == 0 && count == 8))
}

/// Whether it is a JSON object of texts, or nothing.
pub fn is_json(text: &str) -> bool {
    type Texts = std::collections::BTreeMap<String, String>;
    text.is_empty() || serde_json::from_str::<Texts>(text).is_ok()
}

/// Whether it looks like label matchers; what a matcher says is not read.
pub fn are_matchers(text: &str) -> bool {
    let text = text.trim();
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    inner.contains('=') || inner.contains("!~")
}

/// Whether `alecthomas/units` reads it: every number has a unit, and the units are all of one kind.
pub fn is_bytes(text: &str) -> bool {
    let unit = |suffix: &str, unit: &str| {
        let powers = ["B", "K", "M", "G", "T", "P", "E"].iter().zip(0..);
        let letter = if unit == "B" { "B" } else { unit.strip_suffix(suffix)? };
        powers.into_iter().find(|(known, _)| **known == letter).map(|(_, n)| 1024_f64.powi(n))
    };
    ["iB", "B"].iter().any(|suffix| {
        // Bytes are 63 bits.
        sum(text, |name| unit(suffix, name)).is_some_and(|sum| sum.abs() < 9.223_372_036e18)
    })
}

/// Whether `c2h5oh/datasize` reads it, after Loki has made its letters large.
pub fn is_bytesize(text: &str) -> bool {
    let (number, unit) = split(text, |c| c.is_ascii_digit());
    let unit = unit.trim().to_lowercase();
    const UNITS: [&str; 16] = [
        "", "b", "byte", "k", "kb", "kilo", "m", "mb", "mega", "g", "gb", "giga", "t", "tb",
        "tera", "e",
    ];
    const MORE: [&str; 4] = ["p", "pb", "peta", "eb"];
    let long = unit.strip_suffix("bytes").or(unit.strip_suffix("byte"));
    let known = UNITS.contains(&unit.as_str())
        || MORE.contains(&unit.as_str())
        || long.is_some_and(|long| ["kilo", "mega", "giga", "tera", "peta"].contains(&long));
    number.parse::<u64>().is_ok() && known
}

/// Whether it is a day of the calendar: `2024-04-01`.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let sized = year.len() == 4 && month.len() == 2 && day.len() == 2;
    let [Some(year), Some(month), Some(day)] = [number(year), number(month), number(day)] else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    sized && (1..=length).contains(&day)
}

/// Whether it is a day, a minute of a day, or a moment with its zone; or 0.
pub fn is_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return text == "0" || is_date(text) };
    let clock = |text: &str| {
        let parts: Vec<&str> = text.split(':').collect();
        let most = [23, 59, 59];
        parts.len() <= 3
            && parts.iter().zip(most).all(|(part, most)| {
                part.len() == 2 && number(part).is_some_and(|value| value <= most)
            })
    };
    let (time, zoned) = match time.strip_suffix('Z') {
        Some(time) => (time, true),
        None => match time.rsplit_once(['+', '-']) {
            Some((time, zone)) if zone.len() == 5 && clock(zone) => (time, true),
            _ => (time, false),
        },
    };
    let length = if zoned { 8 } else { 5 };
    is_date(date) && time.len() == length && clock(time)
}

/// Whether Go's `url.Parse` reads it.
pub fn is_url(text: &str) -> bool {
    let rest = match text.split_once(':') {
        Some(("", _)) => return false,
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        Some((first, _)) if !first.contains(['/', '?', '#']) => return false,
        _ => text,
    };
    let escapes = text.split('%').skip(1).all(|after| {
        let mut two = after.chars().take(2);
        let hex = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
        hex(two.next()) && hex(two.next())
    });
    let host = rest.strip_prefix("//").map_or("", |rest| split(rest, |c| !"/?#".contains(c)).0);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let port = match host.rsplit_once(':') {
        Some((_, port)) if !port.contains(']') => port,
        _ => "",
    };
    let clean = !text.chars().any(|c| c.is_ascii_control());
    clean
        && escapes
        && !host.contains([' ', '<', '>', '"', '\\', '^', '`', '{', '|', '}'])
        && port.chars().all(|c| c.is_ascii_digit())
}

/// Whether Go's `regexp` reads it, as far as our engine speaks the same language.
pub fn is_regex(text: &str) -> bool {
    // Classes that ours does not know; Go's does.
    let foreign = ["\\p", "\\P", "[[:", "\\Q", "\\C"];
    foreign.iter().any(|class| text.contains(class)) || regex_lite::Regex::new(text).is_ok()
}

/// A sum of numbers with units, each of which may have a sign and a fraction.
fn sum(text: &str, length: impl Fn(&str) -> Option<f64>) -> Option<f64> {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Some(0.0);
    }
    let mut sum = if rest.is_empty() { return None } else { 0.0 };
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| c.is_ascii_digit() || c == '.');
        let (unit, after) = split(after, |c| !c.is_ascii_digit() && c != '.');
        // Go allows `1.` and `.5`, and so does Rust; neither allows a lone point.
        sum += number.parse::<f64>().ok()? * length(unit)?;
        rest = after;
    }
    Some(sum)
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.split_at(end)
}

fn number(text: &str) -> Option<u32> {
    text.chars().all(|c| c.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_go_and_of_prometheus() {
        for good in ["1h30m", "300ms", "-1.5h", "0", "1µs", ".5s", "1m1h"] {
            assert!(duration(good).is_some(), "{good}");
        }
        for bad in ["", "5", "1d", "5 m", "1h30", "m", "abc", "1e3s", "-", "."] {
            assert!(duration(bad).is_none(), "{bad}");
        }
        for good in ["30d", "1w2d", "0", "5m", "1h30m", "1y"] {
            assert!(days(good).is_some(), "{good}");
        }
        for bad in ["", "5", "1.5d", "1m1h", "-1d", "1d1d", "5 m", "1us"] {
            assert!(days(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_those_of_the_two_packages() {
        for good in ["100MiB", "1KB", "5B", "1GiB512MiB", "0", "1.5MiB"] {
            assert!(is_bytes(good), "{good}");
        }
        for bad in ["100", "1kb", "1M", "1KB1KiB", "", "1 MiB"] {
            assert!(!is_bytes(bad), "{bad}");
        }
        for good in ["100", "4MB", "4mb", "4 MB", "1kilobytes", "0"] {
            assert!(is_bytesize(good), "{good}");
        }
        for bad in ["", "4MiB", "4.5MB", "MB", "-1", "1bs", "1e+06"] {
            assert!(!is_bytesize(bad), "{bad}");
        }
    }

    #[test]
    fn networks_are_addresses_with_a_number_of_bits() {
        for good in ["10.0.0.0/8", "", "10.0.0.0/8,fd00::/8", "::/0", "1:2:3:4:5:6:7:8/128"] {
            assert!(are_networks(good), "{good}");
        }
        for bad in ["10.0.0.0", "10.0.0/8", "10.0.0.0/33", "a/8", "256.0.0.1/8", "1:2/8", "fg::/8"]
        {
            assert!(!are_networks(bad), "{bad}");
        }
    }

    #[test]
    fn times_and_addresses_are_those_of_go() {
        for good in ["2024-02-29", "2024-04-01T08:30", "2024-04-01T08:30:00Z", "0"] {
            assert!(is_time(good), "{good}");
        }
        for bad in
            ["2023-02-29", "2024-4-1", "2024-13-01", "2024-04-01T25:00", "today", "+024-01-01"]
        {
            assert!(!is_time(bad), "{bad}");
        }
        for good in [
            "http://a:80/b?c#d",
            "",
            "a.b:80/c d:",
            "/a:b",
            "dns+http://_x._tcp.b/c",
            "http://[::1]:80",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [":a", "http://a b", "%zz", "http://a:b", "1.2.3.4:80", "a\nb"] {
            assert!(!is_url(bad), "{bad}");
        }
    }
}
