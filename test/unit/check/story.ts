import type { EnsembleFacts, Violation } from '../../../src/check/monitor.ts';
import { Panel, type PanelOptions } from '../../../src/check/panel.ts';
import { makeZxid, type Zxid } from '../../../src/core/zxid.ts';
import type { TraceEvent } from '../../../src/node/facts.ts';
import { NO_SESSION, type NodeId } from '../../../src/node/ids.ts';
import { majority } from '../../../src/node/quorum.ts';

/** Any event, with plain numbers where the code has brands. */
export type Told = { readonly kind: TraceEvent['kind'] } & Readonly<Record<string, unknown>>;

/** ⟨epoch, counter⟩. */
export const z = makeZxid;

/** The content that belongs to a zxid in these stories. */
export const digestOf = (zxid: number): number => (zxid % 1_000_003) + 7;

/** The state after it. */
export const stateOf = (zxid: number): number => (zxid % 999_983) + 11;

export const TICK_US = 2_000_000;

/**
 * Testimony, told step by step to a whole panel. Each method tells one legal step of the protocol in its
 * legal order; a story that goes wrong tells the wrong event by `tell`.
 */
export class Story {
  readonly panel: Panel;
  readonly voters: readonly number[];
  readonly servers: readonly number[];
  atUs = 0;
  #event = 0;
  readonly #incarnations = new Map<number, number>();
  /** By server: the log file it appends to, and the number of records in it. */
  readonly #files = new Map<number, { name: string; count: number }>();

  constructor(
    voters: number,
    observers = 0,
    only?: readonly string[],
    latenessUs = 0,
    others?: PanelOptions['others'],
    facts: Partial<EnsembleFacts> = {},
  ) {
    this.voters = Array.from({ length: voters }, (_, i) => i + 1);
    this.servers = Array.from({ length: voters + observers }, (_, i) => i + 1);
    const ensemble = {
      quorums: majority(this.voters as NodeId[]),
      servers: this.servers as NodeId[],
      observers: this.servers.slice(voters) as NodeId[],
      tickTimeUs: TICK_US,
      initLimit: 10,
      syncLimit: 5,
      latenessUs,
      ...facts,
    };
    this.panel = new Panel(ensemble, {
      ...(only === undefined ? {} : { only }),
      ...(others === undefined ? {} : { others }),
    });
  }

  tell(...events: readonly Told[]): this {
    for (const event of events) {
      this.atUs += 10;
      this.panel.observe(event as unknown as TraceEvent, { atUs: this.atUs, event: ++this.#event });
    }
    return this;
  }

  wait(ticks: number): this {
    this.atUs += ticks * TICK_US;
    return this;
  }

  /** What was on the disk before the first start. */
  found(server: number, accepted: number, current: number, ...zxids: readonly Zxid[]): this {
    this.tell({
      kind: 'found',
      server,
      file: 'acceptedEpoch',
      record: 'epoch',
      position: accepted,
      digest: 0,
    });
    this.tell({ kind: 'synced', server, file: 'acceptedEpoch', count: 1 });
    this.tell({ kind: 'found', server, file: 'currentEpoch', record: 'epoch', position: current, digest: 0 });
    this.tell({ kind: 'synced', server, file: 'currentEpoch', count: 1 });
    for (const zxid of zxids) this.#record('found', server, zxid);
    if (zxids.length > 0) this.sync(server);
    return this;
  }

  /** A process starts and restores up to `zxid`. */
  start(server: number, zxid: number = 0, snapshot = 0): this {
    const incarnation = (this.#incarnations.get(server) ?? 0) + 1;
    this.#incarnations.set(server, incarnation);
    this.tell({ kind: 'restarted', server, incarnation });
    return this.recovered(server, zxid, snapshot);
  }

  recovered(server: number, zxid: number, snapshot = 0): this {
    return this.tell({ kind: 'recovered', server, snapshot, zxid, records: 0, state: stateOf(zxid) });
  }

  crash(server: number, how = 'crash', reason = ''): this {
    return this.tell({ kind: 'crashed', server, how, reason });
  }

  #record(kind: 'found' | 'appended', server: number, zxid: number, digest = digestOf(zxid)): void {
    let file = this.#files.get(server);
    if (file === undefined) {
      file = { name: `log.${zxid.toString(16)}`, count: 0 };
      this.#files.set(server, file);
    }
    file.count++;
    this.tell({ kind, server, file: file.name, record: 'txn', position: zxid, digest });
  }

  append(server: number, zxid: number, digest = digestOf(zxid)): this {
    this.#record('appended', server, zxid, digest);
    return this;
  }

  sync(server: number): this {
    const file = this.#files.get(server);
    if (file === undefined) throw new Error('nothing was appended');
    return this.tell({ kind: 'synced', server, file: file.name, count: file.count });
  }

  log(server: number, ...zxids: readonly number[]): this {
    for (const zxid of zxids) this.append(server, zxid);
    return this.sync(server);
  }

  /** Keeps `count` records of the log; `durable` when the cut is synced. */
  cut(server: number, count: number, durable = true): this {
    const file = this.#files.get(server);
    if (file === undefined) throw new Error('nothing was appended');
    file.count = count;
    this.tell({ kind: 'truncated', server, file: file.name, count });
    return durable ? this.sync(server) : this;
  }

  /** The log of the server begins a new file with its next record. */
  roll(server: number): this {
    this.#files.delete(server);
    return this;
  }

  /** The name of the log file in use. */
  file(server: number): string {
    return this.#files.get(server)?.name ?? '';
  }

  snapshot(server: number, zxid: number): this {
    const file = `snapshot.${zxid.toString(16)}`;
    return this.tell(
      { kind: 'appended', server, file, record: 'chunk', position: zxid, digest: 1 },
      { kind: 'appended', server, file, record: 'seal', position: zxid, digest: 1 },
      { kind: 'synced', server, file, count: 2 },
      { kind: 'snapshot-taken', server, zxid },
    );
  }

  epochFile(server: number, file: 'acceptedEpoch' | 'currentEpoch', epoch: number): this {
    return this.tell(
      { kind: 'replaced', server, file, record: 'epoch', position: epoch, digest: epoch },
      { kind: 'synced', server, file, count: 1 },
    );
  }

  looking(server: number, round: number, zxid: number, peerEpoch: number): this {
    return this.tell({ kind: 'looking', server, electionEpoch: round, leader: server, zxid, peerEpoch });
  }

  vote(server: number, round: number, leader: number, zxid: number, peerEpoch: number): this {
    return this.tell({ kind: 'vote-changed', server, electionEpoch: round, leader, zxid, peerEpoch });
  }

  decided(
    server: number,
    round: number,
    leader: number,
    zxid: number,
    peerEpoch: number,
    settled = false,
  ): this {
    const kind = server === leader ? 'leader-elected' : 'leader-followed';
    return this.tell({ kind, server, electionEpoch: round, leader, zxid, peerEpoch, settled });
  }

  /** A round that `leader` wins among `others`, all with the same history. */
  elect(round: number, leader: number, others: readonly number[], zxid: number, peerEpoch: number): this {
    for (const sid of [leader, ...others]) this.looking(sid, round, zxid, peerEpoch);
    for (const sid of others) {
      if (sid < leader) this.vote(sid, round, leader, zxid, peerEpoch);
    }
    for (const sid of [leader, ...others]) this.decided(sid, round, leader, zxid, peerEpoch);
    return this;
  }

  /** The leader offers the epoch, and the others ack it. */
  discover(
    epoch: number,
    leader: number,
    others: readonly number[],
    zxid: number,
    currentEpoch: number,
  ): this {
    this.epochFile(leader, 'acceptedEpoch', epoch);
    this.tell(
      { kind: 'epoch-accepted', server: leader, epoch },
      { kind: 'epoch-offered', server: leader, epoch },
    );
    for (const sid of others) this.promise(epoch, leader, sid, zxid, currentEpoch);
    this.tell({ kind: 'leader-synchronizing', server: leader, epoch, zxid });
    return this;
  }

  promise(epoch: number, leader: number, sid: number, zxid: number, currentEpoch: number): this {
    this.epochFile(sid, 'acceptedEpoch', epoch);
    return this.tell(
      { kind: 'epoch-accepted', server: sid, epoch },
      { kind: 'epoch-acked', server: sid, leader, epoch, currentEpoch, lastZxid: zxid },
    );
  }

  /** NEWLEADER is acked: currentEpoch first. */
  join(epoch: number, leader: number, sid: number): this {
    this.epochFile(sid, 'currentEpoch', epoch);
    return this.tell(
      { kind: 'epoch-adopted', server: sid, epoch },
      { kind: 'new-leader-acked', server: sid, leader, epoch },
    );
  }

  upToDate(epoch: number, leader: number, sid: number, zxid: number): this {
    return this.tell(
      { kind: 'up-to-date-sent', server: leader, learner: sid, epoch },
      { kind: 'follower-synced', server: sid, leader, epoch, zxid },
    );
  }

  /** From discovery to service, with nothing to bring up to date. */
  lead(epoch: number, leader: number, others: readonly number[], zxid: number, currentEpoch: number): this {
    this.discover(epoch, leader, others, zxid, currentEpoch);
    for (const sid of [leader, ...others]) this.join(epoch, leader, sid);
    this.tell({ kind: 'leader-established', server: leader, epoch });
    for (const sid of others) this.upToDate(epoch, leader, sid, zxid);
    return this;
  }

  propose(leader: number, zxid: number): this {
    const digest = digestOf(zxid);
    const record = { session: NO_SESSION, cxid: 0, timeMs: 0, txn: { kind: 'set', digest } };
    return this.tell({ kind: 'txn-proposed', server: leader, zxid, digest, record });
  }

  ack(leader: number, sid: number, zxid: number): this {
    return this.tell({ kind: 'txn-acked', server: sid, leader, zxid });
  }

  commit(leader: number, zxid: number): this {
    return this.tell({ kind: 'txn-committed', server: leader, zxid });
  }

  apply(server: number, zxid: number, state = stateOf(zxid)): this {
    return this.tell({ kind: 'txn-applied', server, zxid, digest: digestOf(zxid), state });
  }

  /** A write from proposal to delivery at the leader and `others`. */
  write(leader: number, others: readonly number[], zxid: number): this {
    this.propose(leader, zxid);
    for (const sid of [leader, ...others]) this.log(sid, zxid).ack(leader, sid, zxid);
    this.commit(leader, zxid);
    for (const sid of [leader, ...others]) this.apply(sid, zxid);
    return this;
  }

  /** All start with empty disks; the highest leads epoch 1. */
  static running(
    voters = 3,
    observers = 0,
    latenessUs = 0,
    others?: PanelOptions['others'],
    facts: Partial<EnsembleFacts> = {},
  ): Story {
    const story = new Story(voters, observers, undefined, latenessUs, others, facts);
    for (const sid of story.servers) {
      story.start(sid).epochFile(sid, 'currentEpoch', 0).epochFile(sid, 'acceptedEpoch', 0);
    }
    const followers = story.voters.slice(0, -1);
    return story.elect(1, voters, followers, 0, 0).lead(1, voters, followers, 0, 0);
  }

  finish(): readonly Violation[] {
    this.panel.finish(this.atUs);
    return this.panel.violations;
  }

  /** The names of the broken invariants, each once, ascending. */
  broken(): readonly string[] {
    return [...new Set(this.finish().map((violation) => violation.invariant))].sort((a, b) =>
      a < b ? -1 : 1,
    );
  }
}
