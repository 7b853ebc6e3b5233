import type { TimedChunk } from './chunk.ts';
import type { CampaignSettings } from './recipe.ts';

/** Whose campaign a journal is: one of other settings, or of other code, cannot be gone on with. */
export interface JournalHead {
  readonly journal: 1;
  readonly version: string;
  readonly settings: CampaignSettings;
  /** The fingerprint of the campaign's first run: it differs when the code does what it did not before. */
  readonly probe: string;
}

/** The first line of a journal. */
export function headLine(head: JournalHead): string {
  return `${JSON.stringify(head)}\n`;
}

/** A further line of a journal. */
export function chunkLine(chunk: TimedChunk): string {
  return `${JSON.stringify(chunk)}\n`;
}

/** What a journal says. */
export interface Journal {
  readonly head: JournalHead;
  /** In the order in which they were written. */
  readonly chunks: readonly TimedChunk[];
  /** How many characters of the text are whole lines; what follows was being written at the end. */
  readonly length: number;
}

/** Reads a journal, also one whose last line was cut off; undefined when it is none. */
export function readJournal(text: string): Journal | undefined {
  const length = text.lastIndexOf('\n') + 1;
  const lines = text.slice(0, length).split('\n').slice(0, -1);
  const [head, ...chunks] = lines.map(parsed);
  if (!isHead(head) || !chunks.every(isChunk)) return undefined;
  return { head, chunks, length };
}

/** Whether a journal belongs to the same campaign, done by the same code. */
export function isSameCampaign(a: JournalHead, b: JournalHead): boolean {
  return headLine(a) === headLine(b);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isHead(value: unknown): value is JournalHead {
  return isRecord(value) && value['journal'] === 1 && isRecord(value['settings']);
}

function isChunk(value: unknown): value is TimedChunk {
  if (!isRecord(value) || !['failed', 'rare', 'marks'].every((key) => Array.isArray(value[key])))
    return false;
  return ['from', 'to', 'events', 'virtualUs', 'commits', 'wallMs'].every(
    (key) => typeof value[key] === 'number',
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
