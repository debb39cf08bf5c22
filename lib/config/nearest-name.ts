/** More slips than this and it was another word. */
const MAX_SLIPS = 3;

/** The known name that was probably meant, such as `client_secret` for `clientSecret`; undefined when none is near. */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, slips: slipsBetween(plain(written), plain(name)) }))
    .filter(({ name, slips }) => slips <= Math.min(MAX_SLIPS, Math.floor(name.length / 2)))
    .sort((a, b) => a.slips - b.slips);
  return ranked[0]?.name;
}

/** What to say to whoever wrote a name that is not known: the one that was probably meant, else all there are. */
export function nameAdvice(written: string, known: readonly string[]): string {
  const near = nearestName(written, known);
  return near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
}

/** Case, `_` and `-` are the commonest slips and count as none. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '');

/** Levenshtein's distance, row by row. */
function slipsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const same = letter === b[j - 1] ? 0 : 1;
      row.push(Math.min((row[j - 1] ?? 0) + 1, (above[j] ?? 0) + 1, (above[j - 1] ?? 0) + same));
    }
    above = row;
  }
  return above[b.length] ?? 0;
}
