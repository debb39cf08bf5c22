import { dirname, resolve } from 'node:path';
import { type Configuration, toConfiguration } from '../lib/config/configuration.ts';
import { configurationDocumentSchema } from '../lib/config/configuration-document.ts';
import { describeProblems } from '../lib/config/configuration-problems.ts';
import type { DeploymentConfiguration } from '../lib/config/deployment-configuration.ts';
import { readConfigurationText } from '../lib/config/read-configuration.ts';
import { parseYaml } from '../lib/config/yaml-document.ts';
import { dayOf, startOf } from '../lib/domain/day.ts';
import { ArchiveError } from '../lib/domain/errors.ts';
import { checkDeployment } from './check-deployment.ts';
import { checkedSchedule, type ScheduleRuns, scheduleRuns } from './schedule-runs.ts';

/** A configuration that can be deployed. */
export interface DeployableConfiguration {
  readonly configuration: Configuration & { readonly deployment: DeploymentConfiguration };
  /** The document as the operator wrote it, without what YAML adds; for the functions' environment. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Of `archive_schedule`, during the year from `now` on. */
  readonly archiveRuns: ScheduleRuns;
  /** What somebody should know; one a line as `warning: <file>:<line>: <key>: <text>`, empty when there is nothing. */
  readonly warnings: string;
}

/**
 * Read a configuration that is to be deployed.
 *
 * @throws ArchiveError CONFIG_INVALID with every problem of the configuration and of the deployment, one a line
 */
export async function readDeployable(file: string, now: Date): Promise<DeployableConfiguration> {
  const { value, document, lines } = parseYaml(await readConfigurationText(file), file);
  const parsed = configurationDocumentSchema.safeParse(value);
  const found = checkDeployment(value, now).map((problem) => ({
    ...problem,
    code: 'custom' as const,
    path: [...problem.path],
  }));
  const describe = (level: 'error' | 'warning'): string =>
    describeProblems(
      [
        ...(level === 'error' ? (parsed.error?.issues ?? []) : []),
        ...found.filter((problem) => problem.level === level),
      ],
      file,
      document,
      lines,
    );
  const errors = describe('error');
  if (!parsed.success || errors !== '') throw new ArchiveError('CONFIG_INVALID', errors);
  const configuration = toConfiguration(parsed.data, dirname(resolve(file)));
  const { deployment } = configuration;
  // Cannot be: that there is none is one of the problems.
  if (deployment === undefined) throw new ArchiveError('CONFIG_INVALID', `${file}: no deployment`);
  return {
    configuration: { ...configuration, deployment },
    archiveRuns: scheduleRuns(
      checkedSchedule(deployment.archiveSchedule),
      deployment.timeZone,
      startOf(dayOf(now)),
    ),
    written: value as Readonly<Record<string, unknown>>,
    warnings: describe('warning').replaceAll(/^(?=.)/gm, 'warning: '),
  };
}
