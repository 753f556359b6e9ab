//! What the four letters of a user-data or list box stand for, and what a free key can give away by its words. Tag names
//! are those that ExifTool shows.

use crate::report::MetadataKind::{
    self, CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail,
};

/// What a box of four letters holds: name and kind; `None` for a setting that says nothing about anybody.
pub(super) type Meaning = (&'static str, MetadataKind);

/// Looks a box of user data or of an item list up. The outer `None` means that nobody lists it.
pub(super) fn listed(kind: [u8; 4]) -> Option<Option<Meaning>> {
    // Ricoh writes '@' where QuickTime has the copyright sign.
    if matches!(kind[0], 0xA9 | b'@')
        && let Some(found) = copyright_sign([kind[1], kind[2], kind[3]])
    {
        return Some(Some(found));
    }
    if is_setting(kind) {
        return Some(None);
    }
    words_and_people(kind).or_else(|| machines(kind)).map(Some)
}

fn copyright_sign(letters: [u8; 3]) -> Option<Meaning> {
    Some(match &letters {
        b"ART" => ("Artist", PersonName),
        b"aut" => ("Author", PersonName),
        b"arg" => ("Arranger", PersonName),
        b"com" | b"wrt" => ("Composer", PersonName),
        b"con" => ("Conductor", PersonName),
        b"dir" => ("Director", PersonName),
        b"ard" => ("ArtDirector", PersonName),
        b"ope" => ("OriginalArtist", PersonName),
        b"prd" => ("Producer", PersonName),
        b"xpd" => ("ExecutiveProducer", PersonName),
        b"prf" => ("Performers", PersonName),
        b"sne" => ("SoundEngineer", PersonName),
        b"sol" => ("Soloist", PersonName),
        b"swf" => ("SongWriter", PersonName),
        b"cpy" => ("Copyright", Owner),
        b"phg" => ("RecordingCopyright", Owner),
        b"src" => ("SourceCredits", Owner),
        b"pub" => ("Publisher", Owner),
        b"day" => ("ContentCreateDate", CaptureTime),
        b"TIM" => ("StartTimecode", CaptureTime),
        b"xyz" => ("GPSCoordinates", Gps),
        b"mak" => ("Make", Device),
        b"mod" | b"mdl" => ("Model", Device),
        b"swr" => ("SoftwareVersion", Device),
        b"too" => ("Encoder", Device),
        b"enc" => ("EncodedBy", Device),
        b"uid" => ("UserID", SerialNumber),
        b"nam" => ("Title", Comment),
        b"alb" => ("Album", Comment),
        b"cmt" => ("Comment", Comment),
        b"des" => ("Description", Comment),
        b"gen" => ("Genre", Comment),
        b"grp" => ("Grouping", Comment),
        b"inf" => ("Information", Comment),
        b"lyr" => ("Lyrics", Comment),
        b"st3" | b"snm" => ("Subtitle", Comment),
        b"trk" => ("Track", Comment),
        b"fmt" => ("Format", Comment),
        _ => return None,
    })
}

fn words_and_people(kind: [u8; 4]) -> Option<Meaning> {
    Some(match &kind {
        b"aART" | b"albr" => ("AlbumArtist", PersonName),
        b"auth" => ("Author", PersonName),
        b"perf" => ("Performer", PersonName),
        b"apID" => ("AppleStoreAccount", Owner),
        b"ownr" => ("Owner", Owner),
        b"cprt" => ("Copyright", Owner),
        b"cdis" => ("ContentDistributorID", Owner),
        b"date" => ("DateTimeOriginal", CaptureTime),
        b"IDIT" => ("DateTimeOriginal", CaptureTime),
        b"purd" => ("PurchaseDate", CaptureTime),
        b"rldt" => ("ReleaseDate", CaptureTime),
        b"name" => ("Name", Comment),
        b"titl" => ("Title", Comment),
        b"dscp" | b"desc" => ("Description", Comment),
        b"ldes" => ("LongDescription", Comment),
        b"sdes" => ("StoreDescription", Comment),
        b"albm" => ("Album", Comment),
        b"coll" => ("CollectionName", Comment),
        b"gnre" => ("Genre", Comment),
        b"catg" => ("Category", Comment),
        b"keyw" | b"kywd" => ("Keywords", Comment),
        b"chpl" => ("ChapterList", Comment),
        b"clsf" => ("Classification", Comment),
        b"rtng" => ("Rating", Comment),
        b"reel" => ("ReelName", Comment),
        b"scen" => ("Scene", Comment),
        b"shot" => ("ShotName", Comment),
        b"clfn" => ("ClipFileName", Comment),
        b"tven" => ("TVEpisodeID", Comment),
        b"tvnn" => ("TVNetworkName", Comment),
        b"tvsh" => ("TVShow", Comment),
        b"purl" => ("PodcastURL", Comment),
        _ => return None,
    })
}

fn machines(kind: [u8; 4]) -> Option<Meaning> {
    Some(match &kind {
        b"manu" => ("Make", Device),
        b"modl" | b"cmnm" | b"CNMN" | b"ptnm" => ("Model", Device),
        b"CNFV" | b"FIRM" => ("FirmwareVersion", Device),
        b"CNCV" => ("CompressorVersion", Device),
        b"vndr" => ("Vendor", Device),
        b"cver" => ("CodeVersion", Device),
        b"GoPr" => ("GoProType", Device),
        b"FOV\0" => ("FieldOfView", Device),
        b"pmcc" => ("GarminSettings", Device),
        b"slno" | b"SNum" | b"Seri" => ("SerialNumber", SerialNumber),
        b"LENS" => ("LensSerialNumber", SerialNumber),
        b"CAME" => ("SerialNumberHash", SerialNumber),
        b"MUID" => ("MediaUniqueID", SerialNumber),
        b"cmid" => ("CameraID", SerialNumber),
        b"clid" => ("ClipID", SerialNumber),
        b"ccid" => ("ContentID", SerialNumber),
        b"egid" => ("EpisodeGlobalUniqueID", SerialNumber),
        b"gps " | b"GPS " | b"gps0" | b"GPSP" => ("GPSDataList", Gps),
        b"gsen" | b"3gf " => ("AccelerometerData", Gps),
        b"udat" => ("GPSLog", Gps),
        b"prrt" => ("Telemetry", Gps),
        b"thmb" | b"thum" | b"thm " | b"thma" | b"THMB" => ("ThumbnailImage", Thumbnail),
        b"CNDA" => ("ThumbnailImage", Thumbnail),
        b"PRVW" | b"mcvr" | b"RTHU" | b"scrn" | b"PXTH" => ("PreviewImage", Thumbnail),
        b"PICT" | b"pict" => ("PreviewPICT", Thumbnail),
        b"covr" => ("CoverArt", Thumbnail),
        _ => return None,
    })
}

/// Boxes that hold a figure about playing, never words.
fn is_setting(kind: [u8; 4]) -> bool {
    const SETTINGS: [&[u8; 4]; 33] = [
        b"WLOC", b"LOOP", b"SelO", b"AllF", b"ptv ", b"hnti", b"hinf", b"cpil", b"disk", b"pgap",
        b"tmpo", b"trkn", b"stik", b"hdvd", b"akID", b"sfID", b"geID", b"pcst", b"shwm", b"tves",
        b"tvsn", b"urat", b"itif", b"ptch", b"_yaw", b"roll", b"_cx_", b"_cy_", b"rads", b"lvlm",
        b"Lvlm", b"ludt", b"tagc",
    ];
    SETTINGS.contains(&&kind)
}

/// Sorts a free key (Apple's `mdta` keys, iTunes' own fields, XML elements) by the words in it.
pub(super) fn kind_of(key: &str) -> MetadataKind {
    let key = key.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    match () {
        () if has(&[
            "location",
            "gps",
            "latitude",
            "longitude",
            "direction",
            "altitude",
        ]) =>
        {
            Gps
        }
        () if has(&["artwork", "cover", "thumbnail", "preview"]) => Thumbnail,
        () if has(&[
            "serial",
            "identifier",
            "uuid",
            "guid",
            "umid",
            "imei",
            "signature",
        ]) || has(&["instanceid", "documentid", "uniqueid"]) =>
        {
            SerialNumber
        }
        () if has(&[
            "copyright",
            "owner",
            "rights",
            "publisher",
            "account",
            "credit",
        ]) =>
        {
            Owner
        }
        () if has(&[
            "artist",
            "author",
            "director",
            "producer",
            "performer",
            "composer",
        ]) || has(&[
            "person",
            "actor",
            "cast",
            "writer",
            "photographer",
            "contributor",
        ]) || (has(&["creator"]) && !has(&["tool"])) =>
        {
            PersonName
        }
        () if has(&[
            "make", "model", "software", "encode", "tool", "version", "device",
        ]) || has(&[
            "manufactur",
            "firmware",
            "lens",
            "camera",
            "generator",
            "android",
        ]) =>
        {
            Device
        }
        () if has(&["date", "year", "when"])
            || (key.ends_with("time") && !key.contains("runtime")) =>
        {
            CaptureTime
        }
        () => Comment,
    }
}

/// Names of handlers that encoders write for everybody.
pub(super) fn is_usual_handler(name: &str) -> bool {
    const USUAL: [&str; 17] = [
        "VideoHandler",
        "VideoHandle",
        "SoundHandler",
        "SoundHandle",
        "SubtitleHandler",
        "DataHandler",
        "TimeCodeHandler",
        "Apple Alias Data Handler",
        "Apple Video Media Handler",
        "Apple Sound Media Handler",
        "libavif",
        "PictureHandler",
        "HEIF/ImageSequence/PictureHandler",
        "Core Media Video",
        "Core Media Audio",
        "Core Media Metadata",
        "Core Media Data Handler",
    ];
    USUAL.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_letters_and_free_keys_are_sorted() {
        assert_eq!(listed(*b"\xA9xyz"), Some(Some(("GPSCoordinates", Gps))));
        assert_eq!(listed(*b"@mak"), Some(Some(("Make", Device))));
        assert_eq!(listed(*b"trkn"), Some(None));
        assert_eq!(listed(*b"what"), None);
        for (key, kind) in [
            ("location.ISO6709", Gps),
            ("content.identifier", SerialNumber),
            ("creationdate", CaptureTime),
            ("com.android.version", Device),
            ("creatorTool", Device),
            ("author", PersonName),
            ("displayname", Comment),
        ] {
            assert_eq!(kind_of(key), kind, "{key}");
        }
    }
}
