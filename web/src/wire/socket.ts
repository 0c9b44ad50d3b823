/**
 * A WebSocket that shows each document what really leaves for it.
 *
 * The provider queues messages while it is offline and sends them all after a reconnect, one per keystroke, followed
 * by a step 2 that holds them again. Here updates leave only after the step 2 of their connection, and at most one
 * per document in 50 ms: the first at once, the rest of that time as one.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

const typeSync = 0;
const stepTwo = 1;
const update = 2;
const paceMilliseconds = 50;

/** What a document wants to know of its own messages. */
export interface Line {
  readonly handshaken: boolean;
  stepTwoLeft(): void;
  updateLeft(): void;
}

/** The documents of one connection by their full key. */
export type Lines = Map<string, Line>;

interface Held {
  updates: Uint8Array[];
  timer: ReturnType<typeof setTimeout>;
}

export function watchedSocket(lines: Lines): typeof WebSocket {
  return class extends WebSocket {
    #held = new Map<string, Held>();

    constructor(address: string | URL) {
      super(address);
      this.addEventListener('close', () => {
        for (const held of this.#held.values()) clearTimeout(held.timer);
        this.#held.clear();
      });
    }

    override send(data: Uint8Array<ArrayBuffer>): void {
      if (data.length === 1) return super.send(data);
      const decoder = decoding.createDecoder(data);
      const key = decoding.readVarString(decoder);
      const line = lines.get(key);
      if (line === undefined || decoding.readVarUint(decoder) !== typeSync) return super.send(data);
      const kind = decoding.readVarUint(decoder);
      if (kind === update) return this.#sendPaced(key, line, decoding.readVarUint8Array(decoder));
      if (kind === stepTwo) {
        this.#drop(key);
        line.stepTwoLeft();
      }
      super.send(data);
    }

    #sendPaced(key: string, line: Line, bytes: Uint8Array): void {
      if (!line.handshaken) return;
      const held = this.#held.get(key);
      if (held !== undefined) {
        held.updates.push(bytes);
        return;
      }
      this.#sendUpdate(key, line, bytes);
      const timer = setTimeout(() => this.#flush(key, line), paceMilliseconds);
      this.#held.set(key, { updates: [], timer });
    }

    #flush(key: string, line: Line): void {
      const updates = this.#held.get(key)?.updates ?? [];
      this.#held.delete(key);
      const [first] = updates;
      if (first === undefined || this.readyState !== WebSocket.OPEN) return;
      this.#sendPaced(key, line, updates.length === 1 ? first : Y.mergeUpdates(updates));
    }

    #sendUpdate(key: string, line: Line, bytes: Uint8Array): void {
      const encoder = encoding.createEncoder();
      encoding.writeVarString(encoder, key);
      encoding.writeVarUint(encoder, typeSync);
      encoding.writeVarUint(encoder, update);
      encoding.writeVarUint8Array(encoder, bytes);
      line.updateLeft();
      super.send(encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>);
    }

    #drop(key: string): void {
      const held = this.#held.get(key);
      if (held !== undefined) clearTimeout(held.timer);
      this.#held.delete(key);
    }
  };
}
