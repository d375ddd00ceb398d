//! Mistakes that people made, each with what is said of it.

use super::{Stability, breaches, breaches_at, dead_ends, parse, pointed};
use telemetree::contract::Kind;
use telemetree::contract::alloy::Facts;

const SINKS: &str = r#"
prometheus.remote_write "mimir" {
	endpoint {
		url = "http://mimir"
	}
}

loki.write "loki" {
	endpoint {
		url = "http://loki"
	}
}

discovery.kubernetes "pods" {
	role = "pod"
}
"#;

/// What is said of a text after the sinks: the kind, what is pointed at, the message.
fn said(text: &str) -> Vec<(Kind, String, String)> {
    let text = format!("{SINKS}{text}");
    let all = breaches(&text);
    all.into_iter().map(|b| (b.kind, pointed(&text, &b).to_owned(), b.message)).collect()
}

#[track_caller]
fn says(text: &str, kind: Kind, at: &str, message: &str) {
    assert_eq!(said(text), [(kind, at.to_owned(), message.to_owned())], "{text}");
}

#[track_caller]
fn fine(text: &str) {
    assert_eq!(said(text), [], "{text}");
}

fn scrape(arguments: &str) -> String {
    format!(
        "prometheus.scrape \"x\" {{\n\ttargets = []\n\tforward_to = \
         [prometheus.remote_write.mimir.receiver]\n{arguments}\n}}\n"
    )
}

fn rule(arguments: &str) -> String {
    format!("discovery.relabel \"x\" {{\n\ttargets = []\n\n\trule {{\n{arguments}\n\t}}\n}}\n")
}

#[test]
fn names_that_do_not_exist_are_found() {
    let near = "Alloy has no component `discovery.kubernets`";
    says(
        "discovery.kubernets \"x\" {\n\trole = \"pod\"\n}",
        Kind::Unknown,
        "discovery.kubernets \"x\"",
        near,
    );
    let argument = "`prometheus.scrape` has no argument `scrape_intervall`";
    says(&scrape("\tscrape_intervall = \"1m\""), Kind::Unknown, "scrape_intervall", argument);
    let block = "`prometheus.scrape` has no block `clustring`";
    says(&scrape("\tclustring {\n\t\tenabled = true\n\t}"), Kind::Unknown, "clustring", block);
    let removed = "Alloy has no component `otelcol.receiver.opencensus` any more";
    let text = "otelcol.receiver.opencensus \"x\" { }";
    says(text, Kind::Removed, "otelcol.receiver.opencensus \"x\"", removed);
}

#[test]
fn a_block_is_no_argument_and_an_argument_no_block() {
    says(&scrape("\tclustering = true"), Kind::Type, "clustering", "`clustering` is a block");
    says(&scrape("\tscheme { }"), Kind::Type, "scheme", "`scheme` is an argument");
}

#[test]
fn what_is_required_is_missed_and_what_is_repeated_is_seen() {
    let missing = "`loki.process` needs `forward_to`";
    says("loki.process \"x\" { }", Kind::Missing, "loki.process \"x\"", missing);
    let twice = scrape("\tscheme = \"http\"\n\tscheme = \"http\"");
    says(&twice, Kind::Repeated, "scheme", "`scheme` is set already");
    let twice = "discovery.kubernetes \"pods\" {\n\trole = \"node\"\n}";
    let message = "`discovery.kubernetes.pods` is there already";
    says(twice, Kind::Repeated, "discovery.kubernetes \"pods\"", message);
    says(
        "discovery.kubernetes {\n\trole = \"pod\"\n}",
        Kind::Missing,
        "discovery.kubernetes",
        "`discovery.kubernetes` needs a label",
    );
    says(
        "logging \"x\" { }",
        Kind::Unknown,
        "logging \"x\"",
        "`logging` has no label, and `x` is one",
    );
}

#[test]
fn values_of_another_type_are_refused() {
    says(
        &scrape("\tscrape_interval = 60"),
        Kind::Value,
        "60",
        "`scrape_interval` wants a duration, not `60`",
    );
    says(
        &scrape("\tscrape_interval = \"1d\""),
        Kind::Value,
        "\"1d\"",
        "`scrape_interval` wants a duration, not `1d`",
    );
    says(
        &scrape("\thonor_labels = \"true\""),
        Kind::Type,
        "\"true\"",
        "`honor_labels` wants a boolean, not text",
    );
    says(
        &scrape("\tsample_limit = \"many\""),
        Kind::Type,
        "\"many\"",
        "`sample_limit` wants a number, not `many`",
    );
    says(&scrape("\tscheme = [\"http\"]"), Kind::Type, "scheme", "`scheme` wants text, not a list");
    says(
        &scrape("\tparams = { a = \"b\" }"),
        Kind::Type,
        "\"b\"",
        "`params` wants a list of texts, not text",
    );
    fine(&scrape("\tsample_limit = \"100\"\n\tmetrics_path = 1\n\tscrape_interval = \"1m30s\""));
}

#[test]
fn words_are_of_those_that_alloy_knows() {
    let text = "discovery.kubernetes \"x\" {\n\trole = \"pods\"\n}";
    says(text, Kind::Value, "\"pods\"", "`role` cannot be `pods`");
    says(
        "logging {\n\tlevel = \"warning\"\n}",
        Kind::Value,
        "\"warning\"",
        "`level` cannot be `warning`",
    );
}

#[test]
fn logs_and_metrics_go_to_receivers_of_their_kind() {
    let text = "loki.source.kubernetes \"x\" {\n\ttargets = discovery.kubernetes.pods.targets\n\tforward_to = [prometheus.remote_write.mimir.receiver]\n}";
    let message = "`forward_to` wants a logs receiver, not a metrics receiver";
    says(text, Kind::Type, "prometheus.remote_write.mimir.receiver", message);
    let text = "loki.source.kubernetes \"x\" {\n\ttargets = [discovery.kubernetes.pods.targets]\n\tforward_to = [loki.write.loki.receiver]\n}";
    let message = "`targets` wants a target, not a list of targets";
    says(text, Kind::Type, "discovery.kubernetes.pods.targets", message);
    let text = "loki.process \"x\" {\n\tforward_to = [loki.write.loki]\n}";
    let message = "`forward_to` wants a logs receiver, not an object";
    says(text, Kind::Type, "loki.write.loki", message);
    let text = "loki.process \"x\" {\n\tforward_to = loki.write.loki.receiver\n}";
    let message = "`forward_to` wants a list of logs receivers, not a logs receiver";
    says(text, Kind::Type, "loki.write.loki.receiver", message);
}

#[test]
fn references_lead_to_what_is_there() {
    let text = "loki.process \"x\" {\n\tforward_to = [loki.write.lokki.receiver]\n}";
    says(
        text,
        Kind::Reference,
        "loki.write.lokki.receiver",
        "`loki.write.lokki.receiver` does not exist",
    );
    let text = "loki.process \"x\" {\n\tforward_to = [loki.write.loki.receivers]\n}";
    says(
        text,
        Kind::Reference,
        "loki.write.loki.receivers",
        "`loki.write.loki` does not export `receivers`",
    );
    let text = "loki.process \"x\" {\n\tforward_to = [loki.process.x.receiver]\n}";
    says(text, Kind::Reference, "loki.process \"x\"", "`loki.process.x` needs itself");
}

#[test]
fn a_secret_never_becomes_text() {
    let secret = "remote.kubernetes.secret \"x\" {\n\tnamespace = \"a\"\n\tname = \"b\"\n}\n";
    let asked = "remote.kubernetes.secret.x.data[\"tenant\"]";
    let text = |value: &str| {
        format!(
            "{secret}prometheus.relabel \"r\" {{\n\tforward_to = []\n\n\trule {{\n\t\ttarget_label = \"a\"\n\t\treplacement = {value}\n\t}}\n}}"
        )
    };
    let message = "`replacement` wants text, and a secret never becomes text";
    says(&text(asked), Kind::Type, "remote.kubernetes.secret.x.data", message);
    says(&text(&format!("\"a\" + {asked}")), Kind::Type, "\"a\"", message);
    fine(&text(&format!("convert.nonsensitive({asked})")));
}

#[test]
fn secrets_are_not_written_down() {
    let auth = |password: &str| {
        scrape(&format!("\tbasic_auth {{\n\t\tusername = \"a\"\n\t\tpassword = {password}\n\t}}"))
    };
    says(&auth("\"hunter2\""), Kind::Secret, "\"hunter2\"", "`password` is a secret in plain text");
    fine(&auth("sys.env(\"PASSWORD\")"));
    let url = "loki.write \"x\" {\n\tendpoint {\n\t\turl = \"https://a:b@loki\"\n\t}\n}";
    says(url, Kind::Secret, "\"https://a:b@loki\"", "`url` is a secret in plain text");
    let headers = "loki.write \"x\" {\n\tendpoint {\n\t\turl = \"http://loki\"\n\t\theaders = { \"Authorization\" = \"Bearer x\", \"X-Scope-OrgID\" = \"1\" }\n\t}\n}";
    says(headers, Kind::Secret, "\"Bearer x\"", "`Authorization` is a secret in plain text");
}

#[test]
fn rules_have_what_their_actions_need() {
    says(
        &rule("\t\taction = \"replace\""),
        Kind::Missing,
        "rule",
        "`replace` needs `target_label`",
    );
    says(
        &rule("\t\taction = \"hashmod\"\n\t\ttarget_label = \"a\""),
        Kind::Missing,
        "rule",
        "`hashmod` needs `modulus`",
    );
    says(
        &rule("\t\taction = \"labeldrop\"\n\t\tsource_labels = [\"a\"]"),
        Kind::Conflict,
        "source_labels",
        "`labeldrop` takes no `source_labels`",
    );
    says(
        &rule("\t\ttarget_label = \"a-b\""),
        Kind::Value,
        "\"a-b\"",
        "`target_label` cannot be `a-b`, which is no name of a label",
    );
    says(
        &rule("\t\taction = \"dropp\"\n\t\ttarget_label = \"a\""),
        Kind::Value,
        "\"dropp\"",
        "`action` cannot be `dropp`",
    );
    fine(&rule("\t\taction = \"labelmap\"\n\t\tregex = \"a_(.+)\"\n\t\treplacement = \"b_$1\""));
}

#[test]
fn expressions_are_those_of_go() {
    for wrong in
        ["a(", "a)", "(?=a)", "(?!a)", "a**", "*a", "[b-a]", "[a", "\\1", "a{2,1}", "\\", "a{1001}"]
    {
        let text = rule(&format!("\t\taction = \"keep\"\n\t\tregex = `{wrong}`"));
        let kinds: Vec<Kind> = said(&text).into_iter().map(|(kind, ..)| kind).collect();
        assert_eq!(kinds, [Kind::Value], "{wrong}");
    }
    for right in [
        "(?i)a.*",
        "(?P<x>a)",
        "(?<x>a)",
        "[]a]",
        "[^]]",
        "\\pL\\p{Greek}",
        "[[:alpha:]-]",
        "a{2}",
        "a{,2}",
        "x{",
        "\\d+?",
        "a|b|",
        "\\Q(\\E",
        "[\\w.-]+",
        "(?s:a)b",
        "(|a)*",
        "\\x41\\x{10FFFF}",
    ] {
        fine(&rule(&format!("\t\taction = \"keep\"\n\t\tregex = `{right}`")));
    }
}

#[test]
fn functions_exist_and_get_their_arguments() {
    let of = |value: &str| scrape(&format!("\tjob_name = {value}"));
    says(
        &of("sys.getenv(\"A\")"),
        Kind::Reference,
        "sys.getenv",
        "the standard library has no `sys.getenv`",
    );
    says(
        &of("string.join([\"a\"])"),
        Kind::Value,
        "string.join",
        "`string.join` takes 2 arguments, not 1",
    );
    says(&of("env(\"A\")"), Kind::Deprecated, "env", "`env` is deprecated");
    says(
        &of("constants.hostnam"),
        Kind::Reference,
        "constants.hostnam",
        "the standard library has no `constants.hostnam`",
    );
    says(
        &of("string.split(\"a\", \",\")"),
        Kind::Type,
        "string.split",
        "`job_name` wants text, not a list of texts",
    );
    fine(&of("string.format(\"%s\", constants.hostname)"));
}

#[test]
fn what_is_not_finished_is_asked_for() {
    let each = "foreach \"x\" {\n\tcollection = [1]\n\tvar = \"each\"\n\n\ttemplate {\n\t\tdiscovery.kubernetes \"y\" {\n\t\t\trole = each\n\t\t}\n\t}\n}";
    says(each, Kind::Conflict, "foreach \"x\"", "`foreach` is experimental");
    assert_eq!(breaches_at(each, Stability::Experimental), []);
    let secretfilter = "loki.secretfilter \"x\" {\n\tforward_to = [loki.write.loki.receiver]\n}";
    let kinds: Vec<Kind> = said(secretfilter).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [Kind::Conflict]);
}

#[test]
fn ways_to_prove_who_one_is_exclude_each_other() {
    let both = scrape("\tbearer_token_file = \"/a\"\n\n\tbasic_auth {\n\t\tusername = \"a\"\n\t}");
    says(
        &both,
        Kind::Conflict,
        "basic_auth",
        "`prometheus.scrape` takes `bearer_token_file` or `basic_auth`, not both",
    );
    let late = scrape("\tscrape_interval = \"10s\"\n\tscrape_timeout = \"30s\"");
    says(
        &late,
        Kind::Conflict,
        "scrape_timeout",
        "`scrape_timeout` is longer than `scrape_interval`",
    );
}

#[test]
fn a_declare_is_a_world_of_its_own() {
    let declare = |inner: &str| {
        format!(
            "declare \"logs\" {{\n\targument \"to\" {{ }}\n\n\t{inner}\n}}\n\nlogs \"a\" {{\n\tto = [loki.write.loki.receiver]\n}}\n"
        )
    };
    fine(&declare("loki.process \"x\" {\n\t\tforward_to = argument.to.value\n\t}"));
    let text = declare("loki.process \"x\" {\n\t\tforward_to = [loki.write.loki.receiver]\n\t}");
    says(
        &text,
        Kind::Reference,
        "loki.write.loki.receiver",
        "`loki.write.loki.receiver` does not exist",
    );
    let text = declare("").replace("\tto = [", "\ttoo = [");
    let kinds: Vec<Kind> = said(&text).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [Kind::Unknown, Kind::Missing]);
}

#[test]
fn ends_that_lead_nowhere_are_seen() {
    let messages = |text: &str| -> Vec<String> {
        let config = parse(text).expect("it parses");
        dead_ends(&config, Facts::latest()).into_iter().map(|b| b.message).collect()
    };
    let text = "discovery.kubernetes \"x\" {\n\trole = \"pod\"\n}";
    assert_eq!(messages(text), ["nobody uses `discovery.kubernetes.x.targets`"]);
    let text = "loki.source.api \"x\" {\n\tforward_to = []\n}";
    assert_eq!(messages(text), ["`loki.source.api.x` sends to nobody"]);
    let rules = "loki.relabel \"journal\" {\n\tforward_to = []\n}\n\nloki.source.journal \"x\" {\n\tforward_to = [loki.write.a.receiver]\n\trelabel_rules = loki.relabel.journal.rules\n}\n\nloki.write \"a\" { }";
    assert_eq!(messages(rules), [] as [&str; 0]);
}

#[test]
fn a_deep_or_a_long_configuration_is_no_danger() {
    let deep = format!("x = {}1{}", "[".repeat(60), "]".repeat(60));
    assert_eq!(breaches(&deep).len(), 1, "an argument stands outside");
    let chain: String = (0..3000)
        .map(|n| {
            format!(
                "loki.process \"p{n}\" {{\n\tforward_to = [loki.process.p{}.receiver]\n}}\n",
                n + 1
            )
        })
        .collect();
    let all = breaches(&chain);
    assert_eq!(all.len(), 1, "only the last refers to nothing");
    let dense: String = (0..100)
        .map(|n| {
            let all: Vec<String> =
                (0..100).map(|m| format!("loki.process.p{m}.receiver")).collect();
            format!("loki.process \"p{n}\" {{\n\tforward_to = [{}]\n}}\n", all.join(", "))
        })
        .collect();
    assert_eq!(breaches(&dense).len(), 100, "each needs itself");
}
