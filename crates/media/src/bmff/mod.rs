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

pub(crate) use file::inspect;
#[expect(
    unused_imports,
    reason = "offered to the readers of JPEG and PNG, which call them for APP11, caBX and trailers"
)]
pub(crate) use {jumbf::report_jumbf, trailer::report_trailer};
