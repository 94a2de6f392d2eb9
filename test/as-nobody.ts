/** Root reads every file; as root the work is done as nobody, so that permissions count. */
export function asNobody<T>(work: () => T): T {
  if (process.getuid!() !== 0) return work();
  try {
    process.seteuid!(65534);
    return work();
  } finally {
    process.seteuid!(0);
  }
}
