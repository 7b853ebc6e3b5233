import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';

/** A place in a scenario: keys of maps and indices of lists. */
export type Path = readonly (string | number)[];

/** Where something stands in the file, and how the file spells it. */
export interface Spot {
  readonly line: number;
  readonly column: number;
  /** The source text, shortened, as an error shows it; `nothing` where there is nothing. */
  readonly found: string;
}

/** A parsed file: its plain value, and the way back from a path in the value to the text. */
export interface YamlSource {
  /** Maps are null-prototype objects with string keys. */
  readonly value: unknown;
  /** The value at a path, or undefined. */
  valueAt(path: Path): unknown;
  /** The text at a path; where nothing stands, its nearest parent with `found: 'nothing'`. */
  spot(path: Path): Spot;
  /** The text of the last key of a path. */
  keySpot(path: Path): Spot;
  /** The exact source of the scalar at a path; empty for anything else. */
  sourceAt(path: Path): string;
}

const SHOWN = 60;

/** The text behind a document. `aliases` says what each alias node stands for. */
export class YamlText implements YamlSource {
  readonly value: unknown;
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #root: Node | null;
  readonly #aliases: ReadonlyMap<Node, Node>;
  readonly #pairs = new Map<Node, ReadonlyMap<string, Pair>>();

  constructor(
    text: string,
    lines: LineCounter,
    document: Document.Parsed,
    aliases: ReadonlyMap<Node, Node>,
    value: unknown,
  ) {
    this.#text = text;
    this.#lines = lines;
    this.#root = document.contents;
    this.#aliases = aliases;
    this.value = value;
  }

  valueAt(path: Path): unknown {
    let value = this.value;
    for (const step of path) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = (value as Record<string | number, unknown>)[step];
    }
    return value;
  }

  spot(path: Path): Spot {
    const { node, complete } = this.#walk(path);
    return { ...this.#position(node), found: complete ? showNode(node, this.#text) : 'nothing' };
  }

  keySpot(path: Path): Spot {
    const parent = this.#walk(path.slice(0, -1)).node;
    const key = isMap(parent)
      ? (this.#pair(parent, String(path.at(-1)))?.key as Node | undefined)
      : undefined;
    return key === undefined ? this.spot(path) : { ...this.#position(key), found: showNode(key, this.#text) };
  }

  sourceAt(path: Path): string {
    const { node, complete } = this.#walk(path);
    if (!complete || !isScalar(node) || !node.range) return '';
    return this.#text.slice(node.range[0], node.range[1]);
  }

  #walk(path: Path): { node: Node | null; complete: boolean } {
    let node = this.#root;
    for (const step of path) {
      const child = this.#child(node, step);
      if (child === undefined) return { node, complete: false };
      node = child;
    }
    return { node, complete: true };
  }

  #child(parent: Node | null, step: string | number): Node | undefined {
    let child: unknown;
    if (isSeq(parent)) child = parent.items[Number(step)];
    if (isMap(parent)) {
      const pair = this.#pair(parent, String(step));
      child = pair === undefined ? undefined : (pair.value ?? pair.key);
    }
    if (child === undefined || child === null) return undefined;
    return this.#aliases.get(child as Node) ?? (child as Node);
  }

  /** The pair of a key. Maps are indexed when they are first asked: large ones are asked often. */
  #pair(parent: YAMLMap, key: string): Pair | undefined {
    let pairs = this.#pairs.get(parent);
    if (pairs === undefined) {
      pairs = new Map(parent.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
      this.#pairs.set(parent, pairs);
    }
    return pairs.get(key);
  }

  #position(node: Node | null): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** How an error shows a node: numbers bare, texts in quotes, maps and lists in their source, shortened. */
export function showNode(node: Node | null, text: string): string {
  if (node === null || !node.range) return 'nothing';
  const source = shorten(text.slice(node.range[0], node.range[1]));
  if (source === '') return 'nothing';
  return isScalar(node) && typeof node.value === 'string' && isPlain(node) ? `"${source}"` : source;
}

/** One line of at most 60 characters, without what a terminal would act on. */
export function shorten(source: string): string {
  const line = source
    .slice(0, SHOWN * 4)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\s]+/gu, ' ')
    .trim();
  return line.length > SHOWN ? `${[...line].slice(0, SHOWN - 1).join('')}…` : line;
}

function isPlain(node: Scalar): boolean {
  return node.type === 'PLAIN' || node.type === undefined;
}
