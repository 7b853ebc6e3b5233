import { type NodeId, nameOf } from '../../node/ids.ts';
import type { Story } from '../../run/explain/story.ts';
import { sentenceOf } from '../event-sentences.ts';
import { cellText } from '../explain/cell-text.ts';

/** A story as a sequence diagram for Mermaid. */
export function mermaidDiagram({ scenes, servers, target }: Story): string {
  const others = scenes.flatMap(({ by }) => (by === undefined ? [] : [by.from]));
  const everybody = new Set<NodeId>([...servers, ...others]);
  for (const { happening } of scenes) if (happening.who !== undefined) everybody.add(happening.who);
  const participants = [...everybody].sort((a, b) => a - b);
  const all = [participants[0], participants.at(-1)].map((who) => alias(who)).join(',');
  const lines = ['sequenceDiagram'];
  for (const who of participants) lines.push(`participant ${alias(who)} as ${named(who)}`);
  let drawn = -1;
  for (const { happening, by } of scenes) {
    const { who, event, atUs, step } = happening;
    const time = `${(atUs / 1000).toFixed(1)} ms`;
    if (who === undefined) {
      lines.push(`Note over ${all}: ${escaped(`${time} ${sentenceOf(event)}`)}`);
      continue;
    }
    // One message may bring about several things.
    if (by !== undefined && by.from !== who && drawn !== step) {
      lines.push(`${alias(by.from)}->>${alias(who)}: ${escaped(by.message)}`);
      drawn = step;
    }
    lines.push(`Note over ${alias(who)}: ${escaped(`${time} ${cellText(event)}`)}`);
  }
  lines.push(`Note over ${all}: ${escaped(target.text)}`);
  return `${lines.join('\n')}\n`;
}

function alias(who: NodeId | undefined): string {
  return who === undefined ? '' : `p${nameOf(who)}`;
}

function named(who: NodeId): string {
  const name = nameOf(who);
  return name.startsWith('c') ? name : `server ${name}`;
}

/** What means something to Mermaid or to a browser is written as an entity, in Mermaid's spelling. */
function escaped(text: string): string {
  return text.replace(/[#;<>&"]/g, (character) => `#${character.charCodeAt(0)};`).replace(/\s+/g, ' ');
}
