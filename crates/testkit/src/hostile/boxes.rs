//! HEIC, AVIF and films (ISO 14496-12) whose boxes lie about their size, nest without end or point outside the file.

use super::Hostile;

pub(super) fn hostile() -> Vec<Hostile> {
    let mut corpus = Vec::new();
    for (brand, ending) in [(b"heic", "heic"), (b"avif", "avif")] {
        corpus.extend(pictures(brand, ending));
    }
    corpus.extend(films());
    corpus
}

fn start(brand: &[u8; 4]) -> Vec<u8> {
    boxed(
        b"ftyp",
        &[brand.as_slice(), &[0; 4], b"mif1", brand].concat(),
    )
}

fn pictures(brand: &[u8; 4], ending: &'static str) -> Vec<Hostile> {
    let start = start(brand);
    let with = |rest: Vec<u8>| [start.clone(), rest].concat();
    let meta = |children: Vec<u8>| boxed(b"meta", &[&[0; 4][..], &children].concat());
    let primary = boxed(b"pitm", &[0, 0, 0, 0, 0, 1]);
    let info = boxed(b"infe", b"\x02\0\0\0\0\x01\0\0hvc1\0");
    let infos = boxed(b"iinf", &[&[0, 0, 0, 0, 0, 1][..], &info].concat());
    let place = |offset: u32, length: u32| {
        let head = [0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1];
        boxed(
            b"iloc",
            &[&head[..], &offset.to_be_bytes(), &length.to_be_bytes()].concat(),
        )
    };
    let size = |side: u32| {
        let extent = boxed(
            b"ispe",
            &[[0; 4], side.to_be_bytes(), side.to_be_bytes()].concat(),
        );
        boxed(b"iprp", &boxed(b"ipco", &extent))
    };
    let whole = |offset, length, side| {
        meta(
            [
                primary.clone(),
                infos.clone(),
                place(offset, length),
                size(side),
            ]
            .concat(),
        )
    };
    let nested = (0..4_000).fold(Vec::new(), |inner: Vec<u8>, _| boxed(b"meta", &inner));
    let odd = [
        ("start-only", start.clone()),
        ("no-picture-in-it", with(meta(Vec::new()))),
        (
            "box-of-64-bit-lies",
            with([&[0, 0, 0, 1][..], b"meta", &[0xFF; 8], &[0; 20]].concat()),
        ),
        (
            "box-larger-than-the-file",
            with([&[0x7F, 0xFF, 0xFF, 0xFF][..], b"meta", &[0; 40]].concat()),
        ),
        (
            "box-of-three-bytes",
            with([&[0, 0, 0, 3][..], b"meta", &[0; 40]].concat()),
        ),
        ("boxes-in-boxes-in-boxes", with(nested)),
        (
            "primary-that-is-not-there",
            with(meta(boxed(b"pitm", &[0, 0, 0, 0, 0, 9]))),
        ),
        (
            "data-outside-the-file",
            with(whole(0x7FFF_0000, 0x7FFF_0000, 64)),
        ),
        (
            "data-that-is-noise",
            with([whole(40, 60, 64), boxed(b"mdat", &[0x5A; 500])].concat()),
        ),
        (
            "sixty-thousand-squared",
            with([whole(40, 60, 60_000), boxed(b"mdat", &[0x5A; 500])].concat()),
        ),
        (
            "no-size",
            with([whole(40, 60, 0), boxed(b"mdat", &[0x5A; 500])].concat()),
        ),
        (
            "sixty-thousand-items",
            with(meta(boxed(b"iinf", &[0, 0, 0, 0, 0xFF, 0xFF]))),
        ),
        ("torn-in-its-index", {
            let file = with(whole(40, 60, 64));
            file[..file.len() / 2].to_vec()
        }),
    ];
    odd.into_iter()
        .map(|(name, bytes)| Hostile::new(format!("{ending}-{name}"), ending, bytes))
        .collect()
}

/// No film is published unseen, so every one of these is held anyway; what counts is that nothing breaks.
fn films() -> Vec<Hostile> {
    let start = boxed(b"ftyp", b"isom\0\0\0\0isommp42");
    let with = |rest: Vec<u8>| [start.clone(), rest].concat();
    let nested = (0..4_000).fold(Vec::new(), |inner: Vec<u8>, _| boxed(b"moov", &inner));
    let odd = [
        ("start-only", start.clone()),
        ("no-index", with(boxed(b"mdat", &[0; 1_000]))),
        (
            "index-of-64-bit-lies",
            with([&[0, 0, 0, 1][..], b"moov", &[0xFF; 8], &[0; 20]].concat()),
        ),
        ("index-in-index-in-index", with(nested)),
        (
            "a-million-boxes",
            with(boxed(b"moov", &boxed(b"free", &[]).repeat(1_000_000))),
        ),
        (
            "times-that-are-torn",
            with(boxed(b"moov", &boxed(b"mvhd", &[1, 0, 0]))),
        ),
        (
            "place-without-end",
            with(boxed(
                b"moov",
                &boxed(b"udta", &boxed(b"\xA9xyz", &[0xFF; 4])),
            )),
        ),
        (
            "keys-of-four-billion",
            with(boxed(
                b"moov",
                &boxed(
                    b"meta",
                    &boxed(b"keys", &[0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]),
                ),
            )),
        ),
    ];
    odd.into_iter()
        .map(|(name, bytes)| Hostile::new(format!("film-{name}"), "mp4", bytes))
        .collect()
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8)
        .unwrap_or(u32::MAX)
        .to_be_bytes();
    [&size[..], kind, body].concat()
}
