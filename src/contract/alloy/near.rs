//! The name that a typo probably meant.

/// Of some names the one that differs from `text` in at most a third of its letters.
pub(super) fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |name: &str| strsim::damerau_levenshtein(text, name);
    names
        .filter(|name| text.len().abs_diff(name.len()) * 3 <= name.len().max(3))
        .map(|name| (distance(name), name))
        .filter(|(distance, name)| distance * 3 <= name.len().max(3))
        .min()
        .map(|(_, name)| name)
}

/// The question that leads to a name.
pub(super) fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}
