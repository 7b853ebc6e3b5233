import { Pair, parseLines } from 'dot-properties';
import { ScenarioErrors, type ScenarioProblem } from '../core/errors.ts';
import type { NodeId } from '../node/ids.ts';
import { parseServer, type QuorumConfig, type QuorumServer, serverNumber } from './quorum-config.ts';

/** The largest file that is read, characters. */
export const MAX_CFG_LENGTH = 1048576;

/** A line of a configuration, for messages about it. */
interface Entry {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  /** Of its value. */
  readonly column: number;
}

/** A server's configuration, as a zoo.cfg or its dynamic part says it. */
export class ZooCfg {
  readonly file: string;
  readonly #entries = new Map<string, Entry>();
  readonly #problems: ScenarioProblem[] = [];

  /** Reads a file in Java's format of properties; of a key that comes twice, the last counts. */
  constructor(text: string, file: string) {
    this.file = file;
    if (text.length > MAX_CFG_LENGTH) {
      this.#add({ line: 1, column: 1 }, '', 'a file of at most 1 MiB', `${text.length} characters`);
      return;
    }
    for (const node of parseLines(text, true)) {
      if (!(node instanceof Pair) || node.range === undefined) continue;
      const place = placeOf(text, node.range[2] ?? node.range[0]);
      const key = node.key.trim();
      this.#entries.set(key, { key, value: node.value.trim(), ...place });
    }
  }

  /** The value of a key; undefined where it is missing. */
  get(key: string): string | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Notes what should stand under a key; for a missing one, of the file as a whole. */
  refuse(key: string, expected: string): void {
    const entry = this.#entries.get(key);
    const place = entry ?? { line: 0, column: 0 };
    this.#add(
      place,
      key,
      expected,
      entry === undefined ? 'nothing' : JSON.stringify(entry.value.slice(0, 60)),
    );
  }

  /** An integer under a key; undefined where it is missing, or was refused. */
  integer(key: string, min: number, max: number): number | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    const number = /^-?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    this.refuse(key, `an integer from ${min} to ${max}`);
    return undefined;
  }

  /** A yes or no under a key; undefined where it is missing, or was refused. */
  flag(key: string): boolean | undefined {
    const value = this.get(key)?.toLowerCase();
    if (value === undefined) return undefined;
    if (value === 'true' || value === 'yes') return true;
    if (value === 'false' || value === 'no') return false;
    this.refuse(key, 'true or false');
    return undefined;
  }

  /** Who takes part. Sources: QuorumPeerConfig.parseDynamicConfig, QuorumHierarchical.parse. */
  quorum(): QuorumConfig {
    const servers: QuorumServer[] = [];
    const groups = new Map<number, readonly NodeId[]>();
    const weights = new Map<NodeId, number>();
    for (const { key, value } of this.#entries.values()) {
      const [, kind, number = ''] = /^(server|group|weight)\.(.*)$/.exec(key) ?? [];
      if (kind === 'server') this.#readServer(key, number, value, servers);
      else if (kind === 'group') this.#readGroup(key, number, value, groups);
      else if (kind === 'weight') this.#readWeight(key, number, weights);
    }
    for (const ids of groups.values()) for (const id of ids) if (!weights.has(id)) weights.set(id, 1);
    return {
      servers: servers.sort((a, b) => a.id - b.id),
      groups: new Map([...groups].sort(([a], [b]) => a - b)),
      weights: new Map([...weights].sort(([a], [b]) => a - b)),
    };
  }

  /** All that was refused. */
  get problems(): readonly ScenarioProblem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  /** Throws what was refused as `ScenarioErrors`, if there is any. */
  throwIfAny(): void {
    if (this.#problems.length > 0) throw new ScenarioErrors(this.problems);
  }

  #readServer(key: string, number: string, value: string, servers: QuorumServer[]): void {
    const id = serverNumber(number);
    if (id === undefined) {
      this.refuse(key, 'a server number from 1 to 254');
      return;
    }
    const server = parseServer(id, value);
    if (typeof server === 'string') this.refuse(key, server);
    else servers.push(server);
  }

  #readGroup(key: string, number: string, value: string, groups: Map<number, readonly NodeId[]>): void {
    const ids = value.split(':').map((text) => serverNumber(text.trim()));
    const taken = new Set([...groups.values()].flat());
    if (!/^\d{1,9}$/.test(number)) this.refuse(key, 'a group number');
    else if (!ids.every((id) => id !== undefined)) this.refuse(key, 'server numbers such as 1:2:3');
    else if (ids.some((id) => taken.has(id))) this.refuse(key, 'each server in one group only');
    else groups.set(Number(number), ids);
  }

  #readWeight(key: string, number: string, weights: Map<NodeId, number>): void {
    const id = serverNumber(number);
    const weight = this.integer(key, 0, 1000000);
    if (id === undefined) this.refuse(key, 'a server number from 1 to 254');
    else if (weight !== undefined) weights.set(id, weight);
  }

  #add(place: { line: number; column: number }, path: string, expected: string, found: string): void {
    const { line, column } = place;
    this.#problems.push({ file: this.file, line, column, path, expected, found, suggestion: undefined });
  }
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
