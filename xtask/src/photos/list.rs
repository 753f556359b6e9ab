//! The list of demo photos as written in `fixtures/demo/photos.toml`. Unknown keys are errors.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use toml::value::{Datetime, Offset};

/// The whole list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Kinds of camera the photos name.
    pub camera: Vec<Camera>,
    /// The photos, in the order of writing.
    pub photo: Vec<Photo>,
}

impl List {
    /// The camera a photo was taken with; none for a picture that no camera took.
    ///
    /// # Errors
    /// When the photo names a camera that the list does not describe.
    pub fn camera_of(&self, photo: &Photo) -> Result<Option<&Camera>> {
        if photo.camera == "none" {
            return Ok(None);
        }
        let found = self
            .camera
            .iter()
            .find(|camera| camera.name == photo.camera);
        found
            .map(Some)
            .with_context(|| format!("{}: unknown camera {}", photo.file, photo.camera))
    }
}

/// An invented make and model, and how such a device writes its metadata.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    /// Name used by the photos.
    pub name: String,
    /// Manufacturer.
    pub make: String,
    /// Model.
    pub model: String,
    /// Lens model.
    pub lens: String,
    /// Firmware, unless the photo names other software.
    pub software: String,
    /// Byte order of the EXIF block.
    pub big_endian: bool,
    /// Aperture in tenths.
    pub f_number_tenths: u32,
    /// Focal length in tenths of a millimetre.
    pub focal_tenths: u32,
}

/// A place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gps {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Height above the sea in tenths of a metre.
    #[serde(default)]
    pub altitude_decimetres: u32,
}

/// Bytes behind the end of the picture.
#[derive(Deserialize, Clone)]
#[serde(rename_all = "snake_case")]
pub enum Trailer {
    /// Text as it stands.
    Text(String),
    /// A stub of a phone's short film, tagged with a place in ISO 6709 form.
    Clip(String),
}

/// One photo.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Photo {
    /// File name; the ending decides the format.
    pub file: String,
    /// What is drawn.
    pub scene: String,
    /// Width in pixels as seen, after the orientation tag is applied.
    pub width: u32,
    /// Height in pixels as seen.
    pub height: u32,
    /// Start of the dice for the scene and its grain.
    pub seed: u64,
    /// JPEG quality, 1 to 100.
    #[serde(default = "usual_quality")]
    pub quality: u8,
    /// Camera by name, or "none".
    pub camera: String,
    /// Local time with offset.
    pub taken_at: Option<Taken>,
    /// EXIF orientation, 1 to 8.
    #[serde(default = "upright")]
    pub orientation: u8,
    /// Whether EXIF carries a small copy.
    #[serde(default)]
    pub thumbnail: bool,
    /// Where it was taken.
    pub gps: Option<Gps>,
    /// Serial number of the device.
    pub body_serial: Option<String>,
    /// Serial number of the lens.
    pub lens_serial: Option<String>,
    /// Registered owner of the device.
    pub owner: Option<String>,
    /// Photographer.
    pub artist: Option<String>,
    /// Copyright line.
    pub copyright: Option<String>,
    /// EXIF description.
    pub description: Option<String>,
    /// EXIF user comment.
    pub user_comment: Option<String>,
    /// Author as a desktop file manager writes it.
    pub xp_author: Option<String>,
    /// Comment as a desktop file manager writes it.
    pub xp_comment: Option<String>,
    /// Program that wrote the file last.
    pub software: Option<String>,
    /// Text of a JPEG comment segment.
    pub jpeg_comment: Option<String>,
    /// Creator in XMP.
    pub xmp_creator: Option<String>,
    /// Person shown, in XMP.
    pub xmp_person: Option<String>,
    /// PNG text chunks as pairs of keyword and text.
    #[serde(default)]
    pub png_text: Vec<(String, String)>,
    /// What follows the end of the picture.
    pub trailer: Option<Trailer>,
    /// What the maker's private block holds besides.
    #[serde(skip)]
    pub note: Vec<u8>,
}

fn usual_quality() -> u8 {
    76
}

fn upright() -> u8 {
    1
}

/// A local time with its offset from UTC.
#[derive(Deserialize)]
#[serde(try_from = "Datetime")]
pub struct Taken {
    date: (u16, u8, u8),
    time: (u8, u8, u8),
    offset_minutes: i16,
}

impl TryFrom<Datetime> for Taken {
    type Error = anyhow::Error;

    fn try_from(value: Datetime) -> Result<Self> {
        let (Some(date), Some(time), Some(offset)) = (value.date, value.time, value.offset) else {
            bail!("taken_at needs a date, a time and an offset");
        };
        let offset_minutes = match offset {
            Offset::Z => 0,
            Offset::Custom { minutes } => minutes,
        };
        Ok(Taken {
            date: (date.year, date.month, date.day),
            time: (time.hour, time.minute, time.second.unwrap_or(0)),
            offset_minutes,
        })
    }
}

impl Taken {
    /// `YYYY:MM:DD HH:MM:SS` in local time, as EXIF writes it.
    pub fn exif(&self) -> String {
        let (h, m, s) = self.time;
        format!("{} {h:02}:{m:02}:{s:02}", self.gps_date())
    }

    /// `+HH:MM`.
    pub fn offset(&self) -> String {
        let minutes = self.offset_minutes.abs();
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// `YYYY:MM:DD`.
    pub fn gps_date(&self) -> String {
        let (y, m, d) = self.date;
        format!("{y:04}:{m:02}:{d:02}")
    }

    /// Hour, minute and second in UTC.
    ///
    /// # Errors
    /// When UTC has another date: the list has no such photo, and GPS tags would need the other day.
    pub fn utc_time(&self) -> Result<(u32, u32, u32)> {
        let (h, m, s) = self.time;
        let minutes = i32::from(h) * 60 + i32::from(m) - i32::from(self.offset_minutes);
        let minutes = u32::try_from(minutes)
            .ok()
            .filter(|minutes| *minutes < 1440)
            .context("the UTC date differs from the local one")?;
        Ok((minutes / 60, minutes % 60, s.into()))
    }
}
