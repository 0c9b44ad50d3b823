// A reader for comma-separated values as RFC 4180 describes them. Written for the tests alone, so that what they count
// does not come from the code under test.

/** Rows of strings; every row has as many fields as the first. */
export function rows(text) {
  const all = [];
  let row = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const field = text[at] === '"' ? quoted(text, at) : plain(text, at);
    row.push(field.value);
    at = field.end;
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) row.push('');
      continue;
    }
    all.push(row);
    row = [];
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    else if (at < text.length) throw new Error(`a field is followed by ${JSON.stringify(text[at])} at ${at}`);
  }
  if (row.length > 0) all.push(row);
  const uneven = all.findIndex((one) => one.length !== all[0].length);
  if (uneven >= 0) throw new Error(`row ${uneven + 1} has ${all[uneven].length} fields, the first has ${all[0].length}`);
  return all;
}

/** Objects by the names in the first row. */
export function records(text) {
  const [names, ...rest] = rows(text);
  return rest.map((row) => Object.fromEntries(names.map((name, column) => [name, row[column]])));
}

function quoted(text, start) {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new Error(`a quoted field that begins at ${start} never ends`);
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

function plain(text, start) {
  let end = start;
  while (end < text.length && !',\r\n'.includes(text[end])) {
    if (text[end] === '"') throw new Error(`a quote inside a plain field at ${end}`);
    end += 1;
  }
  return { value: text.slice(start, end), end };
}
