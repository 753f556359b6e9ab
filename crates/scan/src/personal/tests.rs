//! What is found, what is not, and what it costs.

use proptest::prelude::*;
use schoolgate_model::Budget;

use super::*;

fn own() -> OwnDetails {
    OwnDetails::new(
        &["0161 496 0123".to_owned()],
        &["office@st-saviours.example".to_owned()],
        &["M1 1AE".to_owned()],
        &["st-saviours.example".to_owned()],
    )
}

fn context() -> PersonalContext<'static> {
    PersonalContext {
        draft: true,
        year: Some(2026),
        names: &[],
    }
}

/// The kind, the words and how sure, of everything found in a draft.
pub(super) fn scan(text: &str) -> Vec<(String, String, f32)> {
    let surface = SurfaceText::new(Surface::Text, None, text);
    scan_personal_data(&[surface], &own(), &context(), &Budget::default().meter())
        .unwrap()
        .into_iter()
        .map(|finding| {
            (
                finding.kind.unwrap(),
                finding.text.unwrap(),
                finding.confidence,
            )
        })
        .collect()
}

/// The words of everything of one kind found in a draft.
pub(super) fn told(kind: &str, text: &str) -> Vec<String> {
    scan(text)
        .into_iter()
        .filter(|(found, ..)| found == kind)
        .map(|(_, told, _)| told)
        .collect()
}

fn sure(text: &str) -> Vec<(String, String)> {
    scan(text)
        .into_iter()
        .filter(|(_, _, c)| *c >= 0.6)
        .map(|(kind, text, _)| (kind, text))
        .collect()
}

#[test]
fn details_of_private_people_are_found_where_they_stand() {
    let cases = [
        ("ring me on 07700 900123 please", "phone", "07700 900123"),
        ("my number is 07700900456", "phone", "07700900456"),
        ("Call +44 7700 900 123", "phone", "+44 7700 900 123"),
        ("tel +44 (0)161 496 0999", "phone", "+44 (0)161 496 0999"),
        ("0044 7700 900123", "phone", "0044 7700 900123"),
        ("(0161) 496 0999", "phone", "(0161) 496 0999"),
        ("07700-900-123", "phone", "07700-900-123"),
        ("0.7.7.0.0.9.0.0.1.2.3", "phone", "0.7.7.0.0.9.0.0.1.2.3"),
        ("text 7700 900123 after six", "phone", "7700 900123"),
        (
            "０７７００ ９００１２３",
            "phone",
            "０７７００ ９００１２３",
        ),
        ("our postcode at home is B33 8TH", "postcode", "B33 8TH"),
        ("my address is b338th", "postcode", "b338th"),
        ("SW1A 1AA", "postcode", "SW1A 1AA"),
        (
            "write to jo.bloggs@mail.example",
            "email",
            "jo.bloggs@mail.example",
        ),
        (
            "jo.bloggs (at) mail (dot) example",
            "email",
            "jo.bloggs (at) mail (dot) example",
        ),
        ("UPN R999999926001", "upn", "R999999926001"),
        ("C99999992600A", "upn", "C99999992600A"),
        ("his UPN is A801200005001", "upn", "A801200005001"),
    ];
    for (text, kind, found) in cases {
        assert_eq!(sure(text), [(kind.to_owned(), found.to_owned())], "{text}");
    }
}

#[test]
fn numbers_and_codes_are_told_apart_by_the_words_and_groups_around_them() {
    for (kind, text, found) in [
        (
            "iban",
            "iban: G B 8 2 W E S T 1 2 3 4 5 6 9 8 7 6 5 4 3 2",
            "G B 8 2 W E S T 1 2 3 4 5 6 9 8 7 6 5 4 3 2",
        ),
        (
            "payment_card",
            "long number's 51 05 10 51 05 10 51 00, expiry august",
            "51 05 10 51 05 10 51 00",
        ),
        (
            "nhs_number",
            "the app says my national health service number is 943 476 5919",
            "943 476 5919",
        ),
        (
            "handle",
            "whoever moans about parking is u/gasworks_trev",
            "u/gasworks_trev",
        ),
        (
            "passport",
            "driving licence seen, T. Mudge - passport 509318842",
            "509318842",
        ),
        (
            "health",
            "Percy Winstanley carries an inhaler.",
            "Winstanley carries an inhaler",
        ),
        (
            "location",
            "Acorns are in Tollgate Wood right now.",
            "Acorns are in Tollgate Wood right now.",
        ),
    ] {
        assert_eq!(told(kind, text), [found], "{text}");
    }
    for text in [
        "Meet Bramble! She's a two-year-old cockapoo.",
        "Enquiries to ccf@fellgate.example or dsl@fellgate.example by Monday.",
        "Please ring Debbie in the office on 01632 960114.",
        "Dr Chowdhury holds a surgery on Tuesdays.",
        "Greta Thunberg is autistic and calls it her superpower.",
        "Daniel Radcliffe has dyspraxia and still became a star.",
    ] {
        assert_eq!(sure(text), [], "{text}");
    }
}

#[test]
fn what_is_told_in_passing_of_somebody_by_name_is_found() {
    for (text, kind) in [
        (
            "Hard term for Oliver: mum and dad have separated.",
            "sensitive",
        ),
        ("Jayden is allowed on the playground again.", "sensitive"),
        ("Ruby has mastered her new leg!", "health"),
        ("Well done Ryan, dry every day this half term!", "health"),
        ("Mr Lunt is back after his knee operation.", "health"),
    ] {
        let kinds: Vec<String> = scan(text).into_iter().map(|(kind, _, _)| kind).collect();
        assert_eq!(kinds, [kind], "{text}");
    }
}

#[test]
fn what_is_told_of_nobody_or_in_a_tale_is_left_alone() {
    for text in [
        "Mum and dad have separated, says the leaflet for families.",
        "In The Secret Garden, Oliver is frail and hides in bed.",
        "Oliver hid behind the tree in our game.",
        "Half of Wrens are off with this sick bug.",
        "Oliver broke his personal best.",
        "Noah got his trousers wet in the rain.",
        "Heads, shoulders, knees and toes with Toby: knee, elbow, wrist!",
        "Georgia's nan and auntie came to Grandparents' Day.",
        "The old cottage next to the church is lovely.",
        "Mia and Leo painted the blue door opposite the office",
        "Attendance: Finch 98.2%, Osprey 97.9%, Merlin 97.1%.",
    ] {
        assert_eq!(scan(text), [], "{text}");
    }
}

#[test]
fn numbers_and_names_told_in_passing_are_found() {
    for (kind, text, told) in [
        (
            "email",
            "drop us a line d a n i @ icloud . com any time",
            "d a n i @ icloud . com",
        ),
        (
            "email",
            "Ask b.stokes14@pupils.st-saviours.example for the slides.",
            "b.stokes14@pupils.st-saviours.example",
        ),
        (
            "handle",
            "Can the school check who coach_dan77 is? He's messaged four of the team.",
            "coach_dan77",
        ),
        (
            "address",
            "Collect them from Babs at 3B Corn Exchange Buildings after six.",
            "3B Corn Exchange Buildings",
        ),
        (
            "address",
            "She'd be tickled with a card or a drawing: Quarry Cottage, Back Lane.",
            "Quarry Cottage, Back Lane",
        ),
        (
            "postcode",
            "Walking bus: meet outside Oliver's, red gate, the satnav likes DN55 1PT.",
            "DN55 1PT",
        ),
        (
            "national_insurance",
            "HR want the volunteers' details on file, hers being hb 72 10 45 d.",
            "hb 72 10 45 d",
        ),
        (
            "vehicle_registration",
            "Thank you to Mr Wragg for his Rover, P417 HJT, tape deck and all.",
            "P417 HJT",
        ),
        (
            "vehicle_registration",
            "It's a red one, YL68, then TGN, parked over the kerb.",
            "YL68, then TGN",
        ),
        (
            "credential",
            "Change your passwords. Harrison's had been \"harrisonpeel1\" since Year 1.",
            "harrisonpeel1",
        ),
        (
            "date_of_birth",
            "He came along on Christmas Day 2018 at ten past four.",
            "christmas day 2018",
        ),
    ] {
        let found = scan(text);
        assert!(
            found
                .iter()
                .any(|(k, t, _)| k == kind && t.to_lowercase() == told.to_lowercase()),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn dates_animals_and_public_bodies_have_no_private_details() {
    for text in [
        "Remembrance parade, 31 October. Gate opens at ten.",
        "19 November. Way ahead of plan, the roof is on.",
        "Hymn 40 The Green Hill is on Sunday.",
        "The neighbourhood team is at wexbourne.npt@county-police.example.",
        "Flo the school dog was born on 3 March 2022.",
        "Our guinea pig Nibbles turns 3 on Sunday.",
        "Homework site: see Year5 / Autumn2 for the sheets.",
        "No learner number yet is 9999999999 on the form.",
        "Headphones, part KX70VWD, are out of stock.",
    ] {
        assert!(sure(text).is_empty(), "{text}: {:?}", scan(text));
    }
}

#[test]
fn a_mailbox_of_a_firm_is_nobodys() {
    for (text, private) in [
        ("boxoffice@playhouse.example", false),
        ("wexbourne@libraries.example.org", false),
        ("wexbourne@mailbox.example", true),
        ("oliver@wexbournetheatre.example", true),
    ] {
        assert_eq!(!scan(text).is_empty(), private, "{text}");
    }
}

/// Kinds that are found in a comment or in a draft.
fn kinds(text: &str, draft: bool) -> Vec<String> {
    let surface = SurfaceText::new(Surface::Text, None, text);
    let context = PersonalContext { draft, ..context() };
    scan_personal_data(&[surface], &own(), &context, &Budget::default().meter())
        .unwrap()
        .into_iter()
        .filter_map(|finding| finding.kind)
        .collect()
}

#[test]
fn private_mail_is_no_firms_whatever_stands_near_it() {
    for text in [
        "To join the club email sparkles@live.co.uk",
        "ring bradshaw@sky.com about the club",
        "cosgrove@me.com runs the football club",
        "bradshaw@tiscali.co.uk runs the football club",
        "For lifts email penhaligon@penhaligon.me.uk",
        "Contact bradshaw@bradshawfamily.co.uk",
        "Contact clogs@hallfamily.co.uk",
        "Email wilkinson@bankside-house.co.uk for lifts",
        "Email bigdave@poolside.co.uk",
    ] {
        assert_eq!(kinds(text, true), ["email"], "{text}");
    }
    for text in [
        "wexbourne@surrey-fire.example",
        "wexbourne@townhall.example",
    ] {
        assert_eq!(scan(text), [], "{text}");
    }
}

#[test]
fn a_matter_is_told_beside_a_tale_and_beside_words_that_begin_like_an_idiom() {
    for text in [
        "Our text last night was about Noah, who has leukaemia.",
        "Noah's cancer is back, he missed the musical",
        "Noah, who has leukaemia, met the Gruffalo.",
        "Mia is in foster care and loved Cinderella",
        "Noah's appendix burst on Sunday",
        "Amelia's appendix is out and she is back on Monday",
        "Noah was sent home early after the fight.",
        "Noah was taken to the cottage hospital on Friday.",
        "Mrs Cosgrove missed the lesson because of her chemo",
    ] {
        assert_ne!(kinds(text, true), [""; 0], "{text}");
    }
}

#[test]
fn relatives_parts_of_the_body_and_lessons_tell_nothing() {
    for (text, draft) in [
        ("well done Leo from nan and auntie xx", false),
        ("Leo's auntie and nan came to the picnic.", true),
        ("Mia touched her knee and elbow in yoga.", true),
        ("Ella's leg kicks and arm circles are super.", true),
        ("Mia sat on the sofa bed.", true),
        ("Noah wore trousers and a patch for pirate day", true),
        ("Mia dressed as a nurse with a bandage and a sling", true),
        ("Mr Baird's insulin experiment was great fun", true),
        (
            "Mr Baird taught Year 6 about diabetes with insulin models",
            true,
        ),
    ] {
        assert_eq!(kinds(text, draft), [""; 0], "{text}");
    }
}

#[test]
fn doors_and_gates_of_a_school_are_no_homes() {
    for (text, draft) in [
        ("The old cottage next to the church is lovely.", false),
        ("Is the red door behind the bins the entrance?", false),
        (
            "the green gate opposite the office is locked this morning",
            false,
        ),
        (
            "There was a big puddle by the yellow door, next to the bins",
            false,
        ),
        ("Leo found room 6 opposite the office.", true),
        (
            "Mia and Leo painted the blue door opposite the office",
            true,
        ),
        (
            "Jack and Mia waited at the red gate opposite the office for the coach.",
            true,
        ),
    ] {
        assert_eq!(kinds(text, draft), [""; 0], "{text}");
    }
}

#[test]
fn what_year_4_saw_before_hides_not_where_they_are() {
    assert_eq!(
        kinds(
            "Year 4 saw the ducks and are now at Wexbourne Park until 3pm.",
            true
        ),
        ["location"]
    );
    assert_eq!(
        kinds("Our Year 6 leavers are now at secondary school", true),
        [""; 0]
    );
}

#[test]
fn numbers_are_known_by_what_is_told_beside_them() {
    for (text, kind) in [
        (
            "Red health book, number 999 363 9184 on the cover",
            "nhs_number",
        ),
        (
            "ce902817a was typed wrongly in the NINO box",
            "national_insurance",
        ),
        ("My number is Wexbourne 960118, code 01632", "phone"),
        ("take it off 5555555555554444 08/28", "payment_card"),
        (
            "Year 4 are in the woods now, ///filled.count.soap",
            "location",
        ),
        (
            "Baby Rosa was born on the second of November, 6lb 12oz",
            "date_of_birth",
        ),
        (
            "Mia was born on the last day of August 2017",
            "date_of_birth",
        ),
        ("Pupil: Mia Lowe. Born: 3rd Sept. '16", "date_of_birth"),
        ("mail me, I'm mia.lowe77 on hotmail", "email"),
    ] {
        let mut kinds: Vec<String> = scan(text).into_iter().map(|(kind, _, _)| kind).collect();
        kinds.dedup();
        assert_eq!(kinds, [kind], "{text}");
    }
}

#[test]
fn the_schools_own_details_and_helplines_are_no_findings() {
    for text in [
        "Call the office on 0161 496 0123 or +44 161 496 0123",
        "office@st-saviours.example or head@st-saviours.example",
        "Find us at M1 1AE",
        "Childline 0800 1111, Samaritans 116 123, NSPCC 0808 800 5000, or 999",
    ] {
        assert_eq!(scan(text), [], "{text}");
    }
}

#[test]
fn numbers_that_are_something_else_are_left_alone() {
    for text in [
        "Year 6 SATs KS2 1AT results",
        "12-10 at half time, 2026-11-20, 01/02/2026",
        "ISBN 978 0 340 99999 1",
        "We raised 1,234,567 points in 2026",
        "order 1234567890123456",
        "Room Y6 1AB",
        "at 10.30, 11.30 and 12.30",
        "07/11/2026, 9.30 in the hall",
        "01/02/2026 10:30",
        "01.15, 02.15, 03.15 and so on",
        "0-2, 3-1, 4-4, 2-0, 1-1 after five",
        "See you @ school.Bring a coat",
        "see you at school. bring a coat",
        "Room 0161 has 496 books and 12 chairs",
        "A000000000000",
        "Meet at the leisure centre B33 8TH for swimming",
        "hello@museum.example",
    ] {
        assert_eq!(sure(text), [], "{text}");
    }
}

#[test]
fn an_upn_check_letter_raises_confidence() {
    let confidence = |text: &str| {
        scan(text)
            .first()
            .map_or(0.0, |(_, _, confidence)| *confidence)
    };
    assert!(confidence("B801200005001") > confidence("his UPN A801200005001"));
    assert!(confidence("UPN B801200005001") > confidence("B801200005001"));
}

#[test]
fn what_a_reader_would_see_is_not_explained_away() {
    let draft =
        |text: &str| -> Vec<String> { scan(text).into_iter().map(|found| found.0).collect() };
    assert_eq!(
        draft("Attendance: Jacob 71%, 2 Wren 96%, 3 Owl 97%"),
        ["sensitive"]
    );
    assert!(draft("Attendance: 1 Robin 96%, 2 Wren 97%, 3 Jasmine 95%").is_empty());
    assert_eq!(draft("found: P<GBRSMITH<<JANE<<<..."), ["passport"]);
    assert!(draft("The line starts P<GBR... if you look").is_empty());
    assert_eq!(
        draft("\"I am autistic and it is my superpower,\" said Jacob in assembly."),
        ["health"]
    );
    assert_eq!(
        draft("Jacob plays the violin, and his epilepsy has been bad this term."),
        ["health"]
    );
    assert_eq!(
        draft("Licence MORGA657054SM9IJ was handed in"),
        ["driving_licence", "date_of_birth"]
    );
}

#[test]
fn too_little_budget_is_over_budget() {
    let surface = SurfaceText::new(Surface::Text, None, "ring 07700 900123");
    let meter = Budget { steps_per_check: 5 }.meter();
    assert_eq!(
        scan_personal_data(&[surface], &own(), &context(), &meter),
        Err(CheckFailure::OverBudget)
    );
}

#[test]
fn hostile_texts_cost_their_length() {
    let units = [
        "1",
        "1 ",
        "-",
        "a@a@",
        "AB12",
        "AB12 ",
        "0 ",
        "07700 900123 ",
        "one two ",
        "12 Oak Road ",
        "password is ",
        "Tom has asthma ",
        "every day at 3.30 Tom walks to the park ",
        "happy 7th birthday Tom ",
        "///a.b",
        "1/1/",
    ];
    for unit in units {
        let cost = |bytes: usize| {
            let surface = SurfaceText::new(Surface::Text, None, &unit.repeat(bytes / unit.len()));
            let started = std::time::Instant::now();
            let meter = Budget {
                steps_per_check: u64::MAX,
            }
            .meter();
            scan_personal_data(&[surface], &own(), &context(), &meter).unwrap();
            started.elapsed().as_secs_f64()
        };
        cost(1_000);
        let (short, long) = (cost(10_000), cost(100_000));
        // ten times the text; quadratic work would cost a hundred times as much
        assert!(long < 40.0 * short + 0.5, "{unit:?}: {short} and {long}");
    }
}

proptest! {
    #[test]
    fn spans_lie_inside_the_text(text in "\\PC{0,80}|[0-9 ()+.@a-zA-Z-]{0,80}") {
        let surface = SurfaceText::new(Surface::Text, None, &text);
        let count = surface.char_count() as u32;
        for finding in scan_personal_data(std::slice::from_ref(&surface), &own(), &context(), &Budget::default().meter()).unwrap() {
            let span = finding.span().unwrap();
            prop_assert!(span.start < span.end && span.end <= count);
            prop_assert_eq!(finding.text.as_deref(), Some(surface.slice(span)));
        }
    }
}

#[test]
fn parts_of_machines_and_longer_rows_of_signs_are_no_numbers_of_people() {
    for text in [
        "The boiler needs an AB123 456C valve from Belgium.",
        "A strong password has a number in it, such as the word purple22.",
        "At half past three house 605217 to say so.",
    ] {
        assert!(scan(text).is_empty(), "{text}: {:?}", scan(text));
    }
    let plate = scan("We live by the flat battery: J 4 7 2 B R Y, lights left on");
    assert!(
        plate
            .iter()
            .all(|(kind, ..)| kind == "vehicle_registration"),
        "{plate:?}"
    );
}
