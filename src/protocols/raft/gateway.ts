import type { LinkId } from '../../node/ids.ts';
import { type Gateway, OWN_PORT } from '../../node/service.ts';
import type { Follower } from './follower.ts';
import type { RaftHost } from './host.ts';
import type { Leader } from './leader.ts';
import type { RaftMessage } from './messages.ts';

/** What the server is to others now, and how it lets go of clients. */
export interface Roles {
  leader(): Leader | undefined;
  follower(): Follower | undefined;
  /** It follows no more, and serves no more. */
  leave(because: string): void;
  /** Ends a client's connection. */
  close(link: LinkId): void;
}

/** What the service's frontend may ask of the server. */
export function gatewayOf(host: Pick<RaftHost, 'env' | 'store' | 'peers'>, roles: Roles): Gateway {
  const { env, store } = host;
  // What a client waits for must not get lost: a connection that takes no more ends this server's service.
  const tell = (message: RaftMessage) => {
    const follower = roles.follower();
    if (!follower?.serving || host.peers.tell(follower.leader, message)) return;
    roles.leave('the connection to the leader takes no more');
  };
  return {
    self: env.self,
    now: () => env.now(),
    wallMs: () => env.wallMs(),
    submit: (request) => {
      const leader = roles.leader();
      if (leader !== undefined) leader.propose(request, OWN_PORT);
      else tell({ kind: 'request', request });
    },
    // A read index is confirmed past the log (thesis §6.4).
    ordersBarriers: false,
    barrier: () => {
      const leader = roles.leader();
      if (leader !== undefined) leader.read(undefined);
      else tell({ kind: 'read-index' });
    },
    consult: ({ session, timeoutMs }) => tell({ kind: 'revalidate', session, timeoutMs }),
    send: (link, message) => env.send(link, message),
    close: (link) => roles.close(link),
    lastApplied: () => store.lastApplied,
    setTimer: (timer, afterUs) => env.setTimer(timer, afterUs),
    cancelTimer: (timer) => env.cancelTimer(timer),
    wake: () => env.wake('request'),
    report: (fact) => env.report(fact),
  };
}
