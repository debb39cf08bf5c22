import { z } from 'zod';
import { bytesText, countText } from '../lib/cli/words.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../lib/report/export-source.ts';

/** What a file cost, as the process that wrote it prints it; memory is its peak. */
export const exportCostSchema = z.object({
  seconds: z.number(),
  bytes: z.number(),
  memoryMb: z.number(),
});
export type ExportCost = z.infer<typeof exportCostSchema>;

export interface ExportBounds {
  readonly memoryMb: number;
  /** Of the peak, from the first number of rows to the last. */
  readonly growth: number;
}

/**
 * Export each number of rows in each format, and print each cost and by which factor the peak grows.
 *
 * @param formats - names, with commas between them
 * @returns whether everything is within its bound
 */
export async function compareExports(
  formats: string,
  rows: readonly number[],
  bounds: ExportBounds,
  exported: (format: ExportFormat, rows: number) => Promise<ExportCost>,
): Promise<boolean> {
  let good = true;
  for (const format of z.array(z.enum(EXPORT_FORMATS)).parse(formats.split(','))) {
    const peaks: number[] = [];
    for (const count of rows) {
      const { seconds, bytes, memoryMb } = await exported(format, count);
      peaks.push(memoryMb);
      good &&= memoryMb <= bounds.memoryMb;
      console.log(
        `${format.padEnd(8)} ${countText(count).padStart(12)} rows  ${seconds.toFixed(1).padStart(7)} s  ${bytesText(bytes).padStart(8)}  peak memory ${memoryMb.toFixed(0).padStart(4)} MB (bound ${bounds.memoryMb})`,
      );
    }
    const growth = (peaks.at(-1) ?? 0) / (peaks[0] ?? 1);
    good &&= growth <= bounds.growth;
    console.log(
      `${format.padEnd(8)} peak grows by the factor ${growth.toFixed(2)} (bound ${bounds.growth})`,
    );
  }
  return good;
}
