import type { Datagrams, Env } from '../../node/env.ts';
import type { Fact } from '../../node/facts.ts';
import type { Participant } from '../../node/protocol.ts';
import type { Service } from '../../node/service.ts';
import type { PaxosConfig } from './config.ts';
import { Legislator } from './legislator.ts';
import type { DiskRecord, WireMessage } from './messages.ts';

/**
 * Paxos, over messages that may vanish, double and overtake each other. Source: Lamport, "The Part-Time
 * Parliament" (1998) and "Paxos Made Simple" (2001).  Any number of ballots may be held on a decree, and a
 * majority's votes in one of them decide it. Two rules keep a second ballot from deciding otherwise. A
 * voter that has promised a ballot never votes in a lower one; and a proposer, once a majority has
 * promised, proposes the value of the highest vote that any of them gave, if any gave one. Since two
 * majorities share a member, a proposer hears of whatever may have been decided. Nobody needs to lead; but
 * two that always overtake each other decide nothing, so one presides, or each waits at random.  Here every
 * slot of a ledger is a decree, and one ballot covers all slots: phase 1 is done once by a new president.
 * What a president's decree holds is a transaction that he has prepared; what that asks for beyond Paxos is
 * in `transactions.ts`. Without a president a decree holds a request. What is told of a server is told in the
 * words of all protocols here: a ballot is an epoch; the position of a president's transaction is ⟨ballot,
 * slot⟩, that of another decree the number of its slot.
 */
export function createLegislator(
  config: PaxosConfig,
  env: Env<WireMessage, DiskRecord, Fact> & Datagrams<WireMessage>,
  service: Service,
): Participant<WireMessage> {
  return new Legislator(config, env, service);
}
