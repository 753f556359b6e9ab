//! An item's words as prepared surfaces, cut to the screened length. Says what was cut.

use schoolgate_model::{Item, ItemKind, MediaFacts, MediaId, MediaRef, MediaSource, Surface};
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
    /// Prepares the texts of the item and those found inside its pictures, the body first, until the item's limit is
    /// reached. What is beyond it is not even looked at, so an item of any size costs the same.
    pub fn of(item: &Item, facts: &MediaFacts) -> Self {
        let mut reader = Reader {
            surfaces: Self::default(),
            left: Item::MAX_TOTAL_CHARS,
        };
        reader.add(Surface::Text, None, &item.content.text);
        if item.envelope.kind == ItemKind::Comment
            && let Some(name) = &item.envelope.author.name
        {
            reader.add(Surface::Author, None, name.expose());
        }
        let media = || item.content.media.iter().take(Item::MAX_MEDIA);
        for medium in media() {
            reader.add_medium(medium);
        }
        let links = &item.content.links;
        if links.len() > MAX_LINKS {
            reader.cut(format!("only the first {MAX_LINKS} links were read"));
        }
        for link in links.iter().take(MAX_LINKS) {
            reader.add(Surface::Link, None, link);
        }
        for medium in media() {
            reader.add_words(&medium.id, facts);
        }
        for medium in media() {
            reader.add_metadata(&medium.id, facts);
        }
        reader.surfaces
    }
}

/// Surfaces in the making.
struct Reader {
    surfaces: Surfaces,
    /// How many more characters of this item are read.
    left: usize,
}

impl Reader {
    fn add_medium(&mut self, medium: &MediaRef) {
        let id = Some(&medium.id);
        for (surface, text) in [
            (Surface::Alt, &medium.alt),
            (Surface::Caption, &medium.caption),
            (Surface::Filename, &medium.filename),
            // where a caption's places are told, a caption stands; an album is one of the details around the picture
            (Surface::Metadata, &medium.album),
        ] {
            if let Some(text) = text {
                self.add(surface, id, text.expose());
            }
        }
        let lent = match &medium.source {
            MediaSource::Path(path) => path.rsplit(['/', '\\']).next(),
            MediaSource::Url(address) => last_segment(address),
            _ => None,
        };
        if let (None, Some(name)) = (&medium.filename, lent) {
            self.add(Surface::Filename, id, name);
        }
    }

    /// The words in the picture itself.
    fn add_words(&mut self, id: &MediaId, facts: &MediaFacts) {
        let Some(Ok(read)) = facts.of(id).map(|facts| &facts.read) else {
            return;
        };
        if let Some(Ok(words)) = &read.looks.words {
            self.add(Surface::Ocr, Some(id), words.text.expose());
        }
    }

    fn add_metadata(&mut self, id: &MediaId, facts: &MediaFacts) {
        let Some(Ok(read)) = facts.of(id).map(|facts| &facts.read) else {
            return;
        };
        let mut texts = read
            .metadata
            .iter()
            .filter_map(|fact| fact.text.as_ref())
            .take(MAX_METADATA_TEXTS + 1);
        for text in texts.by_ref().take(MAX_METADATA_TEXTS) {
            self.add(Surface::Metadata, Some(id), text.expose());
        }
        if texts.next().is_some() {
            self.cut(format!(
                "only the first {MAX_METADATA_TEXTS} texts inside a picture were read"
            ));
        }
    }

    fn add(&mut self, surface: Surface, media: Option<&MediaId>, text: &str) {
        let limit = Item::MAX_TEXT_CHARS.min(self.left);
        let (read, count) = first_chars(text, limit);
        if read.len() < text.len() {
            self.cut(if limit == Item::MAX_TEXT_CHARS {
                format!(
                    "{} is longer than {limit} characters; only the first {limit} were read",
                    surface.plain()
                )
            } else {
                format!(
                    "the item's texts are longer than {} characters together; {} was not read to the end",
                    Item::MAX_TOTAL_CHARS,
                    surface.plain()
                )
            });
        }
        if read.is_empty() && !text.is_empty() {
            return;
        }
        self.left -= count;
        let text = SurfaceText::new(surface, media.cloned(), read);
        self.surfaces.texts.push(text);
    }

    /// Says what was cut, once: a hundred links beyond the limit are one thing to know.
    fn cut(&mut self, what: String) {
        if !self.surfaces.cut.contains(&what) {
            self.surfaces.cut.push(what);
        }
    }
}

/// The file name at the end of a web address.
fn last_segment(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let path = rest.split(['?', '#']).next()?;
    let (_, name) = path.rsplit_once('/')?;
    Some(name).filter(|name| !name.is_empty())
}

/// The first characters of a text, at most `limit`, and how many they are. Reads no further than that.
fn first_chars(text: &str, limit: usize) -> (&str, usize) {
    if text.len() <= limit {
        return (text, text.chars().count());
    }
    let mut count = 0;
    for (byte, _) in text.char_indices() {
        if count == limit {
            return (&text[..byte], count);
        }
        count += 1;
    }
    (text, count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use schoolgate_model::{
        Looks, MediumFacts, MediumFault, PictureWords, ReadMedium, Redacted, SchoolId,
        wire::parse_submission,
    };

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
    fn a_web_address_lends_the_name_at_its_end() {
        let names = |address: &str| {
            let json = format!(
                r#"{{"id":"d","kind":"draft","text":"Hi","media":[{{"url":"{address}"}}]}}"#
            );
            let read = surfaces(&json).texts.into_iter();
            read.filter(|t| t.surface() == Surface::Filename)
                .map(|t| t.original().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names("https://a.example/b/oliver.jpg?x=/y#z"),
            ["oliver.jpg"]
        );
        assert!(names("https://a.example").is_empty());
        assert!(names("https://a.example/").is_empty());
    }

    #[test]
    fn an_album_and_the_words_in_a_picture_are_surfaces_of_it() {
        let json =
            r#"{"id":"d","kind":"draft","text":"Hi","media":[{"data":"","album":"Spring"}]}"#;
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let item =
            parse_submission(json.as_bytes())
                .unwrap()
                .into_item(SchoolId::from("s"), 1, now);
        let read = ReadMedium {
            format: "png".into(),
            width: 1,
            height: 1,
            sha256: String::new(),
            metadata: Vec::new(),
            text_cut: false,
            unreadable: false,
            clean: Err(MediumFault::NotFound),
            moving: false,
            looks: Looks {
                words: Some(Ok(PictureWords {
                    text: Redacted::new("Exit".to_owned()),
                    cut: false,
                })),
                ..Looks::default()
            },
        };
        let facts = MediaFacts {
            media: vec![MediumFacts {
                id: "m1".into(),
                read: Ok(read),
            }],
        };
        let found: Vec<_> = Surfaces::of(&item, &facts)
            .texts
            .iter()
            .map(|text| (text.surface(), text.original().to_owned()))
            .collect();
        assert!(found.contains(&(Surface::Metadata, "Spring".to_owned())));
        assert!(found.contains(&(Surface::Ocr, "Exit".to_owned())));
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

    #[test]
    fn all_texts_together_are_cut_at_the_items_limit_with_the_body_first() {
        let long = "é".repeat(30_000);
        let medium = |n| format!(r#"{{"path":"{n}.jpg","alt":"{long}","caption":"{long}"}}"#);
        let media: Vec<_> = (0..3).map(medium).collect();
        let read = surfaces(&format!(
            r#"{{"id":"d","kind":"draft","text":"{long}","links":["https://a.example/"],"media":[{}]}}"#,
            media.join(",")
        ));
        let total: usize = read.texts.iter().map(SurfaceText::char_count).sum();
        assert_eq!(total, Item::MAX_TOTAL_CHARS);
        assert_eq!(read.texts[0].surface(), Surface::Text);
        assert_eq!(read.texts[0].char_count(), Item::MAX_TEXT_CHARS);
        assert!(
            read.texts
                .iter()
                .all(|text| text.surface() != Surface::Link),
            "what stands with the pictures goes before the links"
        );
        assert!(
            read.cut
                .contains(&"the item's texts are longer than 100000 characters together; a link was not read to the end".to_owned()),
            "{:?}",
            read.cut
        );
        assert!(read.cut.len() < 10, "the same thing is said once");
    }

    #[test]
    fn an_item_that_just_fills_the_limit_is_read_whole() {
        let media: Vec<_> = (0..4)
            .map(|_| format!(r#"{{"alt":"{}"}}"#, "a".repeat(Item::MAX_TEXT_CHARS)))
            .collect();
        let read = surfaces(&format!(
            r#"{{"id":"d","kind":"draft","text":"{}","media":[{}]}}"#,
            "b".repeat(Item::MAX_TEXT_CHARS),
            media.join(",")
        ));
        assert_eq!((read.texts.len(), read.cut.len()), (5, 0));
    }
}
