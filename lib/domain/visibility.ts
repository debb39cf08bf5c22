/**
 * Which events somebody may see, as Cloud Controller would show them.
 *
 * `scoped`: events of these spaces, and events of these organizations with all their spaces, deleted ones included; GUIDs, each once, in ascending order.
 * Events without space and organization are seen by `all` alone. No space and no organization: nothing.
 */
export type Visibility =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'scoped';
      readonly spaces: readonly string[];
      readonly organizations: readonly string[];
    };
