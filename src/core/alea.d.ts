declare module 'seedrandom/lib/alea.js' {
  /** A generator of fractions with 32 random bits, in [0, 1). */
  export default function alea(seed: string): () => number;
}
