import { isIP } from 'node:net';
import { plural } from '../lib/cli/words.ts';
import {
  configurationDocumentSchema,
  foundationSchema,
} from '../lib/config/configuration-document.ts';
import { stackNameOf } from '../lib/config/deployment-configuration.ts';
import { deploymentSchema } from '../lib/config/deployment-document.ts';
import { parseDuration } from '../lib/config/duration.ts';
import { httpSchema } from '../lib/config/http-document.ts';
import {
  ENDING_MS,
  LONGEST_ANSWER_MS,
  QUERY_FUNCTION_SECONDS,
} from '../lib/config/query-function-time.ts';
import { validFields } from '../lib/config/valid-fields.ts';
import { parseArchiveUrl } from '../lib/domain/archive-url.ts';
import { DAY_MS, dayOf, startOf } from '../lib/domain/day.ts';
import { plusMs } from '../lib/domain/instant.ts';
import { checkSchedules } from './check-schedules.ts';
import {
  type DeploymentProblem,
  error,
  type ValidDocument,
  warning,
} from './deployment-problem.ts';
import { stackNames } from './stack-names.ts';

/** Of names and values of all variables of a function, together. */
const LAMBDA_ENVIRONMENT_BYTES = 4096;

/** What the stack itself needs of them: the names that it fills in, the queue's address, settings of the logger. */
const STACK_ENVIRONMENT_BYTES = 900;

/**
 * Everything that the schema of the configuration cannot know to be wrong with a deployment. No network is asked.
 *
 * @param written - the document as parsed, before the schema: what the schema finds wrong is left out here
 */
export function checkDeployment(written: unknown, now: Date): DeploymentProblem[] {
  const raw: Readonly<Record<string, unknown>> = Object(written);
  const foundations = Array.isArray(raw.foundations) ? raw.foundations : [];
  const valid: ValidDocument = {
    ...validFields(configurationDocumentSchema, written),
    foundations: foundations.map((each) => validFields(foundationSchema, each)),
    http: validFields(httpSchema, raw.http),
    deployment:
      raw.deployment === undefined ? undefined : validFields(deploymentSchema, raw.deployment),
  };
  return [
    ...checkSection(valid),
    ...checkBucket(valid),
    ...checkSecrets(valid),
    ...checkHttp(valid, raw),
    ...checkOwnParts(valid, raw),
    ...checkLock(valid),
    ...checkFirstDay(valid, now),
    ...checkSchedules(valid, now),
    ...checkSize(raw),
  ];
}

function* checkSection({ deployment }: ValidDocument) {
  if (deployment === undefined)
    yield error(
      ['deployment'],
      'is missing; write deployment: { region: REGION, first_day: YYYY-MM-DD }, as in infra/example.yml',
    );
}

function* checkBucket({ archive }: ValidDocument) {
  if (archive === undefined) return;
  const location = parseArchiveUrl(archive);
  if (location.kind === 'folder')
    yield error(['archive'], 'functions have no folder that stays; write s3://BUCKET');
  if (location.kind !== 'bucket') return;
  const { bucket } = location;
  const reserved = RESERVED.find((pattern) => pattern.test(bucket));
  if (reserved !== undefined || isIP(bucket) !== 0 || bucket.includes('..'))
    yield error(
      ['archive'],
      `S3 takes no bucket called ${bucket}: no address, no two dots in a row, and none of its own beginnings and endings (xn--, sthree-, amzn-s3-demo-, -s3alias, --ol-s3, .mrap, --x-s3, --table-s3); write another name`,
    );
  else if (bucket.includes('.'))
    yield warning(
      ['archive'],
      `a dot in a bucket's name breaks the TLS certificate of its own host name, which browsers and some tools then refuse; write s3://${bucket.replaceAll('.', '-')}`,
    );
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const RESERVED = [/^(xn--|sthree-|amzn-s3-demo-)/, /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/];

function* checkSecrets({ foundations, http, deployment }: ValidDocument) {
  const secrets = [
    ...foundations.map((foundation, index) => ({
      path: ['foundations', index, 'client_secret'],
      secret: foundation.client_secret,
      name: `cf-audit-archive/${foundation.name ?? 'FOUNDATION'}`,
    })),
    { path: ['http', 'cursor_key'], secret: http.cursor_key, name: 'cf-audit-archive/cursor-key' },
  ];
  const regions = new Set(secrets.flatMap(({ secret }) => regionOf(secret?.secretsmanager) ?? []));
  // Where all agree on one other region, it is the stack's that may be misspelt.
  const orElse = regions.size === 1 ? ', or correct deployment.region' : '';
  for (const { path, secret, name } of secrets) {
    if (secret === undefined) continue;
    const { secretsmanager: arn } = secret;
    if (arn === undefined) {
      yield error(
        path,
        `functions have neither this machine's environment nor its files; store it with aws secretsmanager create-secret --name ${name}, and write { secretsmanager: ARN }`,
      );
      continue;
    }
    const region = regionOf(arn);
    if (!/-[A-Za-z0-9]{6}$/.test(arn))
      yield error(
        path,
        'is not the whole ARN, which AWS ends with - and six characters; write it as aws secretsmanager describe-secret shows it, because the functions may read nothing else',
      );
    if (deployment?.region !== undefined && region !== deployment.region)
      yield warning(
        path,
        `is in ${region}, the stack in ${deployment.region}: it works, but the archive stands still when either region does; replicate the secret to ${deployment.region} and write the ARN from there${orElse}`,
      );
  }
}

const regionOf = (arn: string | undefined): string | undefined => arn?.split(':')[3];

function* checkHttp({ http }: ValidDocument, raw: Readonly<Record<string, unknown>>) {
  if (http.identity === 'none')
    yield error(
      ['http', 'identity'],
      'none shows everything to everybody, and the API is on the internet; write http: { identity: uaa }',
    );
  if (http.query_log === 'off')
    yield warning(
      ['http', 'query_log'],
      'off: nobody will be able to say who asked what; leave it out, and what cannot be put on record is not answered',
    );
  // What is a default is shortened by the function itself.
  for (const key of ['timeout', 'export_timeout'] as const)
    if (
      Object(raw.http)[key] !== undefined &&
      (parseDuration(http[key] ?? '') ?? 0) > LONGEST_ANSWER_MS
    )
      yield error(
        ['http', key],
        `AWS ends the function that answers after ${QUERY_FUNCTION_SECONDS} seconds, and ending a question in order takes ${ENDING_MS / 1000} of them; write ${LONGEST_ANSWER_MS / 1000}s or less, or leave it out`,
      );
}

/** What the stack makes, and fills in: to name something else is to name what its roles may not use. */
function* checkOwnParts(
  { signing, engine, http, deployment }: ValidDocument,
  raw: Readonly<Record<string, unknown>>,
) {
  const names = deployment?.stage && stackNames({ stackName: stackNameOf(deployment.stage) });
  if (signing?.ed25519 !== undefined)
    yield error(
      ['signing'],
      'functions have no file of a key; leave signing out: the stack makes a key in KMS',
    );
  if (signing?.kms !== undefined && names && !signing.kms.endsWith(`:${names.signingKeyAlias}`))
    yield error(
      ['signing'],
      `the function that signs may use one key, the stack's own ${names.signingKeyAlias}; leave signing out`,
    );
  if (http.exports !== undefined)
    yield error(
      ['http', 'exports'],
      'the function that answers may write into a bucket of the stack only; leave exports out',
    );
  // Left out, the schema's default is DuckDB; the stack puts Athena there.
  if (raw.engine === 'duckdb')
    yield error(
      ['engine'],
      'the function that answers carries no DuckDB; leave engine out: the stack makes a workgroup of Athena',
    );
  if (typeof engine !== 'object' || !names) return;
  const { workgroup, database, table } = engine.athena;
  if (workgroup !== names.workgroup || database !== names.database || table !== names.table)
    yield error(
      ['engine', 'athena'],
      `the function that answers may use the stack's own table only; leave engine out, or write { workgroup: ${names.workgroup}, database: ${names.database}, table: ${names.table} }`,
    );
}

function* checkLock({ deployment }: ValidDocument) {
  if (deployment?.lock?.mode === 'compliance')
    yield warning(
      ['deployment', 'lock', 'mode'],
      `compliance: nobody, neither the account's owner nor AWS, will be able to delete any object or shorten its lock for ${deployment.lock.years} years, and each is paid for as long; only closing the account ends it. Try everything with governance first`,
    );
}

function* checkFirstDay({ foundations, deployment }: ValidDocument, now: Date) {
  const path = ['deployment', 'first_day'];
  const first = deployment?.first_day;
  if (first === undefined) return;
  const kept = Math.max(0, ...foundations.map((each) => each.retention_days ?? 0));
  const oldest = dayOf(plusMs(now, -kept * DAY_MS));
  if (startOf(first) > now)
    yield error(
      path,
      `${first} is in the future, and the table would show nothing until then; write a day about a month ago, such as ${dayOf(plusMs(now, -32 * DAY_MS))}`,
    );
  else if (first > oldest)
    yield warning(
      path,
      `${first} is later than the first day that is stored: foundations keep events for up to ${plural(kept, 'day')}, and the table would show nothing of the days before, without an error; write ${oldest} or earlier`,
    );
}

function* checkSize({ deployment: _, ...written }: Readonly<Record<string, unknown>>) {
  const bytes = Buffer.byteLength(JSON.stringify(written));
  const limit = LAMBDA_ENVIRONMENT_BYTES - STACK_ENVIRONMENT_BYTES;
  if (bytes > limit)
    yield error(
      [],
      `is ${bytes} bytes as JSON, and a function takes ${limit}: AWS allows ${LAMBDA_ENVIRONMENT_BYTES} for all variables, and the stack needs ${STACK_ENVIRONMENT_BYTES}; leave out what is a default, or make a second stage for some of the foundations`,
    );
}
