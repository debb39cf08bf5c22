import { simulateSeed } from './simulate-seed.ts';

const from = Number(process.argv[2] ?? 1),
  n = Number(process.argv[3] ?? 50);
const started = performance.now();
const { Tally } = await import('./tally.ts');
const tally = new Tally();
const bad = new Map<string, number>();
for (let seed = from; seed < from + n; seed += 1) {
  const o = await simulateSeed(seed, { broken: process.argv[4] as never });
  tally.addAll(o.tally.counts);
  if (o.violation) {
    const k = o.violation.split(':')[0] ?? '';
    bad.set(k, (bad.get(k) ?? 0) + 1);
    if ((bad.get(k) ?? 0) < 3) process.stdout.write(`${seed} ${o.violation}\n`);
  }
}
process.stdout.write(
  `${tally}\n${JSON.stringify([...bad])} ${n / ((performance.now() - started) / 1000)} seeds/s\n`,
);
