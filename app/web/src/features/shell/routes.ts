import type { Routes } from '../../lib/router.svelte';
import Home from '../home/Page.svelte';

/** Every page; all but the first are loaded when they are asked for. */
export const ROUTES: Routes = {
  '/': Home,
  '/add': Home,
  '/sign-in': Home,
  '/join': { load: () => import('../links/Page.svelte') },
  '/reset': { load: () => import('../links/Page.svelte') },
  '/expenses': { load: () => import('../list/Page.svelte') },
  '/categories': { load: () => import('../categories/Page.svelte') },
  '/history': { load: () => import('../changes/Page.svelte') },
  '/history/:seq': { load: () => import('../changes/OnePage.svelte') },
  '/accounts': { load: () => import('../accounts/Page.svelte') },
  '/accounts/:id': { load: () => import('../accounts/One.svelte') },
  '/me': { load: () => import('../me/Page.svelte') },
  '/import': { load: () => import('../imports/Page.svelte') },
  '/import/:id': { load: () => import('../imports/One.svelte') },
  '/export': { load: () => import('../imports/Export.svelte') },
  '/tags': { load: () => import('../tags/Page.svelte') },
  '/members': { load: () => import('../members/Page.svelte') },
  '/ledger': { load: () => import('../ledger/Page.svelte') },
  '/ledger/new': { load: () => import('../ledger/New.svelte') },
  '/more': { load: () => import('./More.svelte') },
  '/people': { load: () => import('../people/Page.svelte') },
  '/backups': { load: () => import('../backups/Page.svelte') },
  '/tokens': { load: () => import('../me/Tokens.svelte') },
};

/** For every other path. */
export const MISSING = { load: () => import('./NotFound.svelte') };
