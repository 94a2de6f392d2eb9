import { mkdtempSync, readdirSync, readFileSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, AppProps, Chart, JsonPatch, Lazy, Yaml, YamlOutputType } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import * as fc from 'fast-check';
import {
  ExternalIpsecEndpoint, FleetSynth, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecWarnings, MachineConfig,
  NodeSelection, OpenShiftVersion,
} from '../../src';
import { textOf } from '../../src/synthesis/object-text';

/** Every file under a folder with its content. */
function files(folder: string): { [path: string]: string } {
  const found: { [path: string]: string } = {};
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    if (statSync(path).isFile()) found[name] = readFileSync(path, 'utf8');
  }
  return found;
}

/** What cdk8s writes of an app, and what FleetSynth writes of the same. */
function both(fill: (app: App) => void, props: AppProps = {}): { readonly cdk8s: unknown; readonly fleet: unknown } {
  const written = (synth: (app: App) => void) => {
    const outdir = mkdtempSync(join(tmpdir(), 'fleet-'));
    const app = new App({ ...props, outdir });
    IpsecWarnings.of(app).silence();
    try {
      fill(app);
      synth(app);
      return files(outdir);
    } catch (error) {
      return { error: (error as Error).message, written: files(outdir) };
    }
  };
  return { cdk8s: written((app) => app.synth()), fleet: written((app) => FleetSynth.synth(app)) };
}

function config(scope: Construct, id: string, data: object): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: id }, ...data });
}

function endpoints(app: App, chartId: string, count: number): Chart {
  const chart = new Chart(app, chartId);
  const cluster = new IpsecClusterConfig(chart, 'cluster', {
    mode: IpsecMode.EXTERNAL,
    openshiftVersion: OpenShiftVersion.of('4.16'),
    routingViaHost: true,
  });
  for (let i = 0; i < count; i++) {
    new ExternalIpsecEndpoint(chart, `endpoint-${i}`, {
      cluster,
      certificate: IpsecCertificate.fromNickname('left_server'),
      nodes: NodeSelection.hostname(`worker-${i}.example.com`),
      interfaceName: 'ipsec-storage',
      host: 'storage.example.com',
      remoteSubnet: '192.0.2.10/32',
      type: IpsecConnectionType.TUNNEL,
    });
  }
  return chart;
}

describe('FleetSynth writes what cdk8s writes', () => {
  const OUTPUTS = [
    YamlOutputType.FILE_PER_APP, YamlOutputType.FILE_PER_CHART, YamlOutputType.FILE_PER_RESOURCE,
    YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
  ];

  test.each(OUTPUTS)('of several charts with endpoints and MachineConfigs (output type %d)', (yamlOutputType) => {
    const { cdk8s, fleet } = both((app) => {
      for (const name of ['berlin', 'paris']) {
        const chart = endpoints(app, name, 30);
        new MachineConfig(chart, 'config', {
          role: 'worker',
          name: '99-worker-own',
          openshiftVersion: OpenShiftVersion.of('4.16'),
          units: [{ name: 'own.service', contents: '[Unit]\nDescription=Own\n\n[Service]\nExecStart=/bin/true\n', enabled: true }],
        });
      }
    }, { yamlOutputType });
    expect(fleet).toEqual(cdk8s);
  });

  test.each(OUTPUTS)(
    'of charts, groups and objects that depend on each other, and of charts in charts (output type %d)',
    (yamlOutputType) => {
      const { cdk8s, fleet } = both(
        (app) => {
          const [one, two] = [new Chart(app, 'one'), new Chart(app, 'two', { namespace: 'ns', labels: { of: 'two' } })];
          const inner = new Chart(two, 'inner');
          const [group, other] = [new Construct(one, 'group'), new Construct(one, 'other')];
          for (const id of ['b', 'a', 'c']) {
            for (const scope of [group, other, two, inner]) config(scope, `${scope.node.id}-${id}`, { data: { id } });
          }
          group.node.addDependency(other);
          one.node.addDependency(two);
          one.node.findChild('other').node.findChild('other-b').node.addDependency(other.node.findChild('other-c'));
        },
        { yamlOutputType },
      );
      expect(fleet).toEqual(cdk8s);
    },
  );

  test('of charts whose names are numbers', () => {
    const { cdk8s, fleet } = both((app) => {
      for (const id of ['b', '10', '9', 'a']) config(new Chart(app, id), `config-${id}`, {});
    }, { yamlOutputType: YamlOutputType.FILE_PER_APP });
    expect(fleet).toEqual(cdk8s);
  });

  test('of an app without charts, and of an empty chart', () => {
    const nothing = both(() => undefined);
    expect(nothing.fleet).toEqual(nothing.cdk8s);
    const empty = both((app) => { new Chart(app, 'empty'); });
    expect(empty.fleet).toEqual(empty.cdk8s);
  });

  test('of objects that patches rename, in files by their new names', () => {
    const { cdk8s, fleet } = both((app) => {
      config(new Chart(app, 'chart'), 'old', {}).addJsonPatch(JsonPatch.replace('/metadata/name', 'new'));
    }, { yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
    expect(fleet).toEqual(cdk8s);
  });

  test('of an app that records the metadata of its constructs, or has resolvers of its own', () => {
    const recording = both((app) => { endpoints(app, 'chart', 2); }, { recordConstructMetadata: true });
    expect(recording.fleet).toEqual(recording.cdk8s);
    const resolver = {
      resolve: (context: { value: unknown; replaceValue(value: unknown): void }) => {
        if (context.value === 'old') context.replaceValue('new');
      },
    };
    const resolving = both((app) => { config(new Chart(app, 'chart'), 'config', { data: { a: 'old' } }); }, { resolvers: [resolver] });
    expect(resolving.fleet).toEqual(resolving.cdk8s);
  });

  test('where a validation fails: the same error, and no file', () => {
    const { cdk8s, fleet } = both((app) => {
      const chart = new Chart(app, 'chart');
      chart.node.addValidation({ validate: () => ['this is wrong'] });
    });
    expect(fleet).toEqual(cdk8s);
    expect(fleet).toEqual({ error: 'Validation failed with the following errors:\n  [chart] this is wrong', written: {} });
  });

  test('where an object can not be rendered: the same error, and no half of a file', () => {
    const { cdk8s, fleet } = both((app) => {
      const chart = new Chart(app, 'chart');
      config(chart, 'good', {});
      config(chart, 'bad', { data: new Date(0) });
    });
    expect(fleet).toEqual(cdk8s);
    expect(fleet).toEqual({
      error: "Failed serializing construct at path 'chart/bad' with name 'bad': Error: can't render non-simple object of type 'Date'",
      written: {},
    });
  });

  test('of an app that overrides how it is synthesized', () => {
    class Own extends App {
      public calls = 0;
      public synth(): void { this.calls++; }
    }
    const app = new Own();
    FleetSynth.synth(app);
    expect(app.calls).toBe(1);
  });
});

test('FleetSynth refuses what is no app', () => {
  expect(() => FleetSynth.synth(undefined as never)).toThrow("'app' must be an App of cdk8s, whose objects are to be written");
});

describe('the text of an object is that of cdk8s', () => {
  const WORDS = [
    'a', 'kubernetes.io/hostname', 'yes', 'No', 'null', '~', '0x1F', '0X1F', '0o7', '0b1', '1e3', '.5', 'e5', 'E+5', '12', '-3', '007',
    '1_000', '12:30', '2001-12-14',
    '192.0.2.10/32', '%fromcert', '@x.y', 'true', 'on', '', ' x', 'x ', 'a: b', 'a:b', 'a:', 'a #b', '#c', '- d', '-e', '---', '"q"',
    "it's", 'a\nb', 'a\nb\n', '\n',
    'tab\tx', 'é', '\u2028', '\ud83d\ude00', '{}', '[]', '*c', '&d', '!e', '|', '>', '?', '=', '<<', '\\', 'y', 'n', 'a-', 'data:,x',
    '10', '\u0000', '\ufeffx', 'x '.repeat(60),
  ];
  const text = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...WORDS) }, { weight: 1, arbitrary: fc.string() },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map(([a, b]) => a + b) },
  );
  const key = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'name', 'spec', 'x-y', 'kubernetes.io/a', 'value') },
    { weight: 1, arbitrary: text },
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      text, fc.boolean(), fc.integer(), fc.constantFrom(null, undefined, 1.5, -0, 1e21),
      fc.constant(Lazy.any({ produce: () => ({ z: 1 }) })),
      fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));
  const labels = fc.option(fc.dictionary(key, text, { maxKeys: 3, noNullPrototype: true }), { nil: undefined });

  test('of any object, with labels and patches', () => {
    const seen = (write: () => string) => {
      try {
        return write();
      } catch (error) {
        return `error: ${(error as Error).message}`;
      }
    };
    fc.assert(fc.property(key, value, labels, fc.boolean(), (name, spec, more, patched) => {
      const object = config(new Chart(new App(), 'chart') as IConstruct as Construct, 'object', {
        metadata: { name: 'n', labels: more, annotations: more },
        [name]: spec,
      });
      if (patched) object.addJsonPatch(JsonPatch.add('/data', 'patched'));
      expect(seen(() => textOf(object))).toBe(seen(() => Yaml.stringify(object.toJson())));
    }), { numRuns: 1200 });
  });
});
