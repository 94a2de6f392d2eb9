import { readFileSync } from 'fs';
import { join } from 'path';
import { picture, withPicture } from '../../projenrc/rollout-picture';

test('the picture of the order is that of the code today: npx projen rollout-picture draws it', () => {
  const page = readFileSync(join(__dirname, '../../docs/gitops.md'), 'utf8');
  expect(page).toContain(picture());
  expect(withPicture(page)).toBe(page);
});
