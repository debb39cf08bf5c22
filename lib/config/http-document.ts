import { z } from 'zod';
import { parseArchiveUrl } from '../domain/archive-url.ts';
import { DURATION_FORM, parseDuration } from './duration.ts';
import { expected, wholeNumber } from './expected.ts';
import { secretSchema } from './secret-ref.ts';
import { parseSize, SIZE_FORM } from './size.ts';

const ORIGIN_FORM = 'an origin: https://HOST or https://HOST:PORT';
const originSchema = z.string(expected(ORIGIN_FORM)).refine((text) => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
}, expected(ORIGIN_FORM));

const HOST_FORM = 'a host name in lower case, without a port';
const hostSchema = z
  .string(expected(HOST_FORM))
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, expected(HOST_FORM));

const durationSchema = z
  .string(expected(DURATION_FORM))
  .refine((text) => (parseDuration(text) ?? 0) > 0, expected(DURATION_FORM));
const sizeSchema = z
  .string(expected(SIZE_FORM))
  .refine((text) => parseSize(text) !== undefined, expected(SIZE_FORM));

const EXPORTS_FORM = 's3://BUCKET, another bucket than the archive';
const exportsSchema = z
  .string(expected(EXPORTS_FORM))
  .refine((text) => parseArchiveUrl(text).kind === 'bucket', expected(EXPORTS_FORM));

/** How the archive is served over HTTP. Every key may be left out. */
export const httpSchema = z.strictObject(
  {
    identity: z.enum(['none', 'uaa'], expected('none or uaa')).default('none'),
    query_log: z
      .enum(['required', 'optional', 'off'], expected('required, optional or off'))
      .default('required'),
    url: originSchema.optional(),
    hosts: z
      .record(z.string(), hostSchema, expected('a host name for each foundation'))
      .default({}),
    cors: z.array(originSchema, expected('a list of origins')).default([]),
    questions_per_user: wholeNumber(1, 100).default(4),
    questions_per_hour: wholeNumber(1, 1_000_000).optional(),
    timeout: durationSchema.default('25s'),
    export_timeout: durationSchema.default('15m'),
    max_range: durationSchema.optional(),
    daily_scan: sizeSchema.optional(),
    max_answer: sizeSchema.default('64MB'),
    cursor_key: secretSchema.optional(),
    exports: exportsSchema.optional(),
  },
  expected('a section with keys such as identity and url'),
);
export type HttpDocument = z.infer<typeof httpSchema>;
