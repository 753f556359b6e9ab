//! The sample school and its day, carried inside the program so that `demo` needs nothing beside it.

use std::{fs, path::Path};

use anyhow::Context as _;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "../../fixtures/demo"]
struct DemoFiles;

/// Writes the sample school, its day and its photos into `folder`.
///
/// # Errors
/// When the folder cannot be written.
pub fn unpack(folder: &Path) -> anyhow::Result<()> {
    for name in DemoFiles::iter() {
        let file =
            DemoFiles::get(&name).with_context(|| format!("the sample file {name} is missing"))?;
        let target = folder.join(name.as_ref());
        let parent = target.parent().unwrap_or(folder);
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        fs::write(&target, &file.data)
            .with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}
