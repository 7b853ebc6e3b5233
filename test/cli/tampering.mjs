// Loaded before zabsim into a Node that is to differ from others: late draws of one stream are other numbers.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const path = require.resolve('seedrandom/lib/alea.js');
const alea = require(path);

require.cache[path].exports = (key) => {
  const next = alea(key);
  let draws = 0;
  return () => {
    draws++;
    const value = next();
    return String(key).includes('link ') && draws > 50 ? 1 - value / 2 : value;
  };
};
