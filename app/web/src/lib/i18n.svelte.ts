/** Messages from catalogues, numbers and dates from Intl, all in one chosen language. */
import type { en } from '../messages/en';
import { first } from '../messages/en/first';
import { filled, type Message, type Values } from './fill';

export type { Message, Values };

export type Key = keyof typeof en;
export type Catalogue = Record<Key, Message>;

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const LOADERS: Record<Language, () => Promise<Catalogue>> = {
  en: async () => (await import('../messages/en')).en,
  de: async () => (await import('../messages/de')).de,
};
const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ks|ps|sd|ug|ur|yi)\b/;

class Speech {
  language = $state<Language>('en');
  /** The browser's own choice, with its region: "en-GB" writes dates otherwise than "en-US". */
  locale = $state('en');
  /** English begins with the words of the first page. */
  catalogue = $state.raw<Partial<Catalogue>>(first);
  isWhole = false;
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
  const isFirst = language === 'en' && !speech.isWhole;
  speech.catalogue = isFirst ? first : await LOADERS[language]();
  speech.isWhole = !isFirst;
  speech.language = language;
  speech.locale = wanted.find((tag) => tag.split('-')[0] === language) ?? language;
  document.documentElement.lang = speech.locale;
  document.documentElement.dir = RIGHT_TO_LEFT.test(speech.locale) ? 'rtl' : 'ltr';
}

/** Load every word of the language: pages but the first need more than came with the first load. */
export async function learn(): Promise<void> {
  if (speech.isWhole) return;
  const { language } = speech;
  const catalogue = await LOADERS[language]();
  if (language !== speech.language) return;
  speech.catalogue = catalogue;
  speech.isWhole = true;
}

function bestOf(wanted: readonly string[]): Language {
  const found = wanted.map((tag) => tag.split('-')[0] ?? '').find((tag) => tag in LANGUAGES);
  return (found as Language | undefined) ?? 'en';
}

/** The message in the chosen language, its {names} filled in. */
export function t(key: Key, values: Values = {}): string {
  return filled(speech.catalogue[key] ?? '', values, speech.plural, speech.locale);
}
