/**
 * The service worker: opens the app without a network. It keeps the page and the files of one build
 * together, gives way to a newer build only when a page says so, and never touches the API.
 */
interface Shell {
  /** Changes with every build that changes anything. */
  version: string;
  /** The page's program, by which a page says which build it is. */
  entry: string;
  files: readonly string[];
}

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Lasting {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}

interface Scope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Asked) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Said>) => void): void;
}

/** "who": is it another build than the page's? "go": the page wants it. */
export type Said = { type: 'who'; entry: string } | { type: 'go' };

declare const __SHELL__: Shell;
const shell = __SHELL__;
const worker = self as unknown as Scope;
const scope = new URL(worker.registration.scope);
const PREFIX = `outlay ${scope.pathname} `;
const CACHE = PREFIX + shell.version;
/** A network that does not answer by then is as good as none. */
const PATIENCE_MS = 4000;

worker.addEventListener('install', (event) => event.waitUntil(keepShell()));

worker.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([tidy(), preload(), worker.clients.claim()]));
});

worker.addEventListener('message', (event) => {
  const said = event.data;
  const isSame = said.type === 'who' && said.entry === addressOf(shell.entry);
  // A page of this very build loses nothing by the change.
  if (said.type === 'go' || isSame) void worker.skipWaiting();
  event.ports[0]?.postMessage({ isNewer: !isSame });
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = pathOf(request.url);
  if (request.method !== 'GET' || path === null || path.startsWith('api/')) return;
  if (request.mode === 'navigate') event.respondWith(page(event));
  else if (path.startsWith('assets/') || shell.files.includes(path)) {
    event.respondWith(file(request));
  }
});

/** The address below where the app is served; null for one elsewhere. */
function pathOf(address: string): string | null {
  const url = new URL(address);
  const isOurs = url.origin === scope.origin && url.pathname.startsWith(scope.pathname);
  return isOurs ? url.pathname.slice(scope.pathname.length) : null;
}

function addressOf(path: string): string {
  return new URL(path, scope).href;
}

/** All or nothing: a build of which a part is missing is no build. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    shell.files.map(async (path) => {
      const isHashed = path.startsWith('assets/');
      const kept = isHashed ? await caches.match(addressOf(path)) : undefined;
      await cache.put(addressOf(path), kept ?? (await fetched(path, isHashed)));
    }),
  );
  const opened = await (await cache.match(addressOf('')))?.clone().text();
  if (!opened?.includes(shell.entry)) throw new Error('the page is of another build');
}

async function fetched(path: string, isHashed: boolean): Promise<Response> {
  const answer = await fetch(addressOf(path), { cache: isHashed ? 'default' : 'no-cache' });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${path}`);
  return answer;
}

/** The build before this one stays as well: pages that are open may still need parts of it. */
async function tidy(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

/** The page is asked for while this worker starts. */
async function preload(): Promise<void> {
  // Not every browser has it.
  await worker.registration.navigationPreload?.enable();
}

/** The network's page, or the kept one where there is no network, or only a gateway's excuse. */
async function page(event: Asked): Promise<Response> {
  const network = asked(event);
  const slow = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  const answer = await Promise.race([network, slow]);
  if (answer && answer.status < 500) return answer;
  const cache = await caches.open(CACHE);
  return (await cache.match(addressOf(''))) ?? (await network) ?? Response.error();
}

async function asked(event: Asked): Promise<Response | null> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return null;
  }
}

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? (await caches.match(request)) ?? fetch(request);
}
