import axios from 'axios';

import type { FieldError, Problem } from './types';

/** What is known of a request that failed, besides a sentence. */
interface Facts {
  /** Null where no answer came. */
  status: number | null;
  fields: readonly FieldError[];
  /** Seconds that the API asks to wait before the next try, or null where it doesn't say. */
  retryAfter: number | null;
  /** The kind of problem, as a URI (RFC 9457). */
  type: string;
  cause: unknown;
}

/** A request that failed, as a sentence for a person. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Facts['status'];
  readonly fields: Facts['fields'];
  readonly retryAfter: Facts['retryAfter'];
  readonly type: Facts['type'];

  constructor(message: string, { cause, ...facts }: Partial<Facts>) {
    super(message, { cause });
    this.status = facts.status ?? null;
    this.fields = facts.fields ?? [];
    this.retryAfter = facts.retryAfter ?? null;
    this.type = facts.type ?? 'about:blank';
  }
}

const BY_STATUS = new Map<number, string>([
  [502, 'The API is not running behind this page. It will be tried again.'],
  [503, 'The API is too busy or not ready yet. Try again in a moment.'],
  [504, 'The API took too long to answer. Try again in a moment.'],
]);

/** What went wrong, from whatever a request threw; an `ApiError` comes back as it is. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (!axios.isAxiosError(error)) return new ApiError('The request could not be sent.', { cause: error });
  if (error.response === undefined) return new ApiError(unanswered(error.code), { cause: error });
  const { status, headers } = error.response;
  const problem = asProblem(error.response.data);
  const message = problem?.detail ?? BY_STATUS.get(status) ?? `The API answered with status ${status}.`;
  return new ApiError(message, {
    status,
    fields: problem?.errors ?? [],
    retryAfter: seconds(headers['retry-after']),
    type: problem?.type ?? 'about:blank',
    cause: error,
  });
}

/** RFC 9110 has dates for `Retry-After`, too; the API and its proxy send seconds. */
function seconds(header: unknown): number | null {
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : null;
}

function unanswered(code: string | undefined): string {
  return code === 'ECONNABORTED' || code === 'ETIMEDOUT'
    ? 'The API did not answer in time. Try again in a moment.'
    : 'The API cannot be reached. Check your connection and that the stack is running.';
}

function asProblem(body: unknown): Problem | null {
  const isProblem =
    typeof body === 'object' && body !== null && 'detail' in body && typeof body.detail === 'string';
  return isProblem ? (body as unknown as Problem) : null;
}
