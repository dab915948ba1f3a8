/** One import as it is looked at, corrected, committed and taken back. */
import { Problem } from '../../api/client';
import { t } from '../../lib/i18n.svelte';
import { uuid7 } from '../../lib/ids';
import { live } from '../../state/live.svelte';
import { toasts } from '../../state/toasts.svelte';
import * as calls from './calls';
import { changed } from './layout';
import type { Committed, Detail, ImportPatch, Layout, LayoutChange, Reverted } from './types';
import { complain } from './words';

/** These decide what the columns are: what was said of columns before does not count then. */
const SHAPE: readonly string[] = ['encoding', 'delimiter', 'quote', 'escape', 'skip_lines'];
const NAMED: readonly string[] = ['category', 'account', 'tag'];
/** Changes that come together are read together. */
const TOGETHER_MS = 100;

export type Doing = 'reading' | 'importing' | 'reverting';

export class Preview {
  detail = $state.raw<Detail | null>(null);
  /** Why it could not be loaded. */
  fault = $state.raw<unknown>(null);
  /** What was said of the layout and is not accepted yet: a column may be wanted still. */
  draft = $state.raw<LayoutChange>({});
  doing = $state<Doing | null>(null);
  /** What was refused last, and why. */
  refused = $state.raw<{ doing: Doing; error: unknown } | null>(null);
  /** Counts up when all rows may be different. */
  edition = $state(0);
  /** The name of the saved layout that it was read by, also once that was corrected. */
  profile = $state('');
  committed = $state.raw<Committed | null>(null);
  reverted = $state.raw<Reverted | null>(null);
  private chain: Promise<unknown> = Promise.resolve();
  private key = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly ending = new AbortController();
  private readonly deaf: () => void;

  constructor(readonly place: calls.Place) {
    this.deaf = live.listen((heard) => {
      const isNamed =
        heard.type === 'change' &&
        heard.change.ledger === place.ledger &&
        heard.change.changes.some((one) => NAMED.includes(one.entity));
      if (isNamed || heard.type === 'reset') this.soon();
    });
    void this.load();
  }

  /** How the file is read, with what was said of it since. */
  readonly layout: Layout | null = $derived(
    this.detail ? changed(this.detail.layout as Layout, this.draft) : null,
  );
  readonly isOpen = $derived(this.detail?.status === 'preview');

  close(): void {
    this.ending.abort();
    this.deaf();
    clearTimeout(this.timer);
  }

  async load(): Promise<void> {
    try {
      this.detail = await calls.get(this.place, this.ending.signal);
      this.fault = null;
    } catch (error) {
      if (!this.ending.signal.aborted) this.fault = error;
    }
  }

  /** One thing after the other, each with the version that the one before made. */
  queue<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.chain.then(work);
    this.chain = next.catch(() => undefined);
    return next;
  }

  /** Reads the file again with these fields changed; refused ones stay until they make sense. */
  relayout(change: LayoutChange): Promise<void> {
    const isShape = Object.keys(change).some((name) => SHAPE.includes(name));
    this.draft = isShape ? change : { ...this.draft, ...change };
    if (Object.keys(this.draft).length === 0) return Promise.resolve();
    return this.run('reading', async () => {
      const { draft } = this;
      this.profile = this.detail?.profile?.name ?? this.profile;
      this.detail = await calls.relayout(this.place, this.etag, draft);
      if (this.draft === draft) this.draft = {};
      this.edition += 1;
    });
  }

  change(patch: ImportPatch): Promise<void> {
    return this.run('reading', async () => {
      this.detail = await calls.change(this.place, this.etag, patch);
      this.edition += 1;
    });
  }

  /** Adds the rows; the same try may be sent again, it counts once. */
  commit(create: boolean): Promise<void> {
    this.key ||= uuid7();
    return this.run('importing', async () => {
      this.committed = await calls.commit(this.place, this.etag, this.key, create);
      await this.load();
      this.edition += 1;
    });
  }

  revert(force: boolean): Promise<void> {
    return this.run('reverting', async () => {
      this.reverted = await revert(this.place, force, () => this.refresh());
      await this.refresh();
    });
  }

  async refresh(): Promise<void> {
    await this.load();
    this.edition += 1;
  }

  private get etag(): string {
    return this.detail?.etag ?? '';
  }

  private run(doing: Doing, work: () => Promise<void>): Promise<void> {
    return this.queue(async () => {
      this.doing = doing;
      this.refused = null;
      try {
        await work();
      } catch (error) {
        await this.refusedBy(doing, error);
      } finally {
        this.doing = null;
      }
    });
  }

  private async refusedBy(doing: Doing, error: unknown): Promise<void> {
    this.refused = { doing, error };
    if (!(error instanceof Problem)) return;
    // Another try is another one: this one was answered.
    this.key = '';
    if (error.status !== 412 && error.status !== 409 && error.status !== 404) return;
    if (error.status === 412) {
      this.draft = {};
      this.refused = { doing, error: new Error(t('import.changedElsewhere')) };
    }
    await this.refresh();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.queue(() => this.refresh()), TOGETHER_MS);
  }
}

/** Takes a committed import back, and offers to undo that; `then` is called once it is undone. */
export async function revert(
  place: calls.Place,
  force: boolean,
  then: () => unknown,
): Promise<Reverted> {
  const done = await calls.revert(place, force);
  const { seq, trashed, kept_count: kept } = done;
  const text = kept
    ? t('import.revertedSome', { count: trashed, kept })
    : t('import.reverted', { count: trashed });
  const run = () => {
    if (seq === null) return;
    calls
      .undo(place.ledger, seq)
      .then((undone) => {
        if (undone.conflict_count > 0) {
          toasts.fail(t('undo.conflicts', { count: undone.conflict_count }));
        } else toasts.show(t('undo.done'));
        then();
      })
      .catch(complain);
  };
  if (seq === null || trashed === 0) toasts.show(text);
  else toasts.show(text, { action: { label: t('undo'), run } });
  return done;
}
