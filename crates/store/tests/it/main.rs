//! The contract of the store: every case runs on SQLite and on PostgreSQL. What a case proves is its name.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the whole crate is tests; the lints' own exemption does not see helper functions"
)]

mod answering;
mod audit;
mod deciding;
mod happening;
mod keeping;
mod leases;
mod letters;
mod opening;
mod outbox;
mod people;
mod pictures;
mod piles;
mod queues;
mod receiving;
mod recording;
mod sweeping;
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
        an_older_database_keeps_its_rows_and_shows_them_to_no_more_people
    }
    receiving {
        a_first_message_makes_a_row
        the_same_message_twice_is_a_duplicate
        a_trace_goes_from_the_message_to_its_effects
        a_batch_may_hold_the_same_message_twice
        receipts_come_in_the_order_of_the_batch
        an_edit_without_a_revision_is_the_next_revision
        an_older_revision_that_comes_late_does_not_become_the_newest
        two_verbs_of_one_revision_are_two_rows
        the_same_id_in_another_school_or_kind_is_another_item
        eight_tasks_that_receive_the_same_message_make_one_row
        eight_tasks_that_edit_the_same_item_make_eight_revisions
        crossing_batches_do_not_block_each_other
        a_batch_of_conflicts_and_those_who_carry_out_do_not_block_each_other
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
    answering {
        an_answer_is_the_next_revision_and_says_who_gave_it
        only_what_was_seen_is_answered_and_twice_is_once
        a_producer_who_counts_on_after_an_answer_contradicts_nothing
        of_eight_people_who_answer_at_once_one_does
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
        an_effect_that_cannot_be_understood_stops_no_other
        only_the_owner_closes_an_effect
        many_effects_are_closed_at_once_but_only_the_owners
        effects_end_as_sent_failed_or_without_a_broker
    }
    audit {
        a_chain_verifies_and_schools_have_their_own
        a_changed_line_is_found
        a_removed_line_is_found
        a_cut_end_is_found
        concurrent_writers_make_one_chain
    }
    people {
        an_account_is_found_by_its_login_however_it_is_written
        roles_count_at_their_school_and_can_be_replaced
        a_session_ends_by_idleness_and_by_age
        a_use_is_noted_at_most_once_a_minute
        a_disabled_account_has_no_session_and_gets_none
        a_new_password_ends_every_session
        failed_sign_ins_are_counted_by_login_and_by_address
        changes_of_accounts_are_in_the_trail_without_login_or_name
    }
    queues {
        what_matters_comes_first
        what_is_kept_back_is_in_no_list_and_no_count_of_others
        pages_over_several_schools_show_each_row_once
        authors_find_their_own_newest_drafts_in_every_state
        what_is_done_is_listed_last_closed_first
        fifty_thousand_waiting_comments_do_not_slow_a_page
    }
    piles {
        fifty_thousand_of_one_kind_do_not_slow_the_claims_of_another
    }
    deciding {
        everything_of_a_decision_is_written
        a_second_decision_on_the_same_state_is_stale_and_says_who_was_first
        of_eight_people_who_decide_at_once_one_does
        a_decision_dies_with_its_revision
        an_escalated_comment_is_decided_although_it_was_edited
        an_escalated_draft_that_was_edited_can_be_closed_but_not_approved
        a_draft_that_a_person_handed_on_is_not_let_out_by_rewriting_it
        a_conflict_about_an_old_revision_opens_nothing_that_nobody_could_close
        a_conflict_makes_an_open_screen_stale
        a_conflict_after_a_persons_approval_takes_it_back_and_says_so
        a_comment_that_is_approved_after_a_conflict_is_held_by_the_next
        handing_on_keeps_an_item_for_those_it_is_for
        a_decision_that_fails_half_way_leaves_nothing_behind
        one_person_at_a_time_has_an_item_open
        only_what_was_approved_may_be_published
        what_the_policy_makes_of_a_decision_is_written
    }
    keeping {
        an_edit_after_a_person_handed_it_on_stays_with_the_lead
        a_hold_for_the_lead_stays_theirs_when_it_is_reworded
        those_who_may_see_it_are_told_of_the_edit_in_place_of_others
        a_revision_that_was_screened_first_is_kept_back_by_an_earlier_one
        handing_on_an_older_revision_keeps_the_newest_one_too
    }
    happening {
        an_answer_stops_the_clock_and_closes_what_is_not_held
        an_event_before_its_item_or_its_verdict_waits_for_it
        an_event_about_a_draft_changes_nothing_but_the_trail
        the_same_event_twice_is_one_and_another_under_its_id_is_a_dead_letter
        eight_tasks_that_receive_crossing_events_apply_each_once
    }
    sweeping {
        each_stage_is_reached_once_and_in_order
        a_sweep_that_comes_late_tells_the_last_stage_only
        eight_sweepers_at_once_reach_each_stage_once
        an_acknowledgement_in_time_ends_it_and_a_late_one_is_a_breach_still
        an_edit_carries_the_clock_on_and_breaches_once
        a_breach_nobody_was_told_of_is_told_when_an_edit_asks_for_words
        a_window_that_cannot_be_understood_stops_no_other
        what_is_kept_back_alerts_only_those_who_may_see_it
    }
    pictures {
        a_removed_picture_leaves_a_tombstone_and_ends_every_approval
        the_picture_inside_a_message_goes_and_the_rest_stays
        the_same_picture_sent_again_is_held_and_not_kept
        a_person_cannot_approve_a_removed_picture
        a_persons_approval_ends_with_the_picture_too
        an_approval_dies_when_its_picture_is_listed
        a_sweep_looks_again_until_nothing_can_be_on_its_way
        one_schools_removal_takes_nothing_from_another
        a_hash_that_is_none_is_refused
        a_listed_picture_comes_back_as_it_was_until_it_is_taken_off
        whoever_keeps_the_list_learns_every_change_once
        eight_people_who_list_at_once_leave_no_change_unseen
        a_removed_picture_can_be_listed_and_is_never_shown_again
    }
    letters {
        a_contradicting_body_becomes_the_next_revision
        a_letter_that_cannot_be_read_stays_until_it_is_dropped
        a_letter_of_a_known_school_is_received_as_it_stands
    }
}
