/** For the first field of what opens under a row: it gets the keyboard, and all of it comes in sight. */
export function opened(node: HTMLElement): void {
  node.closest('.panel')?.scrollIntoView({ block: 'nearest' });
  node.focus({ preventScroll: true });
  if (node instanceof HTMLInputElement) node.select();
}
