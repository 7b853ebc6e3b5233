import { ascending } from '../../core/order.ts';
import type { WireMessage } from '../../protocols/zab/messages.ts';
import type { WireFormat } from '../../sim/wire-format.ts';
import type { EnsemblePlan } from '../plan.ts';
import { ElectionConversation } from './election-conversation.ts';
import { QuorumConversation } from './quorum-conversation.ts';
import type { ServiceBytes } from './service-bytes.ts';

/** What servers and clients of an ensemble say to each other, in ZooKeeper's own bytes. */
export function zabWire(ensemble: EnsemblePlan, service: ServiceBytes): WireFormat<WireMessage> {
  const config = configText(ensemble);
  return {
    converse: (port, dialler) => {
      if (port === 'client') return service.client(dialler);
      if (port === 'election') {
        const back = new ElectionConversation('dialler', config);
        return { forth: new ElectionConversation('dialled', config), back };
      }
      const forth = new QuorumConversation('learner', service, config);
      return { forth, back: new QuorumConversation('leader', service, config) };
    },
  };
}

/** The text that votes and NEWLEADER carry. Source: QuorumVerifier.toString. */
function configText({ voters, observers }: EnsemblePlan): string {
  const lines = [...voters, ...observers]
    .sort(ascending)
    .map((id) => `server.${id}=zk${id}:2888:3888:${observers.includes(id) ? 'observer' : 'participant'}\n`);
  return `${lines.join('')}version=0`;
}
