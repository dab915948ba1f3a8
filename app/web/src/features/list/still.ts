/** Keeps the form that somebody types into where it is on the screen, while rows come and go above. */
export function holdStill(): () => void {
  const main = document.getElementById('main');
  if (!main) return () => undefined;
  let top: number | null = null;
  const now = () =>
    document.querySelector('li.edit:focus-within')?.getBoundingClientRect().top ?? null;
  const note = () => (top = now());
  const sized = new ResizeObserver(() => {
    const moved = (now() ?? 0) - (top ?? now() ?? 0);
    if (moved !== 0) scrollBy({ top: moved, behavior: 'instant' });
    note();
  });
  sized.observe(main);
  addEventListener('scroll', note, { passive: true });
  addEventListener('focusin', note);
  return () => {
    sized.disconnect();
    removeEventListener('scroll', note);
    removeEventListener('focusin', note);
  };
}
