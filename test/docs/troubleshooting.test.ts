import { readFileSync } from 'fs';
import { join } from 'path';
import { troubleshootingPage } from '../../projenrc/troubleshooting-page';
import { LOG_SIGNS, PLAYED_FAULTS, signsIn } from '../../src/peer/log-signs';

test('the page of faults is that of the data today: npx projen troubleshooting writes it', () => {
  expect(readFileSync(join(__dirname, '../../docs/the-tunnel-does-not-come-up.md'), 'utf8')).toBe(troubleshootingPage());
});

test('each line that the page shows is known by its own sign', () => {
  expect(LOG_SIGNS.map(({ recorded }) => signsIn(recorded).map(({ sign }) => sign.id))).toEqual(LOG_SIGNS.map(({ id }) => [id]));
});

test('each fault that the lab plays has signs that there are', () => {
  const ids = new Set(LOG_SIGNS.map(({ id }) => id));
  const used = PLAYED_FAULTS.flatMap(({ libreswan = {}, strongSwan = {} }) => [...Object.values(libreswan), ...Object.values(strongSwan)]);
  expect(used.filter((id) => !ids.has(id))).toEqual([]);
});
