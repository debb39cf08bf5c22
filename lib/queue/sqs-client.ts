import { SQSClient } from '@aws-sdk/client-sqs';

/** Without one the SDK warns on the console that a queue's URL is not of its region's endpoint, as where AWS is another server. */
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Credentials, region and endpoint are looked up by the SDK as for every AWS tool; the host of a queue's URL is no endpoint. */
export const createSqsClient = (): SQSClient =>
  new SQSClient({ logger: silent, useQueueUrlAsEndpoint: false });
