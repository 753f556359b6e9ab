//! The audit trail: what verification finds.

use schoolgate_store::{AuditCheck, AuditFault};

use crate::world::{SCHOOL, World, at, audit};

async fn five_lines(world: &World) {
    for n in 0..5 {
        let entry = audit(at(n), "m1", "signed_in");
        world
            .store
            .audit_append(SCHOOL, None, &entry)
            .await
            .unwrap();
    }
}

fn broken(seq: i64, fault: AuditFault) -> AuditCheck {
    AuditCheck::Broken { seq, fault }
}

pub async fn a_chain_verifies_and_schools_have_their_own(world: World) {
    five_lines(&world).await;
    let entry = audit(at(9), "clock", "swept");
    world
        .store
        .audit_append("st-saviours", Some("key-1"), &entry)
        .await
        .unwrap();
    for (school, expected) in [(SCHOOL, 5), ("st-saviours", 1), ("nobody", 0)] {
        match world.store.audit_verify(school).await.unwrap() {
            AuditCheck::Intact { lines, head } => {
                assert_eq!((lines, head.len()), (expected, 64), "{school}");
            }
            other => panic!("{school}: {other:?}"),
        }
    }
    assert_eq!(
        world.store.audit_schools().await.unwrap(),
        [SCHOOL, "st-saviours"]
    );
    let lines = world.store.audit_lines(SCHOOL, 3, 99).await.unwrap();
    assert_eq!(
        lines.iter().map(|line| line.seq).collect::<Vec<_>>(),
        [4, 5]
    );
}

pub async fn a_changed_line_is_found(world: World) {
    five_lines(&world).await;
    for column in [
        "actor = 'm2'",
        "action = 'other'",
        "detail = '[]'",
        "at = at + 1",
        "item_key = ''",
    ] {
        world
            .tamper("CREATE TABLE kept AS SELECT * FROM audit WHERE seq = 3")
            .await;
        world
            .tamper(&format!("UPDATE audit SET {column} WHERE seq = 3"))
            .await;
        let check = world.store.audit_verify(SCHOOL).await.unwrap();
        assert_eq!(check, broken(3, AuditFault::Changed), "{column}");
        world
            .tamper("DELETE FROM audit WHERE seq = 3; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept")
            .await;
        assert!(matches!(
            world.store.audit_verify(SCHOOL).await.unwrap(),
            AuditCheck::Intact { .. }
        ));
    }
}

pub async fn a_removed_line_is_found(world: World) {
    five_lines(&world).await;
    world.tamper("DELETE FROM audit WHERE seq = 2").await;
    assert_eq!(
        world.store.audit_verify(SCHOOL).await.unwrap(),
        broken(3, AuditFault::Gap)
    );
    world
        .tamper("UPDATE audit SET seq = seq - 1 WHERE seq = 3")
        .await;
    assert_eq!(
        world.store.audit_verify(SCHOOL).await.unwrap(),
        broken(2, AuditFault::Unlinked)
    );
}

pub async fn a_cut_end_is_found(world: World) {
    five_lines(&world).await;
    world.tamper("DELETE FROM audit WHERE seq > 3").await;
    assert_eq!(
        world.store.audit_verify(SCHOOL).await.unwrap(),
        broken(4, AuditFault::HeadMismatch)
    );
    world.tamper("DELETE FROM audit").await;
    assert_eq!(
        world.store.audit_verify(SCHOOL).await.unwrap(),
        broken(1, AuditFault::HeadMismatch)
    );
}

pub async fn concurrent_writers_make_one_chain(world: World) {
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = world.store.clone();
            tokio::spawn(async move {
                for step in 0..10 {
                    let entry = audit(at(step), &format!("m{n}"), "signed_in");
                    store.audit_append(SCHOOL, None, &entry).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!(matches!(
        world.store.audit_verify(SCHOOL).await.unwrap(),
        AuditCheck::Intact { lines: 80, .. }
    ));
}
