/**
 * The simulator as a library: a scenario's text goes in, what came of it comes out. Pure and synchronous,
 * without files, clocks or anything of Node, so that it runs in a browser too.
 */
export type { Violation } from './check/monitor.ts';
export { DefectError } from './core/assert.ts';
export { formatProblem, ScenarioErrors, type ScenarioProblem } from './core/errors.ts';
export { counterOf, epochOf, formatZxid, makeZxid, type Zxid } from './core/zxid.ts';
export type { Fact, Moment, TraceEvent } from './node/facts.ts';
export { type NodeId, nameOf, nodeId } from './node/ids.ts';
export type { Participant, Protocol } from './node/protocol.ts';
export type { Service } from './node/service.ts';
export type { WorldEvent } from './node/world-events.ts';
export { zab } from './protocols/zab/zab.ts';
export { traceJsonl } from './report/trace-jsonl.ts';
export { traceText } from './report/trace-text.ts';
export type { FaultStep, LeaderTerm, Outcome, ServerOutcome, Unmet, Verdict } from './run/outcome.ts';
export type { Plan } from './run/plan.ts';
export { parseScenario } from './run/scenario.ts';
export { scenarioJsonSchema } from './run/schema.ts';
export { type SimulateOptions, simulate } from './run/simulate.ts';
export { counterService } from './znode/counter.ts';
