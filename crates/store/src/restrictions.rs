//! Who alone may see an item, over all its revisions: what was said in one is not unsaid by a comma in the next. The
//! caller has locked the item's head.

use schoolgate_policy::Restricted;
use sqlx::FromRow;

use crate::{
    StoreError,
    codes::Place,
    read::ItemRow,
    sql::work,
    tx::{Tx, args},
};

#[derive(FromRow)]
struct Mark {
    restricted: Option<String>,
}

/// The mark of all revisions that have a review.
pub(crate) async fn of_item(tx: &mut Tx, row: &ItemRow) -> Result<Option<Restricted>, StoreError> {
    let marks: Vec<Mark> = tx
        .all(
            &work::RESTRICTED_OF_ITEM,
            args![&row.school, &row.kind, &row.id],
        )
        .await?;
    let place = Place {
        table: "review",
        key: &row.key,
    };
    let mut only = None;
    for mark in marks {
        only = Restricted::and(only, place.restricted(mark.restricted.as_deref())?);
    }
    Ok(only)
}

/// Gives every revision the mark that one of them has got.
pub(crate) async fn spread(
    tx: &mut Tx,
    row: &ItemRow,
    only: Option<Restricted>,
) -> Result<(), StoreError> {
    if let Some(only) = only {
        tx.exec(
            &work::RESTRICT_ITEM,
            args![&row.school, &row.kind, &row.id, only.code()],
        )
        .await?;
    }
    Ok(())
}
