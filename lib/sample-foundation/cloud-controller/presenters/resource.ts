/** A row of one table by column name. */
export type ResourceRow = Readonly<Record<string, unknown>>;

/** How rows of one table are read and shown. `apiUrl` starts every link. */
export interface ResourcePresenter {
  readonly columns: readonly string[];
  present(row: ResourceRow, apiUrl: string): Record<string, unknown>;
}

/** Nothing in a sample foundation carries labels or annotations. */
export const NO_METADATA = { labels: {}, annotations: {} } as const;

export function rowObject(columns: readonly string[], values: readonly unknown[]): ResourceRow {
  return Object.fromEntries(columns.map((column, place) => [column, values[place]]));
}
