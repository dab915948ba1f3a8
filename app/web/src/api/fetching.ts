/**
 * The few lines of openapi-fetch that these pages use, behind its types: a request from a path with
 * {names}, a query, headers and a JSON body. The library itself would be a thirtieth of the first load.
 */
import type { Client } from 'openapi-fetch';

interface Init {
  params?: {
    path?: Record<string, string | number>;
    query?: Record<string, unknown>;
    header?: Record<string, unknown>;
  };
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | null;
  keepalive?: boolean;
}

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
const METHODS: readonly Method[] = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'];

/** Functions named by method, each taking a path of the API and what it wants. */
export function makeClient<Paths extends object>(base: string): Client<Paths> {
  const client = Object.fromEntries(
    METHODS.map((method) => [
      method,
      (path: string, init: Init = {}) => send(base, method, path, init),
    ]),
  );
  return client as unknown as Client<Paths>;
}

async function send(base: string, method: Method, path: string, init: Init) {
  const { params = {}, body, headers = {}, signal = null, keepalive = false } = init;
  const sent = new Headers(headers);
  for (const [name, value] of Object.entries(params.header ?? {})) {
    if (value !== undefined) sent.set(name, String(value));
  }
  const request: RequestInit = { method, headers: sent, signal, keepalive };
  if (body instanceof Blob) request.body = body;
  else if (body !== undefined) {
    sent.set('Content-Type', 'application/json');
    request.body = JSON.stringify(body);
  }
  const response = await fetch(base + filled(path, params.path) + asQuery(params.query), request);
  const answer = await read(response);
  return response.ok ? { data: answer, response } : { error: answer, response };
}

function filled(path: string, values: Record<string, string | number> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

function asQuery(values: Record<string, unknown> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) query.append(name, String(one));
    }
  }
  const text = query.toString();
  return text && `?${text}`;
}

/** JSON of any kind as a value, anything else as text, nothing as undefined. */
async function read(response: Response): Promise<unknown> {
  if (response.status === 204 || response.headers.get('Content-Length') === '0') return undefined;
  const isJson = /\bjson\b/.test(response.headers.get('Content-Type') ?? '');
  const text = await response.text();
  try {
    return isJson && text ? JSON.parse(text) : text || undefined;
  } catch {
    // A proxy cut the answer off: what came is no answer of the service.
    return undefined;
  }
}
