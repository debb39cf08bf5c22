import { resolve } from 'node:path';
import { parseArchiveUrl } from '../domain/archive-url.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { ConfigurationDocument } from './configuration-document.ts';
import {
  type DeploymentConfiguration,
  deploymentConfiguration,
} from './deployment-configuration.ts';
import { parseDuration } from './duration.ts';
import { type HttpConfiguration, httpConfiguration } from './http-configuration.ts';
import { type SecretRef, secretRef } from './secret-ref.ts';
import { parseSize } from './size.ts';

/** What an operator decided, ready for use: every path absolute, every duration in milliseconds. */
export interface Configuration {
  /** `file:` and an absolute path, or `s3://BUCKET`. */
  readonly archiveUrl: string;
  /** At least one; their names differ. */
  readonly foundations: readonly FoundationConfiguration[];
  /** Undefined: nothing can be signed. */
  readonly signing: SigningConfiguration | undefined;
  readonly engine: EngineConfiguration;
  /** Bytes that one question may read; undefined: any number. */
  readonly maxScanBytes: number | undefined;
  readonly http: HttpConfiguration;
  /** Undefined: it is not deployed by this project's stack. */
  readonly deployment: DeploymentConfiguration | undefined;
}

export interface FoundationConfiguration {
  /** Where it stands in the configuration, such as `foundations[0]`; for messages. */
  readonly key: string;
  readonly name: FoundationName;
  /** An origin without a slash at its end: `https://api.eu-1.example.org`. */
  readonly api: string;
  readonly clientId: string;
  readonly clientSecret: SecretRef;
  readonly retentionDays: number;
  readonly settleMs: number;
  readonly concurrency: number;
  /** Where its UAA and its login server are, for clients, when it does not tell itself. */
  readonly uaa: string | undefined;
  readonly login: string | undefined;
}

export type SigningConfiguration =
  | { readonly kind: 'ed25519'; readonly file: string }
  | { readonly kind: 'kms'; readonly arn: string };

export type EngineConfiguration =
  | { readonly kind: 'duckdb' }
  | {
      readonly kind: 'athena';
      readonly workgroup: string;
      readonly database: string;
      readonly table: string;
    };

/** @param directory - what relative paths are relative to */
export function toConfiguration(written: ConfigurationDocument, directory: string): Configuration {
  const pathOf = (path: string): string => resolve(directory, path);
  return {
    archiveUrl: archiveUrl(written.archive, pathOf),
    foundations: written.foundations.map((foundation, index) => ({
      key: `foundations[${index}]`,
      name: foundation.name,
      api: new URL(foundation.api).origin,
      clientId: foundation.client_id,
      clientSecret: secretRef(foundation.client_secret, pathOf),
      retentionDays: foundation.retention_days,
      settleMs: parseDuration(foundation.settle) ?? 0,
      concurrency: foundation.concurrency,
      uaa: foundation.uaa,
      login: foundation.login,
    })),
    signing: signing(written.signing, pathOf),
    engine:
      written.engine === 'duckdb'
        ? { kind: 'duckdb' }
        : { kind: 'athena', ...written.engine.athena },
    maxScanBytes: maxScan(written),
    http: httpConfiguration(written.http, pathOf),
    deployment: written.deployment && deploymentConfiguration(written.deployment),
  };
}

/** Half a dollar at the price of November 2026: no cap is a decision that somebody should take. */
const ATHENA_MAX_SCAN_BYTES = 100e9;

function maxScan({ max_scan, engine }: ConfigurationDocument): number | undefined {
  if (max_scan !== undefined) return parseSize(max_scan);
  return engine === 'duckdb' ? undefined : ATHENA_MAX_SCAN_BYTES;
}

function archiveUrl(written: string, pathOf: (path: string) => string): string {
  const location = parseArchiveUrl(written);
  if (location.kind === 'folder') return `file:${pathOf(location.path)}`;
  return location.kind === 'bucket' ? `s3://${location.bucket}` : written;
}

function signing(
  written: ConfigurationDocument['signing'],
  pathOf: (path: string) => string,
): SigningConfiguration | undefined {
  if (written?.ed25519) return { kind: 'ed25519', file: pathOf(written.ed25519.file) };
  return written?.kms === undefined ? undefined : { kind: 'kms', arn: written.kms };
}
