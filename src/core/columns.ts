import { assert } from './assert.ts';

/**
 * Columns of numbers that are allocated at once: memory outside of the engine's heap costs a µs a piece, and
 * as much again when it is given back.
 */
export class Columns {
  readonly #buffer: ArrayBuffer;
  #used = 0;

  /** @param bytes room for all of them: 8 for each float and 4 for each int */
  constructor(bytes: number) {
    this.#buffer = new ArrayBuffer(bytes);
  }

  /** A column of floats, zeros. */
  floats(count: number): Float64Array<ArrayBuffer> {
    const column = new Float64Array(this.#buffer, this.#used, count);
    this.#used += column.byteLength;
    return column;
  }

  /** A column of an even number of ints, zeros: what follows may be floats. */
  ints(count: number): Int32Array<ArrayBuffer> {
    assert(count % 2 === 0, 'columns of ints keep the floats behind them in place');
    const column = new Int32Array(this.#buffer, this.#used, count);
    this.#used += column.byteLength;
    return column;
  }
}
