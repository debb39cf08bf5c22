/** Says whether a configuration can be deployed: `npm run deploy:check -- --config FILE`. Nothing is asked over the network. */
import { parseArgs } from 'node:util';
import { describeFailure, EXIT_USAGE } from '../lib/cli/exit-code.ts';
import { DEFAULT_CONFIGURATION_FILE } from '../lib/config/read-configuration.ts';
import { readDeployable } from './deployable-configuration.ts';
import { deploymentSummary } from './deployment-summary.ts';

/** The file is the one that `npm run package` would read, too. */
const USAGE = 'usage: npm run deploy:check -- [--config FILE]';

process.exitCode = await main(process.argv.slice(2), new Date());

async function main(args: string[], now: Date): Promise<number> {
  const file = configFile(args);
  if (file === undefined) {
    console.error(USAGE);
    return EXIT_USAGE;
  }
  try {
    const deployable = await readDeployable(file, now);
    if (deployable.warnings !== '') console.error(deployable.warnings);
    console.log(`${file} can be deployed:`);
    console.log(deploymentSummary(deployable, now));
    return 0;
  } catch (error) {
    const { message, exitCode } = describeFailure(error);
    console.error(message);
    return exitCode;
  }
}

function configFile(args: string[]): string | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: { config: { type: 'string' } },
    });
    return values.config ?? process.env.CF_AUDIT_ARCHIVE_CONFIG ?? DEFAULT_CONFIGURATION_FILE;
  } catch {
    return undefined;
  }
}
