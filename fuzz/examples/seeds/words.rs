//! Pieces of texts.

use std::collections::BTreeMap;

/// The most words of a dictionary; the commonest are kept.
const MOST_WORDS: usize = 4_000;

/// The YAML blocks of a document.
pub fn blocks(markdown: &str) -> Vec<String> {
    let blocks = markdown.split("```yaml\n").skip(1);
    blocks.filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}

/// The texts within a program, near enough.
pub fn literals(program: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = program.chars();
    while let Some(start) = chars.next() {
        if start != '"' {
            continue;
        }
        let mut text = String::new();
        while let Some(c) = chars.next().filter(|c| *c != '"') {
            match (c, if c == '\\' { chars.next() } else { None }) {
                (_, Some('n')) => text.push('\n'),
                (_, Some('t')) => text.push('\t'),
                (_, Some('\n')) => {}
                (_, Some(other)) => text.push(other),
                (other, None) => text.push(other),
            }
        }
        found.push(text);
    }
    found
}

/// A dictionary for libFuzzer: the words of texts, and signs that stand together.
pub fn dictionary<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        let wordy = |c: char| c.is_ascii_alphanumeric() || "_-./$".contains(c);
        let signs = |c: char| c.is_ascii_punctuation() && !wordy(c);
        for word in text.split(|c| !wordy(c)).chain(text.split(|c| !signs(c))) {
            if (2..=40).contains(&word.len()) {
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    let mut words: Vec<(usize, &str)> = counts.into_iter().map(|(word, n)| (n, word)).collect();
    words.sort_by(|a, b| b.cmp(a));
    words.truncate(MOST_WORDS);
    let line = |(_, word): (usize, &str)| {
        format!("\"{}\"\n", word.replace('\\', "\\\\").replace('"', "\\\""))
    };
    words.into_iter().map(line).collect()
}
