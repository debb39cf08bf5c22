import type { z } from 'zod';

/** What is right in a section, defaults filled in: fields that are wrong are left out, so that the others can still be judged. */
export function validFields<Schema extends z.ZodObject>(
  schema: Schema,
  written: unknown,
): Partial<z.infer<Schema>> {
  const section: Readonly<Record<string, unknown>> = Object(written);
  const fields = Object.entries(schema.shape).flatMap(([key, field]) => {
    const parsed = (field as z.ZodType).safeParse(section[key]);
    return parsed.success ? [[key, parsed.data]] : [];
  });
  return Object.fromEntries(fields);
}
