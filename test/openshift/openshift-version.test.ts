import { OpenShiftVersion } from '../../src';
import { availability } from '../../src/openshift/openshift-version';

describe('OpenShiftVersion', () => {
  test.each([
    ['4.8', '4.8.0', '3.2.0'],
    ['4.13.9', '4.13.0', '3.2.0'],
    ['4.14', '4.14.0', '3.4.0'],
    ['4.16.12', '4.16.0', '3.4.0'],
    ['4.19.22', '4.19.0', '3.5.0'],
    ['4.22', '4.22.0', '3.5.0'],
  ])('%s is Butane %s and Ignition %s', (text, butane, ignition) => {
    const version = OpenShiftVersion.of(text);
    expect([version.butaneVersion, version.ignitionVersion, version.toString()]).toEqual([butane, ignition, text]);
  });

  test.each(['', '4', '4.7', '4.23', '5.0', '4.16.', 'v4.16', '4.016', '4.16.0-rc.1', ' 4.16', '4.1e1'])(
    'refuses %p with the list of known minors',
    (text) => {
      expect(() => OpenShiftVersion.of(text)).toThrow(
        `OpenShift version ('${text}') is not known: it must be one of 4.8, 4.9, 4.10, 4.11, 4.12, 4.13, 4.14, 4.15, 4.16, 4.17, 4.18, `
          + '4.19, 4.20, 4.21, 4.22 (from 4.15 on for IPsec), '
          + 'with or without a patch level (4.16 or 4.16.12), because Ignition and libreswan differ between minors',
      );
    },
  );
});

describe('availability', () => {
  const floor = ['4.19.22', '4.20.11', '4.21.0'];
  test.each([
    ['4.18', 'no'], ['4.18.40', 'no'],
    ['4.19', 'unknown'], ['4.19.21', 'no'], ['4.19.22', 'yes'],
    ['4.20.10', 'no'], ['4.20.11', 'yes'], ['4.21', 'yes'], ['4.22.0', 'yes'],
  ])('%s against 4.19.22, 4.20.11, 4.21: %s', (version, expected) => {
    expect(availability(OpenShiftVersion.of(version), floor)).toBe(expected);
  });

  test('a patch level that is not on record stays unknown whatever patch is stated', () => {
    expect(availability(OpenShiftVersion.of('4.16.30'), ['4.16.x', '4.17.0'])).toBe('unknown');
  });
});
