// What a document says, as plain values; and whether two documents are the same.

import { deepStrictEqual } from 'node:assert/strict';
import * as Y from 'yjs';

/** A board as plain values (rule B2). */
export function boardOf(doc) {
  return { ideas: doc.getMap('ideas').toJSON(), about: doc.getMap('about').toJSON() };
}

/** A plenary as plain values (rule B3). */
export function plenaryOf(doc) {
  return {
    items: doc.getMap('items').toJSON(),
    about: doc.getMap('about').toJSON(),
    statement: doc.getMap('statement').toJSON(),
  };
}

/** Undefined when two documents hold the same history and show the same; otherwise what differs. */
export function difference(one, other) {
  try {
    for (const name of new Set([...one.share.keys(), ...other.share.keys()])) {
      deepStrictEqual(one.getMap(name).toJSON(), other.getMap(name).toJSON(), `root ${name} differs`);
    }
  } catch (error) {
    return error.message;
  }
  for (const doc of [one, other]) {
    if (doc.store.pendingStructs || doc.store.pendingDs) return 'something waits for what never came';
  }
  if (!Y.equalSnapshots(Y.snapshot(one), Y.snapshot(other))) return 'the same words with another history';
  return undefined;
}

/** Undefined when the HTTP view of a board says what the document says; otherwise what differs. */
export function differenceFromView(doc, view) {
  const ideas = boardOf(doc).ideas;
  const shown = Object.entries(ideas)
    .map(([id, { text, entry, point, kind, lang, tally, state, into, locked, spoken, tr, tr_facts }]) => ({
      ...{ id, text, point, kind, lang, tally, state },
      ...(entry !== undefined && { entry }),
      ...(into && { into }),
      ...(locked && { locked }),
      ...(spoken && { spoken }),
      ...(Object.keys(tr).length > 0 && { tr, translations: translationsOf(tr, tr_facts) }),
    }))
    .sort(byId);
  try {
    deepStrictEqual([...view.ideas].sort(byId), shown);
  } catch (error) {
    return error.message;
  }
  return undefined;
}

/** Each translation with what is known of it. */
function translationsOf(tr, facts = {}) {
  return Object.fromEntries(Object.entries(tr).map(([lang, text]) => [lang, { text, ...facts[lang] }]));
}

function byId(one, other) {
  return one.id < other.id ? -1 : 1;
}
