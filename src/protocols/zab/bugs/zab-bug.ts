import type { Bug } from '../../../node/bug.ts';
import type { ZabRules } from '../rules.ts';

/** A bug of the protocol. */
export type ZabBug = Bug<ZabRules>;
