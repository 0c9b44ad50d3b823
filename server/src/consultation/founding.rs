//! How a consultation begins: from an organizer's wishes to its first record, with all its codes and links.

use proto::api::{Create, Created, CreatedGroup, Link, LocalText, NewPoint, Point};
use proto::ids::{ConsultationId, GroupId, PointId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use super::decide::Context;
use super::event::{Founding, StaffLink};
use super::secret::{hash_token, new_code, new_key, new_token};
use super::template::{standard, template};
use super::view::join_url;
use crate::clock::Entropy;
use crate::journal::Keys;

/// A consultation before it is in the journal.
#[derive(Debug)]
pub struct Founded {
    /// Its first record.
    pub founding: Founding,
    /// Its keys.
    pub keys: Keys,
    /// What the organizer gets: the only place where the tokens stand.
    pub created: Created,
}

/// Makes a consultation.
///
/// # Errors
/// When the template is not known, or there are too many groups or points, or names that are too long or empty.
pub fn found(wish: Create, public_url: &str, context: Context<'_>) -> Result<Founded, Problem> {
    let wish = with_template(wish)?;
    let entropy = context.entropy;
    let title = wish.title.unwrap_or_else(|| LocalText::Plain("Consultation".to_owned()));
    let names = if wish.groups.is_empty() { vec!["A".to_owned(), "B".to_owned()] } else { wish.groups };
    let points = if wish.points.is_empty() {
        vec![NewPoint::Title(LocalText::Plain("What should be done?".to_owned()))]
    } else {
        wish.points
    };
    check(&title, &names, &points, context)?;
    let id = ConsultationId(entropy.uuid());
    let mut links = Vec::new();
    let mut staff = |role: Role, group: Option<GroupId>| {
        let token = new_token(entropy);
        links.push(StaffLink { seat: SeatId(entropy.uuid()), role, group, token: hash_token(&token) });
        Link { url: staff_url(public_url, role, id, &token), token }
    };
    let (organizer, rapporteur, room) =
        (staff(Role::Organizer, None), staff(Role::Rapporteur, None), staff(Role::Room, None));
    let safeguarding = staff(Role::Safeguarding, None);
    let groups: Vec<CreatedGroup> = names
        .into_iter()
        .map(|name| {
            let group = GroupId(entropy.uuid());
            CreatedGroup { id: group, name, moderator: staff(Role::Moderator, Some(group)) }
        })
        .collect();
    let founding = Founding {
        title,
        points: points.into_iter().map(|point| new_point(point, entropy)).collect(),
        groups: groups.iter().map(|group| (group.id, group.name.clone())).collect(),
        settings: wish.settings.unwrap_or_default(),
        programme: Box::new(standard()),
        code: new_code(entropy),
        key: new_key(entropy),
        links,
        at: context.now,
    };
    let created = Created {
        id,
        code: founding.code.clone(),
        join_url: join_url(public_url, &founding.key),
        organizer,
        rapporteur,
        room,
        safeguarding,
        groups,
    };
    let keys = Keys { ballots: entropy.bytes(), bindings: entropy.bytes(), seats: entropy.bytes() };
    Ok(Founded { founding, keys, created })
}

/// What the wish leaves open is taken from its template.
fn with_template(wish: Create) -> Result<Create, Problem> {
    let Some(name) = &wish.template else { return Ok(wish) };
    let base = template(name)
        .ok_or_else(|| Problem::because(Code::NotFound, format!("There is no template \"{name}\".")))?;
    Ok(Create {
        title: wish.title.or(base.title),
        groups: if wish.groups.is_empty() { base.groups } else { wish.groups },
        points: if wish.points.is_empty() { base.points } else { wish.points },
        settings: wish.settings.or(base.settings),
        template: None,
    })
}

fn check(
    title: &LocalText,
    groups: &[String],
    points: &[NewPoint],
    context: Context<'_>,
) -> Result<(), Problem> {
    let limits = context.limits;
    if groups.len() > limits.groups_max {
        return Err(Problem::because(Code::Malformed, format!("At most {} groups.", limits.groups_max)));
    }
    if points.len() > limits.points_max {
        return Err(Problem::because(Code::Malformed, format!("At most {} points.", limits.points_max)));
    }
    let titles = points.iter().map(|point| match point {
        NewPoint::Full { title, .. } | NewPoint::Title(title) => title,
    });
    let texts = titles.chain([title]).flat_map(|text| match text {
        LocalText::Plain(text) => vec![text],
        LocalText::Localized(texts) => texts.values().collect(),
    });
    for text in texts.chain(groups) {
        if text.trim().is_empty() {
            return Err(Problem::because(Code::TextEmpty, "A title or name is empty."));
        }
        if text.encode_utf16().count() > limits.title_units_max {
            let detail = format!("A title or name is longer than {} units.", limits.title_units_max);
            return Err(Problem::because(Code::TextTooLong, detail));
        }
    }
    Ok(())
}

fn new_point(point: NewPoint, entropy: &Entropy) -> Point {
    /// Six minutes each, as on the model day.
    const MINUTES: u32 = 6;
    let (title, minutes) = match point {
        NewPoint::Full { title, minutes } => (title, minutes.unwrap_or(MINUTES)),
        NewPoint::Title(title) => (title, MINUTES),
    };
    Point { id: PointId(entropy.uuid()), title, minutes }
}

fn staff_url(public_url: &str, role: Role, id: ConsultationId, token: &str) -> String {
    let page = match role {
        Role::Organizer => "organize",
        Role::Moderator => "moderate",
        Role::Rapporteur => "report",
        Role::Room => "room",
        Role::Safeguarding => "safeguard",
        Role::Participant => "board",
    };
    format!("{public_url}/{page}#c={id}&t={token}")
}
