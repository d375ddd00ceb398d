# The commands that developers use. CI runs `.ci/run`, which adds what needs a network.

test:
    cargo test

lint:
    cargo fmt --all --check
    cargo clippy --all-targets --locked -- -D warnings

# Rewrites the golden trees, the schema and the snapshots; read the diff.
golden:
    UPDATE_GOLDEN=1 INSTA_UPDATE=always cargo test --test golden --test schema --test diagnostics --test cli

# Rewrites which lists of Kubernetes' objects merge, from the `swagger.json` of the version named here.
merge-keys swagger:
    cargo run --quiet --locked --example merge-keys -- {{swagger}} "k8s.io/kubernetes v1.33.5, api/openapi-spec/swagger.json" > schema/kubernetes/merge-keys.json
    TELEMETREE_SWAGGER={{swagger}} cargo test --locked --test merge_keys

# Rewrites the settings that an application has, from its source tree: `just settings mimir <tree> "grafana/mimir 3.0.2 (3.0.3 and 3.0.4 change no setting), pkg/mimir.Config" schema/settings/mimir-3.0.4.json`,
# with descriptors of earlier versions after it. The blackbox exporter's tree has no `vendor`: there, `mod` is `mod`.
settings application tree source file mod="vendor" *before:
    cp -rT tools/settings {{tree}}/cmd/settings
    cd {{tree}} && go run -mod={{mod}} -tags {{application}} ./cmd/settings "{{source}}" {{before}} > {{justfile_directory()}}/{{file}}
    cargo test --locked --lib contract::settings

# Rewrites which objects Kubernetes takes, from folders of `k8s.io/kubernetes@v1.X.Y`, one for each minor version.
kubernetes-schemas +folders:
    cargo run --quiet --locked --example kubernetes-schemas -- built-in {{folders}} > schema/kubernetes/objects.json

# The same for the kinds of an operator's group, from its `CustomResourceDefinition`s.
custom-schemas group source +documents:
    cargo run --quiet --locked --example kubernetes-schemas -- custom {{quote(source)}} {{documents}} > schema/crd/{{group}}.json

# Rewrites which values the charts read; `charts` holds their unpacked folders, each called by its name.
chart-contracts charts:
    cargo run --quiet --locked --release -- contract {{charts}}/alloy -o schema/charts/alloy/1.11.1.json
    cargo run --quiet --locked --release -- contract {{charts}}/grafana -o schema/charts/grafana/12.11.1.json
    cargo run --quiet --locked --release -- contract {{charts}}/loki -o schema/charts/loki/18.11.0.json
    cargo run --quiet --locked --release -- contract {{charts}}/mimir-distributed -o schema/charts/mimir-distributed/6.0.6.json
    TELEMETREE_CHARTS={{charts}} cargo test --locked --test chart_contracts

conformance:
    TELEMETREE_CONFORMANCE=1 cargo test --test conformance

# Tries inputs on a fuzz target for some seconds: `just fuzz alloy 60`. It wants `cargo install cargo-fuzz` and no
# nightly toolchain. Folders of charts after the seconds give the target `contract` more to start from.
fuzz target seconds="60" *charts:
    cargo run --quiet --manifest-path fuzz/Cargo.toml --example seeds -- fuzz/corpus {{charts}}
    cargo fuzz run --sanitizer none {{target}} fuzz/corpus/{{target}} -- -dict=fuzz/corpus/{{target}}.dict -max_total_time={{seconds}} -max_len=8192 -rss_limit_mb=2048 -timeout=30

bench:
    cargo bench

ci:
    bash .ci/run
