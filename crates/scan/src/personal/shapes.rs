//! What is told of one person in words that no list can hold: a verb and what follows it ("can't eat wheat", "was taken
//! off her parents", "three levels up in maths"). It counts only beside a person.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{kind::Kind, page::Page, remarks, shape::Shape};

/// Parts of the body that hurt, are ill or are treated.
const BODY: &str = "(?:knees?|back|heart|lungs?|ankles?|hips?|chest|ears?|eyes?|eyesight|hearing|bladder|bowels?|legs?|arms?|skin|tummy|stomach|nerves|shoulder|wrists?|foot|feet|hands?|throat|kidneys?|liver|spine|neck|jaw|nose|toes?|fingers?|thumb|elbow|collarbone|ribs?|appendix|tonsils|adenoids|spleen|teeth|gums|sinuses|thyroid|bones|joints|balance)";

/// Illness, treatment and what the body does.
pub(super) static HEALTH: LazyLock<String> = LazyLock::new(|| {
    const FOOD: &str = "(?:wheat|gluten|dairy|milk|eggs?|nuts?|peanuts?|fish|shellfish|soya?|sesame|kiwis?|strawberr(?:y|ies)|citrus|lactose|cheese|yoghurt|bananas?|tomato(?:es)?|latex|solids|solid food|anything with [a-z]+ in)";
    [
        r"(?-u:\b)(?:(?:smells?|stinks?|reeks?|smelling) of (?:wee|pee|poo|urine|sick)",
        r"|(?:bites|hits|scratches|hurts|punches|slaps|harms|starves|biting|hitting|scratching|hurting|punching|harming|starving) (?:himself|herself|his own|her own)|(?:pulls?|pulling) (?:his|her) (?:own )?(?:hair|eyelashes) out|(?:picks?|picking) (?:at )?(?:his|her) skin",
        &format!(r"|(?:can'?t|cannot|mustn'?t|must not|isn'?t allowed(?: to)?|not allowed(?: to)?|unable to) (?:eat|have|drink|touch|be near|go near|digest|tolerate|keep down) (?:any )?{FOOD}"),
        r"|(?:hasn'?t|has not|doesn'?t|does not|won'?t|can'?t|cannot) (?:spoken|speak|talked|talk|walked|walk|swallow|eaten|eat|slept|sleep|hear|see) (?:a word|anything|properly|unaided|far|solids|through|out of|very well|since|for (?:days|weeks))",
        r"|(?:takes?|taking|on|given|gets?|needs?|having) (?:his |her |some |daily |weekly |strong |heavy )?(?:tablets|pills|medicine|injections|eye drops|ear drops|painkillers|sleeping tablets|infusions|physio|blood thinners) (?:to|for|because|every|each|at|with|daily|since|after)",
        r"|(?:wears?|wearing|in) (?:pull[- ]?ups|nappies|incontinence pads|pads|an eye ?patch|a back brace|a neck brace|a leg brace|a helmet for|a cast|a splint|a sling|a moon ?boot|a monitor on|hearing aids|compression)",
        &format!(r"|(?:because of|due to|since|after|trouble with|problems with|op on) (?:his|her) (?:bad |poorly |dodgy |sore |broken |injured )?{BODY}(?: op| operation| problems?| condition| trouble| infection| injury)?(?-u:\b)"),
        &format!(r"|(?:broke|broken|breaking|fractured|snapped|smashed|dislocated|shattered|cracked|sprained|tore|torn|twisted) (?:his|her|an?|both|two) (?:[a-z]+ )?{BODY}"),
        r"|(?:the|a|that|this|those) (?:nasty |bad |horrible |awful |big |weird |bald |red |funny )?(?:rash|lump|patch|sores|scars?|scabs?|swelling|growth|boil|warts?|cold sore|marks) (?:on|all over|round|under)(?: his| her)?",
        r"|lost (?:a|an|his|her|the) (?:leg|arm|eye|hand|foot|finger|toe|sight|hearing|hair|baby|eyesight|use of)",
        &format!(r"|(?:had|having|has had|have|getting|got|needs|needing|waiting for|waiting to have|due to have) (?:his|her|an?|the|both|two|four|some) (?:[a-z]+ )?(?:{BODY}|grommets|stitches|pins|tubes?|cyst|mole|lump|plaster|cast|brace|braces) (?:out|off|in|removed|operated on|amputated|pinned|plated|reset|replaced|drained|straightened|scanned|fitted|done|checked)"),
        r"|(?:(?:is|was|been|be|he's|she's|hes|shes|still|both|all) off|off school|off work|laid up|ill|in bed|struck down|struck|come down|came down|gone down|went down|rushed in|taken ill|admitted|hospitalised|diagnosed|suffering|suffers|suffered|born|poorly) with (?:an? |the |his |her |severe |bad |really bad |terrible |suspected |acute |another )?[a-z][a-z'-]{3,20}",
        r"|(?:being |is |was |getting )(?:treated|tested|investigated|assessed|operated on|monitored|screened) for [a-z][a-z' -]{3,24}",
        r"|(?:has|have|having|got|with|had) (?:a|an|this|some) (?:[a-z]+ ){0,2}(?:condition|disorder|syndrome|disease|illness|infection|virus|defect|deficiency|intolerance|impairment|disability|breakdown|relapse|tumour|episode)(?-u:\b)",
        r"|(?:[a-z]+(?:'s|s)?) (?:syndrome|palsy|dystrophy|sclerosis)(?-u:\b)",
        r"|(?:her|his|the|one|two|both|a) (?:[a-z]+ )?(?:biopsy|scan results|test results|x-rays?|ultrasound)(?-u:\b)",
        r"|(?:collapsed|fainted|blacked out|passed out|threw up|vomited|spewed|puked|was sick|been sick|coughed up blood) (?:in|on|all|at|during|after|over|yesterday|again|twice|this|last|from)",
        r"|(?:has|having|had|have|took) (?:really |such )?(?:bad |terrible |awful |nasty )?(?:fits|turns|blackouts|nosebleeds|panic attacks|hallucinations|night terrors|absences|palpitations|nightmares) (?:in|at|since|again|most|every|after|all))",
    ].concat()
});

/// Words that end like names of illnesses: "osteomyelitis", "hemiplegia".
pub(super) const LEARNED: &str = r"(?-u:\b)[a-z]{4,16}(?:itis|aemia|lepsy|plegia|ectomy|ostomy|omyalgia|phrenia|carditis|cephaly|oedema)(?-u:\b)";

/// Behaviour, care, money, papers and progress.
pub(super) static SENSITIVE: LazyLock<String> = LazyLock::new(|| {
    const BIRTH: &str =
        "(?:parents|mum|dad|family|mam|mother|father|birth (?:mum|parents|family)|home)";
    [
        r"(?-u:\b)(?:(?:been |up |hauled |was |sent |taken |went )?in front of (?:the )?(?:governors|head|panel|magistrates|judge|behaviour panel|disciplinary)|(?:is |was |been |be )?up in court|in trouble with the (?:police|law)|known to (?:the )?(?:police|social services|social care)",
        r"|(?:one|two|three|four|five|six|[1-9]) (?:whole |full )?(?:levels?|grades?|sub-?levels?|book bands?|bands?|years?|sets?) (?:up|down|below|behind|ahead)(?: in [a-z]+| of [a-z]+)?",
        r"|(?:got |gets |was |been |keeps getting |getting )?(?:caught|done|busted|nicked|arrested|suspended|excluded|expelled|sent home|sent out|chucked out|kicked out|in trouble) (?:for |again for |yesterday for )?(?:nicking|stealing|smoking|vaping|fighting|cheating|swearing|dealing|shoplifting|drinking|truanting|bunking|hitting|punching|kicking|biting|spitting|with (?:a knife|a blade|a vape|weed|drugs|fags|cannabis))",
        r"|(?:here |over |only here )?on (?:a|his|her|their) (?:[a-z]+ )?visa(?-u:\b)|(?:visas?|asylum|leave to remain|settled status|citizenship|refugee status|status|papers)(?: claim| application| appeal| papers)? (?:has|have|was|were|got|been|is|are|came|come|finally|just)(?: been| finally| just| now)* (?:granted|refused|approved|rejected|accepted|turned down|denied|through|revoked)",
        r"|(?:the |our |a |from the )?(?:hardship|crisis|welfare|bursary) (?:fund|grant|payment|money)(?-u:\b)|(?:can'?t|cannot|couldn'?t|could not) (?:pay|afford) (?:for )?(?:the|his|her|school|it|a)(?-u:\b)|behind with (?:the |his |her )?(?:dinner money|rent|fees)|(?:got|been|being|was|were) (?:evicted|made homeless|rehoused)|(?:living|lives?|staying|put up) in (?:a |the )?(?:hostel|refuge|temporary accommodation|b&b|shelter|women's refuge)",
        &format!(r"|(?:was|were|got|been|being|is being) (?:taken|removed|took) (?:off|from|away from|off of) (?:his|her|their) {BIRTH}|(?:was |got |been |is |being )?(?:put|placed|taken|going|went) in(?:to)? (?:foster )?care(?-u:\b)"),
        r"|(?:lives?|living|stays?|brought up|raised) (?:with|by) (?:his|her|their) (?:nan|nana|gran|grandparents|grandma|grandad|auntie|aunt|uncle|big sister|older sister|big brother|older brother) (?:cos|because|since|now|as|while|after|under)",
        r"|(?:in|into|to) (?:the )?(?:inclusion|isolation|reflection|internal exclusion|seclusion|behaviour|removal|consequences?|referral|time[- ]?out|reset) (?:room|unit|base|booth|suite|centre|hub)(?-u:\b)",
        r"|(?:on|off) the (?:at[- ]risk|child protection|safeguarding|watch|attendance|vulnerable|pupil premium|sen|send|behaviour) (?:register|list|plan)(?-u:\b)|(?:is |was |been |hes |shes |being )?statemented|(?:has|had|got|wearing|wears) (?:a|an ankle|an electronic) tag(?: on)?(?-u:\b)|(?:on|under) (?:a )?(?:care order|supervision order|special guardianship|curfew|police bail|a curfew)",
        r"|(?:brother|sister|cousin|dad|mum|mam|uncle|stepdad)(?:'s|s| is)? (?:in a gang|an? (?:addict|alcoholic|alkie|junkie|druggie|smackhead|dealer|drunk|criminal)|in rehab|using again|on the dole|on smack|a user)(?-u:\b)",
        r"|(?:got|gets|getting|been given|was given|given|handed|earned|has|had|on) (?:a|an|another|two|three|four|his|her)(?: [a-z]+)? (?:detentions?|final warning|last warning|behaviour points?|demerits?|red card from|yellow card from|negative points?|exclusions?|fixed[- ]term|suspensions?)(?-u:\b)",
        r"|(?:swore at|kicked off at|hit|punched|kicked|spat at|threw a chair at|attacked|bit) (?:mr|mrs|miss|ms|a teacher|the teacher|a ta|the ta|staff|the head|a member of staff)(?-u:\b)[^.,!?]{0,24}",
        r"|(?:got |had |with |has )?the (?:lowest|worst|bottom) (?:score|mark|grade|result|marks|scores|grades|attendance)(?: in [a-z ]{3,16})?|can'?t even (?:read|write|spell|count|tie)(?: (?:his|her|a|to)(?: own)?(?: [a-z]+)?)?)",
    ].concat()
});

/// What "off with" and its like lead to when nobody is ill.
const COMPANY: &[&str] = &[
    "mate",
    "mates",
    "friend",
    "friends",
    "mum",
    "dad",
    "class",
    "school",
    "flying",
    "pride",
    "excitement",
    "laughter",
    "bang",
    "team",
    "rest",
    "others",
    "that",
    "this",
    "them",
    "their",
    "some",
    "lots",
    "maths",
    "homework",
    "your",
    "family",
    "brother",
    "sister",
    "love",
    "year",
    "great",
    "good",
    "everyone",
];

/// What is told in the shapes of a text, if a person stands beside it.
pub(super) struct Shapes {
    health: Vec<Range<usize>>,
    sensitive: Vec<Range<usize>>,
}

impl Shapes {
    /// The stretches of a text that tell of a matter.
    pub(super) fn of(page: &Page<'_>) -> Self {
        let places = |shapes: &[Shape]| {
            shapes
                .iter()
                .flat_map(|shape| shape.places(page))
                .filter(|told| is_of_a_person(page, told))
                .collect()
        };
        Self {
            health: places(&[
                Shape::Health,
                Shape::HealthTold,
                Shape::HealthAside,
                Shape::HealthRemarked,
                Shape::Learned,
            ]),
            sensitive: places(&[
                Shape::Sensitive,
                Shape::SensitiveTold,
                Shape::SensitiveAside,
                Shape::SensitiveRemarked,
            ]),
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.health.is_empty() && self.sensitive.is_empty()
    }

    /// Those of a kind in a sentence.
    pub(super) fn within(
        &self,
        kind: Kind,
        sentence: &Range<usize>,
    ) -> impl Iterator<Item = &Range<usize>> {
        let all = if kind == Kind::Health {
            &self.health
        } else {
            &self.sensitive
        };
        all.iter()
            .filter(|told| sentence.start <= told.start && told.end <= sentence.end)
    }
}

fn is_of_a_person(page: &Page<'_>, told: &Range<usize>) -> bool {
    let work = page.text_before(told.start, 40);
    let before = page.text_before(told.start, 12);
    let sentence = page.sentence_of(told.start);
    let told = &page.text[told.clone()];
    !is_company(told)
        && !is_somebodys_work(work, told)
        && !is_of_rain_or_races(before, told)
        && !remarks::is_otherwise(page, &sentence, told)
}

/// "Prison officer at HMP Wealstone": where somebody works.
fn is_somebodys_work(before: &str, told: &str) -> bool {
    static WORK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:officer|governor|chaplain|teacher|tutor|teach(?:es|ing)?|nurse|librarian|manager|instructor|worker|works?|working|worked|job|jobs|volunteers?|volunteering|staff|career|cook|chef|psychologist|apprentice(?:ship)?|role|concert|choir|project|reading scheme|visitors? centre)(?: now)?(?: in| at| for| with| from| to)?(?: the)? $").ok()
    });
    told.starts_with("hmp ") && WORK.iter().any(|work| work.is_match(before))
}

/// Whether words tell of a prison as the place where somebody works, and of nobody who is kept there or visited.
pub(super) fn is_work_in_a_prison(words: &str) -> bool {
    static WORK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:prison|probation|custody) (?:officer|chaplain|governor|teacher|tutor|nurse|librarian|educator|guard|warden|psychologist|chef|cook|instructor|doctor|dentist|manager)s?(?-u:\b)|(?-u:\b)(?:officer|governor|chaplain|teacher|tutor|teach(?:es|ing)?|nurse|librarian|manager|instructor|works?|working|worked|job|volunteers?|chef|cook) (?:in|at|for) (?:the |a |an |his |her )?(?:hmp|prison)(?-u:\b)").ok()
    });
    const KEPT: &[&str] = &[
        "in prison ",
        "in prison.",
        "to prison",
        "visit",
        "sentence",
        "released",
        "inside",
        "jail",
        "locked up",
        "arrest",
    ];
    WORK.iter().any(|work| work.is_match(words)) && !KEPT.iter().any(|kept| words.contains(kept))
}

/// "Got wet herself" in the rain, "not far behind" in a race.
fn is_of_rain_or_races(before: &str, told: &str) -> bool {
    told.starts_with("wet ")
        && ["got ", "get ", "getting "]
            .iter()
            .any(|got| before.ends_with(got))
        || told.contains("behind")
            && (before.ends_with("not ") || before.ends_with("n't ") || before.ends_with("close "))
        || told.starts_with("refugee ")
            && ["week", "day", "council", "camp"]
                .iter()
                .any(|end| told.ends_with(end))
}

fn is_company(told: &str) -> bool {
    told.split_once(" with ")
        .is_some_and(|(_, whom)| whom.split(' ').any(|word| COMPANY.contains(&word)))
}
