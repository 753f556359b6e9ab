//! The pupils and staff of one school: the three CSV files to a roster, the consents and a version.

use std::{collections::BTreeMap, sync::Arc};

use schoolgate_model::{ConfigFault, Pupil, PupilId, Staff};
use schoolgate_pipeline::{Listed, PupilRecord, StaffRecords};
use schoolgate_scan::names::Roster;
use sha2::{Digest, Sha256};

use crate::{
    classes::{ClassList, classes as by_class},
    folder::Folder,
    register::{Register, RegisterState, add_records, read_consents, read_pupils, read_staff},
};

/// What the register gives a snapshot.
#[derive(Debug)]
pub(crate) struct People {
    pub roster: Listed<Roster>,
    pub records: Arc<BTreeMap<PupilId, PupilRecord>>,
    pub staff_records: Arc<StaffRecords>,
    pub has_do_not_publish_list: bool,
    /// `None` where the list could not be read, so that nothing can be said about editors.
    pub staff: Option<Vec<Staff>>,
    pub classes: Vec<ClassList>,
    pub version: String,
}

/// Reads the register of the school in `dir`. A register that is not there is a warning, and a roster that is missing;
/// a register with bad cells is an error.
pub(crate) fn read_people(
    folder: &Folder,
    dir: &str,
    classes: &[String],
    warnings: &mut Vec<ConfigFault>,
) -> Result<People, Vec<ConfigFault>> {
    let mut faults = Vec::new();
    let mut hash = Sha256::new();
    let pupils = pupils(folder, dir, &mut hash, warnings, &mut faults);
    let staff = staff(folder, dir, &mut hash, warnings, &mut faults);
    let pupils = with_long_form(folder, dir, &mut hash, pupils, warnings, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let known_pupils = pupils.as_deref().unwrap_or_default();
    Ok(People {
        records: Arc::new(records(known_pupils)),
        staff_records: Arc::new(staff_records(staff.as_deref().unwrap_or_default())),
        has_do_not_publish_list: !known_pupils.is_empty()
            && known_pupils
                .iter()
                .all(|pupil| pupil.do_not_publish.is_some()),
        roster: roster(dir, &pupils, &staff, classes, warnings),
        staff: staff.ok(),
        classes: by_class(known_pupils),
        version: short(hash),
    })
}

/// A list, or what is missing.
type List<T> = Result<Vec<T>, String>;

fn pupils(
    folder: &Folder,
    dir: &str,
    hash: &mut Sha256,
    warnings: &mut Vec<ConfigFault>,
    faults: &mut Vec<ConfigFault>,
) -> List<Pupil> {
    let file = format!("{dir}/pupils.csv");
    let missing = match read(folder, &file, read_pupils, hash, warnings, faults) {
        RegisterState::Loaded(pupils) => return Ok(pupils),
        RegisterState::NoRows => "the file has a header and no rows".to_owned(),
        RegisterState::Missing(reason) => reason,
    };
    let message = format!("there is no pupil register ({missing}): everything is held");
    warnings.push(ConfigFault::whole(file, message).hint("export the school's pupils into it"));
    Err(format!("pupil register ({missing})"))
}

/// The staff list. Without one every staff name counts as a stranger's, which a school notices and a child does not
/// suffer from; one that is there and cannot be read is a fault of the register.
fn staff(
    folder: &Folder,
    dir: &str,
    hash: &mut Sha256,
    warnings: &mut Vec<ConfigFault>,
    faults: &mut Vec<ConfigFault>,
) -> List<Staff> {
    let file = format!("{dir}/staff.csv");
    match read(folder, &file, read_staff, hash, warnings, faults) {
        RegisterState::Loaded(staff) => Ok(staff),
        RegisterState::Missing(reason) if reason != NOT_THERE => {
            let message = format!("there is no staff list ({reason}): everything is held");
            warnings
                .push(ConfigFault::whole(file, message).hint("export the school's staff into it"));
            Err(format!("staff list ({reason})"))
        }
        RegisterState::NoRows | RegisterState::Missing(_) => {
            let message = "the staff list is empty: no member of staff is recognised";
            warnings
                .push(ConfigFault::whole(file, message).hint("export the school's staff into it"));
            Ok(Vec::new())
        }
    }
}

/// Adds the long form of consents.
fn with_long_form(
    folder: &Folder,
    dir: &str,
    hash: &mut Sha256,
    pupils: List<Pupil>,
    warnings: &mut Vec<ConfigFault>,
    faults: &mut Vec<ConfigFault>,
) -> List<Pupil> {
    let file = format!("{dir}/consents.csv");
    let bytes = match folder.bytes(&file) {
        Ok(None) => return pupils,
        Ok(Some(bytes)) => bytes,
        Err(fault) => {
            faults.push(fault);
            return pupils;
        }
    };
    add(hash, &file, &bytes);
    let listed = match read_consents(&file, &bytes) {
        Ok(listed) => listed,
        Err(found) => {
            faults.extend(found);
            return pupils;
        }
    };
    warnings.extend(listed.warnings);
    pupils.map(|mut pupils| {
        add_records(&mut pupils, listed.records);
        pupils
    })
}

const NOT_THERE: &str = "the file is not there";

type ReadFile<T> = fn(&str, &[u8]) -> Result<Register<T>, Vec<ConfigFault>>;

fn read<T>(
    folder: &Folder,
    file: &str,
    parse: ReadFile<T>,
    hash: &mut Sha256,
    warnings: &mut Vec<ConfigFault>,
    faults: &mut Vec<ConfigFault>,
) -> RegisterState<T> {
    let bytes = match folder.bytes(file) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return RegisterState::Missing(NOT_THERE.to_owned()),
        Err(fault) => return RegisterState::Missing(fault.message),
    };
    add(hash, file, &bytes);
    match parse(file, &bytes) {
        Ok(register) => {
            warnings.extend(register.warnings);
            register.state
        }
        Err(found) => {
            faults.extend(found);
            RegisterState::Loaded(Vec::new())
        }
    }
}

fn roster(
    dir: &str,
    pupils: &List<Pupil>,
    staff: &List<Staff>,
    classes: &[String],
    warnings: &mut Vec<ConfigFault>,
) -> Listed<Roster> {
    let (pupils, staff) = match (pupils, staff) {
        (Ok(pupils), Ok(staff)) => (pupils, staff),
        (Err(missing), _) | (_, Err(missing)) => return Listed::Missing(missing.clone()),
    };
    match Roster::build(pupils, staff, classes) {
        Ok(roster) => Listed::loaded(roster),
        Err(fault) => {
            let message =
                format!("the pupil register cannot be used ({fault}): everything is held");
            warnings.push(ConfigFault::whole(format!("{dir}/pupils.csv"), message));
            Listed::Missing(format!("pupil register ({fault})"))
        }
    }
}

fn records(pupils: &[Pupil]) -> BTreeMap<PupilId, PupilRecord> {
    let record = |pupil: &Pupil| PupilRecord {
        do_not_publish: pupil.do_not_publish,
        consents: pupil.consents.clone(),
    };
    pupils
        .iter()
        .map(|pupil| (pupil.id.clone(), record(pupil)))
        .collect()
}

fn staff_records(staff: &[Staff]) -> StaffRecords {
    let ids = |members: &mut dyn Iterator<Item = &Staff>| {
        members.map(|member| member.id.clone()).collect()
    };
    StaffRecords {
        known: ids(&mut staff.iter()),
        no_photos: ids(&mut staff.iter().filter(|member| member.no_photos)),
    }
}

/// Adds a file to the version so that no other split of the same bytes gives the same hash.
fn add(hash: &mut Sha256, file: &str, bytes: &[u8]) {
    let name = file.rsplit('/').next().unwrap_or(file);
    hash.update(name.as_bytes());
    hash.update([0]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// The first 12 hexadecimal digits: enough to tell versions of one school apart.
fn short(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
