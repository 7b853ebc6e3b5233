import type { PartResult, Result } from '../../check/history/request.ts';
import type { ClientRequest, Reply, ReplyResult } from '../../znode/client-messages.ts';
import type { MultiOperation } from '../../znode/requests.ts';
import type { ChangeResult, ReadResult } from '../../znode/results.ts';
import { recordedAcl, recordedBytes, recordedStat } from './recorded-values.ts';

type Operation = ClientRequest['operation'];

/** What a reply said, as a history has it: the fields that the packet carries. */
export interface RecordedReply {
  /** 0 for ok; of a failed multi the code of the part that failed. */
  readonly error: number;
  readonly result: Result;
}

/** Reads a reply to that operation. */
export function recordedReply(operation: Operation, { err, result }: Reply): RecordedReply {
  if (err !== 0 || result === undefined) return { error: err, result: {} };
  if (result.kind === 'multi') {
    const parts = result.results.map((part, i) => recordedPart(partOf(operation, i), part));
    const culprit = parts.find((part) => part.error !== 0);
    return { error: culprit?.error ?? 0, result: { parts } };
  }
  if (result.kind === 'multiRead') {
    return { error: 0, result: { parts: result.results.map(recordedPartRead) } };
  }
  return { error: 0, result: recordedResult(operation.kind, result) };
}

function recordedResult(asked: string, result: ReplyResult): Result {
  switch (result.kind) {
    case 'created':
      return asked === 'create'
        ? { path: result.path }
        : { path: result.path, stat: recordedStat(result.stat) };
    case 'dataSet':
    case 'aclSet':
    case 'stat':
      return { stat: recordedStat(result.stat) };
    case 'data':
      return { data: recordedBytes(result.data), stat: recordedStat(result.stat) };
    case 'acl':
      return { acl: recordedAcl(result.acl), stat: recordedStat(result.stat) };
    case 'children':
      return asked === 'getChildren2'
        ? { children: result.children, stat: recordedStat(result.stat) }
        : { children: result.children };
    case 'paths':
      return { paths: result.paths };
    case 'number':
      return { count: result.number };
    case 'synced':
      return { path: result.path };
    case 'identity':
      return { identities: result.identity };
    default:
      return {};
  }
}

function partOf(operation: Operation, i: number): MultiOperation | undefined {
  return operation.kind === 'multi' ? operation.operations[i] : undefined;
}

function recordedPart(part: MultiOperation | undefined, result: ChangeResult): PartResult {
  if (result.kind === 'failed') return { error: result.err };
  // Within a multi only containers and nodes with a time to live are answered with a Stat.
  const asked = part?.kind === 'create2' ? 'create' : (part?.kind ?? 'create');
  return { error: 0, ...recordedResult(asked, result) };
}

function recordedPartRead(result: ReadResult): PartResult {
  if (result.kind === 'failed') return { error: result.err };
  return { error: 0, ...recordedResult('getChildren', result) };
}
