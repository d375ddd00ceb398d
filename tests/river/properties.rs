//! What holds for every tree and for every text.

use super::{attribute, golden_configs, parse};
use proptest::prelude::*;
use telemetree::node::{Data, Node, Text};
use telemetree::origin::Origin;
use telemetree::river::{self, Ask, Binary, Block, Expr, Path, Statement, Unary};

fn name() -> impl Strategy<Value = String> {
    "[a-zé_][a-z0-9_]{0,6}"
        .prop_filter("a keyword", |name| !matches!(name.as_str(), "true" | "false" | "null"))
}

fn path() -> impl Strategy<Value = Expr> {
    prop::collection::vec(name(), 1..4).prop_map(|parts| {
        Expr::Path(Path { dotted: parts.join(".").into(), origin: Origin::Structure })
    })
}

fn literal() -> impl Strategy<Value = Expr> {
    let data = prop_oneof![
        Just(Data::Null),
        any::<bool>().prop_map(Data::Bool),
        any::<i64>().prop_map(Data::Int),
        (-9_i64..9).prop_map(Data::Int),
        (prop::num::f64::NORMAL | prop::num::f64::ZERO).prop_map(Data::Float),
        any::<String>().prop_map(Data::from),
    ];
    data.prop_map(|data| Expr::Literal(Node { data, origin: Origin::Structure }))
}

/// A key that the language can write.
fn key() -> impl Strategy<Value = Text> {
    let any = any::<String>().prop_map(|key| key.replace(['`', '\0', '\u{feff}'], "\""));
    prop_oneof![name(), any].prop_map(Text::from)
}

/// A value that a parser could have made. Operands that would not hold together get parentheses.
fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![literal(), path()];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let inners = || prop::collection::vec(inner.clone(), 0..4);
        let ask = prop_oneof![
            name().prop_map(|name| Ask::Member(name.into())),
            inner.clone().prop_map(Ask::Index),
            inners().prop_map(Ask::Call),
        ];
        let asked = (inner.clone(), prop::collection::vec(ask, 1..4)).prop_map(|(of, asked)| {
            let plain = match &of {
                Expr::Path(_) => !matches!(asked[0], Ask::Member(_)),
                Expr::Asked(..) => false,
                Expr::Literal(_)
                | Expr::Object(_)
                | Expr::List(_)
                | Expr::Unary(..)
                | Expr::Binary(..)
                | Expr::Parens(_) => holds(&of) == 8,
            };
            Expr::Asked(Box::new(if plain { of } else { parens(of) }), asked)
        });
        let unary = (any::<bool>(), inner.clone()).prop_map(|(not, value)| {
            let operator = if not { Unary::Not } else { Unary::Minus };
            let plain = holds(&value) >= 7 && (not || !is_number(&value));
            Expr::Unary(operator, Box::new(if plain { value } else { parens(value) }))
        });
        let operand = inner.clone();
        let binary =
            (0_usize..14, operand, prop::collection::vec((0_usize..14, inner.clone()), 1..4))
                .prop_map(|(first, value, rest)| {
                    let precedence = Binary::ALL[first].precedence();
                    let alike: Vec<Binary> = Binary::ALL
                        .into_iter()
                        .filter(|by| by.precedence() == precedence)
                        .collect();
                    let bound = |value: Expr| {
                        if holds(&value) > precedence { value } else { parens(value) }
                    };
                    let rest =
                        rest.into_iter().map(|(by, value)| (alike[by % alike.len()], bound(value)));
                    let rest = rest.collect();
                    Expr::Binary(Box::new(bound(value)), rest)
                });
        prop_oneof![
            inners().prop_map(Expr::List),
            prop::collection::vec((key(), inner.clone()), 0..4).prop_map(Expr::Object),
            asked,
            unary,
            binary,
            inner.clone().prop_map(parens),
        ]
    })
}

fn parens(value: Expr) -> Expr {
    Expr::Parens(Box::new(value))
}

fn is_number(value: &Expr) -> bool {
    matches!(value, Expr::Literal(Node { data: Data::Int(_) | Data::Float(_), .. }))
}

fn holds(value: &Expr) -> u8 {
    match value {
        Expr::Literal(Node { data: Data::Int(number), .. }) if *number < 0 => 7,
        Expr::Literal(Node { data: Data::Float(number), .. }) if number.is_sign_negative() => 7,
        Expr::Unary(..) => 7,
        Expr::Binary(_, rest) => rest[0].0.precedence(),
        Expr::Literal(_)
        | Expr::Object(_)
        | Expr::List(_)
        | Expr::Path(_)
        | Expr::Asked(..)
        | Expr::Parens(_) => 8,
    }
}

fn comment() -> impl Strategy<Value = Statement> {
    prop::collection::vec("[ -~\té]{0,20}", 1..4).prop_map(|lines| {
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        Statement::Comment(lines.join("\n").into())
    })
}

fn body() -> impl Strategy<Value = Vec<Statement>> {
    let attribute =
        || (name(), expr()).prop_map(|(name, value)| Statement::Attribute(attribute(&name, value)));
    let flat = prop::collection::vec(prop_oneof![3 => attribute(), 1 => comment()], 0..5);
    flat.prop_recursive(3, 12, 3, move |inner| {
        let names = prop::collection::vec(name(), 1..4).prop_map(|names| names.join("."));
        let block = (names, prop::option::of(name()), inner).prop_map(|(name, label, body)| {
            let label = label.map(Text::from);
            Statement::Block(Block { label, body, ..Block::unlabelled(name) })
        });
        prop::collection::vec(prop_oneof![2 => block, 2 => attribute(), 1 => comment()], 0..5)
    })
}

/// Pieces of the language in any order.
fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b.c",
        "true",
        "null",
        "1",
        "2.5",
        ".5",
        "1e3",
        "0",
        "\"s\"",
        "\"\\n\"",
        "`r`",
        "=",
        "=",
        "==",
        "!",
        "!=",
        "<",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "||",
        "&&",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "\n",
        "\n",
        " ",
        " ",
        "\t",
        "\r",
        "// c",
        "// c\n",
        "/* d */",
        "/* d\n */",
        "\"",
        "`",
        "\\",
        "'",
        ";",
        "/*",
        "é",
        "a = 1\n",
        "x \"y\" {\n",
        "}\n",
        "k = ",
        "a = [\n",
        "],\n",
        "\u{feff}",
        "\0",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

/// A golden configuration, of which a piece was replaced.
fn damaged() -> impl Strategy<Value = String> {
    let texts: Vec<String> = golden_configs().into_iter().map(|(_, text)| text).collect();
    let whole = (prop::sample::select(texts), any::<prop::sample::Index>());
    let text = whole.prop_map(|(text, at)| {
        // A part of it, so that many cases take little time.
        let blocks: Vec<&str> = text.split("\n\n").collect();
        let at = at.index(blocks.len());
        blocks[at..blocks.len().min(at + 6)].join("\n\n")
    });
    (text, any::<prop::sample::Index>(), 0_usize..20, soup()).prop_map(|(text, at, gone, with)| {
        let chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        let rest = chars.iter().skip(at + gone);
        let with = with.chars().take(12);
        chars.iter().take(at).copied().chain(with).chain(rest.copied()).collect()
    })
}

/// What holds of every text: a mistake has a place in it; anything else is printed for good.
fn is_refused_or_settles(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Err(mistake) => {
            prop_assert!(text.get(mistake.at.0..mistake.at.1).is_some(), "{:?}", mistake);
            prop_assert!(!mistake.message.is_empty());
        }
        Ok(body) => {
            let printed = river::print(&body);
            let again = parse(&printed);
            prop_assert_eq!(again.as_ref(), Ok(&body), "{}", printed);
            prop_assert_eq!(river::print(&again.unwrap()), printed);
        }
    }
    Ok(())
}

/// At least 1,000 cases; more with `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { failure_persistence: None, cases: usual.cases.max(1000), ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_tree_is_read_back_as_it_was_printed(body in body()) {
        let printed = river::print(&body);
        let again = parse(&printed);
        prop_assert_eq!(again.as_ref(), Ok(&body), "{}", printed);
        prop_assert_eq!(river::print(&again.unwrap()), printed);
    }

    #[test]
    fn any_text_is_refused_or_settles(text in any::<String>()) {
        is_refused_or_settles(&text)?;
    }

    #[test]
    fn any_pieces_are_refused_or_settle(text in soup()) {
        is_refused_or_settles(&text)?;
    }

    #[test]
    fn any_damage_to_a_configuration_is_refused_or_settles(text in damaged()) {
        is_refused_or_settles(&text)?;
    }

    #[test]
    fn any_key_prints_as_some_key(key in any::<String>()) {
        let expr = Expr::object([(key, Expr::List(Vec::new()))]);
        let printed = river::print(&[Statement::Attribute(attribute("x", expr))]);
        is_refused_or_settles(&printed)?;
        prop_assert!(parse(&printed).is_ok(), "{}", printed);
    }
}
