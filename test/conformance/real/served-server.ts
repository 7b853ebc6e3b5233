import { readServerConfig, startServer } from '../../../src/cli/hosted-server.ts';
import type { Host } from '../../../src/host/tcp-host.ts';
import type { Fact } from '../../../src/node/facts.ts';

/** A server of ours on real sockets and files, and what it testifies to. */
export class ServedServer {
  readonly clientPort: number;
  readonly facts: Fact[] = [];
  readonly troubles: string[] = [];
  readonly #host: Host;
  #heard: (() => void) | undefined;

  /** @param cfg the path of its zoo.cfg */
  constructor(cfg: string) {
    const config = readServerConfig(cfg, []);
    this.clientPort = config.clientAddress.port;
    this.#host = startServer(config, {
      fact: (fact) => {
        this.facts.push({ ...fact });
        this.#heard?.();
      },
      warn: (text) => this.troubles.push(text),
    });
  }

  /** Waits for the first fact of these kinds, of all or of those behind `from`. */
  async until(kinds: readonly Fact['kind'][], from = 0): Promise<Fact> {
    for (;;) {
      const fact = this.facts.slice(from).find(({ kind }) => kinds.includes(kind));
      if (fact !== undefined) return fact;
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** Waits until it serves, from that fact on. */
  serving(from = 0): Promise<Fact> {
    return this.until(['leader-established', 'follower-synced'], from);
  }

  /** Ends it as a killed process ends. */
  stop(): void {
    this.#host.stop();
  }
}
