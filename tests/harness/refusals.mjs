// What a refusal must look like wherever it comes from: words, a status, a code that the client can translate.

import assert from 'node:assert/strict';
import { Refused } from './api.mjs';

/** Code → status, as in the specification of problems. */
export const STATUS = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  'wrong-phase': 409,
  'groups-stay': 403,
  'nothing-there': 409,
  'unknown-code': 404,
  'door-closed': 403,
  'too-many-tries': 429,
  'not-found': 404,
  conflict: 409,
  stale: 409,
  'last-organizer': 409,
  'in-use': 409,
  template: 422,
  'not-a-pdf': 415,
  'over-budget': 409,
  'too-many-ideas': 409,
  'too-many-promoted': 409,
  'too-many-objections': 409,
  'text-too-long': 413,
  'text-empty': 422,
  'idea-empty': 409,
  letters: 422,
  'too-large': 413,
  'too-fast': 429,
  'too-slow': 408,
  'wrong-receipt': 403,
  'not-an-edit': 400,
  'other-epoch': 409,
  misdirected: 421,
  'seat-moved': 410,
  unavailable: 503,
};

/** Asserts that a promise is refused with this code, over HTTP, as a complete problem body. */
export async function refused(promise, code, what = code) {
  const error = await promise.then(
    (value) => assert.fail(`${what}: expected ${code}, but it was done: ${JSON.stringify(value)}`),
    (reason) => reason,
  );
  if (!(error instanceof Refused)) throw error;
  assert.equal(error.code, code, `${what}: ${error.message}`);
  assert.equal(error.status, STATUS[code], `${what}: the status of ${code}`);
  assert.match(error.contentType, /^application\/problem\+json/, `${what}: a problem body`);
  isProblem(error.body, code);
  return error;
}

/** Asserts that a value is a problem with this code, in words. */
export function isProblem(problem, code) {
  assert.equal(problem.code, code, JSON.stringify(problem));
  assert.equal(problem.status, STATUS[code]);
  for (const words of [problem.title, problem.detail]) {
    assert.match(words, /^\S.{5,}/, 'it says why in words');
    assert.doesNotMatch(words, /panicked|unwrap|\bat src\/|Some\(|None\b/, 'words for people');
  }
}
