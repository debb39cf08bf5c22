import type { DeploymentConfiguration } from '../lib/config/deployment-configuration.ts';

/** What the stack calls the parts that the configuration need not name. */
export interface StackNames {
  /** Of the key that digests are signed with. */
  readonly signingKeyAlias: string;
  readonly workgroup: string;
  /** Athena's names have no hyphen. */
  readonly database: string;
  readonly table: string;
}

export const stackNames = ({
  stackName,
}: Pick<DeploymentConfiguration, 'stackName'>): StackNames => ({
  signingKeyAlias: `alias/${stackName}`,
  workgroup: stackName,
  database: stackName.replaceAll('-', '_'),
  table: 'events',
});
