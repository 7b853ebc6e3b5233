import { FIRST_CLIENT, isServer, type NodeId } from '../node/ids.ts';
import type { DataDirectory } from './data-directory.ts';
import type { Findings } from './findings.ts';
import { suggest } from './suggest.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** What is known beside the file when a scenario is read. */
export interface ScenarioOptions {
  /** What lies beside the file, for the keys that name files. None: such keys are refused. */
  readonly files?: ScenarioFiles;
  /** Told each further file whose text is read from disk, by its absolute path. */
  readonly onRead?: (absolute: string) => void;
}

/** Files that a scenario names: by absolute paths, or by paths from where it lies itself. */
export interface ScenarioFiles {
  /** The absolute path; `from`: an absolute path to a file beside which to begin, instead of the scenario. */
  locate(path: string, from?: string): string;
  /** The text of a file, or why it cannot be read. */
  text(absolute: string): { readonly text: string } | { readonly problem: string };
  /** A server's data directory, with its logs elsewhere maybe; undefined when there is none. */
  dataDirectory(absolute: string, logs: string | undefined): DataDirectory | undefined;
}

/** A scenario while it is being checked: its text, what was found wrong, who takes part. */
export class Draft {
  readonly source: YamlSource;
  readonly findings: Findings;
  readonly options: ScenarioOptions;
  /** Ascending; undefined while the ensemble itself is wrong, and nothing can be said about ids. */
  servers: readonly NodeId[] | undefined;
  voters: readonly NodeId[] | undefined;
  /** Servers about which others are asked: those may come to have a vote. */
  readonly subjects = new Set<NodeId | string>();
  /** How many clients there are; undefined while that is wrong. */
  clients: number | undefined;

  constructor(source: YamlSource, findings: Findings, options: ScenarioOptions) {
    this.source = source;
    this.findings = findings;
    this.options = options;
  }

  /** Notes a problem. */
  refuse(path: Path, expected: string, suggestion?: string): void {
    this.findings.add(this.source, path, expected, { suggestion });
  }

  /** Notes a problem with the last key of a path. */
  refuseKey(path: Path, expected: string): void {
    this.findings.add(this.source, path, expected, { atKey: true });
  }

  /** The path of the nth of several things, which may stand alone, without a list. */
  itemPath(path: Path, index: number): Path {
    return Array.isArray(this.source.valueAt(path)) ? [...path, index] : path;
  }

  /** Checks that each participant exists and is named once. */
  checkParticipants(ids: readonly (NodeId | string)[], path: Path): void {
    const seen = new Set<NodeId | string>();
    for (const [index, id] of ids.entries()) {
      const place = this.itemPath(path, index);
      if (seen.has(id)) this.refuse(place, 'each participant once');
      seen.add(id);
      if (typeof id === 'number') this.checkParticipant(id, place);
      else if (
        /^observers?$/.test(id) &&
        this.servers !== undefined &&
        this.servers.length === this.voters?.length
      )
        this.refuse(place, 'servers of the ensemble (it has no observers)');
    }
  }

  /** Checks that the participant exists. */
  checkParticipant(id: NodeId, path: Path, atKey = false): void {
    const expected = isServer(id) ? this.#serverMissing(id) : this.#clientMissing(id);
    if (expected !== undefined) this.findings.add(this.source, path, expected, { atKey });
  }

  /** Checks that an integer read as a zxid was written in hexadecimal: `3` is rather a mistake for `0x3`. */
  checkZxid(path: Path): void {
    const value = this.source.valueAt(path);
    if (typeof value !== 'number' || value === 0) return;
    const text = this.source.sourceAt(path);
    if (!/^0x/i.test(text)) this.refuse(path, 'a zxid such as 0x100000003 or 1:3', `0x${value.toString(16)}`);
  }

  /** The name nearest to `word`. */
  nearest(word: string, known: Iterable<string>): string | undefined {
    return suggest(word, known);
  }

  #serverMissing(id: NodeId): string | undefined {
    if (this.servers === undefined || this.servers.includes(id)) return undefined;
    return this.servers.length === 1
      ? `the only server, ${this.servers[0]}`
      : `a server of the ensemble (${idsText(this.servers)})`;
  }

  #clientMissing(id: NodeId): string | undefined {
    if (this.clients === undefined || id - FIRST_CLIENT <= this.clients) return undefined;
    return this.clients === 0 ? 'a participant (there are no clients)' : `a client (c1 to c${this.clients})`;
  }
}

/** Ids in a few words: `1 to 5`, or `1, 2, 7`. Ascending. */
export function idsText(ids: readonly NodeId[]): string {
  const [first, last] = [ids[0] ?? 0, ids.at(-1) ?? 0];
  return last - first === ids.length - 1 ? `${first} to ${last}` : ids.join(', ');
}
