/** The file that is being brought in: it goes on while one looks at other pages. */
import { t } from '../../lib/i18n.svelte';
import { go, route } from '../../lib/router.svelte';
import { session } from '../../state/session.svelte';
import { toasts } from '../../state/toasts.svelte';
import { send } from './send';
import type { Detail, ImportedArchive } from './types';

/** Cut surrogates, which no address can carry, and archives by their name. */
const LONE = /[\ud800-\udfff]/gu;
const ARCHIVE = /\.jsonl(\.gz)?$/i;

class Uploading {
  file = $state.raw<File | null>(null);
  /** `asking`: an archive becomes a ledger only when somebody says so. */
  status = $state<'idle' | 'asking' | 'sending' | 'working' | 'failed' | 'made'>('idle');
  /** Bytes that have gone. */
  sent = $state(0);
  fault = $state.raw<unknown>(null);
  /** The ledger that an archive became. */
  made = $state.raw<ImportedArchive | null>(null);
  /** The saved layout to read by: its id, `none`, or empty for one that fits. */
  profile = $state('');
  private ending: AbortController | null = null;

  readonly isArchive = $derived(ARCHIVE.test(this.file?.name ?? ''));
  readonly isBusy = $derived(this.status === 'sending' || this.status === 'working');

  /** Takes what was dropped or chosen. */
  take(files: readonly File[]): void {
    const [file] = files;
    if (!file || this.isBusy) return;
    if (files.length > 1) toasts.fail(t('import.onlyOne'));
    else {
      this.file = file;
      this.fault = null;
      this.made = null;
      this.status = 'asking';
      if (!this.isArchive) void this.begin();
    }
  }

  /** Sends the file; an archive `asCopy` gets ids of its own. */
  async begin(asCopy = false): Promise<void> {
    const { file, isArchive } = this;
    const ledger = session.ledger?.id;
    if (!file || (!ledger && !isArchive)) return;
    this.ending = new AbortController();
    this.sent = 0;
    this.fault = null;
    this.status = 'sending';
    const options = {
      onprogress: (sent: number) => this.progressed(sent),
      signal: this.ending.signal,
      headers: { 'X-File-Name': encodeURIComponent(file.name.replace(LONE, '')) },
    };
    try {
      if (isArchive) {
        const path = `/api/v1/ledgers/import-archive${asCopy ? '?as=new' : ''}`;
        this.made = await send<ImportedArchive>(path, file, options);
        this.status = 'made';
        await session.loadLedgers();
      } else {
        const query = this.profile ? `?profile=${encodeURIComponent(this.profile)}` : '';
        const path = `/api/v1/ledgers/${ledger ?? ''}/imports${query}`;
        this.show(await send<Detail>(path, file, options));
      }
    } catch (error) {
      this.failed(error);
    }
  }

  cancel(): void {
    this.ending?.abort();
  }

  /** Forgets the file. */
  clear(): void {
    this.cancel();
    this.file = null;
    this.fault = null;
    this.made = null;
    this.status = 'idle';
  }

  private progressed(sent: number): void {
    this.sent = sent;
    if (this.status === 'sending' && sent >= (this.file?.size ?? 0)) this.status = 'working';
  }

  private failed(error: unknown): void {
    if (error instanceof DOMException && error.name === 'AbortError') {
      this.status = 'idle';
      this.file = null;
      return;
    }
    this.fault = error;
    this.status = 'failed';
  }

  private show(made: Detail): void {
    this.clear();
    const path = `/import/${made.id}`;
    if (route.path.startsWith('/import')) void go(path);
    else {
      const run = () => void go(path);
      toasts.show(t('import.ready', { name: made.name }), {
        action: { label: t('import.look'), run },
      });
    }
  }
}

export const uploading = new Uploading();
