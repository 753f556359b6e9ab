//! Made-up scenes, each from its number: what schools photograph and post, in rough strokes. Some kinds share a great
//! deal on purpose: the same room and uniforms, the same letterhead, the same bricks, the same telephone.

use std::f32::consts::{PI, TAU};

use image::RgbImage;

use super::canvas::{Canvas, Colour, Dice, Shape};

/// Kinds of scenes that are photographs or printed matter with something to see.
const VARIED: [Scene; 8] = [
    outdoors, portrait, classroom, crowd, poster, bricks, foliage, still_life,
];
/// Kinds that are hard to tell apart, or hardly show anything.
const ALL: [Scene; 12] = [
    outdoors, portrait, classroom, crowd, poster, bricks, foliage, still_life, letter, fence,
    drawing, blank,
];

type Scene = fn(&mut Dice, (usize, usize)) -> Canvas;

/// A scene with something to see.
pub fn varied(number: u64) -> RgbImage {
    let sizes = [(720, 540), (540, 720), (640, 640), (768, 432), (600, 400)];
    draw(&VARIED, number, &sizes)
}

/// Any scene, those with next to nothing in them included; small, as there are many.
pub fn any(number: u64) -> RgbImage {
    let sizes = [(480, 360), (360, 480), (420, 420), (512, 288), (400, 266)];
    draw(&ALL, number.wrapping_add(1 << 32), &sizes)
}

fn draw(kinds: &[Scene], number: u64, sizes: &[(usize, usize)]) -> RgbImage {
    let mut dice = Dice::new(number + 1);
    let size = sizes[dice.below(sizes.len())];
    let scene = kinds[(number % kinds.len() as u64) as usize];
    let canvas = scene(&mut dice, size);
    let grain = dice.between(0.5, 4.0);
    canvas.finish(&mut dice, grain)
}

fn place(dice: &mut Dice, canvas: &Canvas) -> (f32, f32) {
    (
        dice.between(0.0, canvas.wide as f32),
        dice.between(0.0, canvas.high as f32),
    )
}

/// Things of all sizes, one before the other, which is what most photographs are made of.
fn leaves(dice: &mut Dice, canvas: &mut Canvas, count: usize, largest: f32) {
    for at in 0..count {
        let size = largest / (1.0 + at as f32 * 0.35) + 4.0;
        let (a, b) = (size * dice.between(0.4, 1.0), size * dice.between(0.3, 1.0));
        let shape = if dice.share() < 0.5 {
            Shape::Oval(a, b)
        } else {
            Shape::Box(a, b)
        };
        let colour = dice.colour();
        let shade = dice.between(0.5, 1.1);
        let (spot, turn) = (place(dice, canvas), dice.between(0.0, PI));
        canvas.paint(
            spot,
            shape,
            turn,
            dice.between(0.8, 2.5),
            [colour, colour.map(|c| c * shade)],
        );
    }
}

fn outdoors(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut canvas = Canvas::new(wide, high, dice.colour());
    let ground = dice.colour();
    let horizon = high as f32 * dice.between(0.4, 0.8);
    canvas.paint(
        (wide as f32 / 2.0, high as f32),
        Shape::Box(wide as f32, high as f32 - horizon),
        0.0,
        2.0,
        [ground, ground.map(|c| c * 0.7)],
    );
    leaves(dice, &mut canvas, 120, 130.0);
    canvas.clouds(dice, 120.0, 22.0, 0.6);
    canvas
}

/// A person in front of something far away: little that is sharp.
fn portrait(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut canvas = Canvas::new(wide, high, dice.colour());
    leaves(dice, &mut canvas, 40, 160.0);
    canvas.blur(10 + dice.below(10));
    let at = (
        wide as f32 * dice.between(0.3, 0.7),
        high as f32 * dice.between(0.4, 0.6),
    );
    let uniform = dice.colour();
    let tall = high as f32 * dice.between(0.5, 0.8);
    figure(dice, &mut canvas, at, tall, uniform);
    canvas.clouds(dice, 90.0, 8.0, 0.6);
    canvas
}

/// A head, a body and what is on them.
fn figure(dice: &mut Dice, canvas: &mut Canvas, (x, y): (f32, f32), tall: f32, uniform: Colour) {
    let skin = [dice.between(90.0, 235.0), 0.0, 0.0];
    let skin = [skin[0], skin[0] * 0.8, skin[0] * 0.68];
    let hair = [dice.between(20.0, 160.0), 0.0, 0.0];
    let hair = [hair[0], hair[0] * 0.75, hair[0] * 0.5];
    let head = tall * 0.16;
    let lean = dice.between(-0.15, 0.15);
    canvas.paint(
        (x, y + tall * 0.4),
        Shape::Oval(tall * 0.24, tall * 0.36),
        lean,
        1.5,
        [uniform, uniform.map(|c| c * 0.6)],
    );
    for side in [-1.0, 1.0] {
        let turn = side * dice.between(0.1, 0.9);
        canvas.paint(
            (x + side * tall * 0.2, y + tall * 0.35),
            Shape::Oval(tall * 0.06, tall * 0.2),
            turn,
            1.2,
            [uniform.map(|c| c * 0.9), uniform.map(|c| c * 0.5)],
        );
    }
    canvas.paint(
        (x, y - head * 0.2),
        Shape::Oval(head * 1.02, head * 1.15),
        lean,
        1.5,
        [hair, hair.map(|c| c * 0.8)],
    );
    canvas.paint(
        (x, y + head * 0.1),
        Shape::Oval(head * 0.85, head),
        lean,
        1.2,
        [skin, skin.map(|c| c * 0.8)],
    );
    for side in [-1.0, 1.0] {
        let eye = (x + side * head * 0.35, y + head * dice.between(-0.1, 0.0));
        canvas.paint(
            eye,
            Shape::Oval(head * 0.13, head * 0.07),
            0.0,
            0.8,
            [[40.0; 3]; 2],
        );
    }
    let mouth = (x + head * lean, y + head * 0.5);
    canvas.paint(
        mouth,
        Shape::Oval(head * dice.between(0.15, 0.35), head * 0.06),
        lean,
        0.8,
        [[140.0, 60.0, 60.0]; 2],
    );
    canvas.paint(
        (x + tall * 0.1, y + tall * 0.3),
        Shape::Box(tall * 0.04, tall * 0.05),
        lean,
        0.8,
        [[240.0, 210.0, 40.0], [200.0, 160.0, 20.0]],
    );
}

/// One of a few rooms, seen from one place or another, with other children in it each time.
fn classroom(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut room = Dice::new(900 + dice.below(6) as u64);
    let (w, h) = (wide as f32, high as f32);
    let mut canvas = Canvas::new(wide, high, room.colour());
    let (near, left, up) = (
        dice.between(0.8, 1.6),
        dice.between(-0.5, 0.3) * w,
        dice.between(-0.3, 0.3) * h,
    );
    let floor = room.colour();
    canvas.paint(
        (w / 2.0, h * 1.1),
        Shape::Box(w, h * 0.35),
        0.0,
        2.0,
        [floor, floor.map(|c| c * 0.8)],
    );
    for _ in 0..60 {
        // what is nearer moves further when one sees it from elsewhere
        let depth = room.between(0.7, 1.4);
        let at = (
            room.between(0.0, w) * near + left * depth,
            room.between(0.0, h * 0.6) * near + up * depth,
        );
        let shape = Shape::Box(
            room.between(5.0, 45.0) * near,
            room.between(5.0, 35.0) * near,
        );
        let ink = [room.colour(), room.colour()];
        canvas.paint(at, shape, 0.0, 1.2, ink);
    }
    let uniform = Dice::new(77).colour();
    for _ in 0..3 + dice.below(5) {
        let at = (dice.between(0.05, 0.95) * w, h * dice.between(0.35, 0.7));
        let tall = h * dice.between(0.35, 0.7);
        figure(dice, &mut canvas, at, tall, uniform);
    }
    canvas.clouds(dice, 150.0, 12.0, 0.6);
    canvas
}

fn crowd(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut canvas = outdoors(dice, (wide, high));
    let uniform = Dice::new(78).colour();
    let rows = 2 + dice.below(3);
    for row in 0..rows {
        let tall = high as f32 * (0.3 + 0.15 * row as f32 / rows as f32);
        let y = high as f32 * (0.35 + 0.45 * row as f32 / rows as f32);
        let mut x = dice.between(0.0, 40.0);
        while x < wide as f32 {
            let tall = tall * dice.between(0.85, 1.1);
            figure(dice, &mut canvas, (x, y), tall, uniform);
            x += tall * dice.between(0.35, 0.6);
        }
    }
    canvas
}

/// One of a few frames with the school's sign, and other words and another picture in it each time.
fn poster(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut print = Dice::new(500 + dice.below(4) as u64);
    let (w, h) = (wide as f32, high as f32);
    let mut canvas = Canvas::new(wide, high, [250.0; 3]);
    for at in 0..64 {
        let share = at as f32 / 64.0 * 4.0;
        let along = share.fract();
        let spot = match share as usize {
            0 => (along * w, 14.0),
            1 => (along * w, h - 14.0),
            2 => (14.0, along * h),
            _ => (w - 14.0, along * h),
        };
        let colour = print.colour();
        canvas.paint(
            spot,
            Shape::Oval(print.between(5.0, 14.0), print.between(5.0, 14.0)),
            0.0,
            1.0,
            [colour; 2],
        );
    }
    for _ in 0..14 {
        let spot = (print.between(0.42, 0.58) * w, print.between(0.06, 0.17) * h);
        let ink = [print.colour(), print.colour()];
        canvas.paint(
            spot,
            Shape::Box(print.between(3.0, 22.0), print.between(3.0, 16.0)),
            0.0,
            1.0,
            ink,
        );
    }
    let picture = (w * dice.between(0.3, 0.7), h * dice.between(0.35, 0.5));
    for _ in 0..60 {
        let spot = (
            picture.0 + dice.between(-0.22, 0.22) * w,
            picture.1 + dice.between(-0.14, 0.14) * h,
        );
        let ink = [dice.colour(), dice.colour()];
        let size = dice.between(4.0, 40.0);
        canvas.paint(
            spot,
            Shape::Oval(size, size * 0.7),
            dice.between(0.0, PI),
            1.2,
            ink,
        );
    }
    let size = dice.between(8.0, 14.0);
    words(
        dice,
        &mut canvas,
        (0.12 * w, 0.66 * h),
        (0.88 * w, 0.92 * h),
        size,
    );
    canvas
}

/// Lines of letters, each letter made of a few of the same strokes.
fn words(dice: &mut Dice, canvas: &mut Canvas, from: (f32, f32), to: (f32, f32), size: f32) {
    let mut y = from.1;
    while y < to.1 {
        let mut x = from.0;
        let end = to.0 - dice.between(0.0, 0.4) * (to.0 - from.0);
        while x < end {
            for _ in 0..2 + dice.below(7) {
                letter_at(dice.below(26), canvas, (x, y), size);
                x += size * 0.75;
            }
            x += size * 0.6;
        }
        y += size * 1.9;
    }
}

fn letter_at(which: usize, canvas: &mut Canvas, (x, y): (f32, f32), size: f32) {
    let mut strokes = Dice::new(3000 + which as u64);
    for _ in 0..3 {
        let turn = [0.0, PI / 2.0, PI / 4.0][strokes.below(3)];
        let at = (
            x + strokes.between(-0.2, 0.2) * size,
            y + strokes.between(-0.4, 0.4) * size,
        );
        canvas.paint(
            at,
            Shape::Box(size * 0.28, size * 0.06),
            turn,
            0.8,
            [[25.0; 3]; 2],
        );
    }
}

fn letter(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let (w, h) = (wide as f32, high as f32);
    let mut canvas = Canvas::new(wide, high, [252.0; 3]);
    let mut print = Dice::new(600 + dice.below(2) as u64);
    for _ in 0..25 {
        let spot = (print.between(0.06, 0.3) * w, print.between(0.04, 0.15) * h);
        let ink = [print.colour(), print.colour()];
        canvas.paint(
            spot,
            Shape::Box(print.between(3.0, 18.0), print.between(3.0, 12.0)),
            0.0,
            1.0,
            ink,
        );
    }
    let size = 9.0;
    words(
        dice,
        &mut canvas,
        (0.08 * w, 0.22 * h),
        (0.92 * w, 0.95 * h),
        size,
    );
    canvas
}

fn bricks(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut canvas = Canvas::new(wide, high, [190.0, 185.0, 175.0]);
    let (b, t) = (
        [44.0, 60.0, 80.0][dice.below(3)],
        [14.0, 20.0, 27.0][dice.below(3)],
    );
    let mut y = -dice.between(0.0, t);
    let mut row = 0;
    while y < high as f32 + t {
        let mut x = if row % 2 == 0 { 0.0 } else { -b / 2.0 } - b;
        while x < wide as f32 + b {
            let light = dice.between(0.75, 1.1);
            let colour = [165.0 * light, 85.0 * light, 60.0 * light];
            canvas.paint(
                (x, y),
                Shape::Box(b / 2.0 - 2.0, t / 2.0 - 2.0),
                0.0,
                1.0,
                [colour, colour.map(|c| c * 0.9)],
            );
            x += b;
        }
        y += t;
        row += 1;
    }
    let uniform = dice.colour();
    for _ in 0..1 + dice.below(3) {
        let at = (
            dice.between(0.1, 0.9) * wide as f32,
            high as f32 * dice.between(0.4, 0.6),
        );
        let tall = high as f32 * dice.between(0.4, 0.7);
        figure(dice, &mut canvas, at, tall, uniform);
    }
    canvas.clouds(dice, 200.0, 18.0, 0.5);
    canvas
}

fn fence(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut canvas = Canvas::new(wide, high, [150.0, 190.0, 230.0]);
    let step = [18.0, 24.0, 32.0][dice.below(3)];
    let mut x = dice.between(0.0, step);
    while x < wide as f32 + step {
        let light = dice.between(0.6, 1.1);
        let wood = [150.0 * light, 110.0 * light, 70.0 * light];
        let (top, lean) = (dice.between(0.22, 0.3), dice.between(-0.03, 0.03));
        canvas.paint(
            (x, high as f32 * 0.6),
            Shape::Box(step * dice.between(0.25, 0.4), high as f32 * top),
            lean,
            1.0,
            [wood, wood.map(|c| c * 0.8)],
        );
        x += step * dice.between(0.9, 1.1);
    }
    for y in [0.45, 0.75] {
        let at = (wide as f32 / 2.0, high as f32 * y);
        canvas.paint(
            at,
            Shape::Box(wide as f32, 7.0),
            0.0,
            1.0,
            [[100.0, 70.0, 45.0]; 2],
        );
    }
    leaves(dice, &mut canvas, 14, 50.0);
    canvas.clouds(dice, 100.0, 10.0, 0.6);
    canvas
}

fn foliage(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut canvas = Canvas::new(wide, high, [60.0, 90.0, 40.0]);
    for _ in 0..1800 {
        let light = dice.between(0.4, 1.4);
        let colour = [80.0 * light, 130.0 * light, 50.0 * light];
        let (spot, size) = (place(dice, &canvas), dice.between(3.0, 14.0));
        canvas.paint(
            spot,
            Shape::Oval(size, size * 0.4),
            dice.between(0.0, TAU),
            1.0,
            [colour, colour.map(|c| c * 0.7)],
        );
    }
    canvas.clouds(dice, 220.0, 40.0, 0.5);
    canvas
}

fn still_life(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut canvas = Canvas::new(wide, high, dice.colour());
    canvas.clouds(dice, 300.0, 30.0, 0.45);
    for _ in 0..14 {
        let size = dice.between(30.0, 110.0);
        let ink = [dice.colour(), dice.colour()];
        let (spot, turn) = (place(dice, &canvas), dice.between(0.0, PI));
        let shape = if dice.share() < 0.6 {
            Shape::Oval(size, size * 0.7)
        } else {
            Shape::Box(size, size * 0.5)
        };
        canvas.paint(
            (spot.0 + 8.0, spot.1 + 10.0),
            shape,
            turn,
            14.0,
            [[40.0; 3]; 2],
        );
        canvas.paint(spot, shape, turn, 1.5, ink);
    }
    canvas.clouds(dice, 60.0, 9.0, 0.7);
    canvas
}

/// A few flat shapes, as in drawing programs.
fn drawing(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut canvas = Canvas::new(wide, high, [255.0; 3]);
    for _ in 0..3 + dice.below(4) {
        let colour = dice.colour();
        let (spot, size) = (place(dice, &canvas), dice.between(40.0, 150.0));
        let shape = if dice.share() < 0.5 {
            Shape::Oval(size, size)
        } else {
            Shape::Box(size, size * 0.6)
        };
        canvas.paint(spot, shape, 0.0, 1.0, [colour; 2]);
    }
    canvas
}

/// Next to nothing: a wall, a sky, a lens cap.
fn blank(dice: &mut Dice, (wide, high): (usize, usize)) -> Canvas {
    let mut canvas = Canvas::new(wide, high, dice.colour());
    let strength = dice.between(2.0, 20.0);
    canvas.clouds(dice, 500.0, strength, 0.3);
    canvas
}
