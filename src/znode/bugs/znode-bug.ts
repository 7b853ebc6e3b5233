import type { Bug } from '../../node/bug.ts';
import type { ZnodeRules } from '../rules.ts';

/** A bug of the tree or of its sessions. */
export type ZnodeBug = Bug<ZnodeRules>;
