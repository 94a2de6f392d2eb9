import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Duration, Testing } from 'cdk8s';
import { IpsecClusterConfig, IpsecMode, IpsecVerification, IpsecVerificationProps, IpsecWarnings, OpenShiftVersion } from '../../../src';

interface Context { readonly mode?: IpsecMode; readonly version?: string; readonly namespace?: string }

function verification(props: Partial<IpsecVerificationProps> = {}, context: Context = {}) {
  const { mode, version, namespace } = { mode: IpsecMode.EXTERNAL, version: '4.16', namespace: 'openshift-gitops', ...context };
  const app = new App();
  IpsecWarnings.of(app).silence();
  const chart = new Chart(app, 'test', { namespace });
  const cluster = new IpsecClusterConfig(chart, 'cluster', { mode, openshiftVersion: OpenShiftVersion.of(version) });
  const construct = new IpsecVerification(chart, 'verification', { cluster, ...props });
  const manifests = Testing.synth(chart).slice(1);
  const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
  const [container] = of('Job')[0].spec.template.spec.containers;
  const env = Object.fromEntries(container.env.map(({ name, value }: { name: string; value: string }) => [name, value]));
  return { construct, manifests, of, pod: of('Job')[0].spec.template.spec, container, env };
}

describe('the Job', () => {
  test('runs the script that the ConfigMap holds, as it stands in the library', () => {
    const { of, pod, container } = verification();
    expect(of('ConfigMap')[0].data).toEqual({
      'ipsec-verify.sh': readFileSync(join(__dirname, '../../../src/constructs/verification/ipsec-verify.sh'), 'utf8'),
    });
    expect(container.command).toEqual(['/bin/sh', '/opt/ipsec-verification/ipsec-verify.sh']);
    expect(container.volumeMounts).toContainEqual({ mountPath: '/opt/ipsec-verification', name: 'script', readOnly: true });
    expect(pod.volumes).toContainEqual({ name: 'script', configMap: { name: 'ipsec-verification' } });
  });

  test('tells the script what to look at, every variable of which the script knows', () => {
    const { env, of } = verification({ pools: ['worker', 'infra'], policies: ['a', 'b'], timeout: Duration.minutes(5) });
    expect(env).toEqual({
      HOME: '/tmp', IPSEC_DATABASE: 'no', IPSEC_MODE: 'External', IPSEC_POLICIES: 'a b', IPSEC_POOLS: 'worker infra', IPSEC_TIMEOUT: '300',
    });
    for (const name of Object.keys(env).filter((key) => key !== 'HOME')) {
      expect(of('ConfigMap')[0].data['ipsec-verify.sh']).toContain(`\${${name}:`);
    }
  });

  test('fails once and for all, after the script has had its time', () => {
    const { spec } = verification({ timeout: Duration.seconds(0) }).of('Job')[0];
    expect(spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 120, ttlSecondsAfterFinished: 86400 });
    expect(verification().of('Job')[0].spec.activeDeadlineSeconds).toBe(3720);
  });

  test('meets the restricted pod security standard, without a user id, which OpenShift assigns', () => {
    const { pod, container } = verification();
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true, runAsNonRoot: true,
    });
    expect(JSON.stringify(pod)).not.toMatch(/runAsUser|hostPath|hostPort|hostPID|hostIPC/);
    expect(pod.hostNetwork).toBe(false);
    expect(pod.volumes.map((volume: object) => Object.keys(volume).sort())).toEqual([['configMap', 'name'], ['emptyDir', 'name']]);
  });

  test.each([
    ['4.15', 'registry.redhat.io/openshift4/ose-cli:v4.15'],
    ['4.16.12', 'registry.redhat.io/openshift4/ose-cli-rhel9:v4.16'],
    ['4.22', 'registry.redhat.io/openshift4/ose-cli-rhel9:v4.22'],
  ])('on %s uses the command of that version', (version, image) => expect(verification({}, { version }).container.image).toBe(image));

  test('takes an image of the user\'s own', () => {
    expect(verification({ image: 'mirror.example.com/oc:1' }).container.image).toBe('mirror.example.com/oc:1');
  });
});

describe('the rights', () => {
  test('are to read the named pools, and nothing else, without policies', () => {
    const { of } = verification({ pools: ['worker'] });
    expect(of('ClusterRole').map(({ rules }) => rules)).toEqual([[
      { apiGroups: ['machineconfiguration.openshift.io'], resources: ['machineconfigpools'], resourceNames: ['worker'], verbs: ['get'] },
    ]]);
    expect(of('Role')).toEqual([]);
  });

  test('are to read the named policies too, and to list enactments, which no name can limit', () => {
    const [{ rules }] = verification({ pools: ['worker'], policies: ['p'] }).of('ClusterRole');
    expect(rules.slice(1)).toEqual([
      { apiGroups: ['nmstate.io'], resources: ['nodenetworkconfigurationpolicies'], resourceNames: ['p'], verbs: ['get'] },
      { apiGroups: ['nmstate.io'], resources: ['nodenetworkconfigurationenactments'], resourceNames: [], verbs: ['list'] },
    ]);
  });

  test('are to run commands in OVN\'s pods in mode Full only, and not even there when it is declined', () => {
    const { of, env } = verification({}, { mode: IpsecMode.FULL });
    expect(env.IPSEC_DATABASE).toBe('yes');
    expect(of('Role')).toMatchObject([{
      metadata: { name: 'ipsec-verification', namespace: 'openshift-ovn-kubernetes' },
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
        { apiGroups: [''], resources: ['pods/exec'], verbs: ['create', 'get'] },
      ],
    }]);
    const declined = verification({ inspectDatabase: false }, { mode: IpsecMode.FULL });
    expect(declined.env.IPSEC_DATABASE).toBe('no');
    expect(declined.of('Role')).toEqual([]);
  });

  test('are the ServiceAccount\'s own, in the Job\'s namespace', () => {
    const { of, pod } = verification({}, { mode: IpsecMode.FULL });
    expect(pod.serviceAccountName).toBe('ipsec-verification');
    for (const binding of [...of('ClusterRoleBinding'), ...of('RoleBinding')]) {
      expect(binding.subjects).toEqual([
        { apiGroup: '', kind: 'ServiceAccount', name: 'ipsec-verification', namespace: 'openshift-gitops' },
      ]);
      expect(binding.roleRef.name).toBe('ipsec-verification');
    }
  });

  test('of the cluster have no namespace, whatever the chart has', () => {
    const { of } = verification();
    for (const object of [...of('ClusterRole'), ...of('ClusterRoleBinding')]) expect(object.metadata.namespace).toBeUndefined();
  });
});

test('the namespace may be the verification\'s own', () => {
  const { of } = verification({ namespace: 'ipsec', verificationName: 'check' }, { namespace: undefined });
  for (const kind of ['Job', 'ConfigMap', 'ServiceAccount']) {
    expect(of(kind)[0].metadata).toMatchObject({ name: 'check', namespace: 'ipsec' });
  }
});

describe('refuses', () => {
  test('to run nowhere', () => {
    expect(() => verification({}, { namespace: undefined })).toThrow(new Error(
      "test/verification: 'namespace' (not set) must say where the verification runs, such as 'openshift-gitops': "
        + 'give it here or to the chart'));
  });

  test.each<[string, Partial<IpsecVerificationProps>, string]>([
    ['no pool', { pools: [] }, "'pools' (an empty list) must name at least one MachineConfigPool, such as 'worker'"],
    [
      'a pool that is two',
      { pools: ['master worker'] },
      "'pools' has 'master worker', which can't be the name of an object: lower-case letters, digits, '-' and '.'",
    ],
    [
      'a policy that is a pattern',
      { policies: ['ipsec-*'] },
      "'policies' has 'ipsec-*', which can't be the name of an object: lower-case letters, digits, '-' and '.'",
    ],
    ['a name that is none', { verificationName: 'IPsec' },
      "'verificationName' ('IPsec') must be at most 63 lower-case letters, digits, '-' and '.', "
        + 'beginning and ending with a letter or digit'],
    ['to look for encryption between pods where there is none', { inspectDatabase: true },
      "'inspectDatabase' (true) needs mode Full, not External: otherwise OVN encrypts nothing, and its database says so; leave it out"],
  ])('%s', (_, props, message) => {
    expect(() => verification(props)).toThrow(new Error(`test/verification: ${message}`));
  });
});
