//! TIFF 6.0, BigTIFF and the camera raw formats built on them. A TIFF is a web of pointers into itself, so nothing of it is
//! carried over: the report lists what its directories say, and the clean copy is made from the pixels.

mod block;
mod clean;
mod fields;
mod inspect;
mod unusual;
mod walk;

pub(crate) use clean::{clean, decode};
pub(crate) use inspect::inspect;
