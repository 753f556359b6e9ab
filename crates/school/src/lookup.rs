//! Questions that doors and screens ask about the loaded schools.

use jiff::Timestamp;
use schoolgate_model::SchoolId;
use schoolgate_pipeline::Listed;

use crate::load::Schools;

impl Schools {
    /// The school that an item names, or the only one where it names none.
    pub fn resolve(&self, slug: Option<&str>) -> Option<SchoolId> {
        match slug {
            Some(slug) => {
                let slug = SchoolId::from(slug);
                self.get(&slug).map(|_| slug)
            }
            None => self.only().map(|snapshot| snapshot.school.clone()),
        }
    }

    /// One sentence for each list that a check needs and that is not there. Everything is held meanwhile.
    pub fn missing_lists(&self) -> Vec<String> {
        let mut missing = Vec::new();
        for (slug, snapshot) in &self.by_slug {
            if let Listed::Missing(what) = &snapshot.roster {
                missing.push(format!("{slug}: no {what}"));
            }
            if let Listed::Missing(what) = &snapshot.lexicon {
                missing.push(format!("{slug}: no {what}"));
            }
            if !snapshot.has_do_not_publish_list && matches!(snapshot.roster, Listed::Loaded(_)) {
                missing.push(format!("{slug}: no do-not-publish list"));
            }
        }
        missing
    }

    /// The schools whose pupil list is too old to check pictures against it, and why.
    pub fn stale_lists(&self, now: Timestamp) -> Vec<String> {
        let stale = self.by_slug.iter().filter_map(|(slug, snapshot)| {
            let why = snapshot.pictures.stale_list(now)?;
            Some(format!("{slug}: {why}; pictures are held"))
        });
        stale.collect()
    }
}
