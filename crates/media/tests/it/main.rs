//! Tests of the crate as its callers see it: reports of pictures built by hand, clean copies, hostile bytes.
//! Every name and number in them is invented.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot build its picture fails the test, which is what the tests want"
)]

mod boxes;
mod classes;
mod clean_jpeg;
mod clean_png;
mod gif;
mod hostile;
mod hostile_bmff;
mod judge;
mod judge_bmff;
mod judged;
mod moving_png;
mod odd_jpeg;
mod pictures;
mod properties;
mod report_bmff;
mod report_exif;
mod report_jpeg;
mod report_other;
mod tiff;
mod webp;
