import { createAthenaClient } from '../engine/athena-client.ts';
import { AthenaEngine, type AthenaEngineOptions } from '../engine/athena-engine.ts';
import type { QueryEngine } from '../query/ports.ts';

/** The engine in the cloud. */
export const openAthena = (options: AthenaEngineOptions): QueryEngine =>
  new AthenaEngine(createAthenaClient(), options);
