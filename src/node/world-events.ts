import type { Zxid } from '../core/zxid.ts';
import type { NodeId } from './ids.ts';
import type { Work } from './work.ts';

/**
 * What the world testifies to: what it did to a participant, whatever that participant believes. Built only
 * when a monitor, a trigger or a trace asks for the kind.
 */
export type WorldEvent =
  /** A process starts; `incarnation` counts from 1. */
  | { readonly kind: 'restarted'; readonly server: NodeId; readonly incarnation: number }
  /** A process ended: by SIGKILL, SIGTERM, loss of power, or by its own exit. */
  | {
      readonly kind: 'crashed';
      readonly server: NodeId;
      readonly how: 'crash' | 'stop' | 'power-cut' | 'exit';
      readonly reason: string;
    }
  | { readonly kind: 'paused' | 'resumed' | 'wiped'; readonly server: NodeId }
  /** A record was written to a file; volatile until `synced`. `record` is its kind. */
  | FileRecordEvent<'appended'>
  /** The file was replaced by one record; volatile until `synced`. */
  | FileRecordEvent<'replaced'>
  /**
   * What was done to the file before the sync began is durable: `count` records, and all cuts but the last
   * `cuts` (none if undefined), which came while it ran.
   */
  | {
      readonly kind: 'synced';
      readonly server: NodeId;
      readonly file: string;
      readonly count: number;
      readonly cuts?: number;
    }
  /** The file was cut to `count` records; volatile until `synced`. */
  | { readonly kind: 'truncated'; readonly server: NodeId; readonly file: string; readonly count: number }
  | { readonly kind: 'removed'; readonly server: NodeId; readonly file: string }
  /**
   * A power cut: the file now holds `count` records, all durable (0: or no such file). `torn`: a part of one
   * more stays behind them. A file whose replacement was lost has `count` 1 and the old record's `position`.
   */
  | {
      readonly kind: 'lost';
      readonly server: NodeId;
      readonly file: string;
      readonly count: number;
      readonly position: number;
      readonly torn: boolean;
    }
  /** A record was damaged in place by a disk fault. `index` counts from 0. */
  | {
      readonly kind: 'corrupted';
      readonly server: NodeId;
      readonly file: string;
      readonly index: number;
      /** `torn`: readers take the record for the end of the file; `flipped`: its checksum is wrong. */
      readonly how: 'torn' | 'flipped';
      readonly position: number;
    }
  /** What was on the disk before the first start: an event for each record, then a `synced` for each file. */
  | FileRecordEvent<'found'>
  /** A log record became durable. */
  | { readonly kind: 'txn-logged'; readonly server: NodeId; readonly zxid: Zxid }
  /**
   * A scripted fault fired on `servers`. `effect` is false when it found nothing to do. `sides`: between whom
   * it lies, as the fault names them; for a one-way cut the senders come first. `twice`: whom several of the
   * fault's groups name; they are on the side of the first. `asked`: for what an operator asked
   * them; `subject` 0: about nobody in particular.
   */
  | {
      readonly kind: 'fault-fired';
      readonly name: string;
      readonly verb: string;
      readonly servers: readonly NodeId[];
      readonly sides?: readonly (readonly NodeId[])[];
      readonly twice?: readonly NodeId[];
      readonly asked?: { readonly request: string; readonly subject: NodeId };
      readonly effect: boolean;
    }
  /** A lasting fault ended, by `heal` or by its `for`. */
  | { readonly kind: 'fault-ended'; readonly name: string; readonly verb: string }
  /** Whether `from` can reach `to` changed. */
  | { readonly kind: 'reachable'; readonly from: NodeId; readonly to: NodeId; readonly reachable: boolean }
  | {
      readonly kind: 'link-opened';
      readonly link: number;
      readonly from: NodeId;
      readonly to: NodeId;
      readonly port: string;
    }
  | { readonly kind: 'link-closed'; readonly link: number; readonly server: NodeId; readonly reason: string }
  /** A message leaves. Without a connection, `link` is −n for the nth such message of its sender. */
  | {
      readonly kind: 'sent';
      readonly link: number;
      readonly from: NodeId;
      readonly to: NodeId;
      readonly message: string;
    }
  | {
      readonly kind: 'delivered';
      readonly link: number;
      readonly from: NodeId;
      readonly to: NodeId;
      readonly message: string;
    }
  | {
      readonly kind: 'timer-fired';
      readonly server: NodeId;
      readonly timer: string;
      readonly subject: number;
    }
  /** A server is done with something that had kept it busy. */
  | { readonly kind: 'worked'; readonly server: NodeId; readonly work: Work };

interface FileRecordEvent<K extends string> {
  readonly kind: K;
  readonly server: NodeId;
  readonly file: string;
  readonly record: string;
  readonly position: number;
  readonly digest: number;
}
