/** Why a server cannot start from its disk: ZooKeeper's process ends here, and so does ours. */
export class RecoveryError extends Error {
  override readonly name = 'RecoveryError';

  constructor(reason: string) {
    super(`recovery: ${reason}`);
  }
}
