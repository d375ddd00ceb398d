//! Reviews of what people do: golden specs with edits.

use crate::support::{cases, compile_in};
use std::sync::OnceLock;
use telemetree::compile::Compiled;
use telemetree::diff::acknowledge::Judged;
use telemetree::diff::cause::{Line, LineEdit, Texts};
use telemetree::diff::group::Review;
use telemetree::diff::review::{Delivery, Entry, Risk, Spot, Version, compare};
use telemetree::diff::risk::Class;
use telemetree::explain::{Place, Reason};
use telemetree::report::diff::Heading;

/// What the comparison is called.
pub fn heading() -> Heading {
    Heading {
        before: "origin/main (66f674b)".to_owned(),
        after: "the working tree".to_owned(),
        compared: 40,
        whole: "telemetree diff --against origin/main --format json".to_owned(),
    }
}

/// The day of the tests.
pub const DAY: &str = "2026-11-27";

/// A review of which nobody has accepted anything.
pub fn judged(review: &Review) -> Judged<'_> {
    Judged::of(review, &[], DAY)
}

/// The spec of a golden case.
pub fn spec(case: &str) -> String {
    let case = cases().into_iter().find(|one| one.name == case);
    case.unwrap_or_else(|| panic!("there is a golden of this name")).spec
}

/// A spec with some of its words exchanged, each of which is there.
pub fn edited(spec: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(spec.to_owned(), |spec, (old, new)| {
        assert!(spec.contains(old), "no `{old}` in\n{spec}");
        spec.replace(old, new)
    })
}

fn compiled(spec: &str) -> Compiled {
    let folders: Vec<_> = cases().into_iter().map(|case| case.folder).collect();
    let folders: Vec<_> =
        folders.into_iter().chain([crate::support::root().join("tests/diff_forms")]).collect();
    let compiled = compile_in(&folders, "workload.yaml", spec);
    assert!(compiled.output.is_some(), "{}", crate::support::report(&compiled));
    compiled
}

fn version(compiled: &Compiled) -> Version<'_> {
    let output = compiled.output.as_ref().unwrap();
    let texts = Texts { sources: &compiled.sources, all: &compiled.texts };
    Version { clusters: &output.clusters, texts, contracts: &output.contracts }
}

/// What changes between two specs.
pub fn entries(before: Option<&str>, after: Option<&str>) -> Vec<Entry> {
    let (before, after) = (before.map(compiled), after.map(compiled));
    let named = after.as_ref().or(before.as_ref()).and_then(|one| one.output.as_ref());
    let workload = named.unwrap().claimed.workload.clone();
    compare(&workload, before.as_ref().map(version), after.as_ref().map(version))
}

/// The review of an edit of a golden spec.
pub fn review(case: &str, edits: &[(&str, &str)]) -> Review {
    let spec = spec(case);
    Review::of(entries(Some(&spec), Some(&edited(&spec, edits))))
}

/// Metrics are kept for a month instead of a year.
pub fn retention() -> Review {
    review("aws-full", &[("retention: 400d", "retention: 30d")])
}

/// Metrics go to no control room any more.
pub fn without_control_room() -> Review {
    let section = "  controlRoom:\n    domain: cr.example.com\n    keepMetrics: [up, kube_pod_status_phase, probe_http_status_code]\n";
    review("aws-full", &[(section, "")])
}

/// Images come from elsewhere.
pub fn registry() -> Review {
    review("azure-full", &[("registry.example.com/mirror", "images.example.net/telemetry")])
}

/// A second cluster.
pub fn cluster() -> Review {
    review(
        "aws-minimal",
        &[(
            "    \"20250115\": {}\n",
            "    \"20250115\": {}\n    \"20260301\": {storage: cluster}\n",
        )],
    )
}

/// Fewer replicas.
pub fn replicas() -> Review {
    review(
        "aws-full",
        &[
            ("{ingester: 4, querier: 3}", "{ingester: 6, querier: 2}"),
            ("replicas: 2", "replicas: 1"),
        ],
    )
}

/// An overlay with a component of Alloy and a patch of a script.
pub fn alloy() -> Review {
    review("aws-full", &[("./overlays/prod]", "./overlays/prod, ./overlays/queue]")])
}

/// Many edits of many workloads.
pub fn everything() -> Review {
    static ONCE: OnceLock<Review> = OnceLock::new();
    ONCE.get_or_init(make_everything).clone()
}

fn make_everything() -> Review {
    let mut all = Vec::new();
    let full = spec("aws-full");
    for number in 0..20 {
        let name = format!("heron{number}-production");
        let before = edited(
            &full,
            &[
                ("heron-production", &name),
                ("destination: heron", &format!("destination: heron{number}")),
            ],
        );
        let control = "  controlRoom:\n    domain: cr.example.com\n    keepMetrics: [up, kube_pod_status_phase, probe_http_status_code]\n";
        let mut edits = vec![
            ("retention: 400d", "retention: 30d"),
            ("storageClass: gp3", "storageClass: gp2"),
            ("./overlays/prod]", "./overlays/prod, ./overlays/queue]"),
        ];
        if number > 15 {
            edits.push((control, ""));
        }
        let after = edited(&before, &edits);
        all.extend(entries(Some(&before), Some(&after)));
    }
    let azure = spec("azure-full");
    all.extend(entries(
        Some(&azure),
        Some(&edited(&azure, &[("registry.example.com/mirror", "images.example.net/telemetry")])),
    ));
    let minimal = spec("aws-minimal");
    all.extend(entries(None, Some(&minimal)));
    Review::of(all)
}

/// Long texts, of which a few words change.
pub fn texts() -> Review {
    let spot = |file: &str, place: &str| Spot {
        workload: "heron-production".to_owned(),
        cluster: "20250115".to_owned(),
        file: file.to_owned(),
        object: Some("ConfigMap grafana/dashboards".to_owned()),
        place: place.to_owned(),
        chart: None,
    };
    let entry = |spot: Spot, before: &str, after: &str| Entry {
        spot,
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
        risks: vec![Risk { class: Class::Config, why: "a setting changes" }],
        causes: Vec::new(),
        why_before: None,
        why_after: None,
        delivery: Delivery::Flux,
    };
    let script: String = (1..=30)
        .map(|line| {
            format!("step {line}: copy the file number {line} into the folder of the day\n")
        })
        .collect();
    let other = edited(
        &script,
        &[
            ("step 4: copy the file", "step 4: move the file"),
            ("step 20: copy the file number 20 into the folder of the day\n", ""),
            ("step 27: copy", "step 26.5: wait\nstep 27: check and copy"),
        ],
    );
    let query = |by: &str| format!("sum by ({by}) (rate({{{}}}[5m]))", "a=\"b\", ".repeat(80));
    Review::of(vec![
        entry(spot("grafana/configmap-dashboards.yaml", "/data/run.sh"), &script, &other),
        entry(
            spot("grafana/configmap-dashboards.yaml", "/data/a.json/panels/[1]/targets/[A]/expr"),
            &query("pod"),
            &query("namespace"),
        ),
        entry(spot("grafana/configmap-dashboards.yaml", "/data/end"), "the same", "the same\n"),
    ])
}

/// A hundred and fifty new files of two hundred lines.
pub fn large() -> Review {
    let entry = |number: usize| Entry {
        spot: Spot {
            workload: format!("heron{number}-production"),
            cluster: "20250115".to_owned(),
            file: "alloy/config.alloy".to_owned(),
            object: None,
            place: String::new(),
            chart: None,
        },
        before: None,
        after: Some(format!("{}{number}", "a line <of> \"the\" new & long file\n".repeat(199))),
        risks: vec![Risk { class: Class::Exposure, why: "it is reached from where it was not" }],
        causes: Vec::new(),
        why_before: None,
        why_after: None,
        delivery: Delivery::ArgoCd,
    };
    Review::of((0..150).map(entry).collect())
}

/// A change of each of many lines: so many of each class, with reasons and values of some length.
pub fn many(classes: &[(Class, usize)]) -> Review {
    let classes = classes.iter().flat_map(|(class, number)| vec![*class; *number]);
    Review::of(
        classes.enumerate().map(|(number, class)| one_of_many(number, number, class)).collect(),
    )
}

/// As many different changes because of one line.
pub fn many_of_one(classes: &[(Class, usize)]) -> Review {
    let classes = classes.iter().flat_map(|(class, number)| vec![*class; *number]);
    Review::of(classes.enumerate().map(|(number, class)| one_of_many(number, 1, class)).collect())
}

fn one_of_many(number: usize, line: usize, class: Class) -> Entry {
    let file = format!("specs/heron{line}/workload.yaml");
    let text = |word: &str| Some(Line { number: 70, text: format!("setting{line}: {word}") });
    let reason = |kind, word: &str, from| Reason {
        kind,
        text: format!("setting{line}: {word}"),
        place: Some(Place { file: file.clone(), line: 70, column: 5 }),
        overlay: None,
        replaced: None,
        from,
    };
    let why = |word: &str| Some(reason("rule", "the rule", vec![reason("spec", word, Vec::new())]));
    let value = |word: &str| {
        let lines = (0..12).map(|at| format!("key{at}: {}\n", if at == 5 { word } else { "same" }));
        Some(format!("name: heron{number}\n{}", lines.collect::<String>()))
    };
    Entry {
        spot: Spot {
            workload: format!("heron{number}-production"),
            cluster: "20250115".to_owned(),
            file: "mimir/values.yaml".to_owned(),
            object: None,
            place: format!("/mimir/structuredConfig/limits/setting{number}"),
            chart: None,
        },
        before: value("old"),
        after: value("new"),
        risks: vec![Risk { class, why: "it is so" }],
        causes: vec![LineEdit { file: file.clone(), before: text("old"), after: text("new") }],
        why_before: why("old"),
        why_after: why("new"),
        delivery: Delivery::ArgoCd,
    }
}

/// All of these, by name.
pub fn all() -> Vec<(&'static str, Review)> {
    vec![
        ("retention", retention()),
        ("without-control-room", without_control_room()),
        ("registry", registry()),
        ("cluster", cluster()),
        ("replicas", replicas()),
        ("alloy", alloy()),
        ("everything", everything()),
        ("texts", texts()),
    ]
}
