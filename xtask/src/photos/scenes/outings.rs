//! Out of doors: playground, coach trip and garden.

use super::super::draw::{Canvas, Dice, Ink, P, arc, mix, sin_cos};
use super::super::figures::{
    CLOTHES, JUMPER, Outfit, Pose, cloud, grass, person, shadow, sky, tree,
};
use super::super::lettering::write;

/// A playground early in the day: hopscotch, a climbing frame, long shadows.
pub fn playground(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    sky(c, 260.0, 0xF0B98A, 0xFCE9C4);
    c.haze((640.0, 150.0), 260.0, 220.0, 0xFFF6CF, 1.0);
    c.dot(640.0, 160.0, 34.0, 0xFFFBE8);
    for i in 0..7 {
        tree(
            c,
            (340.0 + i as f32 * 78.0, 276.0),
            dice.between(80.0, 130.0),
            dice.pick(&[0xB9803A, 0x8A8A3C, 0xC8682F]),
            dice,
        );
    }
    c.rect(0.0, 120.0, 300.0, 160.0, Ink::Fade(0xB8705A, 0x9A5646));
    c.poly(
        &[(-10.0, 122.0), (30.0, 70.0), (270.0, 70.0), (316.0, 122.0)],
        0x6A5560,
    );
    for i in 0..4 {
        c.rect(24.0 + i as f32 * 70.0, 156.0, 44.0, 56.0, 0xFFF0D0);
        c.rect(
            28.0 + i as f32 * 70.0,
            160.0,
            36.0,
            48.0,
            Ink::Fade(0xFFD98A, 0xB98A6A),
        );
    }
    for i in 0..40 {
        c.rect(300.0 + i as f32 * 13.0, 238.0, 3.0, 42.0, 0x5A6A5A);
    }
    c.rect(0.0, 274.0, wide, 326.0, Ink::Fade(0xA59A94, 0x7C7674));
    c.blur(1.7);
    climbing_frame(c);
    hopscotch(c);
    let yellow = 0xF2D35A;
    c.stroke(&arc((180.0, 540.0), 120.0, 34.0, 0.0, 352.5), 5.0, yellow);
    let children = [
        (120.0, 372.0, 112.0, 0),
        (330.0, 400.0, 128.0, 1),
        (470.0, 470.0, 164.0, 2),
        (245.0, 506.0, 176.0, 0),
        (690.0, 520.0, -186.0, 3),
    ];
    for (x, y, tall, kind) in children {
        let h: f32 = if tall < 0.0 { -tall } else { tall };
        // The sun is low at the back right, so shadows fall forward and left.
        c.faintly(0.28, |c| {
            c.poly(
                &[
                    (x - 8.0, y - 3.0),
                    (x + 12.0, y - 3.0),
                    (x - h * 0.62, y + h * 0.5),
                    (x - h * 0.78, y + h * 0.44),
                ],
                0x201824,
            )
        });
        let outfit = Outfit::draw(dice, JUMPER, 0x4A4E5A);
        let pose = [Pose::WALK, Pose::CHEER, Pose::STRIDE, Pose::WALK][kind];
        if kind != 1 {
            let side = if tall < 0.0 { -1.0 } else { 1.0 };
            c.soft_rect(
                (
                    x - side * h * 0.14 - h * 0.085,
                    y - h * 0.74,
                    h * 0.17,
                    h * 0.26,
                ),
                h * 0.05,
                dice.pick(&CLOTHES),
            );
        }
        person(c, (x, y), tall, pose, outfit);
    }
    c.haze((640.0, 200.0), 520.0, 420.0, 0xFFDFA0, 0.3);
}

fn climbing_frame(c: &mut Canvas) {
    shadow(c, (600.0, 400.0), 150.0);
    c.poly(
        &[
            (660.0, 272.0),
            (684.0, 266.0),
            (778.0, 400.0),
            (748.0, 406.0),
        ],
        Ink::Fade(0xF4C33A, 0xD99A24),
    );
    for x in [520.0, 580.0, 664.0] {
        c.stroke(&[(x, 408.0), (x, 230.0)], 9.0, 0x2F6FB0);
    }
    c.poly(&[(506.0, 236.0), (592.0, 190.0), (678.0, 236.0)], 0xD9483B);
    c.rect(514.0, 284.0, 156.0, 9.0, 0xB07A42);
    for i in 0..6 {
        c.stroke(
            &[
                (520.0, 304.0 + i as f32 * 18.0),
                (580.0, 304.0 + i as f32 * 18.0),
            ],
            5.0,
            0x3C9D6B,
        );
    }
    c.stroke(
        &[(440.0, 408.0), (448.0, 262.0), (520.0, 262.0)],
        6.0,
        0x2F6FB0,
    );
    for x in [466.0, 496.0] {
        c.stroke(&[(x, 264.0), (x, 348.0)], 2.0, 0x54565C);
    }
    c.stroke(&[(462.0, 350.0), (500.0, 350.0)], 7.0, 0xD9483B);
}

fn hopscotch(c: &mut Canvas) {
    let at = |u: f32, v: f32| (560.0 - v * 210.0 + u * (46.0 + v * 16.0), 588.0 - v * 150.0);
    for (i, pair) in [false, false, true, false, true, false]
        .into_iter()
        .enumerate()
    {
        let (v, next) = (i as f32 / 6.0, (i as f32 + 0.9) / 6.0);
        let cells: &[(f32, f32)] = if pair {
            &[(-1.0, -0.04), (0.04, 1.0)]
        } else {
            &[(-0.5, 0.5)]
        };
        for (k, (l, r)) in cells.iter().enumerate() {
            c.poly(
                &[at(*l, v), at(*r, v), at(*r, next), at(*l, next)],
                0xF6F3EA,
            );
            let shrink = 0.08;
            let fill = CLOTHES[(i + k * 2) % CLOTHES.len()];
            c.poly(
                &[
                    at(l + shrink, v + 0.015),
                    at(r - shrink, v + 0.015),
                    at(r - shrink, next - 0.015),
                    at(l + shrink, next - 0.015),
                ],
                fill,
            );
        }
    }
}

/// A coach by the sea, and a line of children.
pub fn coach(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    sky(c, 240.0, 0x6FB7E6, 0xDDF0F5);
    cloud(c, (620.0, 70.0), 60.0);
    cloud(c, (140.0, 100.0), 40.0);
    c.rect(0.0, 236.0, wide, 90.0, Ink::Fade(0x3E8FB8, 0x7FC4D0));
    for _ in 0..50 {
        let (x, y) = (dice.between(0.0, wide), dice.between(246.0, 318.0));
        c.faintly(0.5, |c| {
            c.rect(x, y, dice.between(8.0, 34.0), 1.6, 0xE9F8FA)
        });
    }
    c.poly(
        &[
            (wide, 120.0),
            (700.0, 150.0),
            (610.0, 180.0),
            (560.0, 262.0),
            (wide, 330.0),
        ],
        Ink::Fade(0xE9E4D4, 0xBDB59C),
    );
    c.poly(
        &[
            (wide, 100.0),
            (690.0, 138.0),
            (600.0, 176.0),
            (640.0, 190.0),
            (wide, 160.0),
        ],
        0x7FB25A,
    );
    c.rect(690.0, 66.0, 22.0, 74.0, 0xFBFBF6);
    c.rect(690.0, 88.0, 22.0, 18.0, 0xC9302E);
    c.poly(&[(686.0, 68.0), (701.0, 46.0), (716.0, 68.0)], 0xC9302E);
    c.rect(0.0, 318.0, wide, 60.0, Ink::Fade(0xEBD9A8, 0xD8C08A));
    c.rect(0.0, 372.0, wide, 228.0, Ink::Fade(0x8A8E92, 0x6A6E72));
    c.blur(1.8);
    c.poly(
        &[(0.0, 500.0), (wide, 500.0), (wide, 524.0), (0.0, 524.0)],
        0xC9C5BC,
    );
    c.rect(0.0, 524.0, wide, 76.0, Ink::Fade(0xB5B0A6, 0x9C978E));
    vehicle(c);
    for i in 0..7 {
        let x = 196.0 + i as f32 * 82.0;
        let tall = 158.0 * dice.between(0.92, 1.06);
        shadow(c, (x, 566.0), 42.0);
        c.soft_rect(
            (
                x + tall * 0.05,
                566.0 - tall * 0.73,
                tall * 0.17,
                tall * 0.27,
            ),
            tall * 0.05,
            CLOTHES[(i * 2 + 1) % CLOTHES.len()],
        );
        person(
            c,
            (x, 566.0),
            -tall,
            if i % 3 == 1 { Pose::STAND } else { Pose::WALK },
            Outfit::draw(dice, if i % 2 == 0 { 0xE6C22E } else { JUMPER }, 0x414758),
        );
    }
    shadow(c, (118.0, 574.0), 56.0);
    person(
        c,
        (118.0, 572.0),
        218.0,
        Pose::OFFER,
        Outfit::draw(dice, 0x2B6F77, 0x2C3442),
    );
}

fn vehicle(c: &mut Canvas) {
    c.haze((400.0, 506.0), 410.0, 40.0, 0x101010, 0.75);
    c.soft_rect(
        (40.0, 210.0, 726.0, 280.0),
        30.0,
        Ink::Fade(0xFFFFFF, 0xE4E9EC),
    );
    c.poly(
        &[
            (40.0, 400.0),
            (300.0, 380.0),
            (766.0, 330.0),
            (766.0, 460.0),
            (763.6, 471.5),
            (757.2, 481.2),
            (747.5, 487.6),
            (736.0, 490.0),
            (70.0, 490.0),
            (58.5, 487.6),
            (48.8, 481.2),
            (42.4, 471.5),
            (40.0, 460.0),
        ],
        Ink::Fade(0x2C79B8, 0x1D568A),
    );
    c.poly(
        &[
            (40.0, 392.0),
            (300.0, 372.0),
            (766.0, 322.0),
            (766.0, 334.0),
            (300.0, 384.0),
            (40.0, 404.0),
        ],
        0xF2A72E,
    );
    for i in 0..6 {
        let x = 166.0 + i as f32 * 98.0;
        c.soft_rect((x, 236.0, 92.0, 84.0), 8.0, Ink::Fade(0x35505F, 0x223542));
        c.faintly(0.3, |c| {
            c.poly(
                &[
                    (x + 8.0, 318.0),
                    (x + 50.0, 238.0),
                    (x + 70.0, 238.0),
                    (x + 28.0, 318.0),
                ],
                0xBFE3F0,
            )
        });
        c.dot(x + 30.0, 298.0, 13.0, 0x4A3A34);
        c.soft_rect((x + 54.0, 272.0, 24.0, 50.0), 8.0, 0x8A3A40);
    }
    c.soft_rect(
        (46.0, 232.0, 26.0, 110.0),
        8.0,
        Ink::Fade(0x7FB2C8, 0x35505F),
    );
    c.soft_rect((86.0, 240.0, 68.0, 236.0), 8.0, 0x2A3E4A);
    c.rect(118.0, 244.0, 3.5, 228.0, 0xDDE4E8);
    for x in [222.0, 622.0] {
        c.dot(x, 490.0, 42.0, 0x17191C);
        c.dot(x, 490.0, 23.0, 0xB9C0C6);
        c.dot(x, 490.0, 10.0, 0x5A6066);
    }
    c.oval(50.0, 440.0, 8.0, 15.0, 0xFFF3C0);
    write(c, "DAY TRIP", (545.0, 373.0), 21.0, 0xFFFFFF);
}

/// A vegetable garden with a greenhouse and sunflowers.
pub fn garden(c: &mut Canvas, dice: &mut Dice) {
    let wide = c.width();
    sky(c, 250.0, 0x82C3EC, 0xEAF5EE);
    cloud(c, (210.0, 80.0), 56.0);
    for i in 0..10 {
        tree(
            c,
            (i as f32 * 92.0, 268.0),
            dice.between(90.0, 140.0),
            0x5FA050,
            dice,
        );
    }
    c.rect(0.0, 256.0, wide, 344.0, Ink::Fade(0x86BF5E, 0x5E9A42));
    for i in 0..34 {
        let x = i as f32 * 24.0;
        c.poly(
            &[
                (x, 270.0),
                (x, 222.0),
                (x + 9.0, 212.0),
                (x + 18.0, 222.0),
                (x + 18.0, 270.0),
            ],
            0xC9A06A,
        );
    }
    c.blur(1.7);
    greenhouse(c);
    for (i, x) in [40.0, 96.0, 150.0, 204.0].into_iter().enumerate() {
        sunflower(c, (x, 372.0), 150.0 + (i * 37 % 60) as f32);
    }
    grass(c, (0.0, 300.0, wide, 300.0), 0x6CAB4C, 500, dice);
    for (row, y) in [(0, 390.0), (1, 486.0)] {
        bed(
            c,
            (300.0 - row as f32 * 130.0, y, 420.0 + row as f32 * 60.0),
            row,
            dice,
        );
    }
    shadow(c, (250.0, 450.0), 60.0);
    person(
        c,
        (250.0, 448.0),
        170.0,
        Pose::OFFER,
        Outfit::draw(dice, JUMPER, 0x3F5A7A),
    );
    can(c, (322.0, 368.0));
    shadow(c, (640.0, 470.0), 64.0);
    person(
        c,
        (640.0, 468.0),
        -176.0,
        Pose::KNEEL,
        Outfit {
            skirt: false,
            ..Outfit::draw(dice, 0xF0B429, 0x4A6A4A)
        },
    );
    shadow(c, (95.0, 590.0), 64.0);
    person(
        c,
        (95.0, 588.0),
        206.0,
        Pose::HOLD,
        Outfit {
            skirt: false,
            ..Outfit::draw(dice, 0x7B5BA6, 0x46506A)
        },
    );
    c.stroke(&[(140.0, 596.0), (150.0, 392.0)], 6.0, 0x9A6B3C);
    for i in 0..5 {
        c.stroke(
            &[
                (136.0 + i as f32 * 7.0, 392.0),
                (134.0 + i as f32 * 8.0, 368.0),
            ],
            3.0,
            0x5A6066,
        );
    }
    c.rect(134.0, 388.0, 34.0, 5.0, 0x5A6066);
}

fn greenhouse(c: &mut Canvas) {
    c.faintly(0.55, |c| {
        c.poly(
            &[
                (520.0, 340.0),
                (520.0, 210.0),
                (630.0, 140.0),
                (740.0, 210.0),
                (740.0, 340.0),
            ],
            Ink::Fade(0xEAF8FB, 0xB9E0DC),
        );
    });
    for i in 0..7 {
        c.dot(
            542.0 + i as f32 * 30.0,
            318.0,
            15.0,
            if i % 2 == 0 { 0x4E9650 } else { 0x6FB25A },
        );
        c.dot(544.0 + i as f32 * 30.0, 304.0, 5.0, 0xD9483B);
    }
    for x in [520.0, 575.0, 630.0, 685.0, 740.0] {
        let top = 140.0 + (if x < 630.0 { 630.0 - x } else { x - 630.0 }) * 0.636;
        c.stroke(&[(x, 340.0), (x, top)], 4.5, 0xFDFDFB);
    }
    c.stroke(
        &[(512.0, 215.0), (630.0, 140.0), (748.0, 215.0)],
        6.5,
        0xFDFDFB,
    );
    c.stroke(&[(520.0, 270.0), (740.0, 270.0)], 3.5, 0xFDFDFB);
    c.rect(514.0, 334.0, 232.0, 14.0, 0xB4614A);
}

fn sunflower(c: &mut Canvas, (x, y): P, tall: f32) {
    c.stroke(&[(x, y), (x + 3.0, y - tall)], 7.0, 0x4B8A3A);
    for (k, side) in [(0.3, 1.0), (0.5, -1.0), (0.7, 1.0)] {
        let ly = y - tall * k;
        c.poly(
            &[
                (x, ly),
                (x + side * 16.0, ly - 15.0),
                (x + side * 36.0, ly - 6.0),
                (x + side * 16.0, ly + 7.0),
            ],
            0x5FA548,
        );
    }
    for i in 0..16 {
        let (s, k) = sin_cos(i as f32 * 22.5);
        c.stroke(
            &[
                (x + 3.0, y - tall),
                (x + 3.0 + k * 27.0, y - tall + s * 27.0),
            ],
            9.0,
            if i % 2 == 0 { 0xF8C62E } else { 0xEBA91E },
        );
    }
    c.dot(x + 3.0, y - tall, 15.0, Ink::Fade(0x7A4A20, 0x4A2A12));
}

fn bed(c: &mut Canvas, (x, y, w): (f32, f32, f32), row: usize, dice: &mut Dice) {
    c.poly(
        &[
            (x + 16.0, y),
            (x + w - 16.0, y),
            (x + w, y + 44.0),
            (x, y + 44.0),
        ],
        Ink::Fade(0x5A3C28, 0x432A1A),
    );
    c.rect(x, y + 44.0, w, 34.0, Ink::Fade(0xB07C48, 0x855A30));
    c.rect(x, y + 60.0, w, 2.0, 0x6E4826);
    c.haze((x + w / 2.0, y + 80.0), w * 0.55, 14.0, 0x102010, 0.5);
    for i in 0..((w / 44.0) as usize) {
        let (px, py) = (
            x + 30.0 + i as f32 * 43.0,
            y + 24.0 + dice.between(-5.0, 5.0),
        );
        if (i + row).is_multiple_of(2) {
            for k in 0..9 {
                let (s, q) = sin_cos(k as f32 * 40.0);
                c.dot(
                    px + q * 11.0,
                    py - 6.0 + s * 8.0,
                    8.0,
                    mix(0x6FB84E, 0xD6EFA0, k as f32 / 14.0),
                );
            }
        } else {
            for k in 0..5 {
                c.stroke(
                    &[
                        (px, py + 4.0),
                        (px - 14.0 + k as f32 * 7.0, py - 26.0 + (k % 2) as f32 * 6.0),
                    ],
                    3.2,
                    0x4F9A40,
                );
            }
            c.poly(&[(px - 7.0, py), (px + 7.0, py), (px, py + 16.0)], 0xE8802A);
        }
    }
}

fn can(c: &mut Canvas, (x, y): P) {
    c.stroke(
        &arc((x + 8.0, y - 8.0), 22.0, 22.0, 180.0, 350.0),
        5.0,
        0x2C6FA8,
    );
    c.poly(
        &[
            (x - 14.0, y - 10.0),
            (x + 26.0, y - 10.0),
            (x + 30.0, y + 30.0),
            (x - 18.0, y + 30.0),
        ],
        Ink::Fade(0x4B92CC, 0x2C6FA8),
    );
    c.stroke(&[(x + 26.0, y + 20.0), (x + 58.0, y - 4.0)], 7.0, 0x3B82BC);
    c.stroke(&[(x + 54.0, y - 12.0), (x + 66.0, y + 4.0)], 6.0, 0x2C6FA8);
    for i in 0..7 {
        let dx = i as f32 * 5.0;
        c.faintly(0.7, |c| {
            c.stroke(
                &[
                    (x + 64.0 + dx, y + 6.0 + dx * 0.3),
                    (x + 70.0 + dx * 1.3, y + 34.0),
                ],
                1.6,
                0xE6F6FF,
            )
        });
    }
}
