/** Facts that Rust and the page share, generated from the Rust crate `proto`; this file is the one door to them. */
export * from '../../../proto/bindings/constants';
