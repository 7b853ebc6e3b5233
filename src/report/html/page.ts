import { escapeHtml } from './escape-html.ts';

/** The parts of a page. */
export interface PageParts {
  readonly title: string;
  /** HTML. */
  readonly body: string;
  readonly style: string;
  /** Scripts that run after the body, in their order. */
  readonly scripts?: readonly string[];
}

/** Colours and type for light and dark screens. */
const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #667; --ground: #fff; --rule: #dde;
  --shade: #0003;
  --accent: #2457c5;
  --bad: #b3261e; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --dim: #99a; --ground: #15171b; --rule: #334;
  --shade: #fff4;
  --accent: #8ab4ff; --bad: #ff8a80; --good: #6fd08c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 84rem; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.3rem; line-height: 1.3; overflow-wrap: anywhere; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .5rem 0; }
.dim { color: var(--dim); }
.bad { color: var(--bad); }
.good { color: var(--good); }
/* What is wider than the screen scrolls; a shadow at an edge says that there is more. */
.wide { overflow-x: auto; max-width: 100%; background-repeat: no-repeat; background-image:
  linear-gradient(to right, var(--ground) 30%, transparent),
  linear-gradient(to left, var(--ground) 30%, transparent),
  linear-gradient(to right, var(--shade), transparent), linear-gradient(to left, var(--shade), transparent);
  background-position: left, right, left, right;
  background-size: 2rem 100%, 2rem 100%, .7rem 100%, .7rem 100%;
  background-attachment: local, local, scroll, scroll; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: .15rem .6rem; text-align: right; border-bottom: 1px solid var(--rule);
  white-space: nowrap; }
th { color: var(--dim); font-weight: 600; }
th:first-child, td:first-child { text-align: left; }
`;

/**
 * A self-contained page: it asks the network for nothing, and its policy forbids that it could. Titles and
 * texts are escaped here; the body is HTML already.
 */
export function page({ title, body, style, scripts = [] }: PageParts): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}${style}</style>`,
    '</head>',
    '<body>',
    body,
    ...scripts.map((script) => `<script>${script}</script>`),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
