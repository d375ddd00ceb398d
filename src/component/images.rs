//! The images of the pinned charts, and the values that set them.
//!
//! Source: the charts' templates, rendered with every golden tree: these are all the images that the
//! trees run. A registry alone leaves the chart's own tag.

use super::ComponentId;

/// An image of a chart.
#[derive(Debug, Clone, Copy)]
pub struct ChartImage {
    /// The chart's component.
    pub component: ComponentId,
    /// The image's full name, without tag.
    pub name: &'static str,
    /// The place of its values.
    pub at: &'static [&'static str],
    /// How they name it.
    pub form: ImageForm,
}

/// How a chart's values name an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageForm {
    /// By `registry` and `repository`, with a `tag` and a digest.
    Parts(DigestForm),
    /// By `repository`, registry included, with a `tag` and a digest.
    Whole(DigestForm),
}

/// How a chart's values name a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestForm {
    /// As `digest`.
    Digest,
    /// As `sha`, in hexadecimal alone.
    Sha,
    /// Behind the tag.
    InTag,
}

const fn image(
    component: ComponentId,
    name: &'static str,
    at: &'static [&'static str],
    form: ImageForm,
) -> ChartImage {
    ChartImage { component, name, at, form }
}

/// All of them.
pub static IMAGES: [ChartImage; 9] = {
    use ComponentId::{Alloy, Grafana, Loki, Mimir};
    use DigestForm::{Digest, InTag, Sha};
    use ImageForm::{Parts, Whole};
    const RELOADER: &str = "quay.io/prometheus-operator/prometheus-config-reloader";
    const NGINX: &str = "docker.io/nginxinc/nginx-unprivileged";
    [
        image(Alloy, "docker.io/grafana/alloy", &["image"], Parts(Digest)),
        image(Alloy, RELOADER, &["configReloader", "image"], Parts(Digest)),
        image(Loki, "docker.io/grafana/loki", &["loki", "image"], Parts(Digest)),
        image(Loki, NGINX, &["gateway", "image"], Parts(Digest)),
        image(Loki, "docker.io/library/memcached", &["memcached", "image"], Parts(Digest)),
        image(
            Loki,
            "docker.io/prom/memcached-exporter",
            &["memcachedExporter", "image"],
            Parts(Digest),
        ),
        image(Grafana, "docker.io/grafana/grafana", &["image"], Parts(Sha)),
        image(Mimir, "docker.io/grafana/mimir", &["image"], Whole(InTag)),
        image(Mimir, NGINX, &["gateway", "nginx", "image"], Parts(InTag)),
    ]
};
