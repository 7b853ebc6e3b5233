import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Zxid } from '../../../src/core/zxid.ts';
import { realReply } from '../../../src/run/bytes/tree-replies.ts';
import { realRequest } from '../../../src/run/bytes/tree-requests.ts';
import { XIDS } from '../../../src/wire/client-packets.ts';
import type { RequestBody } from '../../../src/wire/client-requests.ts';
import {
  type Auth,
  EVENT_TYPES,
  type Reply,
  XID_AUTH,
  XID_SET_WATCHES,
} from '../../../src/znode/client-messages.ts';
import { ERRORS } from '../../../src/znode/errors.ts';
import type { Operation } from '../../../src/znode/requests.ts';
import { ServiceBench, type Wire } from '../../unit/znode/service-bench.ts';
import { randomSteps, type Step } from './random-requests.ts';
import { type Answer, RealClient } from './real-client.ts';
import { emptyDataDirs, INSTALLED, type RealServer, startEnsemble } from './real-servers.ts';

/*
 * Three clients ask a real ensemble and a simulated one the same, one after the other: errors, zxids, stats,
 * paths, data and watch events are the same.
 */

const NEVER_MS = 100_000_000;

/** Where the clients are: two share a follower, the third is at the leader. */
const SERVERS = [1, 1, 3];

/** What an ensemble answers to one step, and the watch events that came with it, by client. */
interface Heard {
  readonly answer: unknown;
  readonly events: readonly (readonly string[])[];
}

/** What does not depend on clocks, on sessions' numbers, or on the order of a server's own sets. */
function comparable(value: unknown, sessions: readonly bigint[], key = ''): unknown {
  if (key === 'ctime' || key === 'mtime') return 'a time';
  if (key === 'ephemeralOwner') return value === 0n ? 'nobody' : sessions.indexOf(value as bigint);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, sessions, key));
    return key === 'children' || key === 'ephemerals' ? items.sort() : items;
  }
  if (value === null || typeof value !== 'object') return value;
  const { kind, ...fields } = value as { kind?: string };
  const entries = Object.entries(fields).map(([name, field]) => [name, comparable(field, sessions, name)]);
  // In a multi 3.8.0 makes a create of create2, whose answer has no stat (ZOOKEEPER-4026).
  if (key === 'part' && kind === 'create2') return { path: (value as { path?: string }).path };
  return Object.fromEntries(entries);
}

/** The answers' parts under a name of their own. */
function partsNamed(body: object): object {
  return 'parts' in body
    ? {
        ...body,
        parts: (body.parts as { body: object; err: number }[]).map(({ err, body: part }) => ({ err, part })),
      }
    : body;
}

const SYNC = realRequest({ kind: 'sync', path: '/' }).body;

class RealSide {
  readonly #ports: readonly number[];
  readonly clients: RealClient[] = [];
  readonly sessions: bigint[] = [];

  constructor(servers: readonly RealServer[]) {
    this.#ports = SERVERS.map((server) => servers[server - 1]?.clientPort ?? 0);
  }

  async open(client: number): Promise<void> {
    const opened = await RealClient.open(this.#ports[client] ?? 0);
    this.clients[client] = opened;
    this.sessions.push(opened.session);
  }

  async take({ client, does }: Step): Promise<Heard> {
    const own = this.clients[client] as RealClient;
    const { err, zxid, body } = await this.#ask(own, does);
    // Behind a sync each server has what this one has, and its client every event of it.
    for (const each of this.clients) if (each !== own || does.kind !== 'closeSession') await each.ask(SYNC);
    const events = this.clients.map((each) => each.events.splice(0));
    const answer = comparable({ err, zxid, body: partsNamed(body) }, this.sessions);
    if (does.kind === 'closeSession') {
      own.close();
      await this.open(client);
    }
    return { answer, events };
  }

  #ask(client: RealClient, does: Operation | Auth): Promise<Answer> {
    if (does.kind !== 'auth') {
      return client.ask(realRequest(does).body, does.kind === 'setWatches' ? XIDS.setWatches : undefined);
    }
    const auth: RequestBody = {
      kind: 'auth',
      type: 0,
      scheme: does.scheme,
      auth: new TextEncoder().encode(does.auth),
    };
    return client.ask(auth, XIDS.auth);
  }
}

class SimulatedSide {
  readonly #bench = new ServiceBench({
    extendedTypes: true,
    maxSessionTimeoutMs: NEVER_MS,
    reaper: { checkIntervalMs: NEVER_MS, maxNeverUsedMs: 0, maxPerMinute: 1 },
  });
  readonly wires: Wire[] = [];
  readonly sessions: bigint[] = [];
  readonly #seen: number[] = [];

  open(client: number): void {
    const wire = this.#bench.join(SERVERS[client] ?? 0, { address: '127.0.0.1', timeoutMs: NEVER_MS });
    this.wires[client] = wire;
    this.#seen[client] = wire.got.length;
    this.sessions.push(BigInt.asIntN(64, BigInt(`0x${wire.session.session}`)));
  }

  take({ client, does }: Step): Heard {
    const wire = this.wires[client] as Wire;
    const own = does.kind === 'auth' ? XID_AUTH : does.kind === 'setWatches' ? XID_SET_WATCHES : undefined;
    const from = wire.got.length;
    const xid = wire.ask(does, own);
    this.#bench.run(100);
    const reply = wire.got.slice(from).find((m): m is Reply => m.kind === 'reply' && m.xid === xid);
    const { err = ERRORS.SYSTEMERROR, zxid = 0, result } = reply ?? {};
    const body = realReply(does, err, result);
    const events = this.wires.map(({ got }, i) => {
      const fresh = got.slice(this.#seen[i]).filter((m) => m.kind === 'event');
      this.#seen[i] = got.length;
      return fresh.map(({ type, path }) => `${EVENT_TYPES[type]} ${path}`);
    });
    const answer = comparable({ err, zxid: BigInt(zxid), body: partsNamed(body) }, this.sessions);
    if (does.kind === 'closeSession') {
      wire.hangUp();
      this.#bench.run(50);
      this.open(client);
    }
    return { answer, events };
  }
}

/** Now and then a server of ZooKeeper on a busy machine leaves a sync without an answer: all begins anew. */
const PATIENT = { retry: 2, timeout: 60_000 };

describe.skipIf(!INSTALLED).each([1, 2])('random requests, seed %i', (seed) => {
  let folder = '';
  let servers: RealServer[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'zabsim-answers-'));
    const properties = [`znode.container.checkIntervalMs=${NEVER_MS}`];
    servers = await startEnsemble(folder, emptyDataDirs(folder, 3), () => ({ properties }));
    for (const server of servers) await server.mode();
  });

  afterEach(async () => {
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('are answered by real servers as by simulated ones', PATIENT, async () => {
    const real = new RealSide(servers);
    const simulated = new SimulatedSide();
    for (const client of SERVERS.keys()) {
      await real.open(client);
      simulated.open(client);
    }
    const FIRST = 0x100000003;
    for (const [i, step] of randomSteps(seed, 400).entries()) {
      const { does } = step;
      const present =
        does.kind === 'setWatches'
          ? { ...step, does: { ...does, since: (FIRST + does.since) as Zxid } }
          : step;
      const heard = await real.take(present);
      const got = simulated.take(present);
      // That a node is there was no secret before ZOOKEEPER-2590.
      const secret = does.kind === 'exists' && (got.answer as { err: number }).err === ERRORS.NOAUTH;
      if (!secret) expect(got, `step ${i}: ${JSON.stringify(step)}`).toEqual(heard);
    }
    for (const client of real.clients) client.close();
  });
});
