//! An item's words as prepared surfaces, cut to the screened length. Says what was cut.

use schoolgate_model::{Item, ItemKind, MediaFacts, MediaId, MediaSource, Surface};
use schoolgate_scan::SurfaceText;

/// How many metadata texts of one picture are read; a picture with more is reported as incomplete.
const MAX_METADATA_TEXTS: usize = 200;
/// How many listed links are read.
const MAX_LINKS: usize = 200;

/// All texts of an item, and what was beyond the limits.
#[derive(Debug, Default)]
pub struct Surfaces {
    /// Prepared texts.
    pub texts: Vec<SurfaceText>,
    /// One sentence for each thing that was cut.
    pub cut: Vec<String>,
}

impl Surfaces {
    /// Prepares every text of the item and the texts found inside its pictures.
    pub fn of(item: &Item, facts: &MediaFacts) -> Self {
        let mut surfaces = Self::default();
        surfaces.add(Surface::Text, None, &item.content.text);
        if item.envelope.kind == ItemKind::Comment
            && let Some(name) = &item.envelope.author.name
        {
            surfaces.add(Surface::Author, None, name.expose());
        }
        if item.content.links.len() > MAX_LINKS {
            surfaces
                .cut
                .push(format!("only the first {MAX_LINKS} links were read"));
        }
        for link in item.content.links.iter().take(MAX_LINKS) {
            surfaces.add(Surface::Link, None, link);
        }
        for medium in item.content.media.iter().take(Item::MAX_MEDIA) {
            let mut field = |surface, text: &Option<schoolgate_model::Redacted<String>>| {
                if let Some(text) = text {
                    surfaces.add(surface, Some(&medium.id), text.expose());
                }
            };
            field(Surface::Alt, &medium.alt);
            field(Surface::Caption, &medium.caption);
            match (&medium.filename, &medium.source) {
                (Some(_), _) => field(Surface::Filename, &medium.filename),
                (None, MediaSource::Path(path)) => {
                    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
                    surfaces.add(Surface::Filename, Some(&medium.id), name);
                }
                (None, _) => {}
            }
            surfaces.add_metadata(&medium.id, facts);
        }
        surfaces
    }

    fn add_metadata(&mut self, id: &MediaId, facts: &MediaFacts) {
        let Some(Ok(read)) = facts.of(id).map(|facts| &facts.read) else {
            return;
        };
        let texts: Vec<_> = read
            .metadata
            .iter()
            .filter_map(|fact| fact.text.as_ref())
            .collect();
        if texts.len() > MAX_METADATA_TEXTS {
            self.cut.push(format!(
                "only the first {MAX_METADATA_TEXTS} texts inside a picture were read"
            ));
        }
        for text in texts.into_iter().take(MAX_METADATA_TEXTS) {
            self.add(Surface::Metadata, Some(id), text.expose());
        }
    }

    fn add(&mut self, surface: Surface, media: Option<&MediaId>, text: &str) {
        let cut = text
            .char_indices()
            .nth(Item::MAX_TEXT_CHARS)
            .map(|(byte, _)| byte);
        if cut.is_some() {
            self.cut.push(format!(
                "{} is longer than {} characters; only the first {} were read",
                surface.plain(),
                Item::MAX_TEXT_CHARS,
                Item::MAX_TEXT_CHARS
            ));
        }
        self.texts.push(SurfaceText::new(
            surface,
            media.cloned(),
            &text[..cut.unwrap_or(text.len())],
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schoolgate_model::{SchoolId, wire::parse_submission};

    fn surfaces(json: &str) -> Surfaces {
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let item =
            parse_submission(json.as_bytes())
                .unwrap()
                .into_item(SchoolId::from("s"), 1, now);
        Surfaces::of(&item, &MediaFacts::default())
    }

    #[test]
    fn a_path_lends_its_file_name_where_none_is_given() {
        let read = surfaces(
            r#"{"id":"d","kind":"draft","text":"Hi","media":[{"path":"a/b/oliver.jpg"}]}"#,
        );
        let names: Vec<_> = read
            .texts
            .iter()
            .filter(|t| t.surface() == Surface::Filename)
            .map(|t| t.original())
            .collect();
        assert_eq!(names, ["oliver.jpg"]);
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let read = surfaces(&format!(
            r#"{{"id":"d","kind":"draft","text":"{}"}}"#,
            "é".repeat(20_001)
        ));
        assert_eq!(read.texts[0].char_count(), 20_000);
        assert_eq!(read.cut.len(), 1);
    }
}
