/** One stored object as a listing shows it. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** When the store took it. Evidence only for objects that carry no instant of their own (an orphan part). */
  readonly modifiedAt: Date;
}

/** What lies in an archive and is no object, though other readers may take it for one. */
export interface Stray {
  /** The key it would have. */
  readonly key: string;
  /** `hidden`: a segment starts with `.`. `special`: neither file nor folder. `undecodable`: the name is not UTF-8. */
  readonly nature: 'link' | 'hidden' | 'special' | 'undecodable';
}

/** A local file to be stored as it is. */
export interface FileBody {
  readonly file: string;
  readonly bytes: number;
  /** Lower-case hex SHA-256 of the file's bytes; the store refuses a body that differs. */
  readonly sha256: string;
}

/**
 * The archive's only way to its bytes: a folder or an S3 bucket.
 *
 * Create-only: nothing is ever overwritten or deleted. A key is `/`-separated, relative, never starts with `/`. Every method
 * throws `ArchiveError` with a `STORE_…` code; the message names the archive and what to do. A key with an empty segment, a
 * segment that starts with `.`, a backslash or NUL is STORE_DENIED. An archive that does not exist is STORE_NOT_FOUND, also
 * when reading: it never looks like an empty one.
 */
export interface ObjectStore {
  /** As a person writes it in the configuration: `file:/var/lib/archive` or `s3://bucket`. */
  readonly url: string;

  /**
   * Prove that the archive exists and can be written, leaving nothing behind. A folder is made when absent; a bucket is
   * only looked at, because a trial object could not be removed: the first `create` proves the rest.
   */
  check(): Promise<void>;

  /**
   * All objects whose key starts with `prefix`, which may end mid-name, in ascending byte order of the whole key.
   * Half-written objects are never listed.
   */
  list(prefix: string): AsyncIterable<StoredObject>;

  /**
   * What lies under one of `prefixes`, or on the way to it, and is neither object nor the store's own, each once and in no order.
   * Absent where there can be no such thing.
   */
  strays?(prefixes: readonly string[]): AsyncIterable<Stray>;

  /** The whole object, or undefined when there is none. For small objects: manifests, digests, reports. */
  get(key: string): Promise<Uint8Array | undefined>;

  /**
   * Path of a readable local copy of an object, which the caller must not change; undefined when there is none.
   * A folder gives its own file, S3 downloads to `<directory>/<key>` (the caller's directory, and the caller's to clean).
   * Either way the path ends with the key.
   */
  localCopy(key: string, directory: string): Promise<string | undefined>;

  /**
   * Store an object that does not exist yet; all of it or nothing, durable on return.
   * `exists`: the key was taken, by whoever; nothing was changed.
   *
   * STORE_BODY_INVALID: the file is gone or is not what `body` says; nothing was stored.
   */
  create(key: string, body: Uint8Array | FileBody): Promise<'created' | 'exists'>;
}
