import { epochOf, makeZxid, type Zxid } from '../../src/core/zxid.ts';
import { type ClientMessage, NO_OP, type Origin, type Txn } from '../../src/node/content.ts';
import type { Datagrams, Env } from '../../src/node/env.ts';
import type { Fact } from '../../src/node/facts.ts';
import { NO_SESSION, type NodeId } from '../../src/node/ids.ts';
import type { Participant } from '../../src/node/protocol.ts';
import type { QuorumSystem } from '../../src/node/quorum.ts';
import type { Request, Service } from '../../src/node/service.ts';
import type { Copy, DiskRecord, Entry, Wire } from './fixed-leader-messages.ts';

/**
 * The smallest protocol that replicates: the first voter leads, for ever. It sends an entry when it has it on
 * its own disk, so that every other log is a beginning of its own; what a majority has on disk is committed.
 * While it is down, nothing is. Each of its starts is an epoch, and the first entry of an epoch says nothing:
 * when that is committed, so is all that is older.
 */
export function fixedLeader(
  env: Env<Wire, DiskRecord, Fact> & Datagrams<Wire>,
  { machine, frontend: frontendFor }: Service,
  quorums: QuorumSystem,
  members: readonly NodeId[],
): Participant<Wire> {
  const { self } = env;
  const leader = quorums.voters[0] as NodeId;
  const log: Entry[] = [];
  /** How many entries each voter has on its disk, and how many this server has applied. */
  const durable = new Map<NodeId, number>();
  let applied = 0;
  let joined = false;
  const then = new Map<number, () => void>();
  let epoch = 0;
  const at = (count: number): Zxid => log[count - 1]?.position ?? makeZxid(0, 0);
  const nothing = (): void => undefined;
  const submit = (request: Request): void =>
    propose(request.origin, (zxid, timeMs) => machine.prepare(request, 0, zxid, timeMs));
  const vote = () => ({ server: self, leader, zxid: at(log.length), peerEpoch: epoch, electionEpoch: epoch });
  const frontend = frontendFor({
    ...{ self, now: () => env.now(), wallMs: () => env.wallMs(), report: (fact) => env.report(fact) },
    ...{ send: (link, message) => env.send(link, message), close: (link) => env.close(link) },
    ...{ submit, ordersBarriers: true, barrier: nothing, consult: nothing, lastApplied: () => at(applied) },
    ...{ setTimer: nothing, cancelTimer: nothing, wake: nothing },
  });

  /** What the last process left is synced before anything is said of it. */
  function start(): void {
    for (const record of env.read('log.1')) if (record.kind === 'txn') log.push(record as Entry);
    env.truncate('log.1', log.length);
    const [zxid, state] = [at(0), machine.digest()];
    env.report({ kind: 'recovered', server: self, snapshot: zxid, zxid, records: 0, state });
    env.report({ kind: 'looking', ...vote() });
    sync('log.1', self === leader ? lead : nothing);
  }

  function lead(): void {
    epoch = (env.read('promise').at(-1)?.position ?? 0) + 1;
    env.replace('promise', { kind: 'epoch', position: epoch, digest: epoch });
    sync('promise', () => {
      env.report({ kind: 'leader-elected', ...vote(), settled: false });
      env.report({ kind: 'leader-synchronizing', server: self, epoch, zxid: at(log.length) });
      propose({ session: NO_SESSION, cxid: 0 }, () => NO_OP);
      send();
    });
  }

  function sync(file: string, next: () => void): void {
    const count = log.length;
    then.set(env.sync(file), () => {
      durable.set(self, count);
      next();
    });
  }

  function propose(origin: Origin, prepare: (zxid: Zxid, timeMs: number) => Txn): void {
    const [position, timeMs] = [makeZxid(epoch, log.length + 1), env.wallMs()];
    const txn = prepare(position, timeMs);
    const { digest } = txn;
    const record: Entry = { kind: 'txn', position, digest, ...origin, timeMs, txn };
    env.report({ kind: 'txn-proposed', server: self, zxid: position, digest, record });
    append([record]);
  }

  function append(entries: readonly Entry[]): void {
    for (const entry of entries) env.append('log.1', entry);
    log.push(...entries);
    const zxid = at(log.length);
    sync('log.1', () => {
      if (quorums.isVoter(self)) env.report({ kind: 'txn-acked', server: self, leader, zxid });
      if (self === leader) commit();
      else answer();
    });
  }

  /** Messages get lost: what a member is not known to have is sent again, every 20 ms. */
  function send(): void {
    env.setTimer('again', 20_000);
    for (const to of members) {
      if (to === leader) continue;
      const has = durable.get(to) ?? 0;
      const copy = log.slice(has, Math.min(has + 100, durable.get(self) ?? 0));
      env.post(to, { kind: 'copy', from: has + 1, copy, count: applied, epoch });
    }
  }

  function answer(): void {
    env.post(leader, { kind: 'copy', from: 0, copy: [], count: durable.get(self) ?? 0, epoch });
  }

  function onCopy(sender: NodeId, { from, copy, count, epoch: theirs }: Copy): void {
    if (self === leader) {
      if (theirs === epoch) durable.set(sender, count);
      commit();
    } else if (durable.has(self) && theirs >= epoch) {
      if (theirs > epoch) follow(theirs);
      const fresh = from > log.length + 1 ? [] : copy.slice(log.length + 1 - from);
      if (fresh.length > 0) append(fresh);
      else answer();
      apply(Math.min(count, log.length));
    }
  }

  /** It hears of a start of its leader. */
  function follow(theirs: number): void {
    if (joined) env.report({ kind: 'leader-left', server: self, leader, because: 'it has started again' });
    [joined, epoch] = [false, theirs];
    env.report({ kind: 'leader-followed', ...vote(), settled: true });
  }

  function commit(): void {
    let most = applied;
    for (let next = applied + 1; next <= (durable.get(leader) ?? 0); next++) {
      const tally = quorums.tally();
      for (const [voter, count] of durable) if (count >= next) tally.add(voter);
      if (tally.hasQuorum() && epochOf(at(next)) === epoch) most = next;
    }
    if (most === applied) return;
    apply(most);
    send();
  }

  function apply(count: number): void {
    while (applied < count) {
      const entry = log[applied++] as Entry;
      const { position: zxid, digest, txn } = entry;
      if (epochOf(zxid) === epoch && !joined) serve(zxid);
      if (epochOf(zxid) === epoch && self === leader)
        env.report({ kind: 'txn-committed', server: self, zxid });
      const result = txn.kind === NO_OP.kind ? undefined : machine.apply(txn, zxid);
      env.report({ kind: 'txn-applied', server: self, zxid, digest, state: machine.digest() });
      if (result !== undefined) frontend.applied(entry, result, zxid);
    }
  }

  /** The first entry of the epoch is committed. The leader alone has clients. */
  function serve(zxid: Zxid): void {
    joined = true;
    if (self !== leader) {
      env.report({ kind: 'follower-synced', server: self, leader, epoch, zxid });
      return;
    }
    env.report({ kind: 'leader-established', server: self, epoch });
    env.listen('client');
    frontend.open('leading');
  }

  return {
    handle: (event) => {
      if (event.kind === 'started') start();
      else if (event.kind === 'posted') onCopy(event.from, event.message as Copy);
      else if (event.kind === 'synced') then.get(event.ticket)?.();
      else if (event.kind === 'failed') env.exit('the disk cannot be written');
      else if (event.kind === 'timer') send();
      else if (event.kind === 'opened') frontend.accept(event.link);
      else if (event.kind === 'received') frontend.receive(event.link, event.message as ClientMessage);
      else if (event.kind === 'closed') frontend.disconnected(event.link, event.reason);
    },
    inspect: () => {
      const follows = quorums.isVoter(self) ? 'following' : 'observing';
      const state = !joined ? 'looking' : self === leader ? 'leading' : follows;
      const [lastZxid, lastCommitted] = [at(log.length), at(applied)];
      return { state, acceptedEpoch: epoch, currentEpoch: epoch, lastZxid, lastCommitted };
    },
  };
}
