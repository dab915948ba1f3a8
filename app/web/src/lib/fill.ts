/** Messages and what is filled into them. */

/** A text with {names}, or one for each plural form that the language has (CLDR); `count` chooses. */
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Values = Record<string, string | number>;

export function filled(
  message: Message,
  values: Values,
  plural: Intl.PluralRules,
  locale: string,
): string {
  const count = Number(values['count'] ?? 0);
  const text =
    typeof message === 'string' ? message : (message[plural.select(count)] ?? message.other);
  return (text ?? '').replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? value.toLocaleString(locale) : isolated(value ?? whole);
  });
}

const TURNS = /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFF]/;

/** A text that runs the other way, or says so, keeps that to itself (Unicode's FSI and PDI). */
function isolated(text: string): string {
  return TURNS.test(text) ? `\u2068${text}\u2069` : text;
}
