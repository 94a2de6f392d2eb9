import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { ask, build } from './judges';
import { changes, dryRun, LIVE_NETWORK } from './rhacm-dry-run';
import { demo } from '../../../examples/demo';
import { objects } from '../../examples/run-example';

/** The generator of the documentation, in which the demo's files are named. */
function documented(files: readonly string[]): string {
  const page = readFileSync(join(__dirname, '../../../docs/gitops.md'), 'utf8');
  const [, text] = /^```yaml\n(apiVersion: policy\.open-cluster-management\.io\/v1\nkind: PolicyGenerator\n[^]*?)^```$/m.exec(page)!;
  return text.replace(/path: dist\/\d+-ipsec-(\w+)-\S+?\.k8s\.yaml/g, (_, stage) => `path: ${files.find((file) => file.includes(`-${stage}-`))}`);
}

const folder = join(mkdtempSync(join(tmpdir(), 'generator-')), 'demo');
let generated: any[];
let rhacm: string;
beforeAll(() => {
  demo([], folder);
  const manifests = join(folder, 'manifests');
  writeFileSync(join(manifests, 'generator.yml'), documented(readdirSync(manifests)));
  const said = ask(build('PolicyGenerator'), ['generator.yml'], manifests);
  generated = parseAllDocuments(said).map((document) => document.toJSON());
  rhacm = build('rhacm');
});

const policies = () => generated.filter(({ kind }) => kind === 'Policy');
const definitions = (policy: any) => policy.spec['policy-templates'].map(({ objectDefinition }: any) => objectDefinition);

test('the generator takes the files, each a policy after the one before', () => {
  expect(policies().map(({ metadata, spec }) => [metadata.name, spec.dependencies?.map(({ name, compliance }: any) => `${name} ${compliance}`)])).toEqual([
    ['ipsec-certificates', undefined],
    ['ipsec-mode', ['ipsec-certificates Compliant']],
    ['ipsec-endpoints', ['ipsec-mode Compliant']],
  ]);
  const held = policies().flatMap(definitions).flatMap(({ spec }: any) => spec['object-templates']).map(({ objectDefinition }: any) => objectDefinition);
  expect(held).toEqual(objects(join(folder, 'manifests')).filter(({ kind }) => kind !== 'PolicyGenerator'));
});

test('what it makes of the Network object changes two fields on a cluster, and nothing else', () => {
  const [policy] = definitions(policies()[1]);
  const said = dryRun(rhacm, { ...policy, metadata: { ...policy.metadata, namespace: 'managed' } }, LIVE_NETWORK);
  expect(changes(said).sort()).toEqual(['+ mode: External', '+ routingViaHost: true', '- mode: Disabled', '- routingViaHost: false'].sort());
});
