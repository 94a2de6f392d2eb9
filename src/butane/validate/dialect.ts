/** What Ignition's rules ask about its version. */
export interface IgnitionDialect {
  /** 3.4 and later: clevis and levels may be absent, `none` is a format, S3 may be named by ARN. */
  readonly ignition34: boolean;
  /** 3.5 and later: cex. */
  readonly ignition35: boolean;
}
