//! The contract with RabbitMQ, held against a real broker: each case in a vhost of its own, or with a broker of its own
//! where it kills or starves it. Times that were measured are printed; `-- --nocapture` shows them.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "the whole crate is tests; the lints' own exemption does not see helper functions"
)]

mod consuming;
mod dead;
mod definitions;
mod faults;
mod listening;
mod publishing;
mod world;
