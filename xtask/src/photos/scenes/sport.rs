//! Sports day and the football team.

use super::super::draw::{Canvas, Dice, Ink, P, arc};
use super::super::figures::{
    CLOTHES, HAIR, Hair, Outfit, Pose, SKIN, bunting, cloud, grass, person, shadow, sky, tree,
};
use super::super::lettering::write;

const HOUSES: [u32; 4] = [0xD8382F, 0x2B6CC4, 0xF2BE2C, 0x2F9E58];

/// Four runners with batons on the bend of a red track.
pub fn relay(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    sky(c, 250.0, 0x4F9FE0, 0xCBE6F7);
    cloud(c, (170.0, 80.0), 60.0);
    cloud(c, (600.0, 60.0), 45.0);
    cloud(c, (420.0, 130.0), 34.0);
    c.poly(
        &[
            (0.0, 235.0),
            (210.0, 205.0),
            (430.0, 228.0),
            (640.0, 200.0),
            (wide, 222.0),
            (wide, 270.0),
            (0.0, 270.0),
        ],
        Ink::Fade(0x8DB98C, 0x6FA569),
    );
    for i in 0..13 {
        let x = i as f32 * 68.0 + dice.between(-14.0, 14.0);
        tree(
            c,
            (x, 262.0),
            dice.between(70.0, 115.0),
            dice.pick(&[0x4E8F4B, 0x5C9A45, 0x3E7F4C]),
            dice,
        );
    }
    c.rect(0.0, 255.0, wide, 345.0, Ink::Fade(0x8CC466, 0x5DA045));
    crowd(c, dice, 292.0, 40.0, 24);
    c.blur(1.3);
    bunting(c, (-20.0, 195.0), (410.0, 190.0), 26.0, &HOUSES);
    bunting(c, (410.0, 190.0), (830.0, 200.0), 24.0, &HOUSES);
    c.stroke(&[(410.0, 188.0), (410.0, 300.0)], 4.0, 0xE9E4D8);
    bend(c, 310.0, 600.0);
    grass(c, (0.0, 270.0, wide, 40.0), 0x7DB858, 120, dice);
    let runners = [
        (200.0, 418.0, 150.0, 3),
        (390.0, 452.0, 172.0, 2),
        (145.0, 540.0, 200.0, 0),
        (560.0, 562.0, 222.0, 1),
    ];
    for (i, (x, y, tall, house)) in runners.into_iter().enumerate() {
        shadow(c, (x + 20.0, y + 2.0), tall * 0.36);
        let outfit = Outfit::draw(dice, HOUSES[house], 0x2C3550).in_shorts();
        let pose = if i % 2 == 0 { Pose::RUN } else { Pose::STRIDE };
        let hand = if i % 2 == 0 {
            (x + tall * 0.22, y - tall * 0.84)
        } else {
            (x + tall * 0.36, y - tall * 0.66)
        };
        c.stroke(
            &[
                (hand.0 - tall * 0.05, hand.1 + tall * 0.04),
                (hand.0 + tall * 0.08, hand.1 - tall * 0.07),
            ],
            tall * 0.035,
            0xFFF3C4,
        );
        person(c, (x, y), tall, pose, outfit);
    }
}

fn bend(c: &mut Canvas, top: f32, bottom: f32) {
    let wide = c.width();
    let edge = |t: f32| -> Vec<P> {
        let y = top + (bottom - top) * t;
        (0..=20)
            .map(|i| i as f32 / 20.0)
            .map(|u| (u * wide, y - 46.0 * (1.0 - t * 0.4) * u * u + 14.0 * u))
            .collect()
    };
    let mut lane = edge(0.06);
    lane.extend(edge(1.25).into_iter().rev());
    c.poly(&lane, Ink::Fade(0xC8664C, 0xA8432F));
    for i in 0..6 {
        let t = 0.06 + i as f32 * 0.08 + (i * i) as f32 * 0.027;
        c.stroke(&edge(t), 2.0 + i as f32 * 0.9, 0xF6E9E0);
    }
}

fn crowd(c: &mut Canvas, dice: &mut Dice, y: f32, tall: f32, count: usize) {
    let wide = c.width();
    for i in 0..count {
        let x = (i as f32 + 0.5) * wide / count as f32 + dice.between(-8.0, 8.0);
        let outfit = Outfit::draw(dice, dice_colour(i), 0x3A4256);
        let pose = if dice.between(0.0, 1.0) < 0.4 {
            Pose::CHEER
        } else {
            Pose::STAND
        };
        person(
            c,
            (x, y + dice.between(-4.0, 4.0)),
            tall * dice.between(0.85, 1.2),
            pose,
            outfit,
        );
    }
}

fn dice_colour(i: usize) -> u32 {
    CLOTHES[i * 5 % CLOTHES.len()]
}

/// A runner breaks the tape under an arch, seen from the front.
pub fn finish(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    sky(c, 240.0, 0x6CB4E8, 0xE3F1F4);
    cloud(c, (120.0, 70.0), 50.0);
    cloud(c, (690.0, 95.0), 55.0);
    c.poly(
        &[
            (0.0, 215.0),
            (260.0, 190.0),
            (520.0, 205.0),
            (wide, 180.0),
            (wide, 260.0),
            (0.0, 260.0),
        ],
        0x86B58A,
    );
    c.rect(0.0, 240.0, wide, 360.0, Ink::Fade(0x93C96B, 0x64A84A));
    for i in 0..4 {
        let x = 60.0 + i as f32 * 228.0;
        c.poly(
            &[(x - 58.0, 218.0), (x, 176.0), (x + 58.0, 218.0)],
            if i % 2 == 0 { 0xF4F1EA } else { 0xD8E6F2 },
        );
        c.rect(x - 50.0, 218.0, 100.0, 44.0, 0xB9C7C9);
    }
    crowd(c, dice, 276.0, 42.0, 26);
    c.blur(1.6);
    lanes(c);
    for (side, x0) in [(1.0, 20.0), (-1.0, wide - 20.0)] {
        for i in 0..5 {
            let near = i as f32;
            let x = x0 + side * (118.0 - near * 32.0);
            let y = 360.0 + near * 56.0;
            let tall = 96.0 + near * 22.0;
            shadow(c, (x, y), tall * 0.26);
            let pose = if i % 2 == 0 { Pose::CHEER } else { Pose::OFFER };
            person(
                c,
                (x, y),
                side * tall,
                pose,
                Outfit::draw(dice, dice_colour(i + 2), 0x39465E),
            );
        }
    }
    for (x, y, tall, house) in [(300.0, 392.0, 122.0, 1), (505.0, 402.0, 128.0, 2)] {
        shadow(c, (x, y), tall * 0.3);
        person(
            c,
            (x, y),
            tall,
            Pose::RUN,
            Outfit::draw(dice, HOUSES[house], 0x2C3550).in_shorts(),
        );
    }
    arch(c);
    shadow(c, (402.0, 532.0), 80.0);
    let winner = Outfit {
        skin: SKIN[2],
        hair: HAIR[3],
        style: Hair::Short,
        ..Outfit::draw(dice, HOUSES[0], 0x2C3550).in_shorts()
    };
    person(c, (402.0, 530.0), 226.0, Pose::CHEER, winner);
    let tape: Vec<P> = (0..=16)
        .map(|i| i as f32 / 16.0)
        .map(|t| {
            (
                214.0 + 376.0 * t,
                428.0 - 30.0 * (1.0 - (2.0 * t - 1.0) * (2.0 * t - 1.0)),
            )
        })
        .collect();
    c.stroke(&tape, 8.0, 0xFFFFFF);
    c.stroke(&tape, 3.0, 0xE2574C);
}

fn lanes(c: &mut Canvas) {
    c.poly(
        &[
            (330.0, 268.0),
            (475.0, 268.0),
            (760.0, 600.0),
            (40.0, 600.0),
        ],
        Ink::Fade(0x9CCB6C, 0x71B04F),
    );
    for i in 0..=4 {
        let t = i as f32 / 4.0;
        let (a, b) = (330.0 + 145.0 * t, 40.0 + 720.0 * t);
        c.poly(
            &[
                (a - 1.0, 268.0),
                (a + 1.0, 268.0),
                (b + 7.0, 600.0),
                (b - 7.0, 600.0),
            ],
            0xF5F7EE,
        );
    }
}

fn arch(c: &mut Canvas) {
    for x in [196.0, 596.0] {
        c.soft_rect((x - 17.0, 150.0, 34.0, 340.0), 15.0, 0x2C5AA0);
        c.faintly(0.25, |c| {
            c.soft_rect((x - 13.0, 156.0, 8.0, 328.0), 4.0, 0xFFFFFF)
        });
        shadow(c, (x, 490.0), 44.0);
    }
    c.soft_rect(
        (172.0, 128.0, 448.0, 74.0),
        20.0,
        Ink::Fade(0x3B70BC, 0x244A86),
    );
    write(c, "FINISH", (396.0, 147.0), 36.0, 0xFFFFFF);
    for i in 0..12 {
        let (x, y) = (180.0 + (i % 6) as f32 * 8.0, 205.0 + (i / 6) as f32 * 8.0);
        if (i + i / 6) % 2 == 0 {
            c.rect(x, y, 8.0, 8.0, 0x20242C);
            c.rect(x + 392.0, y, 8.0, 8.0, 0x20242C);
        }
    }
}

/// A team in two rows before a goal.
pub fn football(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    sky(c, 270.0, 0x8FB4CF, 0xE9EDE6);
    cloud(c, (240.0, 60.0), 90.0);
    cloud(c, (620.0, 110.0), 70.0);
    for i in 0..16 {
        let x = i as f32 * 54.0 + dice.between(-12.0, 12.0);
        tree(
            c,
            (x, 285.0),
            dice.between(90.0, 150.0),
            dice.pick(&[0xC98A3A, 0xA9772F, 0x6E8A45, 0xB8622F]),
            dice,
        );
    }
    c.rect(0.0, 280.0, wide, 320.0, 0x5E9F4C);
    c.blur(2.0);
    for i in 0..8 {
        let (t, u) = (i as f32 / 8.0, (i as f32 + 1.0) / 8.0);
        let (a, b) = (280.0 + 320.0 * t * t, 280.0 + 320.0 * u * u);
        c.rect(
            0.0,
            a,
            wide,
            b - a,
            if i % 2 == 0 { 0x6AAE52 } else { 0x5B9E48 },
        );
    }
    goal(c);
    grass(c, (0.0, 300.0, wide, 300.0), 0x5FA34A, 700, dice);
    let kit = 0x2456A6;
    for i in 0..6 {
        let x = 190.0 + i as f32 * 84.0;
        shadow(c, (x, 458.0), 46.0);
        let keeper = i == 3;
        let outfit = Outfit::draw(dice, if keeper { 0xE8B92E } else { kit }, 0xF2F2F2).in_shorts();
        person(
            c,
            (x, 456.0),
            if i < 3 { 186.0 } else { -186.0 } * dice.between(0.95, 1.05),
            Pose::HOLD,
            outfit,
        );
        stripe(c, (x, 456.0 - 186.0 * 0.58), 186.0, keeper);
    }
    for i in 0..5 {
        let x = 226.0 + i as f32 * 86.0;
        shadow(c, (x, 528.0), 52.0);
        let outfit = Outfit::draw(dice, kit, 0xF2F2F2).in_shorts();
        person(
            c,
            (x, 526.0),
            if i < 3 { 178.0 } else { -178.0 },
            Pose::KNEEL,
            outfit,
        );
    }
    ball(c, (402.0, 548.0), 21.0);
}

fn stripe(c: &mut Canvas, (x, y): P, tall: f32, keeper: bool) {
    if !keeper {
        c.faintly(0.85, |c| {
            c.rect(x - tall * 0.07, y, tall * 0.14, tall * 0.035, 0xFFFFFF)
        });
    }
}

fn goal(c: &mut Canvas) {
    c.faintly(0.55, |c| {
        for i in 0..=28 {
            let x = 96.0 + i as f32 * 22.0;
            c.stroke(
                &[(x, 186.0), (60.0 + i as f32 * 24.6, 398.0)],
                1.1,
                0xFFFFFF,
            );
        }
        for i in 0..=10 {
            let y = 186.0 + i as f32 * 21.0;
            c.stroke(
                &[(96.0 - i as f32 * 3.5, y), (712.0 + i as f32 * 3.5, y)],
                1.1,
                0xFFFFFF,
            );
        }
    });
    c.stroke(
        &[(84.0, 408.0), (84.0, 172.0), (726.0, 172.0), (726.0, 408.0)],
        11.0,
        0xF8F8F6,
    );
    c.stroke(&[(81.0, 406.0), (81.0, 172.0)], 2.5, 0xC9CFD2);
}

fn ball(c: &mut Canvas, (x, y): P, r: f32) {
    shadow(c, (x, y + r * 0.95), r * 1.5);
    c.dot(x, y, r, Ink::Fade(0xFFFFFF, 0xCFD4D8));
    for i in 0..5 {
        let rim = arc(
            (x, y),
            r * 0.82,
            r * 0.82,
            i as f32 * 72.0 - 98.0,
            i as f32 * 72.0 - 82.0,
        );
        c.stroke(&[(x, y), rim[0]], 1.4, 0x4A5058);
        c.stroke(&rim, r * 0.3, 0x2A2E34);
    }
    let patch: Vec<P> = (0..5)
        .map(|i| {
            arc(
                (x, y),
                r * 0.36,
                r * 0.36,
                i as f32 * 72.0 - 90.0,
                i as f32 * 72.0 - 80.0,
            )[0]
        })
        .collect();
    c.poly(&patch, 0x2A2E34);
}
