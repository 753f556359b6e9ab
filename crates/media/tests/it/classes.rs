//! One picture for every class of field that a JPEG can have, with the name that ExifTool gives the field.

use schoolgate_media::MetadataKind::{
    self, CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail,
};

use crate::pictures::{
    Exif, Field, ascii, bytes, iptc_segment, jpeg, jpeg_with, jpeg_with_exif, long, phone_exif,
    profile, rationals, segment, utf16le,
};

/// One class: what it gives away, the name that ExifTool gives it, and a picture that has it.
#[derive(Clone)]
pub struct Class(pub MetadataKind, pub &'static str, pub Vec<u8>);

fn exif_classes() -> Vec<Class> {
    let primary = |field: Field| {
        let exif = Exif {
            primary: vec![field],
            ..Exif::default()
        };
        jpeg_with_exif(&exif.tiff())
    };
    let sub = |field: Field| {
        let exif = Exif {
            exif: vec![field],
            ..Exif::default()
        };
        jpeg_with_exif(&exif.tiff())
    };
    let gps = |fields: Vec<Field>| {
        let exif = Exif {
            gps: fields,
            ..Exif::default()
        };
        jpeg_with_exif(&exif.tiff())
    };
    let place = |tag: u16| rationals(tag, &[(53, 1), (29, 1), (7, 1)]);
    let wide = |tag: u16| primary(bytes(tag, 1, &utf16le("Zara Khan\0")));
    let coded = |tag: u16| bytes(tag, 7, b"ASCII\0\0\0Zara Khan");
    vec![
        Class(
            PersonName,
            "IFD0:Artist",
            primary(ascii(0x013B, "Zara Khan")),
        ),
        Class(Owner, "IFD0:Copyright", primary(ascii(0x8298, "Zara Khan"))),
        Class(
            Comment,
            "IFD0:ImageDescription",
            primary(ascii(0x010E, "Zara Khan")),
        ),
        Class(
            Comment,
            "IFD0:DocumentName",
            primary(ascii(0x010D, "Zara Khan")),
        ),
        Class(Device, "IFD0:Make", primary(ascii(0x010F, "Invented"))),
        Class(Device, "IFD0:Model", primary(ascii(0x0110, "IC-1"))),
        Class(
            Device,
            "IFD0:Software",
            primary(ascii(0x0131, "Zara's editor")),
        ),
        Class(
            Device,
            "IFD0:HostComputer",
            primary(ascii(0x013C, "Zara's laptop")),
        ),
        Class(
            CaptureTime,
            "IFD0:ModifyDate",
            primary(ascii(0x0132, "2026:05:01 10:11:12")),
        ),
        Class(Comment, "IFD0:XPTitle", wide(0x9C9B)),
        Class(Comment, "IFD0:XPComment", wide(0x9C9C)),
        Class(PersonName, "IFD0:XPAuthor", wide(0x9C9D)),
        Class(Comment, "IFD0:XPKeywords", wide(0x9C9E)),
        Class(Comment, "IFD0:XPSubject", wide(0x9C9F)),
        Class(
            CaptureTime,
            "ExifIFD:DateTimeOriginal",
            sub(ascii(0x9003, "2026:05:01 10:11:12")),
        ),
        Class(
            CaptureTime,
            "ExifIFD:OffsetTimeOriginal",
            sub(ascii(0x9011, "+01:00")),
        ),
        Class(Owner, "ExifIFD:OwnerName", sub(ascii(0xA430, "Zara Khan"))),
        Class(
            SerialNumber,
            "ExifIFD:SerialNumber",
            sub(ascii(0xA431, "SN-0042")),
        ),
        Class(
            SerialNumber,
            "ExifIFD:LensSerialNumber",
            sub(ascii(0xA435, "LN-0042")),
        ),
        Class(
            SerialNumber,
            "ExifIFD:ImageUniqueID",
            sub(ascii(0xA420, "0123456789ABCDEF")),
        ),
        Class(Device, "ExifIFD:LensModel", sub(ascii(0xA434, "IL-1"))),
        Class(Comment, "ExifIFD:UserComment", sub(coded(0x9286))),
        Class(
            Device,
            "ExifIFD:MakerNoteUnknownText",
            sub(bytes(0x927C, 7, b"secret words of a maker")),
        ),
        Class(
            Gps,
            "GPS:GPSLatitude",
            gps(vec![ascii(1, "N"), place(2), ascii(3, "W"), place(4)]),
        ),
        Class(
            Gps,
            "GPS:GPSDestLatitude",
            gps(vec![ascii(0x13, "N"), place(0x14)]),
        ),
        Class(Gps, "GPS:GPSProcessingMethod", gps(vec![coded(0x1B)])),
        Class(Gps, "GPS:GPSAreaInformation", gps(vec![coded(0x1C)])),
        Class(
            CaptureTime,
            "GPS:GPSDateStamp",
            gps(vec![ascii(0x1D, "2026:05:01")]),
        ),
        Class(
            Comment,
            "IFD1:ImageDescription",
            jpeg_with_exif(&phone_exif(1)),
        ),
        Class(Thumbnail, "IFD1:ThumbnailImage", with_thumbnail()),
    ]
}

/// An Exif block that ends with a whole small JPEG.
fn with_thumbnail() -> Vec<u8> {
    let small = jpeg();
    let exif = |at: u32| Exif {
        primary: vec![ascii(0x010F, "IC")],
        thumbnail: vec![long(0x0201, at), long(0x0202, small.len() as u32)],
        ..Exif::default()
    };
    let at = exif(0).tiff().len() as u32;
    jpeg_with_exif(&[exif(at).tiff(), small.clone()].concat())
}

/// The properties of an XMP packet, one a class: what ExifTool calls them, and their markup.
const XMP: [(MetadataKind, &str, &str); 24] = [
    (
        PersonName,
        "XMP-dc:Creator",
        "<dc:creator><rdf:Seq><rdf:li>Zara Khan</rdf:li></rdf:Seq></dc:creator>",
    ),
    (
        Owner,
        "XMP-dc:Rights",
        "<dc:rights><rdf:Alt><rdf:li xml:lang='x-default'>Zara Khan</rdf:li></rdf:Alt></dc:rights>",
    ),
    (
        Comment,
        "XMP-dc:Description",
        "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>Zara</rdf:li></rdf:Alt></dc:description>",
    ),
    (
        Comment,
        "XMP-dc:Title",
        "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Zara</rdf:li></rdf:Alt></dc:title>",
    ),
    (
        Comment,
        "XMP-dc:Subject",
        "<dc:subject><rdf:Bag><rdf:li>Zara Khan</rdf:li></rdf:Bag></dc:subject>",
    ),
    (
        PersonName,
        "XMP-iptcExt:PersonInImage",
        "<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Zara</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>",
    ),
    (
        PersonName,
        "XMP-mwg-rs:RegionName",
        "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag><rdf:li mwg-rs:Name='Zara' mwg-rs:Type='Face'/></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>",
    ),
    (
        PersonName,
        "XMP-MP:RegionPersonDisplayName",
        "<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions><rdf:Bag><rdf:li MPReg:PersonDisplayName='Zara'/></rdf:Bag></MPRI:Regions></MP:RegionInfo>",
    ),
    (
        Comment,
        "XMP-iptcExt:LocationCreatedCity",
        "<Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li Iptc4xmpExt:City='Salford'/></rdf:Bag></Iptc4xmpExt:LocationCreated>",
    ),
    (
        Comment,
        "XMP-iptcCore:Location",
        "<Iptc4xmpCore:Location>Robin class</Iptc4xmpCore:Location>",
    ),
    (
        PersonName,
        "XMP-iptcCore:CreatorWorkEmail",
        "<Iptc4xmpCore:CreatorContactInfo Iptc4xmpCore:CiEmailWork='z@school.example'/>",
    ),
    (
        Comment,
        "XMP-photoshop:City",
        "<photoshop:City>Salford</photoshop:City>",
    ),
    (
        Comment,
        "XMP-photoshop:Headline",
        "<photoshop:Headline>Zara wins</photoshop:Headline>",
    ),
    (
        Owner,
        "XMP-photoshop:Credit",
        "<photoshop:Credit>Zara Khan</photoshop:Credit>",
    ),
    (
        Comment,
        "XMP-photoshop:Instructions",
        "<photoshop:Instructions>not Zara</photoshop:Instructions>",
    ),
    (
        PersonName,
        "XMP-photoshop:CaptionWriter",
        "<photoshop:CaptionWriter>Zara</photoshop:CaptionWriter>",
    ),
    (
        CaptureTime,
        "XMP-xmp:CreateDate",
        "<xmp:CreateDate>2026-05-01</xmp:CreateDate>",
    ),
    (
        Device,
        "XMP-xmp:CreatorTool",
        "<xmp:CreatorTool>Kit</xmp:CreatorTool>",
    ),
    (
        SerialNumber,
        "XMP-xmpMM:DocumentID",
        "<xmpMM:DocumentID>xmp.did:7</xmpMM:DocumentID>",
    ),
    (
        CaptureTime,
        "XMP-xmpMM:HistoryWhen",
        "<xmpMM:History><rdf:Seq><rdf:li stEvt:when='2026-05-01'/></rdf:Seq></xmpMM:History>",
    ),
    (
        Gps,
        "XMP-exif:GPSLatitude",
        "<exif:GPSLatitude>53,29.0N</exif:GPSLatitude>",
    ),
    (
        SerialNumber,
        "XMP-aux:SerialNumber",
        "<aux:SerialNumber>0099</aux:SerialNumber>",
    ),
    (
        Owner,
        "XMP-aux:OwnerName",
        "<aux:OwnerName>Zara Khan</aux:OwnerName>",
    ),
    (
        Comment,
        "XMP-lr:HierarchicalSubject",
        "<lr:hierarchicalSubject><rdf:Bag><rdf:li>Year 3|Zara</rdf:li></rdf:Bag></lr:hierarchicalSubject>",
    ),
];

const NAMESPACES: &str = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dc='http://purl.org/dc/elements/1.1/'
 xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' xmlns:Iptc4xmpCore='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'
 xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/' xmlns:MP='http://ns.microsoft.com/photo/1.2/'
 xmlns:MPRI='http://ns.microsoft.com/photo/1.2/t/RegionInfo#' xmlns:MPReg='http://ns.microsoft.com/photo/1.2/t/Region#'
 xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'
 xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/' xmlns:stEvt='http://ns.adobe.com/xap/1.0/sType/ResourceEvent#'
 xmlns:exif='http://ns.adobe.com/exif/1.0/' xmlns:aux='http://ns.adobe.com/exif/1.0/aux/'
 xmlns:lr='http://ns.adobe.com/lightroom/1.0/'";

fn xmp_classes() -> Vec<Class> {
    let packet = |property: &str| {
        format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {NAMESPACES}><rdf:Description rdf:about=''>{property}\
             </rdf:Description></rdf:RDF></x:xmpmeta>"
        )
    };
    let in_app1 = |property: &str| {
        let body = [
            &b"http://ns.adobe.com/xap/1.0/\0"[..],
            packet(property).as_bytes(),
        ]
        .concat();
        jpeg_with(&[segment(0xE1, &body)])
    };
    XMP.iter()
        .map(|(kind, tag, property)| Class(*kind, tag, in_app1(property)))
        .collect()
}

fn iptc_classes() -> Vec<Class> {
    [
        (Comment, "IPTC:ObjectName", 5, "Zara Khan"),
        (Comment, "IPTC:Keywords", 25, "Zara Khan"),
        (Comment, "IPTC:SpecialInstructions", 40, "not Zara"),
        (CaptureTime, "IPTC:DateCreated", 55, "20260501"),
        (Device, "IPTC:OriginatingProgram", 65, "Kit"),
        (PersonName, "IPTC:By-line", 80, "Zara Khan"),
        (Comment, "IPTC:City", 90, "Salford"),
        (Comment, "IPTC:Sub-location", 92, "Robin class"),
        (Comment, "IPTC:Headline", 105, "Zara wins"),
        (Owner, "IPTC:Credit", 110, "Zara Khan"),
        (Owner, "IPTC:Source", 115, "Zara Khan"),
        (Owner, "IPTC:CopyrightNotice", 116, "Zara Khan"),
        (Comment, "IPTC:Contact", 118, "Zara Khan"),
        (Comment, "IPTC:Caption-Abstract", 120, "Zara Khan"),
        (PersonName, "IPTC:Writer-Editor", 122, "Zara Khan"),
    ]
    .into_iter()
    .map(|(kind, tag, number, text)| {
        Class(kind, tag, jpeg_with(&[iptc_segment(&[(number, text)])]))
    })
    .collect()
}

fn other_classes() -> Vec<Class> {
    let app = |number: u8, body: &[u8]| jpeg_with(&[segment(0xE0 + number, body)]);
    let icc = [
        b"ICC_PROFILE\0\x01\x01",
        &profile("Zara's screen", "Zara Khan")[..],
    ]
    .concat();
    let ducky = b"Ducky\0\x02\0\x0E\0\0\0\x05\0M\0a\0r\0i\0a\0\0";
    let resource = |id: u16, body: &[u8]| {
        let size = (body.len() as u32).to_be_bytes();
        let head = [
            b"Photoshop 3.0\x008BIM",
            &id.to_be_bytes()[..],
            &[0, 0],
            &size,
        ]
        .concat();
        app(13, &[&head, body].concat())
    };
    vec![
        Class(
            Comment,
            "File:Comment",
            jpeg_with(&[segment(0xFE, b"Zara Khan")]),
        ),
        Class(Device, "ICC_Profile:ProfileDescription", app(2, &icc)),
        Class(Comment, "Ducky:Comment", app(12, ducky)),
        Class(
            Comment,
            "Photoshop:URL",
            resource(0x040B, b"http://zara.example "),
        ),
        Class(
            SerialNumber,
            "Samsung:UniqueID",
            app(5, b"ssuniqueid\0F12QSHA01VM"),
        ),
        Class(Device, "JUMBF:JUMDLabel", app(11, JUMBF)),
    ]
}

/// A description box that says "c2pa".
const JUMBF: &[u8] = b"JP\0\x01\0\0\0\x01\0\0\0\x2Ejumb\0\0\0\x1Ejumdc2pa\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71\x03c2pa\0\0\0\0\x08free";

/// All of them.
pub fn all() -> Vec<Class> {
    [
        exif_classes(),
        xmp_classes(),
        iptc_classes(),
        other_classes(),
    ]
    .concat()
}
