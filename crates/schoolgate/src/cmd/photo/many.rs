//! Many pictures at once: as many readers as the machine has cores, answers in the order of the files, a progress bar.

use std::{
    collections::VecDeque,
    future::Future,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
    thread::available_parallelism,
};

use indicatif::{ProgressBar, ProgressStyle};

/// Most pictures in hand at once, whatever the machine: each may be 50 MB and its copy as much.
const MOST_AT_ONCE: usize = 8;
/// For fewer pictures than this no bar is worth drawing.
const FEW: usize = 4;

/// How many pictures are in hand at once.
pub(super) fn at_once() -> usize {
    available_parallelism().map_or(2, |cores| cores.get().clamp(2, MOST_AT_ONCE))
}

/// Does `work` on every file, several at once, and hands each result to `done` in the order of the files.
///
/// # Errors
/// Whatever `done` cannot write; files that come later are then not worked on.
pub(super) async fn each<T, F>(
    files: &[PathBuf],
    work: impl Fn(PathBuf) -> F,
    done: impl FnMut(&Path, Result<T, String>) -> io::Result<()>,
) -> io::Result<()>
where
    T: Send + 'static,
    F: Future<Output = Result<T, String>> + Send + 'static,
{
    let alone = |tray: Vec<PathBuf>| {
        let works: Vec<F> = tray.into_iter().map(&work).collect();
        async move {
            let mut results = Vec::new();
            for work in works {
                results.push(work.await);
            }
            results
        }
    };
    each_tray(files, 1, alone, done).await
}

/// As [`each`], with `size` files in one piece of work, which gives a result for each of them.
///
/// # Errors
/// As [`each`].
pub(super) async fn each_tray<T, F>(
    files: &[PathBuf],
    size: usize,
    work: impl Fn(Vec<PathBuf>) -> F,
    mut done: impl FnMut(&Path, Result<T, String>) -> io::Result<()>,
) -> io::Result<()>
where
    T: Send + 'static,
    F: Future<Output = Vec<Result<T, String>>> + Send + 'static,
{
    let bar = bar(files.len());
    let mut waiting = files.chunks(size.max(1));
    let mut in_hand = VecDeque::new();
    loop {
        while in_hand.len() < at_once()
            && let Some(tray) = waiting.next()
        {
            in_hand.push_back((tray, tokio::spawn(work(tray.to_vec()))));
        }
        let Some((tray, working)) = in_hand.pop_front() else {
            bar.finish_and_clear();
            return Ok(());
        };
        let mut results = working.await.unwrap_or_default().into_iter();
        for file in tray {
            let result = results.next();
            let broken = || Err("the reader stopped unexpectedly".to_owned());
            bar.suspend(|| done(file, result.unwrap_or_else(broken)))?;
            bar.inc(1);
        }
    }
}

fn bar(files: usize) -> ProgressBar {
    if files < FEW || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("{pos}/{len} pictures {wide_bar} {eta}") {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn answers_come_in_the_order_of_the_files_and_a_broken_reader_costs_one_answer() {
        let files: Vec<PathBuf> = (0..20).map(|n| PathBuf::from(n.to_string())).collect();
        let work = |file: PathBuf| async move {
            let number: u64 = file.to_string_lossy().parse().unwrap_or_default();
            tokio::time::sleep(Duration::from_millis(20 - number)).await;
            assert!(number != 7, "a reader that breaks");
            Ok(number)
        };
        let mut heard = Vec::new();
        each(&files, work, |file, result| {
            heard.push((file.to_path_buf(), result.ok()));
            Ok(())
        })
        .await
        .unwrap();
        let expected: Vec<_> = files
            .into_iter()
            .zip(0..)
            .map(|(file, number)| (file, (number != 7).then_some(number)))
            .collect();
        assert_eq!(heard, expected);
    }
}
