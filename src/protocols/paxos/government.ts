import type { Zxid } from '../../core/zxid.ts';
import type { NodeId } from '../../node/ids.ts';
import type { NodeView } from '../../node/protocol.ts';
import type { Frontend, Gateway, StateMachine } from '../../node/service.ts';
import type { ClientPort } from './client-port.ts';
import type { PaxosMessage, Value } from './messages.ts';
import type { Proposer, ProposerHost } from './proposer.ts';
import type { Voter } from './voter.ts';

/** What clients, and the decrees, ask of the server: its gateway but what every server's is alike. */
export type Requests = Pick<Gateway, 'submit' | 'barrier' | 'consult' | 'lastApplied'>;

/** The server, as whoever governs it sees it. */
export interface GovernmentHost extends ProposerHost {
  readonly machine: StateMachine;
  readonly frontend: Frontend;
  readonly port: ClientPort;
  readonly proposer: Proposer;
  readonly voter: Voter;
  /** Whether this server votes. */
  readonly votes: boolean;
  /** The highest ballot heard of. */
  readonly highest: number;
  /** A ballot was heard of, which may be higher than the own. */
  heardOf(ballot: number): void;
  /** Asks a server for the decrees that are missing here. */
  ask(from: NodeId): void;
  /** Tells everybody of a decree. */
  tell(slot: number, value: Value): void;
  /** Tells everybody that this server is there, and which round of touches it has heard of each. */
  greet(ballot: number, roundOf: (member: NodeId) => number): void;
  reportVote(kind: 'looking' | 'vote-changed', leader: NodeId, ballot: number): void;
}

/** Who may propose, and what decrees say: with a president, or without one. */
export interface Government extends Requests {
  view(): Pick<NodeView, 'state' | 'currentEpoch' | 'lastCommitted'> & { readonly lastZxid: Zxid };
  /** What was written down is read. */
  start(): void;
  /** This server counted a majority of votes for the decree; there may be a gap before it. */
  counted(slot: number, value: Value): void;
  /** The next decree; `counted`: this server counted the votes for it. */
  apply(slot: number, value: Value, counted: boolean): void;
  /** A decree is about to be learned from somebody else. */
  told(slot: number, value: Value): void;
  /** Something was decided, or learned. */
  settled(): void;
  /** A ballot is about. */
  heardOf(ballot: number): void;
  /** A server answered in the own ballot. */
  answered(from: NodeId): void;
  /** A majority promised the own ballot. */
  elected(ballot: number): void;
  /** All that was open before is decided. */
  established(ballot: number): void;
  /** A higher ballot took over. */
  overtaken(presided: boolean): void;
  posted(from: NodeId, message: PaxosMessage): void;
  /** Every half tick. */
  tick(): void;
  timer(timer: string): void;
}
