// The server's board on a pipe: `room` of `tests/attack`, without journal and sockets. One JSON line per request.

import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const ROOM = path.resolve(root, process.env.PLENUM_ROOM ?? 'target/debug/room');

export class Pipe {
  constructor() {
    this.process = spawn(ROOM, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.unsaid = [];
    this.waiting = [];
    this.process.on('error', (error) => this.end(error));
    this.process.on('exit', (code, signal) => this.end(new Error(`the room ended: code ${code}, signal ${signal}`)));
    this.process.stdin.on('error', (error) => this.end(error));
    createInterface({ input: this.process.stdout }).on('line', (line) => this.waiting.shift().resolve(JSON.parse(line)));
  }

  end(error) {
    this.ended ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.ended);
  }

  /** Says something that has no answer; it leaves with the next question. */
  tell(request) {
    this.unsaid.push(JSON.stringify(request));
  }

  frame(phone, bytes) {
    this.tell({ do: 'frame', phone, bytes: Buffer.from(bytes).toString('base64') });
  }

  ask(request) {
    this.tell(request);
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      this.waiting.push({ resolve, reject });
      this.process.stdin.write(`${this.unsaid.splice(0).join('\n')}\n`);
    });
  }

  kill() {
    this.process.kill();
  }
}
