import type { EventRecord } from '../records.ts';
import { Choices } from './choices.ts';
import { mixAt } from './mix.ts';
import { dayOfSlice, type Pace, SLICE, SLICES_A_DAY, sliceNumber } from './pace.ts';
import { Plan } from './plan.ts';
import type { Random } from './random.ts';
import { Scene } from './scene.ts';
import type { Script } from './script.ts';
import { soloEvent } from './stories/solo-event.ts';
import type { World } from './world.ts';

/** So many stories in a row may come to nothing (nobody at work, or more events than fit) before a single event is written instead. */
const PATIENCE = 6;

/**
 * All events of the period in the order of their INSERTs.
 *
 * Five minutes are planned at a time: stories begin in them until they, with what earlier stories left for them, hold their share of the day. What
 * a story writes for later waits in the slice of its INSERT; memory holds that, and one slice.
 */
export function* timeline(
  world: World,
  random: Random,
  pace: Pace,
  script: Script,
): Generator<EventRecord> {
  const scene = new Scene(world, random.fork('scene'));
  const choose = new Choices(world, random.fork('choices'));
  const plan = new Plan(world.from, world.to, pace);
  const firstSlice = sliceNumber(world.from);
  const lastSlice = sliceNumber(world.to - 1);
  for (let slice = firstSlice; slice <= lastSlice; slice += 1) {
    if (slice === firstSlice || slice % SLICES_A_DAY === 0) {
      for (const appointment of script(dayOfSlice(slice))) {
        if (appointment.at < world.from) continue;
        scene.begin(appointment.at);
        appointment.tell(scene, choose);
        plan.take(scene.takeWritten(), true);
      }
    }
    const mix = mixAt(pace.office(slice));
    const start = Math.max(world.from, slice * SLICE);
    const length = Math.min(world.to, (slice + 1) * SLICE) - start;
    let refused = 0;
    while (plan.wants(slice)) {
      scene.begin(start + Math.floor(random.unit() * length));
      if (refused < PATIENCE) mix(random.unit())(scene, choose);
      else soloEvent(scene, choose);
      refused = plan.take(scene.takeWritten(), false) ? 0 : refused + 1;
    }
    yield* plan.give(slice);
  }
  yield* plan.giveRest();
}
