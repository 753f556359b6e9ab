//! A sequential JPEG (ITU-T T.81) decoded small: every code of the scan is read, so that a damaged picture is noticed, but
//! only the coarsest waves of each block of 8 by 8 become pixels, 1, 2 or 4 a side. What is rarer is left to `image`.

use image::RgbImage;

use super::bits::{Bits, Codes};
use super::{MediaError, Report, UNREADABLE};
use crate::format::Format;
use crate::jpeg::Frame;

/// Where each wave of the zigzag order stands in its block.
#[rustfmt::skip]
const ZIGZAG: [u8; 64] = [
     0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// How a component's codes become pixels.
struct Component {
    id: u8,
    wide: u32,
    high: u32,
    table: u8,
    plane: Vec<u8>,
    /// Blocks a row and rows of blocks, filled up to whole units of the scan.
    blocks: (u32, u32),
    done: bool,
}

/// A picture on its way.
struct Picture {
    width: u32,
    height: u32,
    /// Pixels a side that a block becomes.
    side: u32,
    components: Vec<Component>,
    most: (u32, u32),
}

/// What the segments before a scan have set.
#[derive(Default)]
struct Tables {
    quantisers: [Option<[f32; 64]>; 4],
    dc: [Option<Codes>; 4],
    ac: [Option<Codes>; 4],
    restart: u32,
    /// What Adobe says of the colours: 0 means that they are red, green and blue.
    adobe: Option<u8>,
}

/// Decodes a JPEG at 1/2, 1/4 or 1/8, whichever is closest to `scale` and not beyond; `None` for what is no sequential
/// Huffman JPEG of 8 bits in grey or three colours, and where nothing would be saved.
pub(super) fn decode(
    bytes: &[u8],
    report: &Report,
    scale: u32,
) -> Result<Option<RgbImage>, MediaError> {
    let side = match scale {
        0 | 1 => return Ok(None),
        2 | 3 => 4,
        4..8 => 2,
        8.. => 1,
    };
    if report.format != Format::Jpeg {
        return Ok(None);
    }
    let mut tables = Tables::default();
    let mut picture = None;
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let Some((marker, payload, after)) = segment(rest) {
        rest = after;
        match marker {
            0xD9 => break,
            0xDB => tables.quantise(payload).ok_or(UNREADABLE)?,
            0xC4 => tables.code(payload).ok_or(UNREADABLE)?,
            0xDD => tables.restart = restart(payload).ok_or(UNREADABLE)?,
            0xEE => tables.adobe = adobe(payload).or(tables.adobe),
            0xC0 | 0xC1 if picture.is_none() => match Picture::new(payload, side, report) {
                Some(new) => picture = Some(new),
                None => return Ok(None),
            },
            0xC0..=0xCF => return Ok(None),
            0xDA => {
                let Some(picture) = &mut picture else {
                    return Err(UNREADABLE);
                };
                if !payload.ends_with(&[0, 63, 0]) {
                    return Ok(None);
                }
                rest = picture.scan(payload, &tables, after)?;
            }
            _ => {}
        }
    }
    match picture {
        Some(picture) if picture.components.iter().all(|component| component.done) => {
            Ok(Some(picture.coloured(tables.adobe)))
        }
        Some(_) => Err(MediaError::Truncated),
        None => Ok(None),
    }
}

/// Bytes that decoding every pixel takes: the pixels, and for a progressive picture every wave as 16 bits. The decoder's own
/// limit forgets the waves (a 20,000 by 20,000 grey one took 1,152 MiB under a limit of 512).
pub(super) fn needs(frame: &Frame) -> u64 {
    let pixels = u64::from(frame.width) * u64::from(frame.height);
    let components = frame.sampling.len() as u64;
    let most = frame
        .sampling
        .iter()
        .fold((1, 1), |most, &(h, v)| (most.0.max(h), most.1.max(v)));
    let whole = u64::from(most.0) * u64::from(most.1);
    let shares: u64 = frame
        .sampling
        .iter()
        .map(|&(h, v)| u64::from(h) * u64::from(v))
        .sum();
    let waves = match frame.marker {
        0xC2 | 0xCA => 2 * pixels * shares / whole,
        _ => 0,
    };
    pixels * components + waves
}

/// The next marker, its payload and what follows.
fn segment(rest: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let start = rest.windows(2).position(is_part)?;
    let (marker, after) = (rest[start + 1], &rest[start + 2..]);
    if matches!(marker, 0x01 | 0xD0..=0xD9) {
        return Some((marker, &[], after));
    }
    let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
    let payload = after.get(2..length)?;
    Some((marker, payload, &after[length..]))
}

fn is_part(pair: &[u8]) -> bool {
    pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF)
}

fn restart(payload: &[u8]) -> Option<u32> {
    Some(u16::from_be_bytes(*payload.first_chunk()?).into())
}

fn adobe(payload: &[u8]) -> Option<u8> {
    let fields = payload.strip_prefix(b"Adobe")?;
    fields.get(6).copied()
}

impl Tables {
    fn quantise(&mut self, mut payload: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = payload {
            let wide = 1 + usize::from(head >> 4 != 0);
            let (values, after) = rest.split_at_checked(64 * wide)?;
            let mut table = [0.0; 64];
            for (value, at) in values.chunks_exact(wide).zip(ZIGZAG) {
                let value = value
                    .iter()
                    .fold(0u16, |sum, byte| sum << 8 | u16::from(*byte));
                table[usize::from(at)] = value.into();
            }
            *self.quantisers.get_mut(usize::from(head & 15))? = Some(table);
            payload = after;
        }
        Some(())
    }

    fn code(&mut self, mut payload: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = payload {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let symbols = counts.iter().map(|count| usize::from(*count)).sum();
            let (symbols, after) = rest.split_at_checked(symbols)?;
            let first = head >> 4 == 0;
            if first && symbols.iter().any(|length| *length > 15) {
                return None;
            }
            let tables = if first { &mut self.dc } else { &mut self.ac };
            *tables.get_mut(usize::from(head & 15))? = Some(Codes::new(counts, symbols)?);
            payload = after;
        }
        Some(())
    }
}

/// One component's part in a scan.
struct Share<'t> {
    index: usize,
    dc: &'t Codes,
    ac: &'t Codes,
    quantiser: &'t [f32; 64],
    before: i32,
}

impl Picture {
    /// Reads the header; `None` for what is not decoded here.
    fn new(payload: &[u8], side: u32, report: &Report) -> Option<Self> {
        let [8, h1, h0, w1, w0, count @ (1 | 3), fields @ ..] = payload else {
            return None;
        };
        let (width, height) = (
            u32::from(u16::from_be_bytes([*w1, *w0])),
            u32::from(u16::from_be_bytes([*h1, *h0])),
        );
        // the report's size is the one that was held against the limits
        if (width, height) != (report.width, report.height)
            || fields.len() != usize::from(*count) * 3
        {
            return None;
        }
        let alone = *count == 1;
        let part = |field: &[u8]| Component {
            id: field[0],
            // a component that is alone has units of one block whatever it says
            wide: if alone { 1 } else { u32::from(field[1] >> 4) },
            high: if alone { 1 } else { u32::from(field[1] & 15) },
            table: field[2],
            plane: Vec::new(),
            blocks: (0, 0),
            done: false,
        };
        let mut components: Vec<_> = fields.chunks_exact(3).map(part).collect();
        let sensible = |c: &Component| matches!(c.wide, 1 | 2 | 4) && matches!(c.high, 1 | 2 | 4);
        if !components.iter().all(sensible) {
            return None;
        }
        let most = components
            .iter()
            .fold((1, 1), |most, c| (c.wide.max(most.0), c.high.max(most.1)));
        for component in &mut components {
            let across = width.div_ceil(8 * most.0) * component.wide;
            let down = height.div_ceil(8 * most.1) * component.high;
            component.blocks = (across, down);
        }
        Some(Self {
            width,
            height,
            side,
            components,
            most,
        })
    }

    /// Decodes one scan and gives what follows it.
    fn scan<'a>(
        &mut self,
        payload: &[u8],
        tables: &Tables,
        data: &'a [u8],
    ) -> Result<&'a [u8], MediaError> {
        let mut shares = self.shares(payload, tables).ok_or(UNREADABLE)?;
        for share in &shares {
            let component = &mut self.components[share.index];
            let (across, down) = component.blocks;
            component.plane = vec![0; (across * down * self.side * self.side) as usize];
            component.done = true;
        }
        let (across, down) = self.units(&shares);
        let single = shares.len() == 1;
        let mut bits = Bits::new(data);
        let mut coarse = Coarse::new(self.side);
        let mut until_restart = tables.restart;
        for unit in 0..across * down {
            if tables.restart > 0 {
                if until_restart == 0 {
                    bits.restart().ok_or(MediaError::Truncated)?;
                    shares.iter_mut().for_each(|share| share.before = 0);
                    until_restart = tables.restart;
                }
                until_restart -= 1;
            }
            let (column, row) = (unit % across, unit / across);
            for share in &mut shares {
                let component = &mut self.components[share.index];
                let (wide, high) = if single {
                    (1, 1)
                } else {
                    (component.wide, component.high)
                };
                for block in 0..wide * high {
                    coarse.read(&mut bits, share).ok_or(UNREADABLE)?;
                    let at = (column * wide + block % wide, row * high + block / wide);
                    coarse.put(component, at);
                }
            }
            if bits.exhausted() {
                return Err(MediaError::Truncated);
            }
        }
        Ok(bits.rest())
    }

    /// Who is in a scan; `None` for a scan that no sequential picture has.
    fn shares<'t>(&self, payload: &[u8], tables: &'t Tables) -> Option<Vec<Share<'t>>> {
        let (count, fields) = payload.split_first()?;
        let fields = fields.get(..usize::from(*count) * 2)?;
        let mut shares: Vec<Share<'t>> = Vec::new();
        for field in fields.chunks_exact(2) {
            let index = self.components.iter().position(|c| c.id == field[0])?;
            let component = &self.components[index];
            if component.done || shares.iter().any(|share| share.index == index) {
                return None;
            }
            let table = |tables: &'t [Option<Codes>; 4], number: u8| {
                tables.get(usize::from(number)).and_then(Option::as_ref)
            };
            shares.push(Share {
                index,
                dc: table(&tables.dc, field[1] >> 4)?,
                ac: table(&tables.ac, field[1] & 15)?,
                quantiser: tables
                    .quantisers
                    .get(usize::from(component.table))?
                    .as_ref()?,
                before: 0,
            });
        }
        (!shares.is_empty()).then_some(shares)
    }

    /// Units of the scan across and down (T.81, A.2): blocks of the component where it is alone in its scan.
    fn units(&self, shares: &[Share<'_>]) -> (u32, u32) {
        match shares {
            [share] => {
                let component = &self.components[share.index];
                let own = |length: u32, factor: u32, most: u32| {
                    (length * factor).div_ceil(most).div_ceil(8)
                };
                (
                    own(self.width, component.wide, self.most.0),
                    own(self.height, component.high, self.most.1),
                )
            }
            _ => (
                self.width.div_ceil(8 * self.most.0),
                self.height.div_ceil(8 * self.most.1),
            ),
        }
    }

    /// Puts the components together and turns them into red, green and blue.
    fn coloured(&self, adobe: Option<u8>) -> RgbImage {
        let ids: Vec<_> = self
            .components
            .iter()
            .map(|component| component.id)
            .collect();
        let plain = adobe == Some(0) || (adobe.is_none() && ids == *b"RGB");
        let nearest = |length: u32| ((length * self.side + 4) / 8).max(1);
        let (columns, rows) = (nearest(self.width), nearest(self.height));
        let mut bytes = Vec::with_capacity(columns as usize * rows as usize * 3);
        let across: Vec<Vec<usize>> = self
            .components
            .iter()
            .map(|c| {
                (0..columns)
                    .map(|x| (x * c.wide / self.most.0) as usize)
                    .collect()
            })
            .collect();
        for y in 0..rows {
            let line = |c: &'_ Component| {
                let stride = (c.blocks.0 * self.side) as usize;
                let from = (y * c.high / self.most.1) as usize * stride;
                from..from + stride
            };
            let lines: Vec<_> = self.components.iter().map(|c| &c.plane[line(c)]).collect();
            match (lines.as_slice(), across.as_slice()) {
                ([grey], _) => bytes.extend(grey[..columns as usize].iter().flat_map(|v| [*v; 3])),
                ([first, second, third], [a, b, c]) => {
                    for x in 0..columns as usize {
                        let values = [first[a[x]], second[b[x]], third[c[x]]];
                        bytes.extend(if plain { values } else { from_ycc(values) });
                    }
                }
                _ => {}
            }
        }
        RgbImage::from_raw(columns, rows, bytes).unwrap_or_default()
    }
}

fn from_ycc([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (
        i32::from(y) << 16 | 1 << 15,
        i32::from(cb) - 128,
        i32::from(cr) - 128,
    );
    let clamp = |value: i32| u8::try_from((value >> 16).clamp(0, 255)).unwrap_or(0);
    [
        clamp(y + 91_881 * cr),
        clamp(y - 22_554 * cb - 46_802 * cr),
        clamp(y + 116_130 * cb),
    ]
}

/// The coarse waves of one block and how they become pixels.
struct Coarse {
    side: usize,
    /// The last place of the zigzag order that is of use.
    last: usize,
    /// Each wave's height at each pixel.
    heights: [[f32; 4]; 4],
    waves: [[f32; 4]; 4],
    even: bool,
}

impl Coarse {
    fn new(side: u32) -> Self {
        let side = side as usize;
        let mut heights = [[0.0; 4]; 4];
        for (x, at_pixel) in heights.iter_mut().enumerate().take(side) {
            for (u, height) in at_pixel.iter_mut().enumerate().take(side) {
                let angle =
                    (2 * x + 1) as f32 * u as f32 * std::f32::consts::PI / (2 * side) as f32;
                let norm: f32 = if u == 0 { 0.125 } else { 0.25 };
                *height = norm.sqrt() * angle.cos();
            }
        }
        let last = match side {
            1 => 0,
            2 => 4,
            _ => 24,
        };
        Self {
            side,
            last,
            heights,
            waves: [[0.0; 4]; 4],
            even: true,
        }
    }

    /// Reads one block (T.81, F.2.2); `None` where the bits are no block.
    #[inline]
    fn read(&mut self, bits: &mut Bits<'_>, share: &mut Share<'_>) -> Option<()> {
        if !self.even {
            self.waves = [[0.0; 4]; 4];
            self.even = true;
        }
        let length = bits.symbol(share.dc)?;
        if length > 15 {
            return None;
        }
        share.before = share.before.wrapping_add(bits.number(length.into()));
        self.waves[0][0] = share.before as f32 * share.quantiser[0];
        let mut at = 1;
        while at < 64 {
            if at > self.last
                && let Some(leap) = bits.leap(share.ac, 64 - at)
            {
                if leap.end {
                    break;
                }
                at += usize::from(leap.places);
                continue;
            }
            let symbol = bits.symbol(share.ac)?;
            let (run, length) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if length == 0 {
                match run {
                    15 => at += 16,
                    _ => break,
                }
                continue;
            }
            at += run;
            if at > self.last {
                bits.skip(length);
                // a run beyond the block's end; not every encoder keeps to the rule, and nothing hangs on it
                at += 1;
                continue;
            }
            let place = usize::from(ZIGZAG[at]);
            let value = bits.number(length) as f32 * share.quantiser[place];
            if place & 7 < self.side && place >> 3 < self.side {
                self.waves[place >> 3][place & 7] = value;
                self.even = false;
            }
            at += 1;
        }
        Some(())
    }

    /// Writes the block's pixels into the component's plane.
    #[inline]
    fn put(&self, component: &mut Component, (column, row): (u32, u32)) {
        let stride = component.blocks.0 as usize * self.side;
        let start = row as usize * self.side * stride + column as usize * self.side;
        if self.even {
            let level = pixel(self.waves[0][0] * 0.125);
            for y in 0..self.side {
                let from = start + y * stride;
                component.plane[from..from + self.side].fill(level);
            }
            return;
        }
        let mut half = [[0.0f32; 4]; 4];
        for (line, waves) in half.iter_mut().zip(&self.waves).take(self.side) {
            for (value, heights) in line.iter_mut().zip(&self.heights) {
                *value = (0..4).map(|u| heights[u] * waves[u]).sum();
            }
        }
        for y in 0..self.side {
            let heights = &self.heights[y];
            let from = start + y * stride;
            let line = &mut component.plane[from..from + self.side];
            for (x, value) in line.iter_mut().enumerate() {
                *value = pixel((0..4).map(|v| heights[v] * half[v][x]).sum());
            }
        }
    }
}

fn pixel(value: f32) -> u8 {
    // a float beyond the range becomes its end
    (value + 128.5) as u8
}

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;

    use super::*;
    use crate::{Limits, inspect, open};

    /// A scene of soft shapes, so that averages and coarse waves agree.
    fn scene() -> RgbImage {
        RgbImage::from_fn(640, 480, |x, y| {
            let wave =
                |a: f32, b: f32| ((x as f32 / a).sin() + (y as f32 / b).cos()) * 60.0 + 128.0;
            image::Rgb([wave(40.0, 55.0), wave(70.0, 33.0), wave(90.0, 80.0)].map(|v| v as u8))
        })
    }

    fn encoded(picture: &RgbImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90))
            .unwrap();
        bytes
    }

    #[test]
    fn a_small_decode_shows_the_same_as_a_full_one() {
        let picture = scene();
        let bytes = encoded(&picture);
        let report = inspect(&bytes, &Limits::default()).unwrap();
        for factor in [2, 4, 8] {
            let small = decode(&bytes, &report, factor).unwrap().unwrap();
            let means = image::imageops::thumbnail(&picture, 640 / factor, 480 / factor);
            assert_eq!(small.dimensions(), means.dimensions());
            let apart = small.iter().zip(means.iter()).map(|(a, b)| a.abs_diff(*b));
            assert!(apart.max().unwrap() < 16, "1/{factor}");
        }
        assert!(decode(&bytes, &report, 1).unwrap().is_none());
    }

    #[test]
    fn a_scan_that_ends_too_early_or_holds_no_codes_is_refused() {
        let bytes = encoded(&scene());
        let limits = Limits::default();
        let scan = bytes.len() * 2 / 3;
        let short = [&bytes[..scan], &[0xFF, 0xD9]].concat();
        for side in [64, 2000] {
            assert_eq!(open(&short, side, &limits), Err(MediaError::Truncated));
        }
        let mut broken = bytes;
        broken[scan..scan + 400].fill(0x55);
        // codes that mean something else are a picture that looks wrong, which nobody can tell; it must only end
        let _ = open(&broken, 64, &limits);
    }

    #[test]
    fn the_codes_are_read_the_same_way_with_and_without_leaps() {
        let bytes = encoded(&scene());
        let report = inspect(&bytes, &Limits::default()).unwrap();
        let eighth = decode(&bytes, &report, 8).unwrap().unwrap();
        let half = decode(&bytes, &report, 2).unwrap().unwrap();
        let again = image::imageops::thumbnail(&half, eighth.width(), eighth.height());
        let apart = eighth.iter().zip(again.iter()).map(|(a, b)| a.abs_diff(*b));
        assert!(apart.max().unwrap() < 12);
    }
}
