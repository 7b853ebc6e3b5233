/** The user asked for what cannot be done: exit code 2, the message alone is shown. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
