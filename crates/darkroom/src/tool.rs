//! The launcher of the programs that look at pictures: it limits itself, then becomes the program, so that what parses
//! hostile bytes is limited whoever wrote it. Counting faces needs no other program and ends here.

use std::{
    ffi::OsString,
    io::{Error, ErrorKind, Read, Write as _},
    os::unix::process::CommandExt as _,
    path::Path,
    process::Command,
};

use rustix::process::Resource;
use schoolgate_media::{faces::count_faces, from_pgm};

use crate::limits::{MB, limit_self};

/// The name of the picture that is converted, in the folder of the conversion.
pub(crate) const HEIF_INPUT: &str = "picture.heic";
/// And of what it becomes; of several pictures each has its number before the dot.
pub(crate) const HEIF_OUTPUT: &str = "picture.jpg";
/// Quality of the JPEG: the trace that it leaves is not seen.
const HEIF_QUALITY: &str = "95";

/// For reading words: tesseract takes about 300 MB for a picture of 4 megapixels.
const WORDS: [(Resource, u64); 5] = [
    (Resource::As, 1024 * MB),
    (Resource::Cpu, 30),
    (Resource::Fsize, 0),
    (Resource::Core, 0),
    (Resource::Nofile, 64),
];
/// For converting: libheif holds a 50-megapixel picture several times over, and reserves a stack for each thread.
const HEIF: [(Resource, u64); 5] = [
    (Resource::As, 1536 * MB),
    (Resource::Cpu, 30),
    (Resource::Fsize, 128 * MB),
    (Resource::Core, 0),
    (Resource::Nofile, 64),
];
/// For counting faces in a picture of 4 megapixels, by a detector that was not written for hostile ones.
const FACES: [(Resource, u64); 6] = [
    (Resource::As, 512 * MB),
    (Resource::Cpu, 10),
    (Resource::Fsize, 0),
    (Resource::Core, 0),
    (Resource::Nofile, 0),
    (Resource::Nproc, 0),
];
/// The largest grey picture that is read.
const MAX_PGM_BYTES: u64 = 64 * MB;

/// Becomes the program that the arguments name: `words PROGRAM MODE`, `heif PROGRAM FOLDER` or `faces`. Returns only when it
/// is done by itself or could not start.
///
/// # Errors
/// Arguments that are not known, limits that cannot be set, a program that does not start, a picture that is none.
pub fn run(arguments: &[OsString]) -> std::io::Result<()> {
    let unknown = || Error::from(ErrorKind::InvalidInput);
    let (kind, rest) = arguments.split_first().ok_or_else(unknown)?;
    match (kind.to_str(), rest) {
        (Some("words"), [program, mode]) => {
            limit_self(&WORDS)?;
            let mut command = bare(program);
            command.args(["stdin", "stdout", "-l", "eng", "--psm"]);
            Err(command
                .arg(mode)
                .arg("tsv")
                .env("OMP_THREAD_LIMIT", "1")
                .exec())
        }
        (Some("heif"), [program, folder]) => {
            limit_self(&HEIF)?;
            let files = ["-q", HEIF_QUALITY, HEIF_INPUT, HEIF_OUTPUT];
            let mut command = bare(program);
            // threads share their memory; each with its own would use up the address space
            command.args(files).env("MALLOC_ARENA_MAX", "1");
            Err(command.current_dir(Path::new(folder)).exec())
        }
        (Some("faces"), []) => {
            limit_self(&FACES)?;
            faces()
        }
        _ => Err(unknown()),
    }
}

/// A program without our environment.
fn bare(program: &OsString) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C");
    command
}

fn faces() -> std::io::Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_PGM_BYTES)
        .read_to_end(&mut bytes)?;
    let picture = from_pgm(&bytes).ok_or_else(|| Error::from(ErrorKind::InvalidData))?;
    let count = count_faces(&picture).map_err(Error::other)?;
    std::io::stdout().write_all(count.to_string().as_bytes())
}
