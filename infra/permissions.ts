/** Write docs/permissions.md from the template that is deployed for infra/example.yml: `npm run permissions`; with `-- --check` only say whether it is current. */
import { readFile, writeFile } from 'node:fs/promises';
import { packageTemplate } from './package-template.ts';
import { permissionsText } from './permissions-text.ts';
import { EXAMPLE_FILE } from './stack-file.ts';

const FILE = 'docs/permissions.md';

const text = permissionsText(await packageTemplate(EXAMPLE_FILE, new Date()));
if (!process.argv.includes('--check')) {
  await writeFile(FILE, text);
} else if ((await readFile(FILE, 'utf8')) !== text) {
  console.error(`${FILE} is not what the template says: npm run permissions`);
  process.exitCode = 1;
}
