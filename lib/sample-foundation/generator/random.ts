/**
 * Seeded random numbers: Chris Doty-Humphrey's sfc32 ("Small Fast Counting", public domain, from PractRand 0.94).
 *
 * The same seed gives the same numbers on every machine. Only integer arithmetic, and division by powers of two, stands behind them:
 * `Math.log` and its like may differ in the last bit between JavaScript engines.
 */
export class Random {
  readonly seed: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number | string) {
    this.seed = String(seed);
    this.#a = fnv1a(`a${this.seed}`);
    this.#b = fnv1a(`b${this.seed}`);
    this.#c = fnv1a(`c${this.seed}`);
    for (let round = 0; round < 15; round += 1) this.uint32();
  }

  /** Another source of numbers: the same for the same seed and label, however many numbers this one has given. */
  fork(label: string): Random {
    return new Random(`${this.seed}/${label}`);
  }

  uint32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** In [0, 1), with 32 bits. */
  unit(): number {
    return this.uint32() / 4294967296;
  }

  /** Whole, both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.unit() * (to - from + 1));
  }

  /** Whole; small values much more often than large ones (the square of a uniform number). Both ends included. */
  skewed(from: number, to: number): number {
    const unit = this.unit();
    return from + Math.floor(unit * unit * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('cannot pick from an empty list');
    return list[Math.floor(this.unit() * list.length)] as T;
  }

  /** One of the list, the early ones more often. */
  pickEarly<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('cannot pick from an empty list');
    return list[this.skewed(0, list.length - 1)] as T;
  }
}

/** 32-bit FNV-1a over UTF-16 code units, with murmur3's finalizer so that neighbouring seeds part. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
