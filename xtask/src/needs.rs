//! What the tests need from the machine: one table, how each thing is found, and the one line that installs what is
//! missing. Starting servers is not here.

use crate::{complain, say};
use anyhow::{Context, Result, bail, ensure};
use schoolgate_testkit::{
    programs,
    servers::{postgres, rabbitmq},
};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program that the tests need, and the Debian package that brings it.
struct Need {
    what: &'static str,
    package: &'static str,
    found: fn() -> bool,
}

/// Everything the tests need today. A test that needs more adds its line here, so that absence is never a skipped test.
const NEEDS: &[Need] = &[
    Need {
        what: "PostgreSQL server",
        package: "postgresql",
        found: || !postgres::installations().is_empty(),
    },
    Need {
        what: "RabbitMQ server",
        package: "rabbitmq-server",
        found: || rabbitmq::installation().is_some(),
    },
    Need {
        what: "Python with pika",
        package: "python3-pika",
        found: || python().is_some(),
    },
    Need {
        what: "exiftool",
        package: "libimage-exiftool-perl",
        found: || exiftool().is_some(),
    },
    Need {
        what: "tesseract",
        package: "tesseract-ocr",
        found: || programs::on_path("tesseract").is_some(),
    },
    Need {
        what: "heif-enc and heif-convert",
        package: "libheif-examples",
        found: || {
            ["heif-enc", "heif-convert"]
                .iter()
                .all(|name| programs::on_path(name).is_some())
        },
    },
    Need {
        what: "Chromium",
        package: "chromium",
        found: || chromium().is_some(),
    },
    Need {
        what: "ChromeDriver",
        package: "chromium-driver",
        found: || chromedriver().is_some(),
    },
    Need {
        what: "npm",
        package: "npm",
        found: || programs::on_path("npm").is_some(),
    },
];

/// The accessibility rules that the browser test runs on every page.
const AXE_VERSION: &str = "4.14.1";

/// What to do next, once the machine was looked at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Supply {
    /// Everything is there.
    Complete,
    /// Something is missing and we may not install it; the one line that does.
    Missing(String),
}

/// Finds what the tests need; installs what is missing when this is root's machine or CI's.
pub(crate) fn supply() -> Result<Supply> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(Supply::Complete);
    }
    let names: Vec<_> = missing.iter().map(|need| need.what).collect();
    let packages: Vec<_> = missing.iter().map(|need| need.package).collect();
    if !may_install() {
        complain(&format!("missing for the tests: {}", names.join(", ")));
        return Ok(Supply::Missing(install_line(&packages)));
    }
    say(&format!("installing for the tests: {}", packages.join(" ")));
    install(&packages)?;
    let still: Vec<_> = self::missing().iter().map(|need| need.what).collect();
    ensure!(
        still.is_empty(),
        "installed, but still not found: {}",
        still.join(", ")
    );
    Ok(Supply::Complete)
}

fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| !(need.found)()).collect()
}

fn install_line(packages: &[&str]) -> String {
    format!("sudo apt-get install --yes {}", packages.join(" "))
}

fn may_install() -> bool {
    rustix::process::geteuid().is_root() || std::env::var_os("CI").is_some_and(|ci| ci == "true")
}

/// Runs apt-get without questions; with `sudo -n` when we are not root, which asks nothing either.
fn install(packages: &[&str]) -> Result<()> {
    ensure!(
        programs::on_path("apt-get").is_some(),
        "there is no apt-get here; install by hand: {}",
        packages.join(" ")
    );
    // Old package lists may name versions that are gone. A failed update is only a warning: the lists may be good.
    if apt_get(&["update"]).is_err() {
        complain("warning: apt-get update failed; trying with the lists that are here");
    }
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    apt_get(&arguments)
        .with_context(|| format!("could not install; try: {}", install_line(packages)))
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let root = rustix::process::geteuid().is_root();
    let program = if root { "env" } else { "sudo" };
    let mut command = Command::new(program);
    if !root {
        command.args(["-n", "env"]);
    }
    let status = command
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"])
        .args(["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"])
        .args(["-o", "Acquire::http::Timeout=60"])
        .args(arguments)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {program}"))?;
    if !status.success() {
        bail!("apt-get {} ended with {status}", arguments.join(" "));
    }
    Ok(())
}

/// Finds an exiftool that answers.
pub(crate) fn exiftool() -> Option<PathBuf> {
    let path = programs::on_path("exiftool")?;
    programs::answers(&path, "-ver").then_some(path)
}

/// Finds Debian's Python with pika, the client that the tests use as the producer in another language. The first `python3`
/// on PATH may be another one, without the packages of the system.
pub(crate) fn python() -> Option<PathBuf> {
    let known = [PathBuf::from("/usr/bin/python3")];
    known
        .into_iter()
        .chain(programs::on_path("python3"))
        .find(|program| {
            Command::new(program)
                .args(["-c", "import pika"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        })
}

/// Finds a Chromium that answers.
pub(crate) fn chromium() -> Option<PathBuf> {
    let path = programs::on_path("chromium")?;
    programs::answers(&path, "--version").then_some(path)
}

/// Finds a ChromeDriver that answers.
pub(crate) fn chromedriver() -> Option<PathBuf> {
    let path = programs::on_path("chromedriver")?;
    programs::answers(&path, "--version").then_some(path)
}

/// Finds axe-core's one file below `target/tools`, or fetches it there with npm.
pub(crate) fn axe(root: &Path) -> Result<PathBuf> {
    let tools = root.join("target/tools");
    let file = tools.join("node_modules/axe-core/axe.min.js");
    let manifest = tools.join("node_modules/axe-core/package.json");
    let is_ours = |text: String| text.contains(&format!("\"version\": \"{AXE_VERSION}\""));
    if file.is_file() && std::fs::read_to_string(manifest).is_ok_and(is_ours) {
        return Ok(file);
    }
    say(&format!(
        "fetching axe-core {AXE_VERSION} for the browser test"
    ));
    std::fs::create_dir_all(&tools).context("cannot make target/tools")?;
    let status = Command::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ])
        .arg(&tools)
        .arg(format!("axe-core@{AXE_VERSION}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("cannot start npm")?;
    ensure!(
        status.success() && file.is_file(),
        "npm could not fetch axe-core {AXE_VERSION}; ended with {status}"
    );
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_to_install_names_every_package() {
        let packages: Vec<_> = NEEDS.iter().map(|need| need.package).collect();
        let line = install_line(&packages);
        assert_eq!(
            line,
            "sudo apt-get install --yes postgresql rabbitmq-server python3-pika libimage-exiftool-perl tesseract-ocr libheif-examples chromium chromium-driver npm"
        );
    }
}
