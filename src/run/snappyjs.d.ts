declare module 'snappyjs' {
  /** Opens one raw block. Throws an `Error` for what is none, or longer than `maxLength` bytes. */
  export function uncompress(block: Uint8Array, maxLength?: number): Uint8Array;
}
