import * as fc from 'fast-check';

/** A MachineConfig as the API has it. */
export interface MachineConfig {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: { readonly [label: string]: string } };
  readonly spec: { readonly [field: string]: unknown };
}

/** A change of a cluster: its MachineConfigs before and after, and its node disruption policies. */
export interface Change {
  readonly before: readonly MachineConfig[];
  readonly after: readonly MachineConfig[];
  readonly policies?: { readonly [field: string]: unknown };
}

export const ROLES = ['worker', 'infra', 'master'] as const;

const PATHS = [
  '/etc/pki/certs/ca.pem', '/etc/pki/certs/left_server.p12', '/usr/local/bin/ipsec-addcert.sh', '/etc/ipsec.d/extra.conf',
  '/etc/ipsec.d/sub/deep.conf',
  '/etc/NetworkManager/system-connections/storage.nmconnection', '/etc/containers/policy.json', '/etc/containers/registries.d/one.yaml',
  '/etc/nmstate/openshift/worker.yml', '/var/lib/kubelet/config.json', '/etc/chrony.conf', '/etc/pki/certs-more/ca.pem',
];
const UNITS = ['ipsec-import.service', 'ipsec-check@storage.service', 'chronyd.service', 'guard.timer'];

const fileArbitrary = fc.record({
  path: fc.constantFrom(...PATHS),
  mode: fc.constantFrom(256, 420, 488, undefined, null),
  overwrite: fc.constantFrom(true, false, undefined),
  contents: fc.constantFrom(
    { source: 'data:,one' }, { source: 'data:,two', compression: '' }, { source: 'data:;base64,b25l' },
    { source: 'data:,one', verification: {} },
    { source: 'data:;base64,H4sIAAAAAAAAA8vPSwUAdaPmqAMAAAA=', compression: 'gzip' }, undefined,
  ),
  user: fc.constantFrom({ name: 'root' }, { id: 0 }, undefined, undefined),
}).map(({ overwrite, ...file }) => file.contents === undefined ? file : { ...file, overwrite });

const unitArbitrary = fc.record({
  name: fc.constantFrom(...UNITS),
  enabled: fc.constantFrom(true, false, undefined),
  mask: fc.constantFrom(undefined, undefined, false),
  contents: fc.constantFrom('[Unit]\nDescription=one\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
    '[Unit]\nDescription=two\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n'),
  dropins: fc.uniqueArray(
    fc.record({ name: fc.constantFrom('10-a.conf', '20-b.conf'), contents: fc.constantFrom('[Unit]\n', '[Service]\nRestart=no\n') }),
    { selector: ({ name }) => name, maxLength: 2 },
  ),
});

const seldom = <T>(value: T, weight = 12) =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant(value) });

const specArbitrary = fc.record({
  files: fc.uniqueArray(fileArbitrary, { selector: ({ path }) => path, maxLength: 3 }),
  units: fc.uniqueArray(unitArbitrary, { selector: ({ name }) => name, maxLength: 2 }),
  keys: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(['ssh-rsa AAAA one']) },
    { weight: 1, arbitrary: fc.constant(['ssh-rsa AAAA two', 'ssh-rsa AAAA one']) },
  ),
  kernelArguments: fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(['quiet'], ['quiet', 'nosmt'], []) },
  ),
  extensions: fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(['ipsec'], ['usbguard'], ['ipsec', 'ipsec'], []) },
  ),
  kernelType: fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom('realtime', 'default', '64k-pages') },
  ),
  osImageURL: seldom('quay.io/other/os@sha256:0'),
  baseOSExtensionsContainerImage: seldom('quay.io/other/extensions@sha256:0'),
  fips: seldom(true, 40),
  append: seldom([{ source: 'data:,more' }], 60),
  directory: seldom({ path: '/etc/pki/certs' }, 40),
  link: seldom({ path: '/etc/link', target: '/etc/other' }, 40),
  user: seldom({ name: 'bob', sshAuthorizedKeys: ['ssh-rsa AAAA bob'] }, 60),
  version: fc.constantFrom('3.2.0', '3.4.0'),
});

type Spec = typeof specArbitrary extends fc.Arbitrary<infer T> ? T : never;

function machineConfig(role: string, name: string, spec: Spec): MachineConfig {
  const { files, units, keys, append, directory, link, user, version, ...fields } = spec;
  const users = [...keys ? [{ name: 'core', sshAuthorizedKeys: keys }] : [], ...user ? [user] : []];
  const config = {
    ignition: { version },
    ...users.length > 0 ? { passwd: { users } } : {},
    storage: {
      files: files.map((file, i) => append && i === 0 ? { path: file.path, append } : file),
      ...directory ? { directories: [directory] } : {},
      ...link ? { links: [link] } : {},
    },
    systemd: { units },
  };
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name, labels: { 'machineconfiguration.openshift.io/role': role } },
    spec: JSON.parse(JSON.stringify({ config, ...fields })) as MachineConfig['spec'],
  };
}

/** What every pool has from the operator itself: more than one, so that all are merged. */
export const BASES: readonly MachineConfig[] = ['worker', 'master'].flatMap((role) => [
  base(role, `00-${role}`, {
    storage: { files: [{ path: '/etc/chrony.conf', mode: 420, overwrite: true, contents: { source: 'data:,base', compression: '' } }] },
  }),
  base(role, `01-${role}-kubelet`, { systemd: { units: [{ name: 'chronyd.service', enabled: true }] } }),
]);

function base(role: string, name: string, config: object): MachineConfig {
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name, labels: { 'machineconfiguration.openshift.io/role': role } },
    spec: { config: { ignition: { version: '3.4.0' }, ...config } },
  };
}

const placesArbitrary = fc.uniqueArray(
  fc.record({
    role: fc.constantFrom(...ROLES),
    name: fc.constantFrom('50-a', '98-b', '99-c'),
    spec: specArbitrary,
    other: specArbitrary,
    fate: fc.constantFrom('same', 'changed', 'oneFile', 'oneFile', 'oneFile', 'removed', 'added'),
  }),
  { selector: ({ role, name }) => `${role} ${name}`, minLength: 1, maxLength: 4 },
);

const actionArbitrary = fc.constantFrom(
  { type: 'Restart', restart: { serviceName: 'ipsec-import.service' } }, { type: 'Reload', reload: { serviceName: 'crio.service' } },
  { type: 'DaemonReload' }, { type: 'Drain' },
);
const actionsArbitrary = fc.oneof(
  { weight: 6, arbitrary: fc.array(actionArbitrary, { minLength: 1, maxLength: 3 }) },
  { weight: 2, arbitrary: fc.constantFrom([{ type: 'None' }], [{ type: 'Reboot' }]) },
);

const units = UNITS.filter((name) => name.endsWith('.service'));
const policiesFor = (paths: fc.Arbitrary<string>, least: number) => fc.record({
  files: fc.uniqueArray(fc.record({ path: paths, actions: actionsArbitrary }), {
    selector: ({ path }) => path,
    minLength: least,
    maxLength: 6,
  }),
  units: fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...units), actions: actionsArbitrary }),
    { selector: ({ name }) => name, minLength: least, maxLength: 3 },
  ),
  sshkey: fc.option(fc.record({ actions: actionsArbitrary }), { nil: undefined }),
});

/** Some for this and that; others for all that there is, so that a reboot is the exception. */
const policiesArbitrary = fc.oneof(
  policiesFor(
    fc.constantFrom(
      '/etc',
      '/etc/',
      '/etc/pki',
      '/etc/pki/certs',
      '/etc/ipsec.d',
      '/usr/local/bin/',
      '/',
      '/var/lib/kubelet/config.json',
      ...PATHS,
    ),
    0,
  ),
  policiesFor(fc.constantFrom('/etc', '/usr/local/bin', '/var/lib'), 3),
);

/** Changes of one to four MachineConfigs in three pools, two thirds of them with policies. */
export const changeArbitrary: fc.Arbitrary<Change> = fc
  .tuple(placesArbitrary, fc.option(policiesArbitrary, { freq: 3, nil: undefined }))
  .map(([places, policies]) => ({
    before: [
      ...BASES,
      ...places.filter(({ fate }) => fate !== 'added').map(({ role, name, spec }) => machineConfig(role, `${name}-${role}`, spec)),
    ],
    after: [
      ...BASES,
      ...places
        .filter(({ fate }) => fate !== 'removed')
        .map(({ role, name, spec, other, fate }) =>
          machineConfig(
            role,
            `${name}-${role}`,
            fate === 'changed'
              ? { ...other, fips: spec.fips, directory: spec.directory, link: spec.link }
              : fate === 'oneFile'
                ? { ...spec, files: other.files }
                : spec,
          ),
        ),
    ],
    policies:
      policies
      && (JSON.parse(
        JSON.stringify({
          apiVersion: 'operator.openshift.io/v1',
          kind: 'MachineConfiguration',
          metadata: { name: 'cluster' },
          spec: { managementState: 'Managed', nodeDisruptionPolicy: policies },
        }),
      ) as Change['policies']),
  }));
