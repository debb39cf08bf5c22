import type { Choices } from '../choices.ts';
import type { Scene } from '../scene.ts';

/**
 * Writes the events of one action that begins at `scene.at`: into the scene, with instants from `scene.at` on.
 * Writes none when nobody is there to act.
 */
export type Story = (scene: Scene, choose: Choices) => void;

/** Set the scene at an app, with whoever usually works on it: its pipeline, or a person at work. */
export function enterApp(
  scene: Scene,
  choose: Choices,
  by: 'anyone' | 'person' = 'anyone',
): boolean {
  const app = choose.app(scene.at);
  if (app === null) return false;
  const actor =
    by === 'anyone' && app.pipeline !== null
      ? app.pipeline
      : choose.worker(app.space.organization, scene.at);
  if (actor === null) return false;
  scene.setApp(app);
  scene.actor = actor;
  return true;
}

/** Set the scene at a space, with a person at work. */
export function enterSpace(scene: Scene, choose: Choices): boolean {
  return enterApp(scene, choose, 'person');
}
