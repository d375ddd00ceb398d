//! What somebody probably meant by a name that nobody knows.

/// Of some names the one that a typo probably meant: at most a third of its letters differ, where case,
/// dashes and underscores do not count. Of several that differ alike the first in the alphabet.
pub fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let normal = |name: &str| name.replace(['-', '_'], "").to_lowercase();
    let wanted = normal(text);
    names
        .map(|name| (strsim::damerau_levenshtein(&wanted, &normal(name)), name))
        .filter(|(changes, name)| changes * 3 <= name.len().max(3))
        .min()
        .map(|(_, name)| name)
}

/// The question that leads to a name.
pub fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}
