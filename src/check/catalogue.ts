import { Acks } from './acks.ts';
import { Commits } from './commits.ts';
import { Deliveries } from './deliveries.ts';
import { Election } from './election.ts';
import { EpochFiles } from './epoch-files.ts';
import { Findings } from './findings.ts';
import { Leadership } from './leadership.ts';
import { Ledger } from './ledger.ts';
import { Logs } from './logs.ts';
import type { Accuse, EnsembleFacts, Monitor } from './monitor.ts';
import { States } from './states.ts';

/**
 * Makes the safety monitors of one run, in the order in which each event is shown to them: the ledger they
 * share comes first. Liveness is judged apart, from the same ledger.
 */
export function createMonitors(
  ensemble: EnsembleFacts,
  accuse: Accuse,
  ledger: Ledger = new Ledger(ensemble),
): Monitor[] {
  return [
    ledger,
    new Leadership(ledger, accuse),
    new Commits(ledger, accuse),
    new Deliveries(ledger, accuse),
    new Logs(ledger, accuse),
    new Findings(ledger, accuse),
    new Election(ledger, accuse),
    new EpochFiles(ledger, accuse),
    new Acks(ledger, accuse),
    new States(ledger, accuse),
  ];
}
