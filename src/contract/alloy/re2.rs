//! The syntax of RE2, as Go reads it: <https://github.com/google/re2/wiki/Syntax>.
//!
//! It only says what Go would refuse. A class that it does not know is believed.

/// The most that `{n,m}` may repeat.
const MOST: u32 = 1000;

/// What Go would refuse in an expression.
pub(super) fn mistake(text: &str) -> Option<String> {
    Reader { rest: text, open: 0, repeatable: false, repeated: false }.read().err()
}

struct Reader<'t> {
    rest: &'t str,
    open: usize,
    /// Whether something stands before that can be repeated.
    repeatable: bool,
    /// Whether what stands before is repeated already.
    repeated: bool,
}

type Read<T> = Result<T, String>;

impl Reader<'_> {
    fn read(mut self) -> Read<()> {
        while let Some(next) = self.next() {
            match next {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                ')' => {
                    self.open =
                        self.open.checked_sub(1).ok_or("a `)` closes nothing".to_owned())?;
                    self.one();
                }
                '*' | '+' | '?' => self.repeat(next)?,
                '{' => self.counted()?,
                '|' => self.start(),
                _ => self.one(),
            }
        }
        if self.open > 0 { Err("a `(` is not closed".to_owned()) } else { Ok(()) }
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn start(&mut self) {
        (self.repeatable, self.repeated) = (false, false);
    }

    fn one(&mut self) {
        (self.repeatable, self.repeated) = (true, false);
    }

    fn repeat(&mut self, sign: char) -> Read<()> {
        if !self.repeatable {
            return Err(format!("`{sign}` repeats nothing"));
        }
        if self.repeated {
            return Err(format!("`{sign}` repeats a repetition"));
        }
        let _ = self.eat("?");
        self.repeated = true;
        Ok(())
    }

    /// `{n}`, `{n,}` or `{n,m}`; anything else is plain text.
    fn counted(&mut self) -> Read<()> {
        let Some((counts, after)) = self.rest.split_once('}') else {
            self.one();
            return Ok(());
        };
        let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(least) || !(most.is_empty() || digits(most)) {
            self.one();
            return Ok(());
        }
        let count = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
        let too_many = count(least) > MOST || (!most.is_empty() && count(most) > MOST);
        if too_many || (!most.is_empty() && count(least) > count(most)) {
            return Err(format!("`{{{counts}}}` is no count up to {MOST}"));
        }
        self.rest = after;
        self.repeat('{')
    }

    fn group(&mut self) -> Read<()> {
        self.open += 1;
        self.start();
        if !self.eat("?") {
            return Ok(());
        }
        for look in ["=", "!", "<=", "<!"] {
            if self.rest.starts_with(look) {
                return Err(format!("Go knows no `(?{look}…)`"));
            }
        }
        if self.eat("P<") || self.eat("<") {
            let name = self.rest.split_once('>');
            let (name, after) = name.ok_or("the name of a group does not end".to_owned())?;
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(format!("`{name}` is no name of a group"));
            }
            self.rest = after;
            return Ok(());
        }
        loop {
            match self.next() {
                Some('i' | 'm' | 's' | 'U' | '-') => {}
                Some(':') => return Ok(()),
                // Flags for the rest of what is around.
                Some(')') => {
                    self.open -= 1;
                    return Ok(());
                }
                Some(_) | None => return Err("Go knows no such group".to_owned()),
            }
        }
    }

    fn escape(&mut self) -> Read<()> {
        match self.next() {
            None => return Err("a `\\` escapes nothing".to_owned()),
            Some('Q') => {
                self.rest = self.rest.split_once("\\E").map_or("", |(_, after)| after);
            }
            Some('A' | 'z' | 'b' | 'B' | 'C') => {}
            Some(c) => self.escaped(c)?,
        }
        self.one();
        Ok(())
    }

    /// What may be escaped in a class, too.
    fn escaped(&mut self, c: char) -> Read<()> {
        match c {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'a' | 'f' | 't' | 'n' | 'r' | 'v' | '0'..='7' => {
                // `\1` starts an octal number or refers back, which Go does not.
                let octal = self.rest.starts_with(|c| matches!(c, '0'..='7'));
                if matches!(c, '1'..='7') && !octal {
                    return Err(format!("Go knows no `\\{c}`"));
                }
            }
            'p' | 'P' => {
                if self.eat("{") {
                    let after = self.rest.split_once('}').map(|(_, after)| after);
                    self.rest = after.ok_or("the name of a class does not end".to_owned())?;
                } else {
                    let _ = self.next().ok_or("a class has no name".to_owned())?;
                }
            }
            'x' => self.hexadecimal()?,
            c if c.is_ascii_alphanumeric() || !c.is_ascii() => {
                return Err(format!("Go knows no `\\{c}`"));
            }
            _ => {}
        }
        Ok(())
    }

    fn hexadecimal(&mut self) -> Read<()> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
        let wrong = || "`\\x` wants two digits, or some in braces".to_owned();
        if self.eat("{") {
            let (number, after) = self.rest.split_once('}').ok_or_else(wrong)?;
            self.rest = after;
            return if digits(number) { Ok(()) } else { Err(wrong()) };
        }
        let number = self.rest.get(..2).filter(|number| digits(number)).ok_or_else(wrong)?;
        self.rest = self.rest.get(number.len()..).unwrap_or_default();
        Ok(())
    }

    fn class(&mut self) -> Read<()> {
        let _ = self.eat("^");
        let mut first = true;
        loop {
            let c = self.next().ok_or("a `[` is not closed".to_owned())?;
            match c {
                ']' if !first => break,
                '[' if self.rest.starts_with(':') => {
                    let end = self.rest.split_once(":]").map(|(_, after)| after);
                    self.rest = end.unwrap_or(self.rest);
                }
                '\\' => {
                    let c = self.next().ok_or("a `\\` escapes nothing".to_owned())?;
                    self.escaped(c)?;
                }
                c => self.range(c)?,
            }
            first = false;
        }
        self.one();
        Ok(())
    }

    /// `a-z`, of which the first is read already.
    fn range(&mut self, low: char) -> Read<()> {
        let mut ahead = self.rest.chars();
        if let (Some('-'), Some(high)) = (ahead.next(), ahead.next())
            && high != ']'
            && high != '\\'
        {
            if high < low {
                return Err(format!("`{low}-{high}` runs backwards"));
            }
            self.rest = ahead.as_str();
        }
        Ok(())
    }
}
