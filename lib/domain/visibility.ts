/**
 * Which events somebody may see, as Cloud Controller would show them.
 *
 * `scoped`: events of these spaces, and events of these organizations with all their spaces, deleted ones included; GUIDs, each once, in ascending order. They are those of one foundation.
 * Events without space and organization are seen by `all` alone. No space and no organization: nothing.
 */
export type Visibility =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'scoped';
      readonly spaces: readonly string[];
      readonly organizations: readonly string[];
    };

export const SEES_ALL: Visibility = { kind: 'all' };

/** Whether there cannot be any event to see, so that nobody need be asked. */
export const seesNothing = (visibility: Visibility): boolean =>
  visibility.kind === 'scoped' &&
  visibility.spaces.length === 0 &&
  visibility.organizations.length === 0;

/**
 * The same visibility as several smaller ones, of at most so many GUIDs each: what one of them shows, the whole shows, and the reverse. An event may be shown by two of them.
 */
export function sharesOf(visibility: Visibility, most: number): Visibility[] {
  if (visibility.kind === 'all') return [visibility];
  const { spaces, organizations } = visibility;
  const count = spaces.length + organizations.length;
  if (count <= most) return [visibility];
  const shares: Visibility[] = [];
  for (let from = 0; from < count; from += most) {
    const to = from + most;
    shares.push({
      kind: 'scoped',
      spaces: spaces.slice(from, to),
      organizations: organizations.slice(
        Math.max(0, from - spaces.length),
        Math.max(0, to - spaces.length),
      ),
    });
  }
  return shares;
}
