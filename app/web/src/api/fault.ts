/** How asking can fail. */
import type { ProblemBody } from './types';

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

/** The service asks to sign in first; what was asked is worth asking again after that. */
export class SignedOut extends Unreachable {}
