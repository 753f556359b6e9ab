//! Builds HEIC pictures and films box by box. Test cases live elsewhere.

/// A box.
pub fn bx(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(8 + body.len()).unwrap();
    [&size.to_be_bytes()[..], kind, body].concat()
}

/// A box with a version and flags.
pub fn full(kind: &[u8; 4], version: u8, body: &[u8]) -> Vec<u8> {
    bx(kind, &[&[version, 0, 0, 0], body].concat())
}

pub fn uuid(id: &[u8; 16], body: &[u8]) -> Vec<u8> {
    bx(b"uuid", &[&id[..], body].concat())
}

pub const XMP_UUID: &[u8; 16] = b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
pub const C2PA_UUID: &[u8; 16] =
    b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81";
pub const CANON_UUID: &[u8; 16] =
    b"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48";

/// An item: its box in the list (kind and what follows the kind), its bytes, its properties by number from 1.
pub struct Item {
    pub kind: &'static [u8; 4],
    pub extra: Vec<u8>,
    pub data: Vec<u8>,
    pub properties: Vec<u8>,
}

pub fn item(kind: &'static [u8; 4], extra: &[u8], data: &[u8], properties: &[u8]) -> Item {
    Item {
        kind,
        extra: extra.to_vec(),
        data: data.to_vec(),
        properties: properties.to_vec(),
    }
}

/// A picture of 64 by 48 pixels: items are numbered from 1, the first is the main one; properties 1 and 2 are its size
/// and that of a second picture, 16 by 12.
pub struct Heic {
    pub brand: &'static [u8; 4],
    pub items: Vec<Item>,
    pub properties: Vec<Vec<u8>>,
    /// Kind, from, to.
    pub links: Vec<(&'static [u8; 4], u16, Vec<u16>)>,
    /// Further boxes inside `meta`, and after everything.
    pub in_meta: Vec<u8>,
    pub after: Vec<u8>,
    /// Width in bytes of offsets and lengths.
    pub width: usize,
}

impl Default for Heic {
    fn default() -> Self {
        Self {
            brand: b"heic",
            items: vec![item(b"hvc1", b"\0", b"coded picture", &[1])],
            properties: vec![size(64, 48), size(16, 12)],
            links: Vec::new(),
            in_meta: Vec::new(),
            after: Vec::new(),
            width: 4,
        }
    }
}

pub fn size(width: u32, height: u32) -> Vec<u8> {
    full(
        b"ispe",
        0,
        &[width.to_be_bytes(), height.to_be_bytes()].concat(),
    )
}

impl Heic {
    pub fn with(items: Vec<Item>) -> Self {
        let mut heic = Self::default();
        heic.items.extend(items);
        heic
    }

    pub fn bytes(&self) -> Vec<u8> {
        let ftyp = bx(b"ftyp", &[&self.brand[..], b"\0\0\0\0mif1heic"].concat());
        let start = ftyp.len() + self.meta(0).len() + 8;
        let data: Vec<u8> = self.items.iter().flat_map(|i| i.data.clone()).collect();
        let meta = self.meta(start);
        [ftyp, meta, bx(b"mdat", &data), self.after.clone()].concat()
    }

    fn meta(&self, data_start: usize) -> Vec<u8> {
        let count = (self.items.len() as u16).to_be_bytes();
        let (mut infos, mut places, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        let mut at = data_start;
        for (id, item) in (1u16..).zip(&self.items) {
            let id = id.to_be_bytes();
            infos.extend(full(
                b"infe",
                2,
                &[&id[..], &[0, 0], item.kind, &item.extra].concat(),
            ));
            places.extend([&id[..], &[0, 0, 0, 0, 0, 1]].concat());
            places.extend(&(at as u64).to_be_bytes()[8 - self.width..]);
            places.extend(&(item.data.len() as u64).to_be_bytes()[8 - self.width..]);
            owners.extend([&id[..], &[item.properties.len() as u8], &item.properties].concat());
            at += item.data.len();
        }
        let sizes = [(self.width << 4 | self.width) as u8, 0];
        let handler = [&[0; 4][..], b"pict", &[0; 13]].concat();
        let ipma = [&(self.items.len() as u32).to_be_bytes()[..], &owners].concat();
        let iprp = [
            bx(b"ipco", &self.properties.concat()),
            full(b"ipma", 0, &ipma),
        ]
        .concat();
        let links: Vec<u8> = self
            .links
            .iter()
            .flat_map(|(kind, from, to)| {
                let to: Vec<u8> = to.iter().flat_map(|id| id.to_be_bytes()).collect();
                let count = (to.len() as u16 / 2).to_be_bytes();
                bx(kind, &[&from.to_be_bytes()[..], &count, &to].concat())
            })
            .collect();
        let body = [
            full(b"hdlr", 0, &handler),
            full(b"pitm", 0, &[0, 1]),
            full(b"iinf", 0, &[&count[..], &infos].concat()),
            full(b"iloc", 1, &[&sizes[..], &count, &places].concat()),
            full(b"iref", 0, &links),
            bx(b"iprp", &iprp),
            self.in_meta.clone(),
        ]
        .concat();
        full(b"meta", 0, &body)
    }
}

/// Exif as it stands in an item.
pub fn exif_item(tiff: &[u8]) -> Item {
    let data = [&[0, 0, 0, 6][..], b"Exif\0\0", tiff].concat();
    item(b"Exif", b"\0", &data, &[])
}

pub fn mime_item(content_type: &str, data: &[u8]) -> Item {
    let extra = [b"\0", content_type.as_bytes(), b"\0"].concat();
    item(b"mime", &extra, data, &[])
}

/// A film: movie header, one picture track of 64 by 48, what else is given inside `moov`, then samples.
pub fn film(brand: &[u8; 4], in_moov: &[Vec<u8>], samples: &[u8]) -> Vec<u8> {
    let ftyp = bx(b"ftyp", &[&brand[..], b"\0\0\0\0isom"].concat());
    let moov = [
        vec![movie_header(3_860_388_672), picture_track()],
        in_moov.to_vec(),
    ]
    .concat();
    [ftyp, bx(b"mdat", samples), bx(b"moov", &moov.concat())].concat()
}

pub fn movie_header(seconds: u32) -> Vec<u8> {
    let seconds = seconds.to_be_bytes();
    full(b"mvhd", 0, &[&seconds[..], &[0; 4], &[0; 88]].concat())
}

pub fn picture_track() -> Vec<u8> {
    let mut header = vec![0; 80];
    header[72..74].copy_from_slice(&64u16.to_be_bytes());
    header[76..78].copy_from_slice(&48u16.to_be_bytes());
    track(&full(b"tkhd", 0, &header), b"vide", "", &[])
}

/// A track with a handler and sample tables.
pub fn track(header: &[u8], handler: &[u8; 4], name: &str, tables: &[u8]) -> Vec<u8> {
    let handler = [&[0; 4][..], handler, &[0; 12], name.as_bytes(), b"\0"].concat();
    let media = [
        full(b"hdlr", 0, &handler),
        bx(b"minf", &bx(b"stbl", tables)),
    ]
    .concat();
    bx(b"trak", &[header, &bx(b"mdia", &media)].concat())
}

/// Tables for samples of these lengths that stand one after another from `at`.
pub fn tables(format: &[u8; 4], description: &[u8], at: u32, lengths: &[u32]) -> Vec<u8> {
    let one = 1u32.to_be_bytes();
    let count = (lengths.len() as u32).to_be_bytes();
    let sizes: Vec<u8> = lengths.iter().flat_map(|n| n.to_be_bytes()).collect();
    let entry = bx(format, &[&[0; 6][..], &[0, 1], description].concat());
    [
        full(b"stsd", 0, &[&one[..], &entry].concat()),
        full(b"stsz", 0, &[&[0; 4][..], &count, &sizes].concat()),
        full(b"stsc", 0, &[&one[..], &one, &count, &one].concat()),
        full(b"stco", 0, &[&one[..], &at.to_be_bytes()].concat()),
    ]
    .concat()
}

/// QuickTime's international text.
pub fn international(kind: &[u8; 4], text: &str) -> Vec<u8> {
    let len = (text.len() as u16).to_be_bytes();
    bx(kind, &[&len[..], &[0x15, 0xC7], text.as_bytes()].concat())
}

/// 3GPP's text with its language.
pub fn coded(kind: &[u8; 4], text: &str) -> Vec<u8> {
    full(kind, 0, &[&[0x15, 0xC7], text.as_bytes(), b"\0"].concat())
}

/// Apple's typed data.
pub fn data(class: u8, value: &[u8]) -> Vec<u8> {
    bx(b"data", &[&[0, 0, 0, class, 0, 0, 0, 0], value].concat())
}

/// Apple's keys and their values, in a `meta` box without version as QuickTime writes it.
pub fn keys(pairs: &[(&str, &str)]) -> Vec<u8> {
    let names: Vec<u8> = pairs
        .iter()
        .flat_map(|(key, _)| bx(b"mdta", key.as_bytes()))
        .collect();
    let values: Vec<u8> = (1u32..)
        .zip(pairs)
        .flat_map(|(number, (_, value))| bx(&number.to_be_bytes(), &data(1, value.as_bytes())))
        .collect();
    let count = (pairs.len() as u32).to_be_bytes();
    let handler = [&[0; 4][..], b"mdta", &[0; 13]].concat();
    let body = [
        full(b"hdlr", 0, &handler),
        full(b"keys", 0, &[&count[..], &names].concat()),
        bx(b"ilst", &values),
    ];
    bx(b"meta", &body.concat())
}
