import { asksACluster, commandBlocks } from './command-blocks';

/** Fences whose blocks a test runs or prints, whatever they hold. */
const RUN = /^sh (?:run|cluster|printed)$/;

/** The blocks that no test runs as they stand, by what they begin with, and why. */
const NOT_RUN: { readonly [start: string]: string } = {
  'README.md: npm ci && npm run demo': 'test/system/demo.test.ts runs the demo; npm ci is what made this checkout',
  'README.md: npm init': 'it takes the package from a registry; test/languages runs the quickstart from the package that was built',
  'docs/first-tunnel.md: mkdir ipsec': 'it takes the package from a registry; test/languages runs the quickstart from the package that was built',
  'docs/languages.md: # TypeScript': 'test/languages does the same with each package that was built',
  'docs/lab.md: npm ci': 'it is what runs the lab',
  'docs/plan.md: npx ts-node examples/operations.ts': 'test/examples/operations.test.ts runs the example and compares what the page shows',
  'docs/plan.md: openshift-ipsec plan git:': 'it compares with a commit of the reader; test/plan makes such a repository',
  'docs/check.md: openshift-ipsec check manifests/': 'it shows the form of a finding in files of somebody, and kustomize before it; test/check has both',
  'docs/certificates-on-the-node.md: systemctl': 'it is typed on a node, where the lab has the import; test/system/import-units.test.ts has its units',
  'docs/guard.md: systemctl': 'it is typed on a node; test/system/guard.test.ts and the lab have the guard and its table',
  'docs/tasks/deliver-by-keyfile.md: nmcli': 'it is typed on a node; the lab has a scene with the keyfile',
  'docs/tasks/open-the-ports.md: tcpdump': 'it is typed on a node, and waits for packets of a real peer',
};

test('each command on a page is run by a test, or it is said why not', () => {
  const blocks = commandBlocks().filter((block) => !RUN.test(block.fence) && !asksACluster(block));
  const told = blocks.filter(({ page, script }) => !Object.keys(NOT_RUN).some((start) => `${page}: ${script}`.startsWith(start)));
  expect(told.map(({ page, script }) => `${page}: ${script}`)).toEqual([]);
});

test('each block that no test runs is there', () => {
  const all = commandBlocks().map(({ page, script }) => `${page}: ${script}`);
  expect(Object.keys(NOT_RUN).filter((start) => !all.some((text) => text.startsWith(start)))).toEqual([]);
});
