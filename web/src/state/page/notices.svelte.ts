/** Short messages at the lower edge: what was refused, and *undo* for eight seconds. Never a modal. */
export interface Notice {
  id: number;
  text: string;
  tone: 'calm' | 'warn';
  undo?: () => void;
}

export const undoMilliseconds = 8_000;

class Notices {
  shown = $state.raw<Notice[]>([]);
  #next = 1;

  tell(text: string, more: { tone?: Notice['tone']; undo?: () => void } = {}): void {
    const id = this.#next++;
    const notice: Notice = { id, text, tone: more.tone ?? 'calm', ...(more.undo ? { undo: more.undo } : {}) };
    this.shown = [...this.shown.slice(-2), notice];
    setTimeout(() => this.dismiss(id), undoMilliseconds);
  }

  /** What was said before does not matter any more. */
  clear(): void {
    this.shown = [];
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
