//! The contract of the store: every case runs on SQLite and on PostgreSQL. What a case proves is its name.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the whole crate is tests; the lints' own exemption does not see helper functions"
)]

mod audit;
mod leases;
mod opening;
mod outbox;
mod receiving;
mod recording;
mod world;

/// Makes one test a case and engine.
macro_rules! on_both_engines {
    ($($story:ident { $($case:ident)* })*) => {
        mod sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    crate::world::on_sqlite(crate::$story::$case).await;
                }
            )*)*
        }
        mod postgres {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    crate::world::on_postgres(crate::$story::$case).await;
                }
            )*)*
        }
    };
}

on_both_engines! {
    opening {
        every_statement_is_understood_by_the_engine
        migrating_again_changes_nothing
        eight_processes_may_open_and_migrate_at_once
        a_newer_schema_is_refused
        an_empty_database_asks_for_the_migration
        a_heartbeat_is_written_and_read_back
    }
    receiving {
        a_first_message_makes_a_row
        the_same_message_twice_is_a_duplicate
        a_batch_may_hold_the_same_message_twice
        receipts_come_in_the_order_of_the_batch
        an_edit_without_a_revision_is_the_next_revision
        an_older_revision_that_comes_late_does_not_become_the_newest
        two_verbs_of_one_revision_are_two_rows
        the_same_id_in_another_school_or_kind_is_another_item
        eight_tasks_that_receive_the_same_message_make_one_row
        eight_tasks_that_edit_the_same_item_make_eight_revisions
        crossing_batches_do_not_block_each_other
        other_content_under_the_same_key_is_kept_and_marks_the_item
        a_conflict_after_an_approval_makes_it_a_hold
        a_conflict_before_the_verdict_turns_the_approval_into_a_hold
        a_conflict_leaves_an_escalation_as_it_is
        the_same_conflict_twice_has_one_effect
        a_producer_without_revisions_left_is_held
        a_text_with_nul_is_refused_and_a_body_with_nul_is_kept
        hostile_text_comes_back_unchanged
        nothing_prints_the_body
    }
    leases {
        eight_claimers_get_each_of_two_hundred_items_once
        a_lease_that_is_over_is_given_again_and_counted
        a_lease_that_is_kept_lasts_and_one_that_has_passed_on_cannot_be_kept
        the_oldest_comes_first_and_a_share_takes_only_its_kind
        a_released_item_is_free_at_once_and_its_attempt_stays_counted
        an_item_with_a_verdict_is_not_claimed
        an_edit_learns_the_clock_of_the_revision_before
        a_share_takes_items_by_pictures_and_by_whether_they_were_tried
        an_item_given_back_was_never_taken
    }
    recording {
        everything_of_a_change_is_written
        recording_twice_gives_one_verdict
        two_tasks_that_record_at_once_give_one_verdict_and_one_row_a_key
        an_alert_that_was_proposed_is_not_written_again
        a_failing_statement_leaves_nothing_behind
        a_call_dropped_half_way_leaves_nothing_half_written
        a_key_of_another_item_is_refused
        a_change_about_another_item_is_refused
        an_unknown_item_is_refused
        a_newer_revision_supersedes_an_open_review_and_keeps_the_clock
        a_newer_revision_leaves_an_escalated_review_standing
        an_older_revision_screened_last_is_superseded_and_hands_on_its_clock
        an_edit_after_the_acknowledgement_has_its_own_clock
        the_newest_revision_has_no_verdict_until_it_is_screened
        verdicts_are_listed_by_time_and_school
        counts_say_what_waits_and_what_was_decided
    }
    outbox {
        urgent_effects_come_first_then_the_oldest
        a_receipt_counts_once_and_urgent_audiences_are_known
        an_attempt_is_counted_before_the_effect_is_sent
        eight_relays_get_each_effect_once
        an_effect_put_off_comes_back_at_its_time
        only_the_owner_closes_an_effect
        effects_end_as_sent_failed_or_without_a_broker
    }
    audit {
        a_chain_verifies_and_schools_have_their_own
        a_changed_line_is_found
        a_removed_line_is_found
        a_cut_end_is_found
        concurrent_writers_make_one_chain
    }
}
