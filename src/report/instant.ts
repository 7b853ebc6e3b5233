const LAST_MS = 8640000000000000n;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time in ms since 1970 as `2026-11-22 08:57:59.252`, UTC; as a number where no calendar has it. */
export function instantText(ms: bigint): string {
  return inCalendar(ms, (date) => date.toISOString().slice(0, -1).replace('T', ' '));
}

/** A time as ZooKeeper's TxnLogToolkit prints it in the United States: `11/22/26, 8:57:59 AM UTC`. */
export function logInstant(ms: bigint): string {
  return inCalendar(ms, (date) => {
    const hours = date.getUTCHours();
    const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${two(date.getUTCFullYear() % 100)}`;
    const time = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
    return `${day}, ${time} ${hours < 12 ? 'AM' : 'PM'} UTC`;
  });
}

/** A time as ZooKeeper's SnapshotFormatter prints it: `Sun Nov 22 08:57:59 UTC 2026`. */
export function snapshotInstant(ms: bigint): string {
  return inCalendar(ms, (date) => {
    const day = `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())}`;
    const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
    return `${day} ${time} UTC ${date.getUTCFullYear()}`;
  });
}

function inCalendar(ms: bigint, text: (date: Date) => string): string {
  return ms < -LAST_MS || ms > LAST_MS ? `${ms} ms` : text(new Date(Number(ms)));
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
