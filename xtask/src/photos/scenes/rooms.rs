//! Classroom, science fair and library.

use super::super::draw::{Canvas, Dice, Ink, P, arc, mix, sin_cos};
use super::super::figures::{CLOTHES, Hair, JUMPER, Outfit, Pose, book, person, shadow};
use super::super::lettering::write;

/// A classroom with a display of paper hands round a tree.
pub fn display(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    c.rect(0.0, 0.0, wide, 450.0, Ink::Fade(0xEDF1F0, 0xD6DEDC));
    c.rect(0.0, 446.0, wide, 154.0, Ink::Fade(0x7F93A0, 0x65777F));
    c.rect(0.0, 436.0, wide, 12.0, 0xFBFBF8);
    c.rect(660.0, 60.0, 150.0, 250.0, 0xFDFDFB);
    c.rect(670.0, 70.0, 140.0, 230.0, Ink::Fade(0x9CCDF0, 0xD7EBC9));
    c.rect(736.0, 70.0, 6.0, 230.0, 0xFDFDFB);
    c.blur(1.0);
    c.rect(56.0, 44.0, 568.0, 360.0, 0x2E7F86);
    c.rect(72.0, 60.0, 536.0, 328.0, 0xF6D878);
    for i in 0..36 {
        let t = i as f32;
        for y in [52.0, 396.0] {
            c.dot(
                64.0 + t * 15.8,
                y,
                7.6,
                if i % 2 == 0 { 0xE4574E } else { 0x2E7F86 },
            );
        }
    }
    write(c, "KINDNESS GROWS", (340.0, 78.0), 28.0, 0x8C2F39);
    c.poly(
        &[
            (318.0, 386.0),
            (366.0, 386.0),
            (352.0, 270.0),
            (430.0, 196.0),
            (424.0, 188.0),
            (346.0, 244.0),
            (338.0, 180.0),
            (332.0, 244.0),
            (254.0, 190.0),
            (248.0, 198.0),
            (328.0, 272.0),
        ],
        0x7A4E2C,
    );
    for i in 0..34 {
        let (s, k) = sin_cos(i as f32 * 137.5);
        let far = (i as f32 / 34.0).sqrt();
        hand(
            c,
            (340.0 + k * far * 172.0, 216.0 + s * far * 84.0),
            17.0,
            CLOTHES[i % CLOTHES.len()],
            dice.between(-40.0, 40.0),
        );
    }
    for (i, (x, y)) in [
        (92.0, 298.0),
        (166.0, 312.0),
        (438.0, 312.0),
        (516.0, 296.0),
    ]
    .into_iter()
    .enumerate()
    {
        c.rect(x, y, 64.0, 68.0, 0xFFFFFF);
        child_art(c, (x + 4.0, y + 4.0), 56.0, i);
        c.dot(x + 32.0, y + 3.0, 3.0, 0xD22F3C);
    }
    for i in 0..3 {
        desk(c, (120.0 + i as f32 * 270.0, 500.0), dice);
    }
    c.stroke(&[(646.0, 330.0), (800.0, 330.0)], 4.0, 0xC49A5B);
    for i in 0..5 {
        c.rect(
            656.0 + i as f32 * 28.0,
            336.0,
            22.0,
            46.0,
            CLOTHES[(i + 2) % CLOTHES.len()],
        );
    }
}

fn hand(c: &mut Canvas, (x, y): P, size: f32, rgb: u32, turn: f32) {
    for finger in 0..5 {
        let (s, k) = sin_cos(turn - 90.0 + (finger as f32 - 2.0) * 30.0);
        let far = if finger == 0 || finger == 4 {
            0.85
        } else {
            1.1
        };
        c.stroke(
            &[(x, y), (x + k * size * far, y + s * size * far)],
            size * 0.3,
            rgb,
        );
    }
    c.dot(x, y, size * 0.52, rgb);
}

fn child_art(c: &mut Canvas, (x, y): P, size: f32, which: usize) {
    let at = |u: f32, v: f32| (x + u * size, y + v * size);
    c.rect(
        x,
        y,
        size,
        size * 1.05,
        [0xBFE3F5, 0xFDE7C3, 0xD5EFC8, 0xE6D7F2][which % 4],
    );
    match which % 4 {
        0 => {
            c.poly(
                &[
                    at(0.25, 0.9),
                    at(0.25, 0.5),
                    at(0.5, 0.25),
                    at(0.75, 0.5),
                    at(0.75, 0.9),
                ],
                0xD9483B,
            );
            c.dot(at(0.85, 0.0).0, at(0.0, 0.16).1, size * 0.12, 0xF6C42E);
        }
        1 => (0..6).for_each(|i| {
            let (s, k) = sin_cos(i as f32 * 60.0);
            c.dot(
                at(0.5 + k * 0.2, 0.0).0,
                at(0.0, 0.42 + s * 0.2).1,
                size * 0.13,
                0xE86A8A,
            );
        }),
        2 => (0..4).for_each(|i| {
            let r = 0.46 - i as f32 * 0.09;
            c.poly(
                &arc(at(0.5, 0.8), size * r, size * r, 180.0, 360.0),
                [0xD9483B, 0xF0B429, 0x3C9D6B, 0x2F7FBF][i],
            );
        }),
        _ => {
            c.oval(
                at(0.5, 0.0).0,
                at(0.0, 0.55).1,
                size * 0.32,
                size * 0.2,
                0x2BA6A0,
            );
            c.poly(&[at(0.75, 0.55), at(0.98, 0.35), at(0.98, 0.75)], 0x2BA6A0);
        }
    }
    if which % 4 == 1 {
        c.stroke(&[at(0.5, 0.6), at(0.5, 1.0)], size * 0.05, 0x3C9D6B);
        c.dot(at(0.5, 0.0).0, at(0.0, 0.42).1, size * 0.12, 0xF6C42E);
    }
}

fn desk(c: &mut Canvas, (x, y): P, dice: &mut Dice) {
    shadow(c, (x, y + 84.0), 120.0);
    c.stroke(&[(x - 84.0, y + 10.0), (x - 90.0, y + 92.0)], 7.0, 0x4B5157);
    c.stroke(&[(x + 84.0, y + 10.0), (x + 90.0, y + 92.0)], 7.0, 0x4B5157);
    c.soft_rect((x - 40.0, y + 20.0, 74.0, 44.0), 9.0, 0x2F6FB0);
    c.stroke(&[(x - 30.0, y + 60.0), (x - 32.0, y + 96.0)], 5.0, 0x9AA2A8);
    c.stroke(&[(x + 24.0, y + 60.0), (x + 26.0, y + 96.0)], 5.0, 0x9AA2A8);
    c.poly(
        &[
            (x - 86.0, y - 14.0),
            (x + 86.0, y - 14.0),
            (x + 102.0, y + 10.0),
            (x - 102.0, y + 10.0),
        ],
        Ink::Fade(0xE3BE86, 0xCFA263),
    );
    c.rect(x - 102.0, y + 10.0, 204.0, 8.0, 0xA97D42);
    c.poly(
        &[
            (x - 50.0, y - 8.0),
            (x - 10.0, y - 8.0),
            (x - 14.0, y + 5.0),
            (x - 58.0, y + 5.0),
        ],
        dice.pick(&CLOTHES),
    );
    c.soft_rect((x + 30.0, y - 34.0, 22.0, 28.0), 4.0, 0x9C2433);
    for (i, rgb) in CLOTHES.into_iter().take(4).enumerate() {
        c.stroke(
            &[
                (x + 33.0 + i as f32 * 5.0, y - 32.0),
                (x + 30.0 + i as f32 * 7.5, y - 50.0),
            ],
            3.2,
            rgb,
        );
    }
}

/// A science fair: a planets poster, a volcano, a circuit, children behind the tables.
pub fn science(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    c.rect(0.0, 0.0, wide, 400.0, Ink::Fade(0xDCE6EE, 0xBFCEDA));
    c.rect(0.0, 396.0, wide, 204.0, Ink::Fade(0x9A7B58, 0x7E6143));
    for i in 0..6 {
        c.rect(i as f32 * 150.0 + 24.0, 0.0, 90.0, 10.0, 0xFFFFFF);
    }
    c.blur(1.6);
    planets(c, dice);
    for (x, tall, top) in [
        (70.0, 236.0, JUMPER),
        (330.0, 228.0, JUMPER),
        (500.0, -240.0, JUMPER),
        (745.0, -230.0, JUMPER),
    ] {
        person(
            c,
            (x, 520.0),
            tall,
            Pose::OFFER,
            Outfit::draw(dice, top, 0x3A404C),
        );
    }
    c.poly(
        &[(0.0, 446.0), (wide, 446.0), (wide, 478.0), (0.0, 478.0)],
        0xF5F6F4,
    );
    c.rect(0.0, 476.0, wide, 124.0, Ink::Fade(0x2F5F9A, 0x234875));
    for i in 0..20 {
        c.faintly(0.25, |c| {
            c.rect(i as f32 * 42.0 + 8.0, 476.0, 9.0, 124.0, 0x14284A)
        });
    }
    board(c, (560.0, 458.0));
    volcano(c, (205.0, 462.0), dice);
    c.soft_rect((340.0, 452.0, 112.0, 14.0), 4.0, 0x6A4A2C);
    c.stroke(
        &[
            (352.0, 452.0),
            (366.0, 424.0),
            (396.0, 420.0),
            (424.0, 430.0),
            (440.0, 452.0),
        ],
        3.0,
        0xD02E2E,
    );
    c.soft_rect((352.0, 438.0, 32.0, 16.0), 3.0, 0x2B2F36);
    c.haze((424.0, 418.0), 34.0, 34.0, 0xFFF2A0, 0.95);
    c.dot(424.0, 419.0, 11.0, 0xFFF6C8);
    c.soft_rect((330.0, 506.0, 140.0, 50.0), 8.0, 0xF6D878);
    write(c, "SCIENCE", (400.0, 521.0), 19.0, 0x8C2F39);
}

fn planets(c: &mut Canvas, dice: &mut Dice) {
    c.rect(96.0, 30.0, 608.0, 196.0, 0xF3F3EE);
    c.rect(104.0, 38.0, 592.0, 180.0, Ink::Fade(0x141B40, 0x2A2F66));
    for _ in 0..80 {
        c.dot(
            dice.between(108.0, 692.0),
            dice.between(42.0, 214.0),
            dice.between(0.5, 1.6),
            0xE8EAFF,
        );
    }
    c.poly(
        &arc((104.0, 128.0), 74.0, 88.0, -90.0, 90.0),
        Ink::Fade(0xFFD65A, 0xF08A24),
    );
    let list = [
        (204.0, 7.0, 0xB5A698),
        (238.0, 11.0, 0xE8C27A),
        (280.0, 12.0, 0x4C93D9),
        (322.0, 9.0, 0xD0603A),
        (392.0, 34.0, 0xD9A873),
        (494.0, 28.0, 0xE6CF97),
        (584.0, 19.0, 0x9ADBE0),
        (648.0, 18.0, 0x4166C9),
    ];
    for (x, r, rgb) in list {
        // Half a chord of 144 units is what the poster's height leaves room for.
        let reach = (57.0_f32 * 72.0 / (x - 104.0)).min(36.0);
        c.faintly(0.35, |c| {
            c.stroke(
                &arc((104.0, 128.0), x - 104.0, x - 104.0, -reach, reach),
                1.2,
                0xFFFFFF,
            )
        });
        c.dot(
            x,
            128.0,
            r,
            Ink::Fade(mix(rgb, 0xFFFFFF, 0.25), mix(rgb, 0x101030, 0.35)),
        );
    }
    for dy in [-12.0, 0.0, 12.0] {
        c.faintly(0.5, |c| {
            c.rect(392.0 - 30.0, 126.0 + dy, 60.0, 4.5, 0xA8683C)
        });
    }
    c.stroke(
        &arc((494.0, 128.0), 47.0, 11.0, -20.0, 200.0),
        4.0,
        0xF0E2BC,
    );
    c.poly(
        &[
            (274.0, 124.0),
            (284.0, 120.0),
            (288.0, 130.0),
            (280.0, 136.0),
        ],
        0x5DB36A,
    );
    write(c, "OUR SOLAR SYSTEM", (420.0, 54.0), 18.0, 0xFFFFFF);
}

fn board(c: &mut Canvas, (x, y): P) {
    let w = 88.0;
    c.poly(
        &[
            (x - w * 0.6, y - 136.0),
            (x, y - 130.0),
            (x, y),
            (x - w * 0.6, y + 6.0),
        ],
        0xD9E7C4,
    );
    c.rect(x, y - 130.0, w * 1.3, 130.0, 0xF2F7E6);
    c.poly(
        &[
            (x + w * 1.3, y - 130.0),
            (x + w * 1.9, y - 136.0),
            (x + w * 1.9, y + 6.0),
            (x + w * 1.3, y),
        ],
        0xD9E7C4,
    );
    write(c, "PLANTS", (x + w * 0.65, y - 120.0), 14.0, 0x2F7A3F);
    for (i, rgb) in CLOTHES.into_iter().take(4).enumerate() {
        let tall = 18.0 + i as f32 * 16.0;
        let px = x + 14.0 + i as f32 * 27.0;
        c.rect(px, y - 14.0 - tall, 15.0, tall, rgb);
    }
    c.rect(x + 8.0, y - 14.0, 100.0, 2.0, 0x39424A);
    for i in 0..5 {
        c.rect(x - 44.0, y - 108.0 + i as f32 * 18.0, 36.0, 4.0, 0x7C8A70);
        c.rect(
            x + w * 1.3 + 8.0,
            y - 108.0 + i as f32 * 18.0,
            36.0,
            4.0,
            0x7C8A70,
        );
    }
}

fn volcano(c: &mut Canvas, (x, y): P, dice: &mut Dice) {
    c.soft_rect((x - 98.0, y - 6.0, 196.0, 14.0), 5.0, 0x5E7F4C);
    c.poly(
        &[
            (x - 84.0, y - 4.0),
            (x - 26.0, y - 112.0),
            (x + 26.0, y - 112.0),
            (x + 84.0, y - 4.0),
        ],
        Ink::Fade(0x8A5A3C, 0x5E3A26),
    );
    c.poly(
        &[
            (x - 26.0, y - 112.0),
            (x + 26.0, y - 112.0),
            (x + 34.0, y - 60.0),
            (x + 20.0, y - 78.0),
            (x + 8.0, y - 38.0),
            (x - 8.0, y - 80.0),
            (x - 28.0, y - 54.0),
        ],
        Ink::Fade(0xFF8A2A, 0xD9341C),
    );
    for i in 0..34 {
        let t = i as f32 / 34.0;
        let rgb = dice.pick(&[0xFF9A3A, 0xF2552A, 0xFFC95A, 0xFFF0D8]);
        c.dot(
            x + dice.between(-20.0, 20.0) * (0.6 + t * 1.6),
            y - 112.0 - t * 66.0,
            dice.between(3.0, 8.0),
            rgb,
        );
    }
}

/// A reading corner: shelves, a lamp, a rug, two readers.
pub fn library(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    c.rect(0.0, 0.0, wide, 440.0, Ink::Fade(0x6F8F86, 0x5C7B72));
    c.rect(0.0, 430.0, wide, 170.0, Ink::Fade(0xB98D5E, 0x96693C));
    for (x, w) in [(20.0, 250.0), (282.0, 250.0)] {
        shelves(c, (x, 36.0, w, 398.0), dice);
    }
    c.soft_rect((572.0, 60.0, 200.0, 210.0), 100.0, 0xF7F1DF);
    c.soft_rect(
        (582.0, 70.0, 180.0, 190.0),
        90.0,
        Ink::Fade(0xA8D3EE, 0xE5F0D2),
    );
    c.rect(669.0, 70.0, 6.0, 190.0, 0xF7F1DF);
    c.rect(582.0, 166.0, 180.0, 6.0, 0xF7F1DF);
    c.rect(560.0, 262.0, 224.0, 16.0, 0xF7F1DF);
    c.blur(0.9);
    for (r, rgb) in [
        (1.0, 0xB44A3E),
        (0.86, 0xE9CF8F),
        (0.76, 0x3E7C86),
        (0.5, 0xE9CF8F),
        (0.42, 0xB44A3E),
    ] {
        c.oval(420.0, 532.0, 320.0 * r, 64.0 * r, rgb);
    }
    c.stroke(&[(560.0, 220.0), (560.0, 500.0)], 6.0, 0x3A3430);
    c.oval(560.0, 502.0, 34.0, 9.0, 0x3A3430);
    c.poly(
        &[
            (520.0, 226.0),
            (600.0, 226.0),
            (582.0, 166.0),
            (538.0, 166.0),
        ],
        Ink::Fade(0xFFE9A8, 0xF3BE58),
    );
    c.haze((560.0, 320.0), 230.0, 240.0, 0xFFE2A0, 0.42);
    for (x, y, rgb) in [(240.0, 500.0, 0x4F7FC0), (650.0, 506.0, 0xE0883A)] {
        shadow(c, (x, y + 36.0), 118.0);
        c.oval(
            x,
            y,
            100.0,
            44.0,
            Ink::Fade(mix(rgb, 0xFFFFFF, 0.2), mix(rgb, 0x101020, 0.35)),
        );
        c.oval(
            x - if x < 400.0 { 34.0 } else { -34.0 },
            y - 42.0,
            58.0,
            52.0,
            Ink::Fade(mix(rgb, 0xFFFFFF, 0.26), mix(rgb, 0x101020, 0.15)),
        );
    }
    for (x, tall) in [(222.0, 214.0), (668.0, -208.0)] {
        let outfit = Outfit {
            skirt: false,
            style: if tall > 0.0 { Hair::Tail } else { Hair::Short },
            ..Outfit::draw(dice, JUMPER, 0x464B57)
        };
        person(c, (x, 520.0), tall, Pose::SIT, outfit);
        let side = if tall > 0.0 { 1.0 } else { -1.0 };
        book(
            c,
            (x + side * 62.0, 432.0),
            if tall > 0.0 { 0x2F7FBF } else { 0x3C9D6B },
        );
    }
    for (i, rgb) in CLOTHES.into_iter().take(4).enumerate() {
        c.soft_rect(
            (
                392.0 - (i % 2) as f32 * 7.0,
                528.0 - i as f32 * 13.0,
                82.0,
                13.0,
            ),
            2.0,
            rgb,
        );
        c.rect(396.0, 531.0 - i as f32 * 13.0, 70.0, 3.0, 0xFFF9E6);
    }
}

fn shelves(c: &mut Canvas, (x, y, w, h): (f32, f32, f32, f32), dice: &mut Dice) {
    c.rect(x, y, w, h, 0x8C5E36);
    for row in 0..4 {
        let (top, room) = (y + 10.0 + row as f32 * h / 4.0, h / 4.0 - 14.0);
        c.rect(x + 9.0, top, w - 18.0, room, Ink::Fade(0x3F2816, 0x5A3A20));
        let mut at = x + 12.0;
        while at < x + w - 26.0 {
            let (thick, tall) = (dice.between(8.0, 17.0), room * dice.between(0.66, 0.94));
            let rgb = mix(
                dice.pick(&CLOTHES),
                dice.pick(&[0x203040, 0xF4E8D0, 0x6A2A2A]),
                dice.between(0.0, 0.45),
            );
            c.rect(at, top + room - tall, thick, tall, Ink::Flat(rgb));
            c.rect(
                at + 1.5,
                top + room - tall * 0.82,
                thick - 3.0,
                3.0,
                mix(rgb, 0xFFF6D8, 0.6),
            );
            c.rect(
                at + 1.5,
                top + room - tall * 0.3,
                thick - 3.0,
                2.0,
                mix(rgb, 0xFFF6D8, 0.5),
            );
            at += thick
                + if dice.between(0.0, 1.0) < 0.08 {
                    16.0
                } else {
                    0.8
                };
        }
        c.rect(x, top + room, w, 7.0, 0xA87444);
    }
}
