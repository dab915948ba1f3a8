import type { Message } from '../lib/i18n.svelte';

/** A catalogue's part in another language: the same keys, none missing. */
export type Part<English> = Record<keyof English, Message>;
