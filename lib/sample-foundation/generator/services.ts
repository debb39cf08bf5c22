import { guid } from './guids.ts';
import { BROKERS, PLAN_NAMES } from './names.ts';
import type { Random } from './random.ts';
import type { Broker, Offering, Plan, ServiceInstance } from './world.ts';

export function brokersOf(random: Random): Broker[] {
  return BROKERS.map((described) => {
    const broker: Broker = {
      guid: guid(random),
      type: 'service_broker',
      name: described.name,
      username: null,
      url: `https://${described.name}.apps.example.org`,
      offerings: [],
    };
    for (const name of described.offerings) broker.offerings.push(anOffering(random, name, broker));
    return broker;
  });
}

function anOffering(random: Random, name: string, broker: Broker): Offering {
  const offering: Offering = { guid: guid(random), name, broker, plans: [] };
  for (const plan of PLAN_NAMES) offering.plans.push({ guid: guid(random), name: plan, offering });
  return offering;
}

/** Two to four instances; about one in three is user-provided. */
export function serviceInstances(random: Random, plans: readonly Plan[]): ServiceInstance[] {
  return Array.from({ length: random.integer(2, 4) }, (_, index) => {
    const plan = random.chance(0.66) ? random.pick(plans) : null;
    const name = plan === null ? `external-api-${index + 1}` : `${plan.offering.name}-${index + 1}`;
    return serviceInstance(random, name, plan);
  });
}

export const serviceInstance = (
  random: Random,
  name: string,
  plan: Plan | null,
): ServiceInstance => ({
  guid: guid(random),
  name,
  plan,
  binding_guid: guid(random),
  key_guid: guid(random),
});
