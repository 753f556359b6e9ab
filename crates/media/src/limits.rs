//! How much a picture may claim before it is refused. What happens after a refusal is the caller's business.

use crate::error::MediaError;

/// Bounds on one picture. [`Limits::default`] is meant for school photos from any current phone or camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes (50 MiB).
    pub max_bytes: u64,
    /// Most pixels, width times height (64 million: phones make 50).
    pub max_pixels: u64,
    /// Longest side, in pixels (20,000: wide panoramas).
    pub max_side: u32,
    /// Most JPEG segments or PNG chunks (20,000: a 50 MiB PNG in 8 KiB chunks has 6,400).
    pub max_segments: usize,
    /// Most pictures of an animation (1,000: half a minute at 30 a second).
    pub max_frames: usize,
    /// Most pixels of all pictures of an animation together (400 million: 500 of 1,000 by 800).
    pub max_total_pixels: u64,
    /// Most characters kept of one metadata value (20,000); a report keeps at most eight times as much in all.
    pub max_text_chars: usize,
    /// Most memory that decoding may need, in bytes (512 MiB).
    pub max_alloc_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 50 * 1024 * 1024,
            max_pixels: 64_000_000,
            max_side: 20_000,
            max_segments: 20_000,
            max_frames: 1_000,
            max_total_pixels: 400_000_000,
            max_text_chars: 20_000,
            max_alloc_bytes: 512 * 1024 * 1024,
        }
    }
}

impl Limits {
    pub(crate) fn check_bytes(&self, len: usize) -> Result<(), MediaError> {
        match len as u64 > self.max_bytes {
            true => Err(MediaError::TooLarge {
                what: "file size in bytes",
                limit: self.max_bytes,
            }),
            false => Ok(()),
        }
    }

    /// Checks the size a header claims, before anything is allocated for it.
    pub(crate) fn check_size(&self, width: u32, height: u32) -> Result<(), MediaError> {
        if width == 0 || height == 0 {
            return Err(MediaError::Malformed(
                "the picture says that it has no size",
            ));
        }
        if width.max(height) > self.max_side {
            return Err(MediaError::TooLarge {
                what: "longest side in pixels",
                limit: self.max_side.into(),
            });
        }
        if u64::from(width) * u64::from(height) > self.max_pixels {
            return Err(MediaError::TooLarge {
                what: "number of pixels",
                limit: self.max_pixels,
            });
        }
        Ok(())
    }

    /// Checks an animation: every picture of it costs a decoder the whole canvas.
    pub(crate) fn check_frames(
        &self,
        frames: usize,
        width: u32,
        height: u32,
    ) -> Result<(), MediaError> {
        if frames > self.max_frames {
            return Err(MediaError::TooLarge {
                what: "number of pictures in the animation",
                limit: self.max_frames as u64,
            });
        }
        let pixels = u64::from(width) * u64::from(height);
        if frames > 1 && pixels.saturating_mul(frames as u64) > self.max_total_pixels {
            return Err(MediaError::TooLarge {
                what: "number of pixels in all pictures of the animation",
                limit: self.max_total_pixels,
            });
        }
        Ok(())
    }

    pub(crate) fn check_alloc(&self, needed: u64) -> Result<(), MediaError> {
        match needed > self.max_alloc_bytes {
            true => Err(MediaError::TooLarge {
                what: "memory needed to open it, in bytes",
                limit: self.max_alloc_bytes,
            }),
            false => Ok(()),
        }
    }
}
