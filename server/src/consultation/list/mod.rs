//! The plenary list: what people decide about it, responses in the plenary, and sign-off.
//!
//! [`PlenaryList`] is all of it. Its fields are private to this folder, and each is a type whose own fields are private to its
//! file; other folders ask the consultation (`run_facts`, `list`, `responses_of`, …).

pub(super) mod deleted_words;
pub(super) mod group_card;
pub(super) mod kept_responses;
pub(super) mod last_merge_run;
pub(super) mod list_decisions;
pub(super) mod responses;
pub(super) mod sign_off;
pub(super) mod stored_version;
pub(super) mod version_erasure;
pub(super) mod versions;

/// What is known of the list, and what people say of it and of the cards that it comes from.
#[derive(Debug, Default)]
pub(super) struct PlenaryList {
    runs: last_merge_run::Runs,
    decisions: list_decisions::DecidedList,
    responses: kept_responses::KeptResponses,
    signing: sign_off::Signing,
    versions: versions::KeptVersions,
}
