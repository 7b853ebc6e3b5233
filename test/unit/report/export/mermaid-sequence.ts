/** A statement of a sequence diagram. */
export interface Statement {
  readonly kind: 'participant' | 'note' | 'message';
  readonly names: readonly string[];
  readonly text: string;
}

const GRAMMAR: readonly (readonly [Statement['kind'], RegExp])[] = [
  ['participant', /^participant (?<a>[A-Za-z]\w*) as (?<text>.+)$/],
  ['note', /^Note over (?<a>[A-Za-z]\w*)(?:,(?<b>[A-Za-z]\w*))?: (?<text>.+)$/],
  ['message', /^(?<a>[A-Za-z]\w*)->>(?<b>[A-Za-z]\w*): (?<text>.+)$/],
];

/**
 * Reads a sequence diagram by the part of Mermaid's grammar that ours use. In a text, `;` ends a statement
 * and `#` begins a comment, unless they make an entity; names are declared first.
 */
export function parseMermaid(source: string): readonly Statement[] {
  const [head, ...lines] = source.trimEnd().split('\n');
  if (head !== 'sequenceDiagram') throw new Error(`no sequence diagram: ${head}`);
  const declared = new Set<string>();
  return lines.map((line) => {
    for (const [kind, pattern] of GRAMMAR) {
      const { a, b, text = '' } = pattern.exec(line)?.groups ?? {};
      if (a === undefined) continue;
      if (/[;#<>]/.test(text.replace(/#\d+;/g, ''))) throw new Error(`markup in a text: ${line}`);
      const names = b === undefined ? [a] : [a, b];
      if (kind === 'participant') declared.add(a);
      for (const name of names) if (!declared.has(name)) throw new Error(`${name} is not declared`);
      return { kind, names, text: text.replace(/#(\d+);/g, (_, code) => String.fromCharCode(Number(code))) };
    }
    throw new Error(`no statement: ${line}`);
  });
}
