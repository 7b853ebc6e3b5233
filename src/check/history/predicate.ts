/** What a history is checked for, by its number; `lin` is the search that trusts no zxid. */
export const PREDICATES = {
  K1: 'writes are linearizable',
  K2: 'a session’s writes are committed in the order in which it issued them',
  K3: 'a connection is answered in order',
  K4: 'a client never sees an older state than it has seen',
  K4w: 'a server admits a client only if it has seen as much',
  K5: 'a read answers from the state of its zxid',
  K6: 'a write answers from the state before its zxid',
  K7: 'a multi is one step',
  K8: 'what was acknowledged stays',
  K9: 'a read is not older than the bound',
  K10: 'a client hears of a change before it sees it',
  K11: 'every watch that is due fires once',
  K12: 'no event without a cause',
  K13: 'an ephemeral lives as long as its session',
  K14: 'a session expires neither early nor late',
  K15: 'after sync a read is fresh',
  K16: 'a write on a newer connection seals the older ones',
  K17: 'a healed ensemble serves and agrees',
  lin: 'writes and reads behind a barrier are linearizable, whatever their zxids say',
  recipe: 'a recipe keeps its promise',
} as const;

/** The number of a guarantee. */
export type Predicate = keyof typeof PREDICATES;

/**
 * What real ZooKeeper does although the guarantee reads otherwise. W1 to W6 concern K6 (W5 also K5);
 * `leader-sync` and `two-leaders` K15, `server-return` (A→B→A) K2 and K16, `local-sessions` K1, K2, K13 and
 * K16, `event-only` K4, `unshipped-touches` K14, `paused-holder` the exclusive recipes.
 */
export const WAIVERS = {
  W1: 'NOTEMPTY while the close of a child’s session was not yet applied at the leader',
  W2: 'the parent’s counter ran over',
  W3: 'a quota is judged on what is applied',
  W4: 'a setACL of the root under way is not seen by a create below it',
  W5: 'a server writes the configuration and quota znodes itself',
  W6: 'the reaper of containers and TTL nodes does not see a change under way',
  'leader-sync': 'sync is no barrier on a connection to the leader',
  'two-leaders': 'a leader that is replaced and does not know it still answers sync',
  'server-return': 'a request that was queued in a server goes on when its session comes back there',
  'local-sessions': 'with local sessions, a leader takes one that it closed for one of another server',
  'event-only': 'what was seen in an event alone is not remembered across connections',
  'unshipped-touches': 'a learner that was cut off could not pass on that the client lived',
  'paused-holder': 'a holder whose session has ended does not know it yet',
} as const;

/** The name of an exception. */
export type Waiver = keyof typeof WAIVERS;
