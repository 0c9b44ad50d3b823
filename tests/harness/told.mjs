// Everything that HTTP tells a token of a consultation, in one piece.

import { request } from './http.mjs';

export async function told(stage, token) {
  const paths = [
    `/api/consultations/${stage.id}`,
    ...stage.groups.map((group) => `/api/boards/${group.id}`),
    `/api/plenary/${stage.id}`,
    `/api/plenary/${stage.id}/suggestions`,
    `/api/consultations/${stage.id}/ledger`,
    ...['md', 'csv', 'json'].map((format) => `/api/plenary/${stage.id}/export.${format}`),
    `/api/plenary/${stage.id}/versions`,
  ];
  const answers = [];
  for (const path of paths) answers.push(await request(`${stage.server.url}${path}`, { token }));
  const { versions } = JSON.parse(answers.at(-1).text);
  for (const { number } of versions ?? []) answers.push(await request(`${stage.server.url}/api/plenary/${stage.id}/versions/${number}`, { token }));
  return Buffer.concat(answers.map((answer) => answer.bytes));
}
