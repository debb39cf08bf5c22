import { z } from 'zod';

/** Says of a value that it is not there, or that it is not `form`: "must be …", so `form` says how to write it. */
export const expected = (form: string) => ({
  error: ({ input }: { readonly input?: unknown }): string =>
    input === undefined || input === null ? `is missing; write ${form}` : `must be ${form}`,
});

/** Text of at least one letter. */
export const text = (form: string) => z.string(expected(form)).min(1, expected(form));

/** Both ends included. */
export const wholeNumber = (from: number, to: number) => {
  const form = `a whole number from ${from} to ${to}`;
  return z.int(expected(form)).min(from, expected(form)).max(to, expected(form));
};
