//! Updates written by hand, honest or not.

use crate::ids::ClientId;

use super::super::reader::{Id, put_id, put_number, put_text};

/// Any struct that a liar may write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Forged {
    Gc(u32),
    Item { left: Option<Id>, right: Option<Id>, parent: Option<Id>, content: ForgedContent },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ForgedContent {
    Characters(String),
    Deleted(u32),
}

pub const fn id(client: u64, clock: u32) -> Id {
    Id { client: ClientId(client), clock }
}

pub fn characters(text: &str) -> ForgedContent {
    ForgedContent::Characters(text.to_owned())
}

/// Characters behind `left`.
pub fn behind(left: Id, text: &str) -> Forged {
    Forged::Item { left: Some(left), right: None, parent: None, content: characters(text) }
}

/// Characters in an empty text.
pub fn inside(parent: Id, text: &str) -> Forged {
    Forged::Item { left: None, right: None, parent: Some(parent), content: characters(text) }
}

/// The update with these sections (client, first clock, structs) and delete ranges (start, length).
pub fn update(sections: &[(u64, u32, Vec<Forged>)], deletes: &[(u64, Vec<(u32, u32)>)]) -> Vec<u8> {
    let mut out = Vec::new();
    put_number(&mut out, sections.len() as u64);
    for (client, clock, structs) in sections {
        put_number(&mut out, structs.len() as u64);
        put_id(&mut out, id(*client, *clock));
        for forged in structs {
            put_struct(&mut out, forged);
        }
    }
    put_number(&mut out, deletes.len() as u64);
    for (client, ranges) in deletes {
        put_number(&mut out, *client);
        put_number(&mut out, ranges.len() as u64);
        for (start, length) in ranges {
            put_number(&mut out, u64::from(*start));
            put_number(&mut out, u64::from(*length));
        }
    }
    out
}

fn put_struct(out: &mut Vec<u8>, forged: &Forged) {
    match forged {
        Forged::Gc(length) => {
            out.push(0);
            put_number(out, u64::from(*length));
        }
        Forged::Item { left, right, parent, content } => {
            let number = match content {
                ForgedContent::Deleted(_) => 1,
                ForgedContent::Characters(_) => 4,
            };
            out.push(number | if left.is_some() { 0x80 } else { 0 } | if right.is_some() { 0x40 } else { 0 });
            for id in left.iter().chain(right) {
                put_id(out, *id);
            }
            if left.is_none() && right.is_none() {
                match parent {
                    Some(parent) => {
                        put_number(out, 0);
                        put_id(out, *parent);
                    }
                    None => {
                        put_number(out, 1);
                        put_text(out, "root");
                    }
                }
            }
            match content {
                ForgedContent::Deleted(length) => put_number(out, u64::from(*length)),
                ForgedContent::Characters(text) => put_text(out, text),
            }
        }
    }
}
