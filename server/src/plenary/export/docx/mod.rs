//! The page as a Word document, for rapporteurs to edit.
//!
//! Headings are heading styles, recommendations a numbered list that renumbers itself, and every text has its own
//! direction and language, of its paragraph and of its letters (`runs`). The parts of the package that never change
//! are files beside this one. No author, no time, no hidden text; the same list makes the same bytes.

mod body;
mod runs;
#[cfg(test)]
mod tests;

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Export;
use super::page::page;

/// What the browser is told about the file.
pub const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The whole file.
///
/// # Errors
/// None that a list can cause; a document of more than 4 GiB.
pub fn docx(export: &Export) -> Result<Vec<u8>, zip::result::ZipError> {
    let document = body::document(export, &page(export));
    let parts = [
        ("[Content_Types].xml", include_str!("content_types.xml").to_owned()),
        ("_rels/.rels", include_str!("package.rels").to_owned()),
        ("docProps/core.xml", body::properties(export)),
        ("word/document.xml", document.body),
        ("word/numbering.xml", document.numbering),
        ("word/footer1.xml", document.footer),
        ("word/styles.xml", include_str!("styles.xml").to_owned()),
        ("word/settings.xml", include_str!("settings.xml").to_owned()),
        ("word/_rels/document.xml.rels", include_str!("document.rels").to_owned()),
    ];
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, xml) in parts {
        package.start_file(name, options)?;
        package.write_all(xml.as_bytes())?;
    }
    Ok(package.finish()?.into_inner())
}
