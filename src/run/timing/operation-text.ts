const WRITES = /^(?:add|create|create2|createContainer|createTTL|delete|setData|setACL|multi)\b/;
const READS = /^(?:exists|getData|getChildren2?|getACL|getAllChildrenNumber|multiRead)\b/;

/**
 * What an operation, as `invoked` words it, asks of a server: a transaction, or an answer from what it has
 * applied. Undefined for what is neither (sync, watches).
 */
export function demandOf(operation: string): 'write' | 'read' | undefined {
  if (WRITES.test(operation)) return 'write';
  return READS.test(operation) ? 'read' : undefined;
}
