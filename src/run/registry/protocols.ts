import { Ballots } from '../../check/ballots.ts';
import { ConfigChanges } from '../../check/config-changes.ts';
import { HandOvers } from '../../check/hand-overs.ts';
import type { Waiver } from '../../check/history/predicate.ts';
import type { Ledger } from '../../check/ledger.ts';
import type { Accuse, EnsembleFacts, Monitor } from '../../check/monitor.ts';
import { Panel } from '../../check/panel.ts';
import { assert } from '../../core/assert.ts';
import type { Decisions } from '../../core/decisions.ts';
import type { NodeId } from '../../node/ids.ts';
import type { QuorumSystem } from '../../node/quorum.ts';
import type { Witness } from '../../sim/profile.ts';
import { INVARIANTS } from '../invariants.ts';
import type { InitialDisk, Plan } from '../plan.ts';
import type { RunningWorld } from '../running-world.ts';
import { startZab } from '../zab-world.ts';
import { startPaxos } from './paxos-world.ts';
import { type ImpossibleDisk, impossibleRaftDisks } from './raft-disks.ts';
import { startRaft } from './raft-world.ts';

/** Makes the world that runs a plan with one protocol; nothing in it has happened yet. */
export type StartWorld = (plan: Plan, decisions: Decisions, witness: Witness) => RunningWorld;

/** A protocol that scenarios may name. */
export interface RegisteredProtocol {
  readonly start: StartWorld;
  /** What the servers may keep: a counter alone, or the tree as well. */
  readonly service: 'counter' | 'any';
  /** Why they keep no tree, where they do not. */
  readonly whyCounter?: string;
  /** Which disks a scenario may lay out under `initial`: any, those without real files, or none. */
  readonly initial: 'any' | 'logs' | 'none';
  /** Which of the disks that a scenario lays out no run could have left; all are possible if absent. */
  readonly impossible?: (
    disks: ReadonlyMap<NodeId, InitialDisk>,
    quorums: QuorumSystem,
  ) => readonly ImpossibleDisk[];
  /** Invariants that the protocol does not promise, each with the reason. All others are watched over. */
  readonly exempt: ReadonlyMap<string, string>;
  /** For how many syncLimits a server may serve without having heard of its leader; for one if absent. */
  readonly patience?: number;
  /** What ZooKeeper does to its clients, and this protocol has no excuse for; nothing if absent. */
  readonly inexcusable?: readonly Waiver[];
  /** What an operator may ask its servers for (`ask`), by their words; nothing if absent. */
  readonly requests?: readonly string[];
  /** Monitors of its own, beside those of the catalogue. */
  readonly monitors?: (ensemble: EnsembleFacts, accuse: Accuse, ledger: Ledger) => readonly Monitor[];
}

const FLE_STEP = 'a step of the fast leader election, which this protocol does not have';

const NO_FLE: readonly [string, string][] = [
  ['resigned-leader-lets-go', 'nobody follows over a connection that its leader could close'],
  ['hung-follower-is-dropped', 'no leader waits for the acks of one server alone'],
  ['round-never-regresses', FLE_STEP],
  ['vote-only-improves', FLE_STEP],
  ['chosen-leader-leads', FLE_STEP],
];

const NO_SYNC = 'there is no synchronization, and no NEWLEADER';
const NO_EPOCH_FILE = 'there is no currentEpoch file: the last entry says the epoch';
const NO_LOG = 'a president has no log to begin with: a majority tells him what may be decided';

/** What does not hold, or has no meaning, where ballots decide slots. */
const BALLOTS: readonly [string, string][] = [
  ...NO_FLE,
  ['majority-commit', 'there is no log: who has voted durably, `chosen-by-quorum` counts'],
  ['no-lost-commit', `${NO_LOG}; \`chosen-stays-chosen\` judges that`],
  ['agreement', NO_LOG],
  ['primary-integrity', NO_LOG],
  ['log-keeps-up', 'there is no log: what was decided may be noted later'],
  ['disk-stays-bounded', 'nobody takes snapshots: what was decided is noted for ever'],
  ['no-bad-commit', 'what an earlier president prepared is committed by the next'],
  ...[
    'commit-consistency',
    'new-leader-ack-durable',
    'epoch-held-by-quorum',
    'history-before-epoch',
    'up-to-date-backed',
  ].map((name): [string, string] => [name, NO_SYNC]),
];

/** The same with a president, whose transactions are numbered by who prepared them. */
const PRESIDENT: readonly [string, string][] = [
  ...BALLOTS,
  ['no-bad-proposal', 'transactions have gaps between them: what a `sync` waits for takes a slot too'],
];

const NO_LEADER = 'nobody leads';

/** What does not hold where nobody leads. */
const LEADERLESS: readonly [string, string][] = [
  ...BALLOTS,
  ...['integrity', 'total-order', 'local-primary-order', 'global-primary-order'].map(
    (name): [string, string] => [name, 'decrees are numbered by slots, not by who proposed them'],
  ),
  ['elects', NO_LEADER],
  ['all-join', NO_LEADER],
  ['elections-settle', 'every decree has a ballot of its own'],
];

const NO_TREE =
  'nobody watches over sessions and puts the requests of one in order, where everybody proposes his own';

const ballots = (ensemble: EnsembleFacts, accuse: Accuse) => [new Ballots(ensemble, accuse)];

const PROTOCOLS: ReadonlyMap<string, RegisteredProtocol> = new Map<string, RegisteredProtocol>([
  ['zab', { start: startZab, service: 'any', initial: 'any', exempt: new Map() }],
  [
    'raft',
    {
      start: startRaft,
      service: 'any',
      initial: 'logs',
      impossible: impossibleRaftDisks,
      // An election timeout is drawn between one and two.
      patience: 2,
      // A read index counts once a quorum has confirmed the term (thesis §6.4).
      inexcusable: ['two-leaders', 'leader-sync'],
      requests: ['hand-over', 'add-voter', 'remove-voter'],
      monitors: (_ensemble, accuse, ledger) => [new HandOvers(accuse), new ConfigChanges(ledger, accuse)],
      exempt: new Map([
        ...NO_FLE,
        ...['new-leader-ack-durable', 'epoch-held-by-quorum', 'history-before-epoch'].map(
          (name): [string, string] => [name, NO_EPOCH_FILE],
        ),
        ['kept-snapshots-restore', 'only the newest snapshot is ever used; an older one goes after its log'],
        ['replay-equals-claim', 'a restart applies nothing that no leader says is committed'],
        ['primary-integrity', 'a leader appends its no-op before it has applied what it began with'],
      ]),
    },
  ],
  [
    'paxos',
    {
      start: startPaxos,
      service: 'any',
      initial: 'none',
      // What a sync waits for is decreed, and a majority decrees nothing for a president whom it has left.
      inexcusable: ['two-leaders', 'leader-sync'],
      exempt: new Map(PRESIDENT),
      monitors: ballots,
    },
  ],
  [
    'paxos-leaderless',
    {
      start: (plan, decisions, witness) => startPaxos(plan, decisions, witness, { mode: 'leaderless' }),
      service: 'counter',
      whyCounter: NO_TREE,
      initial: 'none',
      exempt: new Map(LEADERLESS),
      monitors: ballots,
    },
  ],
  [
    'paxos-duel',
    {
      start: (plan, decisions, witness) =>
        startPaxos(plan, decisions, witness, { mode: 'leaderless', backOff: 'fixed' }),
      service: 'counter',
      whyCounter: NO_TREE,
      initial: 'none',
      exempt: new Map(LEADERLESS),
      monitors: ballots,
    },
  ],
]);

/** What servers run where nothing else is said. */
export const DEFAULT_PROTOCOL = 'zab';

/** The names of all protocols, as a scenario says them. */
export const PROTOCOL_NAMES: readonly string[] = [...PROTOCOLS.keys()];

/** What servers may be asked for, whatever they run; one that does not know a word does nothing. */
export const REQUESTS: readonly string[] = [
  ...new Set([...PROTOCOLS.values()].flatMap(({ requests }) => requests ?? [])),
];

/** What servers that run the protocol may be asked for; nothing where it is not registered. */
export function requestsOf(name: string): readonly string[] {
  return PROTOCOLS.get(name)?.requests ?? [];
}

/** Whether servers that run the protocol may keep the tree; one that is not registered keeps a counter. */
export function keepsTrees(name: string): boolean {
  return PROTOCOLS.get(name)?.service === 'any';
}

/** The protocol of a plan: the parser lets no other name through. */
export function protocolNamed(name: string): RegisteredProtocol {
  const protocol = PROTOCOLS.get(name);
  assert(protocol !== undefined, 'a plan names a protocol that is registered');
  return protocol;
}

/** What is watched over in a run of the protocol. */
export function panelOf({ exempt, monitors }: RegisteredProtocol, ensemble: EnsembleFacts): Panel {
  if (exempt.size === 0 && monitors === undefined) return new Panel(ensemble);
  return new Panel(ensemble, {
    only: INVARIANTS.filter((name) => !exempt.has(name)),
    ...(monitors === undefined
      ? {}
      : { others: (accuse: Accuse, ledger: Ledger) => monitors(ensemble, accuse, ledger) }),
  });
}
