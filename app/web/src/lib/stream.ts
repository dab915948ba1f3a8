/** A live connection that comes back by itself, from where it was. */
import { EventReader, type ServerEvent } from './sse';

const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 30_000;
/** The service breaks its silence every 15 seconds: after this the connection is dead. */
const SILENCE_MS = 40_000;

export interface Hooks {
  /** Where to connect, given the last event's id; empty at first. */
  address(lastId: string): string;
  take(event: ServerEvent): void;
  /** Not connected any more; `tries` failed since it was. */
  lost(tries: number): void;
  /** The service refused it: 401, 404 and so on. It is tried again, later. */
  refused(status: number): void;
}

export class Stream {
  private asking = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private isOpen = false;
  private readonly listening = new AbortController();

  constructor(
    private readonly hooks: Hooks,
    private lastId = '',
  ) {
    const { signal } = this.listening;
    addEventListener('online', () => this.open(), { signal });
    addEventListener('offline', () => this.lose(), { signal });
    // Timers of a hidden page come late.
    document.addEventListener('visibilitychange', () => this.isOpen || this.open(), { signal });
    this.open();
  }

  close(): void {
    this.listening.abort();
    this.asking.abort();
    clearTimeout(this.timer);
  }

  /** Connect anew, now; what was missed is told. */
  open(): void {
    clearTimeout(this.timer);
    this.asking.abort();
    this.isOpen = true;
    const asking = new AbortController();
    this.asking = asking;
    this.follow(asking).catch(() => {
      if (!asking.signal.aborted) this.lose();
    });
  }

  private async follow(asking: AbortController): Promise<void> {
    this.watch(asking);
    const answer = await fetch(this.hooks.address(this.lastId), {
      headers: { Accept: 'text/event-stream' },
      cache: 'no-store',
      signal: asking.signal,
    });
    if (!answer.ok || !answer.body) {
      this.hooks.refused(answer.status);
      throw new Error(String(answer.status));
    }
    const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const reader = new EventReader();
    for (;;) {
      const { value, done } = await pieces.read();
      if (done) throw new Error('ended');
      if (asking.signal.aborted) return;
      this.watch(asking);
      for (const event of reader.read(value)) this.take(event);
    }
  }

  private take(event: ServerEvent): void {
    this.tries = 0;
    this.lastId = event.id || this.lastId;
    this.hooks.take(event);
  }

  private watch(asking: AbortController): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      asking.abort();
      this.lose();
    }, SILENCE_MS);
  }

  private lose(): void {
    clearTimeout(this.timer);
    this.asking.abort();
    this.isOpen = false;
    this.tries += 1;
    this.hooks.lost(this.tries);
    // Whoever was told may have closed it.
    if (this.listening.signal.aborted) return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (this.tries - 1), MOST_WAIT_MS);
    this.timer = setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
  }
}
