//! Capital letters for banners and boards, drawn as strokes on a grid of 4 x 6. No file of a font is read.

use super::draw::{Canvas, P};

/// Strokes of one sign: digit pairs are points (column 0-4, row 0-6), spaces part points, bars part strokes.
fn strokes(sign: char) -> &'static str {
    match sign {
        'A' => "06 20 46|14 34",
        'B' => "00 06 36 45 44 33 03|00 30 41 42 33",
        'C' => "41 30 10 01 05 16 36 45",
        'D' => "00 06 26 45 41 20 00",
        'E' => "40 00 06 46|03 33",
        'F' => "40 00 06|03 33",
        'G' => "41 30 10 01 05 16 36 45 43 23",
        'H' => "00 06|40 46|03 43",
        'I' => "20 26",
        'J' => "40 45 36 16 05",
        'K' => "00 06|40 03 46",
        'L' => "00 06 46",
        'M' => "06 00 23 40 46",
        'N' => "06 00 46 40",
        'O' => "10 30 41 45 36 16 05 01 10",
        'P' => "06 00 30 41 42 33 03",
        'Q' => "10 30 41 45 36 16 05 01 10|24 46",
        'R' => "06 00 30 41 42 33 03|23 46",
        'S' => "41 30 10 01 02 13 33 44 45 36 16 05",
        'T' => "00 40|20 26",
        'U' => "00 05 16 36 45 40",
        'V' => "00 26 40",
        'W' => "00 16 23 36 40",
        'X' => "00 46|40 06",
        'Y' => "00 23 40|23 26",
        'Z' => "00 40 06 46",
        '0' => "10 30 41 45 36 16 05 01 10|32 14",
        '1' => "11 20 26",
        '2' => "01 10 30 41 42 06 46",
        '3' => "00 40 23 33 44 45 36 16 05",
        '4' => "36 30 04 44",
        '5' => "40 00 02 32 43 45 36 06",
        '6' => "30 10 01 05 16 36 45 44 33 03",
        '7' => "00 40 16",
        '8' => "13 33 44 45 36 16 05 04 13 02 01 10 30 41 42 33",
        '9' => "43 13 02 01 10 30 41 45 36 16",
        '-' => "13 33",
        '!' => "20 24|26 26",
        _ => "",
    }
}

/// Writes `words` centred on `x`, with the top of the letters at `y`; `size` is the height of a letter.
pub fn write(canvas: &mut Canvas, words: &str, (x, y): P, size: f32, rgb: u32) {
    let unit = size / 6.0;
    let advance = unit * 5.6;
    let left = x - (words.chars().count() as f32 * advance - unit * 1.6) / 2.0;
    for (index, sign) in words.chars().enumerate() {
        let start = left + index as f32 * advance;
        for stroke in strokes(sign).split('|') {
            let path: Vec<P> = stroke
                .split(' ')
                .filter_map(grid_point)
                .map(|(c, r)| (start + c * unit, y + r * unit))
                .collect();
            canvas.stroke(&path, size * 0.17, rgb);
        }
    }
}

fn grid_point(pair: &str) -> Option<P> {
    let mut digits = pair.chars().filter_map(|digit| digit.to_digit(10));
    Some((digits.next()? as f32, digits.next()? as f32))
}
