// A wire, in a page, on which the server says something else: for states that a test cannot bring about, such as a clock
// that jumps, or ten thousand ideas. What the page sends goes through as it is.

import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

const STATELESS = 5;

/** Before the page is opened: `change` may alter each stateless message of the server (C3), and `ending` the answer of that name. */
export async function rewritten(one, { change = () => undefined, ending = () => undefined }) {
  await one.page.routeWebSocket(/\/sync/, (page) => {
    const server = page.connectToServer();
    page.onMessage((message) => server.send(message));
    server.onMessage((message) => page.send(typeof message === 'string' ? message : altered(message, change)));
  });
  await one.page.route('**/ending', async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    ending(json);
    await route.fulfill({ response, json });
  });
}

function altered(message, change) {
  const decoder = decoding.createDecoder(new Uint8Array(message));
  const document = decoding.readVarString(decoder);
  if (decoding.readVarUint(decoder) !== STATELESS) return message;
  const told = JSON.parse(decoding.readVarString(decoder));
  change(told);
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, document);
  encoding.writeVarUint(encoder, STATELESS);
  encoding.writeVarString(encoder, JSON.stringify(told));
  return Buffer.from(encoding.toUint8Array(encoder));
}
