/**
 * Where the outside world leaks in although it type-checks and lints: through a name that a dependency uses.
 */
const LEAKS: readonly (readonly [owner: object, name: string])[] = [
  [Date, 'now'],
  [Math, 'random'],
  [globalThis, 'setTimeout'],
  [globalThis, 'setInterval'],
  [globalThis, 'setImmediate'],
  [globalThis, 'queueMicrotask'],
  [performance, 'now'],
  [process, 'hrtime'],
  [process, 'nextTick'],
  [crypto, 'getRandomValues'],
  [crypto, 'randomUUID'],
];

/**
 * Runs `fn` while every clock, timer and source of chance of the machine throws, then puts them back. A
 * deterministic run notices nothing. `fn` must be synchronous: what it left for later would run untested.
 */
export function withTripwire<T>(fn: () => T): T {
  const saved = LEAKS.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name));
  const clock = Object.getOwnPropertyDescriptor(globalThis, 'Date');
  try {
    for (const [owner, name] of LEAKS) {
      const value = () => trip(name);
      Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    }
    Object.defineProperty(globalThis, 'Date', { value: frozenDate(), configurable: true, writable: true });
    const result = fn();
    if (result instanceof Promise) throw new Error('tripwire: the run went on after it had returned');
    return result;
  } finally {
    if (clock !== undefined) Object.defineProperty(globalThis, 'Date', clock);
    for (const [i, [owner, name]] of LEAKS.entries()) {
      const before = saved[i];
      if (before === undefined) Reflect.deleteProperty(owner, name);
      else Object.defineProperty(owner, name, before);
    }
  }
}

/** A Date that still converts, and throws where it would read the clock. */
function frozenDate(): DateConstructor {
  return new Proxy(Date, {
    construct: (target, args) => (args.length === 0 ? trip('new Date') : Reflect.construct(target, args)),
    apply: () => trip('Date()'),
  });
}

function trip(name: string): never {
  throw new Error(`tripwire: ${name} was called`);
}
