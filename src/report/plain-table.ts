import Table from 'cli-table3';

/** A column: its heading, and to which side its cells are set. */
export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
}

/** A table without colours of its own. Rows have a cell for each column; cells may hold colour codes. */
export function plainTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: columns.map((column) => column.head),
    colAligns: columns.map((column) => column.align),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
