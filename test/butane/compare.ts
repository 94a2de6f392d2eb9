import { gunzipSync } from 'zlib';

/** What a compiler said of a config. */
export interface Outcome {
  readonly accepted: boolean;
  readonly output: string;
  /** The messages, in the tool's raw form. */
  readonly messages: readonly string[];
}

/** How two outcomes differ; undefined if they are the same for every purpose that the contract names. */
export function difference(ours: Outcome, theirs: Outcome): string | undefined {
  if (ours.accepted !== theirs.accepted) {
    return `accepted: ours ${ours.accepted}, theirs ${theirs.accepted}\n${ours.messages.join('\n')}\n--\n${theirs.messages.join('\n')}`;
  }
  // Of broken YAML and values of wrong types the tool tells no place, so only the refusal is compared.
  const untold = theirs.messages.some((message) => /yaml: |unmarshal|error parsing|No translator/.test(message));
  const [mine, their] = unmatched(comparable(ours.messages), comparable(theirs.messages));
  if (!untold && mine.length + their.length > 0) return `messages\n${mine.join('\n')}\n--\n${their.join('\n')}`;
  if (!ours.accepted || ours.output === theirs.output) return undefined;
  // A line break at the head of a text is lost in the tool's YAML, and kept in ours.
  const [left, right] = withSamePayloads(ours.output.replace(/([:?-] \|2[-+]?)\n(?=[\n\u2028\u2029])/g, '$1'), theirs.output);
  return left === right ? undefined : `output\n${left}\n--\n${right}`;
}

/** Messages without what the contract lets differ. The tool walks unknown keys in random order. */
function comparable(messages: readonly string[]): string[] {
  return messages
    .filter((message) => !message.endsWith('(openshift-ipsec, not butane)') && !/^Error translating config|^Config produced warnings/.test(message) && message !== '')
    // A nested config that is no JSON: the tool says why in a message of its own.
    .filter((message, _, all) => !(/^error at line \d+ col \d+: /.test(message) && all.some((each) => each.endsWith(': config is not '
      + 'valid'))))
    .map((message) => message.replace(/config is not valid: .*/, 'config is not valid').replace(/ \(version 4\.\d+\.0 and later know it\)$/, ''))
    .sort();
}

/** Paths in the output instead of the config, or the first line: the tool does not know better, or counts what it has put in front. */
const LOST = / at \$\.spec\.config|, line 1 col 1:|\$\.storage\.(disks|raid|filesystems|luks)\.\d/;

/** What is left of both when equal messages are taken away. Where the tool lost the place, the text is enough. */
function unmatched(ours: string[], theirs: string[]): [string[], string[]] {
  const mine = [...ours];
  const text = (message: string) => message.replace(/ at \$.*?, line \d+ col \d+:/, ':');
  const take = (wanted: (message: string) => boolean) => {
    const index = mine.findIndex(wanted);
    if (index >= 0) mine.splice(index, 1);
    return index >= 0;
  };
  const exact = theirs.filter((message) => !take((each) => each === message));
  return [mine, exact.filter((message) => !(LOST.test(message) && take((each) => text(each) === text(message))))]
    .map((messages) => [...messages]) as [string[], string[]];
}

/** What the contract lets a payload's encoded length be away from the threshold of compression. */
const TOLERANCE = 16;

const PAYLOAD = /(?:compression: (?:gzip|"")\n *source: |"compression":"(?:gzip)?","source":")(data:[^\s"]*)/g;

/**
 * Both outputs with their payloads decoded where they differ: gzip bytes differ between compressors, and close to the
 * threshold one may compress what the other does not.
 */
function withSamePayloads(ours: string, theirs: string): [string, string] {
  const [mine, their] = [ours, theirs].map((output) => [...output.matchAll(PAYLOAD)]);
  if (mine.length !== their.length) return [ours, theirs];
  let [left, right] = [ours, theirs];
  mine.forEach(([own], index) => {
    const other = their[index][0];
    const same = own !== other && decoded(own) !== undefined && decoded(own) === decoded(other);
    const compressed = [own, other].every((each) => each.includes('gzip'));
    if (!same || !compressed && Math.abs(own.length - other.length) > TOLERANCE) return;
    left = left.replace(own, `payload ${index}`);
    right = right.replace(other, `payload ${index}`);
  });
  return [left, right];
}

function decoded(payload: string): string | undefined {
  const source = /data:.*/.exec(payload)![0];
  const body = source.startsWith('data:;base64,')
    ? Buffer.from(source.slice('data:;base64,'.length), 'base64')
    : Buffer.from(decodeURIComponent(source.slice('data:,'.length)));
  try {
    return (payload.includes('gzip') ? gunzipSync(body) : body).toString('latin1');
  } catch {
    // Compressed by whoever wrote the config, or said to be: compared as it stands.
    return undefined;
  }
}
