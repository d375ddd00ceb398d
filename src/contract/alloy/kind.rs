//! Kinds of value: what an argument wants and what an expression gives.

/// A kind of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Every value.
    Any,
    Bool,
    Number,
    /// A whole number.
    Int,
    /// A whole number from 0.
    Uint,
    Text,
    /// Text such as `1m30s`.
    Duration,
    /// Text that a type of this name reads itself.
    Read(&'static str),
    /// A value that a type of this name reads itself.
    Custom(&'static str),
    /// Never shown; text becomes one, it never becomes text again.
    Secret,
    /// Text that may be a secret.
    OptionalSecret,
    List(Box<Kind>),
    Map(Box<Kind>),
    /// Members as a body lists them.
    Object(&'static str),
    /// What only components make: of the Go type with this name.
    Opaque(&'static str),
    Function,
}

/// Labels of something that can be scraped, tailed or probed.
pub(super) const TARGET: &str = "discovery.Target";

impl Kind {
    /// Reads a kind as the facts write it. What it does not know accepts every value.
    pub fn read(text: &'static str) -> Kind {
        let within = |name| {
            let rest = text.strip_prefix(name)?.strip_prefix('(')?;
            rest.strip_suffix(')')
        };
        if let Some(item) = within("list") {
            return Kind::List(Box::new(Kind::read(item)));
        }
        if let Some(item) = within("map") {
            return Kind::Map(Box::new(Kind::read(item)));
        }
        if let Some(body) = within("object") {
            return Kind::Object(body);
        }
        match text.split_once(':') {
            Some(("opaque", "alloytypes.Secret")) => Kind::Secret,
            Some(("opaque", "alloytypes.OptionalSecret")) => Kind::OptionalSecret,
            Some(("opaque", name)) => Kind::Opaque(name),
            Some(("text", name)) => Kind::Read(name),
            Some(("custom", name)) => Kind::Custom(name),
            Some(_) | None => Kind::simple(text),
        }
    }

    fn simple(text: &str) -> Kind {
        match text {
            "bool" => Kind::Bool,
            "number" => Kind::Number,
            "int" => Kind::Int,
            "uint" => Kind::Uint,
            "string" => Kind::Text,
            "duration" => Kind::Duration,
            "function" => Kind::Function,
            _ => Kind::Any,
        }
    }

    /// What people call it, with an article.
    pub fn describe(&self) -> String {
        match self {
            Kind::Any | Kind::Custom(_) => "a value".to_owned(),
            Kind::Bool => "a boolean".to_owned(),
            Kind::Number | Kind::Int | Kind::Uint => "a number".to_owned(),
            Kind::Text | Kind::Read(_) => "text".to_owned(),
            Kind::Duration => "a duration".to_owned(),
            Kind::Secret | Kind::OptionalSecret => "a secret".to_owned(),
            Kind::List(item) => format!("a list of {}", item.plural()),
            Kind::Map(item) => format!("a map of {}", item.plural()),
            Kind::Object(_) => "an object".to_owned(),
            Kind::Opaque(name) => opaque(name).0.to_owned(),
            Kind::Function => "a function".to_owned(),
        }
    }

    fn plural(&self) -> String {
        match self {
            Kind::Any | Kind::Custom(_) => "values".to_owned(),
            Kind::Bool => "booleans".to_owned(),
            Kind::Number | Kind::Int | Kind::Uint => "numbers".to_owned(),
            Kind::Text | Kind::Read(_) => "texts".to_owned(),
            Kind::Duration => "durations".to_owned(),
            Kind::Secret | Kind::OptionalSecret => "secrets".to_owned(),
            Kind::List(item) => format!("lists of {}", item.plural()),
            Kind::Map(item) => format!("maps of {}", item.plural()),
            Kind::Object(_) => "objects".to_owned(),
            Kind::Opaque(name) => opaque(name).1.to_owned(),
            Kind::Function => "functions".to_owned(),
        }
    }

    /// Whether text can become one of these.
    pub fn takes_text(&self) -> bool {
        match self {
            Kind::Any
            | Kind::Custom(_)
            | Kind::Text
            | Kind::Read(_)
            | Kind::Duration
            | Kind::Secret
            | Kind::OptionalSecret
            | Kind::Number
            | Kind::Int
            | Kind::Uint => true,
            Kind::Bool
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Object(_)
            | Kind::Opaque(_)
            | Kind::Function => false,
        }
    }
}

/// What people call the values of a Go type: one of them, several.
fn opaque(name: &str) -> (&'static str, &'static str) {
    match name {
        "storage.Appendable" => ("a metrics receiver", "metrics receivers"),
        "loki.LogsReceiver" => ("a logs receiver", "logs receivers"),
        "pyroscope.Appendable" => ("a profiles receiver", "profiles receivers"),
        "otelcol.Consumer" => ("an OpenTelemetry consumer", "OpenTelemetry consumers"),
        "relabel.Rules" => ("relabel rules", "relabel rules"),
        "auth.Handler" => ("an authentication handler", "authentication handlers"),
        "extension.ExtensionHandler" => ("an extension's handler", "extensions' handlers"),
        TARGET => ("a target", "targets"),
        _ => ("what another component exports", "what other components export"),
    }
}
