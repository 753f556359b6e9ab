//! The five school policies compiled in (DOMAIN 1.9). Their files are samples to read as well.

/// Name and text of every preset.
pub const PRESETS: &[(&str, &str)] = &[
    (
        "strict-junior",
        include_str!("../../../../config/presets/strict-junior.toml"),
    ),
    (
        "trust-central-comms",
        include_str!("../../../../config/presets/trust-central-comms.toml"),
    ),
    (
        "hr-model",
        include_str!("../../../../config/presets/hr-model.toml"),
    ),
    (
        "safeguarding-board",
        include_str!("../../../../config/presets/safeguarding-board.toml"),
    ),
    (
        "church-primary",
        include_str!("../../../../config/presets/church-primary.toml"),
    ),
];

/// The text of the preset with this name.
pub fn preset(name: &str) -> Option<&'static str> {
    PRESETS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}
