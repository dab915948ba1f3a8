/** Messages from catalogues, numbers and dates from Intl, all in one chosen language. */
import { en } from '../messages/en';

export type Key = keyof typeof en;
/** A text with {names}, or one for each plural form that the language has (CLDR); `count` chooses. */
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Record<Key, Message>;
export type Values = Record<string, string | number>;

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const LOADERS: Record<Exclude<Language, 'en'>, () => Promise<Catalogue>> = {
  de: async () => (await import('../messages/de')).de,
};
const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ks|ps|sd|ug|ur|yi)\b/;

class Speech {
  language = $state<Language>('en');
  /** The browser's own choice, with its region: "en-GB" writes dates otherwise than "en-US". */
  locale = $state('en');
  catalogue = $state.raw<Catalogue>(en);
  readonly plural = $derived(new Intl.PluralRules(this.locale));
}

const speech = new Speech();

/** The language and what follows from it; reactive. */
export const i18n = {
  get language() {
    return speech.language;
  },
  get locale() {
    return speech.locale;
  },
};

/** Speak the chosen language, or without a choice the browser's best; English where there is none. */
export async function speak(
  chosen: Language | null,
  wanted: readonly string[] = navigator.languages,
): Promise<void> {
  const language = chosen ?? bestOf(wanted);
  speech.catalogue = language === 'en' ? en : await LOADERS[language]();
  speech.language = language;
  speech.locale = wanted.find((tag) => tag.split('-')[0] === language) ?? language;
  document.documentElement.lang = speech.locale;
  document.documentElement.dir = RIGHT_TO_LEFT.test(speech.locale) ? 'rtl' : 'ltr';
}

function bestOf(wanted: readonly string[]): Language {
  const found = wanted.map((tag) => tag.split('-')[0] ?? '').find((tag) => tag in LANGUAGES);
  return (found as Language | undefined) ?? 'en';
}

/** The message in the chosen language, its {names} filled in. */
export function t(key: Key, values: Values = {}): string {
  return filled(speech.catalogue[key], values, speech.plural, speech.locale);
}

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
    return typeof value === 'number' ? value.toLocaleString(locale) : (value ?? whole);
  });
}
