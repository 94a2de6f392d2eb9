import { gzipSync } from 'zlib';
import * as fc from 'fast-check';
import { run } from '../../src/cli/main';

/** `FUZZ_RUNS=100000 npx jest test/cli/fuzz.test.ts` looks longer, `FUZZ_SEED` elsewhere. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 100);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_125);

const SECRET = 'TopSecretBytes';

/** Texts that a reader, a terminal or GitHub could take for something else. */
const odd = fc.constantFrom(
  '', ' ', '\n', '\r\n::error::x', '::warning::y', '##[group]z', '\u001b[2J', '\u009b1m', '\u202e', '\u2028', '\u0085', '\u0000',
  '\ud800', '\ufeff', '{{', '{{ .x }}', '$x', '${X}',
  '{% if %}', '%', '%zz', '%any', '0o7', '0X1F', '0b1', 'null', '~', '.inf', '<<', '&a', '*a', '!!set', '../x.service', '/etc/../x', '-',
  '---', '__proto__', 'constructor', 'toString',
  'data:,', 'data:;base64,', 'data:text/plain;charset=utf-8;base64,====', `psk: ${SECRET}`, `-W ${SECRET}`,
  '[Service]\nExecStart=/usr/local/bin/x.sh\n', '#!/bin/bash\ncertutil -A -n x -t CT,, -i /etc/x\n',
  '192.0.2.1', '192.0.2.0/33', '2001:db8::/32', '@left', '1e999', '9'.repeat(400),
);
const text = fc.oneof({ weight: 3, arbitrary: odd }, { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'binary' }) });
const scalar = fc.oneof(text, text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));

/** What stands where contents belong: plain, packed, packed twice, cut off, or no Base64 at all. */
const source = fc.oneof(
  text,
  fc
    .tuple(fc.oneof(text, fc.uint8Array({ maxLength: 40 })), fc.constantFrom('plain', 'gzip', 'twice', 'cut'), fc.boolean())
    .map(([content, way, base64]) => {
      const bytes = Buffer.from(content as string);
      const packed = { plain: bytes, gzip: gzipSync(bytes), twice: gzipSync(gzipSync(bytes)), cut: gzipSync(bytes).subarray(0, 15) }[way];
      return base64 ? `data:;base64,${packed.toString('base64')}` : `data:,${encodeURIComponent(packed.toString('latin1'))}`;
    }),
);

/** Names that something reads, so that what stands below is read. */
const KEYS = [
  'apiVersion', 'kind', 'metadata', 'name', 'namespace', 'labels', 'annotations', 'spec', 'items', 'data', 'config', 'ignition',
  'version', 'variant', 'storage', 'files', 'path', 'mode', 'contents', 'source',
  'inline', 'local', 'compression', 'trees', 'systemd', 'units', 'enabled', 'mask', 'dropins', 'passwd', 'users', 'sshAuthorizedKeys',
  'ssh_authorized_keys', 'kernelArguments', 'kernel_arguments', 'openshift',
  'nodeSelector', 'desiredState', 'interfaces', 'type', 'libreswan', 'left', 'right', 'leftid', 'rightid', 'leftcert', 'rightsubnet',
  'ike', 'esp', 'authby', 'psk', 'object-templates', 'object-templates-raw',
  'policy-templates', 'objectDefinition', 'defaultNetwork', 'ovnKubernetesConfig', 'ipsecConfig', 'parameters', 'objects', 'workload',
  'manifests', 'resources', 'functionConfig', 'generate', '<<',
];
const KINDS = [
  'v1/List', 'v1/ConfigMap', 'v1/Secret', 'machineconfiguration.openshift.io/v1/MachineConfig',
  'machineconfiguration.openshift.io/v1/MachineConfigPool', 'nmstate.io/v1/NodeNetworkConfigurationPolicy',
  'operator.openshift.io/v1/Network', 'policy.open-cluster-management.io/v1/ConfigurationPolicy',
  'policy.open-cluster-management.io/v1/Policy', 'work.open-cluster-management.io/v1/ManifestWork',
  'template.openshift.io/v1/Template', 'kyverno.io/v1/ClusterPolicy', 'config.kubernetes.io/v1/ResourceList',
  'hypershift.openshift.io/v1beta1/NodePool', 'hive.openshift.io/v1/SyncSet', 'v1/InstallConfig',
];
const key = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...KEYS) }, { weight: 1, arbitrary: text });

const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    scalar,
    source,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value;

/** Files as MachineConfigs and Butane configs hold them, in each part something that does not belong there. */
const or = (right: fc.Arbitrary<unknown>) => fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: anything });
const file = fc.record({
  path: or(fc.constantFrom('/etc/pki/certs/x.p12', '/usr/local/bin/x.sh', '/etc/ipsec.d/x.conf')),
  mode: or(fc.constantFrom(420, 493)),
  contents: or(fc.record({ source, inline: text, local: text, compression: or(fc.constantFrom('gzip', '')) }, { requiredKeys: [] })),
}, { requiredKeys: [] });
const unit = fc.record({ name: or(fc.constant('x.service')), contents: text, enabled: or(fc.boolean()) }, { requiredKeys: [] });
const ignition = fc.record({
  ignition: or(fc.constant({ version: '3.4.0' })),
  storage: or(fc.record({ files: or(fc.array(or(file), { maxLength: 3 })) })),
  systemd: or(fc.record({ units: or(fc.array(or(unit), { maxLength: 3 })) })),
}, { requiredKeys: [] });
const metadata = or(
  fc.record(
    { name: or(fc.constant('99-worker-x')), labels: or(fc.constant({ 'machineconfiguration.openshift.io/role': 'worker' })) },
    { requiredKeys: [] },
  ),
);
const libreswan = fc.dictionary(key, scalar, { maxKeys: 8 }).map((settings) => ({ ...settings, psk: SECRET }));
const specs = fc.oneof(
  anything,
  fc.record({ config: or(ignition) }),
  fc.record({
    nodeSelector: anything,
    desiredState: or(
      fc.record({
        interfaces: or(fc.array(fc.record({ name: text, type: fc.constant('ipsec'), libreswan: or(libreswan) }), { maxLength: 3 })),
      }),
    ),
  }),
);
const objectParts = { kind: fc.constantFrom(...KINDS), metadata, spec: specs, rest: or(fc.dictionary(key, anything, { maxKeys: 3 })) };
const object = fc.record(objectParts).map(({ kind, spec, rest, ...other }) => ({
  ...typeof rest === 'object' ? rest : {},
  apiVersion: kind.slice(0, kind.lastIndexOf('/')),
  kind: kind.slice(kind.lastIndexOf('/') + 1),
  ...other,
  spec,
}));
const config = fc
  .record({ variant: or(fc.constant('openshift')), version: or(fc.constantFrom('4.16.0', '4.20.0')), metadata, rest: ignition })
  .map(({ rest, ...head }) => ({ ...head, ...rest, ignition: undefined }));
const structure = fc.oneof(
  anything, object, config,
  fc.array(object, { maxLength: 4 }).map((items) => ({ apiVersion: 'v1', kind: 'List', items })),
  fc.array(object, { maxLength: 4 }).map((items) => ({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items })),
);

/** A structure as text, and what happens to a text on its way. */
const whole = structure.map((value) => JSON.stringify(value, null, 1) ?? '');
const damaged = fc.tuple(whole, fc.nat(), fc.nat(30), odd).map(([json, at, length, middle]) => {
  const start = at % (json.length + 1);
  return json.slice(0, start) + middle + json.slice(start + length);
});
const anchored = whole.map((json) => json.replace('{', '&a {').replace(/\[\s*\]/, '[*a]').replace(/null/, '*a'));
const documents = fc.array(whole, { minLength: 2, maxLength: 3 }).map((texts) => texts.join('\n---\n'));
const input = fc.oneof(
  { weight: 4, arbitrary: whole }, { weight: 3, arbitrary: damaged }, { weight: 2, arbitrary: anchored },
  { weight: 1, arbitrary: documents }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
).map((made) => Buffer.from(made));
const bytes = fc.oneof(
  { weight: 8, arbitrary: input },
  { weight: 1, arbitrary: input.map((made) => gzipSync(made)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array)) },
);

const COMMANDS: readonly (readonly string[])[] = [
  ...['text', 'json', 'sarif', 'github'].map((format) => ['check', '--format', format, '-']), ['check', '--krm'], ['butane'],
  ['butane', '--raw'], ['butane', '--check', '--strict', '-d', __dirname],
];

test.each(COMMANDS.map((args) => [args.join(' '), args] as const))('%s of anything ends with 0, 1 or 2, without a stack trace, '
  + 'a control character or a secret', (_, args) => {
  fc.assert(fc.property(bytes, (given) => {
    let [stdout, stderr] = ['', ''];
    const code = run({ args, stdout: (part) => { stdout += part; }, stderr: (part) => { stderr += part; }, stdin: () => given });
    expect([0, 1, 2]).toContain(code);
    expect(stderr).not.toMatch(/^\s+at .*[:(]\d+|unexpected problem|TypeError|RangeError/m);
    // What is the user's own data, in the file that the command is there to write, stays.
    const isData = args[0] === 'butane' || args[1] === '--krm';
    for (const shown of isData ? [stderr] : [stdout, stderr]) {
      expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(shown).not.toContain('##[');
      expect(shown).not.toMatch(args.includes('github') ? /^\s*::(?!(?:error|warning|notice) file=)/m : /^\s*::/m);
      if (args[0] === 'check') expect(shown).not.toContain(`"${SECRET}"`);
    }
  }), { numRuns: RUNS, seed: SEED });
}, 60_000 + RUNS * 100);
