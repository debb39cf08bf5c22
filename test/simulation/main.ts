/**
 * Live through many simulated foundations and judge every run.
 *
 *     npm run simulate -- --seeds 20000            seeds 1 to 20000
 *     npm run simulate -- --seed 94                replay one, and see every step of it
 *     npm run simulate -- --seeds 200 --break lte  with one of the archive's rules broken: must be found
 *
 * Ends with 1 when an invariant was violated or a seed broke off; the seed and the command that replays it are printed.
 */
import { parseArgs } from 'node:util';
import { BREAKS, type Break } from './breaks.ts';
import { replayLine } from './replay-line.ts';
import { runSeeds } from './run-seeds.ts';
import { simulateSeed } from './simulate-seed.ts';
import { Tally } from './tally.ts';

const PROGRESS_EVERY = 500;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function brokenRule(text: string | undefined): Break | undefined {
  if (text === undefined) return undefined;
  const found = BREAKS.find((rule) => rule === text);
  if (found === undefined) throw new RangeError(`--break ${text}: one of ${BREAKS.join(', ')}`);
  return found;
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new RangeError(`--${name} ${text}: a whole number`);
}

function violated(seed: number, violation: string, broken: Break | undefined): void {
  say(`VIOLATED by seed ${seed}: ${violation}`);
  say(replayLine(seed, broken));
  process.exitCode = 1;
}

async function replay(seed: number, broken: Break | undefined): Promise<void> {
  const { tally, violation } = await simulateSeed(seed, { broken, trace: say });
  say(tally.toString());
  if (violation === undefined) say(`seed ${seed}: no invariant violated`);
  else violated(seed, violation, broken);
}

async function simulate(from: number, count: number, broken: Break | undefined): Promise<void> {
  const tally = new Tally();
  const begun = performance.now();
  const failures: { seed: number; violation: string }[] = [];
  let lived = 0;
  const rate = (): string => (lived / ((performance.now() - begun) / 1000)).toFixed(1);
  await runSeeds({ from, count }, { broken }, ({ seed, counts, violation }) => {
    lived += 1;
    tally.addAll(counts);
    if (violation !== undefined) failures.push({ seed, violation });
    if (lived % PROGRESS_EVERY === 0) say(`${lived} seeds, ${rate()} seeds/s`);
  });
  say(tally.toString());
  say(`${lived} seeds, ${rate()} seeds/s, ${failures.length || 'no'} invariant violated`);
  for (const { seed, violation } of failures) violated(seed, violation, broken);
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    break: { type: 'string' },
  },
});
const broken = brokenRule(values.break);
if (values.seed !== undefined) await replay(wholeNumber('seed', values.seed), broken);
else await simulate(wholeNumber('from', values.from), wholeNumber('seeds', values.seeds), broken);
