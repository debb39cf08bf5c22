/** Every value of a repeatable option, in the order in which they were written. */
export const collect = (value: string, previous: readonly string[] = []): string[] => [
  ...previous,
  value,
];
