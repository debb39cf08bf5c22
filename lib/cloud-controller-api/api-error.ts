/** Errors by name: HTTP status, code, and detail where it is fixed (CC §1.5). */
const ERRORS = {
  InvalidAuthToken: { status: 401, code: 1000, detail: 'Invalid Auth Token' },
  NotFound: { status: 404, code: 10000, detail: 'Unknown request' },
  UnknownError: { status: 500, code: 10001, detail: 'An unknown error occurred.' },
  NotAuthenticated: { status: 401, code: 10002, detail: 'Authentication error' },
  NotAuthorized: {
    status: 403,
    code: 10003,
    detail: 'You are not authorized to perform the requested action',
  },
  InvalidRequest: { status: 400, code: 10004, detail: 'The request is invalid' },
  BadQueryParameter: { status: 400, code: 10005, detail: 'The query parameter is invalid: %s' },
  UnprocessableEntity: { status: 422, code: 10008, detail: '%s' },
  ResourceNotFound: { status: 404, code: 10010, detail: '%s' },
  RateLimitExceeded: { status: 429, code: 10013, detail: 'Rate Limit Exceeded' },
  IPBasedRateLimitExceeded: {
    status: 429,
    code: 10014,
    detail:
      'Rate Limit Exceeded: Unauthenticated requests from this IP address have exceeded the limit. Please log in.',
  },
  ServiceUnavailable: { status: 503, code: 10015, detail: '%s' },
  UaaUnavailable: {
    status: 502,
    code: 20004,
    detail: 'The UAA service is currently unavailable',
  },
} as const;

export type ApiErrorName = keyof typeof ERRORS;

/** An error that Cloud Controller answers with. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly errorName: ApiErrorName;
  readonly status: number;

  constructor(errorName: ApiErrorName, detail: string) {
    super(detail);
    this.errorName = errorName;
    this.status = ERRORS[errorName].status;
  }

  /** The v3 body. Only the unknown error has a title without `CF-`. */
  get document(): unknown {
    const title = this.errorName === 'UnknownError' ? 'UnknownError' : `CF-${this.errorName}`;
    return { errors: [{ detail: this.message, title, code: ERRORS[this.errorName].code }] };
  }
}

/** @param text - what stands in for `%s` in the detail */
export function apiError(errorName: ApiErrorName, text = ''): ApiError {
  return new ApiError(
    errorName,
    ERRORS[errorName].detail.replace('%s', () => text),
  );
}
