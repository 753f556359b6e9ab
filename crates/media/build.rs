//! Finds the model for counting faces. It lies in rustface's own package, which does not hand it out.

use std::error::Error;
use std::panic::{catch_unwind, set_hook, take_hook};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

const MODEL: &str = "model/seeta_fd_frontal_v1.0.bin";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let model = package()
        .ok_or("the sources of rustface were not found")?
        .join(MODEL);
    println!("cargo::rerun-if-changed={}", model.display());
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("faces.bin");
    std::fs::copy(&model, out).map_err(|error| format!("{}: {error}", model.display()))?;
    Ok(())
}

/// The folder of rustface's sources, wherever Cargo keeps them (registry, vendored, a path): a picture that contradicts its
/// size is refused with the place in the sources that refuses it.
fn package() -> Option<PathBuf> {
    let refused_at = Arc::new(Mutex::new(None));
    let note = Arc::clone(&refused_at);
    let usual = take_hook();
    set_hook(Box::new(move |refusal| {
        if let (Some(place), Ok(mut note)) = (refusal.location(), note.lock()) {
            *note = Some(PathBuf::from(place.file()));
        }
    }));
    let refused = catch_unwind(|| rustface::ImageData::new(&[], 1, 1).width());
    set_hook(usual);
    let place = refused_at
        .lock()
        .ok()?
        .take()
        .filter(|_| refused.is_err())?;
    let has_model = |folder: &&Path| folder.join(MODEL).is_file();
    place.ancestors().find(has_model).map(Path::to_path_buf)
}
