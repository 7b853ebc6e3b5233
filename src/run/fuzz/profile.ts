/** What a nemesis is out for. */
export type Profile = 'split-brain' | 'crash-recovery' | 'all';

/** The profiles, as the command line names them. */
export const PROFILES: readonly Profile[] = ['split-brain', 'crash-recovery', 'all'];

/** A kind of harm that a run has or has not (swarm testing: about half of them are off in each run). */
export type Family =
  | 'crash'
  | 'powerCut'
  | 'restart'
  | 'stop'
  | 'pause'
  | 'partition'
  | 'isolate'
  | 'cut'
  | 'reset'
  | 'refuse'
  | 'slow'
  | 'loss'
  | 'bandwidth'
  | 'slowDisk'
  | 'failSync'
  | 'fullDisk'
  | 'clock'
  | 'observerDisk'
  | 'client';

const NETWORK: readonly Family[] = [
  'pause',
  'partition',
  'isolate',
  'cut',
  'reset',
  'refuse',
  'slow',
  'loss',
  'bandwidth',
  'clock',
  'client',
];

const PROCESS: readonly Family[] = [
  'crash',
  'powerCut',
  'restart',
  'stop',
  'slowDisk',
  'failSync',
  'fullDisk',
  'observerDisk',
];

/** The families that a profile draws from. */
export const FAMILIES: { readonly [P in Profile]: readonly Family[] } = {
  'split-brain': [...NETWORK, 'crash', 'slowDisk'],
  'crash-recovery': [...PROCESS, 'reset', 'isolate', 'pause'],
  all: [...PROCESS, ...NETWORK],
};
