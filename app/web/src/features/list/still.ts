/** Keeps the form that somebody types into where it is on the screen, while rows come and go above. */
export function holdStill(): () => void {
  const main = document.getElementById('main');
  if (!main) return () => undefined;
  let top: number | null = null;
  // In the page, not on the screen: scrolling does not change it.
  const now = () => {
    const form = document.querySelector('li.edit:focus-within');
    return form && form.getBoundingClientRect().top + scrollY;
  };
  const note = () => (top = now());
  const sized = new ResizeObserver(() => {
    const moved = (now() ?? 0) - (top ?? now() ?? 0);
    if (moved !== 0) scrollBy({ top: moved, behavior: 'instant' });
    note();
  });
  sized.observe(main);
  addEventListener('focusin', note);
  return () => {
    sized.disconnect();
    removeEventListener('focusin', note);
  };
}
