//! Small mistakes put into good configurations, and whether they are found where they are.

use super::{Breach, breaches, golden_configs, parse, pointed};
use std::collections::BTreeMap;
use telemetree::node::Data;
use telemetree::origin::Origin;
use telemetree::river::{Attribute, Expr, Statement, references};

/// A configuration with one mistake.
pub struct Mutant {
    pub kind: &'static str,
    pub text: String,
    /// The word that is wrong or missing.
    pub token: String,
}

/// A place of a mistake: its kind, the bytes, what takes their place, the word to be named.
type Site = (&'static str, (usize, usize), String, String);

/// Numbers that are always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

/// The same mistakes each time: at most `each` of every kind.
pub fn mutants(each: usize) -> Vec<Mutant> {
    let mut dice = Dice(42);
    let mut by_kind: BTreeMap<&str, Vec<(String, Site)>> = BTreeMap::new();
    for (_, text) in golden_configs() {
        let config = parse(&text).expect("it parses");
        let mut found = Vec::new();
        sites(&config, "a component's name", &mut dice, &mut found);
        mentions(&config, &mut dice, &mut found);
        receivers(&config, &mut found);
        for site in found {
            by_kind.entry(site.0).or_default().push((text.clone(), site));
        }
    }
    let mut mutants = Vec::new();
    for (kind, mut sites) in by_kind {
        for _ in 0..each.min(sites.len()) {
            let (text, (_, (from, to), with, token)) = sites.swap_remove(dice.roll(sites.len()));
            let text = format!("{}{with}{}", &text[..from], &text[to..]);
            mutants.push(Mutant { kind, text, token });
        }
    }
    mutants
}

fn span(origin: &Origin) -> (usize, usize) {
    let span = origin.written().expect("all of it is written");
    (span.start as usize, span.end as usize)
}

fn misspelt(word: &str, dice: &mut Dice) -> String {
    let at = 1 + dice.roll(word.len() - 1);
    match dice.roll(3) {
        0 => format!("{}{}", &word[..at], &word[at + 1..]),
        1 => format!("{}x{}", &word[..at], &word[at..]),
        _ => format!("{}q{}", &word[..at], &word[at + 1..]),
    }
}

/// Where names and literals stand; `of_block` is what a block's name is here.
fn sites(body: &[Statement], of_block: &'static str, dice: &mut Dice, found: &mut Vec<Site>) {
    for statement in body {
        match statement {
            Statement::Comment(_) => {}
            Statement::Attribute(attribute) => {
                let wrong = misspelt(&attribute.name, dice);
                let at = span(&attribute.origin);
                found.push(("an argument's name", at, wrong.clone(), wrong));
                literal(attribute, found);
                required(attribute, found);
            }
            Statement::Block(block) => {
                let wrong = misspelt(&block.name, dice);
                let (from, _) = span(&block.origin);
                let at = (from, from + block.name.len());
                found.push((of_block, at, wrong.clone(), wrong));
                sites(&block.body, "a block's name", dice, found);
            }
        }
    }
}

fn mentions(config: &[Statement], dice: &mut Dice, found: &mut Vec<Site>) {
    for mention in references(config).into_iter().filter(|mention| !mention.called) {
        let wrong = misspelt(&mention.path.dotted, dice);
        found.push(("a reference", span(&mention.path.origin), wrong.clone(), wrong));
    }
}

fn literal(attribute: &Attribute, found: &mut Vec<Site>) {
    let Expr::Literal(node) = &attribute.value else { return };
    let wrong = match node.data {
        Data::Text(_) => "true",
        Data::Bool(_) => "\"yes\"",
        Data::Int(_) | Data::Float(_) => "\"many\"",
        Data::Null | Data::List(_) | Data::Map(_) => return,
    };
    let token = wrong.trim_matches('"').to_owned();
    found.push(("a literal's type", span(&node.origin), wrong.to_owned(), token));
}

/// Arguments that are required wherever our configurations have them.
fn required(attribute: &Attribute, found: &mut Vec<Site>) {
    let name = &*attribute.name;
    if matches!(name, "forward_to" | "targets" | "role" | "url" | "expression" | "statistics") {
        let (from, to) = span(&attribute.origin);
        // The value may be long: the name becomes that of another argument of the same value.
        found.push(("a required argument", (from, to), format!("no_{name}"), name.to_owned()));
    }
}

/// Metrics sent to where logs go, and the reverse.
fn receivers(config: &[Statement], found: &mut Vec<Site>) {
    let mentions = references(config);
    let of = |start: &str| {
        let starts = |path: &&str| path.starts_with(start) && path.ends_with(".receiver");
        mentions.iter().map(|mention| &*mention.path.dotted).find(starts).map(str::to_owned)
    };
    let (Some(metrics), Some(logs)) = (of("prometheus."), of("loki.")) else { return };
    for mention in &mentions {
        let path = &*mention.path.dotted;
        let other = match path {
            path if !path.ends_with(".receiver") => continue,
            path if path.starts_with("prometheus.") => &logs,
            _ => &metrics,
        };
        found.push(("a receiver's kind", span(&mention.path.origin), other.clone(), other.clone()));
    }
}

/// Whether a breach names the word, or stands at it.
fn names(text: &str, breach: &Breach, token: &str) -> bool {
    breach.message.contains(&format!("`{token}`")) || pointed(text, breach).contains(token)
}

#[test]
fn nearly_every_small_mistake_is_found_where_it_is() {
    let mutants = mutants(60);
    assert!(mutants.len() >= 300, "{} mistakes", mutants.len());
    let mut score: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    let mut missed = Vec::new();
    for Mutant { kind, text, token } in &mutants {
        let entry = score.entry(kind).or_default();
        entry.0 += 1;
        let all = if parse(text).is_some() { breaches(text) } else { Vec::new() };
        entry.1 += usize::from(!all.is_empty());
        let named = all.iter().any(|breach| names(text, breach, token));
        entry.2 += usize::from(named);
        if !named {
            missed.push(format!("{kind}: {token}: {all:?}"));
        }
    }
    let sum = |of: fn(&(usize, usize, usize)) -> usize| score.values().map(of).sum::<usize>();
    let (all, caught, named) = (sum(|s| s.0), sum(|s| s.1), sum(|s| s.2));
    println!(
        "{score:#?}\n{caught} of {all} found, {named} at the right word\n{}",
        missed.join("\n")
    );
    assert!(caught * 100 >= all * 98, "{caught} of {all} found: {missed:#?}");
    assert!(named * 100 >= all * 95, "{named} of {all} at the right word: {missed:#?}");
}
