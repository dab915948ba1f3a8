/** Short messages at the edge of the page, read out by screen readers, with one action at most. */
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'good' | 'bad';
  action?: { label: string; run: () => void };
  /** It stays until it is closed. */
  isLasting?: boolean;
}

/** Long enough to read and to reach for "Undo"; the one with focus or pointer on it stays. */
const SHOWN_MS = 8000;
const MOST = 3;

class Toasts {
  shown = $state<Toast[]>([]);
  private next = 1;
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
    const toast: Toast = { id: this.next++, text, tone: 'plain', ...more };
    const oldest = this.shown.length < MOST ? null : this.shown.find((one) => !one.isLasting);
    this.shown = [...this.shown.filter((one) => one !== oldest), toast];
    this.release(toast.id);
    return toast.id;
  }

  /** Something went wrong, in words that say what to do. */
  fail(text: string): number {
    return this.show(text, { tone: 'bad' });
  }

  close(id: number): void {
    this.hold(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  hold(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  release(id: number): void {
    this.hold(id);
    if (this.shown.find((toast) => toast.id === id)?.isLasting) return;
    this.timers.set(
      id,
      setTimeout(() => this.close(id), SHOWN_MS),
    );
  }
}

export const toasts = new Toasts();
