//! What `inspect` reports of HEIC and AVIF pictures and of films.

use schoolgate_media::MetadataKind::{
    self, CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail, Trailer,
};
use schoolgate_media::{Format, Limits, MediaError, Report, clean, inspect};

use crate::boxes::{
    C2PA_UUID, CANON_UUID, Heic, XMP_UUID, bx, coded, data, exif_item, film, full, international,
    item, keys, mime_item, movie_header, size, tables, track, uuid,
};
use crate::pictures::{XMP, has, jpeg, jpeg_with, listing, phone_exif, report, segment, zlib};

fn expect(report: &Report, entries: &[(MetadataKind, &str, Option<&str>)]) {
    for (kind, tag, value) in entries {
        assert!(
            has(report, *kind, tag, *value),
            "{tag} missing from\n{}",
            listing(report)
        );
    }
}

#[test]
fn a_plain_picture_has_a_size_and_nothing_to_report() {
    let heic = report(&Heic::default().bytes());
    assert_eq!(
        (heic.format, heic.width, heic.height),
        (Format::Heic, 64, 48)
    );
    assert!(
        heic.entries.is_empty() && !heic.is_moving(),
        "{}",
        listing(&heic)
    );
    assert_eq!(heic.orientation, None);
    let avif = Heic {
        brand: b"avif",
        items: vec![item(b"av01", b"\0", b"coded picture", &[1])],
        ..Heic::default()
    };
    assert_eq!(report(&avif.bytes()).format, Format::Avif);
}

#[test]
fn exif_and_xmp_items_are_read_wherever_their_header_is() {
    let naked = item(b"Exif", b"\0", &[&[0; 4][..], &phone_exif(6)].concat(), &[]);
    let wrong = item(
        b"Exif",
        b"\0",
        &[&[0, 0, 0, 99][..], &phone_exif(6)].concat(),
        &[],
    );
    for exif in [exif_item(&phone_exif(6)), naked, wrong] {
        let heic = Heic::with(vec![exif, mime_item("application/rdf+xml", XMP.as_bytes())]);
        let found = report(&heic.bytes());
        expect(
            &found,
            &[
                (Gps, "GPSLatitude", Some("53 deg 29 min 0 sec N")),
                (PersonName, "Artist", Some("Amelia Jones")),
                (SerialNumber, "BodySerialNumber", Some("SN-0042")),
                (PersonName, "XMP:PersonInImage", Some("Amelia Jones")),
            ],
        );
        assert_eq!(found.orientation, None, "Exif's own number is not followed");
    }
}

#[test]
fn wide_offsets_and_several_exif_items_are_read() {
    for width in [4, 8] {
        let mut heic = Heic::with(vec![exif_item(&phone_exif(1)), exif_item(&phone_exif(1))]);
        heic.width = width;
        let found = report(&heic.bytes());
        let artists = found.entries.iter().filter(|e| e.tag == "Artist").count();
        assert_eq!(artists, 2);
    }
}

#[test]
fn second_pictures_are_reported_and_pieces_and_transparency_are_not() {
    let aux = |urn: &str| full(b"auxC", 0, &[urn.as_bytes(), b"\0"].concat());
    let picture = |properties: &[u8]| item(b"hvc1", b"\0", b"coded", properties);
    let mut heic = Heic::default();
    heic.items[0].kind = b"grid";
    heic.items[0].data = vec![0, 0, 0, 1, 0, 64, 0, 48];
    // 2 and 3 are tiles, 4 a thumbnail, 5 depth, 6 transparency, 7 another picture, 8 its tile.
    heic.items.extend([
        picture(&[2]),
        picture(&[2]),
        picture(&[2]),
        picture(&[2, 3]),
    ]);
    heic.items.extend([
        picture(&[2, 4]),
        item(b"grid", b"\0", b"", &[1]),
        picture(&[2]),
    ]);
    heic.properties.push(aux("urn:mpeg:hevc:2015:auxid:2"));
    heic.properties
        .push(aux("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"));
    heic.links = vec![
        (b"dimg", 1, vec![2, 3]),
        (b"thmb", 4, vec![1]),
        (b"auxl", 5, vec![1]),
        (b"auxl", 6, vec![1]),
        (b"dimg", 7, vec![8]),
    ];
    let found = report(&heic.bytes());
    expect(
        &found,
        &[
            (Thumbnail, "HEIF:Thumbnail", Some("16 by 12 pixels")),
            (Thumbnail, "HEIF:Auxiliary:depth", Some("16 by 12 pixels")),
            (Thumbnail, "HEIF:OtherPicture", Some("64 by 48 pixels")),
        ],
    );
    assert_eq!(found.entries.len(), 3, "{}", listing(&found));
}

#[test]
fn turns_and_mirrors_become_exifs_number() {
    let turn = |n: u8| bx(b"irot", &[n]);
    let mirror = |n: u8| bx(b"imir", &[n]);
    for (boxes, expected) in [
        (vec![], None),
        (vec![turn(0)], Some(1)),
        (vec![turn(1)], Some(8)),
        (vec![turn(2)], Some(3)),
        (vec![turn(3)], Some(6)),
        (vec![mirror(1)], Some(2)),
        (vec![mirror(0)], Some(4)),
        (vec![turn(1), mirror(1)], Some(7)),
        (vec![turn(3), mirror(1)], Some(5)),
        (vec![mirror(1), mirror(1)], Some(1)),
    ] {
        let mut heic = Heic::default();
        for property in boxes {
            heic.properties.push(property);
            let number = heic.properties.len() as u8;
            heic.items[0].properties.push(number);
        }
        assert_eq!(report(&heic.bytes()).orientation, expected);
    }
}

#[test]
fn words_in_properties_names_and_foreign_items_are_reported() {
    let mut heic = Heic::with(vec![
        mime_item("text/plain", b"Robin class at the fair"),
        item(
            b"uri ",
            b"\0urn:invented:notes\0",
            b"\x01Oliver Smith\0",
            &[],
        ),
        item(b"what", b"Amelia's own\0", b"\0\xFFsecret words\0", &[]),
    ]);
    heic.properties.extend([
        full(b"udes", 0, b"en\0Sports day\0Amelia wins\0trophy,cup\0"),
        full(b"altt", 0, b"A girl with a cup\0en\0"),
        full(b"crtt", 0, &(3_860_388_672_000_000u64).to_be_bytes()),
        bx(b"clap", &[[0, 0, 0, 10], [0, 0, 0, 1]].concat().repeat(4)),
        bx(b"prVt", b"\0\0vendor words\0"),
    ]);
    heic.items[0].properties.push(6);
    heic.in_meta = uuid(CANON_UUID, &bx(b"CNCV", b"Invented 1.0"));
    let mut found = report(&heic.bytes());
    expect(
        &found,
        &[
            (Comment, "HEIF:text/plain", Some("Robin class at the fair")),
            (Device, "HEIF:Item:uri", Some("Oliver Smith")),
            (Comment, "HEIF:ItemName", Some("Amelia's own")),
            (Device, "HEIF:Item:what", Some("secret words")),
            (Comment, "HEIF:Description", Some("Amelia wins")),
            (Comment, "HEIF:AltText", Some("A girl with a cup")),
            (CaptureTime, "HEIF:crtt", Some("2026-04-30 10:11:12")),
            (Thumbnail, "HEIF:CroppedAway", None),
            (Device, "HEIF:Property:prVt", Some("vendor words")),
            (Device, "UserData:CompressorVersion", Some("Invented 1.0")),
        ],
    );
    found.entries.retain(|e| e.kind == Owner);
    assert!(found.entries.is_empty());
}

#[test]
fn what_hangs_on_behind_is_looked_into() {
    let place = international(b"\xA9xyz", "+53.4808-002.2426/");
    let inner = film(b"mp42", &[bx(b"udta", &place)], b"");
    let boxed = Heic {
        after: bx(b"mpvd", &inner),
        ..Heic::default()
    };
    let loose = Heic {
        after: [&b"\x07\x01stray"[..], &inner].concat(),
        ..Heic::default()
    };
    for (heic, tag) in [
        (boxed, "QuickTime:MotionPhotoVideo"),
        (loose, "Trailer:MotionPhotoVideo"),
    ] {
        let found = report(&heic.bytes());
        expect(
            &found,
            &[
                (Trailer, tag, None),
                (Gps, "UserData:GPSCoordinates", Some("+53.4808-002.2426/")),
            ],
        );
        assert!(!found.is_moving());
    }
    let words = Heic {
        after: b"Amelia Jones, Robin class".to_vec(),
        ..Heic::default()
    };
    expect(
        &report(&words.bytes()),
        &[(Trailer, "Trailer:Text", Some("Amelia Jones, Robin class"))],
    );
}

#[test]
fn content_credentials_are_reported() {
    let label = [&[0; 16][..], &[3], b"c2pa.claim\0"].concat();
    let cbor = part_cbor("claim_generator", "Invented Kit");
    let store = bx(b"jumb", &[bx(b"jumd", &label), bx(b"cbor", &cbor)].concat());
    let body = [&b"\0\0\0\0manifest\0\0\0\0\0\0\0\0\0"[..], &store].concat();
    let heic = Heic {
        after: uuid(C2PA_UUID, &body),
        ..Heic::default()
    };
    expect(
        &report(&heic.bytes()),
        &[
            (Device, "C2PA", None),
            (Device, "C2PA:claim_generator", Some("Invented Kit")),
        ],
    );
}

fn part_cbor(key: &str, value: &str) -> Vec<u8> {
    let text = |text: &str| [&[0x60 | text.len() as u8][..], text.as_bytes()].concat();
    [&[0xA1][..], &text(key), &text(value)].concat()
}

#[test]
fn a_jpegs_motion_photo_and_content_credentials_are_read() {
    let place = bx(b"udta", &international(b"\xA9xyz", "+53.4808-002.2426/"));
    let motion = [jpeg(), film(b"mp42", &[place], b"frames")].concat();
    let found = report(&motion);
    expect(
        &found,
        &[
            (Trailer, "JPEG:Trailer:mp4", None),
            (Gps, "UserData:GPSCoordinates", Some("+53.4808-002.2426/")),
        ],
    );
    assert!(!found.is_moving());
    let cleaned = clean(&motion, &Limits::default()).unwrap();
    assert!(!cleaned.bytes.windows(4).any(|w| w == b"ftyp"));

    let label = [&[0; 16][..], &[3], b"c2pa.claim\0"].concat();
    let cbor = part_cbor("claim_generator", "Invented Kit");
    let store = bx(b"jumb", &[bx(b"jumd", &label), bx(b"cbor", &cbor)].concat());
    let piece = |number: u8, body: &[u8]| {
        segment(0xEB, &[&b"JP\0\x07\0\0\0"[..], &[number], body].concat())
    };
    // Each further piece repeats the eight bytes of the box's header.
    let second = [&store[..8], &store[40..]].concat();
    let picture = jpeg_with(&[piece(2, &second), piece(1, &store[..40])]);
    expect(
        &report(&picture),
        &[(Device, "C2PA:claim_generator", Some("Invented Kit"))],
    );
}

#[test]
fn a_sequence_moves_and_cannot_be_cleaned() {
    let moov = [movie_header(0), crate::boxes::picture_track()].concat();
    let heic = Heic {
        after: bx(b"moov", &moov),
        ..Heic::default()
    };
    let found = report(&heic.bytes());
    assert!(found.is_moving() && found.format == Format::Heic);
    let why = |bytes: &[u8]| clean(bytes, &Limits::default()).unwrap_err();
    assert_eq!(why(&heic.bytes()).code(), "cannot_clean");
    assert_eq!(
        why(&film(b"isom", &[], b"")),
        MediaError::Unsupported(Format::Mp4)
    );
    let still = Heic::default().bytes();
    assert_eq!(why(&still), MediaError::Unsupported(Format::Heic));
}

#[test]
fn canons_raw_photos_are_no_films() {
    let exif = [
        bx(b"CMT1", &phone_exif(1)),
        bx(b"CMT4", &[&b"MM\0*\0\0\0\x08\0\x05"[..], &[0; 64]].concat()),
        bx(b"THMB", &jpeg()),
    ];
    let raw = film(b"crx ", &[uuid(CANON_UUID, &exif.concat())], b"");
    let found = report(&raw);
    expect(
        &found,
        &[
            (PersonName, "Artist", Some("Amelia Jones")),
            (Gps, "Canon:GPSInfo", None),
            (Thumbnail, "UserData:ThumbnailImage", None),
        ],
    );
    assert!(!found.is_moving());
    let error = clean(&raw, &Limits::default()).unwrap_err();
    assert!(error.to_string().contains("camera raw"), "{error}");
}

#[test]
fn a_films_user_data_are_read_in_every_dialect() {
    let list = [
        bx(b"\xA9nam", &data(1, b"Sports day")),
        bx(b"aART", &data(2, b"\0A\0v\0a")),
        bx(b"covr", &data(13, &jpeg())),
        bx(b"trkn", &data(0, &[0, 0, 0, 1])),
        bx(
            b"----",
            &[
                full(b"mean", 0, b"com.invented"),
                full(b"name", 0, b"photographer"),
                data(1, b"Oliver Smith"),
            ]
            .concat(),
        ),
    ];
    let handler = [&[0; 4][..], b"mdir", &[0; 13]].concat();
    let itunes = full(
        b"meta",
        0,
        &[full(b"hdlr", 0, &handler), bx(b"ilst", &list.concat())].concat(),
    );
    let place = [
        &[0x15, 0xC7][..],
        b"Salford\0\0",
        &(-147_456i32).to_be_bytes(),
        &3_506_176i32.to_be_bytes(),
        &[0; 4],
        b"earth\0by the gate\0",
    ]
    .concat();
    let user = [
        international(b"\xA9xyz", "+53.4808-002.2426/"),
        international(b"\xA9ART", "Zoë Khan"),
        coded(b"auth", "Amelia Jones"),
        full(b"loci", 0, &place),
        bx(b"name", b"A film of the fair"),
        bx(b"CAME", b"\x01\x02\x03\x04\x05\x06\x07\x08"),
        bx(
            b"TAGS",
            b"INVENTED DIGITAL CAMERA\0\x012026:05:01 10:11:12\0",
        ),
        itunes,
        vec![0; 4],
    ];
    let found = report(&film(b"qt  ", &[bx(b"udta", &user.concat())], b""));
    assert_eq!((found.width, found.height), (64, 48));
    assert!(found.is_moving());
    expect(
        &found,
        &[
            (
                CaptureTime,
                "QuickTime:CreateDate",
                Some("2026-04-30 10:11:12"),
            ),
            (Gps, "UserData:GPSCoordinates", Some("+53.4808-002.2426/")),
            (PersonName, "UserData:Artist", Some("Zoë Khan")),
            (PersonName, "UserData:Author", Some("Amelia Jones")),
            (
                Gps,
                "UserData:LocationInformation",
                Some("Salford 53.50000 -2.25000"),
            ),
            (Comment, "UserData:LocationNotes", Some("by the gate")),
            (Comment, "UserData:Name", Some("A film of the fair")),
            (SerialNumber, "UserData:SerialNumberHash", None),
            (
                CaptureTime,
                "MakerNotes:TAGS:Date",
                Some("2026:05:01 10:11:12"),
            ),
            (Comment, "ItemList:Title", Some("Sports day")),
            (PersonName, "ItemList:AlbumArtist", Some("Ava")),
            (Thumbnail, "ItemList:CoverArt", None),
            (PersonName, "iTunes:photographer", Some("Oliver Smith")),
        ],
    );
    assert!(!found.entries.iter().any(|e| e.tag.contains("trkn")));
}

#[test]
fn apples_keys_are_sorted_by_their_words() {
    let meta = keys(&[
        (
            "com.apple.quicktime.location.ISO6709",
            "+53.4808-002.2426+038/",
        ),
        ("com.apple.quicktime.make", "Apple"),
        (
            "com.apple.quicktime.creationdate",
            "2026-05-01T10:11:12+0100",
        ),
        ("com.apple.quicktime.content.identifier", "0042-AB"),
        ("com.apple.quicktime.author", "Amelia Jones"),
        ("com.apple.quicktime.displayname", "Robin class"),
    ]);
    let found = report(&film(b"qt  ", &[meta], b""));
    expect(
        &found,
        &[
            (Gps, "Keys:location.ISO6709", Some("+53.4808-002.2426+038/")),
            (Device, "Keys:make", Some("Apple")),
            (
                CaptureTime,
                "Keys:creationdate",
                Some("2026-05-01T10:11:12+0100"),
            ),
            (SerialNumber, "Keys:content.identifier", Some("0042-AB")),
            (PersonName, "Keys:author", Some("Amelia Jones")),
            (Comment, "Keys:displayname", Some("Robin class")),
        ],
    );
}

#[test]
fn subtitles_are_read_and_tracks_of_measurements_are_named() {
    // `ftyp` takes 20 bytes, the head of `mdat` 8.
    let samples = b"\0\x05Helen\0\x06Oliver";
    let words = track(b"", b"text", "", &tables(b"tx3g", b"", 28, &[7, 8]));
    let positions = track(b"", b"meta", "GoPro MET", &tables(b"gpmd", b"", 0, &[]));
    let keyed = bx(b"keyd", b"mdtacom.apple.quicktime.detected-face");
    let mebx = bx(b"keys", &bx(&[0, 0, 0, 1], &keyed));
    let faces = track(b"", b"meta", "", &tables(b"mebx", &mebx, 0, &[]));
    let found = report(&film(b"isom", &[words, positions, faces], samples));
    expect(
        &found,
        &[
            (Comment, "QuickTime:Subtitles", Some("Helen\nOliver")),
            (Gps, "QuickTime:Track:gpmd", None),
            (Device, "QuickTime:HandlerDescription", Some("GoPro MET")),
            (Comment, "Keys:detected-face", None),
            (Device, "QuickTime:Track:mebx", None),
        ],
    );
}

#[test]
fn free_space_foreign_boxes_and_paths_are_not_overlooked() {
    let alias = full(b"alis", 0, b"\0\0Amelia's disk\0\0/Users/oliver/film.mov\0");
    let dref = full(b"dref", 0, &[&1u32.to_be_bytes()[..], &alias].concat());
    let minf = bx(b"minf", &bx(b"dinf", &dref));
    let elsewhere = bx(b"trak", &bx(b"mdia", &minf));
    let bytes = [
        film(b"isom", &[elsewhere, bx(b"gps ", &[1; 40])], b""),
        bx(b"free", &[0; 100]),
        bx(b"skip", b"\0\0\x01\x02Oliver Smith was here\0"),
        bx(
            b"free",
            &[bx(b"cprt", b"Miss Bloggs"), bx(b"gps ", b"\x01\x02")].concat(),
        ),
        bx(b"free", b"\0\0freeGPS binary"),
        uuid(XMP_UUID, XMP.as_bytes()),
        uuid(
            b"INVENTED\x00\x01\x02\x03\x04\x05\x06\x07",
            b"\0\0maker's words\0",
        ),
        bx(b"udat", b"$GPRMC,101112,A,5329.0,N,00214.5,W\0"),
    ]
    .concat();
    let found = report(&bytes);
    expect(
        &found,
        &[
            (Trailer, "QuickTime:Free", Some("Oliver Smith was here")),
            (Owner, "UserData:Copyright", Some("Miss Bloggs")),
            (Gps, "QuickTime:FreeGPS", None),
            (PersonName, "XMP:Creator", Some("Oliver Smith")),
            (Device, "UUID:INVENTED", Some("maker's words")),
            (
                Comment,
                "QuickTime:DataReference",
                Some("Amelia's disk\n/Users/oliver/film.mov"),
            ),
            (
                Gps,
                "UserData:GPSLog",
                Some("$GPRMC,101112,A,5329.0,N,00214.5,W"),
            ),
        ],
    );
    let lists = found
        .entries
        .iter()
        .filter(|e| e.tag == "UserData:GPSDataList");
    assert_eq!(lists.count(), 2);
}

#[test]
fn items_inside_a_film_are_read_too() {
    let heic = Heic::with(vec![exif_item(&phone_exif(1))]).bytes();
    let start = heic.windows(4).position(|w| w == b"meta").unwrap() - 4;
    let len = u32::from_be_bytes(heic[start..start + 4].try_into().unwrap()) as usize;
    let meta = &heic[start..start + len];
    // The items' bytes keep their distance from the start of the file.
    let mut bytes = vec![0; heic.len()];
    bytes[start + len..].copy_from_slice(&heic[start + len..]);
    let head = bx(b"free", &bytes[8..start + len - 8]);
    let bytes = [&head[..], b"\0\0\0\x08wide", &heic[start + len..]].concat();
    let moov = [
        movie_header(0),
        crate::boxes::picture_track(),
        meta.to_vec(),
    ]
    .concat();
    let found = report(&[bytes, bx(b"moov", &moov)].concat());
    assert_eq!(found.format, Format::Mp4);
    expect(&found, &[(PersonName, "Artist", Some("Amelia Jones"))]);
}

#[test]
fn a_compressed_movie_header_is_read() {
    let user = bx(b"udta", &international(b"\xA9ART", "Ava"));
    let moov = bx(
        b"moov",
        &[movie_header(0), crate::boxes::picture_track(), user].concat(),
    );
    let packed = |data: &[u8]| {
        let body = [&(data.len() as u32).to_be_bytes()[..], &zlib(data)].concat();
        let cmov = [bx(b"dcom", b"zlib"), bx(b"cmvd", &body)].concat();
        let moov = bx(b"moov", &bx(b"cmov", &cmov));
        [bx(b"ftyp", b"qt  \0\0\0\0qt  "), moov].concat()
    };
    let found = report(&packed(&moov));
    expect(&found, &[(PersonName, "UserData:Artist", Some("Ava"))]);
    assert_eq!((found.width, found.height), (64, 48));
    // A bomb, and rubbish.
    assert!(report(&packed(&vec![0; 8_000_000])).entries.len() < 5);
    assert!(report(&packed(b"no box at all")).unreadable);
}

#[test]
fn films_without_a_brand_and_in_fragments_are_films() {
    let moov = bx(
        b"moov",
        &[movie_header(3_860_388_672), crate::boxes::picture_track()].concat(),
    );
    let old = [bx(b"wide", b""), bx(b"mdat", b"frames"), moov.clone()].concat();
    let traf = bx(
        b"moof",
        &bx(b"traf", &bx(b"udta", &international(b"\xA9ART", "Ava"))),
    );
    let pieces = [
        bx(b"ftyp", b"iso5\0\0\0\0isom"),
        moov,
        traf,
        bx(b"mdat", b"frames"),
    ]
    .concat();
    assert_eq!(report(&old).format, Format::Mp4);
    expect(
        &report(&pieces),
        &[(PersonName, "UserData:Artist", Some("Ava"))],
    );
}

#[test]
fn the_size_is_the_pictures_own_and_is_limited() {
    let mut heic = Heic::default();
    heic.properties[0] = size(20_000, 20_000);
    assert_eq!(
        inspect(&heic.bytes(), &Limits::default())
            .unwrap_err()
            .code(),
        "too_large"
    );
    // A grid that claims more than the picture it makes.
    let grid = [&[0, 1, 0, 0][..], &60_000u32.to_be_bytes().repeat(2)].concat();
    let mut lying = Heic::default();
    lying.items[0] = item(b"grid", b"\0", &grid, &[1]);
    assert_eq!(
        inspect(&lying.bytes(), &Limits::default())
            .unwrap_err()
            .code(),
        "too_large"
    );
    heic.properties[0] = size(8160, 6120);
    assert_eq!(report(&heic.bytes()).width, 8160);
    heic.items[0].properties.clear();
    assert_eq!(
        inspect(&heic.bytes(), &Limits::default())
            .unwrap_err()
            .code(),
        "malformed"
    );
}
