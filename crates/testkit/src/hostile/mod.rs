//! Pictures made to do harm: lies about size, torn files, bombs, loops, files of two formats at once, formats in
//! disguise. The same files every time; none of them may be published, and none may bring a reader down.

mod boxes;
mod disguise;
mod gif;
mod jpeg;
mod png;
mod seeds;
mod tiff;
mod webp;

pub use seeds::{Seed, seeds};

/// One file of the corpus.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// What is wrong with it, in kebab case, with the format in front.
    pub name: String,
    /// The file name's ending; the name itself is `name.ending`.
    pub ending: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Hostile {
    pub(crate) fn new(
        name: impl Into<String>,
        ending: &'static str,
        bytes: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            name: name.into(),
            ending,
            bytes: bytes.into(),
        }
    }

    /// The whole file name.
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.name, self.ending)
    }
}

/// Every hostile file.
///
/// # Errors
/// When a sound picture to start from cannot be encoded.
pub fn corpus() -> anyhow::Result<Vec<Hostile>> {
    let mut corpus = Vec::new();
    corpus.extend(jpeg::hostile()?);
    corpus.extend(png::hostile()?);
    corpus.extend(webp::hostile()?);
    corpus.extend(gif::hostile()?);
    corpus.extend(tiff::hostile()?);
    corpus.extend(boxes::hostile());
    corpus.extend(disguise::hostile()?);
    Ok(corpus)
}

/// The file cut off at each of these shares of its length, in percent.
pub(crate) fn torn(
    name: &str,
    ending: &'static str,
    bytes: &[u8],
    shares: &[usize],
) -> Vec<Hostile> {
    shares
        .iter()
        .map(|share| {
            let length = bytes.len() * share / 100;
            Hostile::new(
                format!("{name}-torn-at-{share}-percent"),
                ending,
                &bytes[..length],
            )
        })
        .collect()
}

/// Where `part` first stands in `bytes`.
pub(crate) fn at(bytes: &[u8], part: &[u8]) -> anyhow::Result<usize> {
    bytes
        .windows(part.len())
        .position(|window| window == part)
        .ok_or_else(|| anyhow::anyhow!("the encoder wrote no {part:02X?}"))
}

/// `bytes` with `part` put in the place of what stands at `at`.
pub(crate) fn patched(bytes: &[u8], at: usize, part: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out[at..at + part.len()].copy_from_slice(part);
    out
}
