import { type Stream, seeded } from '../../core/decisions.ts';
import type { Fault } from '../../sim/fault.ts';
import type { Plan } from '../plan.ts';
import { requestsOf } from '../registry/protocols.ts';
import { drawAsk } from './asks.ts';
import { bearable, bearableAtOnce } from './bearable.ts';
import { drawChange, knowChanges, withoutChanges, withoutFrailVoters } from './changes.ts';
import { drawClients } from './draw-clients.ts';
import { drawShape } from './draw-shape.ts';
import { anyScale, happens, pick, within } from './draws.ts';
import { harm, type Reach } from './harm.ts';
import { withoutLooseHeals } from './loose-heals.ts';
import { FAMILIES, type Profile } from './profile.ts';
import { Script } from './script.ts';

/** More faults than that do not fit between the start and the healing. */
const FAULTS_MAX = 60;

/**
 * A changed copy of a random plan: some faults are dropped, doubled, moved or added; now and then the load,
 * the speeds or the settings are drawn anew. What heals in the end stays, and moves on where faults reach
 * further.
 *
 * @param seed of the changes, and of the copy
 */
export function mutate(plan: Plan, seed: number, profile: Profile): Plan {
  const stream = seeded(`mutation ${profile} ${seed}`).stream('changes');
  const { harms, healing } = parts(plan);
  const healsUs = healing[0]?.trigger.atUs ?? lastUs(harms);
  let faults = harms;
  for (let changes = within(stream, 1, 4); changes > 0; changes--) {
    faults = change(stream, faults, plan, profile, healsUs, seed * 8 + changes);
  }
  const activeUs = Math.max(healsUs, lastUs(faults));
  const laterUs = activeUs - healsUs;
  const healed = healing.map((fault) => ({ ...fault, trigger: { ...fault.trigger, atUs: activeUs } }));
  const world = happens(stream, 25) ? changedWorld(stream, plan, activeUs) : plan;
  return {
    ...world,
    title: `A changed copy of a random plan: ${profile}, seed ${seed}`,
    seed,
    durationUs: plan.durationUs + laterUs,
    faults: withoutFrailVoters([...withoutLooseHeals(faults), ...healed]),
  };
}

/** The faults that do harm, and those at the end that undo it. */
function parts({ faults }: Plan): { readonly harms: readonly Fault[]; readonly healing: readonly Fault[] } {
  const from = faults.findIndex(({ action }) => action.verb === 'heal' && action.what === 'all');
  return from < 0
    ? { harms: faults, healing: [] }
    : { harms: faults.slice(0, from), healing: faults.slice(from) };
}

/** From when on none of the faults does anything. */
function lastUs(faults: readonly Fault[]): number {
  return Math.max(
    0,
    ...faults.map(({ trigger: { atUs, afterUs, when }, forUs }) => {
      const firesUs = when === undefined ? (atUs ?? 0) : (when.untilUs ?? 0) + (afterUs ?? 0);
      return firesUs + (forUs ?? 0);
    }),
  );
}

function change(
  stream: Stream,
  faults: readonly Fault[],
  plan: Plan,
  profile: Profile,
  healsUs: number,
  mark: number,
): readonly Fault[] {
  const loose = faults.filter((_, i) => !isBound(faults, i));
  const chosen = loose[loose.length === 0 ? 0 : stream.draw(loose.length)];
  if (chosen === undefined || (faults.length < FAULTS_MAX && happens(stream, 30))) {
    return [...faults, ...added(stream, plan, profile, healsUs, mark)];
  }
  switch (stream.draw(3)) {
    case 0:
      return faults.filter((fault) => fault !== chosen);
    case 1:
      if (faults.length >= FAULTS_MAX) return faults;
      return [...faults, { ...moved(stream, chosen), name: `${chosen.action.verb} ${mark}` }];
    default:
      return faults.map((fault) => (fault === chosen ? moved(stream, fault) : fault));
  }
}

/** Whether a fault belongs together with its neighbour: a disk is damaged while its server is down. */
function isBound(faults: readonly Fault[], place: number): boolean {
  const damages = (fault: Fault | undefined): boolean =>
    fault?.action.verb === 'corrupt' || fault?.action.verb === 'wipe';
  return damages(faults[place]) || damages(faults[place + 1]);
}

/** The same fault, somewhat earlier or later, or at another of the facts that it waits for. */
function moved(stream: Stream, fault: Fault): Fault {
  const { trigger } = fault;
  const byUs = anyScale(stream, 1500) * 1000 * (happens(stream, 50) ? 1 : -1);
  if (trigger.when === undefined) {
    return { ...fault, trigger: { ...trigger, atUs: Math.max(1000, (trigger.atUs ?? 0) + byUs) } };
  }
  const { when } = trigger;
  if (happens(stream, 50)) {
    return { ...fault, trigger: { ...trigger, when: { ...when, nth: within(stream, 1, when.nth + 2) } } };
  }
  return { ...fault, trigger: { ...trigger, afterUs: anyScale(stream, 16_000) } };
}

function added(
  stream: Stream,
  { ensemble, protocol }: Plan,
  profile: Profile,
  healsUs: number,
  mark: number,
): readonly Fault[] {
  const script = new Script(ensemble.voters, ensemble.observers, within(stream, 1, Math.max(1, healsUs)));
  const reach: Reach = {
    longestUs: within(stream, 500, 3000) * 1000,
    windowUs: within(stream, 200, 1500) * 1000,
  };
  const requests = requestsOf(protocol);
  if (requests.length > 0 && happens(stream, 25)) {
    if (knowChanges(requests) && happens(stream, 60)) {
      drawChange(stream, script, FAMILIES[profile], script.atUs);
    } else drawAsk(stream, script, withoutChanges(requests), FAMILIES[profile], script.atUs);
  } else harm(stream, script, pick(stream, FAMILIES[profile]), reach);
  return script.faults.map((fault, i) => ({ ...fault, name: `${fault.action.verb} ${mark}.${i}` }));
}

/** The same servers, with other speeds, or another load. */
function changedWorld(stream: Stream, plan: Plan, activeUs: number): Plan {
  const { network, disk, clock, stages } = drawShape(stream, plan.ensemble.behaviour);
  switch (stream.draw(3)) {
    case 0:
      return bearable({ ...plan, clients: drawClients(stream, activeUs) });
    case 1:
      if (bearableAtOnce(disk.sync, plan.ensemble.settings) < plan.clients.count) return { ...plan, stages };
      return bearable({ ...plan, disk, stages });
    default:
      return bearable({ ...plan, network: { ...network, links: plan.network.links }, clock });
  }
}
