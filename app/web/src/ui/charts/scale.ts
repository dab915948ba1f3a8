/** Where things lie in a chart: ratios of amounts, which need no exactness. */

/** Round numbers from 0 up to at least `most`, five steps or fewer. */
export function ticks(most: number): number[] {
  if (!(most > 0)) return [0];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  const count = Math.ceil(most / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** A slice of a ring around (0, 0), from one share of the whole to another, as an SVG path. */
export function slice(from: number, to: number, outer: number, inner: number): string {
  // A whole ring has no corner to start from: a hair's breadth is left out.
  const end = Math.min(to, from + 0.99999);
  const isLarge = end - from > 0.5 ? 1 : 0;
  const [a, b] = [point(from, outer), point(end, outer)];
  const [c, d] = [point(end, inner), point(from, inner)];
  return `M${a}A${outer} ${outer} 0 ${isLarge} 1 ${b}L${c}A${inner} ${inner} 0 ${isLarge} 0 ${d}Z`;
}

function point(share: number, radius: number): string {
  const angle = (share - 0.25) * 2 * Math.PI;
  return `${(Math.cos(angle) * radius).toFixed(3)} ${(Math.sin(angle) * radius).toFixed(3)}`;
}

/** The index that an arrow key moves to, or null for another key. */
export function arrow(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowLeft':
    case 'ArrowUp':
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
