import type { ClientFact } from '../../../../src/node/client-facts.ts';
import { nameOf } from '../../../../src/node/ids.ts';
import type { Outcome } from '../../../../src/run/outcome.ts';
import { parseScenario } from '../../../../src/run/scenario.ts';
import { simulate } from '../../../../src/run/simulate.ts';
import type { ClientRequest, ZnodeMessage } from '../../../../src/znode/client-messages.ts';
import { operationText } from '../../../../src/znode/language.ts';

/** A run, and what its clients told, a line each, without pings: `c1 sends 3 setData /k0`. */
export interface ClientStory {
  readonly outcome: Outcome;
  readonly lines: readonly { readonly atMs: number; readonly text: string }[];
}

const OF_CLIENTS = [
  'client-connecting',
  'client-connected',
  'client-disconnected',
  'client-sent',
  'client-received',
] as const;

/** Runs a scenario of three servers with a tick of 200 ms, quick networks and steady disks. */
export function clientStory(body: string, ensemble = ''): ClientStory {
  const plan = parseScenario(
    [
      'title: a story',
      'duration: 20s',
      'network: { latency: 1ms..1ms }',
      'disk: { sync: 2ms..2ms }',
      `ensemble: { voters: 3, tickTime: 200ms, ${ensemble} }`,
      body,
    ].join('\n'),
  );
  const lines: { atMs: number; text: string }[] = [];
  const outcome = simulate(plan, {
    witnesses: [
      {
        wants: (kind) => (OF_CLIENTS as readonly string[]).includes(kind),
        observe: (event, { atUs }) => {
          const text = lineOf(event as ClientFact);
          if (text !== undefined) lines.push({ atMs: Math.round(atUs / 1000), text });
        },
      },
    ],
  });
  return { outcome, lines };
}

function lineOf(fact: ClientFact): string | undefined {
  const who = nameOf(fact.server);
  switch (fact.kind) {
    case 'client-connecting':
      return `${who} asks ${fact.via} for ${/^0+$/.test(fact.session) ? 'a session' : 'its session'}`;
    case 'client-connected':
      return `${who} is ${fact.outcome}${fact.readOnly ? ', read-only' : ''}, ${fact.timeoutMs} ms`;
    case 'client-disconnected':
      return `${who} is disconnected: ${fact.because}`;
    case 'client-sent': {
      const operation = fact.operation as ClientRequest['operation'];
      return operation.kind === 'ping' ? undefined : `${who} sends ${fact.xid} ${operationText(operation)}`;
    }
    case 'client-received': {
      const message = fact.message as ZnodeMessage;
      if (message.kind === 'event') return `${who} hears ${message.type} ${message.path}`;
      if (message.kind !== 'reply' || message.xid === -2) return undefined;
      const what = message.err === 0 ? (message.result?.kind ?? 'ok') : String(message.err);
      return `${who} gets ${message.xid} ${what}`;
    }
    default:
      return undefined;
  }
}
