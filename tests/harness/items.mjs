/** Ids of entries of the list, as rule C7 says. */
import { createHash } from 'node:crypto';

/** The id of the entry that is born with this idea's words in this section. */
export function itemOf(idea, section = 'recommendations') {
  const bytes = Buffer.from(idea.replaceAll('-', ''), 'hex');
  const digest = createHash('sha256').update(bytes).update(section).digest().subarray(0, 16);
  digest[6] = (digest[6] & 0x0f) | 0x80;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
