//! Files that overlays name: where they may be, and what they may be.

use crate::place::{HEAD, Place};

const OBJECT: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: extra}\n";

/// A spec in `inside`, which is where the command runs, and things beside it.
fn fenced() -> Place {
    let place = Place::new("");
    place.write("inside/workload.yaml", crate::place::spec("./mine"));
    place.write("outside/extra.yaml", OBJECT);
    place.overlay("outside", "");
    place
}

const BUILD: [&str; 4] = ["build", "workload.yaml", "-o", "out"];

#[test]
fn a_file_is_not_looked_for_above_its_overlay() {
    for rest in [
        "resources: [../../outside/extra.yaml]\n",
        "resources: [x/../../../outside/extra.yaml]\n",
        "resources: [..]\n",
        "patches:\n- {target: {kind: Namespace}, path: ../../outside/extra.yaml}\n",
    ] {
        let place = fenced();
        place.overlay("inside/mine", rest);
        let run = place.run_in("inside", &BUILD);
        assert_eq!(run.code, 1, "{rest}: {}", run.stderr);
        assert_eq!(run.findings(), 1, "{rest}: {}", run.stderr);
        assert!(run.stderr.contains("overlay.yaml:4:") || run.stderr.contains("overlay.yaml:5:"));
    }
}

#[test]
fn an_absolute_path_is_no_file_of_an_overlay() {
    let place = fenced();
    place.overlay("inside/mine", "resources: [/etc/hostname]\n");
    let run = place.run_in("inside", &BUILD);
    assert_eq!((run.code, run.findings()), (1, 1), "{}", run.stderr);
}

#[test]
fn an_overlay_above_the_working_directory_needs_a_root() {
    let place = fenced();
    place.overlay("inside/mine", "overlays: [../../outside]\n");
    place.run_in("inside", &BUILD).is_refused("overlay/file", "is outside of where the command");
    let args = ["build", "workload.yaml", "-o", "out", "--root", ".."];
    place.run_in("inside", &args).is_fine();
    let beside = ["build", "workload.yaml", "-o", "out", "--root", "../outside"];
    place.run_in("inside", &beside).is_refused("overlay/file", "is outside of");
}

#[cfg(unix)]
mod links {
    use super::*;

    #[test]
    fn a_link_inside_of_the_overlay_is_followed() {
        let place = Place::with("resources: [link.yaml]\n");
        place.write("mine/extra.yaml", OBJECT);
        place.link("mine/link.yaml", "extra.yaml");
        place.build().is_fine();
        assert!(place.file("resources/namespace-extra.yaml").contains("name: extra"));
    }

    #[test]
    fn a_resource_that_leads_out_of_the_overlay_is_refused() {
        let place = Place::with("resources: [link.yaml]\n");
        place.write("extra.yaml", OBJECT);
        place.link("mine/link.yaml", "../extra.yaml");
        place.build().is_refused("overlay/file", "is outside of the overlay's folder");
    }

    #[test]
    fn a_folder_that_leads_out_of_the_overlay_is_refused() {
        let place = Place::with("resources: [sub/extra.yaml]\n");
        place.write("elsewhere/extra.yaml", OBJECT);
        place.link("mine/sub", "../elsewhere");
        place.build().is_refused("overlay/file", "is outside of the overlay's folder");
    }

    #[test]
    fn a_linked_overlay_document_counts_as_where_it_leads() {
        let place = Place::new("./mine");
        place.overlay("real", "");
        place.link("mine/overlay.yaml", "../real/overlay.yaml");
        place.build().is_fine();
        let place = fenced();
        place.link("inside/mine/overlay.yaml", "../../outside/overlay.yaml");
        let run = place.run_in("inside", &BUILD);
        run.is_refused("overlay/file", "is outside of where the command runs");
    }

    #[test]
    fn a_linked_overlay_that_leads_out_needs_a_root() {
        let place = fenced();
        place.link("inside/mine", "../outside");
        let run = place.run_in("inside", &BUILD);
        run.is_refused("overlay/file", "is outside of where the command runs");
        let args = ["build", "workload.yaml", "-o", "out", "--root", ".."];
        place.run_in("inside", &args).is_fine();
    }

    #[test]
    fn links_that_lead_to_themselves_are_refused() {
        let place = Place::with("resources: [link.yaml]\n");
        place.link("mine/link.yaml", "link.yaml");
        place.build().is_refused("overlay/file", "`link.yaml` cannot be read");
        let place = Place::new("./mine");
        place.link("mine", "mine");
        place.build().is_refused("overlay/file", "the overlay `./mine` cannot be read");
        let place = Place::new("./mine");
        place.link("mine/overlay.yaml", "other");
        place.link("mine/other", "overlay.yaml");
        place.build().is_refused("overlay/file", "the overlay `./mine` cannot be read");
    }

    #[test]
    fn a_link_to_the_folder_above_makes_no_loop() {
        let place = Place::with("overlays: [./up/mine]\n");
        place.link("mine/up", "..");
        let run = place.build();
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert_eq!(run.findings(), 1, "{}", run.stderr);
    }

    #[test]
    fn a_link_that_dangles_is_refused() {
        let place = Place::with("resources: [link.yaml]\n");
        place.link("mine/link.yaml", "nowhere.yaml");
        place.build().is_refused("overlay/file", "there is no such file");
    }

    #[test]
    fn a_device_is_no_file() {
        let place = Place::with("");
        place.link("devices/overlay.yaml", "/dev/zero");
        place.write("workload.yaml", crate::place::spec("./devices"));
        let args = ["build", "workload.yaml", "-o", "out", "--root", "/"];
        place.run_in("", &args).is_refused("overlay/file", "it is no file");
    }

    #[test]
    fn a_pipe_is_no_file() {
        let place = Place::with("resources: [pipe.yaml]\n");
        let made = std::process::Command::new("mkfifo").arg(place.path("mine/pipe.yaml")).status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: no pipe can be made here");
            return;
        }
        place.build().is_refused("overlay/file", "it is no file");
        place.overlay("mine", "");
        std::fs::remove_file(place.path("mine/overlay.yaml")).unwrap();
        std::fs::rename(place.path("mine/pipe.yaml"), place.path("mine/overlay.yaml")).unwrap();
        place.build().is_refused("overlay/file", "it is no file");
    }

    #[test]
    fn a_file_that_may_not_be_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = Place::with("resources: [extra.yaml]\n");
        place.write("mine/extra.yaml", OBJECT);
        let path = place.path("mine/extra.yaml");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
        if std::fs::read(&path).is_ok() {
            println!("skipped: whoever runs this may read everything");
            return;
        }
        place.build().is_refused("overlay/file", "Permission denied");
    }
}

#[test]
fn a_folder_is_no_file() {
    let place = Place::with("resources: [extra.yaml]\n");
    place.write("mine/extra.yaml/inner.yaml", OBJECT);
    place.build().is_refused("overlay/file", "it is no file");
    let place = Place::new("./mine");
    place.write("mine/overlay.yaml/inner.yaml", OBJECT);
    place.build().is_refused("overlay/file", "it is no file");
}

#[test]
fn two_mebibytes_are_too_much() {
    let much = "# no end\n".repeat((2 << 20) / 9);
    let place = Place::with("resources: [extra.yaml]\n");
    place.write("mine/extra.yaml", format!("{OBJECT}{much}"));
    place.build().is_refused("overlay/file", "at most 1048576 are read");
    let place = Place::new("./mine");
    place.write("mine/overlay.yaml", format!("{HEAD}{much}"));
    place.build().is_refused("overlay/file", "at most 1048576 are read");
}

#[test]
fn what_is_no_text_is_refused() {
    for bytes in [&b"\x7fELF\x02\x01\x01\x00\x00"[..], b"\xff\xfe\x00", b"\0\0\0\0", b"a: \x1b[2J"]
    {
        let place = Place::with("resources: [extra.yaml]\n");
        place.write("mine/extra.yaml", bytes);
        let run = place.build();
        assert_eq!(run.code, 1, "{bytes:?}: {}", run.stderr);
        assert!(!run.stderr.contains('\u{1b}'), "{bytes:?}: {}", run.stderr);
        let place = Place::new("./mine");
        place.write("mine/overlay.yaml", bytes);
        assert_eq!(place.build().code, 1, "{bytes:?}");
    }
}

#[test]
fn an_empty_file_is_refused() {
    for text in ["", "\n", "# nothing\n", "---\n", "--- \n---\n", "null\n"] {
        let place = Place::with("resources: [extra.yaml]\n");
        place.write("mine/extra.yaml", text);
        assert_eq!(place.build().code, 1, "{text:?}");
        let place = Place::new("./mine");
        place.write("mine/overlay.yaml", text);
        assert_eq!(place.build().code, 1, "{text:?}");
    }
}
