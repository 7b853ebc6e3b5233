import type { RecipeName } from '../kinds.ts';
import type { Script } from '../script.ts';
import { barrier } from './barrier.ts';
import { configuration } from './configuration.ts';
import { counter } from './counter.ts';
import { fairLock, latch } from './fair-lock.ts';
import { lock } from './lock.ts';
import { discovery, membership } from './membership.ts';
import { priorityQueue, queue } from './queue.ts';
import type { Tools } from './tools.ts';
import { twoPhaseCommit } from './two-phase-commit.ts';

/** The recipes by their names: what a client does in one session. Source: ZooKeeper's recipes page. */
export const RECIPES: Readonly<Record<RecipeName, (tools: Tools) => Script>> = {
  lock,
  'fair-lock': fairLock,
  latch,
  barrier,
  queue,
  'priority-queue': priorityQueue,
  configuration,
  membership,
  discovery,
  'two-phase-commit': twoPhaseCommit,
  counter,
};
