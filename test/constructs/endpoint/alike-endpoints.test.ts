import { App, Chart, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import {
  EndpointState, ExternalIpsecEndpoint, ExternalIpsecEndpointProps, Ikev2, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType,
  IpsecMode, IpsecWarnings, NodeSelection, OpenShiftVersion, PeerIdentity,
} from '../../../src';
import { isShared } from '../../../src/core/shared';
import { judgeTogether } from '../../../src/synthesis/judge-manifests';
import type { Manifest, RecordedManifest } from '../../../src/synthesis/recorded-manifest';

/** Endpoints of one cluster, in an app that tells no warnings. */
function fleet(): { readonly chart: Chart; readonly cluster: IpsecClusterConfig } {
  const app = new App();
  IpsecWarnings.of(app).silence();
  const cluster = new IpsecClusterConfig(new Chart(app, 'cluster'), 'cluster', {
    mode: IpsecMode.EXTERNAL,
    openshiftVersion: OpenShiftVersion.of('4.16'),
    routingViaHost: true,
  });
  return { chart: new Chart(app, 'endpoints'), cluster };
}

type Varied = Omit<ExternalIpsecEndpointProps, 'cluster' | 'nodes'>;

function add({ chart, cluster }: ReturnType<typeof fleet>, i: number, varied: Varied, host = `worker-${i}.example.com`) {
  return new ExternalIpsecEndpoint(chart, `endpoint-${i}`, { cluster, nodes: NodeSelection.hostname(host), ...varied });
}

const STORAGE: Varied = {
  certificate: IpsecCertificate.fromNickname('left_server'),
  interfaceName: 'ipsec-storage',
  host: 'storage.example.com',
  remoteSubnet: '192.0.2.10/32',
  type: IpsecConnectionType.TUNNEL,
};

/** Props of few values each, so that many endpoints have all of them in common. */
const VARIED: fc.Arbitrary<Varied> = fc.record({
  certificate: fc.constantFrom('left_server', 'other').map((nickname) => IpsecCertificate.fromNickname(nickname)),
  interfaceName: fc.constantFrom('ipsec-storage', 'ipsec-other'),
  host: fc.constantFrom('storage.example.com', '192.0.2.10'),
  remoteSubnet: fc.constantFrom('192.0.2.10/32', '192.0.2.10/32', '198.51.100.0/24'),
  type: fc.constantFrom(IpsecConnectionType.TUNNEL, IpsecConnectionType.TUNNEL, IpsecConnectionType.TRANSPORT),
  state: fc.constantFrom(undefined, undefined, EndpointState.ABSENT),
  peerIdentity: fc.constantFrom('@storage.example.com', '@other.example.com', undefined)
    .map((rightid) => rightid === undefined ? undefined : PeerIdentity.of(rightid)),
  ikev2: fc.constantFrom(undefined, undefined, Ikev2.INSIST, Ikev2.NEVER),
  hashedNames: fc.constantFrom(undefined, undefined, true),
  maxUnavailableNodes: fc.constantFrom(undefined, undefined, 2, 0),
  libreswanExtra: fc.constantFrom<{ [key: string]: string } | undefined>(undefined, undefined, undefined, { 'new-key': 'yes' }),
});

/** What an endpoint writes, warns of, or refuses. */
function outcome(apps: ReturnType<typeof fleet>, i: number, varied: Varied): unknown {
  try {
    const { policies, policyNames, interfaceNames } = add(apps, i, varied);
    const warnings = IpsecWarnings.of(apps.chart).list().filter(({ path }) => path === `endpoints/endpoint-${i}`);
    return { manifests: policies.map((policy) => policy.toJson() as unknown), policyNames, interfaceNames, warnings };
  } catch (error) {
    return (error as Error).message;
  }
}

test('an endpoint among others that are like it is what it is by itself', () => {
  fc.assert(fc.property(fc.array(VARIED, { minLength: 2, maxLength: 30 }), (all) => {
    const together = fleet();
    all.forEach((varied, i) => expect(outcome(together, i, varied)).toEqual(outcome(fleet(), i, varied)));
  }), { numRuns: 60 });
});

/** A policy as it was recorded, and whether no more of it than its name and its node has to be read. */
function recorded(
  { chart, cluster }: ReturnType<typeof fleet>, { policies: [policy] }: ExternalIpsecEndpoint, asKnown: boolean,
): RecordedManifest {
  const manifest = (policy as unknown as { readonly props: Manifest }).props;
  const { desiredState } = manifest.spec as { readonly desiredState: object };
  return {
    manifest,
    about: { cluster, facts: cluster._facts },
    owner: chart,
    knownState: asKnown && isShared(desiredState) ? desiredState : undefined,
  };
}

test('of what rules find in many together nothing is missed because only one of those that are alike is read', () => {
  const host = fc.constantFrom('worker-0.example.com', 'worker-1.example.com', 'worker-2.example.com', 'gateway.example.com');
  const found = new Set<string>();
  let known = 0;
  fc.assert(fc.property(fc.array(fc.tuple(VARIED, host, fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 12 }), (kinds) => {
    const apps = fleet();
    const endpoints = kinds.flatMap(([varied, name, times], k) => Array.from({ length: times }, (_, i) => {
      try {
        return [add(apps, 10 * k + i, varied, i === 0 ? name : `worker-${(k + i) % 5}.example.com`)];
      } catch {
        return [];
      }
    })).flat();
    const [all, few] = [false, true].map((asKnown) => endpoints.map((endpoint) => recorded(apps, endpoint, asKnown)));
    known += few.filter(({ knownState }) => knownState).length;
    const told = (records: readonly RecordedManifest[]) => (
      [...judgeTogether(records)].map(({ recorded: { manifest }, ...finding }) => ({ manifest, ...finding })));
    const expected = told(all);
    for (const { rule } of expected) found.add(rule);
    expect(told(few)).toEqual(expected);
  }), { numRuns: 150 });
  // Else it compares nothing.
  expect(known).toBeGreaterThan(300);
  expect([...found].sort()).toEqual([
    'certificate-nickname', 'certificate-shared', 'interface-duplicate', 'libreswan-subnet-overlap', 'object-duplicate',
  ]);
});

test('a prop that is none is refused though all others are those of an endpoint before', () => {
  const apps = fleet();
  add(apps, 0, STORAGE);
  expect(() => add(apps, 1, { ...STORAGE, interfaceNam: 'x' } as Varied)).toThrow(/^endpoints\/endpoint-1: 'interfaceNam' is no prop of/);
});

// The third has its state in common with the second, and is the first of which no rule is asked again.
test.each([0, 1, 2, 3])('a node whose policy is refused is refused though %d nodes before it were not', (before) => {
  for (const host of ['storage.example.com', 'STORAGE.example.com', 'storage.example.com.']) {
    const apps = fleet();
    for (let i = 0; i < before; i++) add(apps, i, { ...STORAGE, host }, `worker-${i}.example.com`);
    expect(() => add(apps, before, { ...STORAGE, host }, 'storage.example.com')).toThrow(new RegExp(
      `^endpoints/endpoint-${before}: 'host' \\('${host}'\\) .*\\(libreswan-ends\\)`,
    ));
  }
});

test('a patch of one policy leaves those alone that have its state in common', () => {
  const apps = fleet();
  const [first, , last] = [0, 1, 2].map((i) => add(apps, i, STORAGE));
  const before = first.policies[0].toJson() as unknown;
  const rendered = last.policies[0].toJson() as { spec: { desiredState: { interfaces: { name: string }[] } } };
  rendered.spec.desiredState.interfaces[0].name = 'changed';
  expect(first.policies[0].toJson()).toEqual(before);
  expect((last.policies[0].toJson() as typeof rendered).spec.desiredState.interfaces[0].name).toBe('ipsec-storage');
  expect(Testing.synth(apps.chart)).toHaveLength(3);
});

test('a certificate whose nickname has changed since is not taken for what it was', () => {
  const apps = fleet();
  const certificate = { nickname: 'left_server' };
  add(apps, 0, { ...STORAGE, certificate });
  certificate.nickname = 'other';
  const [policy] = add(apps, 1, { ...STORAGE, certificate }).policies;
  expect(JSON.stringify(policy.toJson())).toContain('"leftcert":"other"');
});
