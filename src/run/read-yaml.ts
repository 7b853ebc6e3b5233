import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
} from 'yaml';
import type { Findings } from './findings.ts';
import { type Path, type Spot, shorten, showNode, type YamlSource, YamlText } from './yaml-source.ts';

/** The largest scenario file, in bytes of UTF-8 (and in characters of a text). */
export const MAX_FILE_BYTES = 1048576;

const MAX_DEPTH = 32;
/** Open collections of the parser, more than one a level. */
const MAX_STACK = 200;
const MAX_NODES = 1000000;
const MAX_LEXEMES = 600000;
const UNPRINTABLE = /(?![\t\n\r\x85])[\p{Cc}\ufffe\uffff]|\p{Surrogate}/u;
const OPERATOR = /:\s*(?<bound>(?:[<>]=?|!=)\s*[\w.]+)\s*(?:[#},].*)?$/;

/**
 * Parses YAML 1.2 into a plain value that remembers its text. Throws `ScenarioErrors` when it is no sound
 * YAML.
 */
export function readYaml(original: string, findings: Findings): YamlSource {
  const text = original.startsWith('\ufeff') ? original.slice(1) : original;
  checkText(text, findings);
  findings.throwIfAny();
  const lines = new LineCounter();
  const document = compose(text, lines, findings);
  findings.throwIfAny();
  const aliases = new Map<Node, Node>();
  const value = new Converter(text, lines, aliases, findings).convert(document.contents, [], 0);
  findings.throwIfAny();
  return new YamlText(text, lines, document, aliases, value);
}

const START = (found: string): Spot => ({ line: 1, column: 1, found });

function checkText(text: string, findings: Findings): void {
  if (text.length > MAX_FILE_BYTES) {
    findings.addAt(START(`${text.length} characters`), [], 'a file of at most 1 MiB');
    return;
  }
  const offset = text.search(UNPRINTABLE);
  if (offset < 0) return;
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  const spot = { line, column: offset - before.lastIndexOf('\n'), found: `the character U+${code}` };
  findings.addAt(spot, [], 'printable text');
}

/** The first syntax error only is noted: what follows it is mostly noise. */
function compose(text: string, lines: LineCounter, findings: Findings): Document.Parsed {
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, schema: 'core', merge: false });
  const documents = composer.compose(shallowTokens(text, lines, findings), true, text.length);
  const document = documents.next().value as Document.Parsed;
  reportSyntax(document, text, lines, findings);
  findings.throwIfAny();
  const second = documents.next();
  if (second.done !== true) {
    const start = (second.value as Document.Parsed).range[0];
    findings.addAt({ ...position(lines, start), found: 'a second document' }, [], 'one scenario per file');
  }
  return document;
}

/** The composer recurses: what would overflow its stack is refused before it gets there. */
function* shallowTokens(text: string, lines: LineCounter, findings: Findings): Generator<CST.Token, void> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    count++;
    if (parser.stack.length <= MAX_STACK && count <= MAX_LEXEMES) continue;
    const spot = { ...position(lines, parser.offset), found: 'more' };
    const levels = `at most ${MAX_DEPTH} levels of nesting`;
    findings.addAt(spot, [], count > MAX_LEXEMES ? `at most ${MAX_LEXEMES} tokens` : levels);
    findings.throwIfAny();
  }
  yield* parser.end();
}

/** Unknown tags, which YAML only warns of, are errors too. */
function reportSyntax(document: Document.Parsed, text: string, lines: LineCounter, findings: Findings): void {
  const error = document.errors[0] ?? document.warnings[0];
  if (error !== undefined) {
    const place = position(lines, error.pos[0]);
    const bound = OPERATOR.exec(lineOf(text, lines, place.line))?.groups?.['bound'];
    const expected =
      bound === undefined ? 'valid YAML 1.2' : 'valid YAML 1.2, where a comparison needs quotes';
    const spot = { ...place, found: `a mistake: ${shorten(error.message)}` };
    findings.addAt(spot, [], expected, bound === undefined ? undefined : `'${bound}'`);
  } else if (document.directives.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    findings.addAt(START(`version ${document.directives.yaml.version}`), [], 'YAML 1.2');
  }
}

function lineOf(text: string, lines: LineCounter, line: number): string {
  return text.slice(lines.lineStarts[line - 1] ?? 0, lines.lineStarts[line] ?? text.length).slice(0, 400);
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Makes plain values of nodes, strictly: no duplicate keys, no merge keys, no circles, no bombs. */
class Converter {
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #aliases: Map<Node, Node>;
  readonly #findings: Findings;
  /** What an anchor stands for at this point of the file; undefined while it is still open. */
  readonly #anchors = new Map<string, { node: Node; value: unknown; weight: number } | undefined>();
  #weight = 0;
  #tooMuch = false;

  constructor(text: string, lines: LineCounter, aliases: Map<Node, Node>, findings: Findings) {
    this.#text = text;
    this.#lines = lines;
    this.#aliases = aliases;
    this.#findings = findings;
  }

  convert(node: Node | null, path: Path, depth: number): unknown {
    if (node === null || this.#tooMuch) return null;
    if (depth > MAX_DEPTH) {
      this.#tooMuch = true;
      this.#report(node, path.slice(0, 1), `at most ${MAX_DEPTH} levels of nesting`, 'more');
      return null;
    }
    if (isAlias(node)) return this.#alias(node, node.source, path);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const before = this.#weight++;
    const value = this.#value(node, path, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, { node, value, weight: this.#weight - before });
    return value;
  }

  #value(node: Node, path: Path, depth: number): unknown {
    if (isScalar(node)) return node.value;
    if (isSeq(node))
      return node.items.map((item, index) => this.convert(item as Node, [...path, index], depth + 1));
    return isMap(node) ? this.#map(node.items, path, depth) : null;
  }

  #map(items: readonly { key: unknown; value: unknown }[], path: Path, depth: number): unknown {
    const result = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of items) {
      const name = this.#key(key as Node, path);
      if (name === undefined) continue;
      if (name in result) this.#report(key as Node, [...path, name], 'each key once', 'the same key again');
      else result[name] = this.convert(value as Node | null, [...path, name], depth + 1);
    }
    return result;
  }

  #key(key: Node | null, path: Path): string | undefined {
    const value = isScalar(key) ? key.value : undefined;
    if (typeof value !== 'string' && typeof value !== 'number') {
      this.#report(key, path, 'a key that is a plain word or number');
    } else if (value === '<<') {
      this.#report(key, path, 'a key (merge keys are not part of YAML 1.2: write the keys out)', '<<');
    } else if (value === '__proto__') {
      this.#report(key, path, 'a key of the scenario format');
    } else return String(value);
    return undefined;
  }

  #alias(node: Node, name: string, path: Path): unknown {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      const circular = this.#anchors.has(name);
      this.#report(
        node,
        path,
        circular ? 'an alias that does not contain itself' : 'an alias of an anchor above it',
      );
      return null;
    }
    this.#aliases.set(node, target.node);
    this.#weight += target.weight;
    if (this.#weight > MAX_NODES) {
      this.#tooMuch = true;
      this.#report(node, path, `at most ${MAX_NODES} values once aliases are written out`);
    }
    return target.value;
  }

  #report(node: Node | null, path: Path, expected: string, found?: string): void {
    const text = found ?? showNode(node, this.#text);
    const place = position(this.#lines, node?.range?.[0] ?? 0);
    this.#findings.addAt({ ...place, found: text }, path, expected);
  }
}
