//! Two pictures without people: boots after a wet walk, and a wreath.

use super::super::draw::{Canvas, Dice, Ink, P, mix, sin_cos};
use super::super::figures::{CLOTHES, grass, sky, tree};
use super::super::lettering::write;

/// Wellingtons on a rack under coats, after a wet walk.
pub fn wellies(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    c.rect(0.0, 0.0, wide, 430.0, Ink::Fade(0xE6E2D4, 0xCFC9B6));
    for row in 0..8 {
        for i in 0..14 {
            let x = i as f32 * 64.0 - (row % 2) as f32 * 32.0;
            c.faintly(0.5, |c| {
                c.rect(
                    x,
                    226.0 + row as f32 * 26.0,
                    61.0,
                    23.0,
                    mix(0xB9826A, 0xA56C54, dice.between(0.0, 1.0)),
                )
            });
        }
    }
    c.rect(0.0, 430.0, wide, 170.0, Ink::Fade(0x8B8F94, 0x6C7075));
    c.blur(1.2);
    c.soft_rect(
        (30.0, 62.0, 740.0, 22.0),
        4.0,
        Ink::Fade(0xC0935A, 0x9A6F3C),
    );
    for i in 0..7 {
        coat(
            c,
            (86.0 + i as f32 * 105.0, 84.0),
            CLOTHES[(i * 3 + 1) % CLOTHES.len()],
            dice.between(0.92, 1.1),
        );
    }
    for y in [418.0, 552.0] {
        c.haze((400.0, y + 20.0), 420.0, 30.0, 0x101418, 0.5);
        c.rect(34.0, y, 732.0, 13.0, Ink::Fade(0xC99C62, 0x94683A));
    }
    for x in [34.0, 752.0] {
        c.rect(x, 330.0, 14.0, 250.0, 0xA87A46);
    }
    for (row, y) in [(0, 418.0), (1, 552.0)] {
        for i in 0..6 {
            let x = 96.0 + i as f32 * 116.0 + (row * 8) as f32;
            let rgb = CLOTHES[(i * 2 + row * 3) % CLOTHES.len()];
            boot(c, (x - 20.0, y), mix(rgb, 0x101018, 0.15));
            boot(c, (x + 16.0, y + 1.0), rgb);
            for _ in 0..7 {
                c.dot(
                    x + dice.between(-26.0, 44.0),
                    y - dice.between(2.0, 18.0),
                    dice.between(1.0, 2.8),
                    0x6A4C30,
                );
            }
        }
    }
    for (x, y, r) in [(180.0, 584.0, 70.0), (520.0, 590.0, 110.0)] {
        c.faintly(0.55, |c| c.oval(x, y, r, r * 0.13, 0xB9CBD8));
    }
}

fn coat(c: &mut Canvas, (x, y): P, rgb: u32, size: f32) {
    let at = |dx: f32, dy: f32| (x + dx * size, y + dy * size);
    let dark = mix(rgb, 0x10141C, 0.22);
    c.dot(x, y + 4.0, 6.0, 0x6E747A);
    c.stroke(&[at(-26.0, 36.0), at(-40.0, 118.0)], 24.0 * size, dark);
    c.stroke(&[at(26.0, 36.0), at(40.0, 118.0)], 24.0 * size, dark);
    c.poly(
        &[
            at(-20.0, 14.0),
            at(20.0, 14.0),
            at(34.0, 40.0),
            at(40.0, 178.0),
            at(-40.0, 178.0),
            at(-34.0, 40.0),
        ],
        Ink::Fade(mix(rgb, 0xFFFFFF, 0.12), dark),
    );
    c.oval(x, y + 18.0 * size, 24.0 * size, 15.0 * size, dark);
    c.stroke(
        &[at(0.0, 32.0), at(0.0, 176.0)],
        2.4,
        mix(rgb, 0x000000, 0.4),
    );
    for dy in [60.0, 92.0, 124.0, 156.0] {
        let p = at(7.0, dy);
        c.dot(p.0, p.1, 3.0, 0xFFF7E0);
    }
}

fn boot(c: &mut Canvas, (x, y): P, rgb: u32) {
    c.soft_rect(
        (x - 15.0, y - 92.0, 34.0, 88.0),
        7.0,
        Ink::Fade(mix(rgb, 0xFFFFFF, 0.1), rgb),
    );
    c.soft_rect((x - 15.0, y - 30.0, 62.0, 28.0), 12.0, rgb);
    c.rect(x - 16.0, y - 92.0, 36.0, 9.0, mix(rgb, 0xFFFFFF, 0.5));
    c.soft_rect((x - 16.0, y - 7.0, 64.0, 8.0), 3.0, 0x2C2C32);
    c.faintly(0.35, |c| {
        c.soft_rect((x - 9.0, y - 78.0, 6.0, 52.0), 3.0, 0xFFFFFF)
    });
}

/// A wreath of poppies against a stone cross, upright.
pub fn poppies(c: &mut Canvas, dice: &mut Dice) {
    let (wide, high) = (c.width(), c.height());
    let m = wide / 2.0;
    sky(c, high * 0.62, 0xA9B7C4, 0xE3E4DE);
    c.haze((m, 200.0), 420.0, 300.0, 0xFFFFFF, 0.6);
    for i in 0..9 {
        tree(
            c,
            (i as f32 * 78.0 - 10.0, high * 0.6),
            dice.between(130.0, 220.0),
            dice.pick(&[0x8A7A3C, 0xA5672E, 0x6E7A4A]),
            dice,
        );
    }
    c.rect(
        0.0,
        high * 0.54,
        wide,
        high * 0.07,
        Ink::Fade(0x4F6B42, 0x3E5836),
    );
    c.rect(
        0.0,
        high * 0.58,
        wide,
        high * 0.42,
        Ink::Fade(0x7C9A5C, 0x56763E),
    );
    c.blur(3.0);
    let stone = Ink::Fade(0xD8D3C6, 0xA9A395);
    for (half, y) in [(210.0, 690.0), (160.0, 640.0), (110.0, 592.0)] {
        c.haze((m, y + 54.0), half * 1.15, 26.0, 0x1A2414, 0.55);
        c.rect(m - half, y, half * 2.0, 52.0, stone);
        c.rect(m - half, y, half * 2.0, 7.0, 0xE9E5DA);
    }
    c.poly(
        &[
            (m - 44.0, 594.0),
            (m - 32.0, 60.0),
            (m + 32.0, 60.0),
            (m + 44.0, 594.0),
        ],
        stone,
    );
    c.rect(m - 128.0, 138.0, 256.0, 60.0, stone);
    c.faintly(0.35, |c| {
        c.poly(
            &[
                (m + 14.0, 594.0),
                (m + 16.0, 60.0),
                (m + 32.0, 60.0),
                (m + 44.0, 594.0),
            ],
            0x6A6458,
        )
    });
    for _ in 0..260 {
        let (x, y) = (m + dice.between(-200.0, 200.0), dice.between(600.0, 740.0));
        c.faintly(0.22, |c| c.dot(x, y, dice.between(1.0, 2.6), 0x6E685C));
    }
    wreath(c, (m, 560.0), dice);
    for _ in 0..60 {
        let (x, y) = (dice.between(0.0, wide), dice.between(742.0, high));
        c.oval(
            x,
            y,
            dice.between(4.0, 9.0),
            3.0,
            dice.pick(&[0xB0702E, 0x8E5424, 0xC8923C]),
        );
    }
    grass(c, (0.0, 730.0, wide, high - 730.0), 0x5E7F44, 260, dice);
}

fn wreath(c: &mut Canvas, (x, y): P, dice: &mut Dice) {
    c.haze((x + 10.0, y + 16.0), 160.0, 150.0, 0x14100C, 0.5);
    for i in 0..46 {
        let (s, k) = sin_cos(i as f32 * 7.83);
        let (far, tip) = (dice.between(84.0, 100.0), dice.between(126.0, 146.0));
        c.stroke(
            &[(x + k * far, y + s * far), (x + k * tip, y + s * tip)],
            13.0,
            dice.pick(&[0x2F5A33, 0x3F7040, 0x274A2C]),
        );
    }
    for i in 0..26 {
        let (s, k) = sin_cos(i as f32 * 13.85);
        let far = if i % 2 == 0 { 118.0 } else { 84.0 };
        poppy(
            c,
            (x + k * far, y + s * far),
            dice.between(24.0, 28.0),
            i as f32 * 40.0,
        );
    }
    c.soft_rect((x - 46.0, y - 34.0, 92.0, 68.0), 6.0, 0xFBF8EE);
    write(c, "WE WILL", (x, y - 20.0), 12.0, 0x2B2B33);
    write(c, "REMEMBER", (x, y + 4.0), 11.0, 0x2B2B33);
}

fn poppy(c: &mut Canvas, (x, y): P, r: f32, turn: f32) {
    for petal in 0..4 {
        let (s, k) = sin_cos(turn + petal as f32 * 90.0);
        let rgb = if petal % 2 == 0 { 0xD7262B } else { 0xB91B22 };
        c.dot(
            x + k * r * 0.42,
            y + s * r * 0.42,
            r * 0.62,
            Ink::Fade(mix(rgb, 0xFF7A60, 0.2), rgb),
        );
    }
    c.dot(x, y, r * 0.26, 0x17140F);
    c.dot(x, y, r * 0.11, 0x4E6A3A);
}
