import type { Context } from 'hono';
import type { z } from 'zod';
import { ask, type Question } from '../ask.ts';
import type { Reply } from '../reply.ts';
import type { HttpServer, Patience } from '../server.ts';
import { sitesOf } from '../sites.ts';
import { readParameters } from './parameters.ts';

/**
 * Answer a question of our own API. What is wrong with it is told to those who are known, and goes on record: to all others it is one 401.
 *
 * @param patience - how long an answer to these parameters may take
 */
export async function askApi<T extends z.ZodObject>(
  server: HttpServer,
  c: Context,
  schema: T,
  patience: (given: z.infer<T>) => Patience,
  answer: (question: Question, given: z.infer<T>) => Promise<Reply>,
): Promise<Response> {
  const read = readParameters(c, schema);
  const { sites, problem } = await sitesOf(server.ports, c);
  return ask(server, c, sites, 'given' in read ? patience(read.given) : 'page', (question) => {
    if ('problem' in read) throw read.problem;
    if (problem !== undefined) throw problem;
    return answer(question, read.given);
  });
}

export const PAGE = (): Patience => 'page';
export const EXPORT = (): Patience => 'export';
