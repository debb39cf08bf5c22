import type { QueryEngine } from './ports.ts';

/** What one question has read so far, whatever becomes of it. */
export class ScanMeter {
  readonly #counters: (() => number)[] = [];

  get scannedBytes(): number {
    return this.#counters.reduce((sum, read) => sum + read(), 0);
  }

  /** The same engine; what it reads from now on counts here, also for calls that fail. */
  over(engine: QueryEngine): QueryEngine {
    return {
      rows: (query, parts, wanted) => {
        const found = engine.rows(query, parts, wanted);
        this.#counters.push(found.scannedBytes);
        return found;
      },
      groups: async (query, parts, wanted) => {
        let read = (): number => 0;
        this.#counters.push(() => read());
        const found = await engine.groups(query, parts, {
          ...wanted,
          onStart: (scannedBytes) => {
            read = scannedBytes;
          },
        });
        read = () => found.scannedBytes;
        return found;
      },
    };
  }
}
