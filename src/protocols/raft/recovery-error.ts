/** Why a server cannot start from its disk: its process ends here. */
export class RecoveryError extends Error {
  override readonly name = 'RecoveryError';

  constructor(reason: string) {
    super(`recovery: ${reason}`);
  }
}
