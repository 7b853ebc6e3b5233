import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TimedChunk } from '../run/fuzz/chunk.ts';
import { chunkLine, headLine, isSameCampaign, type JournalHead, readJournal } from '../run/fuzz/journal.ts';
import type { CampaignSettings } from '../run/fuzz/recipe.ts';
import { makeFolder } from './make-folder.ts';
import { UsageError } from './usage-error.ts';

/** The journal of a campaign on disk. Each chunk is written as it is done, so that a kill loses nothing. */
export class JournalFile {
  readonly path: string;
  /** What earlier sessions did. */
  readonly earlier: readonly TimedChunk[];

  /**
   * Opens the campaign's journal in a directory, both of which are made where there are none.
   *
   * @param afresh an older journal is thrown away
   * @throws UsageError where the file cannot be used, or belongs to another campaign
   */
  constructor(directory: string, head: JournalHead, afresh: boolean) {
    this.path = join(directory, `${nameOf(head.settings)}.journal.jsonl`);
    try {
      makeFolder(directory);
      this.earlier = !afresh && existsSync(this.path) ? this.#read(head) : this.#begin(head);
    } catch (error) {
      if (error instanceof UsageError || (error as NodeJS.ErrnoException).code === undefined) throw error;
      throw new UsageError(`--out ${directory}: ${(error as Error).message}`);
    }
  }

  /** Throws a UsageError where the file takes no more. */
  add(chunk: TimedChunk): void {
    try {
      appendFileSync(this.path, chunkLine(chunk));
    } catch (error) {
      throw new UsageError(`${this.path} cannot be written: ${(error as Error).message}`);
    }
  }

  #begin(head: JournalHead): readonly TimedChunk[] {
    writeFileSync(this.path, headLine(head));
    return [];
  }

  #read(head: JournalHead): readonly TimedChunk[] {
    const text = readFileSync(this.path, 'utf8');
    const journal = readJournal(text);
    // A session that ended before its first line was out has left nothing.
    if (!text.includes('\n')) return this.#begin(head);
    if (journal === undefined || !isSameCampaign(journal.head, head)) {
      throw new UsageError(
        `${this.path}: expected the journal of this campaign, found one of other settings or another ` +
          'version of zabsim; --afresh throws it away, --out names another directory',
      );
    }
    truncateSync(this.path, Buffer.byteLength(text.slice(0, journal.length)));
    return journal.chunks;
  }
}

/** Campaigns with different settings may share a directory. */
function nameOf({ profile, protocol, behaviour, seed }: CampaignSettings): string {
  const behaviours = behaviour.length === 0 ? 'fixed' : behaviour.join('+');
  const whose = protocol === undefined ? '' : `${protocol}-`;
  return `${whose}${profile}-${behaviours.replaceAll(/[^\w.+-]/g, '_').slice(0, 80)}-${seed}`;
}
