import { readFileSync } from 'fs';
import { join } from 'path';

const read = (path: string) => readFileSync(join(__dirname, '../..', path), 'utf8');
/** What libreswan said in the lab, whose act `traffic` fails where it says something else today. */
const RECORDED = read('test/e2e/recorded/trafficstatus');

test('what docs/first-tunnel.md shows of libreswan and a ping is what the lab recorded, in that order', () => {
  const shown = [...read('docs/first-tunnel.md').matchAll(/^```text recorded\n([^]*?)^```$/gm)].flatMap(([, body]) => body.trimEnd().split('\n'));
  expect(shown.length).toBeGreaterThan(2);
  const lines = RECORDED.split('\n');
  const places = shown.map((line) => lines.indexOf(line));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((one, other) => one - other));
});
