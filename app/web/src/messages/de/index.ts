import type { Catalogue } from '../../lib/i18n.svelte';
import { common } from './common';
import { list } from './list';
import { nav } from './nav';
import { signin } from './signin';

export const de: Catalogue = { ...common, ...list, ...nav, ...signin };
