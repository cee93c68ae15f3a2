import axios from 'axios';

import type { FieldError, Problem } from './types';

/** A request that failed, as a sentence for a person; `status` is null where no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    message: string,
    readonly status: number | null,
    readonly fields: readonly FieldError[],
    options: ErrorOptions,
    /** Seconds that the API asks to wait before the next try, or null where it doesn't say. */
    readonly retryAfter: number | null = null,
  ) {
    super(message, options);
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
  if (!axios.isAxiosError(error))
    return new ApiError('The request could not be sent.', null, [], { cause: error });
  if (error.response === undefined) return new ApiError(unanswered(error.code), null, [], { cause: error });
  const { status, headers } = error.response;
  const problem = asProblem(error.response.data);
  const message = problem?.detail ?? BY_STATUS.get(status) ?? `The API answered with status ${status}.`;
  return new ApiError(
    message,
    status,
    problem?.errors ?? [],
    { cause: error },
    seconds(headers['retry-after']),
  );
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
