import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ALARM_TEXTS, RUNBOOK } from '../../infra/alarms.ts';
import { FUNCTION_IDS, FUNCTION_NAMES, ROLE_IDS } from '../../infra/function-names.ts';
import { packageTemplate, type Template } from '../../infra/package-template.ts';
import { permissionsText } from '../../infra/permissions-text.ts';
import { EXAMPLE_FILE } from '../../infra/stack-file.ts';
import {
  resourceStatements,
  roleStatements,
  type TemplateStatement,
} from '../../infra/template-statements.ts';
import { run } from '../../lib/cli/program.ts';
import { parseConfiguration } from '../../lib/config/read-configuration.ts';
import { parseSchedule } from '../../lib/config/schedule-expression.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { METRIC_NAMESPACE, metricsLine } from '../../lib/telemetry/metrics-line.ts';
import { aTerminal } from '../support/captured-terminal.ts';

const ROOT = join(import.meta.dirname, '../..');
const BUCKET = 'example-audit-archive';
const LAMBDA_ENVIRONMENT_BYTES = 4096;
const LONGEST_DESCRIPTION = 1024;
const ROOT_PRINCIPAL = 'arn:$' + '{AWS::Partition}:iam::$' + '{AWS::AccountId}:root';

/** Rights that would let a function undo what it has written, or weaken what protects it. */
const DESTRUCTIVE =
  /Delete(?!Message$)|Bypass|Retention|LegalHold|Versioning|Lifecycle|PutBucket|PutEncryption|PutKeyPolicy|CreateGrant|Disable/;

/** Where `*` stands for all there is, and why nothing finer can. */
const WILDCARD_RESOURCES: Readonly<Record<string, string>> = {
  DataKey: 'in the policy of a key it is that key',
  SigningKey: 'in the policy of a key it is that key',
  AlarmKey: 'in the policy of a key it is that key',
};

/** `Bucket/prefix…*`: what else a wildcard may stand for, nobody knows. */
const PREFIX_OF_BUCKET =
  /^(ArchiveBucket\/(events|manifests|runs|digests|queries)|ResultsBucket\/(athena|exports))\/[^*?]*\*$/;

// biome-ignore lint/suspicious/noExplicitAny: properties of a template are whatever CloudFormation takes.
type Properties = any;

let template: Template;
beforeAll(async () => {
  template = await packageTemplate(join(ROOT, EXAMPLE_FILE), new Date('2026-11-21T12:00:00Z'));
}, 120_000);

const properties = (id: string): Properties => template.Resources[id]?.Properties;
const idsOf = (type: string): string[] =>
  Object.entries(template.Resources).flatMap(([id, { Type }]) => (Type === type ? [id] : []));

/** Stand for what CloudFormation knows once it has made it. */
const MADE: Readonly<Record<string, string>> = {
  ArchiveBucket: BUCKET,
  ResultsBucket: 'example-results',
  'SigningKey.Arn':
    'arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
  'CursorKey.Id':
    'arn:aws:secretsmanager:eu-central-1:123456789012:secret:CursorKey-0123456789ab-A1b2C3',
  HttpApi: 'a1b2c3d4e5',
  'AWS::Region': 'eu-central-1',
};

/** What CloudFormation makes of every `Fn::Sub`. */
function resolved(value: Properties): Properties {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  if (value['Fn::Sub'])
    return String(value['Fn::Sub']).replaceAll(/\$\{(!?)([^}]+)\}/g, (_all, literal, name) => {
      if (literal) return `\${${name}}`;
      const made = MADE[name];
      if (made === undefined) throw new Error(`CloudFormation does not know ${name}`);
      return made;
    });
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each)]));
}

const policies = (): TemplateStatement[] => [
  ...idsOf('AWS::IAM::Role').flatMap((id) => roleStatements(template, id)),
  ...[
    ...idsOf('AWS::KMS::Key'),
    ...idsOf('AWS::S3::BucketPolicy'),
    ...idsOf('AWS::SNS::TopicPolicy'),
    ...idsOf('AWS::SQS::QueuePolicy'),
  ].flatMap((id) => resourceStatements(template, id)),
];

describe('the archive bucket', () => {
  it('is versioned and locked: one default retention, in years', () => {
    const { VersioningConfiguration, ObjectLockEnabled, ObjectLockConfiguration } =
      properties('ArchiveBucket');

    expect(VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(ObjectLockEnabled).toBe(true);
    expect(ObjectLockConfiguration).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Years: 7 } },
    });
  });

  it('is the only one that is locked, and is encrypted with a key that rotates and stays', () => {
    const [encryption] =
      properties('ArchiveBucket').BucketEncryption.ServerSideEncryptionConfiguration;

    expect(idsOf('AWS::S3::Bucket').filter((id) => properties(id).ObjectLockEnabled)).toEqual([
      'ArchiveBucket',
    ]);
    expect(encryption).toEqual({
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault: {
        SSEAlgorithm: 'aws:kms',
        KMSMasterKeyID: { 'Fn::GetAtt': ['DataKey', 'Arn'] },
      },
    });
    expect(properties('DataKey').EnableKeyRotation).toBe(true);
  });

  it('takes what is created, and nothing that might overwrite', () => {
    expect(
      resourceStatements(template, 'ArchiveBucketPolicy').find(({ sid }) => sid === 'CreateOnly'),
    ).toMatchObject({
      effect: 'Deny',
      principals: ['*'],
      actions: ['s3:PutObject'],
      resources: ['ArchiveBucket/*'],
      condition: {
        Null: { 's3:if-none-match': 'true' },
        Bool: { 's3:ObjectCreationOperation': 'true' },
      },
    });
  });

  it.each([
    [
      'NoOtherEncryption',
      {
        Null: { 's3:x-amz-server-side-encryption': 'false' },
        StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      },
    ],
    [
      'NoUnnamedKey',
      {
        Null: {
          's3:x-amz-server-side-encryption': 'false',
          's3:x-amz-server-side-encryption-aws-kms-key-id': 'true',
        },
      },
    ],
    [
      'NoKeyOfTheCaller',
      { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } },
    ],
    [
      'NoOtherKey',
      {
        Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
        ArnNotEquals: {
          's3:x-amz-server-side-encryption-aws-kms-key-id': { 'Fn::GetAtt': ['DataKey', 'Arn'] },
        },
      },
    ],
  ])('takes nothing that is encrypted otherwise: %s', (name, condition) => {
    const [refusal, ...more] = resourceStatements(template, 'ArchiveBucketPolicy').filter(
      ({ sid }) => sid === name,
    );

    expect(more).toEqual([]);
    expect(refusal).toMatchObject({
      effect: 'Deny',
      principals: ['*'],
      actions: ['s3:PutObject'],
      resources: ['ArchiveBucket/*'],
    });
    expect(refusal?.condition).toEqual(condition);
  });

  it('lets nobody delete, nor go round the lock', () => {
    expect(
      resourceStatements(template, 'ArchiveBucketPolicy').find(
        ({ sid }) => sid === 'NothingIsDeleted',
      ),
    ).toMatchObject({
      effect: 'Deny',
      principals: ['*'],
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'],
      resources: ['ArchiveBucket/*'],
      condition: undefined,
    });
  });

  it('becomes cheaper only in classes that Athena reads, and nothing of it expires', () => {
    const { Rules } = properties('ArchiveBucket').LifecycleConfiguration;

    const classes = Rules.flatMap(({ Transitions = [] }) =>
      Transitions.map(({ StorageClass }: Properties) => StorageClass),
    );
    expect(new Set(classes)).toEqual(new Set(['STANDARD_IA', 'GLACIER_IR']));
    expect(JSON.stringify(Rules)).not.toMatch(/Expiration|Noncurrent|ExpiredObjectDeleteMarker/);
    expect(Rules).toContainEqual(
      expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
    );
  });

  it('stays when the stack goes, as do the bucket of results, the keys and the policies', () => {
    const kept = Object.entries(template.Resources).flatMap(([id, each]) =>
      each.DeletionPolicy === undefined
        ? []
        : [[id, each.DeletionPolicy, each.UpdateReplacePolicy]],
    );

    expect(kept).toEqual([
      ['ArchiveBucket', 'RetainExceptOnCreate', 'Retain'],
      ['ArchiveBucketPolicy', 'RetainExceptOnCreate', 'Retain'],
      ['ResultsBucket', 'RetainExceptOnCreate', 'Retain'],
      ['ResultsBucketPolicy', 'RetainExceptOnCreate', 'Retain'],
      ['DataKey', 'Retain', 'Retain'],
      ['SigningKey', 'Retain', 'Retain'],
    ]);
  });
});

describe('every bucket', () => {
  it('blocks the public and refuses what comes without TLS', () => {
    const refusals = idsOf('AWS::S3::BucketPolicy').map((id) => ({
      bucket: properties(id).Bucket.Ref,
      isTlsOnly: resourceStatements(template, id).some(
        ({ effect, principals, actions, condition }) =>
          effect === 'Deny' &&
          principals.includes('*') &&
          actions.includes('s3:*') &&
          String(Object(condition).Bool?.['aws:SecureTransport']) === 'false',
      ),
    }));

    expect(
      refusals
        .filter(({ isTlsOnly }) => isTlsOnly)
        .map(({ bucket }) => bucket)
        .sort(),
    ).toEqual(idsOf('AWS::S3::Bucket').sort());
    for (const id of idsOf('AWS::S3::Bucket')) {
      expect(properties(id).PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    }
  });

  it('of results is emptied within days', () => {
    const { Rules } = properties('ResultsBucket').LifecycleConfiguration;

    expect(
      Rules.filter(({ ExpirationInDays }: Properties) => ExpirationInDays).map(
        ({ Prefix }: Properties) => Prefix,
      ),
    ).toEqual(['athena/', 'exports/']);
  });
});

describe('the keys', () => {
  it('are of a spec that fits their usage', () => {
    const kinds = idsOf('AWS::KMS::Key').map((id) => {
      const { KeySpec, KeyUsage, EnableKeyRotation } = properties(id);
      return [id, KeySpec, KeyUsage, EnableKeyRotation];
    });

    expect(kinds).toEqual([
      ['DataKey', undefined, undefined, true],
      // KMS rotates symmetric keys alone.
      ['SigningKey', 'ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', undefined],
      ['AlarmKey', undefined, undefined, true],
    ]);
  });

  it('of digests signs for one role, whatever IAM says', () => {
    const signers = resourceStatements(template, 'SigningKey').filter(({ actions }) =>
      actions.some((action) => /Sign|\*|CreateGrant/.test(action)),
    );
    const allowed = policies().filter(
      ({ of, actions }) => of.endsWith('Role') && actions.includes('kms:Sign'),
    );

    expect(signers.map(({ principals }) => principals)).toEqual([['DigestRole']]);
    expect(allowed.map(({ of, resources }) => [of, resources])).toEqual([
      ['DigestRole', ['SigningKey']],
    ]);
  });

  it.each(['DataKey', 'SigningKey'])('%s: nobody may schedule the deletion', (id) => {
    const actions = resourceStatements(template, id).flatMap((statement) => statement.actions);

    expect(actions).not.toContain('kms:ScheduleKeyDeletion');
    expect(actions).toContain('kms:PutKeyPolicy');
  });

  it('can be administered by the account', () => {
    for (const id of idsOf('AWS::KMS::Key')) {
      expect(resourceStatements(template, id)[0]?.principals).toEqual([ROOT_PRINCIPAL]);
    }
  });
});

describe('the catalogue', () => {
  it('is what ddl --dialect athena gives Glue', async () => {
    const terminal = aTerminal();
    const spec = ['--archive', `s3://${BUCKET}`, '--foundation', 'eu-1', '--foundation', 'us-1'];
    const names = ['--database', 'cf_audit_archive_prod', '--table', 'events'];
    const flags = ['--first-day', '2026-01-01', '--json'];
    await run(['ddl', '--dialect', 'athena', ...spec, ...names, ...flags], terminal);
    const { glue } = JSON.parse(terminal.stdout(), (key, value) =>
      // CloudFormation takes no empty one.
      key === 'SerializationLibrary' && value === '' ? undefined : value,
    );

    const tables = idsOf('AWS::Glue::Table').map((id) => resolved(properties(id).TableInput));

    expect(tables).toEqual([glue.table, glue.query_log, ...glue.views]);
  });

  it('projects values without blanks, and templates that Athena can fill in', () => {
    const tables = idsOf('AWS::Glue::Table')
      .map((id) => resolved(properties(id).TableInput))
      .filter(({ TableType }) => TableType === 'EXTERNAL_TABLE');

    expect(tables).toHaveLength(2);
    for (const { Parameters } of tables) {
      expect(Parameters['projection.foundation.values']).toBe('eu-1,us-1');
      expect(Parameters['projection.dt.range']).toMatch(/^\d{4}-\d\d-\d\d,NOW$/);
      expect(Parameters['storage.location.template']).toMatch(
        /^s3:\/\/example-audit-archive\/(events\/v1|queries\/v1\/days)\/foundation=\$\{foundation\}\/dt=\$\{dt\}\/$/,
      );
    }
  });

  it('has an owner and a description on every view, without which some readers see none', () => {
    const views = idsOf('AWS::Glue::Table')
      .map((id) => properties(id).TableInput)
      .filter(({ TableType }) => TableType === 'VIRTUAL_VIEW');

    expect(views).toHaveLength(12);
    for (const view of views) {
      expect(view).toMatchObject({ Owner: 'cf-audit-archive', Description: 'Presto View' });
      expect(view.ViewOriginalText).toMatch(/^\/\* Presto View: [A-Za-z0-9+/=]+ \*\/$/);
    }
  });

  it('is read through a workgroup that nobody goes round, with a cutoff', () => {
    const { WorkGroupConfiguration, Name } = properties('Workgroup');

    expect(Name).toBe('cf-audit-archive-prod');
    expect(WorkGroupConfiguration).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      BytesScannedCutoffPerQuery: 100_000_000_000,
      ResultConfiguration: {
        OutputLocation: { 'Fn::Sub': 's3://$' + '{ResultsBucket}/athena/' },
        EncryptionConfiguration: {
          EncryptionOption: 'SSE_KMS',
          KmsKey: { 'Fn::GetAtt': ['DataKey', 'Arn'] },
        },
      },
    });
  });
});

describe('the functions', () => {
  it.each(FUNCTION_NAMES)('%s has a role of its own, which only Lambda takes', (name) => {
    const roles = FUNCTION_NAMES.map(
      (each) => properties(FUNCTION_IDS[each]).Role['Fn::GetAtt'][0],
    );

    expect(properties(FUNCTION_IDS[name])).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Role: { 'Fn::GetAtt': [ROLE_IDS[name], 'Arn'] },
    });
    expect(roles.filter((role) => role === ROLE_IDS[name])).toHaveLength(1);
    expect(properties(ROLE_IDS[name]).AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ]);
    expect(properties(ROLE_IDS[name]).ManagedPolicyArns).toBeUndefined();
  });

  it('query ends before HTTP APIs give up, which is after 30 seconds', () => {
    expect(properties(FUNCTION_IDS.query).Timeout).toBe(29);
  });

  it.each(FUNCTION_NAMES)('%s writes to its own log, which ends some day', (name) => {
    const log = FUNCTION_IDS[name].replace('LambdaFunction', 'LogGroup');
    const written = roleStatements(template, ROLE_IDS[name]).find(({ sid }) => sid === 'OwnLog');

    expect(properties(log)).toMatchObject({
      LogGroupName: `/aws/lambda/cf-audit-archive-prod-${name}`,
      RetentionInDays: 400,
    });
    expect(written?.resources).toEqual([log]);
  });

  it.each(FUNCTION_NAMES)('%s gets a configuration that it understands, and that fits', (name) => {
    const { Variables } = properties(FUNCTION_IDS[name]).Environment;
    const variables = resolved(Variables);

    const configuration = parseConfiguration(
      variables.CF_AUDIT_ARCHIVE_CONFIGURATION,
      'variable',
      '/tmp',
    );
    const bytes = Buffer.byteLength(Object.entries(variables).flat().join(''));

    expect(configuration).toMatchObject({
      archiveUrl: `s3://${BUCKET}`,
      deployment: undefined,
      signing: { kind: 'kms' },
      engine: {
        kind: 'athena',
        workgroup: 'cf-audit-archive-prod',
        database: 'cf_audit_archive_prod',
        table: 'events',
      },
      http: {
        identity: 'uaa',
        exportBucket: 'example-results',
        cursorKey: { kind: 'secretsmanager' },
      },
    });
    expect(variables.POWERTOOLS_SERVICE_NAME).toBe(name);
    expect(bytes).toBeLessThan(LAMBDA_ENVIRONMENT_BYTES);
  });

  it('answer within what an HTTP API waits for', () => {
    expect(properties(FUNCTION_IDS.query).Timeout).toBeLessThan(30);
    expect(idsOf('AWS::Lambda::Url')).toEqual([]);
  });
});

describe('the rights', () => {
  it('name actions, and resources', () => {
    const wide = policies().filter(
      ({ effect, actions, resources }) =>
        effect === 'Allow' &&
        (actions.some((action) => action.includes('*')) || resources.includes('*')),
    );

    expect(wide.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual(
      [],
    );
    expect(new Set(wide.map(({ of }) => of))).toEqual(new Set(Object.keys(WILDCARD_RESOURCES)));
  });

  it('with a wildcard in a resource are of one prefix of a bucket', () => {
    const wildcards = policies()
      .filter(({ effect, of }) => effect === 'Allow' && !(of in WILDCARD_RESOURCES))
      .flatMap(({ resources }) => resources)
      .filter((resource) => /[*?]/.test(resource));

    expect(wildcards.filter((resource) => !PREFIX_OF_BUCKET.test(resource))).toEqual([]);
  });

  it('are given in no way but those that these tests look at', () => {
    const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));

    expect([...types].filter((type) => /IAM|Polic|Permission/.test(type)).sort()).toEqual([
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::Permission',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::TopicPolicy',
    ]);
    for (const id of idsOf('AWS::IAM::Role')) {
      expect(properties(id).ManagedPolicyArns).toBeUndefined();
    }
    for (const id of idsOf('AWS::Lambda::Permission')) {
      expect(properties(id)).toMatchObject({ Principal: 'apigateway.amazonaws.com' });
    }
  });

  it('end at one place in the archive each', () => {
    const places = (name: keyof typeof ROLE_IDS, action: string): string[] =>
      roleStatements(template, ROLE_IDS[name])
        .filter(({ actions }) => actions.includes(action))
        .flatMap(({ resources }) => resources)
        .filter((resource) => resource.startsWith('ArchiveBucket'));

    expect(places('archive', 's3:PutObject')).toEqual(['ArchiveBucket/runs/*']);
    expect(places('archive-day', 's3:PutObject')).toEqual([
      'ArchiveBucket/events/*',
      'ArchiveBucket/manifests/*',
      'ArchiveBucket/runs/*',
      'ArchiveBucket/queries/v1/days/*',
    ]);
    expect(places('digest', 's3:PutObject')).toEqual(['ArchiveBucket/digests/*']);
    expect(places('query', 's3:PutObject')).toEqual(['ArchiveBucket/queries/v1/foundation=*']);
    for (const name of FUNCTION_NAMES) {
      expect(places(name, 's3:GetObject')).not.toContain('ArchiveBucket/*');
    }
    expect(places('archive', 's3:GetObject')).not.toContain('ArchiveBucket/events/*');
    expect(places('digest', 's3:GetObject')).not.toContain('ArchiveBucket/events/*');
  });

  it('let no function undo what was written, or weaken what protects it', () => {
    const actions = [...Object.values(ROLE_IDS), 'TimerRole'].flatMap((id) =>
      roleStatements(template, id).flatMap((statement) => statement.actions),
    );

    expect(actions.filter((action) => DESTRUCTIVE.test(action))).toEqual([]);
  });

  it('to secrets are those of the configuration', () => {
    const secrets = FUNCTION_NAMES.map((name) =>
      roleStatements(template, ROLE_IDS[name])
        .filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue'))
        .flatMap(({ resources }) => resources),
    );
    const foundations = ['eu-1-a1B2c3', 'us-1-d4E5f6'].map(
      (name) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:cf-audit-archive/${name}`,
    );

    expect(secrets).toEqual([foundations, foundations, [], [...foundations, 'CursorKey']]);
  });

  it('are listed in docs/permissions.md', async () => {
    expect(await readFile(join(ROOT, 'docs/permissions.md'), 'utf8')).toBe(
      permissionsText(template),
    );
  });
});

describe('the timers', () => {
  it.each(['ArchiveTimer', 'DigestTimer'])('%s', (id) => {
    const { ScheduleExpression, ScheduleExpressionTimezone, Target } = properties(id);

    expect(parseSchedule(ScheduleExpression)).not.toHaveProperty('problem');
    expect(Intl.supportedValuesOf('timeZone').concat('UTC')).toContain(ScheduleExpressionTimezone);
    expect(Target).toMatchObject({
      RoleArn: { 'Fn::GetAtt': ['TimerRole', 'Arn'] },
      RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 3600 },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['TimerDeadLetters', 'Arn'] } },
      Input: '{}',
    });
  });

  it('run one at a time, and what fails in them is a dead letter, too', () => {
    const ends = ['ArchiveLambdaEvConf', 'DigestLambdaEvConf'].map(
      (id) => properties(id).DestinationConfig.OnFailure.Destination,
    );

    expect(properties(FUNCTION_IDS.archive).ReservedConcurrentExecutions).toBe(1);
    expect(ends).toEqual(Array(2).fill({ 'Fn::GetAtt': ['TimerDeadLetters', 'Arn'] }));
    for (const name of ['archive', 'digest'] as const) {
      expect(
        roleStatements(template, ROLE_IDS[name]).find(({ sid }) => sid === 'DeadLetters'),
      ).toMatchObject({ actions: ['sqs:SendMessage'], resources: ['TimerDeadLetters'] });
    }
  });
});

describe('the queue', () => {
  it('keeps the order of a foundation, waits long enough, and gives up after three attempts', () => {
    const { FifoQueue, QueueName, VisibilityTimeout, RedrivePolicy } =
      properties('ArchiveDayQueue');
    const { Timeout } = properties(FUNCTION_IDS['archive-day']);

    expect(FifoQueue).toBe(true);
    expect(QueueName).toMatch(/\.fifo$/);
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['ArchiveDayDeadLetters', 'Arn'] },
      maxReceiveCount: 3,
    });
    expect(properties('ArchiveDayDeadLetters')).toMatchObject({
      FifoQueue: true,
      QueueName: expect.stringMatching(/\.fifo$/),
      MessageRetentionPeriod: 1_209_600,
    });
    for (const id of idsOf('AWS::SQS::Queue')) {
      expect(properties(id).SqsManagedSseEnabled).toBe(true);
    }
  });

  it('hands out one message at a time, to a bounded number of functions', () => {
    const [source] = idsOf('AWS::Lambda::EventSourceMapping');

    expect(properties(source ?? '')).toMatchObject({
      BatchSize: 1,
      EventSourceArn: { 'Fn::GetAtt': ['ArchiveDayQueue', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });
});

const alarms = (): [string, Properties][] =>
  idsOf('AWS::CloudWatch::Alarm').map((id) => [id, properties(id)]);
const metricsOf = ({ Metrics, ...alarm }: Properties): Properties[] =>
  Metrics?.flatMap(({ MetricStat }: Properties) => MetricStat?.Metric ?? []) ?? [alarm];

describe('the alarms', () => {
  it('on our own metrics have the namespace and the dimension that the code writes', async () => {
    const foundation = foundationNameSchema.parse('eu-1');
    const [written] = JSON.parse(metricsLine('archive', foundation, { Any: 1 }))._aws
      .CloudWatchMetrics;
    const sources = await Array.fromAsync(
      glob(['functions/*/*.ts', 'lib/**/*.ts'], { cwd: ROOT }),
      (file) => readFile(join(ROOT, file), 'utf8'),
    );
    const own = alarms().flatMap(([, alarm]) =>
      metricsOf(alarm).filter(({ Namespace }) => Namespace === METRIC_NAMESPACE),
    );

    expect(written).toMatchObject({ Namespace: METRIC_NAMESPACE, Dimensions: [['foundation']] });
    expect(new Set(own.map(({ Dimensions }) => JSON.stringify(Dimensions)))).toEqual(
      new Set(['eu-1', 'us-1'].map((Value) => JSON.stringify([{ Name: 'foundation', Value }]))),
    );
    const names = [...new Set(own.map(({ MetricName }) => MetricName as string))];
    expect(names.filter((name) => !sources.some((text) => isWritten(name, text)))).toEqual([]);
  });

  it('on metrics of AWS have the dimensions that AWS gives them', () => {
    const dimensions = new Set(
      alarms()
        .flatMap(([, alarm]) => metricsOf(alarm))
        .filter(({ Namespace }) => Namespace !== METRIC_NAMESPACE)
        .map(({ Namespace, MetricName, Dimensions }) =>
          [Namespace, MetricName, ...Dimensions.map(({ Name }: Properties) => Name)].join(' '),
        ),
    );

    expect([...dimensions].sort()).toEqual([
      'AWS/ApiGateway 5xx ApiId',
      'AWS/Athena ProcessedBytes WorkGroup QueryType QueryState',
      'AWS/Lambda Duration FunctionName',
      'AWS/Lambda Errors FunctionName',
      'AWS/SQS ApproximateNumberOfMessagesVisible QueueName',
    ]);
  });

  it('of the cost of questions look at the workgroup that is asked', () => {
    const [, alarm] =
      alarms().find(([, { AlarmName }]) => AlarmName === 'cf-audit-archive-prod-cost-athena') ?? [];
    const workgroups = metricsOf(alarm).map(
      ({ Dimensions }) =>
        Dimensions.find(({ Name }: Properties) => Name === 'WorkGroup')?.Value as unknown,
    );

    expect(workgroups).toEqual(Array(3).fill(properties('Workgroup').Name));
  });

  it('watch every dead letter queue, function and foundation', () => {
    const watched = JSON.stringify(alarms());

    for (const id of ['ArchiveDayDeadLetters', 'TimerDeadLetters', ...Object.values(FUNCTION_IDS)])
      expect(watched).toContain(`"${id}"`);
    for (const name of Object.keys(ALARM_TEXTS)) expect(watched).toContain(`${RUNBOOK}#${name}`);
  });

  it('link to sections that the runbook has', async () => {
    const text = await readFile(join(ROOT, RUNBOOK), 'utf8');
    const sections = [...text.matchAll(/^#+ ([a-z-]+)$/gm)].map(([, title]) => title);

    expect(sections).toEqual(expect.arrayContaining(Object.keys(ALARM_TEXTS)));
  });

  it('say what they mean and what to do, and reach somebody', () => {
    for (const [, { AlarmDescription, AlarmActions }] of alarms()) {
      expect(AlarmDescription.length).toBeLessThanOrEqual(LONGEST_DESCRIPTION);
      expect(AlarmDescription).toMatch(/What to do: .+ docs\/runbook\.md#[a-z-]+$/);
      expect(AlarmActions).toEqual([{ Ref: 'AlarmTopic' }]);
    }
    expect(properties('AlarmTopic')).toMatchObject({
      KmsMasterKeyId: { Ref: 'AlarmKey' },
      Subscription: [{ Protocol: 'email', Endpoint: 'ops@example.org' }],
    });
  });

  it('ring, too, when nothing is heard of stored days and of digests', () => {
    const silent = alarms()
      .filter(([, { TreatMissingData }]) => TreatMissingData === 'breaching')
      .map(([, { AlarmName }]) => AlarmName);

    expect(silent).toEqual([
      'cf-audit-archive-prod-newest-day-too-old-eu-1',
      'cf-audit-archive-prod-digest-missing-eu-1',
      'cf-audit-archive-prod-newest-day-too-old-us-1',
      'cf-audit-archive-prod-digest-missing-us-1',
    ]);
  });
});

/** As a key of an object, or in a list of names. */
const isWritten = (name: string, text: string): boolean =>
  new RegExp(`\\b${name}\\b(?=['"]?\\s*[:,])`).test(text);

describe('the dashboard', () => {
  /** Namespace, name, then dimensions by turns; the last is how it is drawn. */
  const lines = (): Properties[][] =>
    JSON.parse(resolved(properties('Dashboard').DashboardBody)).widgets.flatMap(
      (widget: Properties) => widget.properties.metrics ?? [],
    );
  const valuesOf = (dimension: string): Set<unknown> =>
    new Set(lines().flatMap((line) => line.find((_, at) => line[at - 1] === dimension) ?? []));

  it('shows every metric that an alarm looks at, of every foundation', () => {
    const shown = new Set(
      lines().map(([namespace, name, , of]) =>
        [namespace, name, ...(namespace === METRIC_NAMESPACE ? [of] : [])].join(' '),
      ),
    );
    const watched = alarms()
      .flatMap(([, alarm]) => metricsOf(alarm))
      .map(({ Namespace, MetricName, Dimensions }) =>
        [
          Namespace,
          MetricName,
          ...(Namespace === METRIC_NAMESPACE ? [Dimensions[0].Value] : []),
        ].join(' '),
      );

    expect([...new Set(watched)].filter((metric) => !shown.has(metric))).toEqual([]);
  });

  it('names queues, functions and a workgroup that the stack has', () => {
    const named = (type: string, key: string): Set<unknown> =>
      new Set(idsOf(type).map((id) => properties(id)[key]));

    expect(valuesOf('QueueName')).toEqual(named('AWS::SQS::Queue', 'QueueName'));
    expect(valuesOf('FunctionName')).toEqual(
      new Set(FUNCTION_NAMES.map((name) => properties(FUNCTION_IDS[name]).FunctionName)),
    );
    expect(valuesOf('WorkGroup')).toEqual(named('AWS::Athena::WorkGroup', 'Name'));
    expect(valuesOf('ApiId')).toEqual(new Set([MADE.HttpApi]));
  });
});
