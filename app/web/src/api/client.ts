/** The API as typed functions; every failure is a Problem or an Unreachable. */
import { makeClient } from './fetching';
import { Problem, SignedOut, Unreachable } from './fault';
import type { paths } from './schema';
import type { ProblemBody } from './types';

/** Where the pages are served under, without a slash at the end; the server writes it into the page. */
export const BASE: string = document.documentElement.dataset['base'] ?? '';

export const api = makeClient<paths>(BASE);

export { Problem, SignedOut, Unreachable };

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

type Listener = () => void;
let onSignedOut: Listener = () => undefined;
const onUnreachable: Listener[] = [];

/** Tell of every answer that asks to sign in first. */
export function whenSignedOut(listener: Listener): void {
  onSignedOut = listener;
}

/** Tell of every question that was not answered: nobody was there, or wanted to know who asks. */
export function whenUnreachable(listener: Listener): void {
  onUnreachable.push(listener);
}

/** The answer's body; throws Problem or Unreachable, of which SignedOut is one. */
export async function ask<T>(asked: Promise<Answered<T>>): Promise<T> {
  return (await askWhole(asked)).data;
}

/** The answer's body with its response, for those who read headers. */
export async function askWhole<T>(
  asked: Promise<Answered<T>>,
): Promise<{ data: T; response: Response }> {
  let answered: Answered<T>;
  try {
    answered = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable(Unreachable, String(error));
  }
  const { data, error, response } = answered;
  if (response.ok) return { data: data as T, response };
  // A wrong password is 401 as well, and a Problem.
  if (response.status === 401 && response.headers.has('WWW-Authenticate')) {
    onSignedOut();
    throw unreachable(SignedOut, '401');
  }
  if (isProblem(error)) {
    if (isPassing(response.status)) throw unreachable(Unreachable, error.detail || error.title);
    throw new Problem(response.status, error);
  }
  // A gateway's own page, not the service's answer.
  throw unreachable(Unreachable, `${response.status}`);
}

function unreachable(Kind: typeof Unreachable, why: string): Unreachable {
  for (const listener of onUnreachable) listener();
  return new Kind(why);
}

/** Answers that mean "not now" and say nothing about what was asked. */
function isPassing(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

function isProblem(error: unknown): error is ProblemBody {
  return typeof error === 'object' && error !== null && 'type' in error && 'status' in error;
}
