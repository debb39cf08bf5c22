import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import {
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  PutBucketPolicyCommand,
  PutObjectLockConfigurationCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { FunctionName } from '../../../infra/function-names.ts';
import type { ObjectStore } from '../../../lib/domain/object-store.ts';
import { createKmsClient } from '../../../lib/signing/kms-signer.ts';
import { createS3Client } from '../../../lib/store/s3-client.ts';
import { S3ObjectStore } from '../../../lib/store/s3-object-store.ts';
import { type Account, signedRequest } from './signed-request.ts';

/** A line of a function's log. */
export type LogLine = Readonly<Record<string, unknown>>;

export interface Alarm {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly StateValue: string;
}

/** A stack that osls has deployed into MiniStack, as an operator of the account sees it. */
export class DeployedStack {
  readonly #account: Account;
  readonly #s3: S3Client;
  readonly #outputs = new Map<string, string>();
  readonly name: string;

  constructor(account: Account, name: string) {
    const { endpoint, region, ...credentials } = account;
    this.#account = account;
    this.#s3 = createS3Client({ AWS_ENDPOINT_URL: endpoint }, { endpoint, region, credentials });
    this.name = name;
  }

  /** Also of a stack that was removed since it was asked first. */
  async output(key: string): Promise<string> {
    const known = this.#outputs.get(key);
    if (known !== undefined) return known;
    const xml = await this.#query('cloudformation', '2010-05-15', 'DescribeStacks', {
      StackName: this.name,
    });
    const value = found(new RegExp(`<OutputKey>${key}</OutputKey>\\s*<OutputValue>([^<]*)<`), xml);
    this.#outputs.set(key, value);
    return value;
  }

  /** What CloudFormation has made of a resource of the template. */
  async physicalId(LogicalResourceId: string): Promise<string> {
    const xml = await this.#query('cloudformation', '2010-05-15', 'DescribeStackResource', {
      StackName: this.name,
      LogicalResourceId,
    });
    return found(/<PhysicalResourceId>([^<]*)</, xml);
  }

  /**
   * Make up for what MiniStack does otherwise than AWS, by the API of S3: its CloudFormation drops `ObjectLockConfiguration`; its policies know neither
   * `s3:ObjectCreationOperation` nor `aws:SecureTransport`, and so refuse every put, and every request of a function over plain HTTP.
   */
  async makeUpForBuckets(lock: { readonly mode: string; readonly years: number }): Promise<void> {
    const Bucket = await this.output('ArchiveBucketName');
    await this.#s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: lock.mode as 'GOVERNANCE', Years: lock.years } },
        },
      }),
    );
    for (const bucket of [Bucket, await this.output('ResultsBucketName')]) {
      const { Policy = '' } = await this.#s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
      const policy = JSON.parse(Policy);
      policy.Statement = policy.Statement.filter(
        ({ Sid }: { Sid: string }) => Sid !== 'CreateOnly' && Sid !== 'TlsOnly',
      );
      await this.#s3.send(
        new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(policy) }),
      );
    }
  }

  /** Make up for what MiniStack asks of a role otherwise than AWS: there `sqs:SendMessage` is the right for `SendMessageBatch`, too. */
  async makeUpForRoles(): Promise<void> {
    const queue = `arn:aws:sqs:${this.#account.region}:*:${this.name}-archive-day.fifo`;
    await this.#query('iam', '2010-05-08', 'PutRolePolicy', {
      RoleName: await this.physicalId('ArchiveRole'),
      PolicyName: 'send-message-batch',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessageBatch', Resource: queue }],
      }),
    });
  }

  /** @returns what the function answers @throws Error with what it failed with */
  async invoke(name: FunctionName, event: object = {}): Promise<unknown> {
    const answer = JSON.parse(
      await signedRequest(this.#account, {
        service: 'lambda',
        method: 'POST',
        path: `/2015-03-31/functions/${this.name}-${name}/invocations`,
        body: JSON.stringify(event),
      }),
    );
    if (Object(answer).errorMessage !== undefined) throw new Error(JSON.stringify(answer));
    return answer;
  }

  /** What a function has logged, in JSON, since an instant. */
  async log(name: FunctionName, since: Date): Promise<LogLine[]> {
    const { events = [] } = JSON.parse(
      await this.#ask(
        'logs',
        JSON.stringify({
          logGroupName: `/aws/lambda/${this.name}-${name}`,
          startTime: since.getTime(),
        }),
        {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'Logs_20140328.FilterLogEvents',
        },
      ),
    );
    return events.flatMap(({ message }: { message: string }) =>
      message.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : [])),
    );
  }

  /** Have a deployed timer start its function within seconds, by its own target and role; then it is as it was. @param until - when the function has been started */
  async elapse(timer: 'archive' | 'digest', until: () => Promise<boolean>): Promise<void> {
    const path = `/schedules/${this.name}-${timer}`;
    const ask = (method: 'GET' | 'PUT', body?: string) =>
      signedRequest(this.#account, {
        service: 'scheduler',
        method,
        path,
        ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
      });
    const {
      Arn: _a,
      CreationDate: _c,
      LastModificationDate: _l,
      Name: _n,
      ...deployed
    } = JSON.parse(await ask('GET'));
    // A minute after it was looked at last; MiniStack looks every ten seconds.
    await ask('PUT', JSON.stringify({ ...deployed, ScheduleExpression: 'rate(1 minute)' }));
    try {
      await eventually(until, 90_000);
    } finally {
      await ask('PUT', JSON.stringify(deployed));
    }
  }

  async schedule(timer: 'archive' | 'digest'): Promise<Record<string, unknown>> {
    return JSON.parse(
      await signedRequest(this.#account, {
        service: 'scheduler',
        method: 'GET',
        path: `/schedules/${this.name}-${timer}`,
      }),
    );
  }

  /** Parameters of a table of the deployed Glue database. */
  async tableParameters(DatabaseName: string, Name: string): Promise<Record<string, string>> {
    const { Table } = JSON.parse(
      await this.#ask('glue', JSON.stringify({ DatabaseName, Name }), {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSGlue.GetTable',
      }),
    );
    return Table.Parameters;
  }

  /** A deployed alarm, after a value of its metric: with its own dimensions, as AWS would publish it. MiniStack publishes none by itself. */
  async alarmAfter(alarm: string, Value: number): Promise<Alarm> {
    const ask = async (action: string, input: object) =>
      JSON.parse(
        (await this.#ask('monitoring', JSON.stringify(input), {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `GraniteServiceVersion20100801.${action}`,
        })) || '{}',
      );
    const described = async (): Promise<Alarm> => {
      const { MetricAlarms } = await ask('DescribeAlarms', {
        AlarmNames: [`${this.name}-${alarm}`],
      });
      return MetricAlarms[0];
    };
    const { Namespace, MetricName, Dimensions } = await described();
    await ask('PutMetricData', { Namespace, MetricData: [{ MetricName, Dimensions, Value }] });
    return described();
  }

  /** Keys of the archive below a prefix. */
  async keys(prefix = ''): Promise<string[]> {
    const Bucket = await this.output('ArchiveBucketName');
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket, Prefix: prefix },
    )) {
      keys.push(...Contents.map(({ Key = '' }) => Key));
    }
    return keys.sort();
  }

  async retention(Key: string): Promise<unknown> {
    const Bucket = await this.output('ArchiveBucketName');
    return (await this.#s3.send(new GetObjectRetentionCommand({ Bucket, Key }))).Retention;
  }

  /** The archive. */
  async store(): Promise<ObjectStore> {
    return new S3ObjectStore(this.#s3, await this.output('ArchiveBucketName'));
  }

  /** The same stack, as a user sees it whom IAM allows everything; the stand-in asks no policy about the account's root. */
  async administrator(): Promise<DeployedStack> {
    const UserName = 'administrator';
    const iam = (action: string, input: object) =>
      this.#query('iam', '2010-05-08', action, { UserName, ...input });
    await iam('CreateUser', {});
    await iam('PutUserPolicy', {
      PolicyName: 'everything',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      }),
    });
    const xml = await iam('CreateAccessKey', {});
    return new DeployedStack(
      {
        ...this.#account,
        accessKeyId: found(/<AccessKeyId>([^<]*)</, xml),
        secretAccessKey: found(/<SecretAccessKey>([^<]*)</, xml),
      },
      this.name,
    );
  }

  async remove(Key: string): Promise<void> {
    const Bucket = await this.output('ArchiveBucketName');
    await this.#s3.send(new DeleteObjectCommand({ Bucket, Key }));
  }

  /** Sign with the stack's key. */
  async sign(text: string): Promise<void> {
    const KeyId = await this.output('SigningKeyArn');
    await this.#kms(KeyId).send(
      new SignCommand({
        KeyId,
        Message: Buffer.from(text),
        MessageType: 'RAW',
        SigningAlgorithm: 'ED25519_SHA_512',
      }),
    );
  }

  /** What `aws s3 sync` would do, and `aws kms get-public-key`. @returns file of the public key */
  async copyOut(folder: string): Promise<{ archive: string; publicKey: string }> {
    const Bucket = await this.output('ArchiveBucketName');
    const archive = join(folder, 'copy');
    for (const Key of await this.keys()) {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket, Key }));
      const file = join(archive, Key);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, (await Body?.transformToByteArray()) ?? '');
    }
    const arn = await this.output('SigningKeyArn');
    const { PublicKey = new Uint8Array() } = await this.#kms(arn).send(
      new GetPublicKeyCommand({ KeyId: arn }),
    );
    const publicKey = join(folder, 'signing.pub.pem');
    const base64 = Buffer.from(PublicKey).toString('base64');
    await writeFile(publicKey, `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`);
    return { archive, publicKey };
  }

  /** The HTTP API, by the stand-in's own address of it. */
  async get(path: string, token?: string): Promise<Response> {
    const id = await this.output('HttpApiId');
    return fetch(`${this.#account.endpoint}/_aws/execute-api/${id}/$default${path}`, {
      headers: token === undefined ? {} : { authorization: `bearer ${token}` },
      redirect: 'manual',
    });
  }

  close(): void {
    this.#s3.destroy();
  }

  #kms(arn: string): KMSClient {
    const { endpoint, ...credentials } = this.#account;
    return createKmsClient(arn, { endpoint, credentials });
  }

  #query(
    service: string,
    Version: string,
    Action: string,
    input: Readonly<Record<string, string>>,
  ): Promise<string> {
    return this.#ask(service, String(new URLSearchParams({ Action, Version, ...input })), {
      'content-type': 'application/x-www-form-urlencoded',
    });
  }

  #ask(service: string, body: string, headers: Readonly<Record<string, string>>): Promise<string> {
    return signedRequest(this.#account, { service, method: 'POST', headers, body });
  }
}

function found(pattern: RegExp, text: string): string {
  const [, value] = pattern.exec(text) ?? [];
  if (value === undefined) throw new Error(`no ${pattern.source} in ${text.slice(0, 500)}`);
  return value;
}

/** Ask until it is so. @throws Error when it never is */
export async function eventually(isSo: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${isSo}`);
    await sleep(500);
  }
}
