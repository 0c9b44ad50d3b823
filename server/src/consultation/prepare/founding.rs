//! How a consultation begins: from an organizer's wishes to its first record, with all its codes and links.

use proto::api::consultation::{Create, Created, CreatedGroup, Link, LocalText, NewPoint, Point};
use proto::ids::{ConsultationId, GroupId, MaterialId, PointId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;
use proto::text::letters::TextKind;

use super::template::{NewGroup, PreparedPoint, Template, is_language, template};
use crate::clock::Entropy;
use crate::config::Limits;
use crate::consultation::decide::Context;
use crate::consultation::event::{Founding, StaffLink};
use crate::consultation::secret::{hash_token, join_url, new_code, new_key, new_token};
use crate::consultation::text_rules::checked;
use crate::journal::Keys;

/// A consultation before it is in the journal.
#[derive(Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Founded {
    /// Its first record.
    pub founding: Founding,
    pub keys: Keys,
    /// What the organizer gets: the only place where the tokens stand.
    pub created: Created,
}

/// Makes a consultation of an organizer's wish.
///
/// # Errors
/// When the template is not known, or there are too many groups or points, or names that are too long or empty.
pub fn create(wish: Create, public_url: &str, context: Context<'_>) -> Result<Founded, Problem> {
    let template = with_template(wish)?;
    check(&template, context)?;
    Ok(create_from(template, public_url, context))
}

/// Makes a consultation of a template that was read.
#[must_use]
pub fn create_from(template: Template, public_url: &str, context: Context<'_>) -> Founded {
    let entropy = context.entropy;
    let Template { title, points, groups, settings, materials, public_url: own_url, mut programme } =
        template;
    let public_url = own_url.as_deref().unwrap_or(public_url);
    let id = ConsultationId(entropy.uuid());
    let mut links = Vec::new();
    let mut staff = |role: Role, group: Option<GroupId>| {
        let token = new_token(entropy);
        let (seat, label) = (SeatId(entropy.uuid()), String::new());
        links.push(StaffLink { seat, role, group, lang: None, token: hash_token(&token), label });
        Link { url: staff_url(public_url, role, id, &token), token }
    };
    let (organizer, editor, room) =
        (staff(Role::Organizer, None), staff(Role::Editor, None), staff(Role::Projector, None));
    let safeguarding = staff(Role::Safeguarding, None);
    let groups: Vec<CreatedGroup> = groups
        .into_iter()
        .map(|NewGroup { name, .. }| {
            let group = GroupId(entropy.uuid());
            let [moderator, rapporteur] =
                [Role::Moderator, Role::Rapporteur].map(|role| staff(role, Some(group)));
            CreatedGroup { id: group, name, moderator, rapporteur }
        })
        .collect();
    programme.materials =
        materials.into_iter().map(|material| material.with_id(MaterialId(entropy.uuid()))).collect();
    let founding = Founding {
        title,
        points: points.into_iter().map(|point| new_point(point, entropy)).collect(),
        groups: groups.iter().map(|group| (group.id, group.name.clone())).collect(),
        settings,
        programme: Box::new(programme),
        public_url: own_url.clone(),
        code: new_code(entropy),
        key: new_key(entropy),
        links,
        at: context.now,
        rehearsal_of: None,
    };
    let created = Created {
        id,
        code: founding.code.clone(),
        join_url: join_url(public_url, &founding.key),
        organizer,
        editor,
        room,
        safeguarding,
        groups,
    };
    let keys = Keys { ballots: entropy.bytes(), bindings: entropy.bytes(), seats: entropy.bytes() };
    Founded { founding, keys, created }
}

/// What the wish leaves open is taken from its template.
fn with_template(wish: Create) -> Result<Template, Problem> {
    let base = match &wish.template {
        None => Template::default(),
        Some(name) => template(name)
            .ok_or_else(|| Problem::because(Code::NotFound, format!("There is no template \"{name}\".")))?,
    };
    let group = |name| NewGroup { id: None, name };
    Ok(Template {
        title: wish.title.unwrap_or(base.title),
        groups: if wish.groups.is_empty() {
            base.groups
        } else {
            wish.groups.into_iter().map(group).collect()
        },
        points: if wish.points.is_empty() {
            base.points
        } else {
            wish.points.into_iter().map(prepared).collect()
        },
        settings: wish.settings.unwrap_or(base.settings),
        ..base
    })
}

fn check(template: &Template, context: Context<'_>) -> Result<(), Problem> {
    let limits = context.limits;
    if template.groups.len() > limits.groups_max {
        return Err(Problem::because(Code::Malformed, format!("At most {} groups.", limits.groups_max)));
    }
    if template.points.len() > limits.points_max {
        return Err(Problem::because(Code::Malformed, format!("At most {} points.", limits.points_max)));
    }
    for group in &template.groups {
        checked(&group.name, TextKind::Line, limits.title_units_max)?;
    }
    check_title(&template.title, TextKind::Line, limits)?;
    template.points.iter().try_for_each(|point| check_title(&point.title, TextKind::Lines, limits))
}

/// Checks a title in every language that it has.
fn check_title(title: &LocalText, kind: TextKind, limits: &Limits) -> Result<(), Problem> {
    let texts: Vec<&String> = match title {
        LocalText::Plain(text) => vec![text],
        LocalText::Localized(texts) => texts.values().collect(),
    };
    if texts.is_empty() {
        return Err(Problem::because(Code::TextEmpty, "A title is in no language."));
    }
    if title.languages().any(|tag| !is_language(tag)) {
        return Err(Problem::because(Code::Malformed, "A title has a key that is no language."));
    }
    texts.into_iter().try_for_each(|text| checked(text, kind, limits.title_units_max))
}

fn prepared(point: NewPoint) -> PreparedPoint {
    /// Six minutes each, where nobody says how many.
    const MINUTES: u32 = 6;
    let (title, minutes, kind) = match point {
        NewPoint::Full { title, minutes, kind } => (title, minutes.unwrap_or(MINUTES), kind),
        NewPoint::Title(title) => (title, MINUTES, None),
    };
    PreparedPoint { id: None, title, minutes, kind }
}

/// A point with its id.
pub(in crate::consultation) fn new_point(point: PreparedPoint, entropy: &Entropy) -> Point {
    let id = point.id.unwrap_or_else(|| PointId(entropy.uuid()));
    Point { id, title: point.title, minutes: point.minutes, kind: point.kind }
}

fn staff_url(public_url: &str, role: Role, id: ConsultationId, token: &str) -> String {
    let page = match role {
        Role::Organizer => "organize",
        Role::Moderator => "moderate",
        Role::Rapporteur => "report",
        Role::Editor => "edit",
        Role::Translator => "translate",
        Role::Projector => "room",
        Role::Safeguarding => "safeguard",
        Role::Participant => "board",
    };
    format!("{public_url}/{page}#c={id}&t={token}")
}
