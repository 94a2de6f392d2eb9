import { App, Chart } from 'cdk8s';
import { parse } from 'yaml';
import { Compression, FileContents, IpsecRollout, MachineConfig, OpenShiftVersion, ZtpExtraManifests } from '../../../src';
import { filledRollout } from '../rollout/filled';

test('the MachineConfigs of a rollout, one a key', () => {
  const { app, rollout } = filledRollout({});
  const { configMaps, configMapNames } = new ZtpExtraManifests(new Chart(app, 'ztp'), 'extra', { rollout, namespace: 'oslo' });
  expect(configMapNames).toEqual(['ipsec-extra-manifests']);
  const { metadata, data } = configMaps[0].toJson();
  expect(metadata).toEqual({ name: 'ipsec-extra-manifests', namespace: 'oslo' });
  expect(Object.entries<string>(data).map(([file, text]) => [file, parse(text).kind, parse(text).metadata.name])).toEqual([
    ['99-master-import-certs.yaml', 'MachineConfig', '99-master-import-certs'],
    ['99-worker-import-certs.yaml', 'MachineConfig', '99-worker-import-certs'],
  ]);
  expect(() => app.synthYaml()).not.toThrow();
});

/** A rollout with MachineConfigs of about so many bytes. */
function ofSizes(...kilobytes: number[]): IpsecRollout {
  const rollout = new IpsecRollout(new App(), 'ipsec', { pools: ['worker'] });
  kilobytes.forEach((size, i) => new MachineConfig(rollout.certificates, `m${i}`, {
    openshiftVersion: OpenShiftVersion.of('4.18'),
    role: 'worker',
    name: `99-worker-${i}`,
    compression: Compression.NONE,
    files: [{ path: `/etc/file-${i}`, contents: FileContents.fromText('x'.repeat(size * 1024)) }],
  }));
  return rollout;
}

test('more ConfigMaps where one would be over its limit', () => {
  const rollout = ofSizes(400, 400, 400);
  const { configMaps, configMapNames } = new ZtpExtraManifests(new Chart(new App(), 'ztp'), 'extra', {
    rollout,
    namespace: 'oslo',
    configMapName: 'extra',
  });
  expect(configMapNames).toEqual(['extra', 'extra-2']);
  expect(configMaps.map((each) => Object.keys(each.toJson().data).length)).toEqual([2, 1]);
  for (const each of configMaps) {
    const bytes = Object.entries<string>(each.toJson().data).reduce((sum, [name, text]) => sum + Buffer.byteLength(name + text), 0);
    expect(bytes).toBeLessThanOrEqual(1024 * 1024);
  }
});

test('a MachineConfig over the limit, and a rollout without any, are refused', () => {
  expect(() => new ZtpExtraManifests(new Chart(new App(), 'ztp'), 'extra', { rollout: ofSizes(1100), namespace: 'oslo' })).toThrow(
    /^ztp\/extra: MachineConfig '99-worker-0' has \d+ bytes, more than the 1048576 that a ConfigMap holds: leave it to the second day, or split it$/);
  expect(() => new ZtpExtraManifests(new Chart(new App(), 'ztp'), 'extra', { rollout: ofSizes(), namespace: 'oslo' })).toThrow(
    new Error("ztp/extra: 'rollout' has no MachineConfigs yet: make the ConfigMap when 'certificates' has been filled"));
});
