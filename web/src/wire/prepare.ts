/** Requests of an organizer who prepares: templates, what is prepared and what is missing, files, staff links. */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { ask, json } from './http';
import { newId, randomBytes, toHex } from './identifiers';
import type { Place } from './places';
import type { Checklist, Created, LinkInfo, Preparation, Role } from './proto';

const at = (place: Place): string => `/api/consultations/${place.consultation}`;

export function importTemplate(key: string, file: Blob): Promise<Created> {
  return json('/api/consultations/import', { method: 'POST', bearer: key, file });
}

export async function exportTemplate(place: Place): Promise<Blob> {
  return (await ask(`${at(place)}/template`, { bearer: place.token })).blob();
}

export function preparation(place: Place): Promise<Preparation> {
  return json(`${at(place)}/preparation`, { bearer: place.token });
}

export function checklist(place: Place): Promise<Checklist> {
  return json(`${at(place)}/checklist`, { bearer: place.token });
}

export function staffLinks(place: Place): Promise<LinkInfo[]> {
  return json(`${at(place)}/links`, { bearer: place.token });
}

export async function uploadFile(place: Place, material: string, file: Blob): Promise<void> {
  await ask(`${at(place)}/materials/${material}`, { method: 'PUT', bearer: place.token, file });
}

const pages: Record<Role, string> = {
  organizer: 'organize',
  moderator: 'moderate',
  rapporteur: 'report',
  editor: 'edit',
  translator: 'translate',
  room: 'room',
  safeguarding: 'safeguard',
  participant: 'board',
};

/** A new staff link: the server is told the hash of its token, and never the token. */
export function newLink(
  place: Place,
  role: Role,
  publicUrl: string,
): { seat: string; hash: string; url: string } {
  const token = btoa(String.fromCharCode(...randomBytes(32)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  const url = `${publicUrl}/${pages[role]}#c=${place.consultation}&t=${token}`;
  return { seat: newId(), hash: toHex(sha256(utf8ToBytes(token))), url };
}
