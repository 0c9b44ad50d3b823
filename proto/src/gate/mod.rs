//! What may reach yrs: bytes from outside become small typed values, or are refused.
