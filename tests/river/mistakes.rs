//! Texts that are not of the language.

use super::parse;

/// Each text with the wrong part between `⟦` and `⟧`.
const MISTAKES: &[(&str, &str)] = &[
    // Statements.
    ("⟦5⟧ = 1", "a name is wanted, not `5`"),
    ("⟦true⟧ = 1", "a name is wanted, not `true`"),
    ("⟦\"a\"⟧ = 1", "a name is wanted, not a string"),
    ("a = 1\n⟦}⟧", "this `}` closes nothing"),
    ("a⟦⟧ ", "`=` or `{` after `a` is wanted, not the end of the line"),
    ("a⟦⟧\n= 1", "`=` or `{` after `a` is wanted, not the end of the line"),
    ("a.b⟦⟧\n{ }", "`{` after `a.b` is wanted"),
    ("a \"b\"⟦⟧\n{ }", "`{` after `a` is wanted"),
    ("a. ⟦1⟧ { }", "a name after the dot is wanted, not `1`"),
    ("a ⟦.5⟧ { }", "`=` or `{` after `a` is wanted, not `.5`"),
    ("⟦a.b⟧ = 1", "the attribute `a.b` has a dot in its name"),
    ("a ⟦\"b\"⟧ = 1", "the attribute `a` has a label"),
    ("a ⟦\"\"⟧ = 1", "the attribute `a` has a label"),
    ("a ⟦b⟧ { }", "the label `b` does not stand in double quotes"),
    ("a ⟦\"b-c\"⟧ { }", "the label `b-c` is no identifier"),
    ("a ⟦\"1b\"⟧ { }", "the label `1b` is no identifier"),
    ("a ⟦\"true\"⟧ { }", "the label `true` is no identifier"),
    ("a ⟦\"b\\n\"⟧ { }", "is no identifier"),
    ("a ⟦`b`⟧ { }", "a label stands in double quotes"),
    ("a ⟦5⟧", "`=` or `{` after `a` is wanted, not `5`"),
    // One statement for each line.
    ("a = 1 ⟦b⟧ = 2", "the end of the line is wanted, not `b`"),
    ("a = 0⟦x10⟧", "the end of the line is wanted, not `x10`"),
    ("a = 1⟦_000⟧", "the end of the line is wanted, not `_000`"),
    ("a { b = 1 ⟦c⟧ = 2 }", "the end of the line is wanted, not `c`"),
    ("a { } ⟦b⟧ { }", "the end of the line is wanted, not `b`"),
    ("a = 1 /* one line */ ⟦b⟧ = 2", "the end of the line is wanted"),
    ("a = 1⟦,⟧", "the end of the line is wanted, not `,`"),
    ("a = b == ⟦=⟧ c", "a value is wanted, not `=`"),
    // Brackets.
    ("a ⟦{⟧\n\tb = 1\n", "this `{` is never closed"),
    ("a ⟦{⟧\n\tb {\n}", "this `{` is never closed"),
    ("a = ⟦[⟧1, 2", "this `[` is never closed"),
    ("a = ⟦[⟧1, 2,\n", "this `[` is never closed"),
    ("a = ⟦{⟧b = 1,", "this `{` is never closed"),
    ("a = f⟦(⟧1,", "this `(` is never closed"),
    ("a = [1 ⟦2⟧]", "`,` or `]` is wanted, not `2`"),
    ("a = [\n\t1,\n\t2⟦⟧\n]", "a `,` is missing at the end of the line"),
    ("a = f(\n\t1⟦⟧ // one\n)", "a `,` is missing at the end of the line"),
    ("a = {\n\tb = 1⟦⟧\n\tc = 2,\n}", "a `,` is missing at the end of the line"),
    ("a = [1, ⟦,⟧]", "a value is wanted, not `,`"),
    ("a = [⟦)⟧]", "a value is wanted, not `)`"),
    ("a = (1⟦⟧\n)", "`)` after the value is wanted, not the end of the line"),
    ("a = b[1⟦)⟧", "`]` after the index is wanted, not `)`"),
    ("a = b[⟦]⟧", "a value is wanted, not `]`"),
    ("a = (⟦)⟧", "a value is wanted, not `)`"),
    // Values.
    ("a = ⟦⟧", "a value is wanted, not the end of the text"),
    ("a = 1 + ⟦+⟧ 2", "a value is wanted, not `+`"),
    ("a = 1\n⟦+⟧ 2", "a name is wanted, not `+`"),
    ("a = b.⟦true⟧", "a name after the dot is wanted, not `true`"),
    ("a = ⟦b.c⟧ \"d\" { }", "the block `b.c` cannot be a value"),
    ("a = ⟦b⟧ { }", "the block `b` cannot be a value"),
    ("a = {⟦5⟧ = 1}", "a key is wanted, not `5`"),
    ("a = {⟦null⟧ = 1}", "a key is wanted, not `null`"),
    ("a = {b ⟦:⟧ 1}", "`:` has no meaning here"),
    ("a = {b ⟦1⟧}", "`=` after the key `b` is wanted, not `1`"),
    ("a = ⟦9223372036854775808⟧", "`9223372036854775808` does not fit in 64 bits"),
    ("a = ⟦1e999⟧", "`1e999` does not fit in 64 bits"),
    ("a = ⟦1e⟧", "the exponent of `1e` has no digits"),
    ("a = ⟦1.5e+⟧", "the exponent of `1.5e+` has no digits"),
    // Strings.
    ("a = ⟦\"b⟧\nc = 1", "the string does not end on its line"),
    ("a = ⟦\"b\\\"⟧", "the string does not end on its line"),
    ("a = ⟦`⟧b\n", "this string in backticks is never closed"),
    ("a = \"⟦\\'⟧\"", "`\\'` is no escape of the language"),
    ("a = \"ü ⟦\\$⟧{1}\"", "`\\$` is no escape of the language"),
    ("a = \"⟦\\.⟧\"", "`\\.` is no escape of the language"),
    ("a = \"⟦\\x4⟧\"", "`\\x4` needs 2 hexadecimal digits"),
    ("a = \"⟦\\u00e⟧g\"", "`\\u00e` needs 4 hexadecimal digits"),
    ("a = \"⟦\\U⟧+0000041\"", "`\\U` needs 8 hexadecimal digits"),
    ("a = \"⟦\\01⟧8\"", "`\\01` needs 3 octal digits"),
    ("a = \"⟦\\400⟧\"", "`\\400` is more than a byte"),
    ("a = \"⟦\\ud800⟧\"", "`\\ud800` is no character"),
    ("a = \"⟦\\U00110000⟧\"", "`\\U00110000` is no character"),
    ("a = ⟦\"\\xff\"⟧", "the escapes of this string make bytes that are no text"),
    ("a = {\"⟦\\q⟧\" = 1}", "`\\q` is no escape of the language"),
    ("a = ⟦'⟧b'", "`'` starts no string"),
    // Characters.
    ("a = 1⟦;⟧", "`;` has no meaning here"),
    ("⟦#⟧ a", "`#` starts no comment; `//` does"),
    ("a = b ⟦|⟧ c", "`|` is no operator; `||` is"),
    ("a = b ⟦&⟧ c", "`&` is no operator; `&&` is"),
    ("a = \"⟦\0⟧\"", "a NUL byte cannot stand in a configuration"),
    ("a = \"⟦\u{feff}⟧\"", "a byte order mark stands only before everything"),
    ("a = 1\n⟦/*⟧ b", "this `/*` is never closed"),
];

#[test]
fn every_mistake_is_found_in_its_place() {
    for (marked, message) in MISTAKES {
        let (Some(start), Some(end)) = (marked.find('⟦'), marked.find('⟧')) else {
            panic!("{marked} marks nothing");
        };
        let text = marked.replace(['⟦', '⟧'], "");
        let mistake = parse(&text).expect_err(marked);
        assert!(mistake.message.contains(message), "{marked}: {mistake:?}");
        assert_eq!(mistake.at, (start, end - '⟦'.len_utf8()), "{marked}: {mistake:?}");
        assert!(!mistake.message.ends_with('.'), "{mistake:?}");
    }
}
