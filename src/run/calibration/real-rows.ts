/** What was measured on a real ensemble, in ms. */
export interface RealFigures {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** A row of the calibration: one figure of one situation. */
export interface RealRow {
  /** Situation and reading, e.g. `leader killed, 3 servers: quorum`. */
  readonly situation: string;
  readonly reading: string;
  readonly real: RealFigures;
}

const row = (situation: string, reading: string, min: number, median: number, max: number): RealRow => ({
  situation,
  reading,
  real: { min, median, max },
});

/**
 * Timings of a real ensemble of ZooKeeper 3.8.0: OpenJDK 17, all servers on one machine with two cores,
 * connected over loopback (the cut ones over virtual Ethernet), ten runs of each situation. Read from the
 * servers' own logs and by clients that write all the time. Times count from the servers' first LOOKING on:
 * how long a JVM takes to boot is not theirs.
 */
export const REAL_ROWS: readonly RealRow[] = [
  row('cold start, 3 servers', 'election of the winner', 238, 424, 722),
  row('cold start, 3 servers', 'election, all servers', 238, 352, 1070),
  row('cold start, 3 servers', 'quorum looking to established', 476, 602, 801),
  row('cold start, 5 servers', 'election of the winner', 299, 665, 1050),
  row('cold start, 5 servers', 'election, all servers', 109, 499, 1437),
  row('cold start, 5 servers', 'quorum looking to established', 527, 694, 835),
  row('cold start, 3 servers, tickTime 200 ms', 'election of the winner', 269, 297, 349),
  row('cold start, 3 servers, tickTime 200 ms', 'election, all servers', 95, 310, 1016),
  row('cold start, 3 servers, tickTime 200 ms', 'quorum looking to established', 351, 524, 706),
  row('staggered start 1, 2, 3', 'election of the completer', 238, 244, 307),
  row('staggered start 1, 2, 3', 'completer looking to established', 304, 360, 439),
  row('staggered start 1, 2, 3', 'election of late joiners', 32, 38, 63),
  row('staggered start 1, 2, 3', 'late joiners looking to serving', 77, 110, 154),
  row('staggered start 3, 2, 1', 'election of the completer', 235, 253, 333),
  row('staggered start 3, 2, 1', 'completer looking to established', 314, 350, 494),
  row('staggered start 3, 2, 1', 'election of late joiners', 37, 46, 180),
  row('staggered start 3, 2, 1', 'late joiners looking to serving', 112, 134, 293),
  row('staggered start 1 to 5', 'election of the completer', 252, 273, 368),
  row('staggered start 1 to 5', 'completer looking to established', 385, 433, 601),
  row('staggered start 1 to 5', 'election of late joiners', 42, 63, 191),
  row('staggered start 1 to 5', 'late joiners looking to serving', 100, 171, 374),
  row('leader killed, 3 servers', 'fault to the first looking', 12, 16, 58),
  row('leader killed, 3 servers', 'election of the winner', 212, 221, 226),
  row('leader killed, 3 servers', 'fault to established', 274, 369, 484),
  row('leader killed, 3 servers', 'gap for writers', 394, 501, 748),
  row('leader killed, 5 servers', 'fault to the first looking', 15, 21, 41),
  row('leader killed, 5 servers', 'election of the winner', 231, 246, 298),
  row('leader killed, 5 servers', 'fault to established', 387, 423, 551),
  row('leader killed, 5 servers', 'gap for writers', 475, 492, 644),
  row('leader killed, 3 servers, tickTime 200 ms', 'fault to the first looking', 10, 14, 22),
  row('leader killed, 3 servers, tickTime 200 ms', 'election of the winner', 210, 213, 424),
  row('leader killed, 3 servers, tickTime 200 ms', 'fault to established', 297, 374, 586),
  row('leader killed, 3 servers, tickTime 200 ms', 'gap for writers', 368, 452, 616),
  row('leader frozen, 3 servers', 'fault to the first looking', 10004, 10012, 10063),
  row('leader frozen, 3 servers', 'fault to established', 10229, 10245, 10806),
  row('leader frozen, 3 servers', 'gap for writers', 10247, 10275, 10836),
  row('leader frozen, 3 servers', 'resumed to serving as a follower', 52, 2028, 2068),
  row('rejoin, 10 writes missed', 'looking to serving', 91, 116, 266),
  row('rejoin, 2 writes too many', 'looking to serving', 85, 122, 377),
  row('rejoin, 2 writes too many, epoch has writes', 'looking to serving', 82, 156, 266),
  row('rejoin, empty disk', 'looking to serving', 92, 124, 139),
  row('rejoin, 700 writes missed', 'looking to serving', 82, 120, 250),
  row('rejoin, 700 writes missed, from the log', 'looking to serving', 143, 210, 310),
  row('rejoin under load', 'looking to serving', 114, 200, 490),
  row('writes, 3 servers, at the leader', 'latency', 0.56, 0.61, 3.2),
  row('writes, 3 servers, at a follower', 'latency', 0.58, 0.62, 0.71),
  row('writes, 5 servers, at the leader', 'latency', 0.78, 0.84, 0.99),
  row('writes, 5 servers, at a follower', 'latency', 0.78, 0.84, 0.93),
  row('leader cut off, 3 servers', 'fault to the first looking', 9964, 10011, 10043),
  row('leader cut off, 3 servers', 'fault to established', 10255, 10344, 10471),
  row('leader cut off, 3 servers', 'fault to the first write', 10278, 10375, 10529),
  row('leader cut off, 3 servers', 'fault to the old leader’s resignation', 10172, 11447, 11880),
  row('leader cut off, 3 servers', 'two leaders at once', -90, 991, 1625),
  row('leader cut off, 3 servers', 'healed to serving as a follower', 138, 660, 3194),
];
