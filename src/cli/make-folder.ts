import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder, and those above it that are missing. One by one: where a file system takes no folders,
 * as /proc, Node's own `recursive` tries for ever. Throws what the file system says.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.push(at);
  for (const folder of missing.reverse()) mkdirSync(folder);
  // What is there already may be a file: this says so.
  mkdirSync(path, { recursive: true });
}
