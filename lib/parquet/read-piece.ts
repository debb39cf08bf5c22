import { z } from 'zod';
import type { StagedPiece } from '../archive/ports.ts';

const instant = z.iso.datetime().transform((text) => new Date(text));
const count = z.int().nonnegative();

/** A piece of a day as a stage remembers it between two runs: the JSON of a `StagedPiece`. */
export const pieceSchema = z.object({
  window: z.object({ from: instant, to: instant }),
  keep: z.array(z.object({ page: count, before: instant.optional() })),
  requests: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      page: count,
      total_results: count,
      rows_kept: count,
    }),
  ),
  total: count,
  readAt: instant,
}) satisfies z.ZodType<StagedPiece, unknown>;
