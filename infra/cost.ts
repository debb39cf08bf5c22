/** Writes docs/cost.md: `npm run cost`. Prices and assumptions are in cost-assumptions.ts. */
import { writeFile } from 'node:fs/promises';
import { costDocument } from './cost-document.ts';
import { exampleFacts } from './cost-facts.ts';

const FILE = 'docs/cost.md';

await writeFile(FILE, costDocument(await exampleFacts(new Date())));
console.log(`${FILE} is made`);
