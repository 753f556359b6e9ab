//! Reads what Windows writes into films (`Xtra`): names in ASCII, values in UTF-16, times or numbers.

use super::boxes::{be16, be32};
use super::names::kind_of;
use super::plain::mine;
use crate::report::Collector;
use crate::report::MetadataKind::{CaptureTime, Comment, SerialNumber};
use crate::text;

/// Reports the records of a block.
pub(super) fn read(body: &[u8], out: &mut Collector) {
    let mut rest = body;
    while let Some(size) = be32(rest, 0).map(|size| size as usize) {
        let Some((record, after)) = rest.split_at_checked(size).filter(|_| size >= 12) else {
            break;
        };
        rest = after;
        let name_len = be32(record, 4).unwrap_or(0) as usize;
        let Some(name) = record.get(8..).and_then(|r| r.get(..name_len)) else {
            continue;
        };
        let name = text::guess(&name[..name.len().min(100)], false).into_owned();
        microsoft_values(&name, record.get(12 + name_len..).unwrap_or_default(), out);
    }
    if rest.iter().any(|&b| b != 0) {
        mine(Comment, "Microsoft:Xtra", rest, out);
    }
}

fn microsoft_values(name: &str, mut values: &[u8], out: &mut Collector) {
    let tag = format!("Microsoft:{name}");
    let kind = kind_of(name);
    while let (Some(size), Some(class)) = (be32(values, 0), be16(values, 4)) {
        let Some((record, after)) = values.split_at_checked(size as usize).filter(|_| size >= 6)
        else {
            return;
        };
        values = after;
        let value = &record[6..];
        match class {
            8 => {
                let max = out.max_value_bytes();
                let value = &value[..value.len().min(max)];
                out.text(kind, tag.as_str(), &text::utf16(value, false));
            }
            21 => out.blob(CaptureTime, tag.as_str()),
            72 => out.blob(SerialNumber, tag.as_str()),
            _ => out.blob(kind, tag.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn what_windows_writes_is_read() {
        let wide: Vec<u8> = "Amelia\0"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let name = b"Author";
        let value = [&((6 + wide.len()) as u32).to_be_bytes()[..], &[0, 8], &wide].concat();
        let size = (12 + name.len() + value.len()) as u32;
        let body = [
            &size.to_be_bytes()[..],
            &(name.len() as u32).to_be_bytes(),
            name,
            &1u32.to_be_bytes(),
            &value,
        ]
        .concat();
        let mut out = Collector::new(&Limits::default());
        read(&body, &mut out);
        let (entries, _) = out.finish().unwrap();
        assert_eq!(entries[0].value.as_deref(), Some("Amelia"));
    }
}
