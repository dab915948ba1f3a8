import { Problem, SignedOut, Unreachable } from '../api/client';
import { t } from './i18n.svelte';

/** What went wrong, in a sentence for the person. */
export function said(error: unknown): string {
  if (error instanceof SignedOut) return t('fault.signedOut');
  if (error instanceof Unreachable) return t('fault.unreachable');
  return error instanceof Problem || error instanceof Error ? error.message : String(error);
}
