import { InputError } from '../core/input-error';

/**
 * The time that certificates are judged at: the only clock of this library, and nothing that it says goes into a manifest.
 *
 * @throws when `SOURCE_DATE_EPOCH` is set to something that is no time
 * @see https://reproducible-builds.org/specs/source-date-epoch/
 */
export function now(): Date {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  if (epoch === undefined || epoch === '') return new Date();
  // 8.64e12 seconds is the last time that a Date holds.
  if (!/^\d{1,13}$/.test(epoch) || Number(epoch) > 8.64e12) {
    throw new InputError(
      `environment variable SOURCE_DATE_EPOCH ('${epoch}') is no time: it must be the number of seconds since 1970-01-01 00:00 UTC, `
        + 'such as 1767225600',
    );
  }
  return new Date(Number(epoch) * 1000);
}
