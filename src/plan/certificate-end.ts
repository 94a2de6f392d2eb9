const DAY = 24 * 60 * 60 * 1000;

/** When a certificate ends. */
export interface CertificateEnd {
  /** In ISO 8601; undefined where nobody can say. */
  readonly notAfter?: string;
  /** Whole days until then; negative once it has ended. */
  readonly daysLeft?: number;
}

/** @param end in milliseconds; NaN where nobody can say */
export function certificateEnd(end: number, time: Date): CertificateEnd {
  return Number.isNaN(end) ? {} : { notAfter: new Date(end).toISOString(), daysLeft: Math.floor((end - time.getTime()) / DAY) };
}
