import { AthenaClient, type AthenaClientConfig } from '@aws-sdk/client-athena';

/** The SDK waits and asks again, longer each time, when Athena is busy or asked too often. */
const ATTEMPTS = 5;

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Credentials, region and endpoint are looked up by the SDK as for every AWS tool. */
export const createAthenaClient = (given: AthenaClientConfig = {}): AthenaClient =>
  new AthenaClient({ maxAttempts: ATTEMPTS, logger: silent, ...given });
