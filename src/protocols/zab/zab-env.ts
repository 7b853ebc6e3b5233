import type { Env } from '../../node/env.ts';
import type { Fact } from '../../node/facts.ts';
import type { DiskRecord, WireMessage } from './messages.ts';

/** What a ZAB server may do. */
export type ZabEnv = Env<WireMessage, DiskRecord, Fact>;
