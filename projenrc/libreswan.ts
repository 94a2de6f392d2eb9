import { writeFileSync } from 'fs';
import { join } from 'path';
import type { LibreswanOption, LibreswanProp } from '../src/openshift/libreswan-option';
import { LIBRESWAN_OPTIONS } from '../src/openshift/libreswan-options';

/** Where every option is described that has no page of its own. */
const LIBRESWAN_PAGE = 'https://libreswan.org/man/ipsec.conf.5.html';

/** The folder for what is made of the rows: props with their docstrings and kinds, and the keys that they write. */
const TARGET = join(__dirname, '../src/connection');

const HEAD = '// Generated from src/openshift/libreswan-options.ts by `npx projen libreswan`; do not edit.\n\n';

/** The keys of a policy in the order in which they are written; a key that moved would change manifests, so that new ones follow. */
const FIRST = [
  'leftsubnet', 'leftsubnets', 'leftprotoport', 'leftsendcert', 'rightcert', 'rightca', 'rightsubnets', 'rightprotoport', 'ike', 'esp',
  'ikelifetime', 'salifetime', 'dpddelay', 'dpdtimeout', 'dpdaction', 'ipsec-interface', 'authby', 'require-id-on-certificate',
  'nm-auto-defaults',
];

/** Keys that every connection has, so that they have a place of their own. */
const ALWAYS = [
  'left', 'leftid', 'leftrsasigkey', 'leftcert', 'leftmodecfgclient', 'right', 'rightid', 'rightrsasigkey', 'rightsubnet', 'ikev2', 'type',
];

type OptionWithProp = LibreswanOption & { readonly prop: LibreswanProp };

const options = LIBRESWAN_OPTIONS.filter((option): option is OptionWithProp => typeof option.prop === 'object');
const propOf = ({ key, prop }: LibreswanOption) => (typeof prop === 'string' ? prop : prop!.name ?? key);
const typeOf = ({ prop: { type } }: OptionWithProp) => (typeof type === 'object' ? type.name : type);

function comment(lines: readonly string[], indent = ''): string {
  return [`${indent}/**`, ...lines.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}`), `${indent} */`].join('\n');
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 118) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** `From 4.19.22, 4.20.11 and 4.21.` */
function from({ since }: LibreswanOption): string {
  if (!since) return '';
  const releases = since.map((release) => release.replace(/\.0$/, ''));
  const last = releases.pop();
  return ` From ${releases.length > 0 ? `${releases.join(', ')} and ` : ''}${last}.`;
}

function kindOf({ prop: { type } }: OptionWithProp): string {
  if (typeof type === 'object') return `member(${type.name})`;
  switch (type) {
    case 'string': return 'TEXT';
    case 'boolean': return 'FLAG';
    case 'number': return 'NUMBER';
    case 'string | number': return 'either(TEXT, NUMBER)';
    case 'string[]': return "listOf(TEXT, 'subnets')";
  }
}

const enums = options.flatMap(({ prop: { type } }) => (typeof type === 'object' ? [type] : []));
const known = LIBRESWAN_OPTIONS.filter(({ key, prop }) => prop !== undefined && !ALWAYS.includes(key)).map(({ key }) => key);
const written = [...FIRST, ...known.filter((key) => !FIRST.includes(key))];
const byKey = new Map(LIBRESWAN_OPTIONS.map((option) => [option.key, option]));

writeFileSync(join(TARGET, 'libreswan-options.ts'), `${HEAD}import { either, FLAG, KindsOf, listOf, mapOf, member, NUMBER, optional, TEXT } from '../core/kinds';

${enums.map(({ name, doc, members }) => `/** ${doc} */
export enum ${name} {
${members.map((one) => `  /** ${one.doc} */\n  ${one.name} = '${one.value}',`).join('\n')}
}
`).join('\n')}
/** The libreswan keys of a connection that have no prop of their own name in \`ExternalIpsecEndpointProps\`. */
export interface LibreswanOptions {
${options.map((option) => `${comment([
  ...wrapped(option.prop.doc + from(option)), '', `@default ${option.prop.default}`, `@see ${option.prop.see ?? LIBRESWAN_PAGE}`,
  ...option.prop.deprecated ? [`@deprecated ${option.prop.deprecated}`] : [],
], '  ')}
  readonly ${propOf(option)}?: ${typeOf(option)};
`).join('\n')}
  /**
   * Keys of libreswan that are newer than this library, written as they are. Each is a finding (\`libreswan-extra\`), and the node
   * refuses the whole policy where its nmstate does not know the key.
   *
   * @default - none
   * @see ${LIBRESWAN_PAGE}
   */
  readonly libreswanExtra?: { [key: string]: string };
}

/** The kinds of these props. */
export const LIBRESWAN_KINDS: KindsOf<LibreswanOptions> = {
${options.map((option) => `  ${propOf(option)}: optional(${kindOf(option)}),`).join('\n')}
  libreswanExtra: optional(mapOf(TEXT, 'texts')),
};
`);

writeFileSync(join(TARGET, 'libreswan-keys.ts'), `${HEAD}/** The keys that are written only where their props are given, in the order in which they are written. */
export const OPTIONAL_KEYS = [
${written.map((key) => `  ['${key}', '${propOf(byKey.get(key)!)}'],`).join('\n')}
] as const;

/** The props by the keys that they write, where the two have different names. */
export const PROPS_OF_KEYS = {
${LIBRESWAN_OPTIONS.filter((option) => option.prop !== undefined && propOf(option) !== option.key)
  .map((option) => `  '${option.key}': "'${propOf(option)}'",`).join('\n')}
};
`);
