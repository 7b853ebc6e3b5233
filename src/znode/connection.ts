import { ZERO_ZXID, type Zxid } from '../core/zxid.ts';
import { type LinkId, NO_SESSION, type SessionId } from '../node/ids.ts';
import type { AuthId } from './acl.ts';
import type { ClientRequest, ZnodeMessage } from './client-messages.ts';

/** A client's connection, as its server sees it. Source: ServerCnxn. */
export class Connection {
  readonly link: LinkId;
  /**
   * `fresh`: nothing was said. `opening`: it waits for its session, and nothing more is read. `open`: it has
   * one.
   */
  state: 'fresh' | 'opening' | 'open' | 'closed' = 'fresh';
  session: SessionId = NO_SESSION;
  /** What the server had applied when the client asked to be let in. */
  askedAt: Zxid = ZERO_ZXID;
  timeoutMs = 0;
  /** What the client has proven, its address first. */
  ids: readonly AuthId[] = [];
  /** Requests that are not read yet: the session is not open, or the connection is throttled. */
  inbox: ClientRequest[] = [];
  /** Replies and events that the link did not take. */
  outbox: ZnodeMessage[] = [];
  /** Requests with an xid above 0 that are not answered. */
  outstanding = 0;
  /** Whether reading stopped because the server has too much to do. */
  throttled = false;
  /** Local µs at which something last came from the client, or went to it. */
  usedUs: number;

  constructor(link: LinkId, nowUs: number) {
    this.link = link;
    this.usedUs = nowUs;
  }
}
