/**
 * What is wrong with bytes that make no sense:
 * - `truncated`: a value goes on beyond the bytes that are there
 * - `length`: a length below −1, or above the limit
 * - `text`: a text that is none, or not the one that it should be
 * - `unknown`: a type or a mark that the format does not have
 * - `trailing`: bytes behind a value that should have ended
 * - `nesting`: a record inside of one that cannot hold it
 * - `range`: a number that is well-formed and that this program cannot hold, or that has no meaning
 * - `checksum`: bytes that are not those that were written
 */
export type WireProblem =
  | 'truncated'
  | 'length'
  | 'text'
  | 'unknown'
  | 'trailing'
  | 'nesting'
  | 'range'
  | 'checksum';

/** Bytes from outside that no decoder can make sense of. Never a defect of this program. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly problem: WireProblem;
  /** Where, in bytes from the start of what was being decoded. */
  readonly at: number;

  constructor(problem: WireProblem, at: number, message: string) {
    super(`${message} (at byte ${at})`);
    this.problem = problem;
    this.at = at;
  }
}
