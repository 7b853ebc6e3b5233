// Which mutants the fuzzer's random plans kill, in how many runs, and in how much processor time:
//   npx tsx test/mutants/measure.ts [profile] [seconds per mutant] [name prefix …]
import { nemesis } from '../../src/run/fuzz/nemesis.ts';
import type { Profile } from '../../src/run/fuzz/profile.ts';
import { findingsOf } from '../../src/run/fuzz/run-chunk.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { Mutant } from './mutation.ts';
import { OTHER_MUTANTS } from './other-mutants.ts';
import { PUBLIC_MUTANTS } from './public-mutants.ts';
import { STEP_MUTANTS } from './step-mutants.ts';
import { startMutant } from './variant.ts';

const [profile = 'all', seconds = '20', ...prefixes] = process.argv.slice(2);
const mutants: Readonly<Record<string, Mutant>> = { ...PUBLIC_MUTANTS, ...OTHER_MUTANTS, ...STEP_MUTANTS };

for (const [name, mutant] of Object.entries(mutants)) {
  if (prefixes.length > 0 && !prefixes.some((prefix) => name.startsWith(prefix))) continue;
  const start = await startMutant(mutant);
  const began = process.cpuUsage();
  const spent = (): number => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e6;
  };
  const firsts = new Map<string, string>();
  let runs = 0;
  for (let seed = 1; spent() < Number(seconds) && !(firsts.has('tier 1-2') && firsts.has('any')); seed++) {
    runs++;
    const plan = nemesis(seed, { profile: profile as Profile, behaviour: [] });
    for (const { tier, invariant } of findingsOf(simulate(plan, { start, untilSettled: true }))) {
      const told = `${runs} runs ${spent().toFixed(1)} s ${invariant}`;
      if (!firsts.has('any')) firsts.set('any', told);
      if (tier <= 2 && !firsts.has('tier 1-2')) firsts.set('tier 1-2', told);
    }
  }
  const missed = `not in ${runs} runs, ${spent().toFixed(1)} s`;
  const shown = ['any', 'tier 1-2'].map((key) => (firsts.get(key) ?? missed).padEnd(44));
  console.log(`${name.padEnd(22)} ${shown.join(' ')} ${mutant.name}`);
}
