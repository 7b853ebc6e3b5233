import { describe, expect, test } from 'vitest';
import { ConfigChanges } from '../../../src/check/config-changes.ts';
import { configTxn } from '../../../src/node/content.ts';
import { NO_SESSION, nodeId } from '../../../src/node/ids.ts';
import { Story, z } from './story.ts';

/** Three voters, of whom 3 leads epoch 1, and servers 4 and 5, which have no vote. */
function running(): Story {
  return Story.running(3, 2, 0, (accuse, ledger) => [new ConfigChanges(ledger, accuse)]);
}

/** The leader proposes and logs another ensemble; it says that it goes by it where `says`. */
function propose(story: Story, zxid: number, voters: readonly number[], says = true): Story {
  const txn = configTxn(voters.map(nodeId), []);
  const record = { session: NO_SESSION, cxid: 0, timeMs: 0, txn };
  story.tell({ kind: 'txn-proposed', server: 3, zxid, digest: txn.digest, record });
  logs(story, 3, zxid, txn.digest);
  return says ? adopts(story, 3, zxid, voters) : story;
}

function logs(story: Story, sid: number, zxid: number, digest: number): Story {
  return story.append(sid, zxid, digest).sync(sid);
}

function adopts(story: Story, server: number, zxid: number, voters: readonly number[]): Story {
  return story.tell({ kind: 'config-adopted', server, zxid, voters, observers: [] });
}

/** What is broken, of what is about commits and configurations. */
function broken(story: Story): readonly string[] {
  const ours = ['majority-commit', 'no-lost-commit', 'one-change-at-a-time', 'newest-configuration'];
  return story.broken().filter((name) => ours.includes(name));
}

const FOUR = [1, 2, 3, 4];
const DIGEST = configTxn(FOUR.map(nodeId), []).digest;

describe('whoever has a vote by the newest entry in the log of the leader decides', () => {
  test('with four voters, three have to hold what is committed', () => {
    const story = propose(running(), z(1, 1), FOUR);
    logs(story, 4, z(1, 1), DIGEST);
    expect(broken(story.commit(3, z(1, 1)))).toEqual(['majority-commit']);
  });

  test('and the new one counts', () => {
    const story = propose(running(), z(1, 1), FOUR);
    for (const sid of [2, 4]) logs(story, sid, z(1, 1), DIGEST);
    expect(broken(story.commit(3, z(1, 1)))).toEqual([]);
  });

  test('a server that removes itself does not count', () => {
    const story = propose(running(), z(1, 1), [1, 2]);
    logs(story, 2, z(1, 1), configTxn([nodeId(1), nodeId(2)], []).digest);
    expect(broken(story.commit(3, z(1, 1)))).toEqual(['majority-commit']);
  });
});

describe('a change follows the one before', () => {
  test('once that is committed', () => {
    const story = propose(running(), z(1, 1), FOUR);
    for (const sid of [1, 2]) logs(story, sid, z(1, 1), DIGEST);
    expect(broken(propose(story.commit(3, z(1, 1)), z(1, 2), [1, 2, 3, 4, 5]))).toEqual([]);
  });

  test('and not before', () => {
    const story = propose(running(), z(1, 1), FOUR);
    expect(broken(propose(story, z(1, 2), [1, 2, 3, 4, 5]))).toEqual(['one-change-at-a-time']);
  });

  test('by one vote', () => {
    expect(broken(propose(running(), z(1, 1), [1, 2, 3, 4, 5]))).toEqual(['one-change-at-a-time']);
    expect(broken(propose(running(), z(1, 1), [1, 2, 4]))).toEqual(['one-change-at-a-time']);
  });

  test('not before anything of its epoch is committed', () => {
    const story = new Story(3, 2, undefined, 0, (accuse, ledger) => [new ConfigChanges(ledger, accuse)]);
    for (const sid of story.servers) story.start(sid).epochFile(sid, 'acceptedEpoch', 0);
    story.elect(1, 3, [1, 2], 0, 0).discover(1, 3, [1, 2], 0, 0);
    expect(broken(propose(story, z(1, 1), FOUR))).toEqual(['one-change-at-a-time']);
  });
});

describe('a server goes by the newest configuration in its log', () => {
  test('from when it is there', () => {
    const story = propose(running(), z(1, 1), FOUR, false);
    for (const sid of [1, 2]) logs(story, sid, z(1, 1), DIGEST);
    expect(broken(story.commit(3, z(1, 1)))).toEqual(['newest-configuration']);
  });

  test('until it is cut', () => {
    const cut = () => {
      const story = running().write(3, [1, 2], z(1, 1));
      propose(story, z(1, 2), FOUR);
      return story.cut(3, 1);
    };
    const truncated = { kind: 'log-truncated', server: 3, zxid: z(1, 1) } as const;
    expect(broken(cut().tell(truncated))).toEqual(['newest-configuration']);
    expect(broken(adopts(cut(), 3, 0, [1, 2, 3]).tell(truncated))).toEqual([]);
  });

  test('after a restart, too', () => {
    const again = () => propose(running(), z(1, 1), FOUR).crash(3).start(3, z(1, 1));
    const offered = { kind: 'epoch-offered', server: 3, epoch: 2 } as const;
    expect(broken(again().tell(offered))).toEqual(['newest-configuration']);
    expect(broken(adopts(again(), 3, z(1, 1), FOUR).tell(offered))).toEqual([]);
  });
});
