import type { ParamValue } from './query-string.ts';
import { rubyText } from './ruby-text.ts';
import { isTimestamp } from './timestamp.ts';

const OPERATORS = ['lt', 'gt', 'lte', 'gte'];

/** Problems of `created_ats` or `updated_ats` (CC §1.4). @param name - how the messages call the parameter */
export function timestampProblems(name: string, value: ParamValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((text) => formatProblems(name, text));
  if (!(value instanceof Map)) {
    return [`${name} relational operator and timestamp must be specified`];
  }
  return [...value].flatMap(([operator, timestamp]) => [
    ...(OPERATORS.includes(operator) ? [] : [`${name} Invalid relational operator: '${operator}'`]),
    ...(rubyText(timestamp).includes(',')
      ? [`${name} only accepts one value when using a relational operator`]
      : formatProblems(name, timestamp)),
  ]);
}

function formatProblems(name: string, value: ParamValue): string[] {
  if (isTimestamp(rubyText(value))) return [];
  return [
    `${name} has an invalid timestamp format. Timestamps should be formatted as 'YYYY-MM-DDThh:mm:ssZ'`,
  ];
}
