import { common } from './common';
import { rows } from './rows';
import { nav } from './nav';
import { overview } from './overview';
import { shell } from './shell';

/** The words of the first page, which come with its program; all others are loaded later. */
export const first = { ...common, ...rows, ...nav, ...overview, ...shell } as const;
