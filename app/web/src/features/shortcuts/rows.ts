/** Rows of expenses on the page, by the element with the focus. */
import { tick } from 'svelte';

import type { Shown } from '../../state/overlay';
import { session } from '../../state/session.svelte';
import { doing } from '../list/doing.svelte';
import { rowAt } from '../list/here';

/** Below the page's head. */
const TOP = 64;

function buttons(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('main .row .open')];
}

function current(): Element | null {
  return document.activeElement?.closest('main .row') ?? null;
}

/** To the next row or the one before; without one to the first that is seen. */
export function move(by: 1 | -1): void {
  const all = buttons();
  const at = all.findIndex((button) => button.closest('.row') === current());
  const next = at < 0 ? all.find(isSeen) : all[at + by];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function isSeen(button: HTMLElement): boolean {
  return button.getBoundingClientRect().top >= TOP;
}

function withRow(work: (row: Shown) => unknown): void {
  const row = rowAt(document.activeElement);
  if (row) void work(row);
}

export function edit(): void {
  withRow((row) => doing.open(row, 'edit'));
}

export function showHistory(): void {
  withRow((row) => doing.showHistory(row));
}

export function choose(): void {
  current()?.querySelector<HTMLElement>('.choose input')?.click();
}

/** Moves the row to the trash, and the keyboard to the row that takes its place. */
export function trash(): void {
  withRow(async (row) => {
    if (!session.canWrite || row.deleted_at !== null) return;
    const all = buttons();
    const at = all.findIndex((button) => button.closest('.row') === current());
    const neighbour = all[at + 1] ?? all[at - 1];
    await doing.trash(row);
    await tick();
    neighbour?.focus();
  });
}
