/** A table in GitHub's Markdown; cells are text, what would be markup in them is escaped. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows.map((row) => row.map(escaped))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function escaped(text: string): string {
  return text.replace(/[\\|<>*_`]/g, '\\$&').replace(/\s+/g, ' ');
}
