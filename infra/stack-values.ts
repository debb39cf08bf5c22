import { QUERY_FUNCTION_SECONDS } from '../lib/config/query-function-time.ts';
import type { SecretRef } from '../lib/config/secret-ref.ts';
import { parseArchiveUrl } from '../lib/domain/archive-url.ts';
import { ArchiveError } from '../lib/domain/errors.ts';
import { alarmResources } from './alarms.ts';
import { catalogueResources } from './catalogue.ts';
import { dashboardResources } from './dashboard.ts';
import type { DeployableConfiguration } from './deployable-configuration.ts';
import { attribute } from './resources.ts';
import { type StackNames, stackNames } from './stack-names.ts';

/** The least that Athena takes for `BytesScannedCutoffPerQuery`. */
const LEAST_CUTOFF_BYTES = 10_485_760;

/** Half a dollar a question, when the configuration has no opinion. */
const DEFAULT_CUTOFF_BYTES = 100e9;

/** What `dist/stack.json` holds: everything that an operator decides, for serverless.yml and its fragments. */
export function stackValues({ configuration, written, archiveRuns }: DeployableConfiguration) {
  const { deployment, foundations, http } = configuration;
  const names = stackNames(deployment);
  const { workgroup } = names;
  const spec = {
    database: names.database,
    table: names.table,
    foundations: foundations.map(({ name }) => name),
    firstDay: deployment.firstDay,
  };
  const foundationSecrets = [...new Set(foundations.map((each) => arnOf(each.clientSecret)))];
  return {
    stage: deployment.stage,
    region: deployment.region,
    architecture: deployment.architecture,
    bucket: bucketOf(configuration.archiveUrl),
    lock: { mode: deployment.lock.mode.toUpperCase(), years: deployment.lock.years },
    archiveSchedule: deployment.archiveSchedule,
    digestSchedule: deployment.digestSchedule,
    timeZone: deployment.timeZone,
    queryTimeout: QUERY_FUNCTION_SECONDS,
    archiveDayConcurrency: deployment.archiveDayConcurrency,
    workgroup,
    bytesScannedCutoff: Math.max(
      LEAST_CUTOFF_BYTES,
      configuration.maxScanBytes ?? DEFAULT_CUTOFF_BYTES,
    ),
    foundationSecrets,
    querySecrets: [
      ...foundationSecrets,
      http.cursorKey === undefined ? attribute('CursorKey', 'Id') : arnOf(http.cursorKey),
    ],
    configuration: { 'Fn::Sub': configurationText(written, names) },
    alarmSubscriptions:
      deployment.alarmEmail === undefined
        ? []
        : [{ Protocol: 'email', Endpoint: deployment.alarmEmail }],
    catalogue: catalogueResources(spec),
    alarms: alarmResources(deployment.stackName, foundations, workgroup, archiveRuns),
    dashboard: dashboardResources(deployment.stackName, spec.foundations, workgroup),
  };
}

/**
 * The configuration as the functions read it, with the stack's own parts put in. What is a default stays out: the variables of a function are short.
 *
 * A template of `Fn::Sub`: `${…}` of the stack's own parts is CloudFormation's to fill in. What an operator wrote never is, nor is it a variable of osls: there the `$` becomes an escape of JSON.
 */
function configurationText(
  written: DeployableConfiguration['written'],
  { workgroup, database, table }: StackNames,
): string {
  const { deployment: _, http, ...rest } = written;
  const text = JSON.stringify({
    ...rest,
    signing: { kms: deployed('SigningKey.Arn') },
    engine: { athena: { workgroup, database, table } },
    http: {
      cursor_key: { secretsmanager: deployed('CursorKey.Id') },
      exports: `s3://${deployed('ResultsBucket')}`,
      ...Object(http),
    },
  });
  return text
    .replaceAll('${', '\\u0024{')
    .replaceAll(/\\u0000([A-Za-z0-9.]+)\\u0000/g, (_all, part) => `\${${part}}`);
}

/** Stands for what CloudFormation knows when it has made it. */
const deployed = (part: string): string => `\0${part}\0`;

function bucketOf(archiveUrl: string): string {
  const place = parseArchiveUrl(archiveUrl);
  if (place.kind === 'bucket') return place.bucket;
  throw new ArchiveError('CONFIG_INVALID', `archive: ${archiveUrl} is no bucket`);
}

function arnOf(secret: SecretRef): string {
  if (secret.kind === 'secretsmanager') return secret.arn;
  throw new ArchiveError('CONFIG_INVALID', 'a secret of a function must be in Secrets Manager');
}
