/** What somebody has read, as a command about words says it: the server refuses one about other words (rule C31). */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toHex } from './identifiers';

/** Of one text, as the server told it. */
export const wordsRead = (text: string): string => toHex(sha256(utf8ToBytes(text)));

/** Of several texts in their order. */
export const allRead = (texts: readonly string[]): string =>
  wordsRead(texts.map((text) => `${text}\0`).join(''));
