/** A column of a file of rows. */
export interface FileColumn {
  readonly name: string;
  readonly type: 'text' | 'timestamp';
}

/** A file of rows that is made as a whole, such as Parquet: rows come in, and then it is written. */
export interface RowFile {
  /** Values in the order of the columns; whatever the number of rows, memory stays bounded. */
  append(rows: readonly (readonly (Date | string | null)[])[]): Promise<void>;
  /** Write the rows so far in the order in which they came. */
  write(path: string): Promise<void>;
  /** Give everything back; the file stays. */
  close(): Promise<void>;
}
