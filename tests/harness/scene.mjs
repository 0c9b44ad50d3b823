// A consultation to test in: a server, groups with seats, staff, and the clients that a test opens. Everything that
// was opened here ends with the test.

import { Api } from './api.mjs';
import { hocuspocus, yWebsocket } from './clients.mjs';
import { ending } from './ending.mjs';
import { startServer } from './server.mjs';

/**
 * Starts a server (unless one is given) and makes a consultation on it.
 * `groups`: names; `seats`: how many in each group; `phase`: where everybody is moved; `settings`, `points`: as in
 * the request.
 */
export async function scene(t, { server, groups = ['Harbour', 'Hills'], seats = 2, phase = 'brainstorm', settings, points } = {}) {
  const own = server === undefined;
  const made = new Scene(server ?? (await startServer()));
  t.after(async () => {
    made.endClients();
    if (own) await made.server.dispose();
  });
  await made.create({ groups, settings, points });
  for (const group of made.groups) {
    for (let index = 0; index < seats; index += 1) await made.join(group);
  }
  if (phase !== 'lobby') await made.phase(phase);
  return made;
}

class Scene {
  constructor(server) {
    this.server = server;
    this.api = new Api(server);
    this.clients = [];
  }

  async create({ groups, settings, points }) {
    this.created = await this.api.create({
      title: 'A consultation',
      groups,
      ...(settings && { settings }),
      ...(points && { points }),
    });
    this.id = this.created.id;
    this.organizer = this.created.organizer.token;
    this.editor = this.created.editor.token;
    this.room = this.created.room.token;
    this.safeguarding = this.created.safeguarding.token;
    this.groups = this.created.groups.map((group) => ({
      ...group,
      moderator: group.moderator.token,
      rapporteur: group.rapporteur.token,
      seats: [],
    }));
    this.key = this.created.join_url.match(/[0-9a-f]{32}/)[0];
    this.points = (await this.api.consultation(this.organizer, this.id)).points;
  }

  /** A new seat, by the key of the QR code: typed codes are slowed down on purpose. */
  async join(group = this.groups[0]) {
    // Beyond a burst people wait at the door, unless the organizer lets them in.
    this.joined = (this.joined ?? 0) + 1;
    const seat = await this.api.join({ key: this.key, group: group.id }, this.joined > 250 ? this.organizer : undefined);
    group.seats.push(seat);
    return seat;
  }

  phase(phase, group) {
    return this.api.phase(this.organizer, phase, group?.id);
  }

  /** Sends an idea to the plenary from the review of its group, as its moderator; moves the group there if it is earlier in its day. */
  async promote(idea, { group = this.groups[0], by = group.moderator, on = true, kind } = {}) {
    const { groups } = await this.api.consultation(this.organizer, this.id);
    const { phase } = groups.find(({ id }) => id === group.id);
    if (!['review', 'plenary'].includes(phase)) await this.phase('review', group);
    return this.api.command(by, { do: 'promote', idea, on, ...(kind && { kind }) });
  }

  /** Shares an idea as the first seat of a group. */
  share(text, { group = this.groups[0], seat = group.seats[0], ...fields } = {}) {
    return this.api.share(seat.token, { group: group.id, text, ...fields });
  }

  /** A staff token as a seat that a client can be opened with. */
  staff(token, document = `board/${this.groups[0].id}`) {
    return { token, consultation: this.id, document };
  }

  async hocuspocus(seat, options) {
    const client = await hocuspocus(this.api, seat, options);
    this.clients.push(client);
    return client;
  }

  async yWebsocket(seat, options) {
    const client = await yWebsocket(this.api, seat, options);
    this.clients.push(client);
    return client;
  }

  view(group = this.groups[0], token = this.organizer) {
    return this.api.board(token, group.id);
  }

  /** Ends a client that a test is done with; the ending does not look at it any more. */
  drop(client) {
    client.destroy();
    this.clients = this.clients.filter((one) => one !== client);
  }

  endClients() {
    for (const client of this.clients) client.destroy();
    this.clients = [];
  }

  /** The end of every end-to-end test. */
  end(options) {
    return ending(this, options);
  }
}
