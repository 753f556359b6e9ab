//! Huffman codes of a JPEG's scan (ITU-T T.81, annex F), read fast and never beyond the data.

/// Codes up to this length are found in one step.
const QUICK: u32 = 11;
/// So many bits are looked at to pass over several waves in one step.
const AHEAD: u32 = 13;

/// One table of codes.
pub(super) struct Codes {
    /// By the next bits: length of the code and its symbol; length 0 where the code is longer.
    quick: Vec<(u8, u8)>,
    /// For each length: the first code beyond, left-aligned to 16 bits, and what to add to a code to find its symbol.
    longer: [(u32, i32); 17],
    symbols: Vec<u8>,
    /// By the next bits: what the whole waves in them come to.
    ahead: Vec<Leap>,
}

/// Several waves whose heights are not needed.
#[derive(Clone, Copy, Default)]
pub(super) struct Leap {
    /// Bits that they take; 0 where not even one fits.
    pub bits: u8,
    /// Places of the zigzag order that they take.
    pub places: u8,
    /// Whether the block ends behind them.
    pub end: bool,
}

impl Codes {
    /// Builds the table of a DHT segment; `None` where the counts contradict each other.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut quick = vec![(0, 0); 1 << QUICK];
        let mut longer = [(0, 0); 17];
        let (mut code, mut first) = (0u32, 0usize);
        for (length, count) in (1u32..).zip(counts) {
            let count = usize::from(*count);
            let of_length = symbols.get(first..first + count)?;
            longer[length as usize].1 = i32::try_from(first).ok()? - i32::try_from(code).ok()?;
            for symbol in of_length {
                if code >> length != 0 {
                    return None;
                }
                if length <= QUICK {
                    let start = (code << (QUICK - length)) as usize;
                    let end = start + (1 << (QUICK - length));
                    quick[start..end].fill((u8::try_from(length).ok()?, *symbol));
                }
                code += 1;
            }
            longer[length as usize].0 = code << (16 - length);
            first += count;
            code <<= 1;
        }
        let ahead = (0..1 << AHEAD).map(|bits| leap(&quick, bits)).collect();
        Some(Self {
            quick,
            longer,
            symbols: symbols.to_vec(),
            ahead,
        })
    }
}

/// What the waves at the start of `bits` come to that lie whole in them.
fn leap(quick: &[(u8, u8)], bits: u32) -> Leap {
    let mut leap = Leap::default();
    while u32::from(leap.bits) < AHEAD && leap.places < 64 {
        let window = (bits << leap.bits) & ((1 << AHEAD) - 1);
        let (length, symbol) = quick[(window >> (AHEAD - QUICK)) as usize];
        let (run, number) = (symbol >> 4, symbol & 15);
        let taken = leap.bits + length + number;
        if length == 0 || u32::from(taken) > AHEAD {
            break;
        }
        leap.bits = taken;
        leap.end = number == 0 && run < 15;
        if leap.end {
            break;
        }
        leap.places += run + 1;
    }
    leap
}

/// Reads bits of entropy-coded data.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    held: u64,
    count: u32,
    /// Bits that were made up because the data had ended.
    invented: u32,
}

impl<'a> Bits<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            held: 0,
            count: 0,
            invented: 0,
        }
    }

    /// Makes sure that 32 bits are there; behind the end they are zero, and counted.
    #[inline]
    fn fill(&mut self) {
        if self.count > 32 {
            return;
        }
        if let Some(next) = self.data[self.at..].first_chunk::<4>() {
            let word = u32::from_be_bytes(*next);
            // no byte of it is 0xFF: none of its complement is zero
            let gaps = (!word).wrapping_sub(0x0101_0101) & word & 0x8080_8080;
            if gaps == 0 {
                self.held |= u64::from(word) << (32 - self.count);
                self.count += 32;
                self.at += 4;
                return;
            }
        }
        self.fill_slowly();
    }

    fn fill_slowly(&mut self) {
        while self.count <= 56 {
            let byte = match self.data[self.at..] {
                [0xFF, 0x00, ..] => {
                    self.at += 2;
                    0xFF
                }
                [0xFF, ..] | [] => {
                    self.invented += 8;
                    0
                }
                [byte, ..] => {
                    self.at += 1;
                    byte
                }
            };
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    #[inline]
    fn drop(&mut self, bits: u32) {
        self.held <<= bits;
        self.count -= bits;
    }

    /// The next symbol; `None` where the bits are no code.
    #[inline]
    pub fn symbol(&mut self, codes: &Codes) -> Option<u8> {
        self.fill();
        let (length, symbol) = codes.quick[(self.held >> (64 - QUICK)) as usize];
        if length > 0 {
            self.drop(length.into());
            return Some(symbol);
        }
        let next = (self.held >> 48) as u32;
        for length in QUICK + 1..=16 {
            let (beyond, offset) = codes.longer[length as usize];
            if next < beyond {
                self.drop(length);
                let code = i32::try_from(next >> (16 - length)).ok()?;
                let index = usize::try_from(code + offset).ok()?;
                return codes.symbols.get(index).copied();
            }
        }
        None
    }

    /// The number of `bits` bits after a symbol (T.81, F.2.2.1); at most 16 bits, which the symbol's own filling left.
    #[inline]
    pub fn number(&mut self, bits: u32) -> i32 {
        if bits == 0 {
            return 0;
        }
        let value = (self.held >> (64 - bits)) as i32;
        self.drop(bits);
        match value < 1 << (bits - 1) {
            true => value - (1 << bits) + 1,
            false => value,
        }
    }

    /// Passes over the height of a wave.
    #[inline]
    pub fn skip(&mut self, bits: u32) {
        self.drop(bits);
    }

    /// Passes over several waves, if that stays within the `left` places of the block; gives what it passed.
    #[inline]
    pub fn leap(&mut self, codes: &Codes, left: usize) -> Option<Leap> {
        self.fill();
        let leap = codes.ahead[(self.held >> (64 - AHEAD)) as usize];
        let places = usize::from(leap.places) + usize::from(leap.end);
        if leap.bits == 0 || places > left {
            return None;
        }
        self.drop(leap.bits.into());
        Some(leap)
    }

    /// Whether bits were used that are not there.
    pub fn exhausted(&self) -> bool {
        self.invented > self.count
    }

    /// Goes on behind the next restart marker; `None` where there is none.
    pub fn restart(&mut self) -> Option<()> {
        let rest = &self.data[self.at..];
        let skip = rest.windows(2).position(is_marker)?;
        if !matches!(rest[skip + 1], 0xD0..=0xD7) {
            return None;
        }
        *self = Self {
            at: self.at + skip + 2,
            ..Self::new(self.data)
        };
        Some(())
    }

    /// What follows the scan, from its marker on.
    pub fn rest(&self) -> &'a [u8] {
        // bytes that were taken in advance hold no marker: filling stops before one
        let rest = &self.data[self.at..];
        let marker = rest.windows(2).position(is_marker);
        &rest[marker.unwrap_or(rest.len())..]
    }
}

fn is_marker(pair: &[u8]) -> bool {
    pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF)
}
