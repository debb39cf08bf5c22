import type { GuidSet, KeptPage, ScopeNames } from '../archive/ports.ts';

/** Says which rows a part is to hold: by their GUIDs, and the names that they are given. */
export function partIdentity(
  { guidDigest }: Pick<GuidSet, 'guidDigest'>,
  { keep, names }: { readonly keep: readonly KeptPage[]; readonly names: ScopeNames },
): string {
  const named = [names.organizations, names.spaces].map((entries) => [...entries].sort());
  // The order in which windows were read, or found read, is no matter.
  const pages = [...keep].sort((a, b) => a.page - b.page);
  return JSON.stringify([guidDigest, pages, named]);
}
