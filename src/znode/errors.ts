/**
 * ZooKeeper's error codes under the names that its protocol documents use. Source: KeeperException.Code.
 */
export const ERRORS = Object.freeze({
  OK: 0,
  SYSTEMERROR: -1,
  RUNTIMEINCONSISTENCY: -2,
  DATAINCONSISTENCY: -3,
  CONNECTIONLOSS: -4,
  MARSHALLINGERROR: -5,
  UNIMPLEMENTED: -6,
  OPERATIONTIMEOUT: -7,
  BADARGUMENTS: -8,
  UNKNOWNSESSION: -12,
  NEWCONFIGNOQUORUM: -13,
  RECONFIGINPROGRESS: -14,
  APIERROR: -100,
  NONODE: -101,
  NOAUTH: -102,
  BADVERSION: -103,
  NOCHILDRENFOREPHEMERALS: -108,
  NODEEXISTS: -110,
  NOTEMPTY: -111,
  SESSIONEXPIRED: -112,
  INVALIDCALLBACK: -113,
  INVALIDACL: -114,
  AUTHFAILED: -115,
  SESSIONMOVED: -118,
  NOTREADONLY: -119,
  EPHEMERALONLOCALSESSION: -120,
  NOWATCHER: -121,
  REQUESTTIMEOUT: -122,
  RECONFIGDISABLED: -123,
  SESSIONCLOSEDREQUIRESASLAUTH: -124,
  QUOTAEXCEEDED: -125,
  THROTTLEDOP: -127,
} as const);

/** The name of an error: `NONODE`. */
export type ErrorName = keyof typeof ERRORS;

/** The number of an error, as replies and error transactions carry it: −101. */
export type ErrorCode = (typeof ERRORS)[ErrorName];

const NAMES: ReadonlyMap<number, ErrorName> = new Map(
  Object.entries(ERRORS).map(([name, code]) => [code, name as ErrorName]),
);

/** The name of an error code; undefined when ZooKeeper has no such code. */
export function errorName(code: number): ErrorName | undefined {
  return NAMES.get(code);
}
