/** A copy of plain JSON data that shares nothing with it, and is no state. */
export function copied<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
