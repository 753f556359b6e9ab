//! What counts as a link, what is wrong with one, and that no text makes the search slow.

use std::time::Instant;

use proptest::prelude::*;
use schoolgate_model::{Budget, LinkHop, Redacted};

use super::*;

fn settings(follow: bool) -> LinkSettings {
    let list = |domains: &[&str]| domains.iter().map(|d| (*d).to_owned()).collect::<Vec<_>>();
    LinkSettings::new(
        &list(&["www.st-hildas.example"]),
        &list(&["wexbournefc.example", "school-files.example"]),
        &list(&["ads.example", "youtube.com"]),
        follow,
    )
}

fn scanned(surface: Surface, text: &str, facts: &LinkFacts, follow: bool) -> LinkScan {
    let text = SurfaceText::new(surface, None, text);
    let meter = Budget::default().meter();
    scan_links(&[text], facts, &settings(follow), follow, &meter).unwrap()
}

/// Kind and words of every finding.
fn found(text: &str) -> Vec<(String, String)> {
    let scan = scanned(Surface::Text, text, &LinkFacts::default(), false);
    let findings = scan.findings.into_iter();
    findings
        .map(|f| (f.kind.unwrap(), f.text.unwrap()))
        .collect()
}

/// The hosts of all links in a text, tricks or not.
fn hosts(text: &str) -> Vec<String> {
    let found = links(&View::of(text)).into_iter();
    found
        .filter_map(|link| Some(link.host?.as_str().to_owned()))
        .collect()
}

#[test]
fn links_are_found_however_they_are_written() {
    for (text, wanted) in [
        (
            "See https://www.example.com/a_(b).",
            &["www.example.com"][..],
        ),
        ("(https://a.example/x)", &["a.example"]),
        ("seehttps://a.example now", &["a.example"]),
        ("HTTP://A.EXAMPLE", &["a.example"]),
        (
            "https:/a.example https:\\\\b.example",
            &["a.example", "b.example"],
        ),
        (
            "www.a-b.nowhere, www.c.uk!",
            &["www.a-b.nowhere", "www.c.uk"],
        ),
        ("at st-hildas.example/menu, thanks", &["st-hildas.example"]),
        ("sale:bit.ly/3abc", &["bit.ly"]),
        ("wait...bit.ly/3abc", &["bit.ly"]),
        ("hxxps://a.example", &["a.example"]),
        (
            "a[.]example and b (dot) co (dot) uk and c dot com",
            &["a.example", "b.co.uk", "c.com"],
        ),
        (
            "ａ．ｅｘａｍｐｌｅ bit\u{200b}.ly/x",
            &["a.example", "bit.ly"],
        ),
        ("[menu](https://a.example/menu)", &["a.example"]),
        ("<a href=\"https://a.example/\">here</a>", &["a.example"]),
        ("https://a.example/http://b.example", &["a.example"]),
        (
            "https://a.example/xhttps://b.example/y",
            &["a.example", "b.example"],
        ),
        ("https://a.example:8443/x", &["a.example"]),
        ("https://bit.ly./x", &["bit.ly"]),
        ("http://[2001:db8::1]/x", &["[2001:db8::1]"]),
        ("https://правительство.рф/", &["правительство.рф"]),
    ] {
        assert_eq!(hosts(text), wanted, "{text}");
    }
}

#[test]
fn prose_with_dots_holds_no_link() {
    for text in [
        "office@st-hildas.example and jo.bloggs@mail.co.uk",
        "jo.bloggs+school@mail.example",
        "see report.pdf, Year4.Trip, main.rs, setup.py, notes.md and photo.mov",
        "e.g. this, i.e. that, a.m. and p.m., U.K. and U.S.A.",
        "at 3.30pm.Please bring a coat",
        "done.It was great.So proud.My son loved it.is it on",
        "well.done everyone... version 1.2.3.4, 10.5.2026, £3.50/4.50, 7.30-9.00",
        "Great day.Come again. The end.Uk schools next",
        "dot to dot, connect the dot please, polka dot is fun",
        "Mr.Smith and St.Hilda's, Ph.D., No.10",
        "The data: 5 of 7. javascript: a course",
        "///filled.count.soap",
        "@st.hildas on Instagram and #year.four",
        "Score: 2.1 to 3.2/4",
    ] {
        assert_eq!(hosts(text), [""; 0], "{text}");
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn every_trick_is_told_with_its_exact_words() {
    for (text, kind, words) in [
        ("Photos: t.co/Xy7Qp0aZ!", "shortener", "t.co/Xy7Qp0aZ"),
        (
            "https://tinyurl.com/y7",
            "shortener",
            "https://tinyurl.com/y7",
        ),
        ("see bit [dot] ly/abc", "shortener", "bit [dot] ly/abc"),
        (
            "https://bbc.co.uk.evil.example/x.",
            "look_alike",
            "https://bbc.co.uk.evil.example/x",
        ),
        ("st-hi1das.example", "look_alike", "st-hi1das.example"),
        (
            "https://gov-uk.example",
            "look_alike",
            "https://gov-uk.example",
        ),
        ("paypa1.com", "look_alike", "paypa1.com"),
        (
            "https://fаcebook.com/x",
            "look_alike",
            "https://fаcebook.com/x",
        ),
        (
            "https://exаmple-shop.com",
            "homograph",
            "https://exаmple-shop.com",
        ),
        (
            "http://192.0.2.44/login",
            "ip_literal",
            "http://192.0.2.44/login",
        ),
        ("http://3221225985/", "ip_literal", "http://3221225985/"),
        ("https://0x7f.1/", "ip_literal", "https://0x7f.1/"),
        ("https://[::1]:8080/a", "ip_literal", "https://[::1]:8080/a"),
        ("192.0.2.44/login", "ip_literal", "192.0.2.44/login"),
        (
            "https://bbc.co.uk@evil.example/",
            "user_info",
            "https://bbc.co.uk@evil.example/",
        ),
        (
            "https://a:b@st-hildas.example",
            "user_info",
            "https://a:b@st-hildas.example",
        ),
        (
            "https://bbc.co.uk\\@evil.example",
            "user_info",
            "https://bbc.co.uk\\@evil.example",
        ),
        (
            "Pack: https://f.example/y4.exe",
            "download",
            "https://f.example/y4.exe",
        ),
        (
            "https://f.example/get?f=a.zip",
            "download",
            "https://f.example/get?f=a.zip",
        ),
        (
            "go to [bbc.co.uk](https://evil.example/a) now",
            "mismatch",
            "[bbc.co.uk](https://evil.example/a)",
        ),
        (
            "<a href='https://evil.example'>www.bbc.co.uk</a>",
            "mismatch",
            "https://evil.example'>www.bbc.co.uk",
        ),
        (
            "https://www.ads.example/x",
            "denied",
            "https://www.ads.example/x",
        ),
        ("https://youtube.com/x", "denied", "https://youtube.com/x"),
        ("javascript:alert(1)", "script", "javascript:alert(1)"),
        (
            "data:text/html;base64,PHNjcmlwdD4=",
            "script",
            "data:text/html;base64,PHNjcmlwdD4=",
        ),
        ("evil[.]example", "disguised", "evil[.]example"),
        ("hxxp://evil.example", "disguised", "hxxp://evil.example"),
        (
            "https://e%76il.example",
            "disguised",
            "https://e%76il.example",
        ),
        (
            "http://plain.example/a",
            "not_https",
            "http://plain.example/a",
        ),
        (
            "https://plain.example:8443",
            "odd_port",
            "https://plain.example:8443",
        ),
    ] {
        let wanted = (kind.to_owned(), words.to_owned());
        assert!(found(text).contains(&wanted), "{text}: {:?}", found(text));
    }
}

#[test]
fn ordinary_own_and_trusted_links_are_no_finding() {
    for text in [
        "https://www.st-hildas.example/term-dates st-hildas.example/pack.zip http://st-hildas.example:81/",
        "https://www.gov.uk/x and https://www.nhs.uk/conditions/ and bbc.co.uk/newsround",
        "https://youtu.be/abc https://forms.gle/abc https://goo.gl/maps/abc http://wexbournefc.example/",
        "https://ordinary.example/menu.pdf and https://shop.example.org/?q=uniform&size=8",
        "https://www.tiktok.com/@school and https://medium.example/@somebody/post",
        "[our page](https://ordinary.example/a) and [ordinary.example](https://www.ordinary.example/)",
        "[bbc.co.uk](https://www.bbc.co.uk/news)",
        "[![menus.example](https://pictures.example/a.png)](https://menus.example/) ![a.example](https://b.example/c.png)",
        "office [at] school [dot] sch [dot] uk",
        "https://school-files.example/pack.zip",
        "https://st-hilda.example and https://st-johns.lancs.sch.uk/",
        "https://www.oakmeadpark.example.org/letters/Year%204%20trip.docx",
        "bit.ly is a shortener and so is tinyurl.com",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn only_what_people_read_is_scanned() {
    let facts = LinkFacts::default();
    let text = "https://bit.ly/x";
    for (surface, count) in [
        (Surface::Text, 1),
        (Surface::Alt, 1),
        (Surface::Caption, 1),
        (Surface::Link, 1),
        (Surface::Author, 0),
        (Surface::Filename, 0),
        (Surface::Metadata, 0),
    ] {
        assert_eq!(
            scanned(surface, text, &facts, false).findings.len(),
            count,
            "{surface:?}"
        );
    }
}

fn hop(host: &str, path: &str) -> LinkHop {
    LinkHop {
        scheme: "https".to_owned(),
        host: Redacted::new(host.to_owned()),
        path: Redacted::new(path.to_owned()),
        status: 301,
    }
}

fn fact(address: &str, hops: Vec<LinkHop>, fault: Option<LinkFault>) -> LinkFacts {
    let address = Redacted::new(address.to_owned());
    LinkFacts {
        links: vec![LinkFact {
            address,
            hops,
            fault,
        }],
    }
}

fn kinds(scan: &LinkScan) -> Vec<&str> {
    let rules = scan.findings.iter().map(|f| f.rule.as_str());
    rules.collect()
}

#[test]
fn a_followed_link_is_judged_by_its_whole_way() {
    let text = "see https://bit.ly/x";
    let ends = |hops| {
        let facts = fact("https://bit.ly/x", hops, None);
        scanned(Surface::Text, text, &facts, true)
    };
    let start = || hop("bit.ly", "/x");
    let own = ends(vec![start(), hop("www.st-hildas.example", "/a")]);
    assert_eq!(kinds(&own), ["link-shortener-followed"]);
    let other = ends(vec![start(), hop("ordinary.example", "/a")]);
    assert_eq!(kinds(&other), ["link-shortener"]);
    let worse = ends(vec![
        start(),
        hop("faceb00k.example", "/"),
        hop("bbc.co.uk", "/"),
    ]);
    assert_eq!(kinds(&worse), ["link-shortener", "link-look-alike"]);
    let program = ends(vec![start(), hop("files.example", "/a.exe")]);
    assert_eq!(kinds(&program), ["link-shortener", "link-download"]);
    for scan in [own, other, worse, program] {
        assert_eq!(scan.not_followed, None);
    }
}

#[test]
fn a_link_that_could_not_be_followed_is_told_unless_it_is_held_anyway() {
    let none = LinkFacts::default();
    let plain = "see https://ordinary.example/x";
    assert_eq!(
        scanned(Surface::Text, plain, &none, false).not_followed,
        None
    );
    let scan = scanned(Surface::Text, plain, &none, true);
    assert_eq!(scan.not_followed, Some(LinkFault::NotFollowed));
    let refused = fact(
        "https://ordinary.example/x",
        Vec::new(),
        Some(LinkFault::Refused),
    );
    let scan = scanned(Surface::Text, plain, &refused, true);
    assert_eq!(scan.not_followed, Some(LinkFault::Refused));
    let short = scanned(Surface::Text, "https://bit.ly/x", &none, true);
    assert_eq!(
        (kinds(&short), short.not_followed),
        (vec!["link-shortener"], None)
    );
    let own = scanned(
        Surface::Text,
        "https://st-hildas.example/x https://bbc.co.uk",
        &none,
        true,
    );
    assert_eq!(own, LinkScan::default());
}

#[test]
fn what_has_to_be_followed_is_listed_once_and_bounded() {
    let list = |text: &str| {
        let text = SurfaceText::new(Surface::Text, None, text);
        links_to_follow(&[text], &settings(true), &Budget::default().meter()).unwrap()
    };
    assert_eq!(
        list(
            "bit.ly/x https://a.example https://a.example/ https://bbc.co.uk http://1.2.3.4/ https://u@b.example"
        ),
        ["http://bit.ly/x", "https://a.example/"]
    );
    let many: String = (0..50).map(|n| format!("https://a{n}.example ")).collect();
    assert_eq!(list(&many).len(), MAX_FOLLOWED);
}

#[test]
fn hostile_texts_cost_time_in_proportion_to_their_length() {
    for pattern in [
        "a.a.a.a.",
        "http://http://",
        "www.www.",
        "http://!",
        "http:/a.com:",
        "a.com:",
        "[](a.com",
        "](http://a.com/(",
        "<a href=http://a.com>",
        "http://a.com/[](",
        "a@a@",
        "https:",
        "xn--a.",
        "a dot ",
        "[.]",
        "http://a%40",
        "..",
        "-.-",
        "a.com@",
        "http://@",
        "javascript:",
        "аррӏе.com ",
        "bit.ly/a ",
        "https://a.b/ahttps://",
        "http://\\",
        "data:text/,",
    ] {
        let cost = |length: usize| {
            let text =
                SurfaceText::new(Surface::Text, None, &pattern.repeat(length / pattern.len()));
            let meter = Budget {
                steps_per_check: u64::MAX,
            }
            .meter();
            let began = Instant::now();
            scan_links(
                &[text],
                &LinkFacts::default(),
                &settings(true),
                true,
                &meter,
            )
            .unwrap();
            began.elapsed().as_secs_f64()
        };
        let (short, long) = (cost(10_000), cost(80_000));
        assert!(long < 24.0 * short + 0.5, "{pattern}: {short} s, {long} s");
    }
}

#[test]
fn too_little_budget_is_over_budget() {
    let text = [SurfaceText::new(Surface::Text, None, "https://bit.ly/x")];
    let meter = Budget { steps_per_check: 9 }.meter();
    let scan = scan_links(
        &text,
        &LinkFacts::default(),
        &settings(false),
        false,
        &meter,
    );
    assert_eq!(scan, Err(CheckFailure::OverBudget));
}

proptest! {
    #[test]
    fn spans_lie_inside_the_text_and_are_its_words(
        text in "\\PC{0,60}|(https?://|www\\.|bit\\.ly/|[a-zа-я0-9.@:/\\\\()\\[\\]%é。 -]|dot| dot |\\(dot\\)|xn--|hxxp|\\.com|\u{200b}){0,24}"
    ) {
        let surface = SurfaceText::new(Surface::Text, None, &text);
        let count = surface.char_count() as u32;
        let meter = Budget::default().meter();
        let scan = scan_links(std::slice::from_ref(&surface), &LinkFacts::default(), &settings(true), true, &meter).unwrap();
        for finding in scan.findings {
            let span = finding.span().unwrap();
            prop_assert!(span.start < span.end && span.end <= count);
            prop_assert_eq!(finding.text.as_deref(), Some(surface.slice(span)));
        }
    }
}
