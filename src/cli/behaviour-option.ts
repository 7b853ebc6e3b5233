import { ScenarioErrors } from '../core/errors.ts';
import { parseScenario } from '../run/scenario.ts';
import { UsageError } from './usage-error.ts';

/**
 * Reads the words of a `--behaviour`. They are named as in a scenario: a scenario's reader knows them.
 *
 * @throws UsageError for a behaviour that nobody knows, or that is another protocol's
 */
export function behavioursOf(names: readonly string[], protocol: string): readonly string[] {
  const list = names.flatMap((name) => name.split(',')).filter((name) => name !== '' && name !== 'fixed');
  if (list.length === 0) return [];
  try {
    return parseScenario(JSON.stringify({ title: 'fuzz', protocol, ensemble: { behaviour: list } })).ensemble
      .behaviour;
  } catch (error) {
    if (!(error instanceof ScenarioErrors)) throw error;
    const [problem] = error.problems;
    const hint = problem?.suggestion === undefined ? '' : `; did you mean ${problem.suggestion}?`;
    throw new UsageError(`--behaviour ${list.join(' ')}: expected ${problem?.expected}${hint}`);
  }
}
