/** A defect of zabsim itself: a state that its authors held to be impossible. Exit code 70. */
export class DefectError extends Error {
  override readonly name = 'DefectError';
}

/** Stops on a defect of our own. Always on: a wrong simulator is worse than a stopped one. */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new DefectError(`this should hold, and does not: ${claim}`);
}

/** The `default` of a switch over a closed union: a new kind is then a compile error. */
export function unreachable(value: never): never {
  throw new DefectError(`no case for ${String((value as { kind?: string }).kind ?? value)}`);
}
