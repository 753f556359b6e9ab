//! Which language a text is recognised as, and what is said of it.

use schoolgate_model::{Budget, Category, CheckName, RuleId, Severity};

use super::*;
use crate::lexicon::{Lexicon, Source};

fn lexicon() -> Lexicon {
    Lexicon::built_in().unwrap()
}

fn language(text: &str) -> Option<String> {
    let lexicon = lexicon();
    let surface = SurfaceText::new(Surface::Text, None, text);
    let reading = Reading::of(&surface, lexicon.tongues(), &Budget::default().meter()).unwrap();
    reading.guess.map(|guess| guess.name.to_owned())
}

#[test]
fn the_pack_proves_itself() {
    assert_eq!(lexicon().tongues().self_test(), Vec::new());
}

#[test]
fn english_of_every_kind_is_english() {
    let texts = [
        "Fab 👏👏👏",
        "❤️",
        "Mint that. Champion effort from all the bairns x",
        "gas that ✨ calm vibes",
        "W assembly fr fr no cap",
        "Gerrin there! Reyt good that, nowt better than a brass band",
        "Pure magic weans, yer auntie's greetin",
        "Whit time's the disco finish?",
        "Happy days Amira xx loved the dance",
        "Leo Nina Ana Maria ❤️",
        "Well done Kacper Nowak, Oliwia Mazur and Zuzanna Lis",
        "Mashallah what lovely children",
        "Diolch o galon to the staff who gave up their Saturday",
        "ʕ•ᴥ•ʔ cute",
        "¯\\_(ツ)_/¯ no idea",
        "f u c k",
        "сunt",
        "Macbeth, Romeo, Juliet, Hamlet, Othello",
        "𝓑𝓮𝓼𝓽 𝓼𝓬𝓱𝓸𝓸𝓵",
        "hahahahaha omgggg yesssss",
        "Bon voyage year 6!",
        "Gracias amigo, see you tomorrow",
        "1234 5678",
        "",
    ];
    for text in texts {
        assert_eq!(language(text), None, "{text}");
    }
}

#[test]
fn languages_are_told_apart() {
    let cases = [
        ("Llongyfarchiadau mawr i'r plant a'r staff i gyd", "Welsh"),
        (
            "Dzień dobry, o której godzinie kończy się dyskoteka?",
            "Polish",
        ),
        ("Buna ziua, unde gasim lista pentru excursie?", "Romanian"),
        (
            "Bhai koi bata sakta hai kal school khula hai ya nahi?",
            "Urdu or Hindi in Latin letters",
        ),
        (
            "Çok güzel olmuş, öğretmenlerimizin ellerine sağlık",
            "Turkish",
        ),
        ("Köszönjük szépen, gyönyörű volt a műsor!", "Hungarian"),
        ("Que caralho de barulho é esse às 7 da manhã", "Portuguese"),
        ("謝謝老師，表演很精彩", "Chinese or Japanese"),
        ("বাচ্চারা খুব ভালো করেছে, ধন্যবাদ", "Bengali"),
        (
            "Onnea kaikille oppilaille ja opettajille, hienosti tehty",
            "Finnish",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(language(text).as_deref(), Some(expected), "{text}");
    }
}

fn scanned(text: &str, earlier: &[Finding]) -> Vec<(Category, Severity)> {
    let surface = SurfaceText::new(Surface::Text, None, text);
    let mut found = Vec::new();
    let meter = Budget::default().meter();
    scan(&surface, lexicon().tongues(), earlier, &mut found, &meter).unwrap();
    for finding in &found {
        let span = finding.span().unwrap();
        assert_eq!(finding.text.as_deref(), Some(surface.slice(span)), "{text}");
    }
    found
        .into_iter()
        .map(|finding| (finding.category, finding.severity))
        .collect()
}

#[test]
fn a_clean_text_in_another_language_is_only_noted() {
    assert_eq!(
        scanned("Dziękujemy pani Nowak, było wspaniale", &[]),
        [(Category::ScreeningIncomplete, Severity::Info)]
    );
}

#[test]
fn a_risk_word_keeps_it_from_being_approved_unread() {
    assert_eq!(
        scanned("Tata mnie bije i boję się", &[]),
        [
            (Category::Disclosure, Severity::Critical),
            (Category::ScreeningIncomplete, Severity::Medium)
        ]
    );
}

#[test]
fn a_register_name_does_too_unless_every_word_is_understood() {
    let about = |text: &str, name: &str| {
        let start = u32::try_from(text.find(name).unwrap()).unwrap();
        let end = start + u32::try_from(name.len()).unwrap();
        let finding = Finding::new(
            CheckName::Names,
            RuleId::fixed("pupil-given-name"),
            Category::PupilName,
            Severity::Low,
            0.77,
            "A pupil.",
        )
        .on(Surface::Text, None)
        .at(Span { start, end }, name);
        scanned(text, &[finding])
    };
    assert_eq!(
        about("Ewan jest bardzo niegrzeczny i ciagle klamie", "Ewan"),
        [(Category::ScreeningIncomplete, Severity::Medium)]
    );
    assert_eq!(
        about("Gwych iawn Ewan, da iawn ti", "Ewan"),
        [(Category::ScreeningIncomplete, Severity::Info)]
    );
}

#[test]
fn an_everyday_word_of_the_language_is_no_english_finding() {
    let text = "Le bus est en retard, merci de nous attendre";
    let surface = SurfaceText::new(Surface::Text, None, text);
    let hate = Finding::new(
        CheckName::Language,
        RuleId::fixed("hate-slur-disability"),
        Category::Hate,
        Severity::High,
        0.9,
        "A slur.",
    )
    .on(Surface::Text, None)
    .at(Span { start: 14, end: 20 }, "retard");
    let mut found = vec![hate];
    let meter = Budget::default().meter();
    scan(&surface, lexicon().tongues(), &[], &mut found, &meter).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].severity, Severity::Info);
}

#[test]
fn what_is_plainly_english_is_so_word_by_word_too() {
    let lexicon = lexicon();
    let tongues = lexicon.tongues();
    let mut plain = 0;
    for example in tongues.example_texts() {
        for text in [
            example.to_owned(),
            format!("Thank you so much {example}"),
            format!("{example} was what the children said at the fair on Saturday"),
            example.replace(' ', " the "),
        ] {
            if !tongues.is_plainly_english(&text) {
                continue;
            }
            plain += 1;
            let surface = SurfaceText::new(Surface::Text, None, &text);
            let reading = Reading::word_by_word(&surface, tongues);
            assert!(reading.guess.is_none(), "{text}");
            assert_eq!(reading.risks(&surface), Vec::new(), "{text}");
        }
    }
    assert!(plain > 100, "{plain}");
}

/// A pack of two languages with this risk of the first.
fn pack(risk: &str) -> Result<Tongues, Vec<String>> {
    let text = format!(
        r#"harmless = []
pack = {{ id = "t", title = "t", source = "t", date = "2026-11-23", locale = "en-GB" }}
english = {{ words = "the me mam" }}
[[tongue]]
code = "pl"
name = "Polish"
words = "bardzo dziekuje szkola"
[[tongue]]
code = "zh"
name = "Chinese"
script = "han"
[[risk]]
tongue = "pl"
category = "disclosure"
severity = "critical"
must_match = []
must_not_match = []
{risk}
"#
    );
    let source = Source {
        file: "t.toml",
        text: &text,
    };
    Tongues::of(source).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn told(tongues: &Tongues, text: &str) -> Vec<String> {
    let surface = SurfaceText::new(Surface::Text, None, text);
    let reading = Reading::of(&surface, tongues, &Budget::default().meter()).unwrap();
    let risks = reading.risks(&surface).into_iter();
    risks.filter_map(|finding| finding.text).collect()
}

const BEATEN: &str =
    r#"together = [["tata", "mama"], ["bije", "uderz*"], ["mnie", "mama", "nie wolno"]]"#;

#[test]
fn parts_are_told_in_any_order_close_together_in_one_sentence() {
    let tongues = pack(BEATEN).unwrap();
    let cases = [
        ("w domu tata pije i bije mnie", "tata pije i bije mnie"),
        ("Mnie tata uderzył.", "Mnie tata uderzył"),
        ("bije mnie... tata", "bije mnie... tata"),
        ("tata bije mama", "tata bije mama"),
        ("tata bije bo nie wolno", "tata bije bo nie wolno"),
        ("the Mr. tata bije mnie", "tata bije mnie"),
    ];
    for (text, expected) in cases {
        assert_eq!(told(&tongues, text), [expected], "{text}");
    }
    let apart = [
        "tata bije",
        "mama bije",
        "tata jest. bije mnie",
        "tata a b c d bije mnie",
        "tatami bije mnie",
    ];
    for text in apart {
        assert_eq!(told(&tongues, text), [""; 0], "{text}");
    }
}

#[test]
fn a_risk_says_itself_how_close_its_parts_must_be() {
    let tongues = pack(&format!("{BEATEN}\nwithin = 3")).unwrap();
    assert_eq!(told(&tongues, "tata bije mnie").len(), 1);
    assert_eq!(told(&tongues, "tata bije bo mnie").len(), 0);
}

#[test]
fn parts_that_english_has_too_need_another_language() {
    let tongues = pack(r#"together = [["the"], ["mam", "ma*"], ["me"]]"#).unwrap();
    assert_eq!(told(&tongues, "the mam me").len(), 0);
    let polish = "bardzo dziekuje szkola bardzo the mam me";
    assert_eq!(told(&tongues, polish).len(), 1);
}

#[test]
fn a_star_stands_for_up_to_two_words() {
    let tongues = pack(r#"always = ["nie chce * zyc*", "mam * sie * dosc"]"#).unwrap();
    let cases = [
        ("nie chce zyc", 1),
        ("nie chce juz zyc", 1),
        ("nie chce mi sie zyciowo", 1),
        ("nie chce mi sie juz zyc", 0),
        ("zyc nie chce", 0),
        ("nie chce. zyc", 0),
        ("mam juz sie bardzo dosc", 1),
        ("mam juz bardzo dosc", 0),
    ];
    for (text, expected) in cases {
        assert_eq!(told(&tongues, text).len(), expected, "{text}");
    }
}

#[test]
fn parts_stand_together_where_no_space_is_between_words() {
    let tongues = pack("together = [[\"爸爸\"], [\"打\"]]\nwithin = 1").unwrap();
    assert_eq!(told(&tongues, "爸爸喝酒打妈妈").len(), 1);
    assert_eq!(told(&tongues, "爸爸来了，打球").len(), 0);
}

#[test]
fn a_text_of_nothing_but_parts_is_read_to_its_end() {
    let tongues = pack(BEATEN).unwrap();
    let text = "tata bije tata bije nie ".repeat(5_000) + "mnie";
    let expected = "tata bije tata bije nie mnie";
    assert_eq!(told(&tongues, &text), [expected]);
}

#[test]
fn parts_that_can_never_be_told_are_faults_of_the_pack() {
    let cases = [
        (
            "together = [[\"tata\"]]",
            "t.toml:13:10: `together` needs two to eight lists, none of them empty",
        ),
        (
            "together = [[\"tata\"], []]",
            "t.toml:13:10: `together` needs two to eight lists, none of them empty",
        ),
        (
            "together = [[\"tata\"], [\"...\"]]",
            "t.toml:18:24: it has no letters",
        ),
        (
            "together = [[\"tata\"], [\"bije * mnie\"]]",
            "t.toml:18:24: a star for other words has no place in `together`",
        ),
        (
            "always = [\"nie chce *\"]",
            "t.toml:18:11: a star for other words needs words on both sides",
        ),
        (
            "always = [\"nie * * chce\"]",
            "t.toml:18:11: a star for other words needs words on both sides",
        ),
        (
            "within = 3",
            "t.toml:18:10: `within` is the number of words, up to 20, that `together` may take",
        ),
        (
            "together = [[\"tata\"], [\"bije\"]]\nwithin = 50",
            "t.toml:19:10: `within` is the number of words, up to 20, that `together` may take",
        ),
    ];
    for (risk, expected) in cases {
        let faults = pack(risk).err().unwrap();
        assert_eq!(faults, [expected], "{risk}");
    }
}
