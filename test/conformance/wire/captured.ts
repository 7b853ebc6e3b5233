import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from './as-json.ts';

/** A captured message: its bytes, and what an independent decoder made of them. */
export interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly decoded: Json & object;
}

const folder = join(import.meta.dirname, 'vectors');

/** The files of captured messages, one for each capture and port. */
export const captures: readonly string[] = readdirSync(folder).sort((a, b) => (a < b ? -1 : 1));

/** The messages of a file, in their order. */
export function vectorsOf(file: string): Vector[] {
  const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Vector);
}

/** The bytes of a message. */
export function bytesOf({ hex }: Pick<Vector, 'hex'>): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
