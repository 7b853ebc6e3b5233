/** A sequence number as the end of a name: `%010d`, the sign counted. Source: PrepRequestProcessor. */
export function sequenceSuffix(cversion: number): string {
  return cversion < 0 ? `-${String(-cversion).padStart(9, '0')}` : String(cversion).padStart(10, '0');
}
