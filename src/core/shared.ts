/**
 * Values that thousands of objects hold in common: plain, and frozen to their depth. What was found out about one holds for as long as
 * it is there, so that it need not be found out again for each object that holds it.
 */
const SHARED = new WeakSet<object>();

/** Freezes a plain map or list that is to be held by many; what is inside has to be shared already, or to be no object. */
export function shared<T extends object>(value: T): T {
  SHARED.add(Object.freeze(value));
  return value;
}

/** Whether a value is one that never changes. */
export function isShared(value: object): boolean {
  return SHARED.has(value);
}

/** Works something out once for each shared value, and each time for any other; what else is given has to follow from the value. */
export function oncePerShared<T extends object, More extends unknown[], R>(
  work: (value: T, ...more: More) => R,
): (value: T, ...more: More) => R {
  const known = new WeakMap<T, R>();
  return (value, ...more) => {
    if (!SHARED.has(value)) return work(value, ...more);
    let result = known.get(value);
    if (result === undefined) known.set(value, result = work(value, ...more));
    return result;
  };
}
