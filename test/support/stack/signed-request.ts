import { createHash, createHmac } from 'node:crypto';

/** An AWS account at one endpoint, as its root sees it. */
export interface Account {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SignedRequest {
  /** As it stands in the scope of a signature, such as `scheduler`. */
  readonly service: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Default `/`. Of unreserved characters only. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/**
 * Ask a service that the product has no client of.
 *
 * @throws Error when it refuses
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function signedRequest(
  { endpoint, region, accessKeyId, secretAccessKey }: Account,
  { service, method, path = '/', headers = {}, body = '' }: SignedRequest,
): Promise<string> {
  const instant = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const day = instant.slice(0, 8);
  const all: Record<string, string> = {
    ...headers,
    host: new URL(endpoint).host,
    'x-amz-content-sha256': hash(body),
    'x-amz-date': instant,
  };
  const names = Object.keys(all).sort();
  const canonical = [
    method,
    path,
    '',
    ...names.map((name) => `${name}:${all[name]}`),
    '',
    names.join(';'),
    hash(body),
  ].join('\n');
  const scope = [day, region, service, 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const text = ['AWS4-HMAC-SHA256', instant, scope.join('/'), hash(canonical)].join('\n');
  const signature = hmac(key, text).toString('hex');
  const { host: _, ...sent } = all;
  const answer = await fetch(`${endpoint}${path}`, {
    method,
    headers: {
      ...sent,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
    },
    ...(method !== 'GET' && { body }),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${service}: ${answer.status} ${said.slice(0, 500)}`);
  return said;
}
