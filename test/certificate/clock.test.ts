import { now } from '../../src/certificate/clock';

const given = process.env.SOURCE_DATE_EPOCH;
afterEach(() => {
  if (given === undefined) delete process.env.SOURCE_DATE_EPOCH;
  else process.env.SOURCE_DATE_EPOCH = given;
});

test('SOURCE_DATE_EPOCH is the time', () => {
  process.env.SOURCE_DATE_EPOCH = '1767225600';
  expect(now().toISOString()).toBe('2026-01-01T00:00:00.000Z');
});

test('it may be the last time that there is', () => {
  process.env.SOURCE_DATE_EPOCH = '8640000000000';
  expect(now().toISOString()).toBe('+275760-09-13T00:00:00.000Z');
});

test.each([undefined, ''])('without it (%p) it is now', (value) => {
  if (value === undefined) delete process.env.SOURCE_DATE_EPOCH;
  else process.env.SOURCE_DATE_EPOCH = value;
  expect(Math.abs(now().getTime() - Date.now())).toBeLessThan(10_000);
});

test.each(['yesterday', '-1', '1.5', '1e9', '99999999999999', '8640000000001'])('%p is no time', (value) => {
  process.env.SOURCE_DATE_EPOCH = value;
  expect(() => now()).toThrow(expect.objectContaining({
    name: 'InputError',
    message: `environment variable SOURCE_DATE_EPOCH ('${value}') is no time: it must be the number of seconds since 1970-01-01 00:00 `
      + 'UTC, such as 1767225600',
  }));
});
