/** Every shortcut: what runs is read from here, and so is the help. */
import { tick } from 'svelte';

import { hold } from '../../lib/held';
import { t } from '../../lib/i18n.svelte';
import { go, route } from '../../lib/router.svelte';
import { session } from '../../state/session.svelte';
import { toasts } from '../../state/toasts.svelte';
import { adding } from '../add/adding.svelte';
import { places } from '../shell/places';
import { ROUTES } from '../shell/routes';
import { BOUND, LETTERS } from './bound';
import { help } from './help.svelte';
import { choose, edit, move, showHistory, trash } from './rows';

export interface Shortcut {
  /** Ways to press it, such as "a" or "g h". */
  keys: readonly string[];
  label: string;
  run: () => void;
  /** Goes on while the key is held down. */
  repeats?: boolean;
}

export interface Group {
  name: 'everywhere' | 'go' | 'rows';
  shortcuts: Shortcut[];
}

/** What the person can do, in the language as it is now. */
export function table(): Group[] {
  const { canWrite } = session;
  return [
    { name: 'everywhere', shortcuts: everywhere(canWrite) },
    { name: 'rows', shortcuts: inRows(canWrite) },
    { name: 'go', shortcuts: wayTo() },
  ];
}

function everywhere(canWrite: boolean): Shortcut[] {
  const adds = [{ keys: BOUND.add, label: t('shortcuts.add'), run: add }];
  return [
    ...(canWrite ? adds : []),
    { keys: BOUND.search, label: t('shortcuts.search'), run: () => void hold(search()) },
    { keys: BOUND.undo, label: t('shortcuts.undo'), run: undo },
    { keys: BOUND.help, label: t('shortcuts.help'), run: () => help.open() },
  ];
}

function inRows(canWrite: boolean): Shortcut[] {
  const writes = [
    { keys: BOUND.edit, label: t('shortcuts.edit'), run: edit },
    { keys: BOUND.choose, label: t('shortcuts.choose'), run: choose },
    { keys: BOUND.trash, label: t('shortcuts.trash'), run: trash },
  ];
  return [
    { keys: BOUND.next, label: t('shortcuts.next'), run: () => move(1), repeats: true },
    { keys: BOUND.previous, label: t('shortcuts.previous'), run: () => move(-1), repeats: true },
    ...(canWrite ? writes : []),
    { keys: BOUND.history, label: t('shortcuts.history'), run: showHistory },
  ];
}

function wayTo(): Shortcut[] {
  return places(true).flatMap(({ path, label }) => {
    const letter = LETTERS[path];
    if (letter === undefined || !(path in ROUTES)) return [];
    return [{ keys: [`g ${letter}`], label, run: () => void go(path) }];
  });
}

function add(): void {
  if (!adding.open()) void go('/add');
}

async function search(): Promise<void> {
  if (route.path !== '/expenses') await go('/expenses');
  await tick();
  // The frame moves the focus to a new page first.
  await new Promise(requestAnimationFrame);
  const field = document.getElementById('list-search') as HTMLInputElement | null;
  field?.focus();
  field?.select();
}

function undo(): void {
  const toast = toasts.shown.findLast((one) => one.action !== undefined);
  if (!toast) return;
  toasts.close(toast.id);
  toast.action?.run();
}
