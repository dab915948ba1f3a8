import type { Routes } from '../../lib/router.svelte';
import Home from '../home/Page.svelte';

/** Every page; all but the first are loaded when they are asked for. */
export const ROUTES: Routes = {
  '/': Home,
  '/add': Home,
  '/expenses': { load: () => import('../list/Page.svelte') },
  '/categories': { load: () => import('../categories/Page.svelte') },
  '/history': { load: () => import('../changes/Page.svelte') },
  '/history/:seq': { load: () => import('../changes/OnePage.svelte') },
  '/more': { load: () => import('./More.svelte') },
};
