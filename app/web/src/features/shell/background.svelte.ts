/** What goes on behind the pages: the service worker and its newer versions, and a store that stays. */
import { BASE } from '../../api/client';
import { learn, t } from '../../lib/i18n.svelte';
import { live } from '../../state/live.svelte';
import { outbox } from '../../state/outbox.svelte';
import { toasts } from '../../state/toasts.svelte';
import type { Said } from '../../sw';

const HOUR_MS = 3_600_000;

/** Once a page; `entry` is the address of its program. */
export function startBackground(entry: string): void {
  $effect.root(() => {
    $effect(() => {
      // Asked for when it matters: some browsers ask the person in turn.
      if (outbox.isStuck) void navigator.storage?.persist?.();
    });
  });
  if ('serviceWorker' in navigator) void keepVersion(entry).catch(() => undefined);
  else $effect.root(() => withoutWorker());
}

/** On plain HTTP nothing is kept of the app: what one needs when the network goes is loaded before. */
function withoutWorker(): void {
  $effect(() => {
    if (live.state !== 'live') return;
    Promise.all([learn(), import('./Over.svelte')]).catch(() => undefined);
  });
}

async function keepVersion(entry: string): Promise<void> {
  const { serviceWorker } = navigator;
  const isFirst = serviceWorker.controller === null;
  const registration = await serviceWorker.register(workerAddress() as string, {
    scope: `${BASE}/`,
    updateViaCache: 'none',
  });
  const look = () => {
    if (registration.waiting) ask(registration.waiting, entry);
  };
  look();
  registration.addEventListener('updatefound', () => {
    const coming = registration.installing;
    coming?.addEventListener('statechange', () => coming.state === 'installed' && look());
  });
  // Another tab loaded the new version; this one goes on with what it has until the person says so.
  serviceWorker.addEventListener('controllerchange', () => {
    if (!isFirst && !isLoading) offer(() => location.reload());
  });
  const check = () => void registration.update().catch(() => undefined);
  setInterval(check, HOUR_MS);
  $effect.root(() => {
    // The service comes back as another version now and then.
    $effect(() => {
      if (live.state === 'live') check();
    });
  });
}

/** A newer build than this page's is offered; one that the page is of already just takes over. */
function ask(waiting: ServiceWorker, entry: string): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = (message: MessageEvent<{ isNewer: boolean }>) => {
    if (message.data.isNewer) offer(() => load(waiting));
  };
  waiting.postMessage({ type: 'who', entry } satisfies Said, [port2]);
}

let isLoading = false;
let offered: number | null = null;

function load(waiting: ServiceWorker): void {
  isLoading = true;
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
  waiting.postMessage({ type: 'go' } satisfies Said);
}

function offer(run: () => void): void {
  void learn()
    .catch(() => undefined)
    .then(() => {
      if (offered !== null) toasts.close(offered);
      const action = { label: t('version.load'), run };
      offered = toasts.show(t('version.new'), { action, isLasting: true });
    });
}

interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): unknown;
  };
}

/** The one script address that is ever made of text; browsers with Trusted Types hold us to that. */
function workerAddress(): unknown {
  const address = `${BASE}/sw.js`;
  const types = (window as { trustedTypes?: Policies }).trustedTypes;
  if (!types) return address;
  const policy = types.createPolicy('outlay-sw', {
    createScriptURL(url) {
      if (url !== address) throw new TypeError(`${url} is not the service worker`);
      return url;
    },
  });
  return policy.createScriptURL(address);
}
