import { expect, test } from 'vitest';
import { PREDICATES } from '../../src/check/history/predicate.ts';
import type { Plan } from '../../src/run/plan.ts';
import { REQUEST_MUTANTS } from './request-mutants.ts';
import {
  addressPlan,
  askingPlan,
  busyPlan,
  calmPlan,
  checkingPlan,
  clientsSaw,
  closingPlan,
  densePlan,
  dyingPlan,
  emptiedPlan,
  failingPlan,
  forgedPlan,
  forsakenPlan,
  isolatedPlan,
  laggingPlan,
  loadService,
  localOwnersPlan,
  localPlan,
  lockPlan,
  movingPlan,
  oddPlan,
  quotaPlan,
  readOnlyPlan,
  reapedPlan,
  secondTermPlan,
  slowlyReapedPlan,
  splitPlan,
  syncingPlan,
  unheardPlan,
  upgradingPlan,
  variedPlan,
} from './service-harness.ts';
import { SERVICE_MUTANTS } from './service-mutants.ts';

const mutants = { ...SERVICE_MUTANTS, ...REQUEST_MUTANTS };

/**
 * For each mistake in the real service the guarantees that clients see broken by it, and the seed that shows
 * it; a few more are tried when the code has moved on. Without the mistake nothing is broken.
 */
const ROWS: readonly [
  mutant: keyof typeof mutants,
  broken: readonly string[],
  plan: (seed: number) => Plan,
  seed: number,
][] = [
  ['submitsTwice', ['K1', 'K2'], busyPlan, 2],
  ['readsOvertake', ['K3'], busyPlan, 2],
  ['admitsAnybody', ['K4w'], laggingPlan, 1],
  ['keepsOldData', ['K5'], busyPlan, 2],
  ['ignoresVersions', ['K6'], busyPlan, 1],
  ['miscountsPending', ['K6'], closingPlan, 6],
  ['reapsEarly', ['K6'], reapedPlan, 1],
  ['reapsUnused', ['K6'], reapedPlan, 1],
  ['reapsNothing', ['K6'], reapedPlan, 1],
  ['losesContainers', ['K6'], emptiedPlan, 1],
  ['halfMultis', ['K7'], busyPlan, 2],
  ['losesOwners', ['K8'], busyPlan, 1],
  ['servesWithoutLeader', ['K9'], isolatedPlan, 3],
  ['answersFirst', ['K10'], busyPlan, 2],
  ['forgetsParents', ['K11'], busyPlan, 2],
  ['firesForEver', ['K12'], busyPlan, 2],
  ['rearmsBlindly', ['K11', 'K12'], busyPlan, 2],
  ['leavesEphemerals', ['K13'], busyPlan, 2],
  ['dropsTouches', ['K14'], busyPlan, 2],
  ['expiresLate', ['K14'], busyPlan, 1],
  ['forgetsLocals', ['K14'], localPlan, 1],
  ['syncsAtOnce', ['K15'], laggingPlan, 2],
  ['forgetsOwners', ['K2', 'K16'], movingPlan, 2],
  ['saysOver', ['K14'], splitPlan, 1],
  ['firstOwnerStays', ['K6'], variedPlan, 1],
  ['touchesWithMost', ['K14'], dyingPlan, 1],
  ['keepsFirstEntry', ['K6'], variedPlan, 1],
  ['removesInVain', ['K11'], variedPlan, 1],
  ['removesTooMuch', ['K11'], variedPlan, 1],
  ['frees', ['K13'], variedPlan, 1],
  ['newLeaderForgets', ['K14'], forsakenPlan, 1],
  ['endedStaysConnected', ['K14'], unheardPlan, 1],
  ['hangsUp', ['K14'], busyPlan, 1],
  ['grantsAnything', ['K14'], askingPlan, 1],
  ['namesTheFirst', ['K5'], askingPlan, 1],
  ['ignoresQuotas', ['K6'], quotaPlan, 1],
  ['countsOneLess', ['K6'], quotaPlan, 1],
  ['forgetsUse', ['K6'], quotaPlan, 1],
  ['takesAnyPassword', ['K14'], forgedPlan, 1],
  ['claimsQuorum', ['K9'], readOnlyPlan, 1],
  ['turnsReadersAway', ['K9'], readOnlyPlan, 1],
  ['hidesReadOnly', ['K9'], readOnlyPlan, 1],
  ['losesRequests', ['K17'], calmPlan, 1],
  ['closesForGood', ['K17'], splitPlan, 2],
  ['ownsUnasked', ['K6'], localOwnersPlan, 1],
  ['ownsUnasked', ['K14'], upgradingPlan, 1],
  ['refusesLocals', ['K14'], localPlan, 1],
  ['neverUpgrades', ['K6'], upgradingPlan, 1],
  ['namesLocals', ['K6'], variedPlan, 1],
  ['losesWithoutQuorum', ['K6'], readOnlyPlan, 1],
  ['blindWithoutQuorum', ['K5'], readOnlyPlan, 1],
  ['garblesAbsence', ['K6'], busyPlan, 1],
  ['timesSyncsOut', ['K15'], busyPlan, 1],
  ['checksAway', ['K11'], checkingPlan, 1],
  ['reapsAtOnce', ['K6'], slowlyReapedPlan, 1],
  ['keepsBarriers', ['K17'], syncingPlan, 1],
  ['hidesFirstChild', ['K5', 'lin', 'recipe'], lockPlan, 8],
  ['anyAddress', ['K6'], addressPlan, 1],
  ['expiresTheEnded', ['K14'], busyPlan, 1],
  ['takesAnyPath', ['K6'], oddPlan, 1],
  ['deletesSpecial', ['K6'], oddPlan, 1],
  ['takesEmptyAcl', ['K6'], oddPlan, 1],
  ['keepsDoubles', ['K6'], oddPlan, 1],
  ['authIsTheFirst', ['K6'], oddPlan, 1],
  ['provesLate', ['K6'], oddPlan, 1],
  ['livesForEver', ['K6'], oddPlan, 1],
  ['remembersFailed', ['K13'], failingPlan, 1],
  ['missesEnds', ['K11'], densePlan, 1],
  ['laterAcl', ['K12'], densePlan, 1],
  ['reapsOnceMore', ['K6'], secondTermPlan, 1],
];

const TRIED = 5;

test.each(ROWS)('%s is found out: %s', async (name, wanted, plan, first) => {
  const code = await loadService(mutants[name]);
  const shows = (rules: readonly string[]) =>
    wanted.every((predicate) => rules.some((rule) => rule.startsWith(`${predicate} `)));
  const seeds = Array.from({ length: TRIED }, (_, i) => first + i);
  const killer = seeds.find((seed) => shows(clientsSaw(plan(seed), code)));
  expect(killer, `seeds ${first}..${first + TRIED - 1} do not show ${wanted.join(', ')}`).toBeDefined();
  expect(clientsSaw(plan(killer ?? first), await loadService())).toEqual([]);
});

test('every guarantee is broken by some mistake', () => {
  const broken = new Set(ROWS.flatMap(([, predicates]) => predicates));
  // K4 itself is what K4w is there for: a client cannot see an older state where no server lets it in.
  expect(Object.keys(PREDICATES).filter((predicate) => !broken.has(predicate))).toEqual(['K4']);
});
