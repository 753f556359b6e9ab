//! The bad workers of the fault harness: the same program with faults that can be chosen, built beside the good one.

use crate::test::cargo;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Builds the variant, keeps a copy apart from the good program, and returns where it is.
pub(crate) fn build(root: &Path) -> Result<PathBuf> {
    let status = cargo()
        .args(["build", "--locked", "--workspace", "--bin", "schoolgate"])
        .args(["--features", "schoolgate/seeded-faults"])
        .current_dir(root)
        .stdin(Stdio::null())
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "the bad workers could not be built");
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |folder| root.join(folder));
    let folder = target.join("seeded");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let copy = folder.join("schoolgate");
    // Written aside and renamed: a run beside this one may be using the old copy.
    let aside = folder.join(format!("schoolgate.{}", std::process::id()));
    fs::copy(target.join("debug/schoolgate"), &aside)
        .and_then(|_| fs::rename(&aside, &copy))
        .with_context(|| format!("cannot write {}", copy.display()))?;
    Ok(copy)
}
