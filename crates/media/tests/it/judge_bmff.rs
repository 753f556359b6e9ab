//! ExifTool as the judge: what it writes into HEIC pictures and films, and shows of those built here, is in the report.

use std::path::{Path, PathBuf};
use std::process::Command;

use schoolgate_media::Report;

use crate::boxes::{Heic, bx, exif_item, film, international, keys, mime_item};
use crate::pictures::{XMP, listing, phone_exif, report};

fn exiftool(arguments: &[&str], file: &Path) -> String {
    let program = std::env::var_os("SCHOOLGATE_TEST_EXIFTOOL");
    let output = Command::new(program.unwrap_or_else(|| "exiftool".into()))
        .args(arguments)
        .arg(file)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("schoolgate-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Letters and digits alone: the two write dates and degrees with other marks.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn says(report: &Report, value: &str) -> bool {
    let value = bare(value);
    report
        .entries
        .iter()
        .filter_map(|entry| entry.value.as_deref())
        .any(|found| bare(found).contains(&value))
}

/// Every value that ExifTool shows in the groups that hold what people and devices write.
fn shown(file: &Path) -> Vec<(String, String)> {
    let groups = [
        "UserData", "ItemList", "Keys", "XMP", "IFD0", "ExifIFD", "GPS", "Track1",
    ];
    let technical = [
        "Version",
        "Orientation",
        "MakerNote",
        "Ref",
        "Track",
        "Media",
        "Matrix",
        "Graphics",
        "Handler",
        "Image",
        "Toolkit",
        "GPSL",
        "Region",
    ];
    exiftool(&["-a", "-u", "-G1", "-s", "-d", "%Y-%m-%d"], file)
        .lines()
        .filter_map(|line| {
            let (group, rest) = line.strip_prefix('[')?.split_once(']')?;
            let (tag, value) = rest.split_once(':')?;
            let tag = tag.trim();
            let wanted = groups.iter().any(|known| group.starts_with(known))
                && !technical.iter().any(|word| tag.contains(word))
                && !value.contains("Binary data");
            wanted.then(|| (format!("{group}:{tag}"), value.trim().to_owned()))
        })
        .collect()
}

fn judge(file: &Path, at_least: usize) {
    let found = report(&std::fs::read(file).unwrap());
    let shown = shown(file);
    assert!(shown.len() >= at_least, "ExifTool shows only {shown:?}");
    for (tag, value) in &shown {
        assert!(
            says(&found, value),
            "{tag} = {value} is not in\n{}",
            listing(&found)
        );
    }
}

#[test]
fn what_exiftool_shows_of_pictures_is_reported() {
    let heic = Heic::with(vec![
        exif_item(&phone_exif(1)),
        mime_item("application/rdf+xml", XMP.as_bytes()),
    ]);
    judge(&Scratch::new("judge.heic", &heic.bytes()).0, 10);
}

#[test]
fn what_exiftool_writes_into_films_is_reported() {
    let author = keys(&[("com.apple.quicktime.author", "Amelia Jones")]);
    let user = bx(b"udta", &international(b"\xA9ART", "Zara Khan"));
    let file = Scratch::new("judge.mov", &film(b"qt  ", &[author, user], b""));
    judge(&file.0, 2);
    let mut arguments: Vec<String> = vec!["-q".into(), "-m".into(), "-overwrite_original".into()];
    for tag in [
        "ItemList:Title",
        "ItemList:AlbumArtist",
        "ItemList:Composer",
        "ItemList:AppleStoreAccount",
        "ItemList:Copyright",
        "ItemList:Description",
        "ItemList:LongDescription",
        "Keys:Make",
        "Keys:Model",
        "Keys:Software",
        "Keys:DisplayName",
        "Keys:Keywords",
        "Keys:Director",
        "Keys:CameraIdentifier",
        "UserData:Author",
        "UserData:Make",
        "UserData:Model",
        "UserData:SerialNumber",
        "UserData:LensSerialNumber",
        "UserData:FirmwareVersion",
        "UserData:ClipFileName",
        "UserData:ReelName",
        "UserData:Title",
        "UserData:Performer",
        "UserData:Vendor",
        "UserData:CameraID",
        "XMP-dc:Creator",
        "XMP-iptcExt:PersonInImage",
        "XMP-photoshop:City",
    ] {
        let word = tag.replace([':', '-'], "");
        arguments.push(format!("-{tag}=Invented{word}"));
    }
    arguments.push("-ItemList:ContentCreateDate=2026:05:01 10:11:12".into());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    exiftool(&arguments, &file.0);
    judge(&file.0, 28);
}
