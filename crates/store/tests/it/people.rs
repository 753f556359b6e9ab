//! Accounts, roles, sessions, sign-ins that did not work.

use schoolgate_model::{Redacted, Role};
use schoolgate_store::{
    EVERY_SCHOOL, NewSession, NewUser, SESSION_IDLE_MS, SESSION_MAX_MS, SignInFailures, Store,
    UserAdded, UserRole,
};

use crate::world::{SCHOOL, World, at};

const LOGIN: &str = "Amelia.Head@St-Judes.example";

fn role(school: &str, role: Role) -> UserRole {
    UserRole {
        school: school.to_owned(),
        role,
    }
}

fn user(id: &str, login: &str) -> NewUser {
    NewUser {
        id: id.to_owned(),
        login: login.to_owned(),
        name: "Amelia Head".to_owned(),
        password_hash: "$argon2id$one".to_owned(),
        roles: vec![role(SCHOOL, Role::Slt), role(EVERY_SCHOOL, Role::Moderator)],
    }
}

fn session(token: &str) -> NewSession {
    NewSession {
        token_hash: token.to_owned(),
        user_id: "u1".to_owned(),
        form_token: "form".to_owned(),
    }
}

async fn added(store: &Store) {
    let answer = store.user_add(&user("u1", LOGIN), "cli", at(0)).await;
    assert_eq!(answer, Ok(UserAdded::Added));
}

pub async fn an_account_is_found_by_its_login_however_it_is_written(world: World) {
    assert_eq!(world.store.has_users().await, Ok(false));
    added(&world.store).await;
    assert_eq!(world.store.has_users().await, Ok(true));
    for login in [
        "amelia.head@st-judes.example",
        LOGIN,
        " AMELIA.HEAD@st-judes.example ",
    ] {
        let found = world.store.user_by_login(login).await.unwrap().unwrap();
        assert_eq!(found.id, "u1");
        assert_eq!(found.login, Redacted::new(LOGIN.to_lowercase()));
        assert_eq!(found.password_hash.expose(), "$argon2id$one");
    }
    for login in ["", "nobody", "a\0b"] {
        assert_eq!(world.store.user_by_login(login).await, Ok(None));
    }
    let again = user("u2", &LOGIN.to_uppercase());
    let taken = world.store.user_add(&again, "cli", at(1)).await;
    assert_eq!(taken, Ok(UserAdded::LoginTaken));
    assert_eq!(world.store.users().await.unwrap().len(), 1);
}

pub async fn roles_count_at_their_school_and_can_be_replaced(world: World) {
    added(&world.store).await;
    let found = world.store.user_by_id("u1").await.unwrap().unwrap();
    assert_eq!(found.roles_at(SCHOOL), [Role::Moderator, Role::Slt]);
    assert_eq!(found.roles_at("elsewhere"), [Role::Moderator]);
    let roles = [role("elsewhere", Role::Dsl), role("elsewhere", Role::Dsl)];
    assert_eq!(
        world.store.user_set_roles("u1", &roles, "u0", at(1)).await,
        Ok(true)
    );
    let found = world.store.user_by_id("u1").await.unwrap().unwrap();
    assert_eq!(found.roles_at(SCHOOL), []);
    assert_eq!(found.roles_at("elsewhere"), [Role::Dsl]);
    let unknown = world.store.user_set_roles("u9", &roles, "u0", at(1)).await;
    assert_eq!(unknown, Ok(false));
}

pub async fn a_session_ends_by_idleness_and_by_age(world: World) {
    added(&world.store).await;
    let store = &world.store;
    assert_eq!(store.session_start(&session("t1"), at(0)).await, Ok(true));
    let found = store.session("t1", at(1)).await.unwrap().unwrap();
    assert_eq!(
        (found.user.id.as_str(), found.form_token.expose().as_str()),
        ("u1", "form")
    );
    assert_eq!(store.session("t2", at(1)).await, Ok(None));
    let idle = SESSION_IDLE_MS / 1_000;
    assert_eq!(store.session("t1", at(idle)).await, Ok(None));
    // Used every twenty minutes it lasts, but no longer than its whole time.
    let mut now = 0;
    while now + 1_200 < SESSION_MAX_MS / 1_000 {
        now += 1_200;
        assert!(
            store.session("t1", at(now)).await.unwrap().is_some(),
            "{now}"
        );
    }
    assert_eq!(
        store.session("t1", at(SESSION_MAX_MS / 1_000)).await,
        Ok(None)
    );
}

pub async fn a_use_is_noted_at_most_once_a_minute(world: World) {
    added(&world.store).await;
    let store = &world.store;
    store.session_start(&session("t1"), at(0)).await.unwrap();
    let idle = SESSION_IDLE_MS / 1_000;
    // A use within the minute does not count, a later one does.
    store.session("t1", at(59)).await.unwrap();
    assert_eq!(store.session("t1", at(idle + 58)).await, Ok(None));
    store.session("t1", at(60)).await.unwrap();
    assert!(store.session("t1", at(idle + 58)).await.unwrap().is_some());
}

pub async fn a_disabled_account_has_no_session_and_gets_none(world: World) {
    added(&world.store).await;
    let store = &world.store;
    store.session_start(&session("t1"), at(0)).await.unwrap();
    assert_eq!(store.user_disable("u1", "u0", at(1)).await, Ok(true));
    assert_eq!(store.user_disable("u1", "u0", at(2)).await, Ok(false));
    assert_eq!(store.session("t1", at(3)).await, Ok(None));
    assert_eq!(store.session_start(&session("t2"), at(3)).await, Ok(false));
    let found = store.user_by_login(LOGIN).await.unwrap().unwrap();
    assert_eq!(found.disabled_at, Some(at(1)));
}

pub async fn a_new_password_ends_every_session(world: World) {
    added(&world.store).await;
    let store = &world.store;
    for token in ["t1", "t2", "t3"] {
        store.session_start(&session(token), at(0)).await.unwrap();
    }
    assert_eq!(store.session_end("t3").await, Ok(true));
    assert_eq!(store.session_end("t3").await, Ok(false));
    let set = store
        .user_set_password("u1", "$argon2id$two", "u1", at(1))
        .await;
    assert_eq!(set, Ok(true));
    assert_eq!(store.session("t1", at(2)).await, Ok(None));
    assert_eq!(store.sessions_end("u1").await, Ok(0));
    let found = store.user_by_id("u1").await.unwrap().unwrap();
    assert_eq!(found.password_hash.expose(), "$argon2id$two");
}

pub async fn failed_sign_ins_are_counted_by_login_and_by_address(world: World) {
    let store = &world.store;
    for (login, address, seconds) in [
        ("a@x", "home", 0),
        ("A@X ", "home", 0),
        ("a@x", "cafe", 100),
        ("b@x\0", "cafe", 200),
    ] {
        store
            .sign_in_failed(login, address, at(seconds))
            .await
            .unwrap();
    }
    let count = |login: &'static str, address: &'static str, since: i64| async move {
        let found = store
            .sign_in_failures(login, address, at(since))
            .await
            .unwrap();
        let SignInFailures {
            login,
            address,
            pair,
        } = found;
        (login, address, pair)
    };
    let before = count("a@x", "cafe", 0).await;
    assert_eq!((before.0, before.1), (3, 2));
    assert!(before.2 < before.0, "not all of them came from there");
    assert_eq!(count("a@x", "none", 1).await, (1, 0, 0));
    store.sign_in_worked("A@x").await.unwrap();
    assert_eq!(count("a@x", "cafe", 0).await, (0, 1, 0));
    assert_eq!(store.purge_sign_ins(at(86_400 + 200)).await, Ok(1));
    assert_eq!(count("b@x\0", "cafe", 0).await, (0, 0, 0));
    added(store).await;
    store.sign_in_failed(LOGIN, "cafe", at(1)).await.unwrap();
    store
        .user_set_password("u1", "other", "cli", at(2))
        .await
        .unwrap();
    assert_eq!(count(LOGIN, "cafe", 0).await, (0, 0, 0));
}

pub async fn changes_of_accounts_are_in_the_trail_without_login_or_name(world: World) {
    added(&world.store).await;
    let store = &world.store;
    store
        .user_set_password("u1", "$h", "u1", at(1))
        .await
        .unwrap();
    store.user_set_roles("u1", &[], "u0", at(2)).await.unwrap();
    store.user_disable("u1", "u0", at(3)).await.unwrap();
    let lines = store.audit_lines(EVERY_SCHOOL, 0, 10).await.unwrap();
    let said: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| (line.entry.actor.as_str(), line.entry.action.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("cli", "user_added"),
            ("u1", "password_set"),
            ("u0", "roles_set"),
            ("u0", "user_disabled")
        ]
    );
    for line in &lines {
        let detail = line.entry.detail.to_lowercase();
        assert!(
            !detail.contains("amelia") && !detail.contains("argon"),
            "{detail}"
        );
    }
    let found = store.user_by_id("u1").await.unwrap().unwrap();
    let shown = format!("{found:?} {:?} {:?}", user("u1", LOGIN), session("t1"));
    assert!(
        !shown.to_lowercase().contains("amelia") && !shown.contains("argon"),
        "{shown}"
    );
}
