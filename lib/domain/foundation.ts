import { z } from 'zod';

export const FOUNDATION_NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** The name of one Cloud Foundry installation; it is the partition value, so it can never change. */
export const foundationNameSchema = z
  .string()
  .regex(FOUNDATION_NAME_PATTERN, 'use 1 to 32 of a-z, 0-9 and -, not beginning with -')
  .brand<'FoundationName'>();
export type FoundationName = z.infer<typeof foundationNameSchema>;
