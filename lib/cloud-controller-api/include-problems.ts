import type { Validator } from './list-message.ts';
import type { Params } from './query-string.ts';
import { rubyText } from './ruby-text.ts';

/** Checks `include` against what a list can include. */
export function includeProblems(valid: readonly string[]): Validator {
  return (params) => {
    const seen = new Map<string, number>();
    return includedNames(params).flatMap((name) => {
      if (!valid.includes(name)) {
        return [
          `Invalid included resource: '${name}'. Valid included resources are: '${valid.join("', '")}'`,
        ];
      }
      seen.set(name, (seen.get(name) ?? 0) + 1);
      return seen.get(name) === 2 ? [`Duplicate included resource: '${name}'`] : [];
    });
  };
}

/** The parts of `include`; empty when it was not asked for. */
export function includedNames(params: Params): string[] {
  const value = params.get('include');
  return Array.isArray(value) ? value.map(rubyText) : [];
}
