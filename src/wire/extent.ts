import { MAX_BUFFER } from './jute.ts';
import type { Shape } from './jute-codec.ts';
import { WireError } from './wire-error.ts';

/** Bytes that are skipped; bytes behind their length; elements behind their count. */
type Step = number | 'length' | { readonly element: readonly Step[] };

interface Loop {
  readonly steps: readonly Step[];
  /** The next of `steps`. */
  next: number;
  /** How often all of `steps` come, this time included. */
  left: number;
}

/**
 * Finds where a value ends in bytes that come in pieces. It goes on where it stopped, so that a value of n
 * bytes costs n, however small the pieces are; and it refuses a length before the bytes of it have come.
 */
export class Extent {
  readonly #steps: readonly Step[];
  readonly #maxBuffer: number;
  readonly #maxLength: number;
  readonly #loops: Loop[] = [];
  /** Bytes of the value that were passed, or will have been when they are there. */
  #at = 0;

  /**
   * @param maxBuffer the longest buffer or string that is accepted, bytes
   * @param maxLength the longest value that is accepted, bytes
   */
  constructor(shape: Shape, maxBuffer: number = MAX_BUFFER, maxLength: number = 2 * maxBuffer + 4096) {
    this.#steps = joined(stepsOf(shape));
    this.#maxBuffer = maxBuffer;
    this.#maxLength = maxLength;
    this.#begin();
  }

  /** The length of the value at `start`; −1 while it is not all there. Then `reset` for the next. */
  find(view: DataView, start: number, end: number): number {
    const loops = this.#loops;
    for (let loop = loops.at(-1); loop !== undefined; loop = loops.at(-1)) {
      const step = loop.steps[loop.next];
      if (step === undefined) {
        loop.next = 0;
        if (--loop.left <= 0) loops.pop();
        continue;
      }
      if (typeof step === 'number') {
        this.#at += step;
      } else {
        if (start + this.#at + 4 > end) return -1;
        const count = view.getInt32(start + this.#at);
        if (step === 'length') this.#pass(count);
        else if (count > 0) loops.push({ steps: step.element, next: 0, left: count });
        this.#at += 4;
      }
      loop.next++;
      if (this.#at > this.#maxLength) {
        throw new WireError('length', this.#at, `a record of more than ${this.#maxLength} bytes`);
      }
    }
    return start + this.#at > end ? -1 : this.#at;
  }

  /** Begins with the next value. */
  reset(): void {
    this.#loops.length = 0;
    this.#begin();
  }

  #begin(): void {
    this.#at = 0;
    this.#loops.push({ steps: this.#steps, next: 0, left: 1 });
  }

  #pass(length: number): void {
    if (length < -1 || length > this.#maxBuffer) {
      throw new WireError('length', this.#at, `${length} bytes, ${this.#maxBuffer} are allowed`);
    }
    if (length > 0) this.#at += length;
  }
}

function stepsOf(shape: Shape): Step[] {
  if (typeof shape === 'object') {
    if ('vector' in shape) return [{ element: joined(stepsOf(shape.vector)) }];
    return shape.record.flatMap(([, field]) => stepsOf(field));
  }
  switch (shape) {
    case 'bool':
      return [1];
    case 'int':
      return [4];
    case 'long':
      return [8];
    default:
      return ['length'];
  }
}

/** The same steps, with skips that follow each other as one. */
function joined(steps: readonly Step[]): Step[] {
  const short: Step[] = [];
  for (const step of steps) {
    const last = short.at(-1);
    if (typeof step === 'number' && typeof last === 'number') short[short.length - 1] = last + step;
    else short.push(step);
  }
  return short;
}
