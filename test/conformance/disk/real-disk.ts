import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file that a real server wrote. */
export interface RealFile {
  readonly server: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A path beside this file. */
export function diskPath(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** The bytes of a file beside this one. */
export function diskBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(diskPath(path)));
}

/** The text of a file beside this one. */
export function diskText(path: string): string {
  return readFileSync(diskPath(path), 'utf8');
}

/** The files of both servers whose names begin like this. */
export function realFiles(prefix: string): RealFile[] {
  return ['server1', 'server2'].flatMap((server) =>
    readdirSync(diskPath(`${server}/version-2`))
      .filter((name) => name.startsWith(prefix))
      .map((name) => ({ server, name, bytes: diskBytes(`${server}/version-2/${name}`) })),
  );
}

/** The bytes in pieces of this size. */
export function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
  return pieces;
}

/** Pieces joined. */
export function joined(pieces: Iterable<Uint8Array>): Uint8Array {
  return new Uint8Array(Buffer.concat([...pieces]));
}
