import { describe, expect, test } from 'vitest';
import { makeZxid, type Zxid } from '../../../src/core/zxid.ts';
import type { ClientMessage } from '../../../src/node/content.ts';
import type { Conversation } from '../../../src/node/wire-format.ts';
import { treeClient } from '../../../src/run/bytes/tree-client.ts';
import { OPEN_ACL } from '../../../src/znode/acl.ts';
import {
  type ClientRequest,
  type ReplyResult,
  XID_PING,
  type ZnodeMessage,
} from '../../../src/znode/client-messages.ts';
import { failed } from '../../../src/znode/results.ts';
import type { Stat } from '../../../src/znode/stat.ts';

/*
 * Every request and reply of the tree, over the bytes of a client's connection.
 */

const data = Uint8Array.of(1, 2, 255);
const zxid = makeZxid(3, 7);
const stat: Stat = {
  czxid: makeZxid(1, 2),
  mzxid: zxid,
  ctimeMs: 1795337879496,
  mtimeMs: 1795337879503,
  version: 4,
  cversion: -2,
  aversion: 1,
  ephemeralOwner: 'ff0000000000000a',
  dataLength: 3,
  numChildren: 9,
  pzxid: makeZxid(2, 0),
};
const none: Stat = {
  czxid: 0 as Zxid,
  mzxid: 0 as Zxid,
  ctimeMs: 0,
  mtimeMs: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: '0000000000000000',
  dataLength: 0,
  numChildren: 0,
  pzxid: 0 as Zxid,
};
const acl = [{ perms: 5, scheme: 'digest', id: 'me:secret' }];
const made = { path: '/a/ü', data, acl, flags: 2 };

type Asked = ClientRequest['operation'];

/** What is asked for, and what comes back as the packet tells it. */
const dialogues: readonly (readonly [Asked, ReplyResult | undefined])[] = [
  [
    { kind: 'create', ...made },
    { kind: 'created', path: '/a/ü1', stat: none },
  ],
  [
    { kind: 'create2', ...made, data: null, acl: null },
    { kind: 'created', path: '/a', stat },
  ],
  [
    { kind: 'createContainer', ...made },
    { kind: 'created', path: '/a', stat },
  ],
  [
    { kind: 'createTTL', ...made, ttlMs: 1099511627775 },
    { kind: 'created', path: '/a', stat },
  ],
  [
    { kind: 'delete', path: '/a', version: -1 },
    { kind: 'deleted', path: '/a', acl: OPEN_ACL },
  ],
  [
    { kind: 'deleteContainer', path: '/c' },
    { kind: 'deleted', path: '/c', acl: OPEN_ACL },
  ],
  [
    { kind: 'setData', path: '/a', data, version: 3 },
    { kind: 'dataSet', path: '/a', stat },
  ],
  [
    { kind: 'setACL', path: '/a', acl, version: 0 },
    { kind: 'aclSet', path: '/a', stat },
  ],
  [
    {
      kind: 'multi',
      operations: [
        { kind: 'create', ...made },
        { kind: 'create2', ...made },
        { kind: 'setData', path: '/b', data, version: 1 },
        { kind: 'delete', path: '/c', version: 1 },
        { kind: 'check', path: '/d', version: 2 },
      ],
    },
    {
      kind: 'multi',
      aborted: false,
      results: [
        { kind: 'created', path: '/a/ü', stat: none },
        { kind: 'created', path: '/a/ü', stat },
        { kind: 'dataSet', path: '/b', stat },
        { kind: 'deleted', path: '/c', acl: OPEN_ACL },
        { kind: 'checked', path: '/d' },
      ],
    },
  ],
  [
    { kind: 'multi', operations: [{ kind: 'check', path: '/d', version: 2 }] },
    { kind: 'multi', aborted: true, results: [failed(-103)] },
  ],
  [{ kind: 'closeSession' }, undefined],
  [
    { kind: 'exists', path: '/a', watch: true },
    { kind: 'stat', stat },
  ],
  [
    { kind: 'getData', path: '/a', watch: false },
    { kind: 'data', data: null, stat },
  ],
  [
    { kind: 'getChildren', path: '/', watch: true },
    { kind: 'children', children: ['a', 'ü'], stat: none },
  ],
  [
    { kind: 'getChildren2', path: '/', watch: true },
    { kind: 'children', children: [], stat },
  ],
  [
    { kind: 'getACL', path: '/a' },
    { kind: 'acl', acl, stat },
  ],
  [
    { kind: 'getAllChildrenNumber', path: '/' },
    { kind: 'number', number: 12 },
  ],
  [
    { kind: 'getEphemerals', prefix: '/' },
    { kind: 'paths', paths: ['/e'] },
  ],
  [
    {
      kind: 'multiRead',
      operations: [
        { kind: 'getData', path: '/a' },
        { kind: 'getChildren', path: '/b' },
        { kind: 'getData', path: '/x' },
      ],
    },
    {
      kind: 'multiRead',
      results: [
        { kind: 'data', data, stat },
        { kind: 'children', children: ['c'], stat: none },
        failed(-101),
      ],
    },
  ],
  [
    { kind: 'sync', path: '/a' },
    { kind: 'synced', path: '/a' },
  ],
  [{ kind: 'whoAmI' }, { kind: 'identity', identity: [{ scheme: 'ip', id: '10.0.0.1' }] }],
  [{ kind: 'addWatch', path: '/a', mode: 'persistent-recursive' }, undefined],
  [{ kind: 'checkWatches', path: '/a', type: 'persistent' }, undefined],
  [{ kind: 'removeWatches', path: '/a', type: 'children' }, undefined],
  [
    {
      kind: 'setWatches',
      since: zxid,
      data: ['/a'],
      exist: [],
      child: ['/b', '/c'],
      persistent: [],
      recursive: [],
    },
    undefined,
  ],
  [
    {
      kind: 'setWatches',
      since: zxid,
      data: [],
      exist: ['/a'],
      child: [],
      persistent: ['/p'],
      recursive: ['/r'],
    },
    undefined,
  ],
  [{ kind: 'ping' }, undefined],
  [{ kind: 'auth', scheme: 'digest', auth: 'me:pässword' }, undefined],
  [{ kind: 'unsupported', opcode: 99 }, undefined],
];

/** Sends a message byte by byte; what is read after the last one. */
function over(conversation: Conversation<ClientMessage>, message: ZnodeMessage): ClientMessage | undefined {
  const bytes = conversation.write(message);
  for (const byte of bytes.subarray(0, -1)) {
    conversation.push(Uint8Array.of(byte));
    expect(conversation.next()).toBeUndefined();
  }
  conversation.push(bytes.subarray(-1));
  return conversation.next();
}

const connect: ZnodeMessage = {
  kind: 'connect',
  lastZxidSeen: zxid,
  timeoutMs: 10000,
  session: '0300001db6bb0001',
  password: '00112233445566778899aabbccddeeff',
  readOnly: true,
  address: '10.0.0.7',
};
const connected: ZnodeMessage = {
  kind: 'connected',
  timeoutMs: 8000,
  session: '0300001db6bb0001',
  password: 'ff112233445566778899aabbccddee00',
  readOnly: false,
};

function open(): ReturnType<typeof treeClient> {
  const client = treeClient('');
  expect(over(client.forth, connect)).toEqual(connect);
  expect(over(client.back, connected)).toEqual(connected);
  return client;
}

describe('over the bytes of a connection', () => {
  test.each(dialogues.map(([asked, result]) => [asked.kind, asked, result] as const))(
    '%s is asked for and answered',
    (_kind, operation, result) => {
      const { forth, back } = open();
      const xid = operation.kind === 'ping' ? XID_PING : 12;
      const asked: ZnodeMessage = { kind: 'client-request', xid, operation };
      expect(over(forth, asked)).toEqual(asked);
      const reply: ZnodeMessage = { kind: 'reply', xid, zxid, err: 0, result };
      expect(over(back, reply)).toEqual(reply);
    },
  );

  test('a reconfiguration, and a read that makes no sense, come as such', () => {
    const { forth } = open();
    for (const operation of [{ kind: 'reconfig' }, { kind: 'malformed', opcode: 4 }] as const) {
      const asked: ZnodeMessage = { kind: 'client-request', xid: 12, operation };
      expect(over(forth, asked)).toEqual(asked);
    }
  });

  test('a request that makes no sense stays one', () => {
    const { forth } = open();
    const asked: ZnodeMessage = { kind: 'client-request', xid: 3, operation: { kind: 'undecodable' } };
    expect(over(forth, asked)).toEqual(asked);
  });

  test('a failure has no result', () => {
    const { forth, back } = open();
    over(forth, { kind: 'client-request', xid: 1, operation: { kind: 'delete', path: '/a', version: 0 } });
    const reply: ZnodeMessage = { kind: 'reply', xid: 1, zxid: -1 as Zxid, err: -101, result: undefined };
    expect(over(back, reply)).toEqual(reply);
  });

  test('events come between replies', () => {
    const { back } = open();
    for (const type of ['created', 'deleted', 'data-changed', 'children-changed'] as const) {
      const event: ZnodeMessage = { kind: 'event', zxid, type, path: '/a' };
      expect(over(back, event)).toEqual(event);
    }
  });

  test('replies to several requests in flight each find their own', () => {
    const { forth, back } = open();
    const first: Asked = { kind: 'getData', path: '/a', watch: false };
    const second: Asked = { kind: 'exists', path: '/a', watch: false };
    over(forth, { kind: 'client-request', xid: 1, operation: first });
    over(forth, { kind: 'client-request', xid: 2, operation: second });
    const one: ZnodeMessage = { kind: 'reply', xid: 1, zxid, err: 0, result: { kind: 'data', data, stat } };
    const two: ZnodeMessage = { kind: 'reply', xid: 2, zxid, err: 0, result: { kind: 'stat', stat } };
    back.push(Buffer.concat([back.write(one), back.write(two)]));
    expect([back.next(), back.next(), back.next()]).toEqual([one, two, undefined]);
  });

  test.each(['rw', 'ro', 'null'] as const)('a word is answered with %s', (text) => {
    const { forth, back } = treeClient('');
    expect(over(forth, { kind: 'word', word: 'isro' })).toEqual({ kind: 'word', word: 'isro' });
    expect(over(back, { kind: 'word-answer', text })).toEqual({ kind: 'word-answer', text });
  });
});
