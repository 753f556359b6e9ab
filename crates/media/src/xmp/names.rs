//! What properties are called: the usual prefix of each namespace, and one flat name for a field of a structure, as
//! ExifTool writes it (`LocationCreatedCity`, `HistoryWhen`, `RegionName`).

/// Longer names are nobody's.
const MAX_NAME: usize = 120;

/// Namespaces whose prefix decides what a property means. A packet may bind them to any other prefix.
const NAMESPACES: [(&str, &str); 54] = [
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
    ("http://www.w3.org/XML/1998/namespace", "xml"),
    ("adobe:ns:meta/", "x"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://purl.org/dc/terms/", "dcterms"),
    ("http://ns.adobe.com/xap/1.0/", "xmp"),
    ("http://ns.adobe.com/xap/1.0/mm/", "xmpMM"),
    ("http://ns.adobe.com/xap/1.0/rights/", "xmpRights"),
    ("http://ns.adobe.com/xap/1.0/bj/", "xmpBJ"),
    ("http://ns.adobe.com/xap/1.0/g/", "xmpG"),
    ("http://ns.adobe.com/xap/1.0/g/img/", "xmpGImg"),
    ("http://ns.adobe.com/xap/1.0/t/pg/", "xmpTPg"),
    ("http://ns.adobe.com/xap/1.0/sType/ResourceEvent#", "stEvt"),
    ("http://ns.adobe.com/xap/1.0/sType/ResourceRef#", "stRef"),
    ("http://ns.adobe.com/xap/1.0/sType/Version#", "stVer"),
    ("http://ns.adobe.com/xap/1.0/sType/ManifestItem#", "stMfs"),
    ("http://ns.adobe.com/xap/1.0/sType/Job#", "stJob"),
    ("http://ns.adobe.com/xap/1.0/sType/Font#", "stFnt"),
    ("http://ns.adobe.com/xap/1.0/sType/Dimensions#", "stDim"),
    ("http://ns.adobe.com/xmp/sType/Area#", "stArea"),
    ("http://ns.adobe.com/xmp/note/", "xmpNote"),
    ("http://ns.adobe.com/xmp/1.0/DynamicMedia/", "xmpDM"),
    ("http://ns.adobe.com/photoshop/1.0/", "photoshop"),
    ("http://ns.adobe.com/camera-raw-settings/1.0/", "crs"),
    ("http://ns.adobe.com/camera-raw-saved-settings/1.0/", "crss"),
    ("http://ns.adobe.com/exif/1.0/", "exif"),
    ("http://ns.adobe.com/exif/1.0/aux/", "aux"),
    ("http://cipa.jp/exif/1.0/", "exifEX"),
    ("http://cipa.jp/exif/1.0/exifEX", "exifEX"),
    ("http://ns.adobe.com/tiff/1.0/", "tiff"),
    ("http://ns.adobe.com/lightroom/1.0/", "lr"),
    ("http://ns.adobe.com/hdr-gain-map/1.0/", "hdrgm"),
    ("http://ns.adobe.com/pdf/1.3/", "pdf"),
    ("http://ns.adobe.com/StockPhoto/1.0/", "bicp"),
    ("http://ns.useplus.org/ldf/xmp/1.0/", "plus"),
    ("http://creativecommons.org/ns#", "cc"),
    (
        "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
        "Iptc4xmpCore",
    ),
    ("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt"),
    (
        "http://www.metadataworkinggroup.com/schemas/regions/",
        "mwg-rs",
    ),
    (
        "http://www.metadataworkinggroup.com/schemas/keywords/",
        "mwg-kw",
    ),
    (
        "http://www.metadataworkinggroup.com/schemas/collections/",
        "mwg-coll",
    ),
    ("http://ns.microsoft.com/photo/1.0/", "MicrosoftPhoto"),
    ("http://ns.microsoft.com/photo/1.0", "MicrosoftPhoto"),
    ("http://ns.microsoft.com/photo/1.2/", "MP"),
    ("http://ns.microsoft.com/photo/1.2/t/RegionInfo#", "MPRI"),
    ("http://ns.microsoft.com/photo/1.2/t/Region#", "MPReg"),
    ("http://ns.apple.com/faceinfo/1.0/", "apple-fi"),
    ("http://ns.apple.com/HDRGainMap/1.0/", "HDRGainMap"),
    ("http://ns.google.com/photos/1.0/camera/", "GCamera"),
    ("http://ns.google.com/photos/1.0/image/", "GImage"),
    ("http://ns.google.com/photos/1.0/depthmap/", "GDepth"),
    ("http://ns.google.com/photos/1.0/container/", "Container"),
    ("http://ns.google.com/photos/1.0/container/item/", "Item"),
    ("http://ns.google.com/photos/1.0/panorama/", "GPano"),
];

/// Structures whose fields ExifTool names otherwise than by the way to them.
const SHORT: [(&str, &str); 12] = [
    ("RegionsRegionList", "Region"),
    ("RegionInfoRegions", "Region"),
    ("CreatorContactInfoCiAdrCity", "CreatorCity"),
    ("CreatorContactInfoCiAdrCtry", "CreatorCountry"),
    ("CreatorContactInfoCiAdrExtadr", "CreatorAddress"),
    ("CreatorContactInfoCiAdrPcode", "CreatorPostalCode"),
    ("CreatorContactInfoCiAdrRegion", "CreatorRegion"),
    ("CreatorContactInfoCiEmailWork", "CreatorWorkEmail"),
    ("CreatorContactInfoCiTelWork", "CreatorWorkTelephone"),
    ("CreatorContactInfoCiUrlWork", "CreatorWorkURL"),
    ("PersonInImageWDetails", ""),
    ("ArtworkOrObjectAO", "Artwork"),
];

/// Returns the prefix that the namespace usually has.
pub(super) fn usual_prefix(uri: &str) -> Option<&'static str> {
    let found = NAMESPACES.iter().find(|(known, _)| *known == uri);
    found.map(|(_, prefix)| *prefix)
}

/// Tells whether the prefix usually stands for one of the known namespaces.
pub(super) fn is_usual_prefix(prefix: &str) -> bool {
    NAMESPACES.iter().any(|(_, known)| *known == prefix)
}

/// An open element: what a value in it belongs to.
#[derive(Clone)]
pub(super) struct Level {
    /// The prefix of the nearest property.
    pub prefix: String,
    /// The local name of the nearest property, in lower case.
    pub local: String,
    /// The names of the properties from the outermost to the nearest, in one word.
    name: String,
}

impl Level {
    /// A property of its own.
    pub(super) fn named(prefix: &str, local: &str) -> Self {
        Self::below(None, prefix, local)
    }

    /// The level that an element or attribute opens inside `parent`. The plumbing of RDF belongs to the property around it.
    pub(super) fn below(parent: Option<&Self>, prefix: &str, local: &str) -> Self {
        let outer = parent.map_or("", |parent| &parent.name);
        if (prefix == "rdf" && local != "About") || prefix == "x" {
            return parent.cloned().unwrap_or_else(|| Self {
                prefix: String::new(),
                local: String::new(),
                name: String::new(),
            });
        }
        let mut name = outer.to_owned();
        let mut letters = local.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters.take(MAX_NAME.saturating_sub(outer.len())));
        Self {
            prefix: bounded(prefix),
            local: bounded(local).to_ascii_lowercase(),
            name: short(name),
        }
    }

    /// The tag of an entry.
    pub(super) fn tag(&self) -> String {
        match self.name.is_empty() {
            true => "XMP".to_owned(),
            false => format!("XMP:{}", self.name),
        }
    }

    /// The flat name in lower case.
    pub(super) fn flat(&self) -> String {
        self.name.to_ascii_lowercase()
    }

    /// Tells whether the element lists the faces that were marked in the picture.
    pub(super) fn is_region_list(&self) -> bool {
        matches!(self.prefix.as_str(), "mwg-rs" | "MPRI" | "MP" | "apple-fi")
            && matches!(self.local.as_str(), "regionlist" | "regions")
    }
}

fn bounded(word: &str) -> String {
    word.chars().take(MAX_NAME).collect()
}

fn short(name: String) -> String {
    for (long, short) in SHORT {
        if let Some(rest) = name.strip_prefix(long) {
            return format!("{short}{rest}");
        }
    }
    name
}
