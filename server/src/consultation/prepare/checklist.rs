//! What is missing before the start, the gravest first.

use proto::api::consultation::LocalText;
use proto::api::preparation::{Checklist, Field, Missing};
use proto::api::programme::{MaterialSource, Programme};
use proto::ids::SeatId;
use proto::phase::Phase;
use proto::problem::Problem;
use proto::role::Role;

use crate::access::Deed;
use crate::consultation::state::Consultation;

impl Consultation {
    /// What is missing. `url`: the address of this server; `opened`: was this link ever opened?
    ///
    /// # Errors
    /// When the seat may not.
    pub fn checklist(
        &self,
        seat: SeatId,
        url: &str,
        opened: impl Fn(SeatId) -> bool,
    ) -> Result<Checklist, Problem> {
        self.permit(Deed::Amend, seat, None)?;
        let programme = &self.founding().programme;
        let url = self.public_url(url);
        let mut missing = Vec::new();
        if only_this_machine(url) {
            missing.push(Missing::Address { url: url.to_owned() });
        }
        self.staff_missing(opened, &mut missing);
        if programme.help.is_empty() {
            missing.push(Missing::Help);
        }
        self.texts_missing(&mut missing);
        for material in &programme.materials {
            if let MaterialSource::File(file) = &material.source
                && !file.stored
            {
                missing.push(Missing::File { name: file.name.clone() });
            }
        }
        if programme.materials.is_empty() {
            missing.push(Missing::Materials);
        }
        self.minutes_missing(&mut missing);
        Ok(Checklist { missing })
    }

    fn staff_missing(&self, opened: impl Fn(SeatId) -> bool, missing: &mut Vec<Missing>) {
        let links = self.staff_links();
        let has = |role| links.iter().any(|link| link.role == role);
        if !self.founding().programme.safeguarding || !has(Role::Safeguarding) {
            missing.push(Missing::Safeguarding);
        } else if self.contact_is_absent() {
            missing.push(Missing::SafeguardingAbsent);
        }
        for (group, _) in &self.founding().groups {
            let mut own = links
                .iter()
                .filter(|link| link.role == Role::Moderator && link.group == Some(*group))
                .peekable();
            if own.peek().is_none() {
                missing.push(Missing::Moderator { group: *group });
            } else if !own.any(|link| opened(link.seat)) {
                missing.push(Missing::ModeratorAbsent { group: *group });
            }
        }
        let reports =
            |group| links.iter().any(|link| link.role == Role::Rapporteur && link.group == Some(group));
        let unreported = self.founding().groups.iter().any(|(group, _)| !reports(*group));
        if unreported || self.founding().programme.rapporteurs.is_empty() {
            missing.push(Missing::Rapporteur);
        }
        if !has(Role::Editor) {
            missing.push(Missing::Editor);
        }
    }

    fn texts_missing(&self, missing: &mut Vec<Missing>) {
        let programme = &self.founding().programme;
        if programme.languages.is_empty() {
            missing.push(Missing::Languages);
        }
        for field in Field::ALL {
            let texts = self.texts_of(field, programme);
            for lang in &programme.languages {
                // A plain text is meant for everybody.
                let lacks = |text: &&LocalText| match text {
                    LocalText::Plain(_) => false,
                    LocalText::Localized(texts) => !texts.contains_key(lang),
                };
                if texts.iter().any(lacks) {
                    missing.push(Missing::Translation { field, lang: lang.clone() });
                }
            }
        }
    }

    fn texts_of<'a>(&'a self, field: Field, programme: &'a Programme) -> Vec<&'a LocalText> {
        match field {
            Field::Title => vec![&self.founding().title],
            Field::Objectives => programme.objectives.iter().collect(),
            Field::Outcomes => programme.outcomes.iter().collect(),
            Field::Moderators => programme.moderators.iter().collect(),
            Field::Rapporteurs => programme.rapporteurs.iter().collect(),
            Field::Speakers => programme
                .speakers
                .iter()
                .flat_map(|of| [Some(&of.name), of.about.as_ref()])
                .flatten()
                .collect(),
            Field::Agenda => programme.agenda.iter().map(|entry| &entry.title).collect(),
            Field::Materials => programme.materials.iter().map(|material| &material.title).collect(),
            Field::Points => self.founding().points.iter().map(|point| &point.title).collect(),
            Field::Kinds => programme.kinds.iter().map(|kind| &kind.name).collect(),
            Field::HideReasons => programme.hide_reasons.iter().map(|reason| &reason.text).collect(),
            Field::Help => programme.help.iter().flat_map(|of| [&of.name, &of.reach]).collect(),
            Field::Languages | Field::Groups | Field::Settings | Field::Safeguarding | Field::PublicUrl => {
                Vec::new()
            }
        }
    }

    fn minutes_missing(&self, missing: &mut Vec<Missing>) {
        let programme = &self.founding().programme;
        if programme.agenda.is_empty() {
            missing.push(Missing::Agenda);
            return;
        }
        let brainstorm = programme.agenda.iter().filter(|entry| entry.phase == Phase::Brainstorm);
        let agenda: u32 = brainstorm.map(|entry| entry.minutes).sum();
        let points: u32 = self.founding().points.iter().map(|point| point.minutes).sum();
        if points > agenda {
            missing.push(Missing::Minutes { points, agenda });
        }
    }
}

/// Does this address mean the machine that it is typed on?
fn only_this_machine(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host
        .strip_prefix('[')
        .and_then(|v6| v6.split_once(']'))
        .map_or_else(|| host.split(':').next().unwrap_or_default(), |(v6, _)| v6);
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "::1"
        || host == "0.0.0.0"
        || host.starts_with("127.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_only_this_machine_understands_is_recognised() {
        for url in [
            "http://localhost:8080",
            "http://127.0.0.1:1/",
            "http://[::1]:80",
            "http://a.localhost",
            "http://0.0.0.0",
        ] {
            assert!(only_this_machine(url), "{url}");
        }
        for url in ["http://192.168.1.5:8080", "https://plenum.example.org", "http://localhost.example.org"] {
            assert!(!only_this_machine(url), "{url}");
        }
    }
}
