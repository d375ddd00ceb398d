//! The command that imports a chart's contract.

use crate::support::root;
use std::path::Path;
use std::process::{Command, Stdio};
use telemetree::contract::chart;
use tempfile::TempDir;

/// How a run ended: its code, what it printed, what it said.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_telemetree"));
    let output = command.arg("contract").args(args).current_dir(folder).stdin(Stdio::null());
    let output = output.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A small chart of our own, called like Loki's, with another one within it.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in [
        (
            "Chart.yaml",
            "name: loki\nversion: 99.1.0\nappVersion: v9\ndependencies: [{name: part}]\n",
        ),
        ("values.yaml", "replicas: 1\nunread: true\n"),
        ("templates/all.yaml", "{{ .Values.replicas }}{{ toYaml .Values.extra }}"),
        ("charts/part/Chart.yaml", "name: part\nversion: 1.0.0\n"),
        ("charts/part/templates/all.yaml", "{{ .Values.hat }}"),
    ] {
        write(&folder, path, text);
    }
    folder
}

fn write(folder: &TempDir, path: &str, text: impl AsRef<[u8]>) {
    let path = folder.path().join("loki").join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

const CONTRACT: &str = "{
\"chart\": \"loki\",
\"version\": \"99.1.0\",
\"application\": \"v9\",
\"keys\": {
\"/extra\": \"\",
\"/part/hat\": \"\",
\"/replicas\": \"number\"
},
\"defaults\": {
\"/replicas\": 1
}
}
";

#[test]
fn a_contract_is_printed_and_what_nothing_reads_is_said() {
    let folder = folder();
    let (code, out, said) = run(folder.path(), &["loki"]);
    assert_eq!((code, out.as_str()), (0, CONTRACT), "{said}");
    assert!(chart::parse(&out).is_ok());
    assert_eq!(said, "note: nothing reads the chart's own `/unread`\n");
    let (code, _, said) = run(folder.path(), &["loki", "--quiet"]);
    assert_eq!((code, said.as_str()), (0, ""));
}

#[test]
fn a_contract_is_written_and_the_next_step_is_said() {
    let folder = folder();
    let (code, out, said) = run(folder.path(), &["loki", "-o", "loki-99.1.0.json"]);
    assert_eq!((code, out.as_str()), (0, ""), "{said}");
    let written = std::fs::read_to_string(folder.path().join("loki-99.1.0.json")).unwrap();
    assert_eq!(written, CONTRACT);
    assert!(said.contains("charts: {loki: {version: \"99.1.0\", contract: loki-99.1.0.json}}"));
    write(&folder, "Chart.yaml", "name: tempo\nversion: 1.0.0\n");
    let (_, _, said) = run(folder.path(), &["loki", "-o", "tempo.json"]);
    assert!(said.contains("no component is deployed by a chart called `tempo`"), "{said}");
}

#[test]
fn what_is_no_chart_is_refused_with_a_reason() {
    let refused = |folder: &TempDir, words: &str| {
        let (code, out, said) = run(folder.path(), &["loki"]);
        assert_eq!((code, out.as_str()), (1, ""), "{said}");
        assert!(said.starts_with("error: loki: ") && said.contains(words), "{said}");
        assert!(said.contains("`helm pull <repository>/<chart> --untar`"), "{said}");
    };
    refused(&TempDir::new().unwrap(), "there is no such file");
    let chart = folder();
    std::fs::remove_dir_all(chart.path().join("loki/charts")).unwrap();
    refused(&chart, "does not hold `part`, which it depends on, unpacked");
    write(&chart, "charts/part-1.0.0.tgz", [0x1f, 0x8b, 0xff]);
    refused(&chart, "`charts/part-1.0.0.tgz` is packed; unpack it");
    let chart = folder();
    write(&chart, "templates/picture.png", [0xff, 0xfe]);
    refused(&chart, "`templates/picture.png` is no text, and a template is");
    write(&chart, "templates/picture.png", "{{ if }}");
    refused(&chart, "`loki/templates/picture.png`: line 1: ");
    let chart = folder();
    write(&chart, "picture.png", [0xff, 0xfe]);
    assert_eq!(run(chart.path(), &["loki"]).0, 0);
    write(&chart, "picture.png", vec![0; (5 << 20) + 1]);
    refused(&chart, "`picture.png`: more than 5242880 bytes");
    let chart = folder();
    write(&chart, &format!("{}x", "d/".repeat(40)), "");
    refused(&chart, "it holds too much for a chart");
    let file = root().join("README.md");
    assert_eq!(run(&root(), &[&file.to_string_lossy()]).0, 1);
}

#[cfg(unix)]
#[test]
fn nothing_outside_of_the_chart_is_read() {
    use std::os::unix::fs::symlink;
    let refused = |link: &str, to: &str, words: &str| {
        let chart = folder();
        symlink(to, chart.path().join("loki").join(link)).unwrap();
        let (code, _, said) = run(chart.path(), &["loki"]);
        assert_eq!(code, 1, "{link} -> {to}");
        assert!(said.contains(words), "{said}");
    };
    refused("templates/more.yaml", "/etc/hostname", "this link leads out of the chart's folder");
    refused("templates/more", "..", "its files cannot be listed");
    refused("files", "/etc", "this link leads out of the chart's folder");
    refused("up", ".", "its files cannot be listed");
    refused("zero", "/dev/zero", "this link leads out of the chart's folder");
    let chart = folder();
    symlink("all.yaml", chart.path().join("loki/templates/same.yaml")).unwrap();
    assert_eq!(run(chart.path(), &["loki"]).0, 0);
    let made = Command::new("mkfifo").arg(chart.path().join("loki/pipe")).status();
    if made.is_ok_and(|status| status.success()) {
        assert!(run(chart.path(), &["loki"]).2.contains("`pipe`: it is no file"));
    }
}
