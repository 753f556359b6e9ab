//! Which language a text is recognised as, and what is said of it.

use schoolgate_model::{Budget, Category, CheckName, RuleId, Severity};

use super::*;
use crate::lexicon::Lexicon;

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
