import { SINCE } from './versions';

/** What a field holds. Fields without `required` are pointers in the tool: absent is not the same as empty. */
export type Type =
  | { readonly kind: 'string' | 'int' | 'bool' }
  | { readonly kind: 'labels' }
  | { readonly kind: 'list'; readonly item: Type }
  | { readonly kind: 'struct'; readonly struct: Struct };

export interface Struct {
  /** The type's name in the tool, by which rules find it. */
  readonly name: string;
  /** In the tool's order, in which it walks and reports. */
  readonly fields: readonly Field[];
}

export interface Field {
  /** As a config spells it: `size_mib`. */
  readonly key: string;
  /** As Ignition spells it: `sizeMiB`. */
  readonly name: string;
  readonly type: Type;
  /** Never absent: empty text or 0 instead. */
  readonly required: boolean;
  /** Written even when empty. */
  readonly always: boolean;
  /** Butane's own: Ignition has no such field. */
  readonly sugar: boolean;
  /** A struct that can be absent or empty, and the two differ: Ignition 3.2 has two. */
  readonly pointer: boolean;
  /** The OpenShift minor that came with it. */
  readonly since: number;
}

/** The schema of one minor: what a config may say. */
export function configSchema(minor: number): Struct {
  const generation = minor >= SINCE.ignition35 ? SINCE.ignition35 : minor >= SINCE.ignition34 ? SINCE.ignition34 : 0;
  let schema = schemas.get(generation);
  if (!schema) schemas.set(generation, schema = restrict(CONFIG, generation));
  return schema;
}

/** What Ignition knows of a struct: without Butane's additions. */
export function ignitionFields(struct: Struct): readonly Field[] {
  let fields = withoutSugar.get(struct);
  if (!fields) {
    const order = WRITTEN_ORDER[struct.name];
    fields = struct.fields.filter(({ sugar }) => !sugar);
    if (order) fields = [...fields].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    withoutSugar.set(struct, fields);
  }
  return fields;
}

/** The first minor whose config would know a key at the place of `struct`; undefined if none does. */
export function knownSince(struct: Struct, key: string): number | undefined {
  return ALL_STRUCTS.get(struct.name)?.fields.find((field) => field.key === key)?.since;
}

const schemas = new Map<number, Struct>();
const withoutSugar = new Map<Struct, readonly Field[]>();

/** Where Ignition's order is not Butane's; `--raw` shows it. */
const WRITTEN_ORDER: { readonly [struct: string]: readonly string[] } = {
  Tang: ['advertisement', 'thumbprint', 'url'],
  PasswdUser: [
    'gecos',
    'groups',
    'homeDir',
    'name',
    'noCreateHome',
    'noLogInit',
    'noUserGroup',
    'passwordHash',
    'primaryGroup',
    'sshAuthorizedKeys',
    'shell',
    'shouldExist',
    'system',
    'uid',
  ],
  Ignition: ['config', 'proxy', 'security', 'timeouts', 'version'],
};

const STRING: Type = { kind: 'string' };
const INT: Type = { kind: 'int' };
const BOOL: Type = { kind: 'bool' };
const STRINGS = list(STRING);

const VERIFICATION = structure('Verification', [optional('hash', STRING)]);
const RESOURCE = structure('Resource', [
  optional('compression', STRING),
  optional('http_headers', list(structure('HTTPHeader', [required('name', STRING), optional('value', STRING)]))),
  optional('source', STRING),
  added('inline', STRING),
  added('local', STRING),
  optional('verification', VERIFICATION),
]);
const NODE = [
  optional('group', structure('NodeGroup', [optional('id', INT), optional('name', STRING)])),
  optional('overwrite', BOOL),
  required('path', STRING),
  optional('user', structure('NodeUser', [optional('id', INT), optional('name', STRING)])),
];
const FILE = structure('File', [...NODE, optional('append', list(RESOURCE)), optional('contents', RESOURCE), optional('mode', INT)]);
const DIRECTORY = structure('Directory', [...NODE, optional('mode', INT)]);
const LINK = structure('Link', [...NODE, optional('hard', BOOL), optional('target', STRING)]);
const DISK = structure('Disk', [
  required('device', STRING),
  optional('partitions', list(structure('Partition', [
    optional('guid', STRING), optional('label', STRING), { ...required('number', INT), always: false }, optional('resize', BOOL),
    optional('should_exist', BOOL),
    optional('size_mib', INT), optional('start_mib', INT), optional('type_guid', STRING), optional('wipe_partition_entry', BOOL),
  ]))),
  optional('wipe_table', BOOL),
]);
const FILESYSTEM = structure('Filesystem', [
  required('device', STRING), optional('format', STRING), optional('label', STRING), optional('mount_options', STRINGS),
  optional('options', STRINGS),
  optional('path', STRING), optional('uuid', STRING), optional('wipe_filesystem', BOOL), added('with_mount_unit', BOOL),
]);
const RAID = structure('Raid', [
  optional('devices', STRINGS), optional('level', STRING), required('name', STRING), optional('options', STRINGS), optional('spares', INT),
]);
const TANG = structure('Tang', [
  optional('thumbprint', STRING), { ...required('url', STRING), always: false }, optional('advertisement', STRING, SINCE.ignition34),
]);
const CEX = structure('Cex', [optional('enabled', BOOL)]);
const CLEVIS = structure('Clevis', [
  optional('custom', structure('ClevisCustom', [optional('config', STRING), optional('needs_network', BOOL), optional('pin', STRING)])),
  optional('tang', list(TANG)), optional('threshold', INT), optional('tpm2', BOOL),
]);
const LUKS = structure('Luks', [
  optional('cex', CEX, SINCE.ignition35), optional('clevis', CLEVIS), optional('device', STRING),
  optional('discard', BOOL, SINCE.ignition34),
  optional('key_file', RESOURCE), optional('label', STRING), required('name', STRING), optional('open_options', STRINGS, SINCE.ignition34),
  optional('options', STRINGS), optional('uuid', STRING), optional('wipe_volume', BOOL),
]);
const DROPIN = structure('Dropin', [
  optional('contents', STRING),
  added('contents_local', STRING, SINCE.ignition34),
  required('name', STRING),
]);
const UNIT = structure('Unit', [
  optional('contents', STRING), added('contents_local', STRING, SINCE.ignition34), optional('dropins', list(DROPIN)),
  optional('enabled', BOOL),
  optional('mask', BOOL), required('name', STRING),
]);
const USER = structure('PasswdUser', [
  optional('gecos', STRING), optional('groups', STRINGS), optional('home_dir', STRING), required('name', STRING),
  optional('no_create_home', BOOL),
  optional('no_log_init', BOOL), optional('no_user_group', BOOL), optional('password_hash', STRING), optional('primary_group', STRING),
  optional('should_exist', BOOL), optional('ssh_authorized_keys', STRINGS), added('ssh_authorized_keys_local', STRINGS, SINCE.ignition34),
  optional('shell', STRING), optional('system', BOOL), optional('uid', INT),
]);
const GROUP = structure('PasswdGroup', [
  optional('gid', INT), required('name', STRING), optional('password_hash', STRING), optional('should_exist', BOOL),
  optional('system', BOOL),
]);
const IGNITION = structure('Ignition', [
  optional('config', structure('IgnitionConfig', [optional('merge', list(RESOURCE)), optional('replace', RESOURCE)])),
  optional('proxy', structure('Proxy', [optional('http_proxy', STRING), optional('https_proxy', STRING), optional('no_proxy', STRINGS)])),
  optional('security', structure('Security', [optional('tls', structure('TLS', [optional('certificate_authorities', list(RESOURCE))]))])),
  optional('timeouts', structure('Timeouts', [optional('http_response_headers', INT), optional('http_total', INT)])),
]);
const STORAGE = structure('Storage', [
  optional('directories', list(DIRECTORY)), optional('disks', list(DISK)), optional('files', list(FILE)),
  optional('filesystems', list(FILESYSTEM)),
  optional('links', list(LINK)), optional('luks', list(LUKS)), optional('raid', list(RAID)),
  added('trees', list(structure('Tree', [required('local', STRING), optional('path', STRING)]))),
]);
const BOOT_DEVICE = structure('BootDevice', [
  optional('layout', STRING),
  optional('luks', structure('BootDeviceLuks', [
    optional('cex', CEX, SINCE.ignition35), optional('discard', BOOL, SINCE.ignition34), optional('device', STRING, SINCE.ignition35),
    optional('tang', list(TANG)), optional('threshold', INT), optional('tpm2', BOOL),
  ])),
  optional('mirror', structure('BootDeviceMirror', [optional('devices', STRINGS)])),
]);
const CONFIG = (structure('Config', [
  { ...required('version', STRING), sugar: true },
  { ...required('variant', STRING), sugar: true },
  optional('ignition', IGNITION),
  optional(
    'kernel_arguments',
    structure('KernelArguments', [optional('should_exist', STRINGS), optional('should_not_exist', STRINGS)]),
    SINCE.ignition34,
  ),
  optional('passwd', structure('Passwd', [optional('groups', list(GROUP)), optional('users', list(USER))])),
  optional('storage', STORAGE),
  optional('systemd', structure('Systemd', [optional('units', list(UNIT))])),
  added('boot_device', BOOT_DEVICE),
  added(
    'grub',
    structure('Grub', [optional('users', list(structure('GrubUser', [required('name', STRING), optional('password_hash', STRING)])))]),
    SINCE.ignition34,
  ),
  added('metadata', structure('Metadata', [required('name', STRING), optional('labels', { kind: 'labels' })])),
  added('openshift', structure('OpenShift', [
    optional('kernel_arguments', STRINGS), optional('extensions', STRINGS), optional('fips', BOOL), optional('kernel_type', STRING),
  ])),
]) as { struct: Struct }).struct;

const ALL_STRUCTS = new Map<string, Struct>();
collect(CONFIG);

function optional(key: string, type: Type, since = 0): Field {
  return { key, name: camel(key), type, required: false, always: false, sugar: false, pointer: false, since };
}

function required(key: string, type: Type): Field {
  return { ...optional(key, type), required: true, always: true };
}

function added(key: string, type: Type, since = 0): Field {
  return { ...optional(key, type, since), sugar: true };
}

function list(item: Type): Type {
  return { kind: 'list', item };
}

function structure(name: string, fields: readonly Field[]): Type {
  return { kind: 'struct', struct: { name, fields } };
}

/** Fields that Ignition 3.2 has in another form: no pointers to text, but pointers to structs. */
const IN_IGNITION_32: { readonly [field: string]: Partial<Field> } = {
  'Link.target': { required: true, always: true },
  'Raid.level': { required: true, always: true },
  'ClevisCustom.config': { required: true, always: true },
  'ClevisCustom.pin': { required: true, always: true },
  'Luks.clevis': { pointer: true },
  'Clevis.custom': { pointer: true },
};

/** The schema without what came after a generation. */
function restrict(schema: Struct, generation: number, done = new Map<Struct, Struct>()): Struct {
  let result = done.get(schema);
  if (!result) {
    const fields = schema.fields.filter(({ since }) => since <= generation).map((each) => ({
      ...each,
      ...generation < SINCE.ignition34 ? IN_IGNITION_32[`${schema.name}.${each.name}`] : {},
      type: restrictType(each.type, generation, done),
    }));
    done.set(schema, result = { name: schema.name, fields });
  }
  return result;
}

function restrictType(type: Type, generation: number, done: Map<Struct, Struct>): Type {
  if (type.kind === 'list') return { kind: 'list', item: restrictType(type.item, generation, done) };
  return type.kind === 'struct' ? { kind: 'struct', struct: restrict(type.struct, generation, done) } : type;
}

function collect(schema: Struct): void {
  ALL_STRUCTS.set(schema.name, schema);
  for (const { type } of schema.fields) {
    const inner = type.kind === 'list' ? type.item : type;
    if (inner.kind === 'struct') collect(inner.struct);
  }
}

/** `size_mib` is `sizeMiB` to Ignition. */
function camel(key: string): string {
  return key.replace(/_mib$/, 'MiB').replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The other way round, for paths in messages. */
export function snake(name: string): string {
  return name.replace(/MiB|[A-Z]/g, (part) => `_${part}`).toLowerCase();
}
