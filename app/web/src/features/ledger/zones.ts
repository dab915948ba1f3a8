/** The time zones that this browser knows, and `own`, which it may know by another name. */
export function timeZones(own: string): string[] {
  const known = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
  return [...known.add(own)].sort();
}

/** Where this browser is. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
