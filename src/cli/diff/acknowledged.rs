//! What `--fail-on` refuses, and what somebody has accepted.

use super::complain;
use crate::args::{Args, Diff, DiffFormat};
use crate::files::Files;
use crate::findings::report_all;
use crate::say;
use std::io;
use std::path::{Path, PathBuf};
use telemetree::diag::Diagnostics;
use telemetree::diff::acknowledge::{self, Acknowledgement, Judged, JudgedGroup, Standing};
use telemetree::diff::group::Review;
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
    /// A review with what is accepted of it. Where only some workloads were compared, a change that is not
    /// there may be one of the others'.
    pub fn judge<'a>(&'a self, command: &Diff, review: &'a Review) -> Judged<'a> {
        let mut judged = Judged::of(review, &self.all, &self.today);
        if command.is_of_some() {
            judged.unused.clear();
        }
        judged
    }

    /// Whether there are changes that are refused: of the class that the command names or a worse one, and
    /// accepted by nobody. Says which; and what is accepted, unless whoever reads this has just read it.
    pub fn refuses(&self, command: &Diff, args: &Args, judged: &Judged) -> bool {
        if command.format != DiffFormat::Human {
            self.note(args, judged);
        }
        let is_dangerous =
            |one: &&JudgedGroup| command.fail_on.is_some_and(|class| one.group.class <= class.0);
        let refusals: Vec<String> =
            judged.groups.iter().filter(is_dangerous).filter_map(|one| self.refusal(one)).collect();
        refusals.iter().for_each(|refusal| complain(refusal));
        !refusals.is_empty()
    }

    /// What is accepted, and what is no longer there to be.
    fn note(&self, args: &Args, judged: &Judged) {
        for JudgedGroup { group, standing } in &judged.groups {
            if let Standing::Accepted(by) = standing {
                let (until, why) = (&by.until.value, &by.why.value);
                say(args, &format!("change {} is accepted until {until}: {why}", group.id));
            }
        }
        for unused in &judged.unused {
            let (name, change) = (self.file.display(), &unused.change.value);
            say(args, &format!("{name}: change {change} is not there any more"));
        }
    }

    /// Why a change is refused, unless it is accepted.
    fn refusal(&self, JudgedGroup { group, standing }: &JudgedGroup) -> Option<String> {
        let (id, class, name) = (&group.id, group.class, self.file.display());
        match standing {
            Standing::Accepted(_) => None,
            Standing::Open => {
                Some(format!("change {id} is {class}, and nobody has accepted it in {name}"))
            }
            Standing::Ended(by) | Standing::Milder(by) => {
                let (was, until) = (by.class.value, &by.until.value);
                Some(format!("change {id} is {class}; it was accepted as {was} until {until}"))
            }
        }
    }
}
