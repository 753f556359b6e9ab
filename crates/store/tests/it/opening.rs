//! Opening, migrating and readiness.

use schoolgate_store::{SCHEMA_VERSION, Store, StoreError};

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

const DROP_ALL: &str = "DROP TABLE event; DROP TABLE decision; DROP TABLE sign_in_failure; \
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
