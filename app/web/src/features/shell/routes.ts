import type { Routes } from '../../lib/router.svelte';
import Home from '../home/Page.svelte';

/** Every page; all but the first are loaded when they are asked for. */
export const ROUTES: Routes = {
  '/': Home,
  '/add': Home,
  '/expenses': { load: () => import('../list/Page.svelte') },
  '/more': { load: () => import('./More.svelte') },
};
