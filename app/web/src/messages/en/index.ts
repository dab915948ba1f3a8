import { categories } from './categories';
import { changes } from './changes';
import { common } from './common';
import { list } from './list';
import { manage } from './manage';
import { nav } from './nav';
import { signin } from './signin';

/** Every message in English, the language the others are measured by. */
export const en = {
  ...categories,
  ...changes,
  ...common,
  ...list,
  ...manage,
  ...nav,
  ...signin,
} as const;
