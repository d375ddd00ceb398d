//! Several files in one input: a line `=== name` comes before each but the first.

use std::collections::BTreeMap;

/// What the line before a file starts with.
pub const MARK: &str = "=== ";

/// The files of an input; `first` is the name of the first.
pub fn files(text: &str, first: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut name = first.to_owned();
    let mut content = String::new();
    for line in text.split_inclusive('\n') {
        if let Some(next) = line.strip_prefix(MARK) {
            let before = std::mem::replace(&mut name, next.trim_end().to_owned());
            let _ = files.insert(before, std::mem::take(&mut content));
        } else {
            content.push_str(line);
        }
    }
    let _ = files.insert(name, content);
    files
}
