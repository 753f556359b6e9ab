//! A fault planted on purpose, so that the fault harness can prove that it sees it; chosen by `SCHOOLGATE_SEEDED_FAULT`.
//! Compiled only with the feature `seeded-faults`.

/// `no-lease`: effects are claimed, but nobody is kept from claiming them too.
pub(crate) fn lease_ms(usual: u32) -> u32 {
    let chosen = std::env::var("SCHOOLGATE_SEEDED_FAULT");
    if chosen.is_ok_and(|chosen| chosen == "no-lease") {
        0
    } else {
        usual
    }
}
