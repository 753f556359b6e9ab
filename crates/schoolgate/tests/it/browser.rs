//! The console in a real browser: signing in, triage by keyboard, a collision, a senior approval, who sees a
//! disclosure, signing out. Every page is held against the accessibility rules at two sizes, and none scrolls sideways
//! on a narrow phone.

use std::{fs, path::Path, process::Command, time::Duration};

use schoolgate_testkit::Running;
use serde_json::{Value, json};
use thirtyfour::{ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver, prelude::*};

use crate::world::{address_in, copy_folder, demo_config, fixture, post, run, schoolgate};

const PASSWORD: &str = "correct horse battery";
const WRONG: &str = "not the password";
const LONG: Duration = Duration::from_secs(60);
pub const DESK: (u32, u32) = (1280, 900);
pub const PHONE: (u32, u32) = (390, 844);

/// A program that the tests drive. Its absence is a failed test.
pub fn tool(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `cargo xtask test`"))
}

/// A service with one person for each role, and a browser driver.
pub struct World {
    pub address: String,
    driver: String,
    _service: Running,
    _chromedriver: Running,
    folder: tempfile::TempDir,
}

pub fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let (config, data) = (folder.path().join("config"), folder.path().join("data"));
    copy_folder(&demo_config(), &config);
    for (role, name) in [
        ("moderator", "Daisy Albright"),
        ("slt", "Mark Ellison"),
        ("dsl", "Anita Patel"),
        ("author", "Hannah Lyle"),
        ("administrator", "Lynne Tattersall"),
    ] {
        add_user(&config, &data, role, role, name);
    }
    add_user(&config, &data, "second", "moderator", "Robyn Castle");
    let mut command = schoolgate();
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--config"])
        .arg(&config)
        .arg("--data")
        .arg(&data)
        .arg("--media-root")
        .arg(fixture("demo"));
    let mut service = Running::start(&mut command).unwrap();
    let line = service.wait_for("listening on", 3 * LONG).unwrap();
    World::around(folder, service, &line)
}

fn add_user(config: &Path, data: &Path, login: &str, role: &str, name: &str) {
    let mut command = schoolgate();
    command.args(["user", "add", "--role", role, "--name", name, "--email"]);
    command.arg(format!("{login}@st-hildas.example"));
    command.args(["--author-id", login, "--config"]).arg(config);
    command.arg("--data").arg(data);
    let output = run(&mut command, PASSWORD.as_bytes());
    assert!(output.status.success(), "{output:?}");
}

impl World {
    /// A running service, named by the line that it printed, and a driver beside it.
    fn around(folder: tempfile::TempDir, service: Running, line: &str) -> Self {
        // the driver's client asks for a provider when it is built, although it only ever speaks plain HTTP to this machine
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut command = Command::new(tool("SCHOOLGATE_TEST_CHROMEDRIVER"));
        command.arg("--port=0");
        let mut chromedriver = Running::start(&mut command).unwrap();
        let said = chromedriver.wait_for("successfully on port", LONG).unwrap();
        let port = said.trim_end_matches('.').rsplit(' ').next().unwrap();
        Self {
            address: address_in(line),
            driver: format!("http://127.0.0.1:{port}"),
            _service: service,
            _chromedriver: chromedriver,
            folder,
        }
    }

    pub fn send(&self, kind: &str, id: &str, text: &str, more: Value) {
        let mut item = json!({"id": id, "kind": kind, "text": text, "platform": "facebook", "school": "st-hildas",
            "author": {"id": "9001", "name": "A Parent"}});
        for (name, value) in more.as_object().unwrap() {
            item[name] = value.clone();
        }
        let taken = post(&self.address, &item.to_string(), kind, "?wait=30s").unwrap();
        assert_eq!(
            taken.status,
            200,
            "{}",
            String::from_utf8_lossy(&taken.body)
        );
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The items that the stories are about.
    fn send_all(&self) {
        for number in 1..=10 {
            let text = format!("Absolute bollocks as usual, for the {number}. time this week");
            self.send("comment", &format!("rude-{number:02}"), &text, json!({}));
        }
        let question = "When does the coach get back on Friday please?";
        self.send("comment", "question", question, json!({}));
        self.send(
            "comment",
            "thanks",
            "Thank you all, what a lovely assembly",
            json!({}),
        );
        let author = json!({"author": {"id": "author", "name": "Ms H Lyle"}});
        let senior = "Ring Jo on 07700 900123 to book a place";
        self.send("draft", "senior-draft", senior, author.clone());
        let plain = "Well done Jessica Rowe of 4 Heron";
        self.send("draft", "plain-draft", plain, author);
        let photo = json!({"author": {"id": "author", "name": "Ms H Lyle"},
            "media": [{"id": "m1", "path": "photos/harvest-table.jpg", "alt": "A table of vegetables"}]});
        self.send("draft", "photo-draft", "Our harvest table", photo);
        let disclosure = "my stepdad hit me again last nite n mum said dont tell school";
        self.send("comment", "disclosure", disclosure, json!({}));
    }

    async fn browser(&self) -> Browser {
        let mut wanted = DesiredCapabilities::chrome();
        wanted
            .set_binary(&tool("SCHOOLGATE_TEST_CHROMIUM"))
            .unwrap();
        let profile = tempfile::tempdir_in(self.folder.path()).unwrap().keep();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &format!("--user-data-dir={}", profile.display()),
        ] {
            wanted.add_arg(argument).unwrap();
        }
        let driver = WebDriver::new(&self.driver, wanted).await.unwrap();
        driver.set_script_timeout(LONG).await.unwrap();
        let browser = Browser {
            driver,
            home: format!("http://{}", self.address),
        };
        browser.size(DESK).await;
        browser
    }

    /// A browser in which somebody is signed in.
    pub async fn seat(&self, login: &str) -> Browser {
        let browser = self.browser().await;
        browser.sign_in(login, PASSWORD).await;
        browser
    }
}

pub struct Browser {
    pub driver: WebDriver,
    home: String,
}

impl Browser {
    pub async fn go(&self, path: &str) {
        self.driver
            .goto(format!("{}{path}", self.home))
            .await
            .unwrap();
    }

    pub async fn size(&self, (width, height): (u32, u32)) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        let method = "Emulation.setDeviceMetricsOverride";
        self.driver.cdp().send_raw(method, metrics).await.unwrap();
    }

    pub async fn js(&self, script: &str) -> Value {
        self.driver
            .execute(script, Vec::new())
            .await
            .unwrap()
            .json()
            .clone()
    }

    pub async fn path(&self) -> String {
        self.js("return location.pathname + location.search")
            .await
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn text(&self) -> String {
        let text = self.js("return document.body.innerText").await;
        let words: Vec<_> = text.as_str().unwrap().split_whitespace().collect();
        words.join(" ")
    }

    pub async fn find(&self, css: &str) -> WebElement {
        self.driver
            .find(By::Css(css))
            .await
            .unwrap_or_else(|_| panic!("no {css}"))
    }

    /// Clicks on what is on the page that is there or on the next one. A page that is just being replaced is asked again.
    pub async fn click(&self, css: &str) {
        let begun = std::time::Instant::now();
        loop {
            let Err(why) = self.try_click(css).await else {
                return;
            };
            assert!(begun.elapsed() < LONG, "{css} cannot be clicked: {why}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    async fn try_click(&self, css: &str) -> WebDriverResult<()> {
        self.driver.find(By::Css(css)).await?.click().await
    }

    /// Presses a key as a person does, wherever the focus is. Not by the driver's own actions: those wait for a page
    /// that the key itself may have sent away.
    pub async fn press(&self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "text": key});
            let sent = self
                .driver
                .cdp()
                .send_raw("Input.dispatchKeyEvent", event)
                .await;
            // the page may be gone before the key is up
            assert!(sent.is_ok() || kind == "keyUp", "{sent:?}");
        }
    }

    /// Waits until the page says something.
    pub async fn wait_for(&self, words: &str) {
        let begun = std::time::Instant::now();
        loop {
            // between two pages there may be none to ask
            let said = self
                .driver
                .execute("return document.body.innerText", Vec::new())
                .await;
            let said = said
                .ok()
                .and_then(|said| said.json().as_str().map(str::to_owned));
            if said.as_ref().is_some_and(|said| said.contains(words)) {
                return;
            }
            assert!(begun.elapsed() < LONG, "{words:?} never came: {said:?}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Waits until a script answers this.
    pub async fn until(&self, script: &str, answer: impl Into<Value>) {
        let (answer, begun) = (answer.into(), std::time::Instant::now());
        while self.js(script).await != answer {
            assert!(begun.elapsed() < LONG, "{script} never answered {answer}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Waits until another page is there.
    async fn wait_until_elsewhere(&self, before: &str) {
        let begun = std::time::Instant::now();
        let script = "return document.readyState === 'complete' ? location.pathname + location.search : null";
        loop {
            let at = self.driver.execute(script, Vec::new()).await;
            let at = at.ok().and_then(|at| at.json().as_str().map(str::to_owned));
            if at.is_some_and(|at| at != before) {
                return;
            }
            assert!(begun.elapsed() < LONG, "still at {before}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    async fn sign_in(&self, login: &str, password: &str) {
        self.go("/sign-in").await;
        let field = self.find("#login").await;
        field.clear().await.unwrap();
        field
            .send_keys(format!("{login}@st-hildas.example"))
            .await
            .unwrap();
        self.find("#password")
            .await
            .send_keys(password)
            .await
            .unwrap();
        self.click("button.main").await;
        let answer = if password == WRONG {
            "You are not signed in"
        } else {
            "Sign out"
        };
        self.wait_for(answer).await;
    }

    /// Opens the first item of the list whose heading says this.
    async fn open(&self, words: &str) {
        let script = format!(
            "[...document.querySelectorAll('a.open')].find((link) => link.textContent.includes('{words}')).click()"
        );
        self.js(&script).await;
        self.wait_for("Your decision").await;
    }

    pub async fn shot(&self, folder: &Path, name: &str) {
        self.driver.screenshot(&folder.join(name)).await.unwrap();
    }
}

#[tokio::test]
async fn ten_comments_are_triaged_by_keyboard_and_signing_out_leaves_nothing() {
    let world = world();
    world.send_all();
    let browser = world.browser().await;
    browser.sign_in("moderator", WRONG).await;
    browser.sign_in("moderator", PASSWORD).await;
    assert_eq!(browser.path().await, "/comments");
    assert!(browser.text().await.contains("Needs a decision 10"));
    browser.press("j").await;
    browser.press("j").await;
    browser.press("k").await;
    let focused = browser.js("return document.activeElement.className").await;
    assert_eq!(focused, "open", "j and k move between the rows");
    browser.press("o").await;
    browser.wait_for("Your decision").await;
    for number in 1..=10 {
        let key = if number % 2 == 0 { "r" } else { "a" };
        let before = browser.path().await;
        browser.press(key).await;
        browser.wait_until_elsewhere(&before).await;
        let said = if key == "r" { "Rejected." } else { "Approved." };
        browser.wait_for(said).await;
    }
    assert!(
        browser
            .text()
            .await
            .contains("Nothing waits for a decision")
    );
    browser.go("/comments?show=done").await;
    let rows = browser
        .js("return document.querySelectorAll('.row').length")
        .await;
    assert!(rows.as_u64() >= Some(5), "{rows}");
    // a letter typed into the note is a letter
    browser.go("/comments?show=reply").await;
    browser.press("j").await;
    browser.press("o").await;
    browser.wait_for("Your decision").await;
    let page = browser.path().await;
    browser
        .find("#note")
        .await
        .send_keys("carry on")
        .await
        .unwrap();
    assert_eq!(browser.path().await, page);
    browser.click(".who button").await;
    browser.wait_for("E-mail address").await;
    browser.driver.back().await.unwrap();
    browser.wait_for("E-mail address").await;
    assert!(!browser.text().await.contains("bollocks"));
    browser.driver.quit().await.unwrap();
}

#[tokio::test]
async fn two_people_collide_on_a_version_and_the_second_loses_nothing() {
    let world = world();
    world.send_all();
    let (one, two) = (world.seat("moderator").await, world.seat("second").await);
    one.go("/comments").await;
    one.click("a.open").await;
    one.wait_for("Your decision").await;
    let page = one.path().await;
    two.go(&page).await;
    two.wait_for("Opened by Daisy Albright").await;
    two.find("#note")
        .await
        .send_keys("I would leave it")
        .await
        .unwrap();
    one.press("r").await;
    one.wait_for("Rejected.").await;
    two.click("button[value=approve]").await;
    two.wait_for("Your decision was not recorded").await;
    let said = two.text().await;
    assert!(said.contains("Daisy Albright rejected it"), "{said}");
    let kept = two.js("return document.getElementById('note').value").await;
    assert_eq!(kept, "I would leave it");
    for browser in [one, two] {
        browser.driver.quit().await.unwrap();
    }
}

#[tokio::test]
async fn a_senior_leader_approves_a_draft_and_a_disclosure_is_for_the_safeguarding_lead_alone() {
    let world = world();
    world.send_all();
    let dsl = world.seat("dsl").await;
    dsl.go("/for-you").await;
    assert!(dsl.text().await.contains("Words hidden until you open it."));
    dsl.click("a.open").await;
    dsl.wait_for("Restricted: only the safeguarding lead").await;
    let page = dsl.path().await;
    assert!(
        !dsl.text().await.contains("stepdad"),
        "behind a deliberate step"
    );
    dsl.click("details.masked summary").await;
    dsl.wait_for("stepdad").await;

    let moderator = world.seat("moderator").await;
    moderator.go("/comments").await;
    assert!(
        moderator.text().await.contains("Needs a decision 10"),
        "not counted"
    );
    moderator.go("/drafts").await;
    let drafts = moderator.text().await;
    assert!(
        drafts.contains("Jessica") && !drafts.contains("07700"),
        "{drafts}"
    );
    moderator.go(&page).await;
    moderator.wait_for("There is nothing here").await;

    let senior = world.seat("slt").await;
    senior.go("/for-you").await;
    senior.click("a.open").await;
    senior.wait_for("07700").await;
    senior.press("a").await;
    senior.wait_for("Approved.").await;
    let asked = r#"{"revision":1,"hashes":[]}"#;
    let headers = [("Content-Type", "application/json")];
    let path = "/api/v1/items/senior-draft/release";
    let answer =
        crate::world::http(&world.address, "POST", path, &headers, asked.as_bytes()).unwrap();
    assert_eq!(answer.status, 200, "the scheduler may publish it now");

    let author = world.seat("author").await;
    author.go("/drafts").await;
    let own = author.text().await;
    assert!(own.contains("Jessica") && own.contains("07700"), "{own}");
    for browser in [dsl, moderator, senior, author] {
        browser.driver.quit().await.unwrap();
    }
}

/// The rules of WCAG 2.2 at levels A and AA, on the page as it stands.
const AXE: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
       .then((found) => done((found.passes.length > 9 ? [] : ['hardly a rule applied']).concat(found.violations.map((rule) => rule.id + ': ' + rule.nodes.map((node) => node.target + ' ' + node.failureSummary).join('; ')))));";

pub async fn hold_to_the_rules(browser: &Browser, path: &str, axe: &str) {
    browser.go(path).await;
    hold_this_page(browser, path, axe).await;
}

/// The same for the page that stands there, which may be the answer to a form.
pub async fn hold_this_page(browser: &Browser, name: &str, axe: &str) {
    browser
        .js("document.querySelectorAll('details').forEach((it) => { it.open = true })")
        .await;
    browser.driver.execute(axe, Vec::new()).await.unwrap();
    for size in [DESK, PHONE] {
        browser.size(size).await;
        let found = browser.driver.execute_async(AXE, Vec::new()).await.unwrap();
        assert_eq!(found.json(), &json!([]), "{name} at {size:?}");
    }
    browser.size((320, 800)).await;
    let wide = browser
        .js("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        .await;
    assert_eq!(wide, 0, "{name} scrolls sideways at 320 px");
    browser.size(DESK).await;
}

#[tokio::test]
async fn every_page_keeps_the_accessibility_rules_and_fits_a_narrow_phone() {
    let world = world();
    world.send_all();
    let axe = fs::read_to_string(tool("SCHOOLGATE_TEST_AXE")).unwrap();
    let nobody = world.browser().await;
    for path in ["/sign-in", "/sign-in?next=%2Fcomments"] {
        hold_to_the_rules(&nobody, path, &axe).await;
    }
    nobody.driver.quit().await.unwrap();
    let visits: [(&str, &[&str]); 5] = [
        (
            "moderator",
            &[
                "/comments",
                "/comments?show=reply",
                "/comments?show=rest",
                "/comments?show=done",
                "/comments/acknowledge",
                "/drafts",
                "/day",
                "/permissions",
                "/permissions?channel=website&class=4+Heron",
                "/account",
                "/items/none",
            ],
        ),
        ("slt", &["/for-you", "/drafts"]),
        ("dsl", &["/for-you"]),
        ("author", &["/drafts?show=own"]),
        ("administrator", &["/people"]),
    ];
    for (login, paths) in visits {
        let browser = world.seat(login).await;
        for path in paths {
            hold_to_the_rules(&browser, path, &axe).await;
            let open = browser
                .js("const link = document.querySelector('a.open'); return link && link.getAttribute('href')")
                .await;
            if let Some(item) = open.as_str() {
                hold_to_the_rules(&browser, item, &axe).await;
            }
        }
        browser.driver.quit().await.unwrap();
    }
}

#[tokio::test]
async fn the_console_looks_like_its_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = schoolgate();
    command
        .args(["demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path());
    let mut service = Running::start(&mut command).unwrap();
    let line = service
        .wait_for("Schoolgate is listening", 6 * LONG)
        .unwrap();
    let world = World::around(folder, service, &line);
    let shots = match std::env::var_os("SCHOOLGATE_SHOTS") {
        Some(shots) => shots.into(),
        None => world.folder.path().to_path_buf(),
    };
    let moderator = world.browser().await;
    moderator.sign_in("d.albright", "demo-moderator").await;
    moderator.go("/comments").await;
    moderator.shot(&shots, "queue.png").await;
    moderator.open("recognised by name").await;
    moderator.shot(&shots, "item.png").await;
    moderator.size(PHONE).await;
    moderator.go("/comments?show=reply").await;
    moderator.shot(&shots, "phone.png").await;
    moderator.driver.quit().await.unwrap();
    let senior = world.browser().await;
    senior.sign_in("m.ellison", "demo-senior-leader").await;
    senior.go("/drafts").await;
    senior.open("phone number").await;
    senior.shot(&shots, "draft.png").await;
    senior.driver.quit().await.unwrap();
    for name in ["queue.png", "item.png", "phone.png", "draft.png"] {
        let size = fs::metadata(shots.join(name)).unwrap().len();
        assert!((10_000..300_000).contains(&size), "{name}: {size} bytes");
    }
}
