import { z } from 'zod';
import { foundationNameSchema } from './foundation.ts';

/** A GUID exactly, or a name: case-insensitive, whole, `*` standing for any text. */
export const nameOrGuidSchema = z
  .string()
  .min(1, 'write a GUID or a name')
  .max(1024, 'a GUID or name has 1,024 characters at most');

/** An event type exactly, or all types that begin with what stands before a final `.*`: `audit.app.*`. */
export const typePatternSchema = z
  .string()
  .min(1)
  .max(1024)
  .refine(
    (text) => !text.includes('*') || (text.endsWith('.*') && text.indexOf('*') === text.length - 1),
    'use a whole type such as audit.app.update, or a prefix such as audit.app.*',
  );

/**
 * One question to the archive, whoever asks it. Given filters must all hold; several values of one filter are alternatives.
 */
export const eventQuerySchema = z.object({
  /** At least one. */
  foundations: z.array(foundationNameSchema).min(1),
  /** Half-open `[from, to)`. */
  from: z.date(),
  to: z.date(),
  types: z.array(typePatternSchema).default([]),
  targets: z.array(nameOrGuidSchema).default([]),
  spaces: z.array(nameOrGuidSchema).default([]),
  organizations: z.array(nameOrGuidSchema).default([]),
  order: z.enum(['newest', 'oldest']).default('newest'),
  /** Rows at most. */
  limit: z
    .int()
    .min(1, 'write a whole number from 1 to 5000')
    .max(5000, 'write a whole number from 1 to 5000')
    .default(50),
});
export type EventQuery = z.infer<typeof eventQuerySchema>;
