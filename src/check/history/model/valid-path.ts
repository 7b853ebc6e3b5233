/** Whether it is a path, as `validatePath` has it: over UTF-16 units. Source: PathUtils. */
export function isValidPath(path: string): boolean {
  if (path === '' || path[0] !== '/') return false;
  if (path.length === 1) return true;
  for (const name of path.slice(1).split('/')) {
    if (name === '' || name === '.' || name === '..') return false;
  }
  for (let i = 0; i < path.length; i++) {
    if (isBadUnit(path.charCodeAt(i))) return false;
  }
  return true;
}

function isBadUnit(unit: number): boolean {
  return (
    unit <= 0x1f ||
    (unit >= 0x7f && unit <= 0x9f) ||
    (unit >= 0xd800 && unit <= 0xf8ff) ||
    (unit >= 0xfff0 && unit <= 0xffff)
  );
}
