/** The API as typed functions; every failure is a Problem or an Unreachable. */
import createClient from 'openapi-fetch';

import type { paths } from './schema';
import type { ProblemBody } from './types';

/** Where the pages are served under, without a slash at the end; the server writes it into the page. */
export const BASE: string = document.documentElement.dataset['base'] ?? '';

export const api = createClient<paths>({ baseUrl: BASE || location.origin });

/** The service answered, and said no. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    super(body.detail || body.title);
  }

  /** The stable name: "not-found" of "urn:outlay:problem:not-found". */
  get kind(): string {
    return this.body.type.split(':').at(-1) ?? '';
  }

  /** What is wrong with one field, by its JSON pointer. */
  of(pointer: string): string | undefined {
    return this.body.errors.find((error) => error.pointer === pointer)?.detail;
  }
}

/** No answer: the network is away, or the service. Worth trying again. */
export class Unreachable extends Error {}

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

type Listener = (status: number) => void;
let onRefused: Listener = () => undefined;

/** Tell of answers 401, wherever they come from. */
export function whenSignedOut(listener: () => void): void {
  onRefused = listener;
}

/** The answer's body; throws Problem or Unreachable. */
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
    throw new Unreachable(String(error));
  }
  const { data, error, response } = answered;
  if (response.ok) return { data: data as T, response };
  if (response.status === 401) onRefused(401);
  if (isProblem(error)) {
    if (isPassing(response.status)) throw new Unreachable(error.detail || error.title);
    throw new Problem(response.status, error);
  }
  // A gateway's own page, not the service's answer.
  throw new Unreachable(`${response.status}`);
}

/** Answers that mean "not now" and say nothing about what was asked. */
function isPassing(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

function isProblem(error: unknown): error is ProblemBody {
  return typeof error === 'object' && error !== null && 'type' in error && 'status' in error;
}
