import { ArchiveError } from '../domain/errors.ts';

/** What came of doing something for one foundation: what ends it does not end the others. */
export interface Outcome<T> {
  readonly value?: T;
  readonly error?: ArchiveError;
}

/** An error of ours is an outcome; any other is a fault and thrown. */
export async function outcomeOf<T>(doing: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await doing };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { error };
  }
}
