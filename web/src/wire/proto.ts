/** The types of the wire, generated from the Rust crate `proto`; this file is the one door to them. */
export type * from '../../../proto/bindings/proto';
