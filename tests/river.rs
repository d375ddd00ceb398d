//! What is read of an Alloy configuration, what is refused and where, and how it is printed again.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::struct_excessive_bools,
    reason = "tests look at the world and fail by panicking"
)]

#[path = "river/mistakes.rs"]
mod mistakes;
#[path = "river/properties.rs"]
mod properties;
mod support;

use support::{read_folder, root};
use telemetree::node::Data;
use telemetree::origin::Origin;
use telemetree::river::{self, Attribute, Block, Expr, Mistake, Statement};
use telemetree::source::{SourceId, Sources, Span};

fn source() -> SourceId {
    Sources::default().add("test", "")
}

fn parse(text: &str) -> Result<Vec<Statement>, Mistake> {
    let source = source();
    river::parse(text, &|start, end| Span::new(source, start, end))
}

fn read(text: &str) -> Vec<Statement> {
    parse(text).unwrap_or_else(|mistake| panic!("{mistake:?} in:\n{text}"))
}

/// The only attribute's value.
fn value(text: &str) -> Expr {
    match read(&format!("x = {text}")).as_slice() {
        [Statement::Attribute(attribute)] => attribute.value.clone(),
        other => panic!("{other:?}"),
    }
}

fn data(text: &str) -> Data {
    let Expr::Literal(node) = value(text) else { panic!("{text} is no literal") };
    node.data
}

fn golden_configs() -> Vec<(String, String)> {
    let files = read_folder(&root().join("golden")).into_iter();
    let configs: Vec<_> = files.filter(|(path, _)| path.ends_with("/config.alloy")).collect();
    assert!(!configs.is_empty());
    configs
}

#[test]
fn every_golden_configuration_is_read_and_printed_as_it_is() {
    for (path, text) in golden_configs() {
        assert_eq!(river::print(&read(&text)), text, "{path}");
    }
}

#[test]
fn strings_mean_what_their_escapes_say() {
    let cases: &[(&str, &str)] = &[
        (r#""""#, ""),
        (r#""plain ü 😀""#, "plain ü 😀"),
        (r#""\a\b\f\n\r\t\v\\\"""#, "\u{7}\u{8}\u{c}\n\r\t\u{b}\\\""),
        (r#""\101\x41\u0041\U00000041""#, "AAAA"),
        (r#""\xc3\xbc\303\274""#, "üü"),
        (r#""\U0001F600""#, "😀"),
        (r#""\000""#, "\0"),
        (r#""it's // no /* comment""#, "it's // no /* comment"),
        ("``", ""),
        ("`raw \\n \"quoted\"\n\tsecond`", "raw \\n \"quoted\"\n\tsecond"),
        ("`of\r\nWindows`", "of\nWindows"),
    ];
    for (written, meant) in cases {
        assert_eq!(data(written), Data::from((*meant).to_owned()), "{written}");
    }
}

#[test]
fn numbers_stay_what_they_are() {
    let whole: &[(&str, i64)] = &[
        ("0", 0),
        ("12", 12),
        ("-12", -12),
        ("- 12", -12),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
        // As Go reads them.
        ("010", 8),
        ("-0644", -420),
    ];
    for (written, meant) in whole {
        assert_eq!(data(written), Data::Int(*meant), "{written}");
    }
    let float: &[(&str, f64)] = &[
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1.0", 1.0),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("1E+3", 1000.0),
        ("25e-1", 2.5),
        (".5e1", 5.0),
        ("089", 89.0),
    ];
    for (written, meant) in float {
        assert_eq!(data(written), Data::Float(*meant), "{written}");
        let printed = river::print(&read(&format!("x = {written}")));
        assert_eq!(read(&printed), read(&format!("x = {written}")), "{printed}");
    }
}

#[test]
fn operators_bind_as_alloy_binds_them() {
    let cases = [
        ("1 + 2 - 3 * 4 / 5 % 6", "(1 + 2 - (3 * 4 / 5 % 6))"),
        ("1 == 2 != 3 < 4", "(1 == 2 != 3 < 4)"),
        ("true || false && true", "(true || (false && true))"),
        ("a + b < c * d", "((a + b) < (c * d))"),
        ("2 ^ 3 ^ 4 * 5", "((2 ^ 3 ^ 4) * 5)"),
        ("-x ^ 2", "(-x ^ 2)"),
        ("-2 ^ 2", "(-2 ^ 2)"),
        ("2 ^ -x", "(2 ^ -x)"),
        ("!a.b[0] == !f(c)", "(!a.b[0] == !f(c))"),
        ("- -1", "--1"),
        ("(5 * 2) + 5", "([5 * 2] + 5)"),
    ];
    for (text, grouped) in cases {
        assert_eq!(group(&value(text)), grouped, "{text}");
    }
}

/// Every operation in parentheses of its own; written parentheses as brackets.
fn group(expr: &Expr) -> String {
    match expr {
        Expr::Binary(first, rest) => {
            let rest = rest.iter().map(|(by, value)| format!(" {} {}", by.as_str(), group(value)));
            format!("({}{})", group(first), rest.collect::<String>())
        }
        Expr::Unary(operator, value) => format!("{}{}", operator.as_str(), group(value)),
        Expr::Parens(value) => group(value).replace('(', "[").replace(')', "]"),
        Expr::Literal(_) | Expr::Object(_) | Expr::List(_) | Expr::Path(_) | Expr::Asked(..) => {
            print_value(expr)
        }
    }
}

fn print_value(expr: &Expr) -> String {
    let printed = river::print(&[Statement::Attribute(attribute("x", expr.clone()))]);
    printed.strip_prefix("x = ").unwrap().trim_end().to_owned()
}

fn attribute(name: &str, value: Expr) -> Attribute {
    Attribute { name: name.to_owned().into(), value, origin: Origin::Structure }
}

#[test]
fn a_line_ends_a_statement_only_where_it_can() {
    let same = [
        "a = 1 +\n\t2",
        "a =\n\t1 + 2",
        "a = 1 /* a comment\n of two lines */ // and one\n",
        "\u{feff}a = 1 + 2\r\n",
        "\n\n\ta = 1 + 2\n\n\n",
    ];
    for text in same {
        let body = read(text);
        let is_attribute = |it: &Statement| matches!(it, Statement::Attribute(_));
        assert_eq!(body.iter().filter(|it| is_attribute(it)).count(), 1, "{text}: {body:?}");
    }
    assert_eq!(read("a { b = 1 }"), read("a {\n\tb = 1\n}"));
    assert_eq!(read("a { b { c = 1 } }\nd { }"), read("a{b{c=1}}\nd {\n}\n"));
    assert_eq!(read("a \"\" { }"), read("a { }"));
    assert_eq!(read("a = 1 /* x\n*/ b = 2").len(), 3);
    assert_eq!(read("a = [\n1,\n\n2,\n]"), read("a = [1, 2]"));
    assert_eq!(read("a = {\n\"b\" = 1, c = 2,\n}"), read("a = {b = 1, \"c\" = 2}"));
    assert_eq!(read("a = f(\n1,\n2,\n)"), read("a = f(1, 2)"));
    assert_eq!(read("a.\nb { }"), read("a.b { }"));
}

#[test]
fn comments_stay_or_move_above_what_they_are_about() {
    let cases = [
        ("//a\n//  b\n\n//\n//// c\na = 1", "// a\n//  b\n\n//\n//// c\na = 1\n"),
        ("a = 1 // one\nb = 2\n", "// one\na = 1\nb = 2\n"),
        ("// head\na = 1 // one\n", "// head\n// one\na = 1\n"),
        ("// head\n\na = 1 // one\n", "// head\n\n// one\na = 1\n"),
        (
            "a = [\n\t// first\n\t1, // and\n\t2,\n\t// last\n]",
            "// first\n// and\n// last\na = [1, 2]\n",
        ),
        (
            "a { // inside\n\tb = 1\n\t// end\n} // after",
            "// after\na {\n\t// inside\n\tb = 1\n\n\t// end\n}\n",
        ),
        ("a /* name */ \"b\" /* label */ {}", "// name\n// label\na \"b\" { }\n"),
        ("a { // nothing\n}", "a {\n\t// nothing\n}\n"),
        ("/*\n * starred\n *   deeper\n */\na = 1", "// starred\n//   deeper\na = 1\n"),
        (
            "\t/* first\n\t   second\n\t     third */\na = 1",
            "// first\n// second\n//   third\na = 1\n",
        ),
        ("// only", "// only\n"),
        ("/**/", "//\n"),
        ("a = 1 /* x */\r\n// y \r\n", "// x\na = 1\n\n// y\n"),
    ];
    for (text, printed) in cases {
        assert_eq!(river::print(&read(text)), printed, "{text}");
        assert_eq!(river::print(&read(printed)), printed, "again: {text}");
    }
}

#[test]
fn values_print_in_the_canonical_layout() {
    let cases = [
        ("[a,b]", "[\n\ta,\n\tb,\n]"),
        ("[a.b.c]", "[a.b.c]"),
        ("[1,2 , 3]", "[1, 2, 3]"),
        ("[[]]", "[\n\t[],\n]"),
        ("{a=1,  \"b-c\"= 2}", "{\n\ta     = 1,\n\t\"b-c\" = 2,\n}"),
        (
            "{\"as \\\\ it is\" = 1, `\"` = 2, `\\` = 3, \"\" = 4}",
            "{\n\t\"as \\\\ it is\" = 1,\n\t`\"`           = 2,\n\t`\\`           = 3,\n\t\"\"            = 4,\n}",
        ),
        ("f( 1,{a = 1},)", "f(1, {\n\ta = 1,\n})"),
        ("sys.env( \"A\" )+\"b\"", "sys.env(\"A\") + \"b\""),
        ("(a.b . c)(1, 3*some[i * 2]) . field", "(a.b.c)(1, 3 * some[i * 2]).field"),
        ("! a&&- b", "!a && -b"),
        ("`a\n\tb`", "\"a\\n\\tb\""),
        ("1 .x", "1 .x"),
    ];
    for (text, printed) in cases {
        assert_eq!(print_value(&value(text)), printed, "{text}");
        assert_eq!(value(printed), value(text), "{text}");
    }
}

#[test]
fn what_a_configuration_mentions_is_found_with_its_place() {
    let text = "a \"b\" {\n\tc = [d.e.f, sys.env(g)]\n\th = {i = !(j.k[l.m].n + \"o\")}\n}\n";
    let body = read(text);
    let found: Vec<(&str, bool)> = river::references(&body)
        .into_iter()
        .map(|mention| {
            let span = mention.path.origin.written().unwrap();
            let (start, end) = (span.start as usize, span.end as usize);
            assert_eq!(&text[start..end], mention.path.dotted);
            (&text[start..end], mention.called)
        })
        .collect();
    let wanted =
        [("d.e.f", false), ("sys.env", true), ("g", false), ("j.k", false), ("l.m", false)];
    assert_eq!(found, wanted);
    let origins: Vec<&str> = river::origins(&body)
        .into_iter()
        .map(|origin| {
            let span = origin.written().unwrap();
            &text[span.start as usize..span.end as usize]
        })
        .collect();
    assert_eq!(origins, ["\"o\""]);
}

#[test]
fn values_names_and_operands_are_leaves_wherever_they_stand() {
    let body = read("a \"b\" {\n\tc = (\"d\" + e.f + [1, true])\n\tg = sys.env(\"H\")\n}\n");
    let content = telemetree::tree::Content::Alloy(body);
    let leaves = telemetree::explain::leaves(&content);
    let leaves: Vec<_> =
        leaves.iter().map(|leaf| (leaf.pointer.as_str(), leaf.value.as_str())).collect();
    let wanted = [
        ("/a/b/c/0", "\"d\""),
        ("/a/b/c/1", "e.f"),
        ("/a/b/c/2/0", "1"),
        ("/a/b/c/2/1", "true"),
        ("/a/b/g", "sys.env"),
        ("/a/b/g/0", "\"H\""),
    ];
    assert_eq!(leaves, wanted);
}

#[test]
fn an_export_of_ours_is_the_path_that_is_read_back() {
    let write = Block::new("loki.write", "local");
    let source = Block::new("loki.process", "x")
        .set("to", Expr::List(vec![write.export("receiver").into()]))
        .set("alone", Block::unlabelled("logging").export("level"));
    let body = [Statement::Block(source)];
    assert_eq!(read(&river::print(&body)), body);
    let paths: Vec<Vec<&str>> =
        river::references(&body).iter().map(|mention| mention.path.parts().collect()).collect();
    assert_eq!(paths, [vec!["loki", "write", "local", "receiver"], vec!["logging", "level"]]);
}

#[test]
fn names_used_twice_are_found() {
    let body = read(
        "a \"x\" {\n\tb = 1\n\tc {\n\t\tb = 1\n\t}\n\tc { }\n\tb = 2\n}\na { }\na \"x\" { }\na \"y\" { }",
    );
    let again: Vec<Span> = river::repeated_attributes(&body)
        .iter()
        .map(|attribute| attribute.origin.written().unwrap())
        .collect();
    assert_eq!(again.len(), 1);
    assert!(again[0].start > 30);
    let again = river::repeated_blocks(&body);
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].label.as_deref(), Some("x"));
}

#[test]
fn places_are_those_of_the_larger_text() {
    let source = source();
    let body = river::parse("a = 12\n", &|start, end| Span::new(source, start + 100, end + 100));
    let body = body.unwrap();
    assert_eq!(river::origins(&body)[0].written(), Some(Span::new(source, 104, 106)));
}

#[test]
fn depth_is_bounded_and_length_is_not() {
    for (open, close) in
        [("[", "]"), ("(", ")"), ("f(", ")"), ("!", ""), ("{a = ", "}"), ("b[", "]")]
    {
        let nested = |depth| format!("x = {}1{}", open.repeat(depth), close.repeat(depth));
        assert!(parse(&nested(60)).is_ok(), "{open}");
        let mistake = parse(&nested(100_000)).unwrap_err();
        assert_eq!(mistake.message, "nested more than 64 levels deep", "{open}");
    }
    let blocks = |depth| format!("{}{}", "a {".repeat(depth), "}".repeat(depth));
    assert!(parse(&blocks(64)).is_ok());
    assert!(parse(&blocks(65)).unwrap_err().message.contains("64 levels"));
    for part in [" + 1", " ^ 1", " || 1"] {
        assert!(parse(&format!("x = 1{}", part.repeat(100_000))).is_ok());
    }
    for part in ["[0]", "()", ".y", "().y"] {
        assert!(parse(&format!("x = a{}", part.repeat(100_000))).is_ok());
    }
    assert!(parse(&"a = 1 // b\n".repeat(100_000)).is_ok());
}
