import { z } from 'zod';

/** The only form Cloud Controller accepts and shows: whole seconds, UTC, upper-case `Z`. */
export const SECOND_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

export const SECOND_MS = 1000;
export const HOUR_MS = 3_600_000;

/** `YYYY-MM-DDThh:mm:ssZ`; a part of a second is cut off, as Cloud Controller does. */
export const secondText = (instant: Date): string => `${instant.toISOString().slice(0, 19)}Z`;

export const floorToSecond = (instant: Date): Date =>
  new Date(Math.floor(instant.getTime() / SECOND_MS) * SECOND_MS);

export const plusMs = (instant: Date, ms: number): Date => new Date(instant.getTime() + ms);

export const earlierOf = (a: Date, b: Date): Date => (a <= b ? a : b);

export const laterOf = (a: Date, b: Date): Date => (a >= b ? a : b);

/** An ISO 8601 instant in a document of ours; a `Date` inside. */
export const instantSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
