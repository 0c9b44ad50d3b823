/**
 * Does a text seem to hold a phone number, a mail address or a handle? Looked at on the phone only; people decide.
 */
const patterns = [
  /(?:\+|\b00)?\d(?:[\s().\-/]?\d){7,}/u,
  /[^\s@]+@[^\s@]+\.[^\s@]{2,}/u,
  /(?:^|\s)@[\p{L}\d_.]{3,}/u,
];

export function looksPersonal(text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}
