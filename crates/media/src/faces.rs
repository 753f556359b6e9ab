//! Counts the faces that look into the camera. Whose they are is never asked, and nothing of a face is kept.
//!
//! The detector is not written for hostile pictures: whoever calls it does so in a process of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::GrayImage;
use image::imageops::{FilterType, resize};
use rustface::{ImageData, create_detector_with_model, read_model};

/// The detector's model, taken from its package when this crate is built.
static MODEL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/faces.bin"));

/// The longer side at which faces are looked for: on a photograph of a group of 30 at 1,700 pixels, none was found at 512.
const LONG_SIDE: u32 = 1024;
/// The smallest face that counts, in pixels of that size.
const SMALLEST: u32 = 20;
/// How sure the detector must be.
const SCORE: f64 = 2.0;
/// By how much each further look is smaller.
const STEP: f32 = 0.8;

/// Why faces could not be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FaceError {
    /// The model that came with this program cannot be read.
    #[error("the model cannot be read")]
    Model,
    /// The detector broke down on this picture.
    #[error("the detector broke down")]
    Broken,
}

/// Counts the frontal faces in an upright grey picture.
///
/// # Errors
///
/// [`FaceError`]; never "none" because something broke.
pub fn count_faces(picture: &GrayImage) -> Result<u32, FaceError> {
    let scaled = scaled(picture);
    // a window of the detector is 40 pixels a side
    if scaled.width().min(scaled.height()) < 40 {
        return Ok(0);
    }
    let counted = catch_unwind(AssertUnwindSafe(|| {
        let model = read_model(MODEL).map_err(|_| FaceError::Model)?;
        let mut detector = create_detector_with_model(model);
        detector.set_min_face_size(SMALLEST);
        detector.set_score_thresh(SCORE);
        detector.set_pyramid_scale_factor(STEP);
        let seen = ImageData::new(scaled.as_raw(), scaled.width(), scaled.height());
        Ok(detector.detect(&seen).len())
    }));
    let count = counted.unwrap_or(Err(FaceError::Broken))?;
    u32::try_from(count).map_err(|_| FaceError::Broken)
}

fn scaled(picture: &GrayImage) -> GrayImage {
    let (width, height) = picture.dimensions();
    let longer = width.max(height);
    if longer <= LONG_SIDE {
        return picture.clone();
    }
    let to = |side: u32| (side * LONG_SIDE / longer).max(1);
    resize(picture, to(width), to(height), FilterType::Triangle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_and_noisy_pictures_of_any_shape_have_no_faces() {
        for (width, height) in [(1, 1), (39, 400), (40, 40), (300, 41), (640, 480)] {
            let flat = GrayImage::from_pixel(width, height, image::Luma([128]));
            assert_eq!(count_faces(&flat), Ok(0), "{width} x {height}");
            let stripes = GrayImage::from_fn(width, height, |x, y| {
                image::Luma([((x * 7) ^ (y * 13)) as u8])
            });
            assert!(count_faces(&stripes).is_ok(), "{width} x {height}");
        }
    }

    #[test]
    fn a_face_that_is_drawn_is_counted() {
        let mut picture = GrayImage::from_pixel(400, 400, image::Luma([90]));
        let mut oval = |(cx, cy): (f32, f32), (rx, ry): (f32, f32), grey: u8| {
            for (x, y, pixel) in picture.enumerate_pixels_mut() {
                let (dx, dy) = ((x as f32 - cx) / rx, (y as f32 - cy) / ry);
                if dx * dx + dy * dy <= 1.0 {
                    pixel.0 = [grey];
                }
            }
        };
        oval((200.0, 190.0), (90.0, 115.0), 40);
        oval((200.0, 200.0), (75.0, 95.0), 200);
        for side in [-1.0, 1.0] {
            oval((200.0 + side * 32.0, 160.0), (20.0, 5.0), 60);
            oval((200.0 + side * 32.0, 180.0), (15.0, 9.0), 235);
            oval((200.0 + side * 32.0, 180.0), (8.0, 9.0), 30);
        }
        oval((200.0, 215.0), (12.0, 18.0), 170);
        oval((200.0, 228.0), (14.0, 5.0), 120);
        oval((200.0, 255.0), (30.0, 8.0), 80);
        let soft = image::imageops::blur(&picture, 2.0);
        assert_eq!(count_faces(&soft), Ok(1));
    }
}
