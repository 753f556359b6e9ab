//! The flat pictures that are saved as PNG: the school's front, the art wall and the crest.

use super::super::draw::{Canvas, Dice, P, arc, mix, sin_cos};
use super::super::figures::{CLOTHES, JUMPER, book, tree};
use super::super::lettering::write;

/// The front of a brick school, all flat colour.
pub fn school(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    c.rect(0.0, 0.0, wide, 430.0, 0xA8D5F0);
    for (x, y, s) in [(120.0, 90.0, 1.0), (650.0, 70.0, 1.2), (300.0, 50.0, 0.7)] {
        for (dx, dy, r) in [
            (-42.0, 0.0, 22.0),
            (-12.0, -14.0, 30.0),
            (24.0, -6.0, 26.0),
            (50.0, 4.0, 18.0),
        ] {
            c.dot(x + dx * s, y + dy * s, r * s, 0xF3FAFD);
        }
    }
    c.poly(
        &[
            (0.0, 380.0),
            (200.0, 330.0),
            (420.0, 360.0),
            (640.0, 320.0),
            (wide, 360.0),
            (wide, 450.0),
            (0.0, 450.0),
        ],
        0x9CC78A,
    );
    c.rect(0.0, 440.0, wide, 160.0, 0x7DB463);
    wing(c, (96.0, 270.0, 230.0, 180.0));
    wing(c, (474.0, 270.0, 230.0, 180.0));
    c.rect(316.0, 212.0, 168.0, 238.0, 0xB4614A);
    c.poly(&[(304.0, 214.0), (400.0, 138.0), (496.0, 214.0)], 0x5B4A52);
    c.rect(374.0, 72.0, 52.0, 90.0, 0xC47258);
    c.poly(&[(366.0, 74.0), (400.0, 26.0), (434.0, 74.0)], 0x5B4A52);
    c.stroke(&[(400.0, 28.0), (400.0, 6.0)], 2.4, 0x3A3A40);
    c.dot(400.0, 106.0, 19.0, 0xFBF7EA);
    c.stroke(
        &[(400.0, 94.0), (400.0, 106.0), (408.0, 111.0)],
        2.6,
        0x2B2B33,
    );
    c.soft_rect((346.0, 226.0, 108.0, 34.0), 4.0, 0xF3E6C8);
    write(c, "SCHOOL", (400.0, 234.0), 18.0, 0x8C2F39);
    for x in [334.0, 432.0] {
        pane(c, (x, 280.0, 34.0, 52.0));
    }
    c.soft_rect((362.0, 346.0, 76.0, 120.0), 34.0, 0xF3E6C8);
    c.soft_rect((369.0, 354.0, 62.0, 110.0), 29.0, 0x2E5E8C);
    c.rect(398.5, 356.0, 3.0, 94.0, 0xF3E6C8);
    c.poly(
        &[
            (360.0, 450.0),
            (440.0, 450.0),
            (520.0, 600.0),
            (280.0, 600.0),
        ],
        0xD9CDB8,
    );
    for (x, tall) in [(48.0, 230.0), (752.0, 244.0)] {
        tree(c, (x, 470.0), tall, 0x4E9650, dice);
    }
    railings(c);
    for i in 0..26 {
        let x = if i < 13 {
            110.0 + i as f32 * 15.0
        } else {
            490.0 + (i - 13) as f32 * 15.0
        };
        c.dot(x, 452.0, 9.0, 0x4E8A46);
        c.dot(x + 4.0, 446.0, 3.6, CLOTHES[i % CLOTHES.len()]);
    }
}

fn wing(c: &mut Canvas, (x, y, w, h): (f32, f32, f32, f32)) {
    c.rect(x, y, w, h, 0xC47258);
    for row in 0..8 {
        for i in 0..6 {
            c.rect(
                x + 12.0 + i as f32 * 37.0 + (row % 2) as f32 * 14.0,
                y + 8.0 + row as f32 * 22.0,
                12.0,
                4.0,
                0xB4614A,
            );
        }
    }
    c.poly(
        &[
            (x - 12.0, y + 2.0),
            (x + 22.0, y - 56.0),
            (x + w - 22.0, y - 56.0),
            (x + w + 12.0, y + 2.0),
        ],
        0x6B5862,
    );
    for column in 0..3 {
        for row in 0..2 {
            pane(
                c,
                (
                    x + 22.0 + column as f32 * 70.0,
                    y + 20.0 + row as f32 * 82.0,
                    46.0,
                    58.0,
                ),
            );
        }
    }
}

fn pane(c: &mut Canvas, (x, y, w, h): (f32, f32, f32, f32)) {
    c.rect(x - 4.0, y - 4.0, w + 8.0, h + 8.0, 0xFBF7EA);
    c.rect(x, y, w, h, 0x7FB2D0);
    c.poly(&[(x, y), (x + w * 0.5, y), (x, y + h * 0.6)], 0xA9D0E4);
    c.rect(x + w / 2.0 - 1.5, y, 3.0, h, 0xFBF7EA);
    c.rect(x, y + h / 2.0 - 1.5, w, 3.0, 0xFBF7EA);
}

fn railings(c: &mut Canvas) {
    for (from, to) in [(0.0, 262.0), (538.0, 800.0)] {
        c.rect(from, 516.0, to - from, 5.0, 0x2B3A4A);
        c.rect(from, 574.0, to - from, 5.0, 0x2B3A4A);
        for i in 0..((to - from) / 16.0) as usize {
            let x = from + 8.0 + i as f32 * 16.0;
            c.rect(x, 508.0, 3.5, 78.0, 0x2B3A4A);
            c.poly(
                &[(x - 2.5, 509.0), (x + 6.0, 509.0), (x + 1.75, 500.0)],
                0x2B3A4A,
            );
        }
    }
    for x in [250.0, 526.0] {
        c.rect(x, 488.0, 26.0, 112.0, 0xB4614A);
        c.rect(x - 4.0, 480.0, 34.0, 10.0, 0xF3E6C8);
        c.dot(x + 13.0, 470.0, 11.0, 0xF3E6C8);
    }
}

/// Framed abstract paintings on a white wall, all flat colour.
pub fn art(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    c.rect(0.0, 0.0, wide, 600.0, 0xF4F1EA);
    c.rect(0.0, 520.0, wide, 80.0, 0xC8A77C);
    c.rect(0.0, 512.0, wide, 10.0, 0xFFFFFF);
    for i in 0..8 {
        let (x, y) = (52.0 + (i % 4) as f32 * 182.0, 76.0 + (i / 4) as f32 * 218.0);
        c.rect(x + 5.0, y + 6.0, 150.0, 184.0, 0xDCD6C8);
        c.rect(x, y, 150.0, 184.0, [0x3B3430, 0xB98A52][(i + i / 4) % 2]);
        c.rect(x + 9.0, y + 9.0, 132.0, 166.0, 0xFFFEFA);
        abstract_art(c, (x + 20.0, y + 20.0, 110.0, 144.0), i, dice);
    }
    write(c, "OUR GALLERY", (400.0, 26.0), 28.0, 0x2C5AA0);
    for x in [220.0, 580.0] {
        c.rect(x - 80.0, 548.0, 160.0, 12.0, 0x7A5230);
        c.rect(x - 68.0, 560.0, 10.0, 34.0, 0x5E3D22);
        c.rect(x + 58.0, 560.0, 10.0, 34.0, 0x5E3D22);
    }
}

fn abstract_art(c: &mut Canvas, (x, y, w, h): (f32, f32, f32, f32), which: usize, dice: &mut Dice) {
    c.rect(
        x,
        y,
        w,
        h,
        [0xFBE3B5, 0xD6E9F2, 0xF7D3CB, 0xE3EFCF][which % 4],
    );
    match which {
        0 | 5 => (0..12).for_each(|i| {
            let (px, py) = (
                x + w * ((i % 3) as f32 + 0.5) / 3.0,
                y + h * ((i / 3) as f32 + 0.5) / 4.0,
            );
            (0..3).for_each(|ring| c.dot(px, py, 16.0 - ring as f32 * 5.0, dice.pick(&CLOTHES)));
        }),
        1 | 6 => (0..9).for_each(|i| {
            let a = y + h * i as f32 / 9.0;
            c.poly(
                &[
                    (x, a + 8.0),
                    (x + w * 0.5, a),
                    (x + w, a + 8.0),
                    (x + w, a + 14.0),
                    (x + w * 0.5, a + 6.0),
                    (x, a + 14.0),
                ],
                CLOTHES[i % CLOTHES.len()],
            );
        }),
        2 | 7 => (0..10).for_each(|_| {
            let (px, py) = (
                x + dice.between(16.0, w - 16.0),
                y + dice.between(16.0, h - 16.0),
            );
            let r = dice.between(8.0, 16.0);
            c.poly(
                &[(px - r, py + r), (px + r, py + r * 0.6), (px, py - r)],
                dice.pick(&CLOTHES),
            );
        }),
        3 => {
            c.poly(
                &arc(
                    (x + w / 2.0, y + h * 0.62),
                    w * 0.42,
                    w * 0.42,
                    180.0,
                    360.0,
                ),
                0xE9785A,
            );
            c.rect(x, y + h * 0.62, w, h * 0.38, 0x2F7FBF);
            (0..5).for_each(|i| {
                c.rect(
                    x + 8.0 + i as f32 * 9.0,
                    y + h * 0.68 + i as f32 * 10.0,
                    w - 16.0 - i as f32 * 18.0,
                    4.0,
                    0xF6C77A,
                )
            });
        }
        _ => {
            c.oval(x + w / 2.0, y + h * 0.5, w * 0.3, h * 0.16, 0xF0B429);
            c.poly(
                &[
                    (x + w * 0.24, y + h * 0.5),
                    (x + w * 0.04, y + h * 0.36),
                    (x + w * 0.04, y + h * 0.64),
                ],
                0xD9483B,
            );
            c.dot(x + w * 0.68, y + h * 0.46, 4.5, 0x2B2B33);
            (0..4).for_each(|i| {
                c.dot(
                    x + w * 0.86,
                    y + h * (0.36 - i as f32 * 0.09),
                    3.0 + i as f32,
                    0x7FC4E0,
                )
            });
        }
    }
}

/// The school's badge on white.
pub fn crest(c: &mut Canvas, _: &mut Dice) {
    let (wide, navy, gold) = (c.width(), 0x1F2F5C, 0xD9A93A);
    c.rect(0.0, 0.0, wide, c.height(), 0xFFFFFF);
    let m = wide / 2.0;
    for (grow, rgb) in [(0.0, gold), (9.0, navy), (17.0, 0xFFFFFF), (22.0, JUMPER)] {
        c.poly(&shield(m, grow), rgb);
    }
    let field = shield(m, 22.0);
    let upper: Vec<P> = field
        .iter()
        .map(|(x, y)| (x.max(m), y.min(236.0)))
        .collect();
    let lower: Vec<P> = field
        .iter()
        .map(|(x, y)| (x.min(m), y.max(236.0)))
        .collect();
    c.poly(&upper, navy);
    c.poly(&lower, navy);
    c.rect(m - 4.0, 80.0, 8.0, 360.0, gold);
    c.rect(m - 173.0, 232.0, 346.0, 8.0, gold);
    book(c, (m + 84.0, 166.0), gold);
    for (x, y) in [(m - 110.0, 140.0), (m - 60.0, 176.0), (m - 108.0, 200.0)] {
        star(c, (x, y), 20.0, gold);
    }
    c.stroke(&[(m - 74.0, 360.0), (m - 74.0, 300.0)], 9.0, 0xB98A52);
    for (dx, dy, r) in [(0.0, -30.0, 26.0), (-22.0, -8.0, 21.0), (22.0, -8.0, 21.0)] {
        c.dot(m - 74.0 + dx, 300.0 + dy, r, 0x6FB25A);
    }
    for i in 0..3 {
        let wave: Vec<P> = (0..=14)
            .map(|t| {
                (
                    m + 22.0 + t as f32 * (8.2 - i as f32 * 1.6),
                    288.0 + i as f32 * 34.0 + 7.0 * sin_cos(t as f32 * 51.0).0,
                )
            })
            .collect();
        c.stroke(&wave, 9.0, 0xBFE0F2);
    }
    c.poly(
        &[
            (m - 236.0, 470.0),
            (m - 196.0, 458.0),
            (m - 196.0, 520.0),
            (m - 236.0, 540.0),
            (m - 220.0, 504.0),
        ],
        mix(gold, 0x5A3A08, 0.35),
    );
    c.poly(
        &[
            (m + 236.0, 470.0),
            (m + 196.0, 458.0),
            (m + 196.0, 520.0),
            (m + 236.0, 540.0),
            (m + 220.0, 504.0),
        ],
        mix(gold, 0x5A3A08, 0.35),
    );
    c.soft_rect((m - 208.0, 474.0, 416.0, 60.0), 6.0, gold);
    write(c, "LEARN AND GROW", (m, 493.0), 23.0, navy);
}

/// Outline of the shield, drawn in by `inset` on every side.
fn shield(m: f32, inset: f32) -> Vec<P> {
    let (half, top) = (196.0 - inset, 58.0 + inset);
    let flank = arc((m - 68.0, 208.0), 264.0 - inset, 258.0 - inset, 0.0, 75.0);
    let right = flank.iter().map(|(x, y)| (x.max(m), *y));
    let left = flank.iter().rev().map(|(x, y)| ((2.0 * m - x).min(m), *y));
    [(m - half, top), (m + half, top)]
        .into_iter()
        .chain(right)
        .chain(left)
        .collect()
}

fn star(c: &mut Canvas, (x, y): P, r: f32, rgb: u32) {
    let points: Vec<P> = (0..10)
        .map(|i| {
            let (s, k) = sin_cos(i as f32 * 36.0 - 90.0);
            let far = if i % 2 == 0 { r } else { r * 0.42 };
            (x + k * far, y + s * far)
        })
        .collect();
    c.poly(&points, rgb);
}
