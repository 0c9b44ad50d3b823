/** Requests to the server. Every refusal becomes a `Refusal` with a code that the screens have words for. */
import type {
  Action,
  Alert,
  Answer,
  BoardView,
  EntryCards,
  Code,
  ConsultationView,
  Create,
  Created,
  DeskList,
  DeskPage,
  JoinInfo,
  FieldError,
  Join,
  Joined,
  LateShelf,
  Handover,
  HandoverPlace,
  HandoverView,
  Problem,
  ProgrammeView,
  SeatCode,
  Wordings,
  WordingsPage,
} from './proto';
import { noteWait } from './wait';

/** What the server refused, or `offline` when it could not be reached. */
export class Refusal extends Error {
  readonly code: Code | 'offline';
  /** Of something prepared: everything that is wrong in it. */
  readonly errors: readonly FieldError[];
  /** Of `too-many-tries`: the place in the queue, to come back to. */
  readonly ticket: string | null;
  /** Of `purged`, for an organizer: where the certificate is. */
  readonly certificate: string | null;
  constructor(
    code: Code | 'offline',
    detail: string,
    errors: readonly FieldError[] = [],
    { ticket, certificate }: { ticket?: string; certificate?: string } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.ticket = ticket ?? null;
    this.certificate = certificate ?? null;
  }
}

interface Wish {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  bearer?: string;
  body?: unknown;
  /** A file, as it is, instead of a body. */
  file?: Blob;
  /** The place in the queue of typed codes. */
  ticket?: string | null;
}

export async function ask(path: string, wish: Wish): Promise<Response> {
  const headers: Record<string, string> = {};
  if (wish.bearer !== undefined) headers['Authorization'] = `Bearer ${wish.bearer}`;
  if (wish.body !== undefined) headers['Content-Type'] = 'application/json';
  if (wish.ticket !== undefined && wish.ticket !== null) headers['Plenum-Ticket'] = wish.ticket;
  let response: Response;
  try {
    response = await fetch(path, {
      method: wish.method ?? 'GET',
      headers,
      credentials: 'omit',
      cache: 'no-store',
      ...(wish.body === undefined ? {} : { body: JSON.stringify(wish.body) }),
      ...(wish.file === undefined ? {} : { body: wish.file }),
    });
  } catch {
    throw new Refusal('offline', 'the server cannot be reached');
  }
  if (!response.ok) throw await refusalIn(response);
  return response;
}

async function refusalIn(response: Response): Promise<Refusal> {
  try {
    const problem = (await response.json()) as Problem;
    noteWait(problem);
    return new Refusal(problem.code, problem.detail, problem.errors ?? [], problem);
  } catch {
    return new Refusal('unavailable', `status ${String(response.status)}`);
  }
}

export async function json<Body>(path: string, wish: Wish): Promise<Body> {
  return (await (await ask(path, wish)).json()) as Body;
}

/** `ticket`: the place in the queue that a refusal of a typed code gave. */
export function doorstep(codeOrKey: string, ticket: string | null = null): Promise<JoinInfo> {
  return json(`/api/join/${encodeURIComponent(codeOrKey)}`, { ticket });
}

export function join(wish: Join, ticket: string | null = null): Promise<Joined> {
  return json('/api/join', { method: 'POST', body: wish, ticket });
}

/** What was prepared for people to read. */
export function programme(token: string, consultation: string): Promise<ProgrammeView> {
  return json(`/api/consultations/${consultation}/programme`, { bearer: token });
}

/** A file to read. */
export async function materialFile(address: string, token: string): Promise<Blob> {
  return (await ask(address, { bearer: token })).blob();
}

/** The roll of cards, for organizers. */
export function cards(token: string, consultation: string): Promise<EntryCards> {
  return json(`/api/consultations/${consultation}/entry-cards`, { bearer: token });
}

/** What this seat shows to be moved. */
export function seatCode(token: string, consultation: string): Promise<SeatCode> {
  return json(`/api/consultations/${consultation}/seat-code`, { method: 'POST', bearer: token, body: {} });
}

export function leaveParcel(token: string, sealed: string): Promise<HandoverPlace> {
  return json('/api/handover', { method: 'POST', bearer: token, body: { sealed } });
}

/** What is in a parcel; it stays there. */
export function lookAtParcel(id: string): Promise<HandoverView> {
  return json(`/api/handover/${encodeURIComponent(id)}`, {});
}

/** A parcel, once. */
export function fetchParcel(id: string): Promise<Handover> {
  return json(`/api/handover/${encodeURIComponent(id)}`, { method: 'POST' });
}

/** Another token for a participant's seat; the one that asks ends. The same request has the same answer. */
export function exchangeToken(token: string, consultation: string, request: string): Promise<Joined> {
  return json(`/api/consultations/${consultation}/exchange`, {
    method: 'POST',
    bearer: token,
    body: { request },
  });
}

export function createConsultation(key: string, wish: Partial<Create>): Promise<Created> {
  return json('/api/consultations', { method: 'POST', bearer: key, body: wish });
}

export function programmeOf(token: string, consultation: string): Promise<ProgrammeView> {
  return json(`/api/consultations/${consultation}/programme`, { bearer: token });
}

export function command(token: string, wish: Action & { id: string }): Promise<Answer> {
  return json('/api/commands', { method: 'POST', bearer: token, body: wish });
}

/** Earlier wordings of an idea, for its moderator. */
export function wordings(token: string, group: string, idea: string): Promise<Wordings> {
  return json(`/api/boards/${group}/wordings/${idea}`, { bearer: token });
}

/** Earlier wordings of all ideas of a group that had several, a page from a place on. */
export function wordingsPage(token: string, group: string, from: number): Promise<WordingsPage> {
  return json(`/api/boards/${group}/wordings?from=${String(from)}`, { bearer: token });
}

/** What arrived after a board was locked. */
export function lateShelf(token: string, group: string): Promise<LateShelf> {
  return json(`/api/boards/${group}/late`, { bearer: token });
}

/** A page of what waits for a moderator, or of what is hidden, from a place on. */
export function deskPage(token: string, group: string, of: DeskList, from: number): Promise<DeskPage> {
  return json(`/api/boards/${group}/desk?of=${of}&from=${String(from)}`, { bearer: token });
}

/** A page of the reports that somebody may be in danger, from a place on. */
export function alertPage(token: string, id: string, from: number): Promise<Alert[]> {
  return json(`/api/consultations/${id}/alerts?from=${String(from)}`, { bearer: token });
}

/** The list as a file. */
export type Ending = 'docx' | 'md' | 'csv' | 'json';

/** A file of the plenary, in a language. */
export async function exportFile(
  token: string,
  consultation: string,
  ending: Ending,
  language: string,
  version?: number,
): Promise<Blob> {
  const of = version === undefined ? '' : `&version=${String(version)}`;
  const path = `/api/plenary/${consultation}/export.${ending}?lang=${language}${of}`;
  const response = await ask(path, { bearer: token });
  return response.blob();
}

/** The consultation as this place sees it. */
export function consultation(place: { consultation: string; token: string }): Promise<ConsultationView> {
  return json(`/api/consultations/${place.consultation}`, { bearer: place.token });
}

/** A board as it is now. */
export function board(place: { token: string }, group: string): Promise<BoardView> {
  return json(`/api/boards/${group}`, { bearer: place.token });
}
