import { type Coverage, coverageSentence, DAY_STATES } from '../domain/coverage.ts';

/** How complete an answer is, for programs: `complete=false; closed=30; missing=1`. */
export const coverageHeader = ({ complete, days }: Coverage): string =>
  [
    `complete=${complete}`,
    ...DAY_STATES.filter((state) => days[state] > 0).map((state) => `${state}=${days[state]}`),
  ].join('; ');

/** The headers that say how complete an answer is. The cf CLI prints `X-Cf-Warnings` on its standard error; a broken percent code would be an error to it. */
export function coverageHeaders(coverage: Coverage): Record<string, string> {
  const sentence = coverageSentence(coverage);
  return {
    'X-Archive-Coverage': coverageHeader(coverage),
    ...(sentence === undefined ? {} : { 'X-Cf-Warnings': encodeURIComponent(sentence) }),
  };
}
