/** What others needed to find the same bugs, as published; they explore specifications, not code. */
export const PUBLISHED: Readonly<Record<string, string>> = {
  'ZOOKEEPER-1419': 'SandTable (EuroSys 2024): 4 min on 20 workers, depth 41',
  'ZOOKEEPER-2845': 'Disalg: 12 s by BFS, 2 s by random simulation',
  'ZOOKEEPER-3023': 'Remix (EuroSys 2025): 11 s on 16 workers',
  'ZOOKEEPER-3911': 'Disalg: 42 s by BFS, 89 s by random simulation',
  'ZOOKEEPER-4394': 'Remix (EuroSys 2025): 9 s on 16 workers',
  'ZOOKEEPER-4643': 'Remix: 17 s on 16 workers; Disalg: 69 s',
  'ZOOKEEPER-4646': 'Remix: 109 s on 16 workers; Disalg: 26 s',
  'ZOOKEEPER-4685': 'Remix: 10 s on 16 workers; Disalg: 20 s',
  'ZOOKEEPER-4712': 'Remix (EuroSys 2025): 11 s on 16 workers',
  'ZOOKEEPER-1653': 'SAMC (OSDI 2014): 11 executions, random 3,756 (recalled)',
  'ZOOKEEPER-790': 'SAMC (OSDI 2014): 7 executions, random 225 (recalled)',
  'ZOOKEEPER-975': 'SAMC (OSDI 2014): 53 executions, random 71 (recalled)',
};
