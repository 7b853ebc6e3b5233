import { formatZxid, type Zxid } from '../core/zxid.ts';
import type { NodeView } from '../node/protocol.ts';
import type { ZooCfg } from '../run/zoo-cfg.ts';
import { version } from './version.ts';

/** The words that a server of ours has an answer to. */
const KNOWN: ReadonlySet<string> = new Set(['isro', 'ruok', 'srvr']);

/**
 * The four-letter words that a zoo.cfg lets a server answer, of those that it knows: `srvr`, which scripts
 * need, `isro` where there is a read-only mode, and what `4lw.commands.whitelist` names. Source:
 * FourLetterCommands.
 */
export function allowedWords(cfg: ZooCfg, readOnlyMode: boolean): ReadonlySet<string> {
  const named = (cfg.get('4lw.commands.whitelist') ?? '').split(',').map((word) => word.trim());
  if (named.includes('*')) return KNOWN;
  const always = readOnlyMode ? ['srvr', 'isro'] : ['srvr'];
  return new Set([...KNOWN].filter((word) => always.includes(word) || named.includes(word)));
}

/** What a server answers to a word. Sources: the classes of org.apache.zookeeper.server.command. */
export function wordAnswer(word: string, allowed: ReadonlySet<string>, view: NodeView): string {
  if (!allowed.has(word)) return `${word} is not executed because it is not in the whitelist.\n`;
  const readOnly = view.serves === 'read-only';
  if (word === 'ruok') return 'imok';
  if (word === 'isro') return view.serves === undefined ? 'null' : readOnly ? 'ro' : 'rw';
  if (view.serves === undefined) return 'This ZooKeeper instance is not currently serving requests\n';
  return [
    `Zookeeper version: zabsim ${version()}\n`,
    readOnly ? 'READ-ONLY mode; serving only read-only clients\n' : '',
    `Zxid: ${formatZxid(view.lastZxid as Zxid)}\n`,
    `Mode: ${MODES[view.serves]}\n`,
  ].join('');
}

/** Source: QuorumStats.Provider. */
const MODES = {
  leading: 'leader',
  following: 'follower',
  observing: 'observer',
  'read-only': 'read-only',
} as const;
