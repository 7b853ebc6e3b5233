/** The protocols that are compared with each other, in their order. */
export const COMPARED: readonly string[] = ['zab', 'raft', 'paxos'];

/** Protocols without a leader whose proposers duel, and how long those wait that were overtaken. */
export const DUELLISTS: readonly { readonly protocol: string; readonly backOff: string }[] = [
  { protocol: 'paxos-duel', backOff: 'fixed' },
  { protocol: 'paxos-leaderless', backOff: 'random' },
];

/** How a protocol answers reads, as it is built here. */
export interface ReadBehaviour {
  readonly protocol: string;
  /** A read of the server that the client is connected to. */
  readonly plain: string;
  /** A read that must not be older than what was acknowledged before it was asked for. */
  readonly fresh: string;
  /** What the second rests on. */
  readonly restsOn: string;
}

/** By protocol. */
export const READ_BEHAVIOURS: readonly ReadBehaviour[] = [
  {
    protocol: 'zab',
    plain: 'from the own tree; may be old, by syncLimit ticks at most once a majority has moved on',
    fresh: '`sync`, answered by the leader behind its pending proposals, then the read',
    restsOn: 'a leader that was deposed and has not noticed yet may still answer `sync` (ZOOKEEPER-2136)',
  },
  {
    protocol: 'raft',
    plain: 'from the own state; may be old',
    fresh: '`sync`, answered with the read index (thesis §6.4), then the read',
    restsOn: 'a majority that confirms the term: no clock, no lease',
  },
  {
    protocol: 'paxos',
    plain: 'from the own ledger; may be old',
    fresh: '`sync`, for which the president has a decree passed that changes nothing, then the read',
    restsOn: 'a majority that votes: nothing else is needed',
  },
];

/** Why the figures differ, for a reader of the tables. */
export const WHY_THEY_DIFFER =
  'A write costs its client the same in all three: the round trip to its server and one from the ' +
  'leader to a majority, with an fsync on either side of it; and one more, to the leader and back, ' +
  'for a client of another server. The messages differ by how the others learn of the commit. ZAB ' +
  'and a president of Paxos send one for it, so that a write takes three for each follower. Raft ' +
  'says it with the next append; a leader that has nothing else to append sends one without entries, ' +
  'which is answered like any other: four for each follower. Load changes little in that, since all ' +
  'three send each entry as it comes; what it changes are the fsyncs, of which one covers all that ' +
  'has piled up. A leader that crashes is missed at once where there are connections, for they ' +
  'break. A server of Raft then waits for half a tick at most, asks, and has won with the last vote ' +
  'of a majority, for only a log that is not behind gets votes. In ZAB all look at the same time, ' +
  'and whoever has a majority waits another 200 ms for a better vote (finalizeWait), so that the ' +
  'best log leads; the others then dial it, again after 100 ms if it did not listen yet, and are ' +
  'brought up to date before it serves. Paxos works over single messages: nothing breaks, and only ' +
  'silence tells, so that a crash costs as much as a cut. When a leader is cut off, nobody can do ' +
  'better than wait: ZAB for syncLimit ticks, Raft and Paxos at random for as long to twice as long, ' +
  'lest two stand at once, which is why their ensembles also take a second to start; with more ' +
  'members the shortest of the waits gets shorter. A president of Paxos need not have the newest ' +
  'ledger: he asks a majority for what it has voted on, proposes that anew, and behind it a decree ' +
  'of his own, which ends what earlier ones have prepared, as the first entry of a leader of Raft ' +
  'does. What clients notice lasts longer than what servers need, for servers that lose their leader ' +
  'drop their clients: they have to connect again, and some try the leader that was cut off first. A ' +
  'plain read is alike in all three, and asks nobody: it is old where the commit that its server has ' +
  'yet to hear of overtook it by way of another client. What makes it current differs. ' +
  "ZAB's leader answers from what it knows, at once, and would do so if another had replaced it a " +
  'moment ago; that of Raft asks a majority whether it still leads, without a disk; the president of ' +
  'Paxos passes a decree that changes nothing, which takes as long and as many messages as a write, ' +
  'and an fsync of a majority.';
