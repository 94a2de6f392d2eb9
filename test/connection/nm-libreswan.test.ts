import { RECORDED } from './nm-libreswan-cases/cases';
import { LibreswanConnection, libreswanConnection } from '../e2e/nm-libreswan';

/** The helper of the plugin, as the recording has it. */
const HELPER = '/usr/libexec/nm-libreswan-service-helper LEVEL PID BUSNAME';

const given = RECORDED.filter(({ keyfile }) => keyfile !== undefined);

test('the recording has what it is said to have', () => {
  expect(RECORDED).toHaveLength(177);
  expect(given).toHaveLength(171);
  expect(given.filter(({ conn }) => conn !== undefined)).toHaveLength(150);
  expect(given.filter((each) => each['conn-if-secrets'] !== undefined)).toHaveLength(11);
});

describe("the lab's imitation of NetworkManager-libreswan agrees with the plugin itself", () => {
  test.each(given.filter((each) => each.conn ?? each['conn-if-secrets']))('$name', (each) => {
    const made = libreswanConnection(each.keyfile!, HELPER);
    expect(made.text).toBe(each.conn ?? each['conn-if-secrets']);
    expect(made.wantsSecret).toBe(each.conn === undefined);
  });

  test.each(given.filter((each) => (each.conn ?? each['conn-if-secrets']) === undefined))('$name, which is refused', (each) => {
    expect(() => libreswanConnection(each.keyfile!, HELPER)).toThrow(messageOf(each.refused!));
  });
});

test.each([
  ['128-keyfile-nm-connect-mode-ondemand', 'route'],
  ['129-keyfile-nm-connect-mode-up', 'up'],
  ['130-keyfile-nm-connect-mode-unknown-value', 'up'],
])('%s is followed by ipsec %s', (name, command) => {
  const { keyfile } = RECORDED.find((each) => each.name === name)!;
  expect(libreswanConnection(keyfile!)).toMatchObject<Partial<LibreswanConnection>>({ command: command as 'up' | 'route' });
});

/** What was refused, without who says so. */
function messageOf(refused: string): string {
  return refused.trim().replace(/^(?:NetworkManager \(load\)|plugin: Invalid VPN setting): /, '');
}
