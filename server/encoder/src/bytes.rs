//! Reading numbers from bytes of which nothing is believed.

use crate::ModelError;

/// Bytes that are read from the front.
pub(crate) struct Reader<'a> {
    left: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { left: bytes }
    }

    /// The next bytes, exactly as many as asked for.
    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], ModelError> {
        let (taken, left) = self.left.split_at_checked(count).ok_or(ModelError::Cut)?;
        self.left = left;
        Ok(taken)
    }

    /// All that is left.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.left
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let (taken, left) = self.left.split_first_chunk().ok_or(ModelError::Cut)?;
        self.left = left;
        Ok(*taken)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ModelError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn f32(&mut self) -> Result<f32, ModelError> {
        self.array().map(f32::from_le_bytes)
    }

    /// A number in seven bits a byte, as Protocol Buffers write it.
    pub(crate) fn varint(&mut self) -> Result<u64, ModelError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(ModelError::Cut)
    }

    /// The next field of a Protocol Buffers message.
    pub(crate) fn field(&mut self) -> Result<Field<'a>, ModelError> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => self.varint().map(|_| Value::Unused)?,
            1 => self.take(8).map(|_| Value::Unused)?,
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| ModelError::Cut)?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Float(self.f32()?),
            _ => return Err(ModelError::Cut),
        };
        Ok(Field { number: key >> 3, value })
    }
}

/// A field of a Protocol Buffers message.
pub(crate) struct Field<'a> {
    pub(crate) number: u64,
    pub(crate) value: Value<'a>,
}

/// What a field holds, by its wire type.
pub(crate) enum Value<'a> {
    Float(f32),
    Bytes(&'a [u8]),
    /// A kind of number that the model does not use.
    Unused,
}
