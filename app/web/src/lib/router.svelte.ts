/** The address as state: which page, with which parameters and query. Links need nothing special. */
import type { Component } from 'svelte';

import { BASE } from '../api/client';
import { hold } from './held';
import { learn } from './i18n.svelte';

export type Page = Component<Record<string, never>>;
/** A page, or how to load it. Patterns are paths whose `:name` steps become parameters. */
export type Routes = Record<string, Page | { load: () => Promise<{ default: Page }> }>;

class Route {
  /** Without the base, "/expenses". */
  path = $state('/');
  search = $state('');
  params = $state.raw<Record<string, string>>({});
  page = $state.raw<Page | null>(null);
  /** The page's program could not be loaded. */
  isBroken = $state(false);

  /** The query as plain text values; reactive. */
  readonly query = $derived(new URLSearchParams(this.search));
}

export const route = new Route();

let known: { steps: string[]; target: Routes[string] }[] = [];
let missing: Routes[string] | null = null;

/** Shows the page of the current address, and from then on that of every link inside the app. */
export function startRouter(routes: Routes, notFound: Routes[string]): () => void {
  known = Object.entries(routes).map(([path, target]) => ({ steps: path.split('/'), target }));
  missing = notFound;
  const ending = new AbortController();
  addEventListener('popstate', () => void show(), { signal: ending.signal });
  addEventListener('click', followLink, { signal: ending.signal });
  void show();
  return () => ending.abort();
}

/** The address of a path of the app, for links. */
export function href(path: string): string {
  return BASE + path;
}

/** Moves to a path of the app, with its query. */
export function go(path: string, options: { replace?: boolean } = {}): Promise<void> {
  const address = href(path);
  if (address !== location.pathname + location.search) {
    history[options.replace ? 'replaceState' : 'pushState'](null, '', address);
    if (!options.replace && !path.startsWith(`${route.path}?`)) scrollTo(0, 0);
  }
  return show();
}

/** Changes the query of the current page in place; an empty value leaves its name out. */
export function setQuery(values: Record<string, string | null | undefined>): void {
  const next = new URLSearchParams(route.search);
  for (const [name, value] of Object.entries(values)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const search = next.toString();
  void go(search ? `${route.path}?${search}` : route.path, { replace: true });
}

async function show(): Promise<void> {
  const path = location.pathname.slice(BASE.length).replace(/(.)\/$/, '$1') || '/';
  const found = match(path);
  const target = found?.target ?? missing;
  const page = target && 'load' in target ? await loaded(target.load) : target;
  // Somebody was quicker than the page's program.
  if (path !== (location.pathname.slice(BASE.length).replace(/(.)\/$/, '$1') || '/')) return;
  route.path = path;
  route.search = location.search;
  route.params = found?.params ?? {};
  route.page = page ?? null;
  route.isBroken = route.page === null;
}

async function loaded(load: () => Promise<{ default: Page }>): Promise<Page | null> {
  try {
    const [{ default: page }] = await hold(Promise.all([load(), learn()]));
    return page;
  } catch {
    return null;
  }
}

function match(path: string): { target: Routes[string]; params: Record<string, string> } | null {
  const steps = path.split('/');
  for (const one of known) {
    if (one.steps.length !== steps.length) continue;
    const params: Record<string, string> = {};
    const fits = one.steps.every((step, index) => {
      const given = steps[index] ?? '';
      if (!step.startsWith(':')) return step === given;
      params[step.slice(1)] = decodeURIComponent(given);
      return given !== '';
    });
    if (fits) return { target: one.target, params };
  }
  return null;
}

function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download')) return;
  if (link.origin !== location.origin || !link.pathname.startsWith(`${BASE}/`)) return;
  const path = link.pathname.slice(BASE.length);
  // The API's own pages are the service's, and a fragment of this page is the browser's.
  if (path.startsWith('/api/') || (link.hash && link.pathname === location.pathname)) return;
  event.preventDefault();
  void go(path + link.search);
}
