import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

const CONNECTION_TIMEOUT_MS = 5_000;
/** Of silence, not of the whole request: an upload of gigabytes may take as long as it moves. */
const SOCKET_TIMEOUT_MS = 60_000;

/** Without one the SDK warns on the console of every refused upload of a stream, also of the 412 that is an answer here. */
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * A client as the archive needs it. Credentials, region and endpoint are looked up by the SDK as for every AWS tool.
 *
 * @param environment - only asked whether an own endpoint is set: other servers have no DNS name per bucket
 * @param given - what must not be looked up
 */
export function createS3Client(
  environment: Readonly<Record<string, string | undefined>>,
  given: Pick<S3ClientConfig, 'credentials' | 'endpoint' | 'region'> = {},
): S3Client {
  return new S3Client({
    forcePathStyle: Boolean(environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL),
    logger: silent,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
    },
    ...given,
  });
}
