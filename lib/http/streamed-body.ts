/** What a body that is sent while it is made does at its end. */
export interface StreamEnd {
  /** Ends it, also while nobody reads it: a client that has stopped reading holds what makes it no longer. */
  readonly signal: AbortSignal;
  /** Called once all bytes are made, before the last of them are given: when it throws, they never are. */
  readonly whole: () => Promise<void>;
  /** Called instead when it came to no end: with the error of what makes it, the signal's reason, or undefined when the reader went away. Never throws. */
  readonly broken: (error: unknown) => Promise<void>;
}

/** Bytes as a response's body. A failure breaks the connection off instead of ending it, so that no part of a file is taken for the whole. */
export function streamedBody(
  chunks: AsyncIterable<Uint8Array>,
  { signal, whole, broken }: StreamEnd,
): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let held: Uint8Array | undefined;
  let isOver = false;
  let onAbort = (): void => undefined;

  const over = (): boolean => {
    const first = !isOver;
    isOver = true;
    signal.removeEventListener('abort', onAbort);
    return first;
  };
  const breakOff = async (error: unknown): Promise<void> => {
    if (!over()) return;
    await iterator.return?.().catch(() => undefined);
    await broken(error);
  };

  return new ReadableStream<Uint8Array>({
    start(controller) {
      onAbort = (): void => {
        if (isOver) return;
        controller.error(signal.reason);
        void breakOff(signal.reason);
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    },
    async pull(controller) {
      try {
        for (;;) {
          const { done, value } = await iterator.next();
          if (isOver) return;
          if (done) break;
          const ready = held;
          held = value;
          if (ready === undefined) continue;
          controller.enqueue(ready);
          return;
        }
      } catch (error) {
        if (isOver) return;
        await breakOff(error);
        throw error;
      }
      over();
      await whole();
      if (held !== undefined) controller.enqueue(held);
      controller.close();
    },
    cancel: () => breakOff(undefined),
  });
}
