//! The XMP reader on packets as programs write them, and on broken ones.

use super::*;
use crate::Limits;
use crate::report::MetadataKind::{self, CaptureTime, Comment, Device, Gps, SerialNumber, Trailer};

type Found = Vec<(MetadataKind, String, String)>;

fn read_all(packet: &[u8]) -> (Found, bool) {
    let mut out = Collector::new(&Limits::default());
    let is_whole = read(packet, &mut out).is_ok();
    let found = out.finish().unwrap().0.into_iter();
    let found = found.map(|e| (e.kind, e.tag, e.value.unwrap_or_default()));
    (found.collect(), is_whole)
}

fn entries(packet: &str) -> Found {
    let (found, is_whole) = read_all(packet.as_bytes());
    assert!(is_whole, "{found:?}");
    found
}

fn entry(kind: MetadataKind, tag: &str, value: &str) -> (MetadataKind, String, String) {
    (kind, tag.to_owned(), value.to_owned())
}

const RDF: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Kit"><rdf:RDF
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">"#;

#[test]
fn elements_attributes_and_entities_are_read() {
    let found = entries(&format!(
        r#"{RDF}<rdf:Description rdf:about="" photoshop:City="Salford" tiff:XResolution="72/1">
        <dc:creator><rdf:Seq><rdf:li>Amelia &amp; &#x42;en</rdf:li></rdf:Seq></dc:creator>
        </rdf:Description></rdf:RDF></x:xmpmeta>"#,
    ));
    let expected = [
        entry(Device, "XMP:XMPToolkit", "Kit"),
        entry(Comment, "XMP:City", "Salford"),
        entry(PersonName, "XMP:Creator", "Amelia & Ben"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_namespace_counts_whatever_its_prefix() {
    let found = entries(&format!(
        r#"{RDF}<rdf:Description xmlns:a="http://ns.adobe.com/camera-raw-settings/1.0/"
        xmlns:crs="http://invented.example/words/" a:WhiteBalance="Daylight" crs:Note="Year 3"/></rdf:RDF></x:xmpmeta>"#,
    ));
    assert_eq!(found[1..], [entry(Comment, "XMP:Note", "Year 3")]);
}

#[test]
fn a_day_is_a_time_whatever_its_property_is_called() {
    let found = entries(&format!(
        r#"{RDF}<rdf:Description xmlns:a="http://invented.example/a/" a:Printed="2026-06-26T10:42:17Z" a:Seen="2026-06-26"
        a:Size="2026-06-261" a:Ratio="16-9" a:Edition="2026-06-26-b"/></rdf:RDF></x:xmpmeta>"#,
    ));
    let expected = [
        entry(CaptureTime, "XMP:Printed", "2026-06-26T10:42:17Z"),
        entry(CaptureTime, "XMP:Seen", "2026-06-26"),
        entry(Comment, "XMP:Edition", "2026-06-26-b"),
    ];
    assert_eq!(found[1..], expected);
}

#[test]
fn fields_of_structures_have_the_names_that_exiftool_gives_them() {
    let found = entries(&format!(
        r#"{RDF}<rdf:Description xmlns:r="http://www.metadataworkinggroup.com/schemas/regions/"
        xmlns:MP="http://ns.microsoft.com/photo/1.2/" xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
        xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#" xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"
        GCamera:MotionPhoto="1" xmpMM:DocumentID="xmp.did:7">
        <r:Regions rdf:parseType="Resource"><r:RegionList><rdf:Seq>
        <rdf:li r:Name="Amelia Jones" r:Type="Face"/></rdf:Seq></r:RegionList></r:Regions>
        <MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag><rdf:li
        MPReg:Rectangle="0.1, 0.2, 0.3, 0.4" MPReg:PersonDisplayName="Oliver Smith"/></rdf:Bag></MPRI:Regions></MP:RegionInfo>
        <Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li Iptc4xmpExt:City="Salford" exif:GPSLatitude="53,29N"/></rdf:Bag>
        </Iptc4xmpExt:LocationCreated><xmpMM:History><rdf:Seq><rdf:li stEvt:when="2026-05-01" stEvt:softwareAgent="Kit"/>
        </rdf:Seq></xmpMM:History></rdf:Description></rdf:RDF></x:xmpmeta>"#,
    ));
    let expected = [
        entry(Device, "XMP:XMPToolkit", "Kit"),
        entry(Trailer, "XMP:MotionPhoto", "1"),
        entry(SerialNumber, "XMP:DocumentID", "xmp.did:7"),
        entry(PersonName, "XMP:RegionInfo", ""),
        entry(PersonName, "XMP:RegionName", "Amelia Jones"),
        entry(PersonName, "XMP:RegionPersonDisplayName", "Oliver Smith"),
        entry(Comment, "XMP:LocationCreatedCity", "Salford"),
        entry(Gps, "XMP:LocationCreatedGPSLatitude", "53,29N"),
        entry(CaptureTime, "XMP:HistoryWhen", "2026-05-01"),
        entry(Device, "XMP:HistorySoftwareAgent", "Kit"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_packet_that_breaks_off_is_an_error_and_what_stands_before_is_kept() {
    for packet in [
        "<a",
        "<a>",
        "<a b=",
        "<a b='",
        "<!--",
        "<!DOCTYPE x>",
        "<a></b>",
    ] {
        assert!(!read_all(packet.as_bytes()).1, "{packet}");
    }
    let (found, is_whole) = read_all(b"<a><dc:creator>Zara Khan</dc:creator><dc:rights>Mr");
    assert!(!is_whole);
    assert_eq!(found[0].2, "Zara Khan");
    assert!(read_all(b"<a>text</a>").1);
}

#[test]
fn a_packet_that_nests_without_end_is_an_error() {
    let deep = "<a>".repeat(200) + &"</a>".repeat(200);
    assert!(!read_all(deep.as_bytes()).1);
    let bindings: String = (0..300).map(|i| format!(" xmlns:p{i}='u{i}'")).collect();
    assert!(!read_all(format!("<a{bindings}/>").as_bytes()).1);
}

#[test]
fn what_is_not_utf8_is_read_all_the_same() {
    let (found, is_whole) = read_all(b"<a><dc:creator>Zo\xEB</dc:creator></a>\0\0");
    assert!(is_whole);
    assert_eq!(found, [entry(PersonName, "XMP:ACreator", "Zoë")]);
}
