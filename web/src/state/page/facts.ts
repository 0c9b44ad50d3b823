/** Facts that Rust and the page share, for parts and screens: they import nothing of the wire but its types. */
export * from '../../wire/constants';
