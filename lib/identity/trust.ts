import { z } from 'zod';
import { ArchiveError } from '../domain/errors.ts';
import type { IdentityProvider } from './ports.ts';
import { readTokenKeys, type TokenKey } from './token-keys.ts';

/** What makes a token one of this foundation's. */
export interface Trust {
  readonly issuer: string;
  readonly keys: readonly TokenKey[];
}

/** A key that UAA no longer shows is trusted no longer than this. */
const MAX_AGE_MS = 60_000;

/** Whoever sends forged tokens must not make us ask UAA for each. */
const MIN_AGE_MS = 5_000;

const configurationSchema = z.object({ issuer: z.string().min(1) });

/** What UAA says of itself, read when needed, shared by whoever asks meanwhile, and kept for a minute. */
export class TrustCache {
  readonly #provider: IdentityProvider;
  readonly #now: () => number;
  #held: { readonly trust: Trust; readonly readAt: number } | undefined;
  #reading: Promise<Trust> | undefined;

  /** @param now - milliseconds of any clock that never goes back */
  constructor(provider: IdentityProvider, now: () => number) {
    this.#provider = provider;
    this.#now = now;
  }

  /** @throws ArchiveError IDENTITY_UNAVAILABLE */
  async current(): Promise<Trust> {
    if (this.#held && this.#now() - this.#held.readAt < MAX_AGE_MS) return this.#held.trust;
    return this.#read();
  }

  /**
   * Read again, because a token does not fit: its key may be new. Undefined: what is held was read only just now.
   *
   * @throws ArchiveError IDENTITY_UNAVAILABLE
   */
  async newer(than: Trust): Promise<Trust | undefined> {
    if (this.#held !== undefined && this.#held.trust !== than) return this.#held.trust;
    if (this.#held && this.#now() - this.#held.readAt < MIN_AGE_MS) return undefined;
    return this.#read();
  }

  #read(): Promise<Trust> {
    this.#reading ??= this.#ask().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #ask(): Promise<Trust> {
    const readAt = this.#now();
    const [configuration, document] = await Promise.all([
      this.#provider.configuration(),
      this.#provider.tokenKeys(),
    ]).catch((cause: unknown) => {
      throw unavailable('it gave no answer', cause);
    });
    const issuer = configurationSchema.safeParse(configuration).data?.issuer;
    const keys = readTokenKeys(document);
    if (issuer === undefined) throw unavailable('its openid-configuration names no issuer');
    if (keys === undefined || keys.length === 0) throw unavailable('it shows no RSA key');
    const trust = { issuer, keys };
    this.#held = { trust, readAt };
    return trust;
  }
}

/** Whoever asks us reads the message; what went wrong between us and UAA is in `cause`. */
const unavailable = (why: string, cause?: unknown): ArchiveError =>
  new ArchiveError(
    'IDENTITY_UNAVAILABLE',
    `no token can be checked now, because UAA does not tell its keys: ${why}; ask again in a minute`,
    { cause },
  );
