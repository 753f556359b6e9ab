//! Style sheet, script and icon, carried inside the program. Their addresses change with their content.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use rust_embed::Embed;
use schoolgate_darkroom::sha256_hex;

use crate::{asked::Named, problem};

#[derive(Embed)]
#[folder = "static/"]
struct Files;

/// Where the style sheet is.
pub(crate) static STYLE: LazyLock<String> = LazyLock::new(|| address("console.css"));
/// Where the script is.
pub(crate) static SCRIPT: LazyLock<String> = LazyLock::new(|| address("console.js"));

fn address(name: &str) -> String {
    let hash = Files::get(name).map_or_else(String::new, |file| sha256_hex(&file.data));
    format!("/static/{name}?v={}", hash.get(..12).unwrap_or(""))
}

/// One of the files. A browser keeps it for a day.
pub(crate) async fn get(Named(name): Named) -> Response {
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };
    match Files::get(&name) {
        Some(file) => (
            [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, "public, max-age=86400"),
            ],
            file.data.into_owned(),
        )
            .into_response(),
        None => problem::not_found().await.into_response(),
    }
}
