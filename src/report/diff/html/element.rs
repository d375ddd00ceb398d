//! Elements of a page. Whatever is put into one is text or an attribute's value, and escaped when it is written;
//! only names that stand in this program become tags.

/// An element with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    tag: &'static str,
    attributes: Vec<(&'static str, String)>,
    inside: Vec<Piece>,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Element(Element),
    Text(String),
    /// A style sheet or a script, which are no text.
    Fixed(&'static str),
}

/// Elements that hold nothing, and have no end.
const VOID: [&str; 4] = ["meta", "link", "input", "wbr"];
/// Elements that stand within a line.
const IN_LINE: [&str; 13] = [
    "a", "b", "code", "del", "input", "ins", "label", "mark", "small", "span", "strong", "time",
    "wbr",
];

/// An empty element.
pub fn el(tag: &'static str) -> Element {
    Element { tag, attributes: Vec::new(), inside: Vec::new() }
}

impl Element {
    /// With an attribute.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Element {
        self.attributes.push((name, value.into()));
        self
    }

    /// With a class that styles know.
    pub fn class(self, name: impl Into<String>) -> Element {
        self.with("class", name)
    }

    /// With a text at its end.
    pub fn text(mut self, text: impl Into<String>) -> Element {
        self.inside.push(Piece::Text(text.into()));
        self
    }

    /// With a blank at its end: what stands side by side is told apart without styles, too.
    pub fn gap(self) -> Element {
        self.text(" ")
    }

    /// With an element at its end.
    pub fn put(mut self, element: Element) -> Element {
        self.inside.push(Piece::Element(element));
        self
    }

    /// With elements at its end.
    pub fn put_all(mut self, elements: impl IntoIterator<Item = Element>) -> Element {
        self.inside.extend(elements.into_iter().map(Piece::Element));
        self
    }

    /// With a style sheet or a script of ours in it.
    pub fn fixed(mut self, code: &'static str) -> Element {
        self.inside.push(Piece::Fixed(code));
        self
    }

    /// The bytes that it takes, wherever it stands.
    pub fn size(&self) -> usize {
        let mut text = String::new();
        self.write(&mut text);
        text.len()
    }

    /// Writes it.
    pub fn write(&self, page: &mut String) {
        if !IN_LINE.contains(&self.tag) {
            page.push('\n');
        }
        page.push('<');
        page.push_str(self.tag);
        for (name, value) in &self.attributes {
            page.push(' ');
            page.push_str(name);
            page.push_str("=\"");
            escape(value, page);
            page.push('"');
        }
        page.push('>');
        for piece in &self.inside {
            match piece {
                Piece::Element(element) => element.write(page),
                Piece::Text(text) => escape(text, page),
                Piece::Fixed(code) => page.push_str(code),
            }
        }
        if !VOID.contains(&self.tag) {
            page.push_str("</");
            page.push_str(self.tag);
            page.push('>');
        }
    }
}

fn escape(text: &str, page: &mut String) {
    for c in text.chars() {
        match c {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            c => page.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_put_in_becomes_a_tag() {
        let mut page = String::new();
        el("a").with("href", "\"><script>").text("</a><b>&").write(&mut page);
        assert_eq!(page, "<a href=\"&quot;&gt;&lt;script&gt;\">&lt;/a&gt;&lt;b&gt;&amp;</a>");
    }
}
