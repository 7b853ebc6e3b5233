import { nameOf } from '../../node/ids.ts';
import type { Happening } from '../../run/explain/recording.ts';
import type { Story } from '../../run/explain/story.ts';
import { cellText } from '../explain/cell-text.ts';
import { milliseconds } from '../milliseconds.ts';
import { escapeHtml, jsonInScript } from './escape-html.ts';
import { page } from './page.ts';
import { spaceTimeData } from './space-time-data.ts';
import { SPACE_TIME_VIEWER } from './space-time-viewer.ts';

const STYLE = `
#layout { display: grid; grid-template-columns: minmax(0, 1fr) 20rem; gap: 1rem; }
#stage { position: relative; }
#diagram { width: 100%; height: 78vh; display: block; border: 1px solid var(--rule); touch-action: none;
  cursor: crosshair; }
#tip { position: absolute; max-width: 260px; padding: .3rem .5rem; background: var(--ink);
  color: var(--ground);
  font-size: 12px; border-radius: 4px; pointer-events: none; overflow-wrap: anywhere; }
#detail { white-space: pre-wrap; font-size: 13px; min-height: 3.2em; overflow-wrap: anywhere; }
#story { list-style: none; margin: 0; padding: 0; max-height: 72vh; overflow-y: auto; font-size: 13px; }
#story button { all: unset; box-sizing: border-box; display: block; overflow-wrap: anywhere;
  width: 100%; padding: .15rem .3rem; cursor: pointer; }
#story button:hover, #story button:focus-visible { background: var(--rule); }
#tools { display: flex; flex-wrap: wrap; gap: .3rem .9rem; margin: .5rem 0; font-size: 13px;
  align-items: center; }
#tools button { font: inherit; padding: 0 .6rem; }
@media (max-width: 60rem) { #layout { grid-template-columns: minmax(0, 1fr); } #diagram { height: 62vh; } }
`;

const TOOLS = ['fact', 'txn', 'message', 'disk', 'timer', 'fault'].map((name) => {
  const label = {
    fact: 'protocol',
    txn: 'transactions',
    message: 'messages',
    disk: 'disks and links',
    timer: 'timers',
    fault: 'faults',
  }[name];
  const checked = name === 'timer' ? '' : ' checked';
  return `<label><input type="checkbox" data-class="${name}"${checked}> ${label}</label>`;
});

/**
 * The space-time diagram of a whole run as a page of its own: participants are columns, time goes down,
 * messages are lines. `story`: what it begins with, and what is marked.
 */
export function spaceTimePage(
  title: string,
  happenings: readonly Happening[],
  story: Story | undefined,
): string {
  const events = `${happenings.length} events`;
  const told = story === undefined ? [] : [story.target.text, story.target.detail];
  const about = told
    .filter((part) => part !== '')
    .map((part) => `<p class="${story?.target.violation ? 'bad' : ''}">${escapeHtml(part)}</p>`);
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    ...about,
    `<p class="dim">${events}. Drag or scroll to move, Ctrl and scroll to zoom, click to read.</p>`,
    '<div id="tools">',
    '<button id="zoom-in" aria-label="zoom in">+</button>',
    '<button id="zoom-out" aria-label="zoom out">−</button>',
    '<button id="whole">whole run</button>',
    ...TOOLS,
    '</div>',
    '<div id="layout"><div id="stage">',
    '<canvas id="diagram" tabindex="0" aria-label="space-time diagram"></canvas><div id="tip" hidden></div>',
    '<div id="detail" aria-live="polite"></div></div>',
    `<ol id="story">${storyItems(story)}</ol></div>`,
  ].join('\n');
  const data = `const DATA = ${jsonInScript(spaceTimeData(happenings, story))};`;
  return page({ title, body, style: STYLE, scripts: [data, SPACE_TIME_VIEWER] });
}

function storyItems(story: Story | undefined): string {
  if (story === undefined) return '';
  return story.scenes
    .map(({ happening: { id, atUs, who, event } }) => {
      const name = who === undefined ? 'world' : nameOf(who);
      const mark = id === story.target.id ? ' class="bad"' : '';
      const text = `${milliseconds(atUs)} ms · ${name} · ${cellText(event)}`;
      return `<li${mark}><button data-row="${id}">${escapeHtml(text)}</button></li>`;
    })
    .join('');
}
