//! Hosts inside of the cluster, in any text: `<service>.<namespace>.svc`, with or without what follows.

use std::ops::Range;

/// A Service that a text names by its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host<'a> {
    /// The Service.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// Where the name stands.
    pub at: Range<usize>,
}

/// The Services that a text names by their hosts. What a template or a variable makes is passed over.
pub fn hosts(text: &str) -> Vec<Host<'_>> {
    if !text.contains(".svc") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(|c: char| !is_of_host(c)) {
        let host = word.trim_end_matches(|c: char| !is_of_host(c));
        let follows = word.chars().last().filter(|last| !is_of_host(*last));
        let before = text.get(..start).and_then(|before| before.chars().last());
        let is_whole = |next: Option<char>| !next.is_some_and(|c| "{}$%<>*".contains(c));
        if is_whole(before) && is_whole(follows) {
            found.extend(host_in(host, start));
        }
        start += word.len();
    }
    found
}

fn is_of_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._".contains(c)
}

/// The two labels before `svc`: those of single pods and of SRV records stand in front of them.
fn host_in(host: &str, start: usize) -> Option<Host<'_>> {
    let (before, after) = host.split_once(".svc")?;
    if !(after.is_empty() || after.starts_with('.')) {
        return None;
    }
    let (rest, namespace) = before.rsplit_once('.')?;
    let name = rest.rsplit('.').next()?;
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_label = |label: &str| !label.is_empty() && label.chars().all(is_letter);
    let at = start + rest.len() - name.len();
    (is_label(name) && is_label(namespace)).then(|| Host {
        name,
        namespace,
        at: at..at + name.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, &str)> {
        hosts(text)
            .into_iter()
            .inspect(|host| assert_eq!(text.get(host.at.clone()), Some(host.name), "{text}"))
            .map(|host| (host.name, host.namespace))
            .collect()
    }

    #[test]
    fn services_are_found_by_their_hosts_wherever_they_stand() {
        let one = vec![("mimir-gateway", "mimir")];
        assert_eq!(found("http://mimir-gateway.mimir.svc.cluster.local/prometheus"), one);
        assert_eq!(found("wget -qO- mimir-gateway.mimir.svc:80"), one);
        assert_eq!(found("user:word@mimir-gateway.mimir.svc."), one);
        assert_eq!(found("dnssrv+_grpc._tcp.mimir-gateway.mimir.svc.cluster.local"), one);
        assert_eq!(found("mimir-gateway-0.mimir-gateway.mimir.svc"), one);
        assert_eq!(found("a.b.svc,c.d.svc.cluster.local"), [("a", "b"), ("c", "d")]);
    }

    #[test]
    fn what_is_no_host_of_a_service_or_not_wholly_written_is_passed_over() {
        for text in [
            "mimir.svc",
            "a.b.svcs",
            "http://{{ .Release.Name }}-gateway.mimir.svc",
            "http://${NAME}.mimir.svc",
            "http://x.{{ .Release.Namespace }}.svc",
            "http://$host.mimir.svc",
            "loki.source",
            "*.mimir.svc",
            "myGateway.mimir.svc",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
