//! The pages over real connections: signing in, who sees what, deciding, colliding, and looking after people.

use jiff::SignedDuration;
use schoolgate_model::{ItemKind, Role, SchoolId, Severity, Verdict, wire::parse_submission};
use schoolgate_policy::{effects, response_window};
use schoolgate_store::{EVERY_SCHOOL, NewUser, UserAdded, UserRole};
use serde_json::{Value, json};

use super::{Answer, Door, SCHOOL, door_at, plain_door};
use crate::{limits::Limits, password::hash_password};

pub(super) const PASSWORD: &str = "correct horse battery";
const OWN: &str = "Origin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";

/// Somebody who is signed in.
pub(super) struct Seat {
    pub(super) cookie: String,
    pub(super) form_token: String,
}

impl Seat {
    fn headers(&self) -> String {
        format!("Cookie: {}\r\n", self.cookie)
    }
}

/// What stands between two texts.
pub(super) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

impl Door {
    pub(super) async fn person(&self, id: &str, roles: &[Role]) {
        let user = NewUser {
            id: id.to_owned(),
            login: format!("{id}@st-hildas.example"),
            name: format!("Person {id}"),
            password_hash: hash_password(PASSWORD, &[7; 32]).unwrap(),
            roles: roles
                .iter()
                .map(|role| UserRole {
                    school: SCHOOL.to_owned(),
                    role: *role,
                })
                .collect(),
        };
        let now = schoolgate_model::Clock::now(&*self.clock);
        let added = self.store.user_add(&user, "cli", now).await.unwrap();
        assert_eq!(added, UserAdded::Added);
    }

    async fn try_sign_in(&self, id: &str, password: &str, next: &str) -> Answer {
        let password = password.replace(' ', "+");
        let body = format!("login={id}%40st-hildas.example&password={password}&next={next}");
        self.ask("POST", "/sign-in", OWN, &body).await
    }

    pub(super) async fn sign_in(&self, id: &str) -> Seat {
        let answer = self.try_sign_in(id, PASSWORD, "%2F").await;
        assert_eq!(answer.status, 303, "{answer:?}");
        let cookie = between(&answer.head, "set-cookie: ", ";")
            .unwrap()
            .to_owned();
        let page = self.get("/account", &format!("Cookie: {cookie}\r\n")).await;
        let form_token = between(&page.body, "name=\"form_token\" value=\"", "\"").unwrap();
        Seat {
            form_token: form_token.to_owned(),
            cookie,
        }
    }

    pub(super) async fn see(&self, seat: &Seat, path: &str) -> Answer {
        self.get(path, &seat.headers()).await
    }

    pub(super) async fn send_form(&self, seat: &Seat, path: &str, fields: &str) -> Answer {
        let body = format!("form_token={}&{fields}", seat.form_token);
        let headers = format!("{OWN}{}", seat.headers());
        self.ask("POST", path, &headers, &body).await
    }

    /// Takes an item and records a verdict on it; gives the row's key.
    pub(super) async fn screened(&self, kind: ItemKind, item: Value, verdict: Value) -> String {
        self.screened_by("", kind, item, verdict).await
    }

    /// The same where a token sends it.
    pub(super) async fn screened_by(
        &self,
        headers: &str,
        kind: ItemKind,
        item: Value,
        verdict: Value,
    ) -> String {
        let mut item = item;
        item["kind"] = kind.code().into();
        item["school"] = SCHOOL.into();
        let path = format!("/api/v1/{}s", kind.code());
        let headers = format!("Content-Type: application/json\r\n{headers}");
        let taken = self.ask("POST", &path, &headers, &item.to_string()).await;
        assert_eq!(taken.status, 202, "{taken:?}");
        let (now, id) = (
            schoolgate_model::Clock::now(&*self.clock),
            item["id"].as_str().unwrap(),
        );
        let state = self
            .store
            .item_state(SCHOOL, kind, id)
            .await
            .unwrap()
            .unwrap();
        let mut whole = json!({
            "id": id, "kind": kind.code(), "revision": state.revision, "school": SCHOOL, "reasons": [], "findings": [],
            "alert": [], "received_at": now, "checks": [],
            "versions": {"schoolgate": "1", "policy": "1", "wordlists": "1", "register": "1", "calendar": "1"},
        });
        for (name, value) in verdict.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let verdict: Verdict = serde_json::from_value(whole).unwrap();
        let item = parse_submission(item.to_string().as_bytes())
            .unwrap()
            .into_item(SchoolId::from(SCHOOL), state.revision, now);
        let schools = super::schools(&[SCHOOL]);
        let snapshot = schools.get(&SchoolId::from(SCHOOL)).unwrap();
        let waits = verdict.needs_response == Some(true);
        let window = response_window(now, waits, &snapshot.window, &snapshot.calendar);
        let window = (kind == ItemKind::Comment).then_some(window);
        let change = effects(
            &item.envelope,
            &verdict,
            Severity::Medium,
            window,
            false,
            now,
        );
        self.store.record(&state.key, &change, now).await.unwrap();
        state.key
    }

    pub(super) async fn held_comment(&self, id: &str, text: &str) -> String {
        let verdict = json!({"outcome": "hold", "classes": ["complaint"], "alert": ["moderator"], "needs_response": true,
            "reasons": [{"rule": "bad-language", "text": "This comment contains bad language.", "findings": [0]}],
            "findings": [{"detector": "language", "rule": "bad-language", "category": "profanity", "severity": "medium",
                "confidence": 0.9, "surface": "text", "start": 0, "end": 4, "text": "word", "message": "A bad word."}]});
        self.screened(ItemKind::Comment, json!({"id": id, "text": text}), verdict)
            .await
    }

    pub(super) async fn disclosure(&self, id: &str) -> String {
        let verdict = json!({"outcome": "escalate", "classes": ["safeguarding"], "alert": ["dsl"], "needs_response": true,
            "reasons": [{"rule": "disclosure", "text": "Somebody tells of harm.", "findings": []}]});
        let item = json!({"id": id, "text": "Zqxwv is not safe at home"});
        self.screened(ItemKind::Comment, item, verdict).await
    }
}

#[tokio::test]
async fn signing_in_sets_a_cookie_that_scripts_and_other_sites_never_get() {
    let door = plain_door().await;
    door.person("mod", &[Role::Moderator]).await;
    let wrong = door.try_sign_in("mod", "not the password", "%2F").await;
    let nobody = door.try_sign_in("nobody", "not the password", "%2F").await;
    assert_eq!((wrong.status, nobody.status), (422, 422));
    assert_eq!(
        wrong.body.replace("mod@", "X@"),
        nobody.body.replace("nobody@", "X@"),
        "nobody learns who exists"
    );
    let right = door
        .try_sign_in("mod", PASSWORD, "%2Fdrafts%3Fshow%3Down")
        .await;
    assert_eq!(right.status, 303);
    assert!(
        right.head.contains("location: /drafts?show=own"),
        "{right:?}"
    );
    assert!(
        right.head.contains("; path=/; httponly; samesite=lax"),
        "{right:?}"
    );
    let elsewhere = door
        .try_sign_in("mod", PASSWORD, "%2F%2Fevil.example")
        .await;
    assert!(elsewhere.head.contains("location: /\r"), "{elsewhere:?}");
    let foreign = door
        .ask(
            "POST",
            "/sign-in",
            "Origin: https://evil.example\r\nContent-Type: application/x-www-form-urlencoded\r\n",
            "login=x&password=y",
        )
        .await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn ten_wrong_passwords_close_the_login_for_a_while_known_or_not() {
    let door = plain_door().await;
    door.person("mod", &[Role::Moderator]).await;
    for login in ["mod", "nobody"] {
        for _ in 0..10 {
            assert_eq!(door.try_sign_in(login, "wrong", "%2F").await.status, 422);
        }
        assert_eq!(door.try_sign_in(login, PASSWORD, "%2F").await.status, 429);
    }
    door.clock.advance(SignedDuration::from_mins(16));
    assert_eq!(door.try_sign_in("mod", PASSWORD, "%2F").await.status, 303);
}

#[tokio::test]
async fn a_stranger_elsewhere_does_not_lock_somebody_out() {
    let url = "https://desk.school.example";
    let door = door_at(Some(url), Limits::default(), &[SCHOOL], Vec::new()).await;
    door.person("mod", &[Role::Moderator]).await;
    let from = async |address: &str, password: &str| {
        let headers = format!(
            "Host: desk.school.example\r\nOrigin: {url}\r\nX-Forwarded-For: 127.0.0.1, {address}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n"
        );
        let body = format!(
            "login=mod%40st-hildas.example&password={}",
            password.replace(' ', "+")
        );
        door.ask("POST", "/sign-in", &headers, &body).await.status
    };
    for _ in 0..10 {
        assert_eq!(from("203.0.113.9", "wrong").await, 422);
    }
    assert_eq!(from("203.0.113.9", PASSWORD).await, 429);
    assert_eq!(from("192.0.2.1", PASSWORD).await, 303);
    let now = schoolgate_model::Clock::now(&*door.clock);
    let login = "mod@st-hildas.example";
    for number in 0..100 {
        let address = format!("address-{number}");
        door.store
            .sign_in_failed(login, &address, now)
            .await
            .unwrap();
    }
    assert_eq!(from("192.0.2.1", PASSWORD).await, 429, "from anywhere");
    door.store
        .user_set_password(
            "mod",
            &hash_password(PASSWORD, &[8; 32]).unwrap(),
            "cli",
            now,
        )
        .await
        .unwrap();
    assert_eq!(from("203.0.113.9", PASSWORD).await, 303);
}

#[tokio::test]
async fn a_session_ends_by_signing_out_by_idleness_and_with_the_account() {
    let door = plain_door().await;
    door.person("mod", &[Role::Moderator]).await;
    let seat = door.sign_in("mod").await;
    let out = door.send_form(&seat, "/sign-out", "").await;
    assert_eq!(out.status, 303);
    assert!(
        out.head.contains("max-age=0") && out.head.contains("clear-site-data"),
        "{out:?}"
    );
    assert_eq!(door.see(&seat, "/comments").await.status, 303);
    let seat = door.sign_in("mod").await;
    door.clock.advance(SignedDuration::from_mins(31));
    assert_eq!(door.see(&seat, "/comments").await.status, 303, "idle");
    let seat = door.sign_in("mod").await;
    assert_eq!(door.see(&seat, "/comments").await.status, 200);
    let now = schoolgate_model::Clock::now(&*door.clock);
    door.store.user_disable("mod", "cli", now).await.unwrap();
    assert_eq!(door.see(&seat, "/comments").await.status, 303, "disabled");
    assert_eq!(door.try_sign_in("mod", PASSWORD, "%2F").await.status, 422);
}

#[tokio::test]
async fn each_role_sees_its_own_part_and_no_more() {
    let door = plain_door().await;
    let roles = [
        ("author", Role::Author, [403, 200, 403, 403, 403]),
        ("moderator", Role::Moderator, [200, 200, 403, 403, 200]),
        ("slt", Role::Slt, [200, 200, 200, 403, 200]),
        ("dsl", Role::Dsl, [200, 200, 200, 403, 200]),
        ("head", Role::Head, [200, 200, 200, 403, 200]),
        ("admin", Role::Administrator, [403, 403, 403, 200, 403]),
    ];
    for (id, role, expected) in roles {
        door.person(id, &[role]).await;
        let seat = door.sign_in(id).await;
        for (path, status) in ["/comments", "/drafts", "/for-you", "/people", "/day"]
            .into_iter()
            .zip(expected)
        {
            assert_eq!(door.see(&seat, path).await.status, status, "{id} {path}");
        }
    }
}

#[tokio::test]
async fn a_disclosure_is_nowhere_for_those_it_is_not_for() {
    let door = plain_door().await;
    let key = door.disclosure("c-dsl").await;
    door.held_comment("c-open", "what the heck").await;
    for (id, role) in [
        ("mod", Role::Moderator),
        ("slt", Role::Slt),
        ("head", Role::Head),
        ("admin", Role::Administrator),
        ("author", Role::Author),
    ] {
        door.person(id, &[role]).await;
        let seat = door.sign_in(id).await;
        for path in [
            "/comments",
            "/comments?show=done",
            "/for-you",
            "/drafts",
            "/day",
        ] {
            let page = door.see(&seat, path).await;
            for hidden in ["c-dsl", &key, "Zqxwv", "Somebody tells of harm"] {
                assert!(!page.body.contains(hidden), "{id} {path} {hidden}");
            }
        }
        for path in [format!("/items/{key}"), format!("/items/{key}/pictures/1")] {
            assert_eq!(door.see(&seat, &path).await.status, 404, "{id} {path}");
        }
        let decided = door
            .send_form(
                &seat,
                &format!("/items/{key}/decision"),
                "decision=approve&version=1&list=comments-decide",
            )
            .await;
        assert_eq!(decided.status, 404, "{id}");
        let seen = door
            .send_form(&seat, &format!("/items/{key}/seen"), "")
            .await;
        assert_eq!(seen.status, 404, "{id}");
    }
    let moderator = door.sign_in("mod").await;
    let list = door.see(&moderator, "/comments").await;
    assert!(
        list.body
            .contains("Needs a decision <span class=\"tally\">1<"),
        "{list:?}"
    );
    door.person("dsl", &[Role::Dsl]).await;
    let dsl = door.sign_in("dsl").await;
    let list = door.see(&dsl, "/for-you").await;
    assert!(
        list.body.contains(&key) && !list.body.contains("Zqxwv"),
        "{list:?}"
    );
    let page = door.see(&dsl, &format!("/items/{key}?list=for-you")).await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("Zqxwv") && page.body.contains("Show the words"),
        "{page:?}"
    );
    let trail = door.store.audit_lines(SCHOOL, 0, 100).await.unwrap();
    assert!(
        trail
            .iter()
            .any(|line| line.entry.action == "viewed" && line.entry.actor == "dsl"),
        "a look at it is in the trail"
    );
}

#[tokio::test]
async fn a_decision_goes_on_to_the_next_and_a_second_one_collides_with_its_note_kept() {
    let door = plain_door().await;
    let first = door.held_comment("c-1", "what the heck").await;
    door.clock.advance(SignedDuration::from_mins(1));
    let second = door.held_comment("c-2", "what the hell").await;
    for id in ["one", "two"] {
        door.person(id, &[Role::Moderator]).await;
    }
    let (one, two) = (door.sign_in("one").await, door.sign_in("two").await);
    let page = door.see(&one, &format!("/items/{first}")).await;
    assert!(
        page.body.contains("name=\"version\" value=\"1\""),
        "{page:?}"
    );
    let page = door.see(&two, &format!("/items/{first}")).await;
    assert!(page.body.contains("Opened by Person one"), "{page:?}");
    let path = format!("/items/{first}/decision");
    let fields = "decision=reject&version=1&list=comments-decide&note=rude+%3Cb%3E";
    let decided = door.send_form(&one, &path, fields).await;
    assert_eq!(decided.status, 303, "{decided:?}");
    assert!(
        decided.head.contains(&format!(
            "location: /items/{second}?list=comments-decide&done=hide"
        )),
        "{decided:?}"
    );
    let late = door
        .send_form(
            &two,
            &path,
            "decision=approve&version=1&list=comments-decide&note=fine+by+me",
        )
        .await;
    assert_eq!(late.status, 409, "{late:?}");
    for kept in [
        "Person one rejected it just now",
        "fine by me</textarea>",
        "rude &#60;b&#62;",
    ] {
        assert!(late.body.contains(kept), "{kept}: {late:?}");
    }
}

#[tokio::test]
async fn a_form_without_this_session_s_token_changes_nothing() {
    let door = plain_door().await;
    let key = door.held_comment("c-1", "what the heck").await;
    for id in ["one", "two"] {
        door.person(id, &[Role::Moderator]).await;
    }
    let (one, two) = (door.sign_in("one").await, door.sign_in("two").await);
    let path = format!("/items/{key}/decision");
    let mixed = Seat {
        cookie: one.cookie.clone(),
        form_token: two.form_token,
    };
    let fields = "decision=reject&version=1&list=comments-decide";
    assert_eq!(door.send_form(&mixed, &path, fields).await.status, 403);
    let foreign = format!(
        "Origin: https://evil.example\r\nContent-Type: application/x-www-form-urlencoded\r\nCookie: {}\r\n",
        one.cookie
    );
    let body = format!("form_token={}&{fields}", one.form_token);
    assert_eq!(door.ask("POST", &path, &foreign, &body).await.status, 403);
    let review = door.store.review(&key).await.unwrap().unwrap();
    assert!(review.decisions.is_empty());
}

#[tokio::test]
async fn markup_and_unseen_characters_of_an_item_stay_text() {
    let door = plain_door().await;
    let key = door
        .held_comment(
            "c-1",
            "heck <script>alert(1)</script> \u{202e}evil\" onload=x",
        )
        .await;
    door.person("mod", &[Role::Moderator]).await;
    let seat = door.sign_in("mod").await;
    for path in ["/comments".to_owned(), format!("/items/{key}")] {
        let page = door.see(&seat, &path).await;
        assert!(!page.body.contains("<script>alert"), "{page:?}");
        assert!(!page.body.contains('\u{202e}'), "{page:?}");
        assert!(page.body.contains("&#60;script&#62;"), "{page:?}");
    }
    let page = door.see(&seat, &format!("/items/{key}")).await;
    assert!(page.body.contains("<mark>heck</mark><sup>"), "{page:?}");
    assert!(
        page.body
            .contains("<span class=\"ghost\">right-to-left override</span>")
    );
}

#[tokio::test]
async fn the_harmless_rest_is_acknowledged_together_and_what_changed_is_left() {
    let door = plain_door().await;
    let clear = json!({"outcome": "approve", "classes": ["praise"], "needs_response": false});
    let mut keys = Vec::new();
    for id in ["c-1", "c-2"] {
        let item = json!({"id": id, "text": "Lovely!"});
        keys.push(door.screened(ItemKind::Comment, item, clear.clone()).await);
    }
    let held = door.held_comment("c-3", "what the heck").await;
    let asks = json!({"outcome": "approve", "classes": ["query"], "needs_response": true});
    let item = json!({"id": "c-4", "text": "When does the fair begin?"});
    let waits = door.screened(ItemKind::Comment, item, asks).await;
    door.person("mod", &[Role::Moderator]).await;
    let seat = door.sign_in("mod").await;
    let page = door.see(&seat, "/comments/acknowledge").await;
    assert!(page.body.contains("Acknowledge 2 comments?"), "{page:?}");
    let fields = format!(
        "item={}%401&item={}%409&item={held}%401&item={waits}%401",
        keys[0], keys[1]
    );
    let done = door
        .send_form(&seat, "/comments/acknowledge", &fields)
        .await;
    assert!(done.head.contains("count=1&left=3"), "{done:?}");
    let list = door
        .see(
            &seat,
            "/comments?show=rest&done=all-acknowledged&count=1&left=2",
        )
        .await;
    assert!(
        list.body.contains("1 comment acknowledged. 2 had changed"),
        "{list:?}"
    );
    assert!(
        !list.body.contains(&keys[0]) && list.body.contains(&keys[1]),
        "{list:?}"
    );
}

#[tokio::test]
async fn nobody_decides_about_their_own_draft_and_sees_what_to_change() {
    let door = plain_door().await;
    let item = json!({"id": "d-1", "text": "Ring Jo", "author": {"id": "both", "name": "B"}});
    let verdict = json!({"outcome": "hold", "reasons": [{"rule": "phone", "text": "A telephone number.",
        "fix": "Take it out.", "findings": []}]});
    let key = door.screened(ItemKind::Draft, item, verdict).await;
    door.person("both", &[Role::Author, Role::Slt]).await;
    let seat = door.sign_in("both").await;
    let list = door.see(&seat, "/drafts?show=own").await;
    assert!(list.body.contains(&key), "{list:?}");
    let page = door.see(&seat, &format!("/items/{key}")).await;
    assert!(
        page.body.contains("Take it out.") && page.body.contains("own draft"),
        "{page:?}"
    );
    assert!(!page.body.contains("name=\"decision\""), "{page:?}");
    let path = format!("/items/{key}/decision");
    let tried = door
        .send_form(&seat, &path, "decision=approve&version=1&list=drafts-own")
        .await;
    assert_eq!(tried.status, 409, "{tried:?}");
}

#[tokio::test]
async fn an_administrator_adds_somebody_with_a_password_that_works() {
    let door = plain_door().await;
    door.person("admin", &[Role::Administrator]).await;
    let seat = door.sign_in("admin").await;
    let fields = format!("name=New+Person&login=new%40st-hildas.example&role=moderator%3A{SCHOOL}");
    let page = door.send_form(&seat, "/people", &fields).await;
    assert_eq!(page.status, 200, "{page:?}");
    let password = between(&page.body, "<code>", "</code>").unwrap();
    let signed = door.try_sign_in("new", password, "%2F").await;
    assert_eq!(signed.status, 303, "{signed:?}");
    let again = door.send_form(&seat, "/people", &fields).await;
    assert_eq!(again.status, 422, "{again:?}");
    let everywhere = fields
        .replace(SCHOOL, EVERY_SCHOOL)
        .replace("new%40", "other%40");
    assert_eq!(
        door.send_form(&seat, "/people", &everywhere).await.status,
        403,
        "one school's administrator gives nobody a part everywhere"
    );
    let user = door
        .store
        .user_by_login("new@st-hildas.example")
        .await
        .unwrap()
        .unwrap();
    let path = format!("/people/{}/disable", user.id);
    assert_eq!(door.send_form(&seat, &path, "").await.status, 303);
    assert_eq!(door.try_sign_in("new", password, "%2F").await.status, 422);
}

#[tokio::test]
async fn an_author_named_by_the_staff_list_is_the_account_with_that_address() {
    let door = plain_door().await;
    let login = "d.albright@st-hildas.example";
    let schools = super::schools(&[SCHOOL]);
    assert_eq!(schools.staff_ids(&SchoolId::from(SCHOOL), login), ["S07"]);
    let item = json!({"id": "d-1", "text": "Ring Jo", "author": {"id": "s07", "name": "B"}});
    let key = door
        .screened(ItemKind::Draft, item, json!({"outcome": "hold"}))
        .await;
    door.person("d.albright", &[Role::Slt]).await;
    let seat = door.sign_in("d.albright").await;
    let page = door.see(&seat, &format!("/items/{key}")).await;
    assert!(page.body.contains("own draft"), "{page:?}");
    let tried = door
        .send_form(
            &seat,
            &format!("/items/{key}/decision"),
            "decision=approve&version=1&list=drafts-decide",
        )
        .await;
    assert_eq!(tried.status, 409, "{tried:?}");
}

#[tokio::test]
async fn the_author_of_a_draft_does_not_learn_who_alone_looks_at_it() {
    let door = plain_door().await;
    let item = json!({"id": "d-1", "text": "Ring Jo", "author": {"id": "author"}});
    let held = json!({"outcome": "hold", "alert": ["moderator"]});
    let key = door.screened(ItemKind::Draft, item, held).await;
    for (id, role) in [
        ("author", Role::Author),
        ("slt", Role::Slt),
        ("dsl", Role::Dsl),
    ] {
        door.person(id, &[role]).await;
    }
    let [author, slt, dsl] = [
        door.sign_in("author").await,
        door.sign_in("slt").await,
        door.sign_in("dsl").await,
    ];
    let path = format!("/items/{key}/decision");
    let fields = "decision=escalate&to=dsl&version=1&list=drafts-decide&note=Zqxwv";
    assert_eq!(door.send_form(&slt, &path, fields).await.status, 303);
    for page in [format!("/items/{key}"), "/drafts?show=own".to_owned()] {
        let page = door.see(&author, &page).await;
        assert_eq!(page.status, 200);
        for hidden in ["Zqxwv", "afeguarding", "Restricted", "escalated it"] {
            assert!(!page.body.contains(hidden), "{hidden}: {page:?}");
        }
    }
    let late = door
        .send_form(&author, &path, &fields.replace("Zqxwv", "x"))
        .await;
    assert!(!late.body.contains("escalated it"), "{late:?}");
    let fields = "decision=reject&version=2&list=drafts-decide&note=Ask+first";
    assert_eq!(door.send_form(&dsl, &path, fields).await.status, 303);
    let page = door.see(&author, &format!("/items/{key}")).await;
    assert!(page.body.contains("Person dsl rejected it"), "{page:?}");
    assert!(page.body.contains("Ask first") && !page.body.contains("Zqxwv"));
}

#[tokio::test]
async fn a_wrong_old_password_counts_and_a_new_one_is_not_the_own_name() {
    let door = plain_door().await;
    door.person("mod", &[Role::Moderator]).await;
    let seat = door.sign_in("mod").await;
    let change = async |old: &str, new: &str| {
        let fields = format!(
            "old={}&new={}",
            old.replace(' ', "+"),
            new.replace(' ', "+")
        );
        door.send_form(&seat, "/account/password", &fields).await
    };
    let own = change(PASSWORD, "Person mod 2026").await;
    assert_eq!(own.status, 422);
    assert!(own.body.contains("neither your name"), "{own:?}");
    for _ in 0..10 {
        let wrong = change("wrong", "another good one").await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.body.contains("is another one"), "{wrong:?}");
    }
    let closed = change(PASSWORD, "another good one").await;
    assert!(closed.body.contains("too many tries"), "{closed:?}");
    assert_eq!(door.try_sign_in("mod", PASSWORD, "%2F").await.status, 429);
}

#[tokio::test]
async fn who_signed_in_and_who_looked_is_in_the_trail() {
    let door = plain_door().await;
    door.disclosure("c-1").await;
    door.person("dsl", &[Role::Dsl]).await;
    let seat = door.sign_in("dsl").await;
    assert_eq!(door.get("/api/v1/items/c-1", "").await.status, 200);
    door.send_form(&seat, "/sign-out", "").await;
    for login in ["nobody", "dsl"] {
        for _ in 0..10 {
            door.try_sign_in(login, "wrong", "%2F").await;
        }
    }
    let lines = door.store.audit_lines(EVERY_SCHOOL, 0, 100).await.unwrap();
    let count = |actor: &str, action: &str| {
        let is =
            |entry: &schoolgate_policy::AuditEntry| entry.actor == actor && entry.action == action;
        lines.iter().filter(|line| is(&line.entry)).count()
    };
    assert_eq!(
        (count("dsl", "signed_in"), count("dsl", "signed_out")),
        (1, 1)
    );
    for actor in ["-", "dsl"] {
        assert_eq!(count(actor, "sign_in_failed"), 10);
        assert_eq!(count(actor, "sign_in_locked"), 1);
    }
    let trail = door.store.audit_lines(SCHOOL, 0, 100).await.unwrap();
    let looked = trail
        .iter()
        .any(|line| line.entry.actor == "local" && line.entry.action == "viewed");
    assert!(looked, "{trail:?}");
}
