import { z } from 'zod';
import { parseArchiveUrl } from '../domain/archive-url.ts';
import { foundationNameSchema } from '../domain/foundation.ts';
import { deploymentSchema } from './deployment-document.ts';
import { DURATION_FORM, parseDuration } from './duration.ts';
import { expected, text, wholeNumber } from './expected.ts';
import { httpSchema } from './http-document.ts';
import { secretSchema } from './secret-ref.ts';
import { parseSize, SIZE_FORM } from './size.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const archiveSchema = text('file:PATH or s3://BUCKET').superRefine((url, context) => {
  const location = parseArchiveUrl(url);
  if (location.kind === 'invalid') context.addIssue(location.problem);
});

const API_FORM = 'the root of the API: https://HOST or https://HOST:PORT';
const apiSchema = text(API_FORM).refine((api) => {
  const url = URL.parse(api);
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
}, expected(API_FORM));

const LINK_FORM = 'a URL: https://HOST or https://HOST/PATH';
const linkSchema = text(LINK_FORM).refine(
  (link) => /^https?:$/.test(URL.parse(link)?.protocol ?? ''),
  expected(LINK_FORM),
);

const durationSchema = z
  .string(expected(DURATION_FORM))
  .refine((duration) => parseDuration(duration) !== undefined, expected(DURATION_FORM));

/** One element of `foundations`. */
export const foundationSchema = z
  .strictObject(
    {
      name: z
        .string(expected('1 to 32 of a-z, 0-9 and -, not beginning with -'))
        .pipe(foundationNameSchema),
      api: apiSchema,
      client_id: text('the name of a UAA client that may read audit events'),
      client_secret: secretSchema,
      retention_days: wholeNumber(1, 3650).default(31),
      settle: durationSchema.default('4h'),
      concurrency: wholeNumber(1, 16).default(2),
      uaa: linkSchema.optional(),
      login: linkSchema.optional(),
    },
    expected('a foundation: name, api, client_id and client_secret'),
  )
  .refine(
    ({ settle, retention_days }) =>
      retention_days < 1 || (parseDuration(settle) ?? 0) < retention_days * DAY_MS,
    {
      error: 'must be shorter than retention_days: no day would ever close',
      path: ['settle'],
    },
  );

const sizeSchema = z
  .string(expected(SIZE_FORM))
  .refine((size) => parseSize(size) !== undefined, expected(SIZE_FORM));

const ed25519Schema = z.strictObject(
  { file: text('the path of a private key in PEM form') },
  expected('{ file: PATH }'),
);
const KMS_FORM = 'the ARN of a KMS key: arn:aws:kms:REGION:ACCOUNT:key/ID';
const SIGNING_FORM = '{ ed25519: { file: PATH } } or { kms: ARN }';
const signingSchema = z
  .strictObject(
    {
      ed25519: ed25519Schema.optional(),
      kms: text(KMS_FORM)
        .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/\S+$/, expected(KMS_FORM))
        .optional(),
    },
    expected(SIGNING_FORM),
  )
  .refine((signing) => Object.keys(signing).length === 1, `must be ${SIGNING_FORM}`);

/** Database and table are spliced into SQL, where no parameter can stand: nothing that would need quoting. */
const sqlName = (form: string) => text(form).regex(/^[a-z0-9_]{1,128}$/, expected(form));

const athenaSchema = z.strictObject(
  {
    workgroup: text('a workgroup of Athena').regex(
      /^[A-Za-z0-9._-]{1,128}$/,
      expected('a workgroup of Athena'),
    ),
    database: sqlName('a database of a-z, 0-9 and _'),
    table: sqlName('a table of a-z, 0-9 and _'),
  },
  expected('{ workgroup, database, table }'),
);
const engineSchema = z.union(
  [z.literal('duckdb'), z.strictObject({ athena: athenaSchema })],
  expected('duckdb or { athena: { workgroup, database, table } }'),
);

/** The configuration as written: snake_case, relative paths, durations as text. Defaults are filled in. */
export const configurationDocumentSchema = z
  .strictObject(
    {
      archive: archiveSchema,
      foundations: z
        .array(foundationSchema, expected('a list of foundations'))
        .min(1, 'is empty; list at least one foundation'),
      signing: signingSchema.optional(),
      engine: engineSchema.default('duckdb'),
      max_scan: sizeSchema.optional(),
      http: httpSchema.prefault({}),
      deployment: deploymentSchema.optional(),
    },
    'must be a document with the keys archive and foundations',
  )
  .superRefine(
    (document, context) => {
      for (const { path, message } of contradictions(document))
        context.addIssue({ code: 'custom', path, message });
    },
    // Also when something else is wrong: a person corrects everything in one go.
    { when: () => true },
  );
export type ConfigurationDocument = z.infer<typeof configurationDocumentSchema>;

/** What only shows when parts are compared. Any part may still be missing or of another type. */
function* contradictions({ archive, foundations, engine, http }: Partial<ConfigurationDocument>) {
  const names = Array.isArray(foundations) ? foundations.map((foundation) => foundation?.name) : [];
  for (const [index, name] of names.entries()) {
    const first = names.indexOf(name);
    if (typeof name === 'string' && first < index)
      yield {
        path: ['foundations', index, 'name'],
        message: `"${name}" is foundations[${first}] already; give each foundation a name of its own`,
      };
  }
  if (typeof engine === 'object' && String(archive).startsWith('file:'))
    yield {
      path: ['engine'],
      message: 'athena reads S3 only; write engine: duckdb, or archive: s3://BUCKET',
    };
  for (const name of Object.keys(Object(http?.hosts))) {
    if (!names.some((each) => each === name))
      yield { path: ['http', 'hosts', name], message: 'is no foundation of this configuration' };
  }
  if (http?.exports !== undefined && http.exports === archive)
    yield {
      path: ['http', 'exports'],
      message:
        'is the archive itself, where nothing may lie but what it consists of; name another bucket',
    };
}
