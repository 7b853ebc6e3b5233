/** What the process tells its caller. */
export const EXIT = {
  expected: 0,
  /** An invariant was violated, or an expectation not met. */
  unexpected: 1,
  /** Bad usage or bad input. */
  usage: 2,
  /** Not live: stalled after the faults healed. */
  stalled: 3,
  nondeterministic: 4,
  /** A defect of zabsim itself. */
  defect: 70,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
