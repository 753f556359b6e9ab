//! What `inspect` reports besides Exif: XMP, IPTC, comments, text chunks, profiles, trailers, and how it bounds them.

use schoolgate_media::MetadataKind::{
    CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail, Trailer,
};
use schoolgate_media::{Entry, Limits, MediaError, clean, inspect};

use crate::pictures::{
    XMP, chunk, has, iptc_segment, jpeg, jpeg_with, listing, phone_exif, png, png_with, profile,
    report, segment, xmp_segment, zlib,
};

#[test]
fn xmp_texts_are_reported_from_jpeg_and_png() {
    let itxt = [b"XML:com.adobe.xmp\0\0\0\0\0", XMP.as_bytes()].concat();
    let packed = [b"XML:com.adobe.xmp\0\x01\0\0\0", &zlib(XMP.as_bytes())[..]].concat();
    for picture in [
        jpeg_with(&[xmp_segment()]),
        png_with(&[chunk(b"iTXt", &itxt)]),
        png_with(&[chunk(b"iTXt", &packed)]),
    ] {
        let report = report(&picture);
        for (kind, tag, value) in [
            (PersonName, "XMP:Creator", "Oliver Smith"),
            (Comment, "XMP:Description", "Sports day & picnic"),
            (PersonName, "XMP:PersonInImage", "Amelia Jones"),
            (PersonName, "XMP:RegionName", "Zara Khan"),
            (Comment, "XMP:City", "Salford"),
            (SerialNumber, "XMP:SerialNumber", "0099"),
            (Gps, "XMP:GPSLatitude", "53,29.0N"),
        ] {
            assert!(
                has(&report, kind, tag, Some(value)),
                "{tag} missing from\n{}",
                listing(&report)
            );
        }
        assert!(has(&report, PersonName, "XMP:RegionInfo", None));
        assert_eq!(report.entries.len(), 8, "{}", listing(&report));
    }
}

#[test]
fn extended_xmp_is_put_together_before_it_is_read() {
    let (first, second) = XMP.split_at(600);
    let piece = |offset: u32, part: &str| {
        let len = (XMP.len() as u32).to_be_bytes();
        let id = b"0123456789ABCDEF0123456789ABCDEF";
        let head = [
            b"http://ns.adobe.com/xmp/extension/\0",
            &id[..],
            &len,
            &offset.to_be_bytes(),
        ]
        .concat();
        segment(0xE1, &[&head, part.as_bytes()].concat())
    };
    let report = report(&jpeg_with(&[piece(600, second), piece(0, first)]));
    assert!(
        has(&report, PersonName, "XMP:RegionName", Some("Zara Khan")),
        "{}",
        listing(&report)
    );
}

#[test]
fn iptc_datasets_are_reported_with_repeats() {
    let picture = jpeg_with(&[iptc_segment(&[
        (80, "Oliver Smith"),
        (120, "Zoë at the fair"),
        (25, "Amelia"),
        (25, "Robin class"),
        (90, "Salford"),
        (110, "Courier"),
        (55, "20260501"),
    ])]);
    let report = report(&picture);
    for (kind, tag, value) in [
        (PersonName, "IPTC:By-line", "Oliver Smith"),
        (Comment, "IPTC:Caption-Abstract", "Zoë at the fair"),
        (Comment, "IPTC:Keywords", "Amelia"),
        (Comment, "IPTC:Keywords", "Robin class"),
        (Comment, "IPTC:City", "Salford"),
        (Owner, "IPTC:Credit", "Courier"),
        (CaptureTime, "IPTC:DateCreated", "20260501"),
    ] {
        assert!(
            has(&report, kind, tag, Some(value)),
            "{tag} missing from\n{}",
            listing(&report)
        );
    }
}

#[test]
fn iptc_or_xmp_that_cannot_be_read_to_its_end_is_unreadable() {
    let mut broken_iptc = iptc_segment(&[(80, "Oliver Smith")]);
    let at = broken_iptc.len() - 14;
    broken_iptc[at] = 0x70;
    let bad = [
        broken_iptc,
        segment(0xED, b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\x40\0short"),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:RDF>"),
    ];
    for part in bad {
        let picture = jpeg_with(&[part]);
        let report = report(&picture);
        assert!(report.unreadable && report.text_cut, "{}", listing(&report));
        // The copy is built from what is known, so that it can be made all the same.
        clean(&picture, &Limits::default()).unwrap();
    }
}

#[test]
fn other_jpeg_parts_are_reported() {
    let picture = [
        jpeg_with(&[
            segment(0xFE, "Zoë, aged 7".as_bytes()),
            segment(0xE2, b"MPF\0whatever"),
            segment(0xE0, b"JFXX\0\x10thumb"),
            segment(0xE7, b"vendor"),
            segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01extra bytes"),
        ]),
        b"PK\x03\x04secret".to_vec(),
    ]
    .concat();
    let report = report(&picture);
    for (kind, tag, value) in [
        (Comment, "JPEG:COM", Some("Zoë, aged 7")),
        (Thumbnail, "JPEG:MPF", None),
        (Thumbnail, "JPEG:JFXX:Thumbnail", None),
        (Device, "JPEG:APP7:vendor", None),
        (Comment, "JPEG:APP14", Some("extra bytes")),
        (Trailer, "JPEG:Trailer:zip", None),
    ] {
        assert!(
            has(&report, kind, tag, value),
            "{tag} missing from\n{}",
            listing(&report)
        );
    }
}

#[test]
fn png_text_time_and_unknown_chunks_are_reported() {
    let hex: String = phone_exif(1).iter().map(|b| format!("{b:02x}")).collect();
    let raw = format!(
        "Raw profile type exif\0\nexif\n    {}\n{hex}\n",
        hex.len() / 2
    );
    let picture = [
        png_with(&[
            chunk(b"tEXt", b"Author\0Amelia Jones"),
            chunk(b"tEXt", b"Copyright\0Miss J Bloggs"),
            chunk(
                b"zTXt",
                &[b"Comment\0\0", &zlib(b"Robin class")[..]].concat(),
            ),
            chunk(b"iTXt", "Title\0\0\0en\0Titel\0Zoë".as_bytes()),
            chunk(b"tIME", &[7, 0xEA, 5, 1, 10, 11, 12]),
            chunk(b"prVt", b"anything"),
            chunk(b"tEXt", raw.as_bytes()),
        ]),
        b"trailing".to_vec(),
    ]
    .concat();
    let report = report(&picture);
    for (kind, tag, value) in [
        (PersonName, "PNG:tEXt:Author", Some("Amelia Jones")),
        (Owner, "PNG:tEXt:Copyright", Some("Miss J Bloggs")),
        (Comment, "PNG:zTXt:Comment", Some("Robin class")),
        (Comment, "PNG:iTXt:Title", Some("Zoë")),
        (CaptureTime, "PNG:tIME", Some("2026-05-01 10:11:12")),
        (Device, "PNG:prVt", Some("anything")),
        (SerialNumber, "BodySerialNumber", Some("SN-0042")),
        (Trailer, "PNG:Trailer", Some("trailing")),
    ] {
        assert!(
            has(&report, kind, tag, value),
            "{tag} missing from\n{}",
            listing(&report)
        );
    }
}

#[test]
fn a_monitors_own_profile_is_reported_and_a_standard_one_is_not() {
    let with = |p: &[u8]| jpeg_with(&[segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", p].concat())]);
    let own = report(&with(&profile("Amelia's laptop", "Public Domain")));
    assert!(
        has(
            &own,
            Device,
            "ICC:ProfileDescription",
            Some("Amelia's laptop")
        ),
        "{}",
        listing(&own)
    );
    let standard = report(&with(&profile("Display P3", "Copyright Apple Inc., 2022")));
    assert!(standard.entries.is_empty(), "{}", listing(&standard));
}

#[test]
fn plain_pictures_have_nothing_to_report() {
    for picture in [jpeg(), png()] {
        let report = report(&picture);
        assert!(report.entries.is_empty(), "{}", listing(&report));
    }
}

#[test]
fn text_beyond_the_limit_is_cut_and_the_report_says_so() {
    let limits = Limits {
        max_text_chars: 100,
        ..Limits::default()
    };
    let bomb = [b"Comment\0\0", &zlib(&vec![b'a'; 30_000_000])[..]].concat();
    let long = [&b"Comment\0"[..], &[b'b'; 5000]].concat();
    let many: Vec<Vec<u8>> = (0..50).map(|_| chunk(b"tEXt", &long)).collect();
    for chunks in [vec![chunk(b"zTXt", &bomb)], many] {
        let report = inspect(&png_with(&chunks), &limits).unwrap();
        let kept: usize = report
            .entries
            .iter()
            .filter_map(|e| e.value.as_ref())
            .map(|v| v.chars().count())
            .sum();
        assert!(report.text_cut && kept <= 800, "{kept}");
        assert_eq!(report.entries.len(), chunks.len());
    }
}

#[test]
fn debug_output_and_errors_hold_no_value() {
    let picture = jpeg_with(&[xmp_segment(), segment(0xFE, b"Amelia Jones")]);
    let shown = format!("{:?}", report(&picture));
    assert!(
        !shown.contains("Amelia") && !shown.contains("Zara"),
        "{shown}"
    );
    let error = MediaError::Malformed("its Exif details cannot be read");
    assert!(error.to_string().ends_with('.'));
}

#[test]
fn reports_travel_as_json_with_snake_case_kinds() {
    let entry = Entry {
        kind: SerialNumber,
        tag: "BodySerialNumber".into(),
        value: None,
    };
    let json = serde_json::to_string(&entry).unwrap();
    assert_eq!(json, r#"{"kind":"serial_number","tag":"BodySerialNumber"}"#);
    assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
}
