import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { QuorumSystem } from '../../src/node/quorum.ts';
import type { ZabRules } from '../../src/protocols/zab/rules.ts';
import { zab } from '../../src/protocols/zab/zab.ts';
import type { ZabEnv } from '../../src/protocols/zab/zab-env.ts';

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ZAB = 'src/protocols/zab';

/** One hunk of a file of a room: the text must occur in it exactly once. */
export interface Patch {
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** A planted mistake, in one of the places where mistakes can be planted. */
export interface Mutant {
  /** What the servers do wrong. */
  readonly name: string;
  readonly rules?: Partial<ZabRules>;
  /** How the servers count; the judges go on counting rightly. */
  readonly quorums?: (quorums: QuorumSystem) => QuorumSystem;
  /** What stands between every server and the world. */
  readonly env?: (env: ZabEnv) => ZabEnv;
  readonly patches?: readonly Patch[];
}

/** A mutant whose code is there. */
export interface LoadedMutant {
  readonly mutant: Mutant;
  readonly createNode: (typeof zab)['createNode'];
  /** The rules that its patches reach, and those that it replaces: a plan knows only ours. */
  readonly rules: Partial<ZabRules>;
}

/** A room's patched code. */
export interface Patched<M> {
  readonly main: M;
  /** What `rules.ts` of the room exports, if a patch reaches it; else nothing. */
  readonly rules: Readonly<Record<string, object>>;
}

/** Patched code by its patches: code is the same however often it is asked for. */
const made = new Map<string, Promise<Patched<{ readonly zab: typeof zab }>>>();

/**
 * Makes the code of a mutant. The patched files, and those that import them, are copied to where nothing is
 * checked in, and imported once; the copies are gone again when this is over.
 *
 * @throws Error when the source has changed, so that a patch does not fit any more
 */
export async function load(mutant: Mutant): Promise<LoadedMutant> {
  const { patches, rules } = mutant;
  if (patches === undefined) return { mutant, createNode: zab.createNode, rules: { ...rules } };
  const key = JSON.stringify(patches);
  const code = made.get(key) ?? importPatched<{ readonly zab: typeof zab }>(ZAB, 'zab.ts', patches);
  made.set(key, code);
  const { main, rules: patched } = await code;
  return { mutant, createNode: main.zab.createNode, rules: { ...patched['FIXED_RULES'], ...rules } };
}

/** What else the world takes from a room, beside its entry and its rules: from our code, patched or not. */
const TAKEN_FROM_OURS: ReadonlySet<string> = new Set(['language.ts', 'config.ts', 'messages.ts']);

/**
 * Imports a file of a room with the patches in it, and in all that it imports of that room.
 *
 * @throws Error for a patch without an effect: of what the world takes from our code
 */
export async function importPatched<M>(
  room: string,
  entry: string,
  patches: readonly Patch[],
): Promise<Patched<M>> {
  const lost = patches.find(({ file }) => TAKEN_FROM_OURS.has(file));
  if (lost !== undefined) throw new Error(`a patch of ${lost.file} has no effect: the world takes ours`);
  const sources = join(project, room);
  const texts = patchedTexts(sources, entry, patches);
  const folder = join(project, 'node_modules/.cache/zabsim-mutants');
  mkdirSync(folder, { recursive: true });
  // Where it really is: imports of what is not copied lead from there, and `node_modules` may be a link.
  const copy = realpathSync(mkdtempSync(join(folder, 'room-')));
  try {
    for (const [file, text] of texts) writeFileSync(join(copy, file), redirected(text, sources, copy, texts));
    const load = (file: string) => import(/* @vite-ignore */ pathToFileURL(join(copy, file)).href);
    const main = (await load(entry)) as M;
    return { main, rules: texts.has('rules.ts') ? await load('rules.ts') : {} };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The patched files and all that import them, directly or not. */
function patchedTexts(
  sources: string,
  entry: string,
  patches: readonly Patch[],
): ReadonlyMap<string, string> {
  const files = readdirSync(sources).filter((file) => file.endsWith('.ts'));
  const all = new Map(files.map((file) => [file, readFileSync(join(sources, file), 'utf8')]));
  for (const patch of patches) all.set(patch.file, patchedText(all.get(patch.file) ?? '', patch));
  const needed = new Set([entry, ...patches.map((patch) => patch.file)]);
  // A set takes in what is added while it is walked.
  for (const file of needed) {
    for (const [other, text] of all) if (text.includes(`from './${file}'`)) needed.add(other);
  }
  return new Map([...needed].map((file) => [file, all.get(file) ?? '']));
}

/** The text with its imports of what is not copied leading to the originals. */
function redirected(
  text: string,
  sources: string,
  copy: string,
  copied: ReadonlyMap<string, string>,
): string {
  return text.replaceAll(/ from '(\.[^']*)'/g, (whole, path: string) => {
    if (copied.has(path.slice(2))) return whole;
    return ` from '${relative(copy, join(sources, path)).replaceAll('\\', '/')}'`;
  });
}

/** The text with the hunk in it. */
export function patchedText(text: string, patch: Patch): string {
  const times = text.split(patch.find).length - 1;
  if (times !== 1) {
    throw new Error(
      `the source has changed: ${patch.file} holds this ${times} times, not once:\n${patch.find}`,
    );
  }
  return text.replace(patch.find, () => patch.put);
}

/** The same environment, with some of its methods replaced. */
export function instead(env: ZabEnv, methods: Partial<ZabEnv>): ZabEnv {
  return {
    self: env.self,
    now: () => env.now(),
    wallMs: () => env.wallMs(),
    work: (work, pieces) => env.work(work, pieces),
    setTimer: (timer, afterUs, subject) => env.setTimer(timer, afterUs, subject),
    cancelTimer: (timer, subject) => env.cancelTimer(timer, subject),
    wake: (stage) => env.wake(stage),
    listen: (port) => env.listen(port),
    unlisten: (port) => env.unlisten(port),
    connect: (peer, port) => env.connect(peer, port),
    close: (link) => env.close(link),
    send: (link, message) => env.send(link, message),
    files: () => env.files(),
    read: (file) => env.read(file),
    append: (file, record) => env.append(file, record),
    remove: (file) => env.remove(file),
    truncate: (file, keep) => env.truncate(file, keep),
    replace: (file, record) => env.replace(file, record),
    sync: (file) => env.sync(file),
    draw: (bound) => env.draw(bound),
    exit: (reason) => env.exit(reason),
    report: (fact) => env.report(fact),
    ...methods,
  };
}

/** A disk that says it has synced these files and has not. */
export function lyingSync(env: ZabEnv, fits: (file: string) => boolean): ZabEnv {
  // Another file is synced in its place: the answer comes as late as the true one would.
  return instead(env, { sync: (file) => env.sync(fits(file) ? 'elsewhere' : file) });
}
