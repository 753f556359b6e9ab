//! Little people without faces, and the trees, clouds, bunting and grass that several scenes share.

use super::draw::{Canvas, Dice, Ink, P, arc, mix, sin_cos};

/// Skin tones, hair and jumper colours the figures are dressed from.
pub const SKIN: [u32; 6] = [0xF3D0B0, 0xE4B48C, 0xC98F64, 0xA06B45, 0x7A4C30, 0xEFC4A0];
/// Hair colours.
pub const HAIR: [u32; 6] = [0x3A2A20, 0x6B4426, 0xB07A3A, 0x1F1A1A, 0x8A3E20, 0xD9B265];
/// Bright clothes for days without uniform.
pub const CLOTHES: [u32; 7] = [
    0xD9483B, 0x2F7FBF, 0xF0B429, 0x3C9D6B, 0x7B5BA6, 0xE9785A, 0x2BA6A0,
];
/// The school's own jumper.
pub const JUMPER: u32 = 0x9C2433;

/// How the hair is worn.
#[derive(Clone, Copy)]
pub enum Hair {
    /// Cropped.
    Short,
    /// To the chin.
    Bob,
    /// In a tail, which flies behind a runner.
    Tail,
    /// Under a scarf of this colour.
    Scarf(u32),
}

/// Angles in degrees from hanging straight down, positive forwards (to the right unless mirrored):
/// upper and lower arm, thigh and shin, each for the far and the near side; then the lean of the body.
#[derive(Clone, Copy)]
pub struct Pose {
    far_arm: (f32, f32),
    near_arm: (f32, f32),
    far_leg: (f32, f32),
    near_leg: (f32, f32),
    lean: f32,
}

impl Pose {
    /// Standing with the arms at the sides.
    pub const STAND: Pose = Pose {
        far_arm: (14.0, 10.0),
        near_arm: (-14.0, -8.0),
        far_leg: (6.0, 2.0),
        near_leg: (-6.0, -2.0),
        lean: 0.0,
    };
    /// Walking.
    pub const WALK: Pose = Pose {
        far_arm: (28.0, 48.0),
        near_arm: (-26.0, -10.0),
        far_leg: (-20.0, -34.0),
        near_leg: (24.0, 8.0),
        lean: 4.0,
    };
    /// Running flat out.
    pub const RUN: Pose = Pose {
        far_arm: (58.0, 140.0),
        near_arm: (-55.0, 25.0),
        far_leg: (-32.0, -98.0),
        near_leg: (62.0, 2.0),
        lean: 14.0,
    };
    /// Running, the other half of the stride.
    pub const STRIDE: Pose = Pose {
        far_arm: (-48.0, 18.0),
        near_arm: (62.0, 100.0),
        far_leg: (48.0, -26.0),
        near_leg: (-28.0, -70.0),
        lean: 12.0,
    };
    /// Both arms in the air.
    pub const CHEER: Pose = Pose {
        far_arm: (150.0, 168.0),
        near_arm: (-150.0, -168.0),
        far_leg: (10.0, 4.0),
        near_leg: (-10.0, -4.0),
        lean: 0.0,
    };
    /// One arm held out in front.
    pub const OFFER: Pose = Pose {
        far_arm: (52.0, 88.0),
        near_arm: (30.0, 84.0),
        far_leg: (6.0, 2.0),
        near_leg: (-6.0, -2.0),
        lean: 3.0,
    };
    /// Arms folded in front or holding a book.
    pub const HOLD: Pose = Pose {
        far_arm: (30.0, 118.0),
        near_arm: (-18.0, 62.0),
        far_leg: (5.0, 2.0),
        near_leg: (-5.0, -2.0),
        lean: 0.0,
    };
    /// Crouching.
    pub const KNEEL: Pose = Pose {
        far_arm: (40.0, 70.0),
        near_arm: (24.0, 66.0),
        far_leg: (84.0, 0.0),
        near_leg: (30.0, -92.0),
        lean: 10.0,
    };
    /// Sitting with the legs forward.
    pub const SIT: Pose = Pose {
        far_arm: (34.0, 96.0),
        near_arm: (22.0, 92.0),
        far_leg: (82.0, 30.0),
        near_leg: (92.0, 22.0),
        lean: -6.0,
    };
}

/// One figure's clothes.
#[derive(Clone, Copy)]
pub struct Outfit {
    /// Skin tone.
    pub skin: u32,
    /// Hair colour.
    pub hair: u32,
    /// How the hair is worn.
    pub style: Hair,
    /// Top.
    pub top: u32,
    /// Trousers, shorts or skirt.
    pub bottom: u32,
    /// Whether the bottom is a skirt.
    pub skirt: bool,
    /// Whether the legs are bare below the knee.
    pub shorts: bool,
    /// Seen from behind: the hair covers the head.
    pub behind: bool,
}

impl Outfit {
    /// A figure with the given top and bottom, the rest by dice.
    pub fn draw(dice: &mut Dice, top: u32, bottom: u32) -> Self {
        let kind = dice.between(0.0, 4.0) as u32;
        let style = match kind {
            0 => Hair::Bob,
            1 => Hair::Tail,
            2 if dice.between(0.0, 1.0) < 0.35 => Hair::Scarf(mix(top, 0x20304A, 0.55)),
            _ => Hair::Short,
        };
        Outfit {
            skin: dice.pick(&SKIN),
            hair: dice.pick(&HAIR),
            style,
            top,
            bottom,
            skirt: kind == 1 && dice.between(0.0, 1.0) < 0.6,
            shorts: false,
            behind: false,
        }
    }

    /// The same figure seen from behind.
    pub fn turned_away(self) -> Self {
        Outfit {
            behind: true,
            ..self
        }
    }

    /// The same figure in shorts.
    pub fn in_shorts(self) -> Self {
        Outfit {
            shorts: true,
            skirt: false,
            ..self
        }
    }
}

/// Draws a figure whose feet are about at `(x, y)` and who is `tall` units high. A negative `tall` faces left.
pub fn person(canvas: &mut Canvas, (x, y): P, tall: f32, pose: Pose, outfit: Outfit) {
    let side = if tall < 0.0 { -1.0 } else { 1.0 };
    let h = tall.abs();
    let step = |from: P, angle: f32, length: f32| {
        let (s, c) = sin_cos(angle);
        (from.0 + side * s * length * h, from.1 + c * length * h)
    };
    let reach = |leg: (f32, f32)| sin_cos(leg.0).1 * 0.2 + sin_cos(leg.1).1 * 0.21;
    let hip = (
        x,
        y - h * (reach(pose.far_leg).max(reach(pose.near_leg)) + 0.025),
    );
    let neck = step(hip, 180.0 - pose.lean, 0.31);
    let head = step(neck, 180.0 - pose.lean * 0.6, 0.155);
    let shade = |rgb| mix(rgb, 0x101020, 0.16);
    let leg = |canvas: &mut Canvas, (thigh, shin): (f32, f32), offset: f32, dim: bool| {
        let tint = |rgb| if dim { shade(rgb) } else { rgb };
        let top = (hip.0 + side * offset * h, hip.1);
        let knee = step(top, thigh, 0.2);
        let ankle = step(knee, shin, 0.2);
        let bare = outfit.skirt || outfit.shorts;
        canvas.stroke(
            &[knee, ankle],
            h * 0.075,
            tint(if bare { outfit.skin } else { outfit.bottom }),
        );
        canvas.stroke(
            &[top, knee],
            h * 0.095,
            tint(if outfit.skirt {
                outfit.skin
            } else {
                outfit.bottom
            }),
        );
        canvas.stroke(
            &[ankle, step(ankle, 80.0 + shin * 0.5, 0.055)],
            h * 0.062,
            0x2B2B33,
        );
    };
    let arm = |canvas: &mut Canvas, (upper, lower): (f32, f32), offset: f32, dim: bool| {
        let tint = |rgb| if dim { shade(rgb) } else { rgb };
        let shoulder = step((neck.0 + side * offset * h, neck.1 + h * 0.035), 0.0, 0.0);
        let elbow = step(shoulder, upper, 0.15);
        let hand = step(elbow, lower, 0.14);
        canvas.stroke(
            &[elbow, hand],
            h * 0.055,
            tint(if outfit.shorts {
                outfit.skin
            } else {
                outfit.top
            }),
        );
        canvas.stroke(&[shoulder, elbow], h * 0.066, tint(outfit.top));
        canvas.dot(hand.0, hand.1, h * 0.034, tint(outfit.skin));
    };
    leg(canvas, pose.far_leg, 0.035, true);
    arm(canvas, pose.far_arm, 0.075, true);
    leg(canvas, pose.near_leg, -0.035, false);
    canvas.stroke(
        &[neck, (neck.0, neck.1 - h * 0.06)],
        h * 0.07,
        shade(outfit.skin),
    );
    body(canvas, hip, neck, h, outfit);
    face(canvas, head, h, side, outfit);
    arm(canvas, pose.near_arm, -0.085, false);
}

fn body(canvas: &mut Canvas, hip: P, neck: P, h: f32, outfit: Outfit) {
    let top = (neck.0, neck.1 + h * 0.075);
    canvas.stroke(
        &[
            (top.0 - h * 0.032, top.1),
            (hip.0 - h * 0.03, hip.1 - h * 0.035),
        ],
        h * 0.15,
        outfit.top,
    );
    canvas.stroke(
        &[
            (top.0 + h * 0.032, top.1),
            (hip.0 + h * 0.03, hip.1 - h * 0.035),
        ],
        h * 0.15,
        outfit.top,
    );
    if outfit.skirt {
        let (x, y) = hip;
        let points = [
            (x - h * 0.1, y - h * 0.02),
            (x + h * 0.1, y - h * 0.02),
            (x + h * 0.16, y + h * 0.16),
            (x - h * 0.16, y + h * 0.16),
        ];
        canvas.poly(&points, outfit.bottom);
    }
}

fn face(canvas: &mut Canvas, (x, y): P, h: f32, side: f32, outfit: Outfit) {
    let r = h * 0.105;
    if let Hair::Tail = outfit.style {
        let tail = [
            (x - side * r * 0.8, y - r * 0.3),
            (x - side * r * 1.5, y + r * 0.1),
            (x - side * r * 1.7, y + r * 0.9),
        ];
        canvas.stroke(&tail, r * 0.5, outfit.hair);
    }
    if let Hair::Bob = outfit.style {
        canvas.soft_rect(
            (x - r * 1.1, y - r * 0.7, r * 2.2, r * 1.75),
            r * 0.6,
            outfit.hair,
        );
    }
    if let Hair::Scarf(rgb) = outfit.style {
        canvas.oval(x, y + r * 0.12, r * 1.14, r * 1.25, rgb);
        if !outfit.behind {
            canvas.oval(
                x + side * r * 0.12,
                y + r * 0.1,
                r * 0.76,
                r * 0.86,
                outfit.skin,
            );
        }
        return;
    }
    canvas.oval(x, y, r * 0.94, r * 1.05, outfit.skin);
    if outfit.behind {
        canvas.oval(x, y - r * 0.12, r, r, outfit.hair);
        return;
    }
    // A cap of hair, lower at the back of the head.
    let mut cap = arc(
        (x, y - r * 0.05),
        r * 1.05,
        r * 1.1,
        if side > 0.0 { 160.0 } else { 192.0 },
        if side > 0.0 { 348.0 } else { 380.0 },
    );
    cap.push((x + side * r * 0.25, y - r * 0.42));
    canvas.poly(&cap, outfit.hair);
}

/// A round-headed tree standing at `(x, y)`.
pub fn tree(canvas: &mut Canvas, (x, y): P, tall: f32, leaf: u32, dice: &mut Dice) {
    canvas.poly(
        &[
            (x - tall * 0.04, y),
            (x + tall * 0.04, y),
            (x + tall * 0.025, y - tall * 0.55),
            (x - tall * 0.025, y - tall * 0.55),
        ],
        0x6A4B35,
    );
    for layer in 0..3 {
        let tint = mix(
            mix(leaf, 0x10281A, 0.22),
            mix(leaf, 0xFFF4C0, 0.18),
            layer as f32 / 2.0,
        );
        for _ in 0..9 {
            let (s, c) = sin_cos(dice.between(0.0, 360.0));
            let far = dice.between(0.05, 0.23);
            let lift = layer as f32 * 0.035;
            canvas.dot(
                x + c * far * tall - lift * tall,
                y - tall * (0.68 + lift) + s * far * tall,
                tall * dice.between(0.09, 0.15),
                tint,
            );
        }
    }
}

/// A cloud of soft puffs around `(x, y)`.
pub fn cloud(canvas: &mut Canvas, (x, y): P, size: f32) {
    for (dx, dy, r) in [
        (-0.9, 0.1, 0.5),
        (-0.35, -0.2, 0.7),
        (0.35, -0.1, 0.62),
        (0.95, 0.12, 0.45),
        (0.0, 0.15, 0.7),
    ] {
        canvas.haze(
            (x + dx * size, y + dy * size),
            r * size * 1.35,
            r * size * 0.8,
            0xFFFFFF,
            0.85,
        );
    }
}

/// Sky from the top of the canvas down to `horizon`.
pub fn sky(canvas: &mut Canvas, horizon: f32, top: u32, bottom: u32) {
    let wide = canvas.width();
    canvas.rect(0.0, 0.0, wide, horizon + 1.0, Ink::Fade(top, bottom));
}

/// Bunting on a sagging line from `a` to `b`.
pub fn bunting(canvas: &mut Canvas, a: P, b: P, sag: f32, colours: &[u32]) {
    let at = |t: f32| {
        (
            a.0 + (b.0 - a.0) * t,
            a.1 + (b.1 - a.1) * t + sag * 4.0 * t * (1.0 - t),
        )
    };
    let line: Vec<P> = (0..=24).map(|i| at(i as f32 / 24.0)).collect();
    canvas.stroke(&line, 1.6, 0xF4F0E6);
    let count = (((b.0 - a.0).abs() / 34.0) as usize).max(3);
    for flag in 0..count {
        let (l, r) = (
            at((flag as f32 + 0.12) / count as f32),
            at((flag as f32 + 0.88) / count as f32),
        );
        let tip = (
            (l.0 + r.0) / 2.0,
            (l.1 + r.1) / 2.0 + (r.0 - l.0).abs() * 1.15,
        );
        let rgb = colours
            .get(flag % colours.len().max(1))
            .copied()
            .unwrap_or(0xFFFFFF);
        canvas.poly(&[l, r, tip], Ink::Fade(mix(rgb, 0xFFFFFF, 0.12), rgb));
    }
}

/// Tufts of grass scattered over a box `(x, y, w, h)`.
pub fn grass(
    canvas: &mut Canvas,
    (x, y, w, h): (f32, f32, f32, f32),
    rgb: u32,
    count: usize,
    dice: &mut Dice,
) {
    for _ in 0..count {
        let down = dice.between(0.0, 1.0);
        let (gx, gy) = (x + dice.between(0.0, w), y + down * h);
        let size = 2.0 + 6.0 * down;
        let tint = mix(
            rgb,
            dice.pick(&[0xFFFFE0, 0x0A2A10]),
            dice.between(0.05, 0.22),
        );
        canvas.poly(
            &[
                (gx - size * 0.5, gy),
                (gx - size * 0.2, gy - size),
                (gx, gy - size * 0.2),
                (gx + size * 0.25, gy - size * 0.9),
                (gx + size * 0.5, gy),
            ],
            tint,
        );
    }
}

/// The shadow under something that stands on the ground.
pub fn shadow(canvas: &mut Canvas, (x, y): P, rx: f32) {
    canvas.haze((x, y), rx, rx * 0.26, 0x101418, 0.5);
}

/// An open book.
pub fn book(c: &mut Canvas, (x, y): P, rgb: u32) {
    c.poly(
        &[
            (x - 34.0, y - 22.0),
            (x, y - 14.0),
            (x + 34.0, y - 22.0),
            (x + 34.0, y + 16.0),
            (x, y + 24.0),
            (x - 34.0, y + 16.0),
        ],
        rgb,
    );
    c.poly(
        &[
            (x - 30.0, y - 25.0),
            (x, y - 17.0),
            (x, y + 17.0),
            (x - 30.0, y + 10.0),
        ],
        0xFFFBEF,
    );
    c.poly(
        &[
            (x + 30.0, y - 25.0),
            (x, y - 17.0),
            (x, y + 17.0),
            (x + 30.0, y + 10.0),
        ],
        0xEFE8D6,
    );
}
