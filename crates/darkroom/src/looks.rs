//! Looking at a picture's pixels: the words in it, and how many faces there are. Both are read from the grey picture that the child made,
//! by processes of their own. What any of it means is not decided here.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    time::Duration,
};

use schoolgate_media::Likeness;
use schoolgate_model::{LookFault, MediumFault, PictureWords, ReadWords, Redacted};

use crate::{process, settings::DarkroomSettings};

/// The longer side that words are read at.
const WORDS_SIDE: u32 = 2_000;
/// And that faces are counted at.
const FACES_SIDE: u32 = 1_024;
/// The largest answer of the program that reads words.
const MAX_TSV_BYTES: u64 = 4 * 1024 * 1024;
/// The most characters of one picture's words that are kept.
const MAX_CHARS: usize = 20_000;
/// How sure, of 100, the program must be of a word. Leaves and bricks are read as letters with less.
const SURE: f32 = 50.0;
/// Column of the kind of a line in the answer; 5 is a word.
const KIND: usize = 0;
/// Columns that say which line of the picture a word stands in.
const LINE: std::ops::Range<usize> = 1..5;
const CONFIDENCE: usize = 10;
const TEXT: usize = 11;

/// The fingerprint as a verdict names it, and its quality.
pub(crate) fn fingerprint(likeness: Option<&Likeness>) -> Option<(String, u8)> {
    likeness.map(|likeness| (likeness.fingerprint().to_string(), likeness.quality()))
}

/// The program that reads words; `None` where they are not looked for.
pub(crate) type Reader = Option<Result<PathBuf, LookFault>>;

/// Whether and by what words are read.
pub(crate) fn reader(settings: &DarkroomSettings, wished: ReadWords) -> Reader {
    match (wished, &settings.tesseract) {
        (ReadWords::Off, _) | (ReadWords::IfAvailable, None) => None,
        (_, Some(program)) => Some(Ok(program.clone())),
        (ReadWords::Required, None) => Some(Err(LookFault::Missing("tesseract".to_owned()))),
    }
}

/// The longer side of the grey picture that is needed; 0 where none is.
pub(crate) fn grey_side(words: bool, faces: bool) -> u32 {
    match (words, faces) {
        (true, _) => WORDS_SIDE,
        (false, true) => FACES_SIDE,
        (false, false) => 0,
    }
}

/// How the program takes a picture: words scattered over it, or one block of lines.
const SCATTERED: &str = "11";
const BLOCK: &str = "6";

/// Reads the words of a grey picture, and those of the page of what could be letters in it, which is empty where there are
/// none. The program is made for pages: on the picture it finds large words, on the page those on badges and shirts.
pub(crate) async fn words(
    settings: &DarkroomSettings,
    program: &Path,
    (picture, letters): (&[u8], &[u8]),
    timeout: Duration,
) -> Result<PictureWords, LookFault> {
    let of_letters = async {
        match letters {
            [] => Ok(Vec::new()),
            _ => lines(settings, program, (letters, BLOCK), timeout).await,
        }
    };
    let of_picture = lines(settings, program, (picture, SCATTERED), timeout);
    let (of_letters, of_picture) = tokio::join!(of_letters, of_picture);
    Ok(together(of_picture?, of_letters?))
}

async fn lines(
    settings: &DarkroomSettings,
    program: &Path,
    (pgm, mode): (&[u8], &str),
    timeout: Duration,
) -> Result<Vec<String>, LookFault> {
    let arguments = [OsStr::new("words"), program.as_os_str(), OsStr::new(mode)];
    let output = launch(settings, &arguments, pgm, MAX_TSV_BYTES, timeout).await?;
    let output = String::from_utf8_lossy(&output);
    understand(&output).ok_or_else(|| LookFault::Failed("its answer could not be read".to_owned()))
}

/// Lines that were read both times count once.
fn together(mut lines: Vec<String>, more: Vec<String>) -> PictureWords {
    for line in more {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let mut text = String::new();
    let mut left = MAX_CHARS;
    for line in lines {
        let length = line.chars().count() + 1;
        if length > left {
            return words_of(text, true);
        }
        left -= length;
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&line);
    }
    words_of(text, false)
}

/// Counts the faces of a grey picture.
pub(crate) async fn faces(
    settings: &DarkroomSettings,
    pgm: &[u8],
    timeout: Duration,
) -> Result<u32, LookFault> {
    let output = launch(settings, &[OsStr::new("faces")], pgm, 64, timeout).await?;
    let count = std::str::from_utf8(&output)
        .ok()
        .and_then(|count| count.parse().ok());
    count.ok_or_else(|| LookFault::Failed("its answer could not be read".to_owned()))
}

async fn launch(
    settings: &DarkroomSettings,
    arguments: &[&OsStr],
    bytes: &[u8],
    max_output: u64,
    timeout: Duration,
) -> Result<Vec<u8>, LookFault> {
    let (program, first) = &settings.launcher;
    let arguments = process::arguments(first, arguments);
    let ran = process::run((program, &arguments), bytes, max_output, timeout).await;
    ran.map_err(|fault| match fault {
        MediumFault::ChildTimedOut => LookFault::TimedOut,
        MediumFault::ChildKilled => LookFault::Failed("it was stopped".to_owned()),
        MediumFault::ChildFailed(what) => LookFault::Failed(what),
        other => LookFault::Failed(other.describe()),
    })
}

/// Puts the words of the answer (tab-separated, one word a line) together to the lines of the picture; `None` for what is no
/// such answer.
fn understand(table: &str) -> Option<Vec<String>> {
    let mut rows = table.lines();
    let head: Vec<_> = rows.next()?.split('\t').collect();
    if head.get(CONFIDENCE) != Some(&"conf") || head.get(TEXT) != Some(&"text") {
        return None;
    }
    let mut lines: Vec<String> = Vec::new();
    let mut place_before = None;
    for row in rows {
        let columns: Vec<_> = row.splitn(TEXT + 1, '\t').collect();
        let (Some(&"5"), Some(word)) = (columns.get(KIND), columns.get(TEXT)) else {
            continue;
        };
        let confidence: f32 = columns.get(CONFIDENCE)?.parse().ok()?;
        let word = word.trim();
        if confidence < SURE || !word.contains(char::is_alphanumeric) {
            continue;
        }
        let place = columns.get(LINE)?.join(" ");
        match lines
            .last_mut()
            .filter(|_| place_before.as_ref() == Some(&place))
        {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
        place_before = Some(place);
    }
    Some(lines)
}

fn words_of(text: String, cut: bool) -> PictureWords {
    PictureWords {
        text: Redacted::new(text),
        cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What reading words and counting faces come to where the launcher is this shell script.
    async fn launched(script: &str) -> (Result<PictureWords, LookFault>, Result<u32, LookFault>) {
        let mut settings = DarkroomSettings::new("/bin/sh".into());
        settings.launcher.1 = vec!["-c".to_owned(), script.to_owned()];
        let timeout = Duration::from_millis(700);
        let program = Path::new("/usr/bin/tesseract");
        tokio::join!(
            words(&settings, program, (b"P5", b"P5"), timeout),
            faces(&settings, b"P5", timeout)
        )
    }

    #[tokio::test]
    async fn however_a_look_goes_wrong_it_is_a_fault_and_never_nothing_found() {
        let late = launched("exec sleep 30").await;
        assert_eq!(late, (Err(LookFault::TimedOut), Err(LookFault::TimedOut)));
        for script in [
            "kill -9 $$",
            "exit 1",
            "true",
            "echo Amelia",
            "printf '\\377\\377'",
            "exec cat /dev/zero",
            "exec yes 7",
        ] {
            let (words, faces) = launched(script).await;
            assert!(
                matches!(words, Err(LookFault::Failed(_))),
                "{script}: {words:?}"
            );
            assert!(
                matches!(faces, Err(LookFault::Failed(_))),
                "{script}: {faces:?}"
            );
        }
        assert_eq!(launched("printf 3").await.1, Ok(3));
        let mut settings = DarkroomSettings::new("/nowhere/at/all".into());
        settings.launcher.1.clear();
        let gone = faces(&settings, b"P5", Duration::from_secs(5)).await;
        assert!(matches!(gone, Err(LookFault::Failed(_))));
    }

    const HEAD: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n";

    fn word(line: u32, confidence: f32, text: &str) -> String {
        format!("5\t1\t1\t1\t{line}\t1\t0\t0\t9\t9\t{confidence}\t{text}\n")
    }

    #[test]
    fn words_of_one_line_stay_together_and_rubbish_is_dropped() {
        let table = [
            HEAD.to_owned(),
            "1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t\n".to_owned(),
            word(1, 96.5, "Amelia"),
            word(1, 91.0, "Jones"),
            word(2, 12.0, "xqz"),
            word(3, 95.0, "|"),
            word(3, 60.0, "Class"),
            word(3, 49.0, "no"),
            word(3, 88.0, "4B\twith a tab"),
        ]
        .concat();
        let lines = understand(&table).unwrap();
        assert_eq!(lines, ["Amelia Jones", "Class 4B\twith a tab"]);
        assert_eq!(understand(HEAD).unwrap(), [""; 0]);
        let words = together(lines, vec!["Amelia Jones".into(), "Year 2".into()]);
        assert_eq!(
            words.text.expose(),
            "Amelia Jones\nClass 4B\twith a tab\nYear 2"
        );
        assert!(!words.cut);
    }

    #[test]
    fn what_is_no_table_is_not_taken_for_a_picture_without_words() {
        for table in [
            "",
            "Amelia Jones",
            "level\tconf\ttext\n",
            "Tesseract Open Source\n",
        ] {
            assert_eq!(understand(table), None, "{table:?}");
        }
        let odd = format!("{HEAD}5\t1\t1\t1\t1\t1\t0\t0\t9\t9\tsure\tAmelia\n");
        assert_eq!(understand(&odd), None);
    }

    #[test]
    fn more_words_than_are_kept_are_cut_and_said_so() {
        let rows: Vec<_> = (1..4_000)
            .map(|line| word(line, 99.0, &format!("Amelia{line}")))
            .collect();
        let words = together(
            understand(&(HEAD.to_owned() + &rows.concat())).unwrap(),
            vec![],
        );
        assert!(words.cut && words.text.expose().chars().count() <= MAX_CHARS);
    }
}
