import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { InputError, IpsecClusterConfig, IpsecMode, NodeSelection, OpenShiftVersion, Platform } from '../../src';

const SOURCE = join(__dirname, '..', '..', 'src');

function caught(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

const mistake = () => new IpsecClusterConfig(new Chart(new App(), 'ipsec'), 'cluster', {
  mode: IpsecMode.FULL, openshiftVersion: OpenShiftVersion.of('4.16'), platform: Platform.BARE_METAL, clusterMtu: 1.5,
});

describe('what is found when an app is synthesized', () => {
  test('is told with the path of its construct alone, and the frames that are the user\'s', () => {
    const app = new App();
    const chart = new Chart(app, 'ipsec');
    for (const id of ['one', 'two']) {
      new IpsecClusterConfig(chart, id, { mode: IpsecMode.DISABLED, openshiftVersion: OpenShiftVersion.of('4.16') });
    }
    const synth = () => app.synthYaml();
    const { name, message, stack } = caught(synth);
    expect([name, message]).toEqual(['InputError', "ipsec/two: Network 'cluster' is there twice: the cluster keeps only the one that is applied last; "
      + 'keep one of them, with what both say (object-duplicate)']);
    const frames = stack!.split('\n').filter((line) => /^ {4}at /.test(line));
    expect(frames[0]).toMatch(/^ {4}at synth /);
    expect(frames.filter((frame) => /node_modules.(?:cdk8s|constructs)|node:/.test(frame) || frame.includes(SOURCE))).toEqual([]);
  });
});

describe('the stack of an InputError', () => {
  test('begins with the message, path and all', () => {
    const error = caught(mistake);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(/^ipsec\/cluster: 'clusterMtu' \(1\.5\)/);
    expect(error.stack!.startsWith(`InputError: ${error.message}\n`)).toBe(true);
  });

  test('has the user\'s frames, and none of the library or of Node.js', () => {
    const frames = caught(mistake).stack!.split('\n').filter((line) => /^ {4}at /.test(line));
    expect(frames[0]).toContain(__filename);
    expect(frames[0]).toMatch(/^ {4}at mistake /);
    expect(frames.filter((frame) => frame.includes(SOURCE) || frame.includes('node:'))).toEqual([]);
  });

  test('keeps a callback of the user\'s, and drops one of the library\'s', () => {
    const byUser = caught(() => [1].forEach(function userCallback() { mistake(); })).stack!;
    expect(byUser).toContain('at userCallback ');
    expect(byUser).toContain('at Array.forEach (<anonymous>)');
    const byLibrary = caught(() => NodeSelection.hostnames(['a b'])).stack!;
    expect(byLibrary.split('\n')[1]).toContain(__filename);
  });

  test('has the user\'s frame under forty of the library', () => {
    const deep = (depth: number): unknown => depth === 0 ? mistake() : deep(depth - 1);
    expect(caught(() => deep(40)).stack!.split('\n').filter((line) => line.includes('at deep '))).toHaveLength(41);
  });

  test('leaves the depth of other stacks alone', () => {
    const before = Error.stackTraceLimit;
    caught(mistake);
    expect(Error.stackTraceLimit).toBe(before);
  });
});
