//! Tables of good things: harvest and the cake stall.

use super::super::draw::{Canvas, Dice, Ink, P, arc, mix, sin_cos};
use super::super::figures::{CLOTHES, JUMPER, Outfit, Pose, bunting, person, shadow};
use super::super::lettering::write;

const AUTUMN: [u32; 5] = [0xC9581E, 0xE09A2B, 0x9C3B1B, 0xB98A2E, 0x7C7A2C];

/// A harvest table: pumpkins, loaves, apples, tins and a sheaf.
pub fn harvest(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    c.rect(0.0, 0.0, wide, 400.0, Ink::Fade(0xF1E4C6, 0xDDC79B));
    c.haze((180.0, 120.0), 420.0, 300.0, 0xFFF8DC, 0.7);
    c.rect(0.0, 300.0, wide, 12.0, 0xB79463);
    c.blur(1.0);
    c.soft_rect(
        (150.0, 54.0, 500.0, 106.0),
        8.0,
        Ink::Fade(0xA8552A, 0x8C4220),
    );
    c.soft_rect((158.0, 62.0, 484.0, 90.0), 6.0, 0xF8EBCB);
    write(c, "HARVEST", (400.0, 86.0), 42.0, 0x8C3F1C);
    for i in 0..44 {
        let t = i as f32 / 43.0;
        let y = 30.0 + 150.0 * (if i % 2 == 0 { 0.0 } else { 1.0 }) + dice.between(-7.0, 7.0);
        leaf(
            c,
            (140.0 + 520.0 * t, y),
            dice.between(9.0, 15.0),
            dice.pick(&AUTUMN),
            dice.between(0.0, 360.0),
        );
    }
    c.rect(0.0, 392.0, wide, 208.0, Ink::Fade(0xA9713F, 0x6E4422));
    for i in 0..6 {
        c.rect(0.0, 424.0 + i as f32 * 34.0, wide, 1.8, 0x5E3A1C);
    }
    sheaf(c, (118.0, 420.0), dice);
    for (i, x) in [508.0, 560.0, 612.0, 534.0, 588.0].into_iter().enumerate() {
        tin(c, (x, if i < 3 { 430.0 } else { 370.0 }), CLOTHES[i]);
    }
    loaf(c, (330.0, 418.0));
    pumpkin(c, (240.0, 452.0), 66.0, 0xE07A1F);
    pumpkin(c, (420.0, 486.0), 48.0, 0xD9932E);
    pumpkin(c, (690.0, 452.0), 74.0, 0xD2601A);
    basket(c, (566.0, 522.0), dice);
    for i in 0..5 {
        carrot(c, (150.0 + i as f32 * 26.0, 520.0 + (i % 2) as f32 * 12.0));
    }
    for (x, y) in [(330.0, 540.0), (364.0, 552.0), (300.0, 556.0)] {
        apple(c, (x, y), 19.0, if x > 350.0 { 0x8DB53C } else { 0xC8322B });
    }
    for _ in 0..16 {
        leaf(
            c,
            (dice.between(20.0, 780.0), dice.between(560.0, 594.0)),
            dice.between(8.0, 14.0),
            dice.pick(&AUTUMN),
            dice.between(0.0, 360.0),
        );
    }
}

fn leaf(c: &mut Canvas, (x, y): P, size: f32, rgb: u32, turn: f32) {
    let at = |angle: f32, far: f32| {
        let (s, k) = sin_cos(turn + angle);
        (x + k * far * size, y + s * far * size)
    };
    c.poly(
        &[
            at(0.0, 1.3),
            at(35.0, 0.6),
            at(70.0, 0.9),
            at(110.0, 0.5),
            at(180.0, 0.9),
            at(250.0, 0.5),
            at(290.0, 0.9),
            at(325.0, 0.6),
        ],
        rgb,
    );
    c.stroke(
        &[at(0.0, 1.1), at(180.0, 1.4)],
        1.2,
        mix(rgb, 0x2A1408, 0.4),
    );
}

fn sheaf(c: &mut Canvas, (x, y): P, dice: &mut Dice) {
    shadow(c, (x, y + 22.0), 90.0);
    for i in 0..40 {
        let spread = (i as f32 - 19.5) / 19.5;
        let top = (
            x + spread * 82.0,
            y - 180.0 + spread * spread * 40.0 + dice.between(-12.0, 12.0),
        );
        let rgb = dice.pick(&[0xE2B84E, 0xD0A03A, 0xEFCB6C]);
        c.stroke(
            &[
                (x + spread * 52.0, y + 18.0),
                (x + spread * 20.0, y - 60.0),
                top,
            ],
            2.8,
            rgb,
        );
        c.oval(top.0, top.1 - 8.0, 4.6, 13.0, mix(rgb, 0x8A5A14, 0.25));
    }
    c.soft_rect((x - 28.0, y - 72.0, 56.0, 18.0), 7.0, 0xA3282E);
}

fn tin(c: &mut Canvas, (x, y): P, rgb: u32) {
    c.rect(x - 23.0, y - 56.0, 46.0, 56.0, 0xC9CED2);
    c.rect(x - 23.0, y - 49.0, 46.0, 42.0, Ink::Flat(rgb));
    c.faintly(0.25, |c| c.rect(x - 17.0, y - 56.0, 8.0, 56.0, 0xFFFFFF));
    c.oval(x, y - 56.0, 23.0, 5.5, 0xE4E7E9);
    c.oval(x, y - 27.0, 11.0, 12.0, 0xFFF7E4);
}

fn loaf(c: &mut Canvas, (x, y): P) {
    shadow(c, (x, y + 4.0), 76.0);
    c.soft_rect(
        (x - 62.0, y - 54.0, 124.0, 58.0),
        27.0,
        Ink::Fade(0xD99A4C, 0x9C5F26),
    );
    for i in 0..4 {
        let at = x - 38.0 + i as f32 * 24.0;
        c.stroke(&[(at - 6.0, y - 24.0), (at + 8.0, y - 45.0)], 5.5, 0xF2D29A);
    }
}

fn pumpkin(c: &mut Canvas, (x, y): P, r: f32, rgb: u32) {
    shadow(c, (x, y + r * 0.72), r * 1.3);
    for (dx, w) in [
        (-0.62, 0.46),
        (0.62, 0.46),
        (-0.34, 0.5),
        (0.34, 0.5),
        (0.0, 0.42),
    ] {
        let tint = mix(rgb, 0x5A2006, 0.3 * if dx < 0.0 { -dx } else { dx });
        c.oval(
            x + dx * r,
            y,
            w * r,
            r * 0.78,
            Ink::Fade(mix(tint, 0xFFE9A0, 0.22), mix(tint, 0x481A06, 0.28)),
        );
    }
    c.stroke(
        &[
            (x, y - r * 0.7),
            (x + r * 0.06, y - r * 0.95),
            (x + r * 0.2, y - r * 1.05),
        ],
        r * 0.16,
        0x5F7A35,
    );
}

fn apple(c: &mut Canvas, (x, y): P, r: f32, rgb: u32) {
    shadow(c, (x, y + r * 0.85), r * 1.3);
    c.dot(
        x - r * 0.25,
        y,
        r * 0.82,
        Ink::Fade(mix(rgb, 0xFFFFFF, 0.12), mix(rgb, 0x300808, 0.3)),
    );
    c.dot(
        x + r * 0.25,
        y,
        r * 0.82,
        Ink::Fade(mix(rgb, 0xFFFFFF, 0.12), mix(rgb, 0x300808, 0.3)),
    );
    c.haze((x - r * 0.4, y - r * 0.4), r * 0.4, r * 0.4, 0xFFFFFF, 0.7);
    c.stroke(
        &[(x, y - r * 0.6), (x + r * 0.15, y - r * 1.15)],
        r * 0.13,
        0x5A3A1E,
    );
}

fn carrot(c: &mut Canvas, (x, y): P) {
    c.poly(
        &[
            (x - 9.0, y - 8.0),
            (x + 9.0, y - 8.0),
            (x + 4.0, y + 30.0),
            (x, y + 48.0),
            (x - 4.0, y + 30.0),
        ],
        Ink::Fade(0xF0892B, 0xD9661A),
    );
    for dx in [-9.0, 0.0, 9.0] {
        c.stroke(&[(x, y - 8.0), (x + dx, y - 34.0)], 4.0, 0x4F8F36);
    }
}

fn basket(c: &mut Canvas, (x, y): P, dice: &mut Dice) {
    shadow(c, (x, y + 44.0), 104.0);
    c.stroke(&arc((x, y - 14.0), 74.0, 74.0, 180.0, 360.0), 7.0, 0x8A5E2E);
    for i in 0..9 {
        apple(
            c,
            (x - 60.0 + i as f32 * 15.0, y - 20.0 - (i % 3) as f32 * 9.0),
            17.0,
            dice.pick(&[0xC8322B, 0xD8B23A, 0x8DB53C]),
        );
    }
    c.poly(
        &[
            (x - 82.0, y - 14.0),
            (x + 82.0, y - 14.0),
            (x + 64.0, y + 46.0),
            (x - 64.0, y + 46.0),
        ],
        Ink::Fade(0xC49552, 0x8E6430),
    );
    for row in 0..4 {
        for i in 0..10 {
            let bx = x - 72.0 + i as f32 * 16.0 + (row % 2) as f32 * 8.0;
            c.stroke(
                &[
                    (bx - 5.0, y - 4.0 + row as f32 * 13.0),
                    (bx + 5.0, y - 4.0 + row as f32 * 13.0),
                ],
                4.0,
                0xA97C40,
            );
        }
    }
    c.soft_rect((x - 88.0, y - 22.0, 176.0, 14.0), 6.0, 0xB5813F);
}

/// A stall with cakes under bunting.
pub fn cakes(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    c.rect(0.0, 0.0, wide, 600.0, Ink::Fade(0xCFE3E0, 0xA9C9C4));
    c.rect(0.0, 330.0, wide, 270.0, Ink::Fade(0xB98F66, 0x9B7450));
    for x in [40.0, 560.0] {
        c.rect(x, 90.0, 190.0, 190.0, 0xFBFAF4);
        c.rect(x + 8.0, 98.0, 174.0, 174.0, Ink::Fade(0xBFE0F2, 0xD9EDC8));
        c.rect(x + 92.0, 98.0, 6.0, 174.0, 0xFBFAF4);
    }
    c.blur(2.2);
    let pastel = [0xE86A8A, 0xF3C24B, 0x6CB7C9, 0x8FC26B, 0xA884C9];
    bunting(c, (-10.0, 36.0), (400.0, 42.0), 30.0, &pastel);
    bunting(c, (400.0, 42.0), (810.0, 34.0), 30.0, &pastel);
    c.soft_rect((272.0, 96.0, 256.0, 74.0), 10.0, 0x3E5A4E);
    c.soft_rect((278.0, 102.0, 244.0, 62.0), 8.0, 0x2F463D);
    write(c, "CAKE STALL", (400.0, 121.0), 24.0, 0xFFF6DC);
    for (x, tall, top) in [
        (150.0, 250.0, 0x7B5BA6),
        (640.0, -262.0, 0xD97F3C),
        (290.0, 196.0, JUMPER),
    ] {
        person(
            c,
            (x, 460.0),
            tall,
            Pose::HOLD,
            Outfit::draw(dice, top, 0x33405A),
        );
    }
    c.rect(30.0, 372.0, 740.0, 34.0, 0xFFFFFF);
    cloth(c);
    tiers(c, (400.0, 392.0));
    for (x, rgb) in [
        (110.0, 0xF7B7C8),
        (196.0, 0x6B3F25),
        (620.0, 0xFFF1D0),
        (704.0, 0xC8E6A0),
    ] {
        round_cake(c, (x, 396.0), rgb);
    }
    for i in 0..6 {
        let x = 262.0 + (i % 3) as f32 * 30.0 + if i > 2 { 230.0 } else { 0.0 };
        bun(c, (x - 4.0, 398.0), pastel[i % 5]);
    }
    for (x, price) in [(152.0, "50P"), (660.0, "70P")] {
        c.poly(
            &[
                (x - 28.0, 432.0),
                (x + 28.0, 432.0),
                (x + 24.0, 396.0),
                (x - 24.0, 396.0),
            ],
            0xFFFDF2,
        );
        write(c, price, (x, 406.0), 16.0, 0x8A2B3C);
    }
}

fn cloth(c: &mut Canvas) {
    c.poly(
        &[(30.0, 404.0), (770.0, 404.0), (784.0, 590.0), (16.0, 590.0)],
        0xF9F4EC,
    );
    c.faintly(0.5, |c| {
        for i in 0..15 {
            let x = 34.0 + i as f32 * 50.0;
            c.poly(
                &[
                    (x, 372.0),
                    (x + 25.0, 372.0),
                    (x + 25.0 + (x - 400.0) * 0.035, 590.0),
                    (x + (x - 400.0) * 0.035, 590.0),
                ],
                0xDB5B66,
            );
        }
        for i in 0..5 {
            let y = 380.0 + i as f32 * 46.0;
            c.rect(24.0, y, 752.0, 23.0, 0xDB5B66);
        }
    });
    c.faintly(0.16, |c| c.rect(26.0, 404.0, 748.0, 10.0, 0x401018));
    c.haze((400.0, 590.0), 420.0, 40.0, 0x201008, 0.4);
}

fn tiers(c: &mut Canvas, (x, y): P) {
    c.rect(x - 4.0, y - 122.0, 8.0, 122.0, 0xC9CDD2);
    for (level, half) in [(0.0, 74.0), (46.0, 54.0), (92.0, 34.0)] {
        let count = (half / 12.0) as usize;
        c.oval(x, y - level, half, 7.0, 0xE6E9EC);
        for i in 0..count {
            let bx = x + (i as f32 - (count as f32 - 1.0) / 2.0) * 23.0;
            bun(
                c,
                (bx, y - level - 3.0),
                CLOTHES[(i * 2 + count) % CLOTHES.len()],
            );
        }
    }
}

fn bun(c: &mut Canvas, (x, y): P, icing: u32) {
    c.poly(
        &[
            (x - 11.0, y - 16.0),
            (x + 11.0, y - 16.0),
            (x + 8.0, y),
            (x - 8.0, y),
        ],
        Ink::Fade(0xE9C48A, 0xC9965A),
    );
    let icing = mix(icing, 0xFFFFFF, 0.45);
    c.oval(x, y - 18.0, 13.0, 8.0, icing);
    c.oval(x - 1.0, y - 24.0, 8.0, 6.0, mix(icing, 0xFFFFFF, 0.3));
    c.dot(x, y - 30.0, 3.4, 0xD22F3C);
}

fn round_cake(c: &mut Canvas, (x, y): P, icing: u32) {
    shadow(c, (x, y + 8.0), 46.0);
    c.oval(x, y, 44.0, 9.0, 0xF4F4F2);
    c.soft_rect(
        (x - 34.0, y - 40.0, 68.0, 42.0),
        6.0,
        Ink::Fade(0xE2B06E, 0xC48A4A),
    );
    c.rect(x - 34.0, y - 23.0, 68.0, 6.0, 0xB8324A);
    c.soft_rect((x - 36.0, y - 50.0, 72.0, 18.0), 8.0, icing);
    for i in 0..5 {
        let dx = -26.0 + i as f32 * 13.0;
        c.soft_rect(
            (x + dx - 5.0, y - 40.0, 10.0, 12.0 + (i % 3) as f32 * 5.0),
            4.9,
            icing,
        );
        c.dot(x + dx, y - 51.0, 4.0, mix(icing, 0xD22F3C, 0.8));
    }
}
