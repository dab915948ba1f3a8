import type { Catalogue } from '../../lib/i18n.svelte';
import { categories } from './categories';
import { changes } from './changes';
import { accounts } from './accounts';
import { tags } from './tags';
import { typing } from './typing';
import { members } from './members';
import { links } from './links';
import { ledger } from './ledger';
import { common } from './common';
import { imports } from './imports';
import { list } from './list';
import { rows } from './rows';
import { manage } from './manage';
import { nav } from './nav';
import { overview } from './overview';
import { outbox } from './outbox';
import { me } from './me';
import { backups } from './backups';
import { people } from './people';
import { shell } from './shell';
import { shortcuts } from './shortcuts';
import { signin } from './signin';

export const de: Catalogue = {
  ...categories,
  ...changes,
  ...accounts,
  ...tags,
  ...members,
  ...links,
  ...ledger,
  ...common,
  ...imports,
  ...list,
  ...rows,
  ...manage,
  ...nav,
  ...overview,
  ...outbox,
  ...me,
  ...backups,
  ...people,
  ...shell,
  ...shortcuts,
  ...signin,
  ...typing,
};
