import { common } from './common';
import { list } from './list';
import { nav } from './nav';
import { signin } from './signin';

/** Every message in English, the language the others are measured by. */
export const en = { ...common, ...list, ...nav, ...signin } as const;
