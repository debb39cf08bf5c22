import type { Break } from './breaks.ts';

/** How somebody sees for himself what became of a seed. */
export const replayLine = (seed: number, broken: Break | undefined): string =>
  `replay: npm run simulate -- --seed ${seed}${broken === undefined ? '' : ` --break ${broken}`}`;
