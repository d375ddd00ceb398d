//! What acknowledgements say of a difference, in the words of all forms.

use super::words::counted;
use crate::diff::acknowledge::{Acknowledgement, Judged, Standing};
use crate::diff::risk::Class;
use crate::model::Word as _;

/// What an acknowledgement does, and the reason that somebody gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<'a> {
    /// In as few words as there can be: `accepted until 2026-12-31`.
    pub short: String,
    /// A sentence without its full stop.
    pub sentence: String,
    /// The reason, as it was written.
    pub why: &'a str,
}

/// What is said of a group; nothing if nobody has said anything.
pub fn said(standing: Standing<'_>) -> Option<Said<'_>> {
    let of = |by: &Acknowledgement| (by.class.value, by.until.value.to_string());
    let (by, short, sentence) = match standing {
        Standing::Open => return None,
        Standing::Accepted(by) => {
            let (class, until) = of(by);
            let short = format!("accepted until {until}");
            (by, short, format!("Accepted as {class} until {until}"))
        }
        Standing::Ended(by) => {
            let (class, until) = of(by);
            let sentence = format!("Not accepted any more: as {class} it was, until {until}");
            (by, "not accepted any more".to_owned(), sentence)
        }
        Standing::Milder(by) => {
            let (class, until) = of(by);
            let sentence =
                format!("Not accepted: only {class} was, which is milder, until {until}");
            (by, format!("not accepted, only {class} was"), sentence)
        }
    };
    Some(Said { short, sentence, why: by.why.value.as_str() })
}

/// How many groups are accepted and how many are no more, and the worst of those that are not; nothing if nobody
/// has said anything of any.
pub fn tally(judged: &Judged) -> Option<String> {
    let (mut accepted, mut ended, mut milder) = (0, 0, 0);
    let mut open: Option<Class> = None;
    for one in &judged.groups {
        match one.standing {
            Standing::Open => {}
            Standing::Accepted(_) => accepted += 1,
            Standing::Ended(_) => ended += 1,
            Standing::Milder(_) => milder += 1,
        }
        if !matches!(one.standing, Standing::Accepted(_)) {
            open = open.into_iter().chain([one.group.class]).min();
        }
    }
    if accepted + ended + milder == 0 {
        return None;
    }
    let groups = judged.groups.len();
    let mut parts = vec![format!("{accepted} of {} accepted", counted(groups, "group"))];
    parts.extend((ended > 0).then(|| format!("{ended} not any more")));
    parts.extend((milder > 0).then(|| format!("{milder} only as a milder class")));
    let open = open.map(|class| format!("; the worst that is not is {class}")).unwrap_or_default();
    Some(format!("{}{open}.", parts.join(", ")))
}

/// What is said of an acknowledgement of a change that is not there, after the change's name.
pub fn unused(one: &Acknowledgement) -> String {
    let (class, until) = (one.class.value, &one.until.value);
    format!("is acknowledged as {class} until {until}, and is not among these changes")
}
