import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readDeployable } from './deployable-configuration.ts';
import { STACK_FILE, stackText } from './stack-file.ts';

const ROOT = dirname(import.meta.dirname);

const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** A CloudFormation template as osls makes it. */
export type Template = z.infer<typeof templateSchema>;

/**
 * The template that is deployed for a configuration, in a folder of its own: with empty files in place of the functions' bundles, no account and no network.
 *
 * @param configurationFile - such as infra/example.yml
 * @param now - decides what a check of the configuration may say, and from when on the runs are counted that the alarms go by
 */
export async function packageTemplate(configurationFile: string, now: Date): Promise<Template> {
  const directory = await mkdtemp(join(tmpdir(), 'cf-audit-archive-stack-'));
  const place = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  };
  try {
    await cp(join(ROOT, 'serverless.yml'), join(directory, 'serverless.yml'));
    await cp(join(ROOT, 'infra'), join(directory, 'infra'), { recursive: true });
    // osls looks for its own version beside the service.
    await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    await place(STACK_FILE, stackText(await readDeployable(configurationFile, now)));
    for (const name of ['archive', 'archive-day/archive-day', 'digest', 'query']) {
      await place(`dist/functions/${name}.mjs`, '');
    }
    await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'node_modules/osls/bin/serverless.js'), 'package'],
      { cwd: directory, env: WITHOUT_ACCOUNT },
    );
    const text = await readFile(
      join(directory, '.serverless/cloudformation-template-update-stack.json'),
      'utf8',
    );
    return templateSchema.parse(JSON.parse(text));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Credentials that lead nowhere, whatever machine this is. */
const WITHOUT_ACCOUNT = {
  PATH: process.env.PATH,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  SLS_NOTIFICATIONS_MODE: 'off',
  HOME: tmpdir(),
};
