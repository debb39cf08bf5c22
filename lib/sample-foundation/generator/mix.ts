import { crash, crashLoop } from './stories/crashes.ts';
import { evacuation, readinessFlap } from './stories/instances.ts';
import { roleChange } from './stories/members.ts';
import {
  autoscaling,
  environmentScan,
  reconciliation,
  restart,
  scaling,
  task,
  troubleshooting,
} from './stories/operations.ts';
import { administration, blobCleanUp, catalogSync } from './stories/platform.ts';
import { push } from './stories/push.ts';
import { routeChange } from './stories/routes.ts';
import { credentialRead, newService, serviceChange, temporaryKey } from './stories/services.ts';
import type { Story } from './stories/story.ts';

interface Share {
  readonly story: Story;
  /** How often at full office hours, and how often when nobody is at work; relative to the others. */
  readonly day: number;
  readonly night: number;
}

/**
 * How often what happens. Of all events, batch tasks and applied manifests write about a third, instances that crash, flap and move another,
 * both around the clock; people and their pipelines write most of the rest.
 *
 * The shares are such that a weekday of 200,000 events takes 93 bytes an event in a sorted Parquet file, and 890 as Cloud Controller sends it:
 * a manifest holds some 200 random bytes, a task 70, most others no more than one GUID of their own.
 */
const SHARES: readonly Share[] = [
  { story: push, day: 120, night: 25 },
  { story: reconciliation, day: 420, night: 350 },
  { story: crash, day: 130, night: 120 },
  { story: crashLoop, day: 2, night: 6 },
  { story: readinessFlap, day: 10, night: 10 },
  { story: evacuation, day: 10, night: 16 },
  { story: autoscaling, day: 20, night: 16 },
  { story: scaling, day: 12, night: 0 },
  { story: restart, day: 40, night: 10 },
  { story: troubleshooting, day: 40, night: 1 },
  { story: environmentScan, day: 6, night: 8 },
  { story: task, day: 600, night: 560 },
  { story: roleChange, day: 14, night: 0 },
  { story: newService, day: 10, night: 0 },
  { story: credentialRead, day: 30, night: 1 },
  { story: temporaryKey, day: 6, night: 0 },
  { story: serviceChange, day: 8, night: 0 },
  { story: routeChange, day: 14, night: 1 },
  { story: catalogSync, day: 0.6, night: 0 },
  { story: blobCleanUp, day: 0, night: 2 },
  { story: administration, day: 1, night: 0 },
];

/** Chooses stories for an hour of the day. @param office - how many people are at work, in [0, 1] */
export function mixAt(office: number): (unit: number) => Story {
  const sums: number[] = [];
  let sum = 0;
  for (const { day, night } of SHARES) {
    sum += day * office + night * (1 - office);
    sums.push(sum);
  }
  return (unit) => {
    const index = sums.findIndex((until) => unit * sum < until);
    return SHARES[index]?.story ?? push;
  };
}
