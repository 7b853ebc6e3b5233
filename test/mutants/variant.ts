import type { ZabConfig } from '../../src/protocols/zab/config.ts';
import type { StartWorld } from '../../src/run/registry/protocols.ts';
import { startZab, type ZabVariant } from '../../src/run/zab-world.ts';
import { load, type Mutant } from './mutation.ts';

/** The world of a plan whose servers all make a mutant's mistake. */
export async function startMutant(mutant: Mutant): Promise<StartWorld> {
  const { createNode, rules } = await load(mutant);
  const configure = (config: ZabConfig): ZabConfig => ({
    ...config,
    quorums: mutant.quorums?.(config.quorums) ?? config.quorums,
    rules: { ...config.rules, ...rules },
  });
  const variant: ZabVariant =
    mutant.env === undefined ? { createNode, configure } : { createNode, configure, wrap: mutant.env };
  return (plan, decisions, witness) => startZab(plan, decisions, witness, variant);
}
