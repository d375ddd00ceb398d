//! What `--fail-on` refuses, and what somebody has accepted.

use super::complain;
use crate::args::{Args, Diff};
use crate::files::Files;
use crate::findings::report_all;
use crate::say;
use std::io;
use std::path::{Path, PathBuf};
use telemetree::diag::Diagnostics;
use telemetree::diff::acknowledge::{self, Acknowledgement, Standing};
use telemetree::diff::group::{Group, Review};
use telemetree::model::Word as _;
use telemetree::source::Sources;

/// The acknowledgements of a run, and the day for which they are judged.
pub struct Acknowledged {
    file: PathBuf,
    all: Vec<Acknowledgement>,
    today: String,
}

/// Reads the acknowledgements: the file that is named, which must be there, or the usual one, which need not.
pub fn read(command: &Diff) -> io::Result<Acknowledged> {
    let file = command.acknowledgements.clone();
    let is_named = file.is_some();
    let file = file.unwrap_or_else(|| command.filter.top().join(acknowledge::FILE));
    let today = match &command.today {
        Some(day) => day.to_string(),
        None => chrono::Utc::now().format("%Y-%m-%d").to_string(),
    };
    if !is_named && !Path::new(&file).is_file() {
        return Ok(Acknowledged { file, all: Vec::new(), today });
    }
    let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
    let text = Files::Disk.text(&file)?;
    let text = text.map_err(|diagnostic| io::Error::other(diagnostic.message))?;
    let name = file.to_string_lossy();
    let all = acknowledge::read(&name, &text, &mut sources, &mut diags);
    if report_all(&vec![(&diags, &sources)]) > 0 {
        return Err(io::Error::other(format!("{name} cannot be read")));
    }
    Ok(Acknowledged { file, all, today })
}

impl Acknowledged {
    /// Whether there are changes that are refused: of the class that the command names or a worse one, and
    /// accepted by nobody. Says which.
    pub fn judge(&self, command: &Diff, args: &Args, review: &Review) -> bool {
        let name = self.file.display();
        for unused in acknowledge::unused(review, &self.all) {
            say(args, &format!("{name}: change {} is not there any more", unused.change.value));
        }
        let mut refused = false;
        for group in &review.groups {
            let id = &group.id;
            let dangerous = command.fail_on.is_some_and(|class| group.class <= class.0);
            match acknowledge::standing(group, &self.all, &self.today) {
                Standing::Accepted(by) => {
                    say(
                        args,
                        &format!(
                            "change {id} is accepted until {}: {}",
                            by.until.value, by.why.value
                        ),
                    );
                }
                Standing::Outdated(by) if dangerous => {
                    refused = true;
                    complain(&outdated(group, by));
                }
                Standing::Open if dangerous => {
                    refused = true;
                    complain(&format!(
                        "change {id} is {}, and nobody has accepted it in {name}",
                        group.class
                    ));
                }
                Standing::Outdated(_) | Standing::Open => {}
            }
        }
        refused
    }
}

fn outdated(group: &Group, by: &Acknowledgement) -> String {
    let Group { id, class, .. } = group;
    let until = by.until.value.as_str();
    format!("change {id} is {class}; it was accepted as {} until {until}", by.class.value)
}
