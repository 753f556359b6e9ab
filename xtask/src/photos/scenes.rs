//! Which scene a photo shows, and the finish of a camera over it. The drawings are in the modules below this one.

mod flat;
mod outings;
mod quiet;
mod rooms;
mod sport;
mod stage;
mod tables;

use super::draw::{Canvas, Dice};
use super::list::Photo;
use anyhow::{Result, bail};

/// Draws a photo's scene. A `flat` picture gets no grain: it is a drawing or a scan, and PNG would store every grain.
///
/// # Errors
/// When there is no such scene.
pub fn draw(photo: &Photo, flat: bool) -> Result<Vec<u8>> {
    let mut canvas = Canvas::new(photo.width, photo.height);
    let mut dice = Dice::new(photo.seed);
    let scene = match photo.scene.as_str() {
        "relay" => sport::relay,
        "finish" => sport::finish,
        "football" => sport::football,
        "choir" => stage::choir,
        "panto" => stage::panto,
        "cakes" => tables::cakes,
        "harvest" => tables::harvest,
        "display" => rooms::display,
        "science" => rooms::science,
        "library" => rooms::library,
        "wellies" => quiet::wellies,
        "art" => flat::art,
        "crest" => flat::crest,
        "playground" => outings::playground,
        "school" => flat::school,
        "coach" => outings::coach,
        "garden" => outings::garden,
        "poppies" => quiet::poppies,
        other => bail!("{}: no scene called {other}", photo.file),
    };
    scene(&mut canvas, &mut dice);
    if !flat {
        canvas.photograph(photo.seed, 1.9);
    }
    Ok(canvas.into_rgb())
}
