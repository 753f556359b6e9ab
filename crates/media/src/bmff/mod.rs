//! ISO base media files (ISO/IEC 14496-12): HEIC, HEIF and AVIF pictures, MP4, MOV and 3GP films, and the JUMBF boxes of
//! content credentials wherever they stand. Reads and reports; cleaning is done on what a decoder makes of a picture, and
//! films are not cleaned.

mod boxes;
mod file;
mod gopro;
mod items;
mod jumbf;
mod names;
mod picture;
mod plain;
mod tracks;
mod trailer;
mod tree;
mod user;
mod values;
mod xml;
mod xtra;

pub(crate) use file::{inspect, why_not_clean};
pub(crate) use jumbf::{report_app11, report_jumbf};
pub(crate) use trailer::report_films;
