import type { Catalogue } from '../../lib/i18n.svelte';
import { categories } from './categories';
import { changes } from './changes';
import { common } from './common';
import { list } from './list';
import { manage } from './manage';
import { nav } from './nav';
import { signin } from './signin';

export const de: Catalogue = {
  ...categories,
  ...changes,
  ...common,
  ...list,
  ...manage,
  ...nav,
  ...signin,
};
