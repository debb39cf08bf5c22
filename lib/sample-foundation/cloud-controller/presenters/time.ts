/** `YYYY-MM-DDThh:mm:ssZ`; sub-seconds are cut off, not rounded (CC §1.6). */
export function presentTime(micros: number): string {
  const seconds = new Date(Math.floor(micros / 1_000_000) * 1000).toISOString();
  return `${seconds.slice(0, 19)}Z`;
}
