/** Write what an operator decided to dist/stack.json, for osls: `CF_AUDIT_ARCHIVE_CONFIG=FILE npm run package`. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { describeFailure } from '../lib/cli/exit-code.ts';
import { DEFAULT_CONFIGURATION_FILE } from '../lib/config/read-configuration.ts';
import { readDeployable } from './deployable-configuration.ts';
import { EXAMPLE_FILE, STACK_FILE, stackText } from './stack-file.ts';

try {
  const file = process.env.CF_AUDIT_ARCHIVE_CONFIG ?? (await configuredFile());
  const deployable = await readDeployable(file, new Date());
  if (deployable.warnings !== '') console.error(deployable.warnings);
  await mkdir('dist', { recursive: true });
  await writeFile(STACK_FILE, stackText(deployable));
  console.log(`${STACK_FILE} is made of ${file}`);
} catch (error) {
  const { message, exitCode } = describeFailure(error);
  console.error(message);
  process.exitCode = exitCode;
}

/** A clean clone can be packaged, too. */
async function configuredFile(): Promise<string> {
  try {
    await access(DEFAULT_CONFIGURATION_FILE);
    return DEFAULT_CONFIGURATION_FILE;
  } catch {
    console.error(`there is no ${DEFAULT_CONFIGURATION_FILE}: this is the example's stack`);
    return EXAMPLE_FILE;
  }
}
