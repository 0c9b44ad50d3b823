// One HTTP request on a connection of its own: a pooled one could have died with the server that a test killed.

import http from 'node:http';

const ANSWER_MS = 40_000;

/** Sends a request; any status is an answer. A body that is neither text nor bytes goes as JSON. */
export function request(url, { method = 'GET', token, headers = {}, body } = {}) {
  const all = { ...headers };
  let bytes = body;
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)) {
    bytes = JSON.stringify(body);
    all['content-type'] ??= 'application/json';
  }
  if (token !== undefined) all.authorization = `Bearer ${token}`;
  if (bytes !== undefined) all['content-length'] = Buffer.byteLength(bytes);
  return new Promise((resolve, reject) => {
    const call = http.request(url, { method, headers: all, agent: false, timeout: ANSWER_MS }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const raw = Buffer.concat(parts);
        resolve({ status: answer.statusCode, headers: answer.headers, bytes: raw, text: raw.toString('utf8') });
      });
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${ANSWER_MS} ms: ${method} ${url}`)));
    call.on('error', reject);
    call.end(bytes);
  });
}
