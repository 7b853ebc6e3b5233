/** What clients have that a scenario does not say otherwise. */
export const CLIENT_DEFAULTS = {
  sessionTimeoutUs: 10000000,
  keys: 8,
  valueSize: 32,
  pipeline: 1,
  readers: 0,
  holdUs: 100000,
} as const;
