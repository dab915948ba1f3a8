/** Which key of a shortcut was pressed, on whatever keyboard. */
export type Press = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'
>;

/** Marks by their place on the keyboards that write other letters than Latin ones. */
const PLACES: Record<string, string> = {
  Slash: '/',
  'Shift Slash': '?',
  'Shift Digit3': '#',
};

/** "a", "#", "Delete"; null for what no shortcut begins with. */
export function keyOf(press: Press): string | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return null;
  const { key, code, shiftKey } = press;
  if (key === 'Delete') return key;
  if ([...key].length !== 1) return null;
  const letter = /^[a-z]$/i.test(key) ? key : /^Key[A-Z]$/.test(code) ? code.slice(3) : null;
  if (/^[!-~]$/.test(key) && letter !== key) return key;
  if (letter) return shiftKey ? null : letter.toLowerCase();
  return PLACES[shiftKey ? `Shift ${code}` : code] ?? null;
}

/** What the keys so far, and one more, mean among shortcuts such as "g h". */
export type Step =
  | { type: 'run'; keys: string }
  /** The beginning of some: wait for the next. */
  | { type: 'wait'; keys: string }
  | { type: 'none' };

export function step(known: readonly string[], before: string, key: string): Step {
  for (const keys of before ? [`${before} ${key}`, key] : [key]) {
    if (known.includes(keys)) return { type: 'run', keys };
    if (known.some((one) => one.startsWith(`${keys} `))) return { type: 'wait', keys };
  }
  return { type: 'none' };
}
