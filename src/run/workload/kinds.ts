/**
 * What `clients.mix` may name. Most are ZooKeeper's operations under the names of its command line and its
 * API; a few say more:
 *
 * - `create…`: the create mode; `create2` answers with the stat
 * - `check`: a multi that checks a version and writes
 * - `cas`: a setData with the version that the client saw last
 * - `syncGet`: a sync, and a read behind it
 * - `watch`: a read that leaves a watch; `addWatch`: a persistent or recursive one
 * - `move`: the connection breaks, and the session goes on at another server
 * - `moveHastily`: the same soon after a setData, which the server that is left may still pass on
 * - `close`: the session is closed, and a new one opened
 * - `multiCreate`: a multi that makes nodes of any mode; `multiChurn`: one that makes a node and a child of
 *   it, or removes both
 * - `deep`: something with a node of the third level, or with all that lies below one
 * - `quota`: hard limits of a node and all below it are set, changed, or taken away
 * - `forge`: the session goes on elsewhere, with a password that is not its own
 * - `watchChurn`: watches of several kinds at one node, and one kind of them is removed
 * - `checkWatches`: whether there is a watch of some type at a node, right behind a watch of some kind
 * - `odd`: what few clients ever ask for: malformed paths, nodes of the server's own, lists that say nothing
 *   or everything twice, multis of unusual parts; and one more identity, proven right behind a write
 * - `setIpACL`: a setACL of whoever comes from some addresses
 * - `setACLCas`: a setACL with a version; `setNull`: a setData of null, which is not the same as of nothing
 */
export const MIX_OPERATIONS = [
  'create',
  'create2',
  'createEphemeral',
  'createSequential',
  'createEphemeralSequential',
  'createContainer',
  'createTTL',
  'delete',
  'set',
  'cas',
  'setACL',
  'multi',
  'check',
  'get',
  'exists',
  'getChildren',
  'getChildren2',
  'getACL',
  'getEphemerals',
  'getAllChildrenNumber',
  'multiRead',
  'whoAmI',
  'sync',
  'syncGet',
  'watch',
  'addWatch',
  'removeWatches',
  'move',
  'close',
  'closeHastily',
  'churn',
  'moveHastily',
  'multiCreate',
  'multiChurn',
  'deep',
  'setACLCas',
  'setNull',
  'quota',
  'forge',
  'watchChurn',
  'checkWatches',
  'odd',
  'setIpACL',
] as const;

/** The name of an operation of a mix. */
export type MixOperation = (typeof MIX_OPERATIONS)[number];

/** Those that a server answers from what it has applied, and that leave nothing behind. */
export const READING: ReadonlySet<MixOperation> = new Set<MixOperation>([
  'get',
  'exists',
  'getChildren',
  'getChildren2',
  'getACL',
  'getEphemerals',
  'getAllChildrenNumber',
  'multiRead',
  'whoAmI',
]);

/** What `clients.recipe` may name. */
export const RECIPE_NAMES = [
  'lock',
  'fair-lock',
  'latch',
  'barrier',
  'queue',
  'priority-queue',
  'configuration',
  'membership',
  'discovery',
  'two-phase-commit',
  'counter',
] as const;

/** The name of a recipe. */
export type RecipeName = (typeof RECIPE_NAMES)[number];
