//! What a document says, made once for everybody who reads the same version of it.
//!
//! A board of 10,000 ideas takes a tenth of a second to read and as long to write as JSON. So the room keeps the view of its
//! present version once somebody asked for it, and the first who sends it as JSON keeps that beside it; it is dropped with
//! the next change, before anybody hears of that change. What is read costs its reader by its size (rule W16).

use std::borrow::Borrow;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use proto::api::consultation::BoardView;
use serde::Serialize;

/// A view that is shared by all who read it.
#[derive(Debug)]
pub struct Shared<T>(Arc<Once<T>>);

#[derive(Debug)]
struct Once<T> {
    view: T,
    json: OnceLock<Bytes>,
}

impl<T> Shared<T> {
    /// A view that was just made.
    #[must_use]
    pub fn new(view: T) -> Self {
        Self(Arc::new(Once { view, json: OnceLock::new() }))
    }

    /// Are these the same one, made once?
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Serialize> Shared<T> {
    /// The view as JSON, written by the first who asks; nothing when it cannot be written.
    #[must_use]
    pub fn json(&self) -> Option<Bytes> {
        if let Some(json) = self.0.json.get() {
            return Some(json.clone());
        }
        let json = Bytes::from(serde_json::to_vec(&self.0.view).ok()?);
        Some(self.0.json.get_or_init(|| json).clone())
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.view
    }
}

impl Borrow<BoardView> for Shared<BoardView> {
    fn borrow(&self) -> &BoardView {
        self
    }
}

/// What a room keeps of its present version.
#[derive(Debug)]
pub(super) struct Kept<T>(Option<Shared<T>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Kept<T> {
    /// The view, made if nobody asked before.
    pub fn get(&mut self, make: impl FnOnce() -> T) -> Shared<T> {
        self.0.get_or_insert_with(|| Shared::new(make())).clone()
    }

    /// The document says something else now.
    pub fn forget(&mut self) {
        self.0 = None;
    }

    /// Has somebody asked for this version?
    pub const fn is_made(&self) -> bool {
        self.0.is_some()
    }
}
