import type { Zxid } from '../../core/zxid.ts';
import { type LinkId, NO_SESSION, type NodeId, type SessionId } from '../../node/ids.ts';
import type { Connect } from '../client-messages.ts';
import { NO_PASSWORD } from '../password.ts';
import { addressOf, type ClientEnv, type HandleOptions } from './client-env.ts';

/** Who greets: a handle, by its number, through a server, for a session or a new one. */
export interface Greeting {
  readonly handle: number;
  readonly via: NodeId;
  readonly session: SessionId;
  readonly password: Connect['password'];
  readonly lastZxidSeen: Zxid;
}

/** Asks a server for a session over a link that is open. Source: ClientCnxn.SendThread.primeConnection. */
export function greet(
  env: ClientEnv,
  link: LinkId,
  { handle, via, session, password, lastZxidSeen }: Greeting,
  { sessionTimeoutUs, readOnly }: HandleOptions,
): void {
  const timeoutMs = Math.floor(sessionTimeoutUs / 1000);
  const address = addressOf(env.self);
  env.report({
    kind: 'client-connecting',
    server: env.self,
    handle,
    link,
    via,
    session,
    lastZxidSeen,
    timeoutMs,
    address,
    password,
  });
  const greeting: Connect = {
    kind: 'connect',
    lastZxidSeen,
    timeoutMs,
    session,
    password: session === NO_SESSION ? NO_PASSWORD : password,
    readOnly,
    address,
  };
  env.send(link, greeting);
}
