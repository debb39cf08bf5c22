/**
 * Live through many simulated foundations and judge every run.
 *
 *     npm run simulate -- --seeds 2000             seeds 1 to 2000
 *     npm run simulate -- --from 94 --seeds 1      replay one; add --trace to see it
 *     npm run simulate -- --seeds 200 --break lte  with a rule of the design broken: must be found
 *
 * Ends with 1 when an invariant was violated; the seed and the command that replays it are printed.
 */
import { parseArgs } from 'node:util';
import { BREAKS, type Break } from './breaks.ts';
import { simulateSeed } from './simulate-seed.ts';
import { Tally } from './tally.ts';

const PROGRESS_EVERY = 100;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    break: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});

function brokenRule(text: string | undefined): Break | undefined {
  if (text === undefined) return undefined;
  const found = BREAKS.find((rule) => rule === text);
  if (found === undefined) throw new RangeError(`--break ${text}: one of ${BREAKS.join(', ')}`);
  return found;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const broken = brokenRule(values.break);
const [from, seeds] = [Number(values.from), Number(values.seeds)];
const trace = values.trace ? say : undefined;
const tally = new Tally();
const begun = performance.now();
let violated: { seed: number; violation: string } | undefined;
let lived = 0;

for (let seed = from; seed < from + seeds && violated === undefined; seed += 1) {
  const outcome = await simulateSeed(seed, { broken, trace });
  tally.addAll(outcome.tally.counts);
  lived += 1;
  if (outcome.violation !== undefined) violated = { seed, violation: outcome.violation };
  if (lived % PROGRESS_EVERY === 0) say(`${lived} seeds`);
}

const perSecond = lived / ((performance.now() - begun) / 1000);
say(tally.toString());
if (violated === undefined) {
  say(`${lived} seeds, ${perSecond.toFixed(1)} seeds/s, no invariant violated`);
} else {
  const rule = broken === undefined ? '' : ` --break ${broken}`;
  say(`VIOLATED by seed ${violated.seed}, after ${lived} seeds: ${violated.violation}`);
  say(`replay: npm run simulate -- --from ${violated.seed} --seeds 1 --trace${rule}`);
  process.exitCode = 1;
}
