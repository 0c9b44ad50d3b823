// What people do in a text: they type, paste, replace, move, erase, in many scripts, and take it back. Each act is one
// or several transactions of a stock Y.Doc.

/** What is typed, by script; every piece is short, because a text on a board is. */
const PIECES = {
  latin: ['a', 'ï', ' ', 'the ', 'water is ', 'ﬁ', 'e\u0301', 'Z̧͖̰̦͉', '\n', '"quoted", ', '<b>&amp;'],
  emoji: ['😀', '😁', '🚆', '🇺🇳', '👍🏽', '1️⃣', '☠︎', '𝒜'],
  families: ['👨‍👩‍👧', '👩🏿‍🚒', '🏳️‍🌈', '🧑‍🤝‍🧑 ', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  rightToLeft: ['مرحبا ', 'الأمان', 'שלום ', '\u200fא\u200e', 'نعلّم ٣ ', 'فارسی\u200cها'],
  others: ['संवाद ', '你好', 'に日本', '한국어', 'ไทย', 'Ждите ', '\u{fffd}', '\u{10ffff}', '\t'],
};
const SCRIPTS = Object.keys(PIECES);
/** Screens stop at 500; people who write offline beside each other stay below the gate's 1,000 together. */
const UNITS_MAX = 160;

/** Where a caret may stand: never inside a surrogate pair. */
function carets(words) {
  const places = [0];
  for (const character of words) places.push(places.at(-1) + character.length);
  return places;
}

/** A stretch of the text, possibly empty. */
function stretch(text, random, most) {
  const places = carets(text.toString());
  const from = random.below(places.length);
  const to = Math.min(places.length - 1, from + random.below(most + 1));
  return { at: places[from], length: places[to] - places[from] };
}

function caret(text, random) {
  return random.pick(carets(text.toString()));
}

const ACTS = {
  /** Letter by letter, each an update of its own; often the last one is wrong. */
  type({ text, random, piece }) {
    let at = caret(text, random);
    for (const letter of piece() + piece()) {
      text.insert(at, letter);
      at += letter.length;
      if (random.below(8) === 0) text.delete((at -= letter.length), letter.length);
    }
  },
  paste: ({ text, random, piece }) => text.insert(caret(text, random), piece() + piece() + piece()),
  erase({ text, random }) {
    const { at, length } = stretch(text, random, 12);
    if (length > 0) text.delete(at, length);
  },
  backspace({ text, random }) {
    for (let times = 1 + random.below(6); times > 0 && text.length > 0; times -= 1) {
      const last = [...text.toString()].at(-1);
      text.delete(text.length - last.length, last.length);
    }
  },
  replace({ doc, text, random, piece }, origin) {
    const { at, length } = stretch(text, random, 8);
    doc.transact(() => {
      if (length > 0) text.delete(at, length);
      text.insert(at, piece());
    }, origin);
  },
  rewrite({ doc, text, piece }, origin) {
    doc.transact(() => {
      text.delete(0, text.length);
      text.insert(0, piece() + piece());
    }, origin);
  },
  move({ doc, text, random }, origin) {
    const { at, length } = stretch(text, random, 6);
    const words = text.toString().slice(at, at + length);
    if (length === 0) return;
    doc.transact(() => {
      text.delete(at, length);
      text.insert(caret(text, random), words);
    }, origin);
  },
  /** Typed and taken back before it left: only tombstones are sent. */
  regret({ doc, text, random, piece }, origin) {
    const [at, words] = [caret(text, random), piece()];
    doc.transact(() => {
      text.insert(at, words);
      text.delete(at, words.length);
    }, origin);
  },
  /** Many places in many texts at once. */
  many({ doc, texts, random, piece }, origin) {
    doc.transact(() => {
      for (let times = 2 + random.below(5); times > 0; times -= 1) {
        const text = random.pick(texts);
        const { at, length } = stretch(text, random, 3);
        if (length > 0 && random.below(2) === 0) text.delete(at, length);
        else if (text.length < UNITS_MAX) text.insert(at, piece());
      }
    }, origin);
  },
  /** As a naive comparison of two strings does it: one emoji for another changes half of its surrogate pair. */
  naive({ doc, text, random }, origin) {
    const at = text.toString().indexOf('😀');
    if (at < 0) return text.insert(caret(text, random), '😀');
    return doc.transact(() => {
      text.delete(at + 1, 1);
      text.insert(at + 1, '😁'[1]);
    }, origin);
  },
  /** As editors do. */
  delta({ doc, text, random, piece }, origin) {
    const { at, length } = stretch(text, random, 5);
    const delta = [at > 0 && { retain: at }, { insert: piece() }, length > 0 && { delete: length }].filter(Boolean);
    doc.transact(() => text.applyDelta(delta), origin);
  },
};
const USUAL = ['type', 'type', 'type', 'paste', 'erase', 'backspace', 'replace', 'rewrite', 'move', 'regret', 'many', 'naive', 'delta'];
const SHORTER = ['erase', 'backspace', 'rewrite'];
/** Boards have tempers: most are usual, on some people mostly erase. */
export const TEMPERS = { usual: USUAL, erasing: [...USUAL, 'erase', 'erase', 'erase', 'backspace', 'backspace', 'regret'] };

/** One act of a person in one of the texts. Gives its name and its script. */
export function act({ doc, texts, random, temper }, origin) {
  const text = random.pick(texts);
  const script = random.pick(SCRIPTS);
  const piece = () => random.pick(PIECES[script]);
  const name = random.pick(text.length > UNITS_MAX ? SHORTER : TEMPERS[temper]);
  ACTS[name]({ doc, text, texts, random, piece }, origin);
  return { name, script };
}
