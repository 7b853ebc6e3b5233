import type { WordEntry } from '../../check/history/client-history.ts';
import type { ClientFact } from '../../node/client-facts.ts';
import type { LinkId } from '../../node/ids.ts';
import type { RecordedServers } from './recorded-servers.ts';

/** What servers answered clients that looked for one with a quorum. */
export class RecordedWords {
  readonly #servers: Pick<RecordedServers, 'hadSince'>;
  readonly #entries: WordEntry[] = [];
  readonly #askedUs = new Map<LinkId, number>();

  constructor(servers: Pick<RecordedServers, 'hadSince'>) {
    this.#servers = servers;
  }

  /** In the order in which they were given. */
  get entries(): readonly WordEntry[] {
    return this.#entries;
  }

  observe({ link, via, answer }: Extract<ClientFact, { kind: 'quorum-sought' }>, atUs: number): void {
    if (answer === 'none') {
      this.#askedUs.set(link, atUs);
      return;
    }
    const askedUs = this.#askedUs.get(link) ?? atUs;
    const had = this.#servers.hadSince(via, askedUs);
    this.#askedUs.delete(link);
    if (answer !== 'null')
      this.#entries.push({ kind: 'word', server: via, askedUs, answeredUs: atUs, text: answer, had });
  }
}
