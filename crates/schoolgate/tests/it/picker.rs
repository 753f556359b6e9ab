//! “Who is in this picture?” in a real browser: answered by keyboard alone, on a desk and on a phone, without script,
//! and the draft is screened again with the answer. Every page of it keeps the accessibility rules.

use std::{fs, path::PathBuf};

use base64::Engine as _;
use serde_json::{Value, json};

use crate::browser::{Browser, DESK, PHONE, World, hold_this_page, hold_to_the_rules, tool, world};

fn draft(world: &World, id: &str, media: Value) {
    let more = json!({"author": {"id": "author", "name": "Ms H Lyle"}, "media": media});
    world.send(
        "draft",
        id,
        "Muddy knees all round in the garden today",
        more,
    );
}

fn picture(path: &str) -> Value {
    json!({"path": format!("photos/{path}"), "alt": "Children in wellies by a raised bed"})
}

/// Opens the question of the draft that asks it first.
async fn asked(browser: &Browser, draft: &str) {
    browser.go("/drafts?show=own").await;
    let script = format!(
        "[...document.querySelectorAll('.row')].find((row) => row.textContent.includes('{draft}')).querySelector('a.open').click()"
    );
    browser.js(&script).await;
    browser.wait_for("Somebody who knows the pupils").await;
    browser.click(".ask a").await;
    browser.wait_for("Find by name").await;
}

/// Types into whatever has the focus.
async fn write(browser: &Browser, text: &str) {
    for letter in text.chars() {
        browser.press(&letter.to_string()).await;
    }
}

async fn key(browser: &Browser, key: &str, code: u32, text: &str) {
    for kind in ["keyDown", "keyUp"] {
        let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
        let sent = browser
            .driver
            .cdp()
            .send_raw("Input.dispatchKeyEvent", event)
            .await;
        assert!(sent.is_ok() || kind == "keyUp", "{sent:?}");
    }
}

async fn focused(browser: &Browser) -> String {
    let script = "const at = document.activeElement; return at.id || at.value || at.textContent";
    browser
        .js(script)
        .await
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Presses Tab until this has the focus.
async fn tab_to(browser: &Browser, css: &str) {
    for _ in 0..60 {
        let script = format!("return document.activeElement.matches('{css}')");
        if browser.js(&script).await == true {
            return;
        }
        key(browser, "Tab", 9, "").await;
    }
    panic!("{css} is not reached by Tab");
}

fn shots(world: &World) -> PathBuf {
    std::env::var_os("SCHOOLGATE_PICKER_SHOTS")
        .map_or_else(|| world.folder().to_path_buf(), PathBuf::from)
}

#[tokio::test]
async fn the_author_says_by_keyboard_who_is_in_it_and_sees_the_new_verdict() {
    let world = world();
    draft(&world, "knees", json!([picture("garden-club.jpg")]));
    let folder = shots(&world);
    let browser = world.seat("author").await;
    asked(&browser, "Muddy").await;
    browser.shot(&folder, "picker.png").await;
    tab_to(&browser, "#find").await;
    write(&browser, "zoe mar").await;
    browser.wait_for("1 pupil found.").await;
    browser.shot(&folder, "picker-found.png").await;
    key(&browser, "Enter", 13, "\r").await;
    browser.wait_for("Zoë Marchetti, R Acorn: ticked.").await;
    write(&browser, "wis").await;
    key(&browser, "ArrowDown", 40, "").await;
    assert_eq!(focused(&browser).await, "P0004");
    key(&browser, " ", 32, " ").await;
    key(&browser, "ArrowUp", 38, "").await;
    assert_eq!(focused(&browser).await, "find");
    key(&browser, "Escape", 27, "").await;
    browser.wait_for("2 pupils ticked").await;
    browser.shot(&folder, "picker-ticked.png").await;
    tab_to(&browser, "button[value=next]").await;
    key(&browser, "Enter", 13, "\r").await;
    browser.wait_for("Check your answer").await;
    browser.wait_for("all 2 families have agreed.").await;
    browser.shot(&folder, "check.png").await;
    tab_to(&browser, "button[value=send]").await;
    key(&browser, "Enter", 13, "\r").await;
    browser
        .wait_for("Your answer is recorded, and the draft was screened again with it.")
        .await;
    let said = browser.text().await;
    assert!(
        said.contains("declared: 2 pupils") && said.contains("revision 2"),
        "{said}"
    );
    assert!(
        said.contains("Hannah Lyle said who is in the pictures"),
        "{said}"
    );
    let answer = crate::world::http(
        &world.address,
        "GET",
        "/api/v1/items/knees?kind=draft",
        &[],
        b"",
    )
    .unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(
        (&answer["revision"], &answer["verdict"]["outcome"]),
        (&json!(2), &json!("approve")),
        "{answer}"
    );
    browser.shot(&folder, "picker-after.png").await;
    browser.driver.quit().await.unwrap();
}

#[tokio::test]
async fn a_whole_class_is_ticked_and_one_taken_out_and_a_listed_child_holds_without_a_word_why() {
    let world = world();
    draft(
        &world,
        "two",
        json!([picture("garden-club.jpg"), picture("sports-day-relay.jpg")]),
    );
    let browser = world.seat("moderator").await;
    browser.go("/drafts").await;
    browser.click("a.open").await;
    browser.wait_for("Who is in these pictures?").await;
    browser.click(".ask a").await;
    browser.wait_for("Who is in picture 1 of 2?").await;
    let heron = "[...document.querySelectorAll('details.class')].find((it) => it.dataset.class === '4 Heron')";
    browser
        .js(&format!(
            "{heron}.open = true; {heron}.querySelector('.everyone input').click()"
        ))
        .await;
    browser.wait_for("21 pupils ticked").await;
    browser
        .js("document.querySelector('#chosen button').click()")
        .await;
    browser.wait_for("20 pupils ticked").await;
    let half = browser
        .js(&format!(
            "return {heron}.querySelector('.everyone input').indeterminate"
        ))
        .await;
    assert_eq!(half, true);
    browser.click("button[value=next]").await;
    browser.wait_for("Who is in picture 2 of 2?").await;
    browser.click("button[value=same]").await;
    browser.wait_for("Picture 2: 20 pupils").await;
    browser.click("button[value=send]").await;
    // who is on the list is for the safeguarding lead, so the moderator hears no more of it
    browser.wait_for("answer is recorded").await;
    let said = browser.text().await;
    assert!(!said.contains("Teddy"), "{said}");
    browser.driver.quit().await.unwrap();
}

#[tokio::test]
async fn every_page_of_the_question_keeps_the_rules_and_works_without_script() {
    let world = world();
    draft(
        &world,
        "knees",
        json!([picture("garden-club.jpg"), picture("sports-day-relay.jpg")]),
    );
    let axe = fs::read_to_string(tool("SCHOOLGATE_TEST_AXE")).unwrap();
    let folder = shots(&world);
    let browser = world.seat("author").await;
    asked(&browser, "Muddy").await;
    let path = browser.path().await;
    hold_to_the_rules(&browser, &path, &axe).await;
    hold_to_the_rules(&browser, "/permissions?class=4+Heron", &axe).await;
    browser.size(PHONE).await;
    browser.go("/permissions?class=4+Heron").await;
    browser.shot(&folder, "permissions-phone.png").await;
    browser.go(&path).await;
    browser.shot(&folder, "picker-phone.png").await;

    // without script
    let off = json!({"value": true});
    browser
        .driver
        .cdp()
        .send_raw("Emulation.setScriptExecutionDisabled", off)
        .await
        .unwrap();
    browser.size(DESK).await;
    browser.go(&path).await;
    let find = browser.find("#find").await;
    find.send_keys("bella").await.unwrap();
    find.send_keys("\u{e007}").await.unwrap();
    browser.wait_for("found for “bella”").await;
    browser.click("input[value=P0031]").await;
    browser.click("button[value=next]").await;
    browser.wait_for("Who is in picture 2 of 2?").await;
    browser.click("input[name=nobody]").await;
    browser.click("button[value=next]").await;
    browser.wait_for("will be held").await;
    browser.shot(&folder, "check-held.png").await;
    browser.driver.quit().await.unwrap();
}

#[tokio::test]
async fn a_leader_removes_a_picture_in_two_steps_and_its_pages_keep_the_rules() {
    let world = world();
    draft(&world, "knees", json!([picture("IMG_20261118_101502.jpg")]));
    let axe = fs::read_to_string(tool("SCHOOLGATE_TEST_AXE")).unwrap();
    let folder = shots(&world);
    let browser = world.seat("slt").await;
    browser.go("/drafts").await;
    browser.click("a.open").await;
    browser.wait_for("What the file said").await;
    let item = browser.path().await;
    hold_to_the_rules(&browser, &item, &axe).await;
    browser.size((1280, 1900)).await;
    browser.go(&item).await;
    browser.shot(&folder, "report.png").await;
    browser.size(DESK).await;
    let keep_back = browser.find(".shot a[href$=keep-back]").await;
    let path = keep_back.attr("href").await.unwrap().unwrap();
    hold_to_the_rules(&browser, &path, &axe).await;
    browser.size(DESK).await;
    browser.go(&path).await;
    browser.shot(&folder, "keep-back.png").await;
    browser.click("input[value=remove]").await;
    browser.click("main button.main").await;
    browser.wait_for("It cannot be undone.").await;
    hold_this_page(&browser, "removing a picture", &axe).await;
    browser.shot(&folder, "remove.png").await;
    browser.click("button[value=do]").await;
    browser
        .wait_for("The picture is removed everywhere here.")
        .await;
    let said = browser.text().await;
    assert!(
        said.contains("This picture was removed by Mark Ellison"),
        "{said}"
    );
    let left = browser
        .js("return document.querySelectorAll('.shot img').length")
        .await;
    assert_eq!(left, 0);
    browser.shot(&folder, "removed.png").await;
    browser.driver.quit().await.unwrap();
}

/// A picture of the sample school without its margins.
fn cropped(name: &str) -> String {
    let photo = image::open(crate::world::fixture("demo/photos").join(name)).unwrap();
    let (width, height) = (photo.width(), photo.height());
    let part = photo.crop_imm(width / 20, height / 20, width * 9 / 10, height * 9 / 10);
    let mut bytes = std::io::Cursor::new(Vec::new());
    part.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    base64::engine::general_purpose::STANDARD.encode(bytes.into_inner())
}

#[tokio::test]
async fn a_listed_picture_comes_back_cropped_and_the_lead_compares_the_two() {
    let world = world();
    draft(&world, "knees", json!([picture("garden-club.jpg")]));
    let axe = fs::read_to_string(tool("SCHOOLGATE_TEST_AXE")).unwrap();
    let folder = shots(&world);
    let browser = world.seat("slt").await;
    browser.go("/drafts").await;
    browser.click("a.open").await;
    browser.click(".shot a[href$=keep-back]").await;
    browser.click("input[value=list]").await;
    browser.click("main button.main").await;
    browser.wait_for("What happens").await;
    hold_this_page(&browser, "listing a picture", &axe).await;
    browser.click("button[value=do]").await;
    browser.wait_for("on the do-not-publish list.").await;
    let again =
        json!([{"data": cropped("garden-club.jpg"), "alt": "Children in wellies", "pupils": []}]);
    let more = json!({"author": {"id": "author", "name": "Ms H Lyle"}, "media": again});
    world.send("draft", "cropped", "Planting beans this week", more);
    browser.driver.quit().await.unwrap();
    let browser = world.seat("dsl").await;
    browser.go("/for-you").await;
    browser.shot(&folder, "for-you.png").await;
    browser.click("a.open").await;
    browser.wait_for("May never be published").await;
    let item = browser.path().await;
    hold_to_the_rules(&browser, &item, &axe).await;
    browser.click("details.masked:has(.side) summary").await;
    browser.size((1280, 1700)).await;
    browser.go(&item).await;
    browser.click("details.masked:has(.side) summary").await;
    let shown = "return [...document.querySelectorAll('.side img')].filter((it) => it.complete && it.naturalWidth > 0).length";
    browser.until(shown, 2).await;
    browser.shot(&folder, "side-by-side.png").await;
    browser.driver.quit().await.unwrap();
}

#[tokio::test]
async fn the_answer_is_checked_on_a_page_that_keeps_the_rules() {
    let world = world();
    draft(&world, "knees", json!([picture("garden-club.jpg")]));
    let axe = fs::read_to_string(tool("SCHOOLGATE_TEST_AXE")).unwrap();
    let browser = world.seat("author").await;
    asked(&browser, "Muddy").await;
    browser
        .js("document.querySelector('input[value=P0004]').click()")
        .await;
    browser.click("button[value=next]").await;
    browser.wait_for("Check your answer").await;
    hold_this_page(&browser, "the check", &axe).await;
    browser.driver.quit().await.unwrap();
}
