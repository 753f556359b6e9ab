//! What is remarked of one person in passing, by what it takes for granted: weeks spent on a ward, what is worn or taken,
//! who is seen, how days at school are counted, what a court or a council has said. Each family of phrases is one line. It
//! counts only beside a person.

use std::{ops::Range, sync::LazyLock};

use super::{page::Page, tellings::KIN};

/// How long something took.
const LONG: &str = "(?:[0-9]{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|many|(?:a )?few|a couple of|his first|her first|the last)(?: whole| long| and a half| straight)? (?:nights?|days?|weeks?|months?|years?|fortnight)";

/// Parts of the body that are held still when they are hurt.
const LIMB: &str =
    "(?:arm|leg|wrist|ankle|foot|hand|knee|elbow|shoulder|neck|finger|thumb|collarbone|hip|back)";

/// What is taken against an illness; a tablet by itself may be a toy.
const MEDICINE: &str = "(?:tablets|meds|medication|dose|dosage|medicines?|pills|insulin|injections|patches|steroids|inhalers?|antibiotics|painkillers|melatonin|ritalin|drops)";

/// Ways to change what is taken.
const ADJUSTED: &str =
    "(?:upped|doubled|halved|lowered|reduced|increased|raised|tweaked|adjusted|trebled)";

/// Illness, treatment and what helps.
pub(super) static HEALTH: LazyLock<String> = LazyLock::new(|| {
    const AID: &str = "(?:stoma(?: bag)?|catheter|ileostomy|colostomy(?: bag)?|prosthetic(?: [a-z]+)?|artificial (?:leg|arm|hand|foot|eye)|insulin pump|glucose monitor|feeding (?:tube|peg|pump)|ng tube|gastrostomy|hearing aids?|cochlear implants?|breathing tube|trachy|tracheostomy|walking frame|standing frame|eye ?patch|back brace|leg brace|pacemaker|epi ?pens?|inhaler pump|oxygen (?:tube|tank))";
    const CARER: &str = "(?:speech|hearing|leg|heart|skin|bladder|bowel|kidney|feet|foot|diabetes|diabetic|asthma|epilepsy|allergy|cancer|talking|feelings|worry|worries|brain|lung|tummy|eating|sleep|pain|physio|mental health|play therapy|camhs|autism|ot|bone|hip|chest|blood) (?:lady|man|doctor|dr|nurse|woman|bloke|people|folks?|chap|specialist|therapist|consultant)";
    const TAKEN: &str = "(?:fits?|seizures?|a funny turn|an attack|a hypo|an absence|a nosebleed|a reaction|an episode|a wobbly spell)";
    [
            "(?-u:\\b)(?:",
            // time in the hands of doctors
            &format!("{LONG} (?:in|on|of) (?:the |a |an |full )?(?:special care|intensive care|high dependency(?: unit| ward)?|(?:neo-?natal|children's|cardiac|burns|renal|cancer|oncology|heart|kids'?|stroke|fracture)(?: ward| unit| wing)?|icu|nicu|picu|scbu|hdu|resus|a&e|incubator|traction|plaster|(?:body |plaster |leg |full )?cast|pot|coma|dialysis|chemo(?:therapy)?|radiotherapy|ventilator|life support|bed rest|steroids|oxygen)(?-u:\\b)"),
            &format!("|(?:trips?|visits?|appointments?|mondays|tuesdays|wednesdays|thursdays|fridays|sessions|mornings|afternoons|hours) (?:to|with|at|seeing) (?:the |his |her |that |a )?{CARER}"),
            &format!("|(?:the|his|her|[a-z]{{2,12}}'s|saw|seen|see|sees|seeing|under) (?:the |a |his |her )?{CARER}(?-u:\\b)|the (?:head|eye|ear|teeth|back) doctors?(?: people)?(?-u:\\b)|(?:sees?|seeing|saw|talks? to|speaks? to) (?:somebody|someone|a lady|a man|a counsellor) (?:[a-z]+ )?(?:about|for|over|with) (?:his|her) (?:worr(?:y|ies)|anger|temper|feelings|anxiety|nerves|moods?|sleep|eating|grief|speech|stammer|behaviour)"),
            // what is worn, and what holds a limb
            &format!("|(?:his|her|[a-z]{{2,12}}'s) (?:[a-z]+ )?{AID}(?-u:\\b)|(?:with|has|had|having|got|gets|wears?|needs?|show(?:ed|s|n)?) (?:a|an|the|two) (?:new |own )?{AID}(?-u:\\b)"),
            &format!("|{LIMB}(?:'s| is| was| are|s)? (?:still |all |back |up |now )*in (?:an? |the )?(?:[a-z]+ )?(?:splint|sling|plaster|pot|cast|brace|bandages?|moon ?boot|traction)(?-u:\\b)"),
            // what is taken
            &format!("|{ADJUSTED} (?:his |her |the |[a-z]{{2,12}}'?s )(?:new )?(?:tablets?|{MEDICINE})(?-u:\\b)|(?:changed|swapped|switched|stopped|started|sort(?:ed|s|ing)? out|cut|weaned (?:him|her) off|messed (?:with|about with)|altered) (?:his |her |[a-z]{{2,12}}'?s )(?:new )?{MEDICINE}(?-u:\\b)"),
            &format!("|(?:his|her|[a-z]{{2,12}}'s) (?:new )?{MEDICINE} (?:has |have |had |is |are |were |was |now |finally |really |been |being |got )*(?:kicked in|kicking in|working|helping|helped|changed|upped|doubled|halved|lowered|stopped|settled|raised|increased|reduced|wear(?:s|ing)? off|worn off|run out|make[s]? (?:him|her))(?-u:\\b)"),
            &format!("|(?:put|putting|started|got|trying|tried|having) (?:him|her|[a-z]{{2,12}})?(?: back)? ?on (?:the |his |her |new |stronger |different |a )*{MEDICINE}(?-u:\\b)|(?:is|'s|s|come|came|coming|been) (?:now |finally |back )?(?:on|off) (?:the |his |her |new |stronger |different )+{MEDICINE}(?-u:\\b)"),
            // the end of a treatment
            "|end[- ]of[- ](?:chemo|treatment|radiotherapy|cancer)[a-z -]{0,14}|(?:finish(?:es|ed|ing)?|ends?|ended|complet(?:es|ed)|starts?|started|begins?|began|last|final|first|gets? through|got through|round of|rounds of) (?:of )?(?:his |her |the )?(?:last |final |first )?(?:chemo|radiotherapy|dialysis|cancer treatment)(?-u:\\b)|(?:allowed|back)[a-z ]{0,24} now (?:the|his|her|that the) (?:stitches|cast|plaster|pins|dressing|splint)[a-z ]{0,12}|(?:goes|going|went) in for (?:the|an?|his|her) (?:[a-z]+ )?(?:op|operation|surgery|scan|biopsy|transplant|procedure)(?-u:\\b)|(?:until|till|til) (?:the|his|her) (?:stitches|cast|plaster|pins|dressing|wound|bone)s? [a-z]+",
            "|(?:told|said|thought|warned)(?: us| me| them)?(?: that)? (?:he|she|[a-z]{2,12}) (?:would never|wouldn'?t|might never|might not|may never|would not) (?:walk|talk|speak|see|hear|live|make it|run|sit up|breathe)(?-u:\\b)|(?:new|artificial|running) (?:legs|blades)(?-u:\\b)|blood (?:change|exchange|transfusion)s?",
            // what is not said by its name
            "|(?:has|had|having|have) (?:an? |his |her )?(?:little )?accidents? (?:at night|in the night|in bed|overnight|on the way)|spare (?:sheets|pants|trousers|knickers) (?:for|in case|because) (?:he|she|his|her)|(?:said|spoke|says|spoken) (?:his|her) first (?:words?|sentence) (?:in class|in school|at school|out loud|to (?:us|me|anyone|anybody|a grown-up|his|her))|(?:whispers?|whispering|whispered|talks|talking|speaks|speaking|spoken) only to (?:his|her)|only (?:whispers|talks|speaks|spoke) to (?:his|her)|(?:wore|wears|wearing|took off|lost|adjusted) (?:his|her) wig|(?:his|her) (?:wig|bald patch|bandana) (?:since|while|until|on because)|finger[- ]pricks?|rescue (?:medicine|meds|medication|inhaler)|(?:flashing lights|strobes?|noise|hand ?dryers?|balloons) (?:set|sets|setting|would set|might set) (?:him|her) off|lost (?:the|her|their) baby|letter about (?:his|her) weight|(?:his|her) (?:wheel)?chair for (?:two |his |her )?(?:sticks|crutches|a frame|a walker)|(?:hickman|picc|central) line|can'?t read (?:off|on) white|(?:needs|uses|has|in) (?:large|big|enlarged) print|lip[- ]?reads?|in remission|scans? (?:is|are|was|were|came back|come back|all) clear|(?:can'?t|doesn'?t|cannot) (?:hear|see) (?:on|out of|with) (?:his|her|the) (?:left|right|one)",
            // what a body does
            &format!("|(?:when|if|while|once|every time|whenever|next time) (?:he|she) (?:has|had|is having|takes|goes into) {TAKEN}(?-u:\\b)"),
            "|pulls? out (?:his|her) (?:own )?(?:hair|eyelashes|eyebrows)|(?:bangs?|banging|banged|smacks?|smacking|hits|hitting) (?:his|her) head (?:on|against|off) (?:the |a )?(?:wall|floor|table|desk|door|bed)(?: (?:till|til|until|when|every|over and over|again|at night))|(?:hasn'?t|has not|not|barely|hardly|never) (?:eaten|had|slept|touched|finished) (?:a |an |any |one )?(?:proper|real|full|decent|single|square) (?:meal|food|dinner|night|mouthful|breakfast)[a-z' ]{0,12}|(?:went|gone|came over|come over|goes|comes over|was) (?:all |really |completely )+(?:floppy|limp|clammy|stiff|grey|delirious|unresponsive|blue)(?: and [a-z]+)?|(?:can'?t|cannot|couldn'?t|won'?t|isn'?t|not|cant) keep(?:ing)? (?:anything|any food|food|water|a thing|owt|his food|her food|his dinner|her dinner) down|(?:shakes?|shaking|trembl(?:es|ing)) (?:all (?:the time|over|night)|at night|when)|(?:keeled|keels|keeling) over(?-u:\\b)|(?:has|he's|she's|hes|shes|just|completely) stopped (?:sleeping|eating|talking|speaking)(?-u:\\b)",
            ")",
        ]
        .concat()
});

/// Behaviour, attendance, support, courts, money and results.
pub(super) static SENSITIVE: LazyLock<String> = LazyLock::new(|| {
    const MISDEED: &str = "(?:biting|hitting|kicking|spitting|throwing|punching|swearing|scratching|lashing out|running off|screaming|meltdowns?|outbursts?|tantrums?|fighting|hurting)";
    const CORNER: &str = "(?:calm|calming|sensory|quiet|reflection|regulation|time[- ]?out|thinking|nurture|cool(?:ing)?[- ]?(?:down|off)|reset|chill[- ]?out|behaviour|safe)(?: down)? (?:tent|room|corner|area|space|den|chair|spot|zone|step|bench|pod|hub|table|mat)";
    const TEST: &str = "(?:phonics|spellings?|sats?|mocks?|maths|reading|arithmetic|grammar|times tables?|eleven[- ]plus|11\\+|entrance|baseline|screening)(?: test| check| paper| exam| exams)?";
    const BENEFIT: &str = "(?:pip|universal credit|benefits?|dla|esa|carer'?s allowance|housing benefit|tax credits?|income support|giro)";
    const WRECKED: &str = "(?:booted|kicked|smashed|keyed|nicked|stole|pinched|robbed|trashed|wrecked|vandalised|egged|torched|spray[- ]?painted|set fire to)(?: in| up)? (?:our|my|the|his|her|that|their|your) (?:[a-z]+ )?(?:fence|windows?|cars?|door|bins?|shed|greenhouse|tin|bike|phone|wall|gate|van|wing mirror|mirror|pane|hedge|bus shelter|purse|bag|charity box|till|scooter)(?: in)?(?-u:\\b)";
    [
            "(?-u:\\b)(?:",
            // good days that tell of the bad ones
            &format!("(?:days?|week|term|month|morning|afternoon|green|gold|since)[a-z0-9 ]{{0,24}}[:,]? (?:with )?no {MISDEED}(?:,? (?:and |or )?no [a-z]+)*|no {MISDEED}(?:,? (?:and |or )?no {MISDEED})+[a-z ]{{0,6}}(?:all|this|today|since|for)(?-u:\\b)"),
            &format!("|(?:only|just|not|fewer|no more)(?: than)?(?: needed| had| made)? (?:one|two|three|four|a single|a couple of|[1-9]) (?:short |quick |little )?(?:trips?|visits?|spells?|times?|minutes|goes|walks?)(?: out)? (?:to|in|on|at) (?:the |his |her |our )?{CORNER}s?"),
            "|not (?:one|a single|even one) (?:phone )?(?:call|message|text|letter|email) home|(?:needed|needs|with|had)(?: only| just)* (?:one|two|three|a few|a couple of|fewer|no) reminders? to (?:keep|stop|stay|sit|use|listen|leave)|kept? (?:his|her) (?:hands|feet|teeth|temper|fists)(?: and feet)? (?:to (?:himself|herself)|in check|under control)|kind hands (?:all|every|for)(?-u:\\b)[a-z ]{0,10}|(?:got|has|given|at|on|had|having) (?:his|her) own (?:table|desk|space|corner|room|entrance|workstation|playtime)(?: now)?(?: away from| apart from| on (?:his|her) own| by (?:himself|herself)| since| because| in the corridor)",
            // sent away and let back
            "|(?:got|given|gave (?:him|her|our [a-z]+|[a-z]{2,12})|did|doing|had|served|serving) (?:an?|one|two|three|four|five|[1-9]|a couple of) (?:whole )?(?:days?|weeks?|fortnight)(?:'s?)? (?:off|out|at home|home)(?: school| from school)? (?:for (?:the [a-z]+ (?:thing|business|incident|stunt|carry[- ]on)|what|that|hitting|kicking|fighting|swearing|biting|throwing|being)|to (?:think|reflect|cool)|after (?:the|what|that))[a-z ]{0,20}",
            "|(?:back|return(?:s|ed|ing)?|decision|allowed)[a-z ]{0,24}? (?:once|when|after|until|if) the (?:panel|governors|investigation|disciplinary|reintegration|hearing)[a-z ]{0,20}|(?:out|off|away|banned|gone|home) for (?:the|that) (?:[a-z]+ )?(?:thing|business|incident|stunt|carry[- ]on|bother)(?: with| in)?|(?:moved|switched|swapped|taken|put)(?: down| out)?(?: to| into| of)? (?:another|a different|the other) (?:class|form|group|table|school)(?: room)? (?:cos|because|after|since|due|over|for)(?: of| to)?(?: the| his| her| all the)? (?:fighting|behaviour|bullying|hitting|incident|what|biting|trouble|temper|kicking|swearing|he|she)(?-u:\\b)",
            // days at school
            "|(?:only|just|still)(?: only| just)? (?:managing|manages|managed|doing|does|coping with|coming in|comes in|in|in for|able to do|up to) (?:the )?(?:mornings?|afternoons?|half days?|an hour|a couple of hours|[a-z]+ hours|two days|three days|one lesson)(?: a day| a week)?(?-u:\\b)|(?:only )?(?:does|doing|managing|manages|coping with) (?:just )?(?:mornings|afternoons|half days)(?: only)? (?:at the (?:minute|moment)|so far|for now|until|till|since)|(?:been )?in (?:school )?(?:every (?:single )?(?:day|morning)|all week|on time)[a-z ]{0,16},? (?:which is a first|for the first time|for once)|(?:getting|get|got|coax(?:ed|ing)?|carry(?:ing)?|carried|drag(?:ged|ging)?) [a-z]{2,12} (?:through|in|into|out of) (?:the )?(?:door|gates?|school|car|classroom|house|bed)[a-z ]{0,6} (?:is|was|has been|can be)[a-z ]{0,8} (?:battle|struggle|fight|nightmare|war)|(?:made|makes|making|make) it (?:through|in through|past) the (?:gates?|doors?|school door)[a-z ]{0,30}(?:out of|times|days|mornings|since)",
            "|(?:is|was|are|now|still|back|only)? ?(?:down|only|still|stuck) (?:at|on|to) [0-9]{2}(?:\\.[0-9])? ?(?:%|per ?cent)(?: attendance)?|(?:is|was|sits) (?:on|at) [0-9]{2}(?:\\.[0-9])? ?(?:%|per ?cent) (?:attendance|for the (?:half[ -]?)?term|this (?:half[ -]?)?term|so far|this year)",
            // courts and contact
            "|(?:contact|non[- ]mol(?:estation)?|restraining|prohibited steps|child arrangements|occupation|protection|care|supervision) order(?-u:\\b)|there(?:'s| is) an? (?:[a-z]+ )?injunction|(?:an|the) injunction (?:against|on|is|out|in place)|must be (?:sat|seated|kept|sitting) (?:apart|separately|well away)|because of (?:the|a|his|her|their) (?:[a-z]+ )?(?:court|police|custody|social services) (?:case|matter|business|hearing|investigation|order|thing)",
            &format!("|{KIN}'?s? tag (?:is|comes|came|coming|gets|got|'s|off)(?-u:\\b)[a-z ]{{0,8}}|the (?:judge|court) (?:says|said|has said|ruled|gave|gives) (?:every other|alternate|one|only|no|he|she|that|mum|dad)(?-u:\\b)"),
            // results
            &format!("|[0-9]{{1,3}} ?(?:out of|/) ?[0-9]{{1,3}} (?:on|in|for|at) (?:his|her|the) (?:[a-z]+ )?{TEST}|(?:scraped|scraping|failed|flunked|bombed|squeaked|struggled)(?: through| by| in| with)? (?:his|her|the) (?:[a-z]+ )?{TEST}|(?:missed|miss|short of|off)(?: out on)? (?:the )?(?:pass mark|pass|grammar|grammar school)(?-u:\\b)[a-z ]{{0,8}} by [a-z0-9]+|(?:didn'?t|did not|not) get in(?:to)? (?:to )?(?:the )?(?:grammar|selective|[a-z]+ grammar)|reading age (?:has|is|of|was|still)[a-z' ]{{0,20}}"),
            // plans and those who pay for them
            "|(?:his|her|[a-z]{2,12}'s) (?:plan|funding|support plan|support|referral|statement|transport)(?:'s| is| has| have| had| been| now| finally| at last| just)* (?:come through|came through|agreed|approved|granted|signed(?: off)?|finalised|in place|turned down|refused|rejected|gone through|been cut)(?-u:\\b)[a-z ]{0,20}|(?:now (?:that )?|since )(?:his|her|[a-z]{2,12}'s) (?:plan|funding|hours|support|statement)(?-u:\\b)",
            "|(?:council|authority|county|the la|panel)(?: have| has| finally| at last)* (?:said yes|said no|agreed|approved|granted|funded|refused|turned down|given)(?: to)?(?: the| an?| his| her)?(?: [a-z]+)? (?:extra|more|additional|one[- ]to[- ]one|1:1|support|transport|funding|taxi)[a-z ]{0,12} (?:for|to)(?-u:\\b)|(?:new |own |special )(?:grown[- ]?up|adult|helper) (?:beside|with|next to|alongside|by) (?:him|her)|fought (?:[a-z]+ )?(?:years?|months|hard|long|tooth and nail) (?:to get|for) (?:his|her|[a-z]{2,12}'s) (?:plan|help|support|place|ehcp|diagnosis|statement)|(?:got|has|had|having|waiting for|waiting on) (?:his|her) assessment (?:on|for|at|with|through|in|next|this)(?-u:\\b)",
            // money
            &format!("|at the food ?bank (?:himself|herself|themselves)|(?:his|her|their) {BENEFIT}(?: has| have| had| got| was| were| been| being| is| gets)* (?:stopped|cut|refused|turned down|sanctioned|suspended|docked|late)|(?:waiting (?:on|for)|living on|relies on|relying on) (?:his|her|their) {BENEFIT}|(?:been |is |'s |went )on the (?:sick|dole|social|bru|panel)(?-u:\\b)|(?:can'?t|cant|cannot|hasn'?t|not) work(?:ed)? (?:with|because of|since|due to|cos of) (?:his|her) [a-z]+"),
            "|sofa[- ]?surfing|only (?:got |has |owns )?(?:the )?one (?:pair of (?:shoes|trousers)|coat|jumper|shirt)|(?:sees?|seeing|saw) (?:his|her) (?:dad|mum|mam|father|mother|brother|sister)s? (?:in|at) (?:that|the|a) (?:contact )?(?:centre|unit|prison)(?-u:\\b)|with (?:a|the) (?:lady|man|woman|worker|stranger) (?:writing|watching|sat in|sitting in|in the room|listening)|(?:his|her) (?:big |angry |difficult )feelings|(?:use|using|uses) (?:his|her)? ?words (?:rather than|instead of|not) (?:his |her )?(?:teeth|fists|hands|feet)|youth (?:justice|offending)(?: worker| team)?|after [a-z]+ (?:terms?|years?|months) on the (?:baby|infant|easy|first|picture) (?:ones|books)|(?:the |that )(?:other|special|different) school,? (?:the one )?with (?:the )?(?:small|smaller|tiny) classes",
            &format!("|(?:hasn'?t|has not|not|doesn'?t|rarely|never|seldom)(?: always| often)? (?:had|have|has|get|gets|eat|eats|eaten)(?: any| a)? (?:breakfast|tea at home|dinner at home|supper)(?-u:\\b)|can'?t be in (?:a|the same|one) room|(?:does|gives|doing|giving|fetches) (?:his|her) {KIN}'?s (?:insulin|tablets|meds|medicines?|injections|dressings)|(?:gets|getting|got) (?:his|her|the) (?:little |younger |baby )?(?:{KIN}|brothers|sisters|siblings|twins|little ones)s? (?:up|dressed|fed|washed|ready|to bed|to school|to nursery)|(?:looks|looking) after (?:his|her) (?:{KIN}|brothers|sisters|siblings)(?: and [a-z]+)? (?:before|after|because|since|while|at night|every|when)"),
            "|(?:used to be|no longer) (?:called|known as) [a-z]+|(?:is|he's|she's|they're) (?:trans|transgender|transitioning|non[- ]binary)(?-u:\\b)|(?:his|her|their) (?:old|dead|birth) ?name(?-u:\\b)|(?:uses|use|new|right|wrong) (?:she|he|they)[ /](?:her|him|them)(?: pronouns)?|moved (?:out )?in the (?:middle of the )?night|(?:kept|held|put|moved|stays?|staying)(?: him| her)? (?:down|back) (?:a|one|another) (?:year|class)|(?:repeats?|repeating|redo(?:es|ing)?) (?:the|a|his|her) year|(?:goes|works|sits|out) (?:to|with) (?:mr|mrs|miss|ms) [a-z]+ (?:for|on|to) [a-z ]{3,30} while (?:the others|everyone else|the rest|the class)(?-u:\\b)|(?:their|his|her|had the) (?:electric|electricity|gas|heating|power|water)(?:'s| has| have| is| been| was| got)* (?:cut |switched |turned )?off(?-u:\\b)[a-z ]{0,14}|(?:been|is|was|he's|she's|hes|shes|still|back|put) on (?:a|his|her) (?:card|report card|yellow|red|amber|chart|traffic light)(?: since| again| for| all)(?-u:\\b)|(?:hasn'?t|not|never|waiting to be|still isn'?t)(?: yet)? (?:been )?allowed to (?:follow|join (?:him|her|them)|come over|come here|leave (?:syria|iran|sudan|ukraine|afghanistan|kabul|gaza))|(?:crossed|fled|came|come) [a-z ]{0,14}(?:seas|borders|countries|the war|the sea) to (?:get|be|come) here",
            &format!("|{KIN}(?:'s| is)? (?:isn'?t|is not|no longer|not) (?:around|on the scene|in the picture|at home|allowed (?:near|in|here|to|on))(?-u:\\b)"),
            // a new family
            "|(?:it'?s|its|on|for|her|his|of|happy) adoption (?:day|party|celebration)|adoption (?:papers|order|hearing)(?-u:\\b)[a-z ]{0,12}|adoption (?:went|came|has gone|has come) through",
            // what somebody broke or took
            "|",
            WRECKED,
            ")",
        ]
        .concat()
});

/// What makes another thing of it: rules that are told to all, visitors, batteries, machines, plays.
const OTHERWISE: &[(&[&str], &[&str])] = &[
    (
        &["patch on"],
        &[
            "roof",
            "trousers",
            "quilt",
            "grass",
            "field",
            "pitch",
            "playground",
            "path",
            "garden",
            "jeans",
        ],
    ),
    (&["fainted at"], &["fainted at nothing"]),
    (&["come down with"], &["chainsaw", "axe", "crane", "hammer"]),
    (&["disabled"], &["barbie", " doll", " toy", "lego"]),
    (&["the sight", "stand the"], &["stand the sight of"]),
    (&["court case of"], &["mistaken", "who ", "missing"]),
    (
        &["%", "per cent", "percent"],
        &[
            "battery", "charge", "raised", "target", "tank", "gauge", "download", "sale", "vote",
        ],
    ),
    (
        &[
            " lady",
            " man",
            " nurse",
            " doctor",
            " people",
            " team",
            " therapist",
            " specialist",
            " woman",
        ],
        &[
            "visited us",
            "came to talk",
            "came in to",
            "visitor",
            "visit from",
            "assembly",
            "all children",
            "career",
            "when i grow up",
            "dressed as",
            "costume",
            "role play",
        ],
    ),
    (
        &["no "],
        &[
            "rules",
            "please",
            "gala",
            "allowed",
            "remember",
            "reminder to all",
            "poster",
        ],
    ),
    (
        &["attendance", "%"],
        &[
            "cup to",
            "cup goes",
            "attendance bear",
            "attendance award",
            "attendance trophy",
            "winners",
            "winning class",
            "best class",
        ],
    ),
    (
        &["order"],
        &["in the right order", "tall order", "in order"],
    ),
    (
        &["adoption"],
        &[
            "leopard",
            "panda",
            "tiger",
            "elephant",
            "donkey",
            "dog",
            "cat ",
            "kitten",
            "puppy",
            "penguin",
            "rescue",
            "our class has",
            "adopt a",
            "wwf",
        ],
    ),
    (
        &[
            "smashed", "booted", "kicked", "stole", "nicked", "pinched", "robbed", "broke",
        ],
        &[
            "goal",
            "scene",
            "record",
            "in the play",
            "story",
            "chapter",
            "character",
            "ball",
        ],
    ),
];

/// Whether a remark is not about a person after all, by other words of its sentence or of the one before.
pub(super) fn is_otherwise(page: &Page<'_>, sentence: &Range<usize>, told: &str) -> bool {
    OTHERWISE.iter().any(|(matters, others)| {
        let before = page.sentence_before(sentence);
        let around = before.start..sentence.end;
        matters.iter().any(|matter| told.contains(matter))
            && others.iter().any(|other| page.says_in(&around, other))
    })
}
