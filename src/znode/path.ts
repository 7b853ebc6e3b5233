/** The root of the tree. Requests may also name it by the empty path. */
export const ROOT = '/';

/** Paths that no request can delete. Source: DataTree.isSpecialPath. */
const SPECIAL: ReadonlySet<string> = new Set(['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']);

/**
 * What is wrong with a path, or undefined when it is well formed: `/`, or `/` followed by components that are
 * not empty, not `.` and not `..`, without control characters, surrogates, private use and U+FFF0..FFFF.
 * Judged by UTF-16 units. Source: PathUtils.validatePath.
 */
export function pathProblem(path: string): string | undefined {
  if (path.length === 0) return 'a path has at least one character';
  if (path.charCodeAt(0) !== 0x2f) return 'a path starts with /';
  if (path.length === 1) return undefined;
  if (path.endsWith('/')) return 'a path does not end with /';
  for (let i = 1; i < path.length; i++) {
    const unit = path.charCodeAt(i);
    if (unit === 0x2f) {
      if (path.charCodeAt(i - 1) === 0x2f) return 'a path has no empty component';
    } else if (isBarred(unit)) {
      return `a path has no character U+${unit.toString(16).toUpperCase().padStart(4, '0')}`;
    }
  }
  for (const component of path.slice(1).split('/')) {
    if (component === '.' || component === '..') return 'a path has no relative component';
  }
  return undefined;
}

/** Whether the path is well formed. */
export function isValidPath(path: string): boolean {
  return pathProblem(path) === undefined;
}

/** The path under which the tree keeps a node: the root has one name only. */
export function treePath(path: string): string {
  return path === '' ? ROOT : path;
}

/**
 * What stands before the last `/`: the empty path for a child of the root. Undefined when the path has no `/`
 * or holds U+0000, which every request that changes children refuses first.
 */
export function parentOf(path: string): string | undefined {
  const slash = path.lastIndexOf('/');
  return slash === -1 || path.includes('\u0000') ? undefined : path.slice(0, slash);
}

/** What stands behind the last `/`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of a child. */
export function childPath(parent: string, name: string): string {
  return parent === ROOT || parent === '' ? `/${name}` : `${parent}/${name}`;
}

/** Whether the path is one of the nodes that always exist. */
export function isSpecialPath(path: string): boolean {
  return SPECIAL.has(path);
}

function isBarred(unit: number): boolean {
  return (
    unit <= 0x1f || (unit >= 0x7f && unit <= 0x9f) || (unit >= 0xd800 && unit <= 0xf8ff) || unit >= 0xfff0
  );
}
