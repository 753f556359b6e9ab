//! Work on many things at once while the lists are read: whoever starts the program waits for it.

/// Does the work for every item, on as many threads as there are processors; the answers come in the order of the
/// items.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    // every thread takes each so-many-th item, because the long ones stand together
    let share = |first: usize| {
        let own = items.iter().skip(first).step_by(threads);
        own.map(&work).collect::<Vec<R>>()
    };
    let share = &share;
    let shares: Vec<Vec<R>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || share(first)))
            .collect();
        running
            .into_iter()
            .enumerate()
            .map(|(first, running)| running.join().unwrap_or_else(|_| share(first)))
            .collect()
    });
    let mut shares: Vec<_> = shares.into_iter().map(Vec::into_iter).collect();
    (0..items.len())
        .filter_map(|at| shares.get_mut(at % threads)?.next())
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_answers_come_in_the_order_of_the_items() {
        for count in [0_u32, 1, 7, 100] {
            let items: Vec<u32> = (0..count).collect();
            let doubled: Vec<u32> = items.iter().map(|item| 2 * item).collect();
            assert_eq!(super::each(&items, |item| 2 * item), doubled);
        }
    }
}
