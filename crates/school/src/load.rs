//! The whole configuration folder to one snapshot a school, or to every fault of every file.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use schoolgate_model::{Audience, ConfigFault, PictureSettings, SchoolId, Staff, Versions};
use schoolgate_pipeline::{Account, Contacts, Listed, Snapshot};
use schoolgate_policy::{calendar::Calendar, settings::Settings};
use schoolgate_scan::{LinkSettings, OwnDetails, lexicon::Lexicon};

use crate::{
    classes::ClassList,
    folder::Folder,
    people::{People, read_people},
    policies::{SharedLayers, lexicon, own_layers, school_dir},
    school_toml::{SchoolFile, editor_warnings, parse_school},
};

/// How long before the calendar's end a warning begins.
const CALENDAR_WARNING_DAYS: i32 = 60;

/// How old a pupil list may be that says when it was brought up to date, in days.
const LIST_MAX_AGE_DAYS: u32 = 30;

/// The calendar that takes the compiled-in one's place.
const CALENDAR_FILE: &str = "bank-holidays.json";

/// Every school of a configuration folder.
#[derive(Debug, Clone)]
pub struct Schools {
    /// The snapshots.
    pub by_slug: BTreeMap<SchoolId, Arc<Snapshot>>,
    /// The staff lists, of the schools that have one.
    pub staff: BTreeMap<SchoolId, Vec<Staff>>,
    /// The pupils by class; of a school without a register there are none.
    pub classes: BTreeMap<SchoolId, Vec<ClassList>>,
    /// What works and ought to be mended.
    pub warnings: Vec<ConfigFault>,
    /// The folder that they were read from; pictures that are never published lie in it too.
    pub folder: PathBuf,
}

impl Schools {
    /// The one school, where exactly one is configured.
    pub fn only(&self) -> Option<&Arc<Snapshot>> {
        let mut all = self.by_slug.values();
        all.next().filter(|_| all.next().is_none())
    }

    /// The ids under which a school's staff list has this e-mail address.
    pub fn staff_ids(&self, slug: &SchoolId, email: &str) -> Vec<String> {
        let email = email.trim().to_lowercase();
        let is_theirs = |member: &&Staff| {
            let own = member.email.as_ref();
            own.is_some_and(|own| own.expose().trim().to_lowercase() == email)
        };
        let staff = self.staff.get(slug).map_or(&[][..], Vec::as_slice);
        staff
            .iter()
            .filter(is_theirs)
            .map(|member| member.id.to_string())
            .collect()
    }

    /// The pupils of a school by class.
    pub fn classes(&self, slug: &SchoolId) -> &[ClassList] {
        self.classes.get(slug).map_or(&[][..], Vec::as_slice)
    }

    /// The school with this slug.
    pub fn get(&self, slug: &SchoolId) -> Option<&Arc<Snapshot>> {
        self.by_slug.get(slug)
    }
}

/// Reads a configuration folder. `program` is the program's version, which stands in every verdict.
/// A pupil register that is missing or empty gives a snapshot that holds everything, and a warning.
///
/// # Errors
/// Every fault of every file, in the order of the files.
pub fn load(config_dir: &Path, program: &str, now: Timestamp) -> Result<Schools, Vec<ConfigFault>> {
    let folder = Folder::new(config_dir);
    let slugs = folder.schools()?;
    let mut faults = Vec::new();
    let mut warnings = Vec::new();
    let shared = SharedLayers::read(&folder)
        .map_err(|found| faults.extend(found))
        .ok();
    let calendar = calendar(&folder).map_err(|fault| faults.push(fault)).ok();
    let mut by_slug = BTreeMap::new();
    let mut staff = BTreeMap::new();
    let mut classes = BTreeMap::new();
    for slug in slugs {
        let reader = SchoolReader {
            folder: &folder,
            dir: school_dir(&slug),
            program,
            today: now
                .to_zoned(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC))
                .date(),
            faults: Vec::new(),
            warnings: Vec::new(),
        };
        let (snapshot, found, odd) = reader.read(&slug, shared.as_ref(), calendar.as_ref());
        faults.extend(found);
        warnings.extend(odd);
        if let Some(Loaded {
            snapshot,
            staff: people,
            classes: lists,
        }) = snapshot
        {
            staff.extend(people.map(|people| (slug.clone(), people)));
            classes.insert(slug.clone(), lists);
            by_slug.insert(slug, Arc::new(snapshot));
        }
    }
    // A trust's fault against a built-in lock turns up once for every school.
    let mut distinct: Vec<ConfigFault> = Vec::new();
    for fault in faults {
        if !distinct.contains(&fault) {
            distinct.push(fault);
        }
    }
    if distinct.is_empty() {
        Ok(Schools {
            by_slug,
            staff,
            classes,
            warnings,
            folder: config_dir.to_owned(),
        })
    } else {
        Err(distinct)
    }
}

/// The folder's own calendar, else the compiled-in one.
fn calendar(folder: &Folder) -> Result<Arc<Calendar>, ConfigFault> {
    let calendar = match folder.text(CALENDAR_FILE)? {
        Some(text) => Calendar::parse(CALENDAR_FILE, &text)?,
        None => Calendar::built_in()?,
    };
    Ok(Arc::new(calendar))
}

/// A school's snapshot, its staff list and its classes.
struct Loaded {
    snapshot: Snapshot,
    staff: Option<Vec<Staff>>,
    classes: Vec<ClassList>,
}

/// Reads one school and goes on after a fault, so that a person sees all of them at once.
struct SchoolReader<'f> {
    folder: &'f Folder,
    dir: String,
    program: &'f str,
    today: Date,
    faults: Vec<ConfigFault>,
    warnings: Vec<ConfigFault>,
}

impl SchoolReader<'_> {
    fn read(
        mut self,
        slug: &SchoolId,
        shared: Option<&SharedLayers>,
        calendar: Option<&Arc<Calendar>>,
    ) -> (Option<Loaded>, Vec<ConfigFault>, Vec<ConfigFault>) {
        let school = self.school();
        let lexicon = self.lexicon();
        let settings = self.settings(school.as_ref(), lexicon.as_deref(), shared);
        let classes = school.as_ref().map_or(&[][..], |school| &school.classes);
        let people = read_people(self.folder, &self.dir, classes, &mut self.warnings);
        let people = self.keep(people);
        if let (Some(school), Some(calendar)) = (&school, calendar) {
            self.check_calendar(school, calendar);
        }
        if let (Some(school), Some(people)) = (&school, &people) {
            self.check_people(school, people);
        }
        let pictures = school
            .as_ref()
            .map(|school| self.pictures(school))
            .unwrap_or_default();
        let snapshot = match (school, lexicon, settings, people, calendar) {
            (Some(school), Some(lexicon), Some(settings), Some(mut people), Some(calendar))
                if self.faults.is_empty() =>
            {
                let staff = people.staff.take();
                let classes = std::mem::take(&mut people.classes);
                let lists = Lists {
                    lexicon,
                    settings,
                    people,
                    pictures,
                    calendar,
                };
                Some(Loaded {
                    snapshot: snapshot(slug, self.program, school, lists),
                    staff,
                    classes,
                })
            }
            _ => None,
        };
        (snapshot, self.faults, self.warnings)
    }

    fn keep<T>(&mut self, result: Result<T, Vec<ConfigFault>>) -> Option<T> {
        result.map_err(|found| self.faults.extend(found)).ok()
    }

    fn school(&mut self) -> Option<SchoolFile> {
        let file = format!("{}/school.toml", self.dir);
        let parsed = match self.folder.text(&file) {
            Ok(Some(text)) => parse_school(&file, &text),
            Ok(None) => Err(vec![
                ConfigFault::whole(&file, "there is no such file")
                    .hint("a school needs a school.toml with at least its `name`"),
            ]),
            Err(fault) => Err(vec![fault]),
        };
        self.keep(parsed)
    }

    fn lexicon(&mut self) -> Option<Arc<Lexicon>> {
        let lexicon = lexicon(self.folder, &self.dir);
        self.keep(lexicon)
    }

    fn settings(
        &mut self,
        school: Option<&SchoolFile>,
        lexicon: Option<&Lexicon>,
        shared: Option<&SharedLayers>,
    ) -> Option<Settings> {
        let preset = school.and_then(|school| school.preset.as_deref());
        let own = own_layers(self.folder, &self.dir, preset, lexicon?);
        let (preset, school) = self.keep(own)?;
        let settings = shared?.settings(preset, school);
        self.keep(settings)
    }

    fn check_calendar(&mut self, school: &SchoolFile, calendar: &Calendar) {
        let division = &school.window.division;
        let Some(end) = calendar.runs_out_on(division) else {
            let message = format!("the calendar has no division `{division}`");
            self.faults.push(
                ConfigFault::whole(CALENDAR_FILE, message)
                    .hint("fetch it again from www.gov.uk/bank-holidays.json"),
            );
            return;
        };
        if (end - self.today).get_days() < CALENDAR_WARNING_DAYS {
            let message = format!("the bank holidays of `{division}` are known until {end} only");
            let fault = ConfigFault::whole(CALENDAR_FILE, message)
                .hint("put the newest www.gov.uk/bank-holidays.json into the configuration folder");
            self.warnings.push(fault);
        }
    }

    /// What the school's own file promises about people.
    fn check_people(&mut self, school: &SchoolFile, people: &People) {
        let file = format!("{}/school.toml", self.dir);
        if let Some(staff) = people.staff.as_deref().filter(|staff| !staff.is_empty()) {
            self.warnings
                .extend(editor_warnings(&file, school, staff, self.today));
        }
        let contacts = Contacts(school.contacts.clone());
        let unreached: Vec<&str> = TOLD_BY_CONTACTS
            .iter()
            .filter(|audience| contacts.resolve(**audience).is_empty())
            .map(|audience| audience.code())
            .collect();
        if !unreached.is_empty() {
            let message = format!("alerts reach nobody for: {}", unreached.join(", "));
            self.warnings.push(
                ConfigFault::whole(file, message)
                    .hint("name people in [contacts]; `slt` and `head` stand in for the others"),
            );
        }
    }

    /// What the picture checks are asked to do. The age of the pupil list counts where the school says when it was
    /// brought up to date, or how old it may be: a checkout of sample files is older than its pupils.
    fn pictures(&mut self, school: &SchoolFile) -> PictureSettings {
        let asked = &school.pictures;
        if let Some((day, (line, column))) = asked.synchronised
            && day > self.today
        {
            let file = format!("{}/school.toml", self.dir);
            let fault = ConfigFault::at(file, line, column, "`synchronised` lies in the future");
            self.faults
                .push(fault.hint("write the day of the last export"));
        }
        let london = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
        let stamped = asked
            .synchronised
            .and_then(|(day, _)| day.to_zoned(london).ok())
            .map(|day| day.timestamp());
        PictureSettings {
            words: asked.words,
            head_count: asked.head_count,
            re_encode: asked.re_encode,
            known_pictures: self
                .folder
                .holds_something(&format!("{}/do-not-publish", self.dir)),
            list_max_age_days: match asked.list_max_age_days {
                None => stamped.map(|_| LIST_MAX_AGE_DAYS),
                days => days.filter(|days| *days > 0),
            },
            list_as_of: stamped
                .or_else(|| self.folder.written_at(&format!("{}/pupils.csv", self.dir))),
        }
    }
}

/// The audiences that only `[contacts]` can name people for.
const TOLD_BY_CONTACTS: &[Audience] = &[
    Audience::Moderator,
    Audience::Slt,
    Audience::Dsl,
    Audience::Head,
    Audience::Dpo,
    Audience::Press,
];

struct Lists<'c> {
    lexicon: Arc<Lexicon>,
    settings: Settings,
    people: People,
    pictures: PictureSettings,
    calendar: &'c Arc<Calendar>,
}

fn snapshot(slug: &SchoolId, program: &str, school: SchoolFile, lists: Lists<'_>) -> Snapshot {
    let versions = Arc::new(Versions {
        schoolgate: program.to_owned(),
        policy: lists.settings.version().to_owned(),
        wordlists: lists.lexicon.version().to_owned(),
        register: lists.people.version,
        calendar: lists.calendar.version().to_owned(),
    });
    let accounts = school.accounts.into_iter().map(|account| Account {
        platform: account.platform,
        id: account.id,
        handle: account.handle,
    });
    let (own, links) = (&school.own, &school.links);
    Snapshot {
        school: slug.clone(),
        name: school.name,
        accounts: accounts.collect(),
        roster: lists.people.roster,
        pupils: lists.people.records,
        staff: lists.people.staff_records,
        pictures: lists.pictures,
        has_do_not_publish_list: lists.people.has_do_not_publish_list,
        lexicon: Listed::Loaded(lists.lexicon),
        own: OwnDetails::new(&own.phones, &own.emails, &own.postcodes, &own.domains)
            .with_addresses(&own.addresses),
        links: LinkSettings::new(&own.domains, &links.allow, &links.deny, links.follow),
        settings: lists.settings,
        calendar: Arc::clone(lists.calendar),
        window: school.window,
        contacts: Contacts(school.contacts),
        versions,
    }
}
