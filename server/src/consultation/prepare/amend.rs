//! Amending what is prepared: everything until the start, and what harms nobody after it.
//!
//! A change names the version of its field that it is based on. If somebody else changed the same field meanwhile it is
//! `stale`: two organizers who work on the same thing see each other's change instead of undoing it. The table of what
//! may still be changed when stands in `docs/prepare.md`; `harmless` is where it is decided.

use std::collections::BTreeSet;

use proto::api::consultation::{Admission, Point, Settings};
use proto::api::field_error::{FieldError, Wrong};
use proto::api::preparation::{Field, Preparation, PreparedGroup};
use proto::ids::{GroupId, IdeaId, PointId, SeatId};
use proto::phase::Phase;
use proto::problem::{Code, Problem};

use super::field_change::FieldChange;
use super::founding::new_point;
use super::template::{FieldValue, NewGroup, PreparedPoint, read_field, refusal};
use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::state::Consultation;

impl Consultation {
    pub(in crate::consultation) fn decide_amend(
        &self,
        seat: SeatId,
        field: Field,
        base: u32,
        value: &serde_json::Value,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Amend, seat, None)?;
        let standing = self.version_of(field);
        if base != standing {
            let detail = format!(
                "Somebody else changed \"{}\" meanwhile: it stands at version {standing}, and this is based on {base}.",
                field.as_str()
            );
            return Err(Problem::because(Code::Stale, detail));
        }
        let value = read_field(field, value, &self.founding().settings, context.limits).map_err(refusal)?;
        let change = self.change_of(value, context)?;
        self.harmless(&change)?;
        let files = self.files_without(&change);
        Ok(Outcome { files, ..Outcome::plain(Event::Amended(Box::new(change))) })
    }

    /// The value as it will stand, with ids for what is new.
    fn change_of(&self, value: FieldValue, context: Context<'_>) -> Result<FieldChange, Problem> {
        Ok(match value {
            FieldValue::Title(title) => FieldChange::Title(title),
            FieldValue::Languages(languages) => FieldChange::Languages(languages),
            FieldValue::Texts(Field::Objectives, texts) => FieldChange::Objectives(texts),
            FieldValue::Texts(Field::Outcomes, texts) => FieldChange::Outcomes(texts),
            FieldValue::Texts(Field::Moderators, texts) => FieldChange::Moderators(texts),
            FieldValue::Texts(_, texts) => FieldChange::Rapporteurs(texts),
            FieldValue::Speakers(speakers) => FieldChange::Speakers(speakers),
            FieldValue::Agenda(agenda) => FieldChange::Agenda(agenda),
            FieldValue::Materials(materials) => FieldChange::Materials(self.materials_of(materials, context)),
            FieldValue::Points(points) => FieldChange::Points(self.points_of(points, context)?),
            FieldValue::Kinds(kinds) => FieldChange::Kinds(kinds),
            FieldValue::Groups(groups) => FieldChange::Groups(self.groups_of(groups, context)?),
            // The door has a command of its own.
            FieldValue::Settings(settings) => {
                FieldChange::Settings(Settings { door_open: self.founding().settings.door_open, ..settings })
            }
            FieldValue::HideReasons(reasons) => FieldChange::HideReasons(reasons),
            FieldValue::Help(help) => FieldChange::Help(help),
            FieldValue::Safeguarding(there) => FieldChange::Safeguarding(there),
            FieldValue::PublicUrl(url) => FieldChange::PublicUrl(url),
        })
    }

    fn points_of(&self, points: Vec<PreparedPoint>, context: Context<'_>) -> Result<Vec<Point>, Problem> {
        let known = |id: PointId| self.founding().points.iter().any(|point| point.id == id);
        for (at, point) in points.iter().enumerate() {
            let again = points.iter().take(at).any(|earlier| earlier.id == point.id);
            if point.id.is_some_and(|id| !known(id) || again) {
                return Err(unknown_id(Field::Points, at));
            }
        }
        Ok(points.into_iter().map(|point| new_point(point, context.entropy)).collect())
    }

    fn groups_of(
        &self,
        groups: Vec<NewGroup>,
        context: Context<'_>,
    ) -> Result<Vec<(GroupId, String)>, Problem> {
        for (at, group) in groups.iter().enumerate() {
            let again = groups.iter().take(at).any(|earlier| earlier.id == group.id);
            if group.id.is_some_and(|id| !self.groups().contains_key(&id) || again) {
                return Err(unknown_id(Field::Groups, at));
            }
        }
        let id_of = |id: Option<GroupId>| id.unwrap_or_else(|| GroupId(context.entropy.uuid()));
        Ok(groups.into_iter().map(|group| (id_of(group.id), group.name)).collect())
    }

    /// What may still be changed now.
    fn harmless(&self, change: &FieldChange) -> Result<(), Problem> {
        let phases = || self.groups().keys().map(|group| self.phase_of(Some(*group))).chain([self.phase()]);
        let before_the_vote = phases().all(|phase| phase < Phase::Vote);
        let in_use = |words: &str| Err(Problem::because(Code::InUse, words));
        match change {
            FieldChange::Points(points) => {
                let removed = |id: &PointId| !points.iter().any(|point| point.id == *id);
                if self.ideas().values().any(|idea| removed(&idea.point())) {
                    return in_use("Ideas answer a discussion point that would be removed.");
                }
                if self
                    .groups()
                    .keys()
                    .any(|group| self.point_of(*group).is_some_and(|(point, _)| removed(&point)))
                {
                    return in_use("A group is at a discussion point that would be removed.");
                }
                let new = |point: &Point| !self.founding().points.iter().any(|known| known.id == point.id);
                if !before_the_vote && points.iter().any(new) {
                    return in_use("New discussion points can come until the vote.");
                }
                Ok(())
            }
            FieldChange::Groups(groups) => self.groups_harmless(groups, before_the_vote),
            FieldChange::Kinds(kinds) if !kinds.is_empty() => {
                let missing = |idea: &crate::consultation::Idea| {
                    idea.kind().is_some_and(|kind| !kinds.iter().any(|words| words.kind == kind))
                };
                if self.ideas().values().any(missing) {
                    return in_use("Ideas are of a kind that would be removed.");
                }
                Ok(())
            }
            FieldChange::Settings(settings) => self.settings_harmless(settings, before_the_vote),
            FieldChange::Kinds(_)
            | FieldChange::Title(_)
            | FieldChange::Languages(_)
            | FieldChange::Objectives(_)
            | FieldChange::Outcomes(_)
            | FieldChange::Speakers(_)
            | FieldChange::Moderators(_)
            | FieldChange::Rapporteurs(_)
            | FieldChange::Agenda(_)
            | FieldChange::Materials(_)
            | FieldChange::HideReasons(_)
            | FieldChange::Help(_)
            | FieldChange::Safeguarding(_)
            | FieldChange::PublicUrl(_) => Ok(()),
        }
    }

    fn groups_harmless(&self, groups: &[(GroupId, String)], before_the_vote: bool) -> Result<(), Problem> {
        let stays = |id: &GroupId| groups.iter().any(|(group, _)| group == id);
        for gone in self.groups().keys().filter(|id| !stays(id)) {
            let ideas = self.ideas().values().any(|idea| idea.group() == *gone);
            if ideas || self.participants(*gone) > 0 {
                return Err(Problem::because(Code::InUse, "People are in a group that would be removed."));
            }
        }
        let new = |(id, _): &(GroupId, String)| !self.groups().contains_key(id);
        if !before_the_vote && (groups.iter().any(new) || self.groups().keys().any(|id| !stays(id))) {
            return Err(Problem::because(Code::InUse, "Groups can come and go until the vote."));
        }
        Ok(())
    }

    fn settings_harmless(&self, new: &Settings, before_the_vote: bool) -> Result<(), Problem> {
        let now = &self.founding().settings;
        let of_the_vote = (now.votes, now.tallies, now.promoted_per_group);
        let of_writing = (now.private_first, now.moderation, now.ideas_per_seat);
        if !before_the_vote
            && (of_the_vote != (new.votes, new.tallies, new.promoted_per_group)
                || of_writing != (new.private_first, new.moderation, new.ideas_per_seat))
        {
            return Err(Problem::because(
                Code::InUse,
                "How people write and vote can be set until the vote.",
            ));
        }
        let of_the_plenary = (now.plenary_vote, now.ballot_paper) != (new.plenary_vote, new.ballot_paper);
        if of_the_plenary && self.plenary_vote_was_opened() {
            return Err(Problem::because(Code::InUse, "The vote of everybody has been opened already."));
        }
        self.may_retain(new.retention_days)
    }

    pub(in crate::consultation) fn amend(&mut self, change: &FieldChange) -> Vec<Write> {
        match change {
            FieldChange::Points(points) => self.points_amended(points),
            FieldChange::Groups(groups) => self.renew_groups(groups),
            FieldChange::Title(_)
            | FieldChange::Languages(_)
            | FieldChange::Objectives(_)
            | FieldChange::Outcomes(_)
            | FieldChange::Moderators(_)
            | FieldChange::Rapporteurs(_)
            | FieldChange::Speakers(_)
            | FieldChange::Agenda(_)
            | FieldChange::Materials(_)
            | FieldChange::Kinds(_)
            | FieldChange::Settings(_)
            | FieldChange::HideReasons(_)
            | FieldChange::Help(_)
            | FieldChange::Safeguarding(_)
            | FieldChange::PublicUrl(_) => {}
        }
        self.prepared_mut().amend(change);
        if !matches!(change, FieldChange::Settings(_)) {
            return Vec::new();
        }
        // Tallies may be live from now on, or hidden.
        let shown = self.ideas().iter().filter(|(_, idea)| idea.is_shown());
        let tally = |(id, idea): (&IdeaId, &crate::consultation::Idea)| {
            Write::Board(idea.group(), BoardWrite::Tally(*id, self.shown_tally(*id, idea.group())))
        };
        shown.map(tally).collect()
    }

    /// There will be these groups: other parts forget those that go, and learn of those that come.
    fn renew_groups(&mut self, groups: &[(GroupId, String)]) {
        let groups: BTreeSet<GroupId> = groups.iter().map(|(id, _)| *id).collect();
        let gone: Vec<GroupId> = self.groups().keys().filter(|id| !groups.contains(id)).copied().collect();
        for group in gone {
            // Its staff links lead nowhere any more.
            self.drop_links_of(group);
        }
        self.renew_boards(&groups);
        self.forget_other_courses(&groups);
    }

    /// The door is open or not, and lets people in like this from now on.
    pub(in crate::consultation) fn set_entry(&mut self, open: bool, admission: Option<Admission>) {
        self.prepared_mut().set_entry(open, admission);
    }

    /// It is kept for so many days from now on.
    pub(in crate::consultation) fn set_retention(&mut self, days: u32) {
        self.prepared_mut().set_retention(days);
    }

    fn version_of(&self, field: Field) -> u32 {
        self.prepared().version_of(field)
    }

    /// Everything prepared, with the version of each field.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn preparation(&self, seat: SeatId) -> Result<Preparation, Problem> {
        self.permit(Deed::Amend, seat, None)?;
        let group = |(id, name): &(GroupId, String)| PreparedGroup { id: *id, name: name.clone() };
        Ok(Preparation {
            version: self.prepared_version(),
            versions: Field::ALL.into_iter().map(|field| (field, self.version_of(field))).collect(),
            title: self.founding().title.clone(),
            points: self.founding().points.clone(),
            groups: self.founding().groups.iter().map(group).collect(),
            settings: self.founding().settings.clone(),
            public_url: self.founding().public_url.clone(),
            programme: self.programme(),
        })
    }
}

fn unknown_id(field: Field, at: usize) -> Problem {
    let field = format!("{}[{at}].id", field.as_str());
    refusal(vec![FieldError { line: 0, column: 0, field, wrong: Wrong::UnknownId, limit: None, word: None }])
}
