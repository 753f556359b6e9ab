//! What `inspect` reports of the parts that only JPEGs have: vendors' blocks, trailers, further pictures, torn files.

use schoolgate_media::MetadataKind::{
    CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail, Trailer,
};
use schoolgate_media::{Limits, MetadataKind, clean, inspect};

use crate::pictures::{
    Exif, ascii, bytes, has, jpeg, jpeg_with, jpeg_with_exif, listing, long, phone_exif, report,
    segment, utf16le, xmp_segment,
};

fn finds(picture: &[u8], expected: &[(MetadataKind, &str, Option<&str>)]) {
    let report = report(picture);
    for (kind, tag, value) in expected {
        assert!(
            has(&report, *kind, tag, *value),
            "{tag} missing from\n{}",
            listing(&report)
        );
    }
    assert!(!report.unreadable, "{}", listing(&report));
}

/// A JPEG's application segment: identifier and body.
fn app(number: u8, parts: &[&[u8]]) -> Vec<u8> {
    segment(0xE0 + number, &parts.concat())
}

#[test]
fn vendors_blocks_are_named_and_their_plain_text_is_shown() {
    let utf16be: Vec<u8> = "Robin class"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let ducky = [
        &b"Ducky\0\x01\0\x04\0\0\0\x3C\0\x02\0"[..],
        &[4 + utf16be.len() as u8],
        &11u32.to_be_bytes(),
        &utf16be,
        b"\0\0",
    ]
    .concat();
    let kodak = Exif {
        primary: vec![ascii(0xC353, "Miss J Bloggs"), ascii(0xC354, "KD-77")],
        ..Exif::default()
    }
    .tiff();
    let picture = jpeg_with(&[
        app(2, &[b"FPXR\0\x01", &utf16le("Amelia Jones's album")]),
        app(3, &[b"Meta\0\0", &kodak]),
        app(3, &[b"_JPSJPS_\0\x10", b"Zara Khan, left eye"]),
        app(5, &[b"ssuniqueid\0", b"F12QSHA01VM"]),
        app(5, &[b"RMETA\0", b"Harvest festival 2026"]),
        app(6, &[b"GoPro\0", b"DEVC....CASNc\x0e\0\x01C3221324545448"]),
        app(
            11,
            &[
                b"JP\0\x01\0\0\0\x01\0\0\0\x40jumb",
                b"c2pa.author Oliver Smith",
            ],
        ),
        app(
            12,
            &[b"[picture info]\r\nTimeDate=1\r\nSerial#=4711\r\nID=OLYMPUS\r\n"],
        ),
        app(12, &[&ducky]),
        app(15, &[b"Q 80 made by Miss J Bloggs"]),
    ]);
    finds(
        &picture,
        &[
            (Device, "JPEG:APP2:FPXR", Some("Amelia Jones's album")),
            (Owner, "CameraOwner", Some("Miss J Bloggs")),
            (SerialNumber, "SerialNumber", Some("KD-77")),
            (Comment, "JPEG:APP3:_JPSJPS_", Some("Zara Khan, left eye")),
            (SerialNumber, "JPEG:APP5:ssuniqueid", Some("F12QSHA01VM")),
            (Device, "JPEG:APP5:RMETA", Some("Harvest festival 2026")),
            (SerialNumber, "JPEG:APP6:GoPro", None),
            (
                Device,
                "JPEG:APP11:C2PA",
                Some("@jumbc2pa.author Oliver Smith"),
            ),
            (SerialNumber, "JPEG:APP12:[picture info]", None),
            (CaptureTime, "JPEG:APP12:[picture info]", None),
            (Comment, "Ducky:Comment", Some("Robin class")),
            (
                Device,
                "JPEG:APP15:Q 80 made by Miss J",
                Some("Q 80 made by Miss J Bloggs"),
            ),
        ],
    );
}

#[test]
fn exif_and_xmp_are_found_behind_unusual_identifiers_and_twice() {
    let exif = Exif {
        primary: vec![ascii(0x013B, "Zara Khan")],
        ..Exif::default()
    };
    let xmp = [
        b"http://ns.adobe.com/xap/1.0/ ",
        crate::pictures::XMP.as_bytes(),
    ]
    .concat();
    let picture = jpeg_with(&[
        segment(0xE1, &[b"Exif\0\0", &phone_exif(6)[..]].concat()),
        segment(0xE1, &[b"\0\0EXIF\0\0", &exif.tiff()[..]].concat()),
        segment(0xE1, &xmp),
    ]);
    finds(
        &picture,
        &[
            (PersonName, "Artist", Some("Amelia Jones")),
            (PersonName, "Artist", Some("Zara Khan")),
            (PersonName, "XMP:PersonInImage", Some("Amelia Jones")),
        ],
    );
    assert_eq!(report(&picture).orientation, Some(6));
}

#[test]
fn the_size_of_the_exif_thumbnail_is_told() {
    let exif = |at: u32| Exif {
        primary: vec![ascii(0x010F, "IC")],
        thumbnail: vec![long(0x0201, at), long(0x0202, 9)],
        ..Exif::default()
    };
    let at = exif(0).tiff().len() as u32;
    let block = [exif(at).tiff(), jpeg()].concat();
    let words = "40 x 24 pixels; it may show what was cropped away";
    finds(
        &jpeg_with_exif(&block),
        &[(Thumbnail, "IFD1:Thumbnail", Some(words))],
    );
}

#[test]
fn places_are_read_though_the_pointer_to_them_has_an_unusual_type() {
    let mut exif = phone_exif(1);
    let at = exif.windows(2).position(|w| w == [0x88, 0x25]).unwrap();
    exif[at + 3] = 9;
    finds(
        &jpeg_with_exif(&exif),
        &[(Gps, "GPSLatitude", Some("53 29 0"))],
    );
}

#[test]
fn further_pictures_behind_the_end_are_read_too() {
    let second = jpeg_with(&[
        segment(0xE2, b"MPF\0whatever"),
        xmp_segment(),
        segment(0xFE, b"the other eye of Amelia Jones"),
    ]);
    let picture = [jpeg(), vec![0; 100], second].concat();
    finds(
        &picture,
        &[
            (Trailer, "JPEG:Trailer", None),
            (PersonName, "Trailer:XMP:Creator", Some("Oliver Smith")),
            (
                Comment,
                "Trailer:JPEG:COM",
                Some("the other eye of Amelia Jones"),
            ),
        ],
    );
    let film = [jpeg(), b"\0\0\0\x18ftypmp42\0\0\0\0isom".to_vec()].concat();
    finds(&film, &[(Trailer, "JPEG:Trailer:mp4", None)]);
}

#[test]
fn captions_that_picture_desks_put_behind_the_end_are_read() {
    let dataset = |number: u8, text: &str| {
        [&[0x1C, 2, number, 0, text.len() as u8], text.as_bytes()].concat()
    };
    let records = [dataset(80, "Oliver Smith"), dataset(25, "Amelia")].concat();
    let picture = [jpeg(), b"AXS!\0\x07".to_vec(), records, b"\0AXS!".to_vec()].concat();
    finds(
        &picture,
        &[
            (Trailer, "JPEG:Trailer:afcp", Some("Oliver Smith")),
            (PersonName, "IPTC:By-line", Some("Oliver Smith")),
            (Comment, "IPTC:Keywords", Some("Amelia")),
        ],
    );
}

#[test]
fn photoshop_resources_split_over_segments_and_records_of_the_envelope_are_read() {
    let iim = b"\x1C\x01\x46\0\x0820260501\x1C\x02\x50\0\x0COliver Smith";
    let size = (iim.len() as u32).to_be_bytes();
    let resources = [b"8BIM\x04\x04\0\0", &size[..], iim, b"\0"].concat();
    let (first, second) = resources.split_at(25);
    let part = |data: &[u8]| app(13, &[b"Photoshop 3.0\0", data]);
    finds(
        &jpeg_with(&[part(first), part(second)]),
        &[
            (CaptureTime, "IPTC:DateSent", Some("20260501")),
            (PersonName, "IPTC:By-line", Some("Oliver Smith")),
        ],
    );
}

#[test]
fn a_record_with_a_wrong_length_costs_itself() {
    let iim = b"\x1C\x02\x50\x70\x0COliver Smith\x1C\x02\x19\0\x06Amelia";
    let size = (iim.len() as u32).to_be_bytes();
    let picture = jpeg_with(&[app(13, &[b"Photoshop 3.0\x008BIM\x04\x04\0\0", &size, iim])]);
    let report = report(&picture);
    assert!(report.unreadable);
    assert!(has(&report, Comment, "IPTC:Keywords", Some("Amelia")));
}

#[test]
fn a_serial_number_in_a_maker_note_is_reported_as_one() {
    let field = |tag: u16, kind: u16| {
        [
            &tag.to_be_bytes()[..],
            &kind.to_be_bytes(),
            &[0, 0, 0, 1, 0, 0, 0, 9],
        ]
        .concat()
    };
    let note = [
        b"Nikon\0\x02\x10\0\0MM\0*\0\0\0\x08\0\x02",
        &field(0x0001, 7)[..],
        &field(0x001D, 2),
        b"No= 20025585",
    ]
    .concat();
    let exif = Exif {
        primary: vec![ascii(0x010F, "NIKON CORPORATION")],
        exif: vec![bytes(0x927C, 7, &note)],
        ..Exif::default()
    };
    finds(
        &jpeg_with_exif(&exif.tiff()),
        &[
            (Device, "MakerNote", Some("No= 20025585")),
            (SerialNumber, "MakerNote:SerialNumber", None),
        ],
    );
}

#[test]
fn a_torn_file_is_reported_as_far_as_it_goes_and_never_cleaned() {
    let picture = jpeg_with(&[segment(0xE1, &[b"Exif\0\0", &phone_exif(6)[..]].concat())]);
    let limits = Limits::default();
    for len in [800, picture.len() - 300] {
        let torn = &picture[..len];
        let report = inspect(torn, &limits).unwrap();
        assert!(has(&report, PersonName, "Artist", Some("Amelia Jones")));
        assert_eq!(clean(torn, &limits).unwrap_err().code(), "truncated");
    }
    assert!(inspect(&picture[..800], &limits).unwrap().unreadable);
    assert!(inspect(&jpeg()[..100], &limits).is_err());
}

#[test]
fn words_where_codes_and_settings_are_expected_are_shown() {
    let exif = Exif {
        primary: vec![ascii(0x8824, "Zara Khan's film")],
        gps: vec![ascii(0x12, "Zara Khan's garden")],
        ..Exif::default()
    };
    let xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/' xmlns:crs='http://ns.adobe.com/camera-raw-settings/1.0/'
        xmlns:stRef='http://ns.adobe.com/xap/1.0/sType/ResourceRef#'><a crs:Look='Zara Khan' crs:Tone='Linear'
        crs:Sharpness='25 1.0' stRef:filePath='C:/Users/zkhan/a.jpg'/></x:xmpmeta>";
    let picture = jpeg_with(&[
        segment(0xE1, &[b"Exif\0\0", &exif.tiff()[..]].concat()),
        segment(
            0xE1,
            &[b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat(),
        ),
        crate::pictures::iptc_segment(&[(3, "01:News"), (7, "Zara Khan checked this")]),
    ]);
    let found = report(&picture);
    let shown: Vec<(&str, Option<&str>)> = found
        .entries
        .iter()
        .map(|e| (e.tag.as_str(), e.value.as_deref()))
        .collect();
    assert_eq!(
        shown,
        [
            ("Exif:0x8824", Some("Zara Khan's film")),
            ("GPSMapDatum", Some("Zara Khan's garden")),
            ("XMP:ALook", Some("Zara Khan")),
            ("XMP:AFilePath", Some("C:/Users/zkhan/a.jpg")),
            ("IPTC:2:7", Some("Zara Khan checked this")),
        ]
    );
}
