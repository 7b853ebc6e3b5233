const LONGEST = 48;

/**
 * The candidate that `word` was probably meant to be: the nearest by edits, if near enough; ties go to the
 * first. Numbers are no words: where more than a digit differs, another one was meant.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > LONGEST) return undefined;
  const wanted = plain(word);
  let best: string | undefined;
  let bestDistance = 1 + Math.max(1, Math.floor(word.length / 3));
  for (const candidate of candidates) {
    if (candidate === word || edits(digits(word), digits(candidate)) > 1) continue;
    const distance = edits(wanted, plain(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Case and separators do not count: `powercut`, `power-cut` and `powerCut` are the same word. */
function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ .]/g, '');
}

function digits(word: string): string {
  return word.replaceAll(/\D/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that make one word of the other. */
function edits(a: string, b: string): number {
  if (b.length > LONGEST) return LONGEST;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? LONGEST;
}
