//! What the lists and the likeness must hold, on generated scenes.

use proptest::prelude::*;

use super::{index::Fingerprints, pattern::FORMS, *};

/// A picture that is drawn from a number: patches, slopes and a little grain.
fn drawn(number: u64, wide: u32, high: u32) -> RgbImage {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut roll = move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as u32
    };
    let slope = [roll() % 3, roll() % 3, roll() % 2];
    let mut picture = RgbImage::from_fn(wide, high, |x, y| {
        let shade = (x * slope[0] + y * slope[1]) * 100 / (wide + high);
        image::Rgb([
            (40 + shade) as u8,
            (60 + shade / 2) as u8,
            (90 + slope[2] * shade) as u8,
        ])
    });
    for at in 0..90_u32 {
        let size = 6 + wide / (4 + at / 2);
        let (left, top) = (roll() % wide, roll() % high);
        let (w, h) = (3 + roll() % size, 3 + roll() % size);
        let colour = [roll(), roll(), roll()].map(|channel| (channel % 256) as u8);
        let round = roll() % 2 == 0;
        for y in top..(top + h).min(high) {
            for x in left..(left + w).min(wide) {
                let (u, v) = (2 * (x - left), 2 * (y - top));
                let off = u.abs_diff(w).pow(2) * h * h / (w * w) + v.abs_diff(h).pow(2);
                if !round || off < h * h {
                    picture.put_pixel(x, y, image::Rgb(colour));
                }
            }
        }
    }
    for pixel in picture.pixels_mut() {
        let grain = (roll() % 9) as u8;
        pixel.0 = pixel.0.map(|channel| channel.saturating_add(grain));
    }
    picture
}

/// Sizes of the pictures with known fingerprints.
const SIZES: [(u32, u32); 6] = [
    (512, 384),
    (800, 600),
    (600, 900),
    (512, 512),
    (1023, 411),
    (300, 222),
];

fn numbered(number: u64) -> RgbImage {
    let (wide, high) = SIZES[number as usize % SIZES.len()];
    drawn(number, wide, high)
}

/// Fingerprint and quality of drawn pictures, taken by the reference implementation of PDQ after scaling them to a longer
/// side of 512 pixels with another program.
const REFERENCE: &[(u64, &str, u8)] = &[
    (
        0,
        "e5e15253ad27664f9119499cb073664e6ba49ae38f1e77c9c7988926ba62970c",
        100,
    ),
    (
        1,
        "572b804dece944cd1376015bffc043626d33257f9fcc94cc8033d2326fb2b4dc",
        100,
    ),
    (
        2,
        "1c3ca9c14f1ad4e3ae15b6e2142caccd634c49eb693968674793562ef2d59e16",
        100,
    ),
    (
        3,
        "7b218fc08730fe881983e3fd31377e0f45fbcd8c1881193023e0b23364fd99bf",
        100,
    ),
    (
        4,
        "aecc89a5d5ab14a57c796d32b274696cf4e3667c5362b796684d14e183870f09",
        100,
    ),
    (
        5,
        "f2e2e8cbb93af26344f469d55949b714c217a77c470dc99c86869e602d436ab9",
        100,
    ),
    (
        6,
        "0903e5b4d296c9c6adabf6782a7c36c59670a5bd12944bcb6134a8b6a9696ed6",
        100,
    ),
    (
        7,
        "9ce031f94c8ec097132f6a503cfc8fc36c1c97836c7ce3933f2c8fd223a55499",
        100,
    ),
    (
        8,
        "72a51c07860e870e0f781ff0f8ac7013783b203f6d1e6f1e1ff89ff083c1f047",
        100,
    ),
    (
        9,
        "0a2f82a507ab011f41cf37c36d50181fd435bb75f9e170afa08f379e0fe8823b",
        100,
    ),
    (
        10,
        "b7ac06da396041aead8d3632b980666ee98db8739382cb8c9f639add427f9158",
        100,
    ),
    (
        11,
        "8616b8c28bdac2f1a4d612ecce3b8dea54aad52dbde16b075a74b51d54052bc6",
        100,
    ),
    (
        12,
        "d39087570e4f98c7f8f1e2715e78109e329c3860e72fe41df0b117e61de8f051",
        100,
    ),
    (
        13,
        "7b328eb6511b6fb2551261b328a38f9e8f9c4c0fecc0e3e37466161e262cfa49",
        100,
    ),
    (
        14,
        "e9069a4314b94f94eb4314bc0d7c6fc116b80f385bc3f4fe406e79c7f43ad118",
        100,
    ),
    (
        15,
        "e95c85a49362d969960efa566f0316936d9e453b40b64be240e982d6bb5dbb0d",
        100,
    ),
    (
        16,
        "3856699dd62121f96893d8633ded924643b96d9058e378693c76d22c6d298fd6",
        100,
    ),
    (
        17,
        "62f11fe43eb40785e969bccc91936d23d9bc03a7721f96d8a26bf40b2c4c683c",
        100,
    ),
    (
        18,
        "53c6c3ce81903ae58b1e1c3f2c4c1f9dc3b3e312e631acdc663d778a512af321",
        100,
    ),
    (
        19,
        "f1584bffe1585a39f2cd070467f71700c3def83fc801f8f80c0151fcbe31a386",
        100,
    ),
    (
        20,
        "ad48856db5e85a94cb53aa41a494a5b1751e4b4b5a565ad6b4b5b529a5694b9e",
        100,
    ),
    (
        21,
        "82a14f83f996619ad4b16c992f876f8e6c70e07a398f1f079e71c03cf0ada744",
        100,
    ),
    (
        22,
        "b627b2b320f3486be64ddcdcddb1c46da2cc03bb011b3750b615c798eb8a38a9",
        100,
    ),
    (
        23,
        "4593d52a7a4fea5f71c5119e1dbee3c0a6327e2a83c129385d58c7618e71963c",
        100,
    ),
    (
        24,
        "39f1128717dce89e59d3044332a899bfa31e464611bfdd632255337ed438cec5",
        100,
    ),
    (
        25,
        "19ba215babf76f64666c612426d3b193ec136e6ccf64620d9191949b9cc75b34",
        100,
    ),
    (
        26,
        "cf36b1e1dadace1b2d3769e47b949e1ed2cb21e18c0f439c20e4f249865f04ac",
        80,
    ),
    (
        27,
        "b8fcda95597ace4320fcf528013deaa00557ec702b85f578052bfaf405037df8",
        100,
    ),
    (
        28,
        "f91b06ce268d2b5e9d1e447668c1746119d399b9f722039cc62ecdc3f8b26674",
        100,
    ),
    (
        29,
        "4a53beb9c879b4a7297a49cec6bd4a6be38c39dec72a94a4325848ce37301173",
        100,
    ),
];

#[test]
fn fingerprints_are_those_of_the_reference() {
    for (number, reference, quality) in REFERENCE {
        let ours = likeness(&numbered(*number));
        let reference: Fingerprint = reference.parse().unwrap();
        let distance = ours.fingerprint().distance(&reference);
        assert!(distance <= 6, "picture {number}: {distance} bits differ");
        assert!(ours.quality().abs_diff(*quality) <= 1, "picture {number}");
    }
}

#[test]
fn every_form_is_the_fingerprint_of_the_turned_picture() {
    use image::imageops::{flip_horizontal, flip_vertical, rotate90, rotate180, rotate270};
    for number in 0..6 {
        let picture = numbered(number);
        let forms = *likeness(&picture).forms();
        let turned = [
            picture.clone(),
            rotate90(&picture),
            rotate180(&picture),
            rotate270(&picture),
            flip_horizontal(&picture),
            flip_vertical(&picture),
            flip_horizontal(&rotate90(&picture)),
            flip_vertical(&rotate90(&picture)),
        ];
        for (at, turned) in turned.iter().enumerate() {
            let fingerprint = likeness(turned).fingerprint();
            let nearest = forms.iter().map(|form| form.distance(&fingerprint)).min();
            // the filter of the algorithm is not symmetric, which shows most in narrow pictures
            assert!(
                nearest <= Some(31),
                "picture {number}, form {at}: {nearest:?}"
            );
        }
        let apart = (0..8).flat_map(|a| (0..a).map(move |b| (a, b)));
        assert!(
            apart
                .clone()
                .all(|(a, b)| forms[a].distance(&forms[b]) > 60)
        );
    }
}

#[test]
fn hex_is_the_reference_order() {
    let mut fingerprint = Fingerprint::default();
    fingerprint.set(0);
    fingerprint.set(255);
    let text = format!("8{:063x}", 1);
    assert_eq!(fingerprint.to_string(), text);
    assert_eq!(text.parse(), Ok(fingerprint));
    assert_eq!(text.to_uppercase().parse(), Ok(fingerprint));
    for wrong in [
        "",
        "00",
        &"g".repeat(64),
        &"\u{e9}".repeat(32),
        &"0".repeat(65),
    ] {
        assert_eq!(wrong.parse::<Fingerprint>(), Err(NotAFingerprint));
    }
}

fn key(number: u8) -> [u8; 32] {
    [number; 32]
}

fn shelf(count: u64) -> Shelf {
    let mut shelf = Shelf::new();
    for number in 0..count {
        shelf.put(key(number as u8), &likeness(&numbered(number)));
    }
    shelf
}

fn keys(found: &[Sighting]) -> Vec<u8> {
    found.iter().map(|sighting| sighting.key[0]).collect()
}

/// What social media do to a picture.
fn changed(picture: &RgbImage, how: usize) -> RgbImage {
    use image::imageops::{FilterType, crop_imm, flip_horizontal, replace, resize};
    let (wide, high) = picture.dimensions();
    let paper = |wide, high, shade| RgbImage::from_pixel(wide, high, image::Rgb([shade; 3]));
    match how {
        0 => crop_imm(picture, wide / 20, high / 20, wide * 9 / 10, high * 9 / 10).to_image(),
        1 => {
            let mut framed = paper(wide + wide / 10, high + wide / 10, 255);
            replace(
                &mut framed,
                picture,
                i64::from(wide / 20),
                i64::from(wide / 20),
            );
            framed
        }
        2 => {
            let mut captioned = paper(wide, high + high / 6, 0);
            replace(&mut captioned, picture, 0, 0);
            captioned
        }
        3 => {
            let shown = resize(picture, 360, 360 * high / wide, FilterType::Triangle);
            let mut screen = paper(360, 800, 20);
            replace(&mut screen, &shown, 0, 130);
            screen
        }
        _ => crop_imm(
            &flip_horizontal(picture),
            wide / 12,
            0,
            wide * 11 / 12,
            high,
        )
        .to_image(),
    }
}

#[test]
fn parts_and_screenshots_are_found_again_and_strangers_are_not() {
    let shelf = shelf(8);
    for number in 0..2 {
        let picture = numbered(number * 3);
        for how in 0..5 {
            let found = shelf.find(&likeness(&changed(&picture, how)));
            assert_eq!(
                keys(&found),
                [number as u8 * 3],
                "picture {number}, change {how}"
            );
            assert!(found[0].share > 0.4, "{found:?}");
        }
    }
    for stranger in 20..24 {
        assert_eq!(shelf.find(&likeness(&numbered(stranger))), []);
    }
}

/// A telephone's screen, dark or light, with a picture on a part of its width, a line above and a few icons below.
fn screen(picture: &RgbImage, percent: u32, shade: u8) -> RgbImage {
    let (wide, high) = picture.dimensions();
    let shown = 540 * percent / 100;
    let shown = image::imageops::thumbnail(picture, shown, shown * high / wide);
    let mut screen = RgbImage::from_pixel(540, 1200, image::Rgb([shade; 3]));
    let left = (540 - shown.width()) / 2;
    image::imageops::replace(&mut screen, &shown, i64::from(left), 420);
    let ink = image::Rgb([255 - shade; 3]);
    for (x, y) in (0..12).flat_map(|x| (0..12).map(move |y| (x, y))) {
        for icon in 0..5 {
            screen.put_pixel(40 + icon * 100 + x, 1150 + y, ink);
            screen.put_pixel(20 + icon * 14 + x, 20 + y % 8, ink);
        }
    }
    screen
}

#[test]
fn a_picture_shown_small_on_a_screen_is_found() {
    let shelf = shelf(8);
    for (number, percent, shade) in [(0, 80, 255), (1, 60, 18), (4, 92, 18)] {
        let shown = screen(&numbered(number), percent, shade);
        let likeness = likeness(&shown);
        assert_eq!(keys(&shelf.find(&likeness)), [number as u8], "{number}");
        let bytes = likeness.to_bytes();
        assert!(bytes.len() <= 64 * 1024);
        assert_eq!(Likeness::from_bytes(&bytes), Some(likeness.clone()));
    }
}

#[test]
fn a_picture_that_was_put_with_a_border_is_found_without_it() {
    let (mut shelf, picture) = (Shelf::new(), numbered(4));
    shelf.put(key(4), &likeness(&changed(&picture, 1)));
    assert_eq!(keys(&shelf.find(&likeness(&picture))), [4]);
    assert!(shelf.remove(&key(4)));
    assert_eq!(shelf.find(&likeness(&picture)), []);
}

#[test]
fn a_picture_in_a_collage_is_found() {
    let shelf = shelf(8);
    let mut collage = RgbImage::new(1000, 1000);
    for (at, number) in (0..).zip([30, 3, 31, 32]) {
        let tile = image::imageops::thumbnail(&numbered(number), 500, 500);
        let (x, y) = (at % 2 * 500, at / 2 * 500);
        image::imageops::replace(&mut collage, &tile, x, y);
    }
    assert_eq!(keys(&shelf.find(&likeness(&collage))), [3]);
}

#[test]
fn a_common_letterhead_or_a_few_circles_are_no_likeness() {
    let head = image::imageops::crop_imm(&drawn(60, 480, 640), 0, 0, 480, 140).to_image();
    let letter = |number| {
        let mut page = drawn(number, 480, 640);
        image::imageops::replace(&mut page, &head, 0, 0);
        page
    };
    let circles = |places: [(i32, i32); 4]| {
        RgbImage::from_fn(480, 360, |x, y| {
            let inside = |place: &(i32, i32)| {
                (x as i32 - place.0).pow(2) + (y as i32 - place.1).pow(2) < 2500
            };
            let at = places.iter().position(inside);
            image::Rgb(at.map_or([250; 3], |at| [40 * at as u8 + 20; 3]))
        })
    };
    let pictures = [
        letter(61),
        letter(62),
        circles([(60, 60), (200, 90), (300, 200), (90, 280)]),
        circles([(160, 70), (300, 100), (400, 210), (120, 250)]),
    ];
    let likenesses = pictures.each_ref().map(likeness);
    let mut shelf = Shelf::new();
    for (at, one) in likenesses.iter().enumerate() {
        shelf.put(key(at as u8), one);
    }
    for (at, one) in likenesses.iter().enumerate() {
        assert!(
            keys(&shelf.find(one))
                .iter()
                .all(|found| usize::from(*found) == at)
        );
    }
}

#[test]
fn what_is_put_is_found_at_once_and_what_is_removed_is_gone() {
    let mut shelf = shelf(3);
    let picture = likeness(&numbered(1));
    let found = shelf.find(&picture);
    assert_eq!(keys(&found), [1]);
    assert_eq!((found[0].distance, found[0].share), (Some(0), 1.0));
    assert!(shelf.remove(&key(1)));
    assert!(!shelf.remove(&key(1)));
    assert_eq!((shelf.len(), shelf.find(&picture).len()), (2, 0));
    shelf.put(key(9), &picture);
    shelf.put(key(9), &picture);
    assert_eq!((shelf.len(), keys(&shelf.find(&picture))), (3, vec![9]));
}

#[test]
fn a_shelf_of_many_changes_stays_small_and_right() {
    let mut shelf = Shelf::new();
    let pictures = [0, 1].map(|number| likeness(&numbered(number)));
    for at in 0..200_u8 {
        shelf.put(key(at % 5), &pictures[usize::from(at % 2)]);
    }
    assert_eq!(shelf.len(), 5);
    assert!(shelf.catalogue.len() <= 12 * 5 * marks::MOST);
    assert_eq!(
        shelf.find(&pictures[0]).len() + shelf.find(&pictures[1]).len(),
        5
    );
}

#[test]
fn a_picture_with_next_to_nothing_in_it_is_like_no_other() {
    let mut shelf = Shelf::new();
    let slope = |by: u32| {
        RgbImage::from_fn(640, 480, |x, y| {
            image::Rgb([((x * by + y) / 12 % 256) as u8; 3])
        })
    };
    let plain = |shade| RgbImage::from_pixel(500, 700, image::Rgb([shade; 3]));
    let blanks = [plain(0), plain(255), plain(130), slope(1), slope(2)];
    for (at, blank) in blanks.iter().enumerate() {
        shelf.put(key(at as u8), &likeness(blank));
    }
    assert_eq!(shelf.find(&likeness(&plain(90))), []);
    assert_eq!(shelf.find(&likeness(&numbered(2))), []);
    for size in [(1, 1), (1, 900), (900, 2), (4, 4)] {
        let tiny = likeness(&RgbImage::new(size.0, size.1));
        assert_eq!(tiny.quality(), 0);
        assert_eq!(shelf.find(&tiny), []);
    }
    assert_eq!(likeness(&RgbImage::new(0, 0)).quality(), 0);
}

#[test]
fn a_sketch_is_kept_apart_and_without_it_the_marks_decide() {
    let known = likeness(&numbered(4));
    let bare = Likeness::from_bytes(&known.clone().without_sketch().to_bytes()).unwrap();
    assert!(bare.to_bytes().len() + 80 * 80 < known.to_bytes().len() + 160 * 160);
    assert_eq!(known.clone().without_sketch(), bare);
    let sketched = bare.clone().with_sketch(&known.sketch_bytes());
    assert_eq!(sketched.sketch_bytes(), known.sketch_bytes());
    assert_eq!(bare.clone().with_sketch(&[3, 3, 1]), bare);
    let whole = numbered(4);
    let (wide, high) = whole.dimensions();
    let part = image::imageops::crop_imm(&whole, wide / 10, high / 10, wide * 4 / 5, high * 4 / 5);
    let part = likeness(&part.to_image());
    for (at, kept) in [bare, sketched].iter().enumerate() {
        let mut shelf = Shelf::new();
        shelf.put(key(at as u8), kept);
        assert_eq!(shelf.find(&part).len(), 1, "{at}");
    }
}

#[test]
fn a_part_of_a_long_strip_is_found() {
    let strip = |from: u32, wide: u32| {
        let mut strip = RgbImage::new(wide, 400);
        for at in 0..8_u32 {
            let piece = image::imageops::thumbnail(&numbered(40 + u64::from(at)), 400, 400);
            image::imageops::replace(&mut strip, &piece, i64::from(at * 400) - i64::from(from), 0);
        }
        likeness(&strip)
    };
    let mut shelf = Shelf::new();
    shelf.put(key(1), &strip(0, 3_200));
    assert_eq!(shelf.find(&strip(160, 2_880)).len(), 1);
}

#[test]
fn bytes_bring_the_likeness_back() {
    let likeness = likeness(&numbered(4));
    let bytes = likeness.to_bytes();
    assert!(bytes.len() <= 64 * 1024, "{}", bytes.len());
    assert_eq!(Likeness::from_bytes(&bytes), Some(likeness));
    assert_eq!(Likeness::from_bytes(&bytes[..bytes.len() - 1]), None);
    assert_eq!(Likeness::from_bytes(&[]), None);
}

#[test]
fn the_surroundings_of_a_mirrored_mark_are_those_of_the_mark_mirrored() {
    use image::imageops::{flip_horizontal, rotate90};
    let picture = drawn(5, 512, 512);
    let marks = likeness(&picture).marks;
    for turned in [flip_horizontal(&picture), rotate90(&picture)] {
        let others = likeness(&turned).marks;
        let agreeing = FORMS.map(|form| {
            let here = proof::in_form(&marks, form);
            let near = |mark: &Mark| {
                others.iter().any(|other| {
                    mark.level == other.level
                        && (mark.x - other.x).abs() <= 64
                        && (mark.y - other.y).abs() <= 64
                        && pattern::differing(&mark.bits, &other.bits) <= 30
                })
            };
            here.iter().filter(|mark| near(mark)).count()
        });
        assert!(
            agreeing.iter().any(|count| *count * 10 > marks.len() * 8),
            "{agreeing:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_index_answers_like_a_look_at_each(
        seeds in prop::collection::vec(any::<[u8; 32]>(), 4),
        flips in prop::collection::vec((0_usize..4, prop::collection::vec(0_usize..256, 0..44)), 1..60),
        gone in prop::collection::vec(0_u32..5000, 0..40),
        padding in 0_usize..9000,
    ) {
        let mut prints: Vec<Fingerprint> = Vec::new();
        for at in 0..padding {
            // strangers, so that the sorted part is used too
            let mut bytes = seeds[at % 4];
            let mix = (at as u64 + 7).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes();
            bytes.iter_mut().zip(mix.iter().cycle()).for_each(|(byte, mix)| *byte = byte.wrapping_mul(31) ^ mix);
            prints.push(Fingerprint::from_bytes(&bytes));
        }
        for (seed, bits) in &flips {
            let mut bytes = seeds[*seed];
            bits.iter().for_each(|bit| bytes[bit / 8] ^= 1 << (bit % 8));
            prints.insert(prints.len() / 2, Fingerprint::from_bytes(&bytes));
        }
        let mut index = Fingerprints::new();
        prints.iter().for_each(|print| { index.push(*print); });
        gone.iter().for_each(|number| index.remove(*number));
        for seed in &seeds {
            let wanted = Fingerprint::from_bytes(seed);
            let mut found = Vec::new();
            index.near(&wanted, |number, distance| found.push((number, distance)));
            found.sort_unstable();
            found.dedup();
            let each: Vec<(u32, u32)> = (0..)
                .zip(&prints)
                .filter(|(number, _)| !gone.contains(number))
                .map(|(number, print)| (number, print.distance(&wanted)))
                .filter(|(_, distance)| *distance <= 31)
                .collect();
            prop_assert_eq!(found, each);
        }
    }

    #[test]
    fn hostile_bytes_are_read_or_refused(
        head in prop::collection::vec(any::<u8>(), 0..300),
        marks in prop::collection::vec((any::<i16>(), any::<i16>(), -6_i8..9, any::<[u8; 32]>()), 0..40),
        whole in any::<bool>(),
    ) {
        prop_assert!(Likeness::from_bytes(&head).is_none_or(|likeness| likeness.to_bytes() == head));
        let mut bytes = vec![2, 77, 0, u8::from(whole), 1, 0];
        bytes.resize(262, 3);
        bytes.push(u8::from(whole));
        if whole {
            bytes.extend([-64_i16, -900, 64, i16::MAX].iter().flat_map(|side| side.to_le_bytes()));
            bytes.extend([6, 80]);
            bytes.resize(bytes.len() + 256, 5);
        }
        bytes.extend([9, 8]);
        bytes.extend((0..72).map(|shade| shade * 3));
        for (x, y, level, bits) in &marks {
            bytes.extend(x.to_le_bytes());
            bytes.extend(y.to_le_bytes());
            bytes.extend([level.cast_unsigned(), bits[0]]);
            bytes.extend(bits);
        }
        let odd = Likeness::from_bytes(&bytes).unwrap();
        let mut shelf = Shelf::new();
        shelf.put(key(1), &odd);
        shelf.put(key(2), &odd);
        prop_assert_eq!(shelf.find(&odd).len(), 2);
    }
}
