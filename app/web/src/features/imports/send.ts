/** A file on its way to the service, with progress; `fetch` cannot tell how much has gone. */
import { BASE, Problem, Unreachable } from '../../api/client';
import type { ProblemBody } from '../../api/types';
import { session } from '../../state/session.svelte';

export interface Options {
  headers?: Record<string, string>;
  /** Bytes that have gone; all of them means that the service is at work. */
  onprogress: (sent: number) => void;
  signal: AbortSignal;
}

/** The answer to a POST of the file as it is; throws Problem, Unreachable or an AbortError. */
export function send<Answer>(path: string, file: Blob, options: Options): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', BASE + path);
    request.responseType = 'text';
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => options.onprogress(event.loaded);
    request.upload.onload = () => options.onprogress(file.size);
    request.onload = () => {
      try {
        resolve(answerOf(request) as Answer);
      } catch (error) {
        reject(error as Error);
      }
    };
    request.onerror = () => reject(new Unreachable('network'));
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    options.signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function answerOf(request: XMLHttpRequest): unknown {
  let body: unknown;
  try {
    body = JSON.parse(request.responseText);
  } catch {
    // A gateway's own page, not the service's answer.
    throw new Unreachable(String(request.status));
  }
  if (request.status >= 200 && request.status < 300) return body;
  if (request.status === 401) session.status = 'ended';
  throw new Problem(request.status, body as ProblemBody);
}
