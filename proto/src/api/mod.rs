//! Bodies of HTTP requests and answers, one file per resource.

pub mod adoption;
pub mod clocks;
pub mod consultation;
pub mod curation;
pub mod desk;
pub mod ending;
pub mod entry;
pub mod field_error;
pub mod group_card;
pub mod idea_outcome;
pub mod ledger;
pub mod plenary_vote;
pub mod preparation;
pub mod programme;
pub mod rehearsal;
pub mod settings;
pub mod translations;
pub mod versions;
pub mod wordings;
