//! The choir in the hall and the pantomime.

use super::super::draw::{Canvas, Dice, Ink, P, arc, mix, sin_cos};
use super::super::figures::{HAIR, Hair, JUMPER, Outfit, Pose, person, shadow};

/// A choir on risers in a hall, a conductor and a piano.
pub fn choir(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    c.rect(0.0, 0.0, wide, 420.0, Ink::Fade(0xE9D9B8, 0xD9BF92));
    for i in 0..4 {
        hall_window(c, 60.0 + i as f32 * 194.0);
    }
    c.rect(0.0, 300.0, wide, 130.0, Ink::Fade(0x8A5A34, 0x74482A));
    for i in 0..24 {
        c.rect(i as f32 * 36.0, 300.0, 2.0, 130.0, 0x69401F);
    }
    c.rect(0.0, 430.0, wide, 170.0, Ink::Fade(0xC58C54, 0xA66E3C));
    for i in 0..12 {
        let x = i as f32 * 90.0 - 140.0;
        c.stroke(
            &[
                (400.0 + (x - 350.0) * 0.62, 430.0),
                (400.0 + (x - 350.0) * 1.4, 600.0),
            ],
            1.3,
            0x93602F,
        );
    }
    c.blur(1.0);
    for row in 0..3 {
        let y = 330.0 + row as f32 * 52.0;
        let spread = 9 + row;
        c.rect(
            122.0 - row as f32 * 10.0,
            y,
            500.0 + row as f32 * 20.0,
            54.0,
            Ink::Fade(0x70757E, 0x565B64),
        );
        for i in 0..spread {
            let x = 372.0 + (i as f32 - (spread as f32 - 1.0) / 2.0) * 52.0;
            let outfit = Outfit {
                skirt: i % 2 == 0,
                ..Outfit::draw(dice, JUMPER, 0x3B3F4A)
            };
            person(
                c,
                (x, y + 22.0),
                if x < 372.0 { 138.0 } else { -138.0 },
                Pose::HOLD,
                outfit,
            );
            c.poly(
                &[(x - 6.0, y - 84.0), (x + 6.0, y - 84.0), (x, y - 74.0)],
                0xFFFFFF,
            );
            c.soft_rect((x - 14.0, y - 62.0, 28.0, 20.0), 2.0, 0x22262E);
        }
    }
    piano(c);
    shadow(c, (330.0, 586.0), 66.0);
    let leader = Outfit {
        skirt: true,
        ..Outfit::draw(dice, 0x2B6F77, 0x26323F).turned_away()
    };
    person(c, (330.0, 584.0), 232.0, Pose::CHEER, leader);
    c.haze((240.0, 200.0), 420.0, 330.0, 0xFFE9B0, 0.22);
}

fn hall_window(c: &mut Canvas, x: f32) {
    c.soft_rect((x - 8.0, 22.0, 104.0, 252.0), 40.0, 0xF6EEDC);
    c.soft_rect((x, 30.0, 88.0, 238.0), 36.0, Ink::Fade(0xA9D4F0, 0xF1F7EC));
    c.rect(x + 41.0, 30.0, 6.0, 238.0, 0xF6EEDC);
    for row in 0..3 {
        c.rect(x, 92.0 + row as f32 * 58.0, 88.0, 5.0, 0xF6EEDC);
    }
}

fn piano(c: &mut Canvas) {
    shadow(c, (712.0, 566.0), 110.0);
    c.soft_rect(
        (626.0, 386.0, 186.0, 178.0),
        6.0,
        Ink::Fade(0x4A2C1C, 0x321C12),
    );
    c.rect(620.0, 452.0, 196.0, 26.0, 0x5B3824);
    c.rect(630.0, 458.0, 186.0, 12.0, 0xF7F3E8);
    for i in 0..15 {
        c.rect(636.0 + i as f32 * 12.4, 458.0, 5.0, 7.0, 0x16161A);
    }
    c.poly(
        &[
            (664.0, 444.0),
            (668.0, 406.0),
            (760.0, 406.0),
            (756.0, 444.0),
        ],
        0xFBF8EF,
    );
    for i in 0..5 {
        c.rect(672.0, 413.0 + i as f32 * 6.0, 80.0, 1.0, 0x555555);
    }
}

/// A stage between red curtains: a castle, a beanstalk, a cow and two players.
pub fn panto(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    c.rect(0.0, 0.0, wide, 600.0, 0x1B1422);
    c.rect(110.0, 60.0, 580.0, 350.0, Ink::Fade(0x2E4A8C, 0xF0A768));
    for _ in 0..26 {
        c.dot(
            dice.between(120.0, 680.0),
            dice.between(70.0, 190.0),
            dice.between(0.8, 2.0),
            0xFFF7D8,
        );
    }
    c.dot(590.0, 130.0, 30.0, 0xFFF3CC);
    c.dot(602.0, 122.0, 27.0, Ink::Fade(0x415388, 0x5F6283));
    c.poly(
        &[
            (110.0, 340.0),
            (250.0, 290.0),
            (420.0, 330.0),
            (560.0, 280.0),
            (690.0, 325.0),
            (690.0, 412.0),
            (110.0, 412.0),
        ],
        Ink::Fade(0x4E7E57, 0x35613F),
    );
    castle(c);
    c.poly(
        &[
            (110.0, 400.0),
            (690.0, 400.0),
            (760.0, 500.0),
            (40.0, 500.0),
        ],
        Ink::Fade(0xC58D55, 0x9C6534),
    );
    beanstalk(c);
    c.haze((300.0, 440.0), 150.0, 60.0, 0xFFF3C0, 0.5);
    c.haze((520.0, 440.0), 150.0, 60.0, 0xFFF3C0, 0.5);
    cow(c, (330.0, 452.0));
    let dame = Outfit {
        skirt: true,
        style: Hair::Bob,
        hair: 0xE5862B,
        ..Outfit::draw(dice, 0xE14F8F, 0xF3C12F)
    };
    person(c, (545.0, 470.0), -172.0, Pose::CHEER, dame);
    person(
        c,
        (225.0, 468.0),
        140.0,
        Pose::OFFER,
        Outfit {
            skirt: false,
            ..Outfit::draw(dice, 0x3C8E4A, 0x6A4226)
        },
    );
    curtains(c);
    c.rect(0.0, 498.0, wide, 22.0, Ink::Fade(0x5A2A1A, 0x3A1810));
    for i in 0..11 {
        let x = 60.0 + i as f32 * 68.0;
        c.haze((x, 492.0), 38.0, 44.0, 0xFFE9A0, 0.5);
        c.oval(x, 500.0, 12.0, 8.0, 0xFFF4C8);
    }
    for row in 0..2 {
        for i in 0..12 {
            let x = -10.0 + i as f32 * 76.0 + row as f32 * 36.0 + dice.between(-8.0, 8.0);
            let y = 556.0 + row as f32 * 40.0 + dice.between(-6.0, 6.0);
            let rgb = mix(dice.pick(&HAIR), 0x120E18, 0.72);
            c.soft_rect(
                (x - 34.0, y + 18.0, 68.0, 60.0),
                18.0,
                mix(rgb, 0x000000, 0.25),
            );
            c.dot(x, y, 24.0, rgb);
            c.faintly(0.25, |c| {
                c.stroke(&arc((x, y), 23.0, 23.0, 215.0, 325.0), 2.0, 0xFFD890)
            });
        }
    }
}

fn castle(c: &mut Canvas) {
    for (x, w, top) in [
        (410.0, 34.0, 196.0),
        (452.0, 60.0, 232.0),
        (520.0, 34.0, 206.0),
    ] {
        c.rect(x, top, w, 330.0 - top, Ink::Fade(0xB9B4C8, 0x8D88A2));
        for i in 0..(w / 10.0) as usize {
            c.rect(x + i as f32 * 10.0 + 1.0, top - 8.0, 6.0, 8.0, 0xB9B4C8);
        }
    }
    for x in [427.0, 537.0] {
        c.poly(
            &[(x - 24.0, 196.0), (x + 24.0, 196.0), (x, 140.0)],
            0x8A3B6E,
        );
        c.poly(&[(x, 140.0), (x, 122.0), (x + 20.0, 130.0)], 0xF3C12F);
        c.soft_rect((x - 5.0, 222.0, 10.0, 22.0), 4.9, 0xFFE58A);
    }
    c.soft_rect((470.0, 284.0, 24.0, 60.0), 11.0, 0x4A3350);
}

fn beanstalk(c: &mut Canvas) {
    let stem: Vec<P> = (0..=30)
        .map(|i| i as f32)
        .map(|i| (168.0 + 16.0 * sin_cos(i * 42.0).0, 440.0 - i * 13.5))
        .collect();
    c.stroke(&stem, 13.0, 0x3F8B3A);
    c.stroke(&stem, 4.0, 0x6DB552);
    for (i, (x, y)) in stem.iter().enumerate().skip(2).step_by(3) {
        let side = if i % 2 == 0 { 1.0 } else { -1.0 };
        c.poly(
            &[
                (*x, *y),
                (x + side * 22.0, y - 18.0),
                (x + side * 50.0, y - 8.0),
                (x + side * 26.0, y + 8.0),
            ],
            Ink::Fade(0x7CC45A, 0x3F8B3A),
        );
    }
}

fn cow(c: &mut Canvas, (x, y): P) {
    shadow(c, (x + 40.0, y + 20.0), 92.0);
    for leg in [0.0, 20.0, 66.0, 86.0] {
        c.stroke(&[(x + leg, y - 40.0), (x + leg, y + 10.0)], 14.0, 0xF4F0E8);
        c.soft_rect((x + leg - 8.0, y + 6.0, 16.0, 12.0), 3.0, 0x3A2C28);
    }
    c.soft_rect((x - 18.0, y - 96.0, 120.0, 64.0), 26.0, 0xFAF7F0);
    for (dx, dy, rx, ry) in [
        (10.0, -78.0, 17.0, 12.0),
        (58.0, -54.0, 20.0, 14.0),
        (84.0, -82.0, 11.0, 9.0),
    ] {
        c.oval(x + dx, y + dy, rx, ry, 0x4A3A36);
    }
    c.soft_rect((x + 92.0, y - 122.0, 52.0, 44.0), 18.0, 0xFAF7F0);
    c.soft_rect((x + 116.0, y - 104.0, 38.0, 26.0), 12.0, 0xF0B6B0);
    c.stroke(
        &[(x + 98.0, y - 120.0), (x + 90.0, y - 134.0)],
        6.0,
        0xE6D8A8,
    );
    c.stroke(
        &[(x + 126.0, y - 122.0), (x + 134.0, y - 136.0)],
        6.0,
        0xE6D8A8,
    );
    c.stroke(
        &[
            (x - 16.0, y - 84.0),
            (x - 32.0, y - 60.0),
            (x - 26.0, y - 40.0),
        ],
        4.0,
        0xF4F0E8,
    );
}

fn curtains(c: &mut Canvas) {
    for (x0, side) in [(0.0, 1.0), (800.0, -1.0)] {
        for i in 0..6 {
            let (a, b) = (
                x0 + side * i as f32 * 27.0,
                x0 + side * (i as f32 + 1.0) * 27.0,
            );
            let pull = side * -(i as f32) * 4.0;
            c.poly(
                &[(a, 40.0), (b, 40.0), (b + pull, 500.0), (a + pull, 500.0)],
                mix(0xB0202C, 0x5E0C18, if i % 2 == 0 { 0.1 } else { 0.75 }),
            );
        }
        c.rect(
            if side > 0.0 { 0.0 } else { 668.0 },
            330.0,
            132.0,
            12.0,
            0xE0B040,
        );
    }
    c.rect(0.0, 0.0, 800.0, 46.0, Ink::Fade(0x7A1220, 0xA81C2A));
    for i in 0..10 {
        let x = i as f32 * 80.0 + 40.0;
        c.poly(
            &arc((x, 44.0), 42.0, 40.0, 0.0, 180.0),
            Ink::Fade(0xB6222E, 0x7E1420),
        );
        c.stroke(&arc((x, 44.0), 41.0, 39.0, 5.0, 175.0), 4.0, 0xE0B040);
    }
}
