import type { Micros } from '../records.ts';
import type { Choices } from './choices.ts';
import type { Scene } from './scene.ts';

/** Something that happens at a set time whatever else is going on. */
export interface Appointment {
  readonly at: Micros;
  readonly tell: (scene: Scene, choose: Choices) => void;
}
