//! Opening, migrating and readiness.

use schoolgate_store::{SCHEMA_VERSION, SchemaStatus, Store, StoreError};

use crate::world::{World, at};

pub async fn every_statement_is_understood_by_the_engine(world: World) {
    assert!(world.store.check_statements().await.unwrap() > 40);
    world
        .tamper("ALTER TABLE outbox RENAME COLUMN last_error TO other")
        .await;
    // A store of its own: connections remember what they have prepared.
    let fresh = Store::open(&world.url).await.unwrap();
    assert_eq!(
        fresh.check_statements().await,
        Err(StoreError::SchemaMissing)
    );
    fresh.close().await;
}

pub async fn migrating_again_changes_nothing(world: World) {
    assert_eq!(world.store.migrate().await.unwrap(), SCHEMA_VERSION);
    assert_eq!(world.store.schema_version().await.unwrap(), SCHEMA_VERSION);
}

const DROP_ALL: &str = "DROP TABLE answer; DROP TABLE removed_picture; DROP TABLE known_picture; DROP TABLE known_list; DROP TABLE verdict_media; DROP TABLE event; DROP TABLE decision; DROP TABLE sign_in_failure; \
    DROP TABLE session; DROP TABLE user_role; DROP TABLE app_user; DROP TABLE window_stage; DROP TABLE heartbeat; DROP TABLE dead_letter; DROP TABLE audit; DROP TABLE audit_head; \
    DROP TABLE receipt; DROP TABLE outbox; DROP TABLE response_window; DROP TABLE review; DROP TABLE verdict; DROP TABLE item; \
    DROP TABLE item_head; DROP TABLE schema_version";

pub async fn eight_processes_may_open_and_migrate_at_once(world: World) {
    world.tamper(DROP_ALL).await;
    // A second, new file for SQLite, so that the switch to WAL is raced for as well.
    let url = if world.url.starts_with("sqlite://") {
        format!("{}-new", world.url)
    } else {
        world.url.clone()
    };
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move {
                let store = Store::open(&url).await.unwrap();
                let before = store.migrate().await.unwrap();
                store.ping(at(0)).await.unwrap();
                store.close().await;
                before
            })
        })
        .collect();
    let mut first = 0;
    for task in tasks {
        first += usize::from(task.await.unwrap() == 0);
    }
    assert_eq!(first, 1, "exactly one of them made the tables");
}

pub async fn a_newer_schema_is_refused(world: World) {
    world
        .tamper("INSERT INTO schema_version (version, program) VALUES (99, 'later')")
        .await;
    let expected = StoreError::SchemaTooNew {
        found: 99,
        known: SCHEMA_VERSION,
    };
    assert_eq!(world.store.migrate().await, Err(expected.clone()));
    let newer = SchemaStatus::Newer { found: 99 };
    assert_eq!(world.store.schema_status().await, Ok(newer));
    assert_eq!(world.store.schema_version().await, Err(expected));
}

pub async fn an_empty_database_asks_for_the_migration(world: World) {
    world.tamper(DROP_ALL).await;
    assert_eq!(
        world.store.schema_version().await,
        Err(StoreError::SchemaMissing)
    );
    assert_eq!(
        world.store.ping(at(0)).await,
        Err(StoreError::SchemaMissing)
    );
}

pub async fn a_heartbeat_is_written_and_read_back(world: World) {
    world.store.ping(at(0)).await.unwrap();
    world.store.ping(at(5)).await.unwrap();
    world.tamper("DROP TABLE heartbeat").await;
    assert!(world.store.ping(at(6)).await.is_err());
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_refused_without_repeating_it() {
    for url in [
        "mysql://u:secret@host/x",
        "sqlite://",
        "sqlite://:memory:",
        "sqlite://a.db?mode=ro",
        "postgres://u:secret@127.0.0.1:notaport/x",
    ] {
        let error = Store::open(url).await.unwrap_err();
        assert!(
            matches!(error, StoreError::BadUrl { .. }),
            "{url}: {error:?}"
        );
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}

#[tokio::test]
async fn a_server_or_folder_that_is_not_there_is_unreachable() {
    for url in [
        "postgres://u:secret@127.0.0.1:1/x",
        "sqlite:///no/such/folder/store.db",
    ] {
        let error = Store::open(url).await.unwrap_err();
        assert!(
            matches!(error, StoreError::Unreachable { .. }),
            "{url}: {error:?}"
        );
        assert!(error.is_retryable());
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.db");
    std::fs::write(&file, "this is not a database, ".repeat(500)).unwrap();
    let url = format!("sqlite://{}", file.display());
    let error = Store::open(&url).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.db");
    let store = Store::open(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    store.migrate().await.unwrap();
    for name in ["store.db", "store.db-wal"] {
        let mode = std::fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}

/// What schema 1 held: a plain hold, one for the safeguarding lead, one for both, and a comment with a running clock.
const OLD_ROWS: &str = r#"
    CREATE TABLE schema_version (version BIGINT NOT NULL, program TEXT NOT NULL,
        CONSTRAINT schema_version_pk PRIMARY KEY (version));
    INSERT INTO schema_version (version, program) VALUES (1, '0.1.0');
    INSERT INTO item_head VALUES ('st-judes', 'draft', 'a', 1, 1, 1, 'a'), ('st-judes', 'draft', 'b', 1, 1, 1, 'b'),
        ('st-judes', 'draft', 'c', 1, 1, 1, 'c'), ('st-judes', 'comment', 'd', 1, 1, 1, 'd'),
        ('st-judes', 'comment', 'e', 1, 1, 1, 'e');
    INSERT INTO item (key, school, kind, id, revision, verb, ordinal, content_hash, body, created_at, arrived_at, has_media,
        state, attempts)
        SELECT id, school, kind, id, 1, 'add', 1, 'h', CAST('x' AS BYTEA), 5, 5, 0, 'screened', 1 FROM item_head;
    INSERT INTO item (key, school, kind, id, revision, verb, ordinal, content_hash, body, created_at, arrived_at, has_media,
        state, attempts)
        SELECT 'b2', school, kind, id, 2, 'edit', 2, 'h', body, 5, 5, 0, 'screened', 1 FROM item WHERE key = 'b';
    INSERT INTO verdict (item_key, version, is_current, outcome, body, recorded_at) VALUES
        ('a', 1, 1, 'hold', '{"findings":[{"text":"\"dsl\""}],"alert":["author"],"checks":[]}', 6),
        ('b2', 1, 1, 'hold', '{"alert":["author"],"checks":[]}', 6),
        ('b', 1, 1, 'hold', '{"alert":["author","dsl"],"checks":[{"name":"head_count"}]}', 6),
        ('c', 1, 1, 'escalate', '{"alert":["dsl","head"],"checks":[]}', 6),
        ('d', 1, 1, 'approve', '{"alert":[],"checks":[]}', 6),
        ('e', 1, 1, 'approve', '{}', 6);
    INSERT INTO review (item_key, state, version, opened_at, closed_at) VALUES ('a', 'open', 1, 6, NULL),
        ('b', 'open', 1, 6, NULL), ('b2', 'open', 1, 6, NULL), ('c', 'escalated', 1, 6, NULL), ('d', 'open', 1, 6, NULL), ('e', 'closed', 1, 6, 7);
    INSERT INTO response_window (item_key, received_at, due_at, mode, division, calendar_version, needs_response, why)
        VALUES ('d', 5, 105, 'as_written', 'england-and-wales', 'c1', 1, 'why');
"#;

#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
struct Marks {
    item_key: String,
    kind: String,
    held: i64,
    senior: i64,
    restricted: Option<String>,
    rank: i64,
    sort_at: i64,
}

pub async fn an_older_database_keeps_its_rows_and_shows_them_to_no_more_people(world: World) {
    world.tamper(DROP_ALL).await;
    let url = if world.url.starts_with("sqlite://") {
        format!("{}-old", world.url)
    } else {
        world.url.clone()
    };
    let old = World {
        store: Store::open(&url).await.unwrap(),
        url,
    };
    assert_eq!(old.store.schema_status().await, Ok(SchemaStatus::Missing));
    old.tamper(include_str!("../../migrations/0001_start.sql"))
        .await;
    let rows = if old.url.starts_with("sqlite://") {
        OLD_ROWS.replace("CAST('x' AS BYTEA)", "x'78'")
    } else {
        OLD_ROWS.to_owned()
    };
    old.tamper(&rows).await;
    let status = old.store.schema_status().await;
    assert_eq!(status, Ok(SchemaStatus::Older { found: 1 }));
    assert_eq!(old.store.migrate().await, Ok(1));
    assert_eq!(old.store.schema_status().await, Ok(SchemaStatus::Current));
    let marks: Vec<Marks> = old
        .look("SELECT item_key, kind, held, senior, restricted, rank, sort_at FROM review ORDER BY item_key")
        .await;
    let mark = |key: &str, kind: &str, held, senior, only: Option<&str>, rank, sort_at| Marks {
        item_key: key.to_owned(),
        kind: kind.to_owned(),
        held,
        senior,
        restricted: only.map(str::to_owned),
        rank,
        sort_at,
    };
    assert_eq!(
        marks,
        [
            mark("a", "draft", 1, 0, None, 1, 5),
            mark("b", "draft", 1, 1, Some("dsl"), 1, 5),
            // An edit of it, which is kept back as it is.
            mark("b2", "draft", 1, 0, Some("dsl"), 1, 5),
            mark("c", "draft", 1, 1, Some("dsl,head"), 0, 5),
            mark("d", "comment", 0, 0, None, 2, 105),
            // A verdict that cannot be read is seen by the safeguarding lead alone.
            mark("e", "comment", 0, 0, Some("dsl"), 3, 5),
        ]
    );
    old.store.close().await;
}
