import { VARIANTS, type Variant } from './variants.ts';

// One variant in a process of its own, so that none lives with what V8 learned from another.
process.stdout.write(`${JSON.stringify(VARIANTS[process.argv[2] as Variant]())}\n`);
