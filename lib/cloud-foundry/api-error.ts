import { z } from 'zod';

/** A v3 error body, `{"errors":[{"detail","title","code"}]}`; the content type does not say so (a 429 is `text/plain`). */
const v3ErrorsSchema = z.object({
  errors: z.array(z.object({ detail: z.string(), title: z.string(), code: z.int() })).min(1),
});

/** What an answer other than 200 says, short enough for one line: `CF-NotAuthorized: You are not authorized…`. Undefined when the body is no v3 error. */
export function describeV3Error(body: string): string | undefined {
  try {
    const { errors } = v3ErrorsSchema.parse(JSON.parse(body));
    return errors
      .map(({ title, detail }) => `${title}: ${detail}`)
      .join('; ')
      .slice(0, 500);
  } catch {
    return undefined;
  }
}

/** Node's and undici's name of an error, such as `ECONNRESET`; undefined for errors without one. */
export function systemCode(error: unknown): string | undefined {
  const { code } = Object(error);
  return typeof code === 'string' ? code : undefined;
}
