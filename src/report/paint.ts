/** Colours, or none. What `picocolors` makes fits. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

const same = (text: string): string => text;

/** No colours: for files, pipes and tests. */
export const UNPAINTED: Paint = { bold: same, dim: same, green: same, red: same, yellow: same };
