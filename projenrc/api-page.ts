import { dirname, relative } from 'path';
import { Spelling, spellingOf } from './api-spelling';

/** What is read of the assembly: where a type was written, and what its methods give. */
export interface Assembly {
  readonly types: {
    readonly [fqn: string]: {
      readonly locationInModule: { readonly filename: string };
      readonly initializer?: { readonly docs?: Thrown };
      readonly methods?: readonly {
        readonly name: string;
        readonly docs?: Thrown;
        readonly returns?: { readonly type: { readonly fqn?: string } };
      }[];
    };
  };
}

interface Thrown { readonly custom?: { readonly throws?: string } }

interface Type {
  readonly formattingPattern: string;
  readonly types?: readonly (Type | { readonly id: string; readonly displayName: string })[];
}
interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly deprecated?: boolean;
  readonly deprecationReason?: string;
  readonly links?: readonly string[];
}
interface Named { readonly id: string; readonly displayName: string; readonly docs: Docs }
interface Property extends Named { readonly optional?: boolean; readonly default?: string; readonly type: Type }
interface Callable extends Named { readonly parameters: readonly Property[]; readonly usage: string }
interface Entity extends Named {
  readonly usage?: string;
  readonly initializer?: Callable;
  readonly instanceMethods?: readonly Callable[];
  readonly staticMethods?: readonly Callable[];
  readonly properties?: readonly Property[];
  readonly constants?: readonly Property[];
  readonly members?: readonly Named[];
}

/** What jsii-docgen says of an API, as far as it is shown. */
export interface Api {
  readonly constructs: readonly Entity[];
  readonly classes: readonly Entity[];
  readonly structs: readonly Entity[];
  readonly interfaces: readonly Entity[];
  readonly enums: readonly Entity[];
}

export interface Page {
  readonly title: string;
  readonly file: string;
  readonly others: readonly (readonly [title: string, file: string])[];
}

/** What a user wants to do, and the folders whose types do it. */
const TASKS: readonly (readonly [title: string, folders: readonly string[]])[] = [
  ['Switch IPsec on, and prepare the cluster', ['constructs/cluster']],
  ['Connect nodes to hosts outside the cluster', ['constructs/endpoint', 'connection']],
  ['Bring certificates to the nodes', ['constructs/certificates', 'certificate']],
  ['Keep tunnels closed on failure, and bring them back', ['constructs/guard']],
  ['Roll out, by hand or by GitOps', ['constructs/rollout', 'constructs/gitops', 'synthesis']],
  ['Configure the other side', ['constructs/peers', 'constructs/peer', 'peer', 'peers']],
  ['Verify and watch', ['constructs/verification', 'constructs/monitoring']],
  ['Write any MachineConfig, and Butane', ['constructs/machine-config', 'butane']],
  ['Versions, platforms, nodes', ['openshift']],
  ['Warnings, and judging manifests', ['core', 'check', 'rules', 'plan', 'documents']],
];

/** What every construct has from `constructs`, and says nothing of it. */
const BOILERPLATE = /\.(?:isConstruct|toString|with|property\.node)$/;

/** The API of one language as a page. */
export function pageOf(api: Api, assembly: Assembly, page: Page): string {
  const shown = new Writer(api, assembly, page);
  const groups = TASKS.map(([title, folders]) => ({ title, entities: ordered(api, ({ id }) => folders.includes(folderOf(assembly, id))) }))
    .filter(({ entities }) => entities.length > 0);
  refuseLost(api, groups.flatMap(({ entities }) => entities));
  const others = page.others.map(([title, file]) => `[${title}](${relative(dirname(page.file), file)})`).join(', ');
  const contents = groups.map(({ title, entities }) =>
    `- [${title}](#${anchor(title)}): ${entities.filter(({ id }) => !isProps(id)).map((entity) => shown.link(entity)).join(', ')}`);
  return `${[
    `# The API in ${page.title}`,
    `The same in ${others}. Written from the docstrings by \`npx projen docgen\`; in each list what must be given stands first.`,
    '## Contents',
    contents.join('\n'),
    ...groups.flatMap(({ title, entities }) => [`## ${title}`, ...entities.flatMap((entity) => shown.entity(entity))]),
  ].join('\n\n')}\n`;
}

function folderOf({ types }: Assembly, id: string): string {
  const { filename } = types[id].locationInModule;
  const parts = dirname(filename).split('/').slice(1);
  return parts.slice(0, parts[0] === 'constructs' ? 2 : 1).join('/');
}

/** Constructs before values, and what a type is made of right behind it. */
function ordered(api: Api, isOfTask: (entity: Entity) => boolean): Entity[] {
  const structs = api.structs.filter(isOfTask);
  const heads = [...api.constructs, ...api.classes, ...api.interfaces].filter(isOfTask);
  const behind = heads.flatMap((head) => [head, ...structs.filter(({ id }) => isPropsOf(id, head.id))]);
  return [...behind, ...structs.filter((struct) => !behind.includes(struct)), ...api.enums.filter(isOfTask)];
}

function isProps(id: string): boolean {
  return /(?:Props|Options)$/.test(id);
}

function isPropsOf(id: string, head: string): boolean {
  return id === `${head}Props` || id === `${head}Options`;
}

function refuseLost({ constructs, classes, structs, interfaces, enums }: Api, shown: readonly Entity[]): void {
  const lost = [...constructs, ...classes, ...structs, ...interfaces, ...enums].filter((entity) => !shown.includes(entity));
  if (lost.length > 0) throw new Error(`no task in projenrc/api-page.ts has the folder of ${lost.map(({ id }) => id).join(', ')}`);
}

function anchor(heading: string): string {
  return heading.toLowerCase().replace(/[^\w -]/g, '').replace(/ /g, '-');
}

/** Markdown of types and their members. */
class Writer {
  private readonly own = new Map<string, Entity>();

  /** The types of ours that methods give, by the ids of the methods: not every language's usage says it. */
  private readonly returned = new Map<string, string>();

  /** When a method or a constructor throws, which jsii-docgen leaves out. */
  private readonly thrown = new Map<string, string>();

  private readonly structs: ReadonlySet<string>;
  private readonly spelling: Spelling;
  private readonly file: string;

  public constructor({ constructs, classes, structs, interfaces, enums }: Api, { types }: Assembly, { title, file }: Page) {
    this.spelling = spellingOf(title);
    this.file = file;
    this.structs = new Set(structs.map(({ id }) => id));
    for (const entity of [...constructs, ...classes, ...structs, ...interfaces, ...enums]) this.own.set(entity.id, entity);
    for (const [id, { methods = [], initializer }] of Object.entries(types)) {
      for (const { name, docs } of [...methods, { name: 'Initializer', docs: initializer?.docs }]) {
        const throws = docs?.custom?.throws;
        if (throws !== undefined) this.thrown.set(`${id}.${name}`, `Throws ${throws.replace(/\s*\n\s*/g, ' ').replace(/\.?$/, '.')}`);
      }
      for (const { name, returns } of methods) {
        if (returns?.type.fqn !== undefined && this.own.has(returns.type.fqn)) this.returned.set(`${id}.${name}`, returns.type.fqn);
      }
    }
  }

  public link({ displayName }: { readonly displayName: string }): string {
    return `[\`${displayName}\`](#${anchor(displayName)})`;
  }

  public entity(entity: Entity): string[] {
    const { initializer, staticMethods = [], instanceMethods = [], properties = [], constants = [], members = [] } = entity;
    const isStruct = initializer === undefined && entity.usage !== undefined;
    const plain = (list: readonly Callable[]) => list.filter(({ id }) => !BOILERPLATE.test(id));
    const mine = properties.filter(({ id }) => !BOILERPLATE.test(id));
    return [
      `### ${entity.displayName}`,
      ...this.prose(entity.docs),
      ...initializer?.usage ? [fenced(this.file, this.usage(initializer.usage)), ...this.throwsOf(`${entity.id}.Initializer`)] : [],
      ...section('Made by', plain(staticMethods).flatMap((method) => this.callable(method))),
      ...isStruct ? this.list(mine, true) : section('Has', this.list(mine)),
      ...section('Does', plain(instanceMethods).flatMap((method) => this.callable(method))),
      ...section('Constants', this.list(constants.map((constant): Property => (
        { ...constant, optional: true, displayName: this.spelling.constant(entity.displayName, constant.id.split('.').at(-1)!, constant.displayName) }
      )), true)),
      ...members.length === 0 ? [] : [members.map((member) => item(`\`${member.displayName}\``, this.prose(member.docs))).join('\n')],
    ];
  }

  /** Props: required ones first, deprecated ones last, else in the order of the alphabet, as jsii has them. */
  private list(properties: readonly Property[], areProps = false): string[] {
    if (properties.length === 0) return [];
    const rank = ({ optional, docs }: Property) => (docs.deprecated ? 2 : optional ? 1 : 0);
    const sorted = [...properties].sort((one, other) => rank(one) - rank(other));
    return [sorted.map((property) => {
      const name = areProps ? property.displayName : this.spelling.getter(property.displayName);
      const head = `\`${name}\`: ${this.type(property.type)}`;
      const byDefault = property.default === undefined || property.docs.deprecated ? [] : [`Default: ${plainDefault(property.default)}.`];
      const { links = [], ...docs } = property.docs;
      const facts = [...byDefault, ...links.map(link)].join(' ');
      return item(`${head}${property.optional || !areProps ? '' : ', **required**'}`, [
        // jsii cuts a docstring behind its first sentence, which in a list is one paragraph with the next.
        this.prose(docs).join(' '),
        facts,
      ].filter((text) => text !== ''));
    }).join('\n')];
  }

  private callable({ id, usage, parameters, docs }: Callable): string[] {
    const returned = this.returned.get(id);
    const gives = returned === undefined ? '' : `, gives ${this.link(this.own.get(returned)!)}`;
    const told = parameters.filter((parameter) => parameter.docs.summary).map((parameter) =>
      `  - \`${parameter.displayName}\`: ${this.prose(parameter.docs).join(' ').replace(/\s*\n\s*/g, ' ')}`);
    return [[item(`\`${signature(this.usage(usage))}\`${gives}`, [...this.prose(docs), ...this.throwsOf(id)]), ...told].join('\n')];
  }

  private throwsOf(id: string): string[] {
    const text = this.thrown.get(id);
    return text === undefined ? [] : [text];
  }

  private prose({ summary, remarks, deprecated, deprecationReason, links = [] }: Docs): string[] {
    return [
      ...deprecated ? [`*Deprecated.* ${deprecationReason ?? ''}`.trim()] : [],
      // jsii takes the first half of a sentence for a summary, up to a semicolon.
      ...summary?.endsWith(';') && remarks ? [`${summary} ${remarks.trim()}`] : [summary, remarks?.trim()].filter((text) => text !== undefined),
      ...links.length === 0 ? [] : [links.map(link).join(' · ')],
    ];
  }

  private address(id: string): string {
    return this.spelling.structsByAddress && this.structs.has(id) ? '\\*' : '';
  }

  private usage(text: string): string {
    const corrected = this.spelling.corrected(text);
    if (!this.spelling.structsByAddress) return corrected;
    const names = [...this.structs].map((id) => this.own.get(id)!.displayName);
    return corrected.replace(/(?<=[ \]])\w+(?=[,)\s]|$)/g, (type) => names.includes(type) ? `*${type}` : type);
  }

  /** A type with links to ours; without any it is code as a whole. */
  private type(type: Type): string {
    const text = this.spelled(type);
    return text.includes('](#') ? text : `\`${text}\``;
  }

  private spelled({ formattingPattern, types = [] }: Type): string {
    const parts = types.map((part) =>
      'formattingPattern' in part ? this.spelled(part) : this.own.has(part.id) ? this.address(part.id) + this.link(part) : part.displayName);
    const linked = parts.some((part) => part.includes('](#'));
    // Angle brackets and asterisks outside code are Markdown's own.
    const plain = this.spelling.corrected(formattingPattern);
    const pattern = linked ? plain.replace(/[<>*[\]]/g, '\\$&') : plain;
    let next = 0;
    return pattern.replace(/%/g, () => parts[next++]);
  }
}

/** A link says whose page it is. */
function link(page: string): string {
  return `[${new URL(page).hostname.replace(/^(?:www|docs)\./, '')}](${page})`;
}

function plainDefault(text: string): string {
  return text.replace(/^- /, '').replace(/\.$/, '');
}

function item(head: string, paragraphs: readonly string[]): string {
  if (paragraphs.length === 0) return `- ${head}`;
  return `- ${head}  \n${paragraphs.join('\n\n').replace(/^(?=.)/gm, '  ')}`;
}

function section(title: string, content: readonly string[]): string[] {
  return content.length === 0 ? [] : [`**${title}**`, content.join('\n')];
}

/** How a method is called, on one line: without what is imported for it, and without the words that every one has. */
function signature(usage: string): string {
  const call = usage.trim().split('\n\n').at(-1)!;
  return call.replace(/^(?:public|def|func) /, '').replace(/\(\s+/g, '(').replace(/,?\s+\)/g, ')').replace(/\s+/g, ' ');
}

function fenced(file: string, usage: string): string {
  const language = file === 'API.md' ? 'typescript' : file.replace(/^.*\/|\.md$/g, '');
  return `\`\`\`${language}\n${usage.trim()}\n\`\`\``;
}
