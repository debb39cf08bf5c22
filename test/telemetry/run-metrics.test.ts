import { describe, expect, it } from '@jest/globals';
import { daySchema } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import type { Loss } from '../../lib/domain/run-report.ts';
import { countRun, RUN_METRICS, runMetricsLine } from '../../lib/telemetry/run-metrics.ts';

const foundation = foundationNameSchema.parse('eu-1');
const day = daySchema.parse('2026-03-01');

const aLoss = (events: number | null): Loss => ({
  kind: 'vanished',
  dt: day,
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-02T00:00:00.000Z',
  events,
  last_seen_at: null,
});

describe('the metrics of a run', () => {
  it('count losses, and the events lost as far as they are known', () => {
    expect(countRun({ foundation, days: [], losses: [aLoss(12), aLoss(null)] })).toMatchObject({
      Losses: 2,
      EventsLost: 12,
      RunsFailed: 0,
    });
  });

  it('count days by how they ended', () => {
    const days = [
      { kind: 'postponed' },
      { kind: 'postponed', due: true },
      { kind: 'failed' },
      { kind: 'failed' },
      { kind: 'archived', added: 7 },
    ] as const;

    expect(countRun({ foundation, days })).toMatchObject({
      DaysFailed: 2,
      DaysPostponed: 1,
      EventsStored: 7,
    });
  });

  it('count a run that could not look at any day as failed', () => {
    expect(countRun({ foundation })).toMatchObject({ RunsFailed: 1, Losses: 0 });
  });

  it('are one line in the embedded metric format, zeros included', () => {
    const line = runMetricsLine({ foundation, days: [], losses: [aLoss(3)] });

    const metric = JSON.parse(line);
    expect(line).not.toContain('\n');
    expect(metric).toMatchObject({ foundation: 'eu-1', EventsLost: 3, DaysFailed: 0 });
    const [directive] = metric._aws.CloudWatchMetrics;
    expect(directive.Namespace).toBe('CfAuditArchive');
    expect(directive.Metrics.map(({ Name }: { Name: string }) => Name)).toEqual([...RUN_METRICS]);
    expect(directive.Dimensions).toEqual([['foundation']]);
  });
});
