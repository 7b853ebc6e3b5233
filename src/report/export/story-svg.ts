import { isServer, type NodeId, nameOf } from '../../node/ids.ts';
import type { Story } from '../../run/explain/story.ts';
import { sentenceOf } from '../event-sentences.ts';
import { cellText } from '../explain/cell-text.ts';
import { escapeHtml } from '../html/escape-html.ts';
import { milliseconds } from '../milliseconds.ts';

const ROW = 26;
const TOP = 70;
const LEFT = 90;
const COLUMN = 210;
const CHARACTERS = 30;
const FONT = 'font-family="system-ui, sans-serif" font-size="12"';
const MARKER = 'markerWidth="7" markerHeight="7" refX="9" refY="3.5" orient="auto"';
const TIP = '<path d="M0 0L7 3.5L0 7z" fill="#2457c5"/>';
const STYLE = [
  'text{fill:#1b1f24}.head{font-weight:600}.time{text-anchor:end;fill:#667}',
  '.bad{fill:#b3261e}.life{stroke:#ccd}.fault{stroke:#b3261e;stroke-dasharray:4 3}',
  '.message{stroke:#2457c5}.dot{fill:#2457c5}.target{fill:#b3261e}.ground{fill:#fff}',
].join('');

/**
 * A story as a space-time diagram in SVG: a row for each scene, an arrow for each message that brought one.
 */
export function storySvg({ scenes, servers, target }: Story): string {
  const senders = scenes.flatMap(({ by }) => (by === undefined ? [] : [by.from]));
  const everybody = new Set<NodeId>([...servers, ...senders]);
  for (const { happening } of scenes) if (happening.who !== undefined) everybody.add(happening.who);
  const columns = [...everybody].sort((a, b) => a - b);
  const x = (who: NodeId): number => LEFT + COLUMN * columns.indexOf(who) + 20;
  const width = LEFT + COLUMN * columns.length;
  const height = TOP + ROW * (scenes.length + 1);
  const parts = columns.map((who) => {
    const name = isServer(who) ? `server ${who}` : nameOf(who);
    const head = `<text x="${x(who)}" y="${TOP - 18}" class="head">${name}</text>`;
    return `${head}<line x1="${x(who)}" y1="${TOP - 8}" x2="${x(who)}" y2="${height - 8}" class="life"/>`;
  });
  let drawn = -1;
  for (const [index, { happening, by }] of scenes.entries()) {
    const y = TOP + ROW * index + 10;
    const { who, event, atUs, id } = happening;
    parts.push(`<text x="${LEFT - 14}" y="${y + 4}" class="time">${milliseconds(atUs)} ms</text>`);
    if (who === undefined) {
      const words = escapeHtml(short(sentenceOf(event), (width - LEFT) / 7));
      parts.push(`<line x1="${LEFT}" y1="${y}" x2="${width}" y2="${y}" class="fault"/>`);
      parts.push(`<text x="${LEFT + 4}" y="${y - 4}" class="bad">${words}</text>`);
      continue;
    }
    if (by !== undefined && by.from !== who && drawn !== happening.step) {
      drawn = happening.step;
      const arrow = `x1="${x(by.from)}" y1="${y - ROW * 0.6}" x2="${x(who)}" y2="${y}"`;
      const title = `<title>${escapeHtml(by.message)}</title>`;
      parts.push(`<line ${arrow} class="message" marker-end="url(#tip)">${title}</line>`);
    }
    const look = id === target.id ? 'r="6" class="target"' : 'r="4" class="dot"';
    parts.push(`<circle cx="${x(who)}" cy="${y}" ${look}/>`);
    const words = escapeHtml(short(cellText(event), CHARACTERS));
    const title = `<title>${escapeHtml(sentenceOf(event))}</title>`;
    parts.push(`<text x="${x(who) + 9}" y="${y + 4}">${title}${words}</text>`);
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${FONT}>`,
    `<style>${STYLE}</style>`,
    `<defs><marker id="tip" ${MARKER}>${TIP}</marker></defs>`,
    `<rect width="${width}" height="${height}" class="ground"/>`,
    `<text x="10" y="22" class="head">${escapeHtml(short(target.text, (width - 20) / 7))}</text>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function short(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, Math.floor(most) - 1))}…`;
}
