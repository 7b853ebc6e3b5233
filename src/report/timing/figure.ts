import { MEASURES, type MeasureName } from '../../run/timing/measures.ts';

/** A figure of a measure as people read it, without its unit: times in ms, all else as whole numbers. */
export function figure(measure: MeasureName, value: number): string {
  return MEASURES[measure].unit === 'us' ? (value / 1000).toFixed(1) : String(value);
}

const UNITS = { us: 'ms', perSecond: '/s', count: '' } as const;

/** The unit of such a figure; empty for a number of things. */
export function unitOf(measure: MeasureName): string {
  return UNITS[MEASURES[measure].unit];
}

/** A measure's name with its unit: `failover ms`. */
export function headOf(measure: MeasureName): string {
  return `${measure} ${unitOf(measure)}`.trimEnd();
}
