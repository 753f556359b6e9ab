//! Where known pictures are looked up: the pictures that a school never shows, and those that it took back. Which of them
//! a picture shows again is worked out in crate `media`.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use schoolgate_media::Likeness;
use schoolgate_model::{KnownPicture, LookFault, SchoolId};

/// What a list answers. `None`: the school has no such list, so nothing was looked for.
pub type Found = Option<Result<Vec<KnownPicture>, LookFault>>;

/// An answer on its way.
pub type Finding<'a> = Pin<Box<dyn Future<Output = Found> + Send + 'a>>;

/// A list of known pictures. It is asked anew for every picture, so that what is added counts at once.
pub trait Shelves: fmt::Debug + Send + Sync {
    /// Which listed pictures of `school` a picture shows again; `sha256` is of its bytes as they came. A list that cannot
    /// be read in full is a fault, unless what could be read has a match. Without a likeness, because the picture did not
    /// open, only the same bytes can be found; their absence is then [`LookFault::Unopened`].
    fn find<'a>(
        &'a self,
        school: &'a SchoolId,
        sha256: &'a str,
        likeness: Option<&'a Likeness>,
    ) -> Finding<'a>;
}

/// Asks every list. A match counts whatever happened to the other lists: it is reason enough to hold.
pub(crate) async fn find(
    shelves: &[Arc<dyn Shelves>],
    school: &SchoolId,
    sha256: &str,
    likeness: Option<&Likeness>,
) -> Found {
    let mut known: Option<Vec<KnownPicture>> = None;
    let mut fault = None;
    for shelf in shelves {
        match shelf.find(school, sha256, likeness).await {
            None => {}
            Some(Ok(found)) => known.get_or_insert_default().extend(found),
            Some(Err(found)) => fault = Some(found),
        }
    }
    match (known, fault) {
        (Some(known), _) if !known.is_empty() => Some(Ok(known)),
        (_, Some(fault)) => Some(Err(fault)),
        (known, None) => known.map(Ok),
    }
}

#[cfg(test)]
mod tests {
    use schoolgate_model::KnownList;

    use super::*;

    #[derive(Debug)]
    struct Says(Found);

    impl Shelves for Says {
        fn find<'a>(&'a self, _: &'a SchoolId, _: &'a str, _: Option<&'a Likeness>) -> Finding<'a> {
            Box::pin(async { self.0.clone() })
        }
    }

    #[tokio::test]
    async fn a_match_counts_whatever_happened_to_the_other_lists() {
        let known = KnownPicture {
            sha256: "00".into(),
            list: KnownList::Withdrawn,
            same_bytes: true,
            distance: None,
        };
        let fault = LookFault::Missing("the list".into());
        let (nothing, clear) = (None, Some(Ok(Vec::new())));
        let (there, broken) = (Some(Ok(vec![known])), Some(Err(fault)));
        for (says, answer) in [
            (vec![], &nothing),
            (vec![&nothing, &nothing], &nothing),
            (vec![&nothing, &clear], &clear),
            (vec![&broken, &clear], &broken),
            (vec![&clear, &broken], &broken),
            (vec![&there, &broken], &there),
            (vec![&broken, &nothing, &there], &there),
        ] {
            let shelves: Vec<Arc<dyn Shelves>> = says
                .into_iter()
                .map(|says| Arc::new(Says(says.clone())) as Arc<dyn Shelves>)
                .collect();
            let found = find(&shelves, &"a".into(), "00", None).await;
            assert_eq!(&found, answer);
        }
    }
}
