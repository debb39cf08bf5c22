import { eventTypeNamed } from '../event-types.ts';
import type { Scene } from '../scene.ts';
import { appValues } from './app-values.ts';
import { catalogValues } from './catalog-values.ts';
import { type Part, planData, type Values, writeData } from './data-text.ts';
import { platformValues } from './platform-values.ts';
import { processValues } from './process-values.ts';
import { serviceValues } from './service-values.ts';
import { USUAL_KEYS } from './usual-keys.ts';

const values: Values = {
  ...appValues,
  ...processValues,
  ...serviceValues,
  ...catalogValues,
  ...platformValues,
};

/** `null`: nothing is stored. */
type Plan = readonly Part[] | null;

interface Plans {
  readonly complete: Plan;
  readonly usual: readonly Plan[];
  readonly named: ReadonlyMap<string, Plan>;
}

const plansByType = new Map<string, Plans>();

function plansOf(type: string): Plans {
  let plans = plansByType.get(type);
  if (plans === undefined) {
    const { category, data_keys } = eventTypeNamed(type);
    const plan = (keys: readonly string[]) =>
      keys.length === 0 ? null : planData(keys, [type, category], values);
    const named = new Map(
      Object.entries(USUAL_KEYS[type] ?? {}).map(([shape, line]) => [
        shape,
        line === '{}' ? ['{}'] : plan(line === '' ? [] : line.split(' ')),
      ]),
    );
    const complete = plan(data_keys);
    plans = { complete, usual: named.size > 0 ? [...named.values()] : [complete], named };
    plansByType.set(type, plans);
  }
  return plans;
}

/**
 * The JSON text of an event's `data`, or null where nothing is stored.
 *
 * @param shape - `complete`: every documented key; `usual`: what one of the usual callers sends; otherwise the name of such a caller
 */
export function dataOfType(
  type: string,
  scene: Scene,
  shape: 'complete' | 'usual' | (string & {}),
): string | null {
  const plans = plansOf(type);
  let plan: Plan | undefined;
  if (shape === 'complete') plan = plans.complete;
  else if (shape === 'usual')
    plan = plans.usual.length === 1 ? plans.usual[0] : scene.random.pick(plans.usual);
  else plan = plans.named.get(shape);
  if (plan === undefined) throw new Error(`${type} has no usual shape "${shape}"`);
  return plan === null ? null : writeData(plan, scene);
}
