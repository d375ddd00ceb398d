//! Finds the real tools and runs them.

use serde_json::Value;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What a check finds.
pub enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

impl Outcome {
    /// Passed, unless there is something to report.
    pub fn of(report: &str) -> Outcome {
        match report.trim() {
            "" => Outcome::Passed,
            report => Outcome::Failed(report.to_owned()),
        }
    }

    pub fn missing(what: &str) -> Outcome {
        Outcome::Skipped(format!("{what} cannot be had on this machine"))
    }
}

/// The tools that were found.
pub struct Tools {
    kustomize: Option<Vec<&'static str>>,
    helm: bool,
    kubeconform: bool,
    alloy: bool,
    alloy_fmt: bool,
    loki: Option<&'static str>,
    pub pre_commit: bool,
    pub charts: Option<PathBuf>,
    schemas: Option<PathBuf>,
}

/// What a tool answered.
pub struct Answer {
    pub ok: bool,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    pub fn report(&self) -> String {
        if self.ok { String::new() } else { format!("{}{}", self.stdout, self.stderr) }
    }
}

fn run(program: &str, args: &[&str], input: &str) -> Option<Answer> {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().ok()?;
    let _ = writer.join();
    Some(Answer {
        ok: output.status.success(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

fn answers(program: &str, args: &[&str]) -> bool {
    run(program, args, "").is_some_and(|answer| answer.ok)
}

impl Tools {
    pub fn find() -> Tools {
        let kustomize = if answers("kubectl", &["kustomize", "--help"]) {
            Some(vec!["kubectl", "kustomize"])
        } else {
            answers("kustomize", &["version"]).then(|| vec!["kustomize", "build"])
        };
        // The exact version first: the chart's own, where both are there.
        let loki = ["loki-3.7.6", "loki"].into_iter().find(|name| answers(name, &["--version"]));
        Tools {
            kustomize,
            helm: answers("helm", &["version"]),
            kubeconform: answers("kubeconform", &["-v"]),
            alloy: answers("alloy", &["--version"]),
            alloy_fmt: run("alloy-fmt", &[], "\n").is_some(),
            loki,
            pre_commit: answers("pre-commit", &["--version"]) && answers("git", &["--version"]),
            charts: std::env::var_os("TELEMETREE_CHARTS").map(PathBuf::from),
            schemas: std::env::var_os("TELEMETREE_SCHEMAS").map(PathBuf::from),
        }
    }

    /// A line for each tool.
    pub fn versions(&self) -> String {
        let line = |name: &str, args: &[&str]| {
            let answer = run(name, args, "");
            let text = answer.map(|answer| answer.stdout + &answer.stderr).unwrap_or_default();
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("not found");
            format!("{name}: {}", first.trim())
        };
        let lines = [
            line("kubectl", &["version", "--client"]),
            line("kustomize", &["version"]),
            line("helm", &["version", "--short"]),
            line("kubeconform", &["-v"]),
            line("alloy", &["--version"]),
            line(self.loki.unwrap_or("loki"), &["--version"]),
            line("pre-commit", &["--version"]),
        ];
        lines.join("\n")
    }

    pub fn kustomize(&self, folder: &str) -> Option<Answer> {
        let (program, args) = self.kustomize.as_ref()?.split_first()?;
        run(program, &[args, &[folder]].concat(), "")
    }

    pub fn helm(&self, args: &[&str], input: &str) -> Option<Answer> {
        if self.helm { run("helm", args, input) } else { None }
    }

    /// Objects against closed schemas, those of Kubernetes and those of operators.
    pub fn kubeconform(&self, objects: &str) -> Outcome {
        let Some(schemas) = self.schemas.as_ref().filter(|_| self.kubeconform) else {
            return Outcome::missing("kubeconform, or a folder of schemas for it,");
        };
        let schemas = schemas.to_string_lossy();
        let kubernetes = format!(
            "{schemas}/{{{{ .NormalizedKubernetesVersion }}}}-standalone{{{{ .StrictSuffix }}}}/\
             {{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json"
        );
        let operators = format!(
            "{schemas}/crds/{{{{ .Group }}}}/{{{{ .ResourceKind }}}}_{{{{ .ResourceAPIVersion }}}}.json"
        );
        let has_operators = PathBuf::from(format!("{schemas}/crds")).is_dir();
        let mut args =
            vec!["-strict", "-kubernetes-version", "1.33.0", "-schema-location", &kubernetes];
        if has_operators {
            args.extend(["-schema-location", operators.as_str()]);
        }
        // Without the operators' schemas only Kubernetes' own kinds can be checked.
        let objects = if has_operators { objects.to_owned() } else { built_in_only(objects) };
        match run("kubeconform", &args, &objects) {
            Some(answer) => Outcome::of(&answer.report()),
            None => Outcome::missing("kubeconform"),
        }
    }

    /// A config as `alloy fmt` prints it.
    pub fn alloy_fmt(&self, config: &str) -> Option<Answer> {
        if self.alloy_fmt {
            run("alloy-fmt", &[], config)
        } else if self.alloy {
            run("alloy", &["fmt", "-"], config)
        } else {
            None
        }
    }

    pub fn alloy_validate(&self, file: &str) -> Option<Answer> {
        if self.alloy { run("alloy", &["validate", file], "") } else { None }
    }

    pub fn loki(&self, config: &str) -> Option<Answer> {
        let args = [&format!("-config.file={config}"), "-verify-config", "-config.expand-env=true"];
        run(self.loki?, &args, "")
    }
}

/// Documents of a YAML stream.
pub fn documents(yaml: &str) -> Vec<Value> {
    use serde::Deserialize as _;
    let all = serde_yaml::Deserializer::from_str(yaml);
    all.filter_map(|one| Value::deserialize(one).ok()).filter(Value::is_object).collect()
}

/// Only the objects whose group Kubernetes itself defines.
fn built_in_only(yaml: &str) -> String {
    let built_in = |object: &Value| {
        let version = object["apiVersion"].as_str().unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        !group.contains('.') || group.ends_with(".k8s.io") && !group.contains("x-k8s")
    };
    let kept = documents(yaml).into_iter().filter(built_in);
    kept.map(|object| format!("---\n{object}\n")).collect()
}
