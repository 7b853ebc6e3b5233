import { unreachable } from '../core/assert.ts';
import { chainText, type Digest } from '../core/digest.ts';
import type { Zxid } from '../core/zxid.ts';
import type { Body, ClientMessage, ServingRole } from './content.ts';
import type { LinkId, NodeId, SessionId } from './ids.ts';

/** Why a client leaves a connection that is well: it was asked to. */
export const MOVED = 'moved';
/** Why one ends whose session the client has ended itself: what it asked for behind that has no answer. */
export const ENDED_ITSELF = 'closed';
/** Why it gives one up: for two thirds of its session's timeout nothing came. */
export const NOTHING_HEARD = 'nothing was heard';
/** Why it gives up a new one, and its session: for four thirds of the timeout it heard of no server. */
export const SESSION_GIVEN_UP = 'no server was heard of, the session is given up';
/** Why one ends that the server has closed in due form: a connection that fails has other reasons. */
export const CLOSED_BY_SERVER = 'closed by the other end';

/**
 * What is told of client connections: from it the clients' history is put together. `server` is the reporter,
 * which is the client itself in all but the first.
 */
export type ClientFact =
  /**
   * A server decides about a connection: `behind` when the client has seen more than this server, `expired`
   * when its session is over or its password wrong. `zxid` is what the server had applied when it was asked.
   */
  | {
      readonly kind: 'client-admitted';
      readonly server: NodeId;
      readonly link: LinkId;
      readonly session: SessionId;
      readonly zxid: Zxid;
      readonly role: ServingRole;
      readonly outcome: 'accepted' | 'behind' | 'expired' | 'refused';
    }
  /** A client asks server `via` for a session, or for its own again. A handle has one session in its life. */
  | {
      readonly kind: 'client-connecting';
      readonly server: NodeId;
      readonly handle: number;
      readonly link: LinkId;
      readonly via: NodeId;
      readonly session: SessionId;
      readonly lastZxidSeen: Zxid;
      /** The timeout that it asks for. */
      readonly timeoutMs: number;
      readonly address: string;
      /** What it shows to prove that the session is its own. */
      readonly password: string;
    }
  /** The server's answer. `expired`: the handle ends. */
  | {
      readonly kind: 'client-connected';
      readonly server: NodeId;
      readonly link: LinkId;
      readonly session: SessionId;
      readonly timeoutMs: number;
      readonly outcome: 'accepted' | 'expired';
      readonly readOnly: boolean;
      readonly password: string;
    }
  | {
      readonly kind: 'client-disconnected';
      readonly server: NodeId;
      readonly link: LinkId;
      readonly because: string;
    }
  /**
   * A client that is served without a quorum asks server `via` whether it has one (`isro`), and hears what it
   * says: `rw`, `ro`, or `null` when it serves nobody.
   */
  | {
      readonly kind: 'quorum-sought';
      readonly server: NodeId;
      readonly via: NodeId;
      readonly link: LinkId;
      readonly answer: 'none' | 'rw' | 'ro' | 'null';
    }
  /** A request leaves. Its body is the service's own. */
  | {
      readonly kind: 'client-sent';
      readonly server: NodeId;
      readonly link: LinkId;
      readonly xid: number;
      readonly operation: Body;
    }
  /** A reply or an event arrives, in the order of the connection's packets. */
  | {
      readonly kind: 'client-received';
      readonly server: NodeId;
      readonly link: LinkId;
      readonly message: ClientMessage;
    }
  /** What a client that follows a recipe believes: its body is the recipe's own. */
  | { readonly kind: 'recipe-step'; readonly server: NodeId; readonly handle: number; readonly step: Body };

/** Each kind as a small number, for the fingerprint; those of the other facts are below 40. */
const CODES: { readonly [K in ClientFact['kind']]: number } = {
  'client-admitted': 40,
  'client-connecting': 41,
  'client-connected': 42,
  'client-disconnected': 43,
  'client-sent': 44,
  'client-received': 45,
  'recipe-step': 46,
  'quorum-sought': 47,
};

/** Whether the fact is one of these. */
export function isClientFact(fact: { readonly kind: string }): fact is ClientFact {
  return fact.kind in CODES;
}

/**
 * Folds the numbers of a fact into the fingerprint. What messages hold is folded when they are delivered;
 * here their kind is enough.
 */
export function foldClientFact(fact: ClientFact, digest: Digest): void {
  digest.word(CODES[fact.kind] * 4096 + fact.server);
  switch (fact.kind) {
    case 'client-admitted':
      digest.integer(fact.link);
      digest.word(chainText(0, fact.session));
      digest.integer(fact.zxid);
      digest.word(chainText(0, fact.outcome));
      return;
    case 'client-connecting':
      digest.word(fact.handle);
      digest.word(fact.via);
      digest.word(chainText(0, fact.session));
      digest.integer(fact.lastZxidSeen);
      return;
    case 'client-connected':
      digest.integer(fact.link);
      digest.word(chainText(0, fact.session));
      digest.word(fact.timeoutMs);
      digest.word(chainText(fact.readOnly ? 1 : 0, fact.outcome));
      return;
    case 'client-disconnected':
      digest.integer(fact.link);
      digest.word(chainText(0, fact.because));
      return;
    case 'client-sent':
      digest.integer(fact.link);
      digest.word(fact.xid);
      digest.word(chainText(0, fact.operation.kind));
      return;
    case 'client-received':
      digest.integer(fact.link);
      digest.word(chainText(0, fact.message.kind));
      return;
    case 'quorum-sought':
      digest.integer(fact.link);
      digest.word(chainText(fact.via, fact.answer));
      return;
    case 'recipe-step':
      digest.word(fact.handle);
      digest.word(chainText(0, fact.step.kind));
      return;
    default:
      unreachable(fact);
  }
}
