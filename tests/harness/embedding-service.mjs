// A real HTTP server that speaks OpenAI's embeddings interface. Vectors are made from what texts mean by a little
// dictionary, the same every time; and it can be slow, broken, huge, or talk nonsense.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createEncryptedServer } from 'node:https';

const NUMBERS = 64;

/** A direction of its own for each word. */
function direction(word) {
  const bytes = createHash('sha512').update(word).digest();
  return Array.from({ length: NUMBERS }, (_, at) => bytes[at] - 127.5);
}

/** What a text means: the sum of what its words mean. `meanings` says which words mean the same. */
function meaning(text, meanings) {
  const sum = new Array(NUMBERS).fill(0);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    const vector = direction(meanings[word] ?? word);
    vector.forEach((value, at) => (sum[at] += value));
  }
  return sum;
}

/** Ways not to answer. */
const MOODS = {
  broken: (response) => response.writeHead(500).end('texts: do not log me'),
  garbage: (response) => response.end('<html>this is no JSON</html>'),
  short: (response) => response.end(JSON.stringify({ data: [] })),
  nonsense: (response) => response.end(JSON.stringify({ data: [{ index: 7, embedding: ['x'] }] })),
  // More than any honest answer, as fast as it is taken.
  huge: (response) => {
    const chunk = Buffer.alloc(1024 * 1024, '9');
    let left = 64;
    const more = () => {
      while (left-- > 0) if (!response.write(chunk)) return response.once('drain', more);
      return response.end();
    };
    response.on('error', () => {});
    more();
  },
  away: (response) => response.socket.destroy(),
  elsewhere: (response) => response.writeHead(307, { location: 'http://127.0.0.1:9/stolen' }).end(),
  /** Takes the question and never answers. */
  silent: () => {},
};

/** Starts it; it ends with the test. `requests` holds what it was asked. `tls`: its key and certificate, for https. */
export async function embeddingService(t, { meanings = {}, mood, tls } = {}) {
  const service = { mood, requests: [], waiting: [] };
  const answer = (request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString());
      service.requests.push({ path: request.url, authorization: request.headers.authorization, ...body });
      if (service.mood !== undefined) {
        MOODS[service.mood](response);
        return;
      }
      const data = body.input.map((text, index) => ({ object: 'embedding', index, embedding: meaning(text, meanings) }));
      response.setHeader('content-type', 'application/json');
      // In another order than the texts: the index counts.
      response.end(JSON.stringify({ object: 'list', model: body.model, data: data.reverse() }));
    });
  };
  const server = tls === undefined ? createServer(answer) : createEncryptedServer(tls, answer);
  service.handshakesFailed = 0;
  server.on('tlsClientError', () => (service.handshakesFailed += 1));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  service.url = `http${tls === undefined ? '' : 's'}://127.0.0.1:${server.address().port}`;
  /** Every text that it was ever sent. */
  service.texts = () => service.requests.flatMap(({ input }) => input);
  return service;
}
