/** What a deadline was set for. */
interface Deadline {
  readonly timer: string;
  readonly subject: number;
  /** Local µs; infinite: it was cancelled. */
  dueUs: number;
  /** What wakes us, maybe early: then it is set again. */
  alarm: NodeJS.Timeout | undefined;
  /** Local µs for which the alarm is set. */
  alarmUs: number;
}

/** The longest that the platform's own timers take, ms. */
const MAX_ALARM_MS = 2_147_483_647;

/**
 * The timers of a node in real time. A timer is a deadline: moving it back, as every message does with a
 * timeout, costs no call of the platform.
 */
export class Deadlines {
  readonly #now: () => number;
  readonly #due: (timer: string, subject: number) => void;
  readonly #deadlines = new Map<string, Deadline>();

  /**
   * @param now local µs
   * @param due what happens when a deadline has come
   */
  constructor(now: () => number, due: (timer: string, subject: number) => void) {
    this.#now = now;
    this.#due = due;
  }

  set(timer: string, afterUs: number, subject: number): void {
    const key = `${timer} ${subject}`;
    let deadline = this.#deadlines.get(key);
    if (deadline === undefined) {
      deadline = { timer, subject, dueUs: Infinity, alarm: undefined, alarmUs: Infinity };
      this.#deadlines.set(key, deadline);
    }
    deadline.dueUs = this.#now() + afterUs;
    if (deadline.alarmUs > deadline.dueUs) this.#arm(deadline);
  }

  cancel(timer: string, subject: number): void {
    const deadline = this.#deadlines.get(`${timer} ${subject}`);
    if (deadline !== undefined) deadline.dueUs = Infinity;
  }

  /** Nothing is due any more. */
  stop(): void {
    for (const { alarm } of this.#deadlines.values()) clearTimeout(alarm);
    this.#deadlines.clear();
  }

  #arm(deadline: Deadline): void {
    clearTimeout(deadline.alarm);
    deadline.alarmUs = deadline.dueUs;
    const afterMs = Math.max(0, Math.ceil((deadline.dueUs - this.#now()) / 1000));
    deadline.alarm = setTimeout(() => this.#rang(deadline), Math.min(afterMs, MAX_ALARM_MS));
  }

  #rang(deadline: Deadline): void {
    deadline.alarmUs = Infinity;
    if (deadline.dueUs === Infinity) return;
    if (deadline.dueUs > this.#now()) {
      this.#arm(deadline);
      return;
    }
    deadline.dueUs = Infinity;
    this.#due(deadline.timer, deadline.subject);
  }
}
