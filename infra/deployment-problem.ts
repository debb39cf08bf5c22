import type { ConfigurationDocument } from '../lib/config/configuration-document.ts';
import type { DeploymentDocument } from '../lib/config/deployment-document.ts';

/** One thing to correct, or to know, before the archive is deployed. */
export interface DeploymentProblem {
  /** An error would fail on AWS, or lose events; a warning is somebody's decision. */
  readonly level: 'error' | 'warning';
  readonly path: readonly PropertyKey[];
  /** What is wrong, and what to write. */
  readonly message: string;
}

export const error = (path: readonly PropertyKey[], message: string): DeploymentProblem => ({
  level: 'error',
  path,
  message,
});
export const warning = (path: readonly PropertyKey[], message: string): DeploymentProblem => ({
  level: 'warning',
  path,
  message,
});

/** What is right in a document that may be wrong elsewhere. */
export interface ValidDocument
  extends Partial<Omit<ConfigurationDocument, 'foundations' | 'http' | 'deployment'>> {
  readonly foundations: readonly Partial<ConfigurationDocument['foundations'][number]>[];
  readonly http: Partial<ConfigurationDocument['http']>;
  readonly deployment: Partial<DeploymentDocument> | undefined;
}
