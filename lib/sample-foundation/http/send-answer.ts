import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './exchange.ts';
import type { Fault } from './faults.ts';

/** Send an answer, spoilt on its way if the fault says so. Content-Length is always sent, so a cut body can be told from a whole one. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  headOnly: boolean,
  fault: Fault | undefined,
): Promise<void> {
  const whole = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body;
  const kept = (afterBytes?: number) => whole.subarray(0, afterBytes ?? whole.length >> 1);
  const body = fault?.kind === 'truncated-body' ? kept(fault.afterBytes) : whole;

  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': String(body.length) });
  if (headOnly) {
    response.end();
  } else if (fault?.kind === 'cut-body') {
    const written = new Promise<void>((resolve) => {
      response.write(kept(fault.afterBytes), () => resolve());
    });
    await written;
    response.destroy();
  } else if (fault?.kind === 'slow-body') {
    for (let start = 0; start < body.length && !response.destroyed; start += fault.bytesPerPiece) {
      response.write(body.subarray(start, start + fault.bytesPerPiece));
      await pause(fault.pauseMs);
    }
    response.end();
  } else {
    response.end(body);
  }
}
