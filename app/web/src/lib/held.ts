/** Keys that are pressed for what is still being loaded: they wait for it, and then go to it. */
import { tick } from 'svelte';

interface Hold {
  /** Takes the wish back: with Escape, or when somebody presses elsewhere meanwhile. */
  leave?: (() => void) | undefined;
}

const NAMED = /^(Arrow\w+|Enter|Escape|Tab|Home|End|Backspace|Delete)$/;
let holds: Hold[] = [];
let kept: KeyboardEvent[] = [];
/** Loaded with the first key that has to wait. */
let press: typeof import('./press') | null = null;
let isLoading = false;

/** Holds the keyboard until the promise is fulfilled and what it brought is there. */
export async function hold<T>(coming: Promise<T>, leave?: () => void): Promise<T> {
  const one: Hold = { leave };
  holds.push(one);
  addEventListener('keydown', keydown, { capture: true });
  addEventListener('pointerdown', giveUp, { capture: true });
  try {
    return await coming;
  } catch (error) {
    kept = [];
    throw error;
  } finally {
    // What was loaded is shown, and has taken the focus, in the microtasks before this.
    setTimeout(() => {
      end(one);
      void handOver();
    });
  }
}

/** Takes a key that was pressed before, if keys are being held. */
export function keep(event: KeyboardEvent): boolean {
  if (holds.length === 0 || isTyped(event.target)) return false;
  queue(event);
  return true;
}

/** Whether keys go into a field: they are nobody else's. */
export function isTyped(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field = target.closest('input, textarea, select, [contenteditable]');
  return field !== null && !field.matches('[type=checkbox], [type=radio]');
}

function keydown(event: KeyboardEvent): void {
  if (!waits(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.key === 'Escape' && newest()) giveUp();
  else if (!event.repeat) queue(event);
}

function newest(): Hold | undefined {
  return holds.findLast((one) => one.leave);
}

function giveUp(): void {
  kept = [];
  const last = newest();
  if (!last) return;
  end(last);
  last.leave?.();
}

function queue(event: KeyboardEvent): void {
  kept.push(event);
  if (press || isLoading) return;
  isLoading = true;
  hold(import('./press'))
    .then((loaded) => (press = loaded))
    .catch(() => undefined)
    .finally(() => (isLoading = false));
}

/** The browser's own keys, and those that scroll the page, do what they always do. */
function waits(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey, isComposing } = event;
  if (ctrlKey || metaKey || altKey || isComposing || isTyped(event.target)) return false;
  return [...key].length === 1 || NAMED.test(key);
}

function end(one: Hold): void {
  holds = holds.filter((other) => other !== one);
  if (holds.length > 0) return;
  removeEventListener('keydown', keydown, { capture: true });
  removeEventListener('pointerdown', giveUp, { capture: true });
}

/** Each key may ask for something that has to be loaded: those after it wait again. */
async function handOver(): Promise<void> {
  while (holds.length === 0) {
    const next = kept.shift();
    if (!next) return;
    press?.pressAgain(next);
    await tick();
  }
}
