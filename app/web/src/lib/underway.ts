/** Work that a form has begun and must wait for before it says what it holds. */
const running = new Set<Promise<boolean>>();

/** Notes work until it ends; it tells whether it went well. */
export function begin(work: Promise<boolean>): void {
  const noted = work.finally(() => running.delete(noted));
  running.add(noted);
}

/** Resolves once nothing is under way: true when all of it went well. */
export async function settled(): Promise<boolean> {
  const all = await Promise.all(running);
  return all.every(Boolean);
}
