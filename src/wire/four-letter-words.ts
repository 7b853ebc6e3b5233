const WORDS = [
  'conf',
  'cons',
  'crst',
  'dirs',
  'dump',
  'envi',
  'gtmk',
  'hash',
  'isro',
  'mntr',
  'ruok',
  'srst',
  'srvr',
  'stat',
  'stmk',
  'wchc',
  'wchp',
  'wchs',
] as const;

/** What may stand in the place of the first frame's length. Source: FourLetterCommands. */
export type FourLetterWord = (typeof WORDS)[number];

/** The number that the letters make, as a length would be read. */
export function numberOfWord(word: FourLetterWord): number {
  let number = 0;
  for (let i = 0; i < 4; i++) number = (number << 8) | word.charCodeAt(i);
  return number;
}

/** The words by their numbers. */
export const FOUR_LETTER_WORDS: ReadonlyMap<number, FourLetterWord> = new Map(
  WORDS.map((word) => [numberOfWord(word), word]),
);
