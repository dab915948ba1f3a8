/** The state of backups as it was published last, read again while somebody looks. */
import { api, ask } from '../../api/client';
import type { BackupState } from '../../api/types';
import { said } from '../../lib/said';

const AGAIN_MS = 60_000;

export class Backups {
  state = $state.raw<BackupState | null>(null);
  fault = $state('');
  /** What "3 hours ago" is counted from. */
  now = $state(Date.now());
  private asking = new AbortController();

  /** Begins to look; returns what ends it. */
  watch(): () => void {
    const look = () => {
      if (document.visibilityState === 'visible') void this.load();
    };
    void this.load();
    const timer = setInterval(look, AGAIN_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      this.asking.abort();
    };
  }

  private async load(): Promise<void> {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    try {
      const state = await ask(api.GET('/api/v1/backups', { signal }));
      if (signal.aborted) return;
      this.state = state;
      this.fault = '';
    } catch (error) {
      if (!signal.aborted) this.fault = said(error);
    } finally {
      this.now = Date.now();
    }
  }
}
