import type { DeployableConfiguration } from './deployable-configuration.ts';
import { stackValues } from './stack-values.ts';

/** Where serverless.yml looks. */
export const STACK_FILE = 'dist/stack.json';

export const EXAMPLE_FILE = 'infra/example.yml';

export const stackText = (deployable: DeployableConfiguration): string =>
  `${JSON.stringify(stackValues(deployable), null, 2)}\n`;
