/** Whether the contents of files are compressed in a MachineConfig. */
export enum Compression {
  /** As Butane does: where gzip makes the object smaller, and OpenShift (4.10 and later) decompresses it. */
  AUTO = 'auto',
  /** Never, so that differences stay readable in a review. */
  NONE = 'none',
}
