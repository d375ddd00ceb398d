//! The stable names of everything that can be found. Each has a page in `rules/`.

/// Makes the enum, the list of all codes, and their names from one table.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $severity:ident;)*) => {
        /// What a finding is about; the text in brackets in front of each message.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $($(#[$doc])* $variant,)*
        }

        impl Code {
            /// Every code, in the order of the enum.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The stable name of the code.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Code::$variant => $name,)*
                }
            }

            /// How bad what it names is, unless whoever finds it says otherwise.
            pub fn severity(self) -> Severity {
                match self {
                    $(Code::$variant => Severity::$severity,)*
                }
            }
        }
    };
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is built.
    Error,
    /// Built, but worth a look.
    Warning,
}

codes! {
    /// The text is not YAML, or not in the form that all YAML readers agree on.
    Yaml = "spec/yaml", Error;
    /// The document is too large, too deep, or more than one.
    Limit = "spec/limit", Error;
    /// A key that the spec does not know.
    UnknownKey = "spec/unknown-key", Error;
    /// A key that must be there and is not.
    MissingKey = "spec/missing-key", Error;
    /// A value of another kind than the key takes.
    Type = "spec/type", Error;
    /// A value that its type refuses.
    Value = "spec/value", Error;
    /// Values that cannot stand together.
    Conflict = "spec/conflict", Error;
    /// A name that is illegal or too long after derivation.
    Name = "bind/name", Error;
    /// Two things that would share one name.
    Collision = "bind/collision", Error;
    /// An overlay, or a file of one, that is not there or may not be read.
    OverlayFile = "overlay/file", Error;
    /// Overlays that list each other.
    OverlayCycle = "overlay/cycle", Error;
    /// A target that matches nothing.
    OverlayTarget = "overlay/target", Error;
    /// A patch that cannot be applied.
    OverlayPatch = "overlay/patch", Error;
    /// A patch that changes nothing.
    OverlayIdle = "overlay/idle", Warning;
    /// An overlay that undoes what another did.
    OverlayConflict = "overlay/conflict", Warning;
    /// A patch that counts on the position of a list's item.
    OverlayIndex = "overlay/index", Warning;
    /// A version of a chart of which nobody says what it reads.
    OverlayChart = "overlay/chart", Error;
    /// A field that the Kubernetes API does not know.
    KubernetesField = "kubernetes/field", Error;
    /// A field that must be there and is not.
    KubernetesMissing = "kubernetes/missing", Error;
    /// A field with a value that the API refuses.
    KubernetesValue = "kubernetes/value", Error;
    /// An object of a kind that no schema is known for.
    KubernetesKind = "kubernetes/kind", Error;
    /// Parts of an object, or objects, that do not fit together.
    KubernetesObject = "kubernetes/object", Error;
    /// A key of a chart's values that no template reads.
    ChartKey = "chart/dead-key", Error;
    /// A value that the chart's templates cannot take.
    ChartValue = "chart/value", Error;
    /// A chart that is deployed in another version than its values are checked for.
    ChartVersion = "chart/version", Error;
    /// Values of a chart of which nobody here knows what it reads.
    ChartUnchecked = "chart/unchecked", Warning;
    /// A setting that the application does not know.
    SettingUnknown = "settings/unknown", Error;
    /// A setting that the application no longer reads.
    SettingRemoved = "settings/removed", Error;
    /// A setting that the application will not read for long.
    SettingDeprecated = "settings/deprecated", Warning;
    /// A setting of which nobody here knows whether the application reads it.
    SettingUnchecked = "settings/unchecked", Warning;
    /// A setting with a value that the application refuses.
    SettingValue = "settings/value", Error;
    /// Settings that the application refuses together.
    SettingConflict = "settings/conflict", Error;
    /// A component, argument, block or function that Alloy does not know.
    AlloyUnknown = "alloy/unknown", Error;
    /// An argument, block or label that must be there and is not.
    AlloyMissing = "alloy/missing", Error;
    /// A name that is there twice.
    AlloyRepeated = "alloy/repeated", Error;
    /// A value of a type that the argument does not take.
    AlloyType = "alloy/type", Error;
    /// A value that the component refuses.
    AlloyValue = "alloy/value", Error;
    /// A reference to what is not there, or that leads back to itself.
    AlloyReference = "alloy/reference", Error;
    /// A component that nothing comes of.
    AlloyIdle = "alloy/dead-end", Warning;
    /// A secret in plain text.
    Secret = "secret/plain-text", Error;
    /// A name of an object that nobody makes.
    ReferenceObject = "reference/object", Error;
    /// A name of a key that the object does not have.
    ReferenceKey = "reference/key", Error;
    /// A host of a Service that nobody makes.
    ReferenceHost = "reference/host", Error;
    /// An identity in the cloud that is not declared.
    ReferenceIdentity = "reference/identity", Error;
    /// A bucket or container that is not declared.
    ReferenceStore = "reference/store", Error;
    /// A data source that Grafana is not given.
    ReferenceDatasource = "reference/datasource", Error;
    /// A name that is given twice, so that one of the two is lost.
    ReferenceRepeated = "reference/repeated", Error;
    /// A query that cannot be parsed.
    Query = "query/syntax", Error;
    /// A file of a tree that is not as it was built.
    Drift = "tree/drift", Error;
    /// A text in a tree that is no configuration of Alloy.
    AlloySyntax = "alloy/syntax", Error;
    /// A comment that allows a finding, without saying why or in a form that is not read.
    Allow = "check/allow", Error;
    /// A comment that allows a finding that is not there.
    UnusedAllow = "check/unused-allow", Warning;
}

impl Code {
    /// The code of this name.
    pub fn named(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// Whether a comment may allow it. What stands in the way of a build cannot be allowed, nor can
    /// what is wrong with such comments.
    pub fn can_be_allowed(self) -> bool {
        let (group, _) = self.as_str().split_once('/').unwrap_or_default();
        match group {
            "spec" | "bind" | "check" | "tree" => false,
            "overlay" => self.severity() == Severity::Warning,
            _ => true,
        }
    }
}
