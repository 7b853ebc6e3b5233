import { formatZxid } from '../../core/zxid.ts';
import { nameOf } from '../../node/ids.ts';
import type { Story } from '../../run/explain/story.ts';
import { sentenceOf } from '../event-sentences.ts';

/** A story as a JSON value; times are virtual µs, zxids `0x…`, what is not known is null. */
export function storyJson({
  target,
  scenes,
  events,
  inCone,
  views,
  stretches,
}: Story): Record<string, unknown> {
  const zxid = (value: number): string | null => (value < 0 ? null : formatZxid(value));
  const epoch = (value: number): number | null => (value < 0 ? null : value);
  return {
    explains: {
      text: target.text,
      detail: target.detail,
      atUs: target.atUs,
      servers: target.servers,
      invariant: target.violation?.invariant ?? null,
    },
    events,
    inCone,
    scenes: scenes.map(({ happening: { atUs, step, who, event }, by }) => ({
      atUs,
      event: step,
      who: who === undefined ? null : nameOf(who),
      kind: event.kind,
      text: sentenceOf(event),
      by: by === undefined ? null : { from: nameOf(by.from), message: by.message, sentAtUs: by.sentAtUs },
    })),
    servers: views.map((view) => ({
      id: view.server,
      role: view.role,
      acceptedEpoch: epoch(view.acceptedEpoch),
      acceptedOnDisk: epoch(view.acceptedOnDisk),
      currentEpoch: epoch(view.currentEpoch),
      currentOnDisk: epoch(view.currentOnDisk),
      logged: zxid(view.logged),
      committed: zxid(view.committed),
      applied: zxid(view.applied),
    })),
    stretches,
  };
}
