import { loggedTxns } from '../../src/run/logged-txns.ts';
import { encode } from '../../src/wire/jute-codec.ts';
import { encodeLogHeader, encodeLogRecord, LogReader } from '../../src/wire/log-file.ts';
import { PACKETS, type QuorumPacket, quorumPacket } from '../../src/wire/quorum-packets.ts';
import { QuorumStream } from '../../src/wire/quorum-stream.ts';
import { type LoggedTxn, loggedTxn } from '../../src/wire/txn-record.ts';
import { costOf, type Figures, liveMegabytes, peakMegabytes } from './measure.ts';
import { runElection, runEvents, steadyPlan, watch } from './worlds.ts';

/** A setData of 100 bytes, as a leader proposes it. */
function setData(counter: number): LoggedTxn {
  return {
    header: {
      clientId: 0x100001db41c0000n,
      cxid: counter,
      zxid: 0x100000000n + BigInt(counter),
      time: 1795337879496n + BigInt(counter),
      type: 5,
    },
    body: { kind: 'setData', path: '/app/config', data: new Uint8Array(100).fill(7), version: counter },
    digest: { version: 2, treeDigest: 34460311338n },
  };
}

/** A PROPOSAL through the codecs of the quorum port, each way. */
export function proposals(count: number): Figures {
  const packets = Array.from({ length: 1000 }, (_, i): QuorumPacket => {
    const txn = setData(i + 1);
    return { type: PACKETS.PROPOSAL, zxid: txn.header.zxid, data: { kind: 'txn', txn }, authinfo: null };
  });
  const bytes = packets.map((packet) => encode(quorumPacket, packet));
  let length = 0;
  const write = (): void => {
    for (const packet of packets) length += encode(quorumPacket, packet).length;
  };
  const stream = new QuorumStream('leader');
  let read = 0;
  const readAll = (): void => {
    for (const piece of bytes) {
      stream.push(piece);
      for (let item = stream.next(); item !== undefined; item = stream.next()) read++;
    }
  };
  for (let i = 0; i < 50; i++) {
    write();
    readAll();
  }
  const rounds = Math.ceil(count / 1000);
  const repeat = (work: () => void) => () => {
    for (let i = 0; i < rounds; i++) work();
  };
  const writing = costOf(repeat(write));
  const reading = costOf(repeat(readAll));
  if (read !== (50 + rounds) * 1000 || length === 0) throw new Error('not every proposal came through');
  return {
    encodeUs: (writing.cpu * 1e6) / (rounds * 1000),
    decodeUs: (reading.cpu * 1e6) / (rounds * 1000),
    cpuPerWall: (writing.cpu + reading.cpu) / (writing.wall + reading.wall),
  };
}

/** Reads a log of so many megabytes, record by record, in the pieces that files are read in. */
export function readLog(megabytes: number): Figures {
  const pieces = logPieces(megabytes);
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  drain(new LogReader(pieces.slice(0, 20)));
  const heapBefore = liveMegabytes();
  const peakBefore = peakMegabytes();
  let records = 0;
  const { cpu, wall, bytes } = costOf(() => {
    records = drain(new LogReader(pieces));
  });
  const framed = costOf(() => {
    const reader = new LogReader(pieces);
    reader.header();
    while (reader.next() !== undefined);
  });
  return {
    megabytesPerCpuS: size / 1e6 / cpu,
    framedMegabytesPerCpuS: size / 1e6 / framed.cpu,
    heapGrowthMb: liveMegabytes() - heapBefore,
    peakGrowthMb: peakMegabytes() - peakBefore,
    bytesPerRecord: bytes / records,
    cpuPerWall: cpu / wall,
  };
}

/** Decodes every transaction. */
function drain(reader: LogReader): number {
  reader.header();
  let records = 0;
  for (const line of loggedTxns(reader)) if (line.txn !== undefined) records++;
  return records;
}

function logPieces(megabytes: number): readonly Uint8Array[] {
  const whole = new Uint8Array(megabytes * 1e6);
  whole.set(encodeLogHeader({ version: 2, dbid: 0n }));
  let at = 16;
  for (let counter = 1; ; counter++) {
    const record = encodeLogRecord(encode(loggedTxn, setData(counter)));
    if (at + record.length > whole.length) break;
    whole.set(record, at);
    at += record.length;
  }
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < at; from += 262144)
    pieces.push(whole.subarray(from, Math.min(at, from + 262144)));
  return pieces;
}

/** Steady broadcast of 5 servers where all that is said and kept goes through the codecs. */
export function inBytes(clients: number, events: number): Figures {
  const plan = steadyPlan(5, clients);
  const watched = watch({
    ...plan,
    network: { ...plan.network, wire: 'bytes' },
    disk: { ...plan.disk, format: 'bytes' },
  });
  const { world, panel } = watched;
  runElection(watched);
  runEvents(world, 200_000, 10_000);
  const before = world.events;
  const { cpu, wall, bytes } = costOf(() => runEvents(world, events, 10_000));
  const ran = world.events - before;
  return {
    eventsPerCpuS: ran / cpu,
    nsPerEvent: (cpu * 1e9) / ran,
    bytesPerEvent: bytes / ran,
    violations: panel?.violations.length ?? 0,
    cpuPerWall: cpu / wall,
  };
}
