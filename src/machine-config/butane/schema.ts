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

/** The field of a struct, for code that walks on from it. */
export function fieldOf(struct: Struct, name: string): Field {
  return struct.fields.find((field) => field.name === name)!;
}

const schemas = new Map<number, Struct>();
const withoutSugar = new Map<Struct, readonly Field[]>();

/** Where Ignition's order is not Butane's; `--raw` shows it. */
const WRITTEN_ORDER: { readonly [struct: string]: readonly string[] } = {
  Tang: ['advertisement', 'thumbprint', 'url'],
  PasswdUser: ['gecos', 'groups', 'homeDir', 'name', 'noCreateHome', 'noLogInit', 'noUserGroup', 'passwordHash', 'primaryGroup', 'sshAuthorizedKeys',
    'shell', 'shouldExist', 'system', 'uid'],
  Ignition: ['config', 'proxy', 'security', 'timeouts', 'version'],
};

const STRING: Type = { kind: 'string' };
const INT: Type = { kind: 'int' };
const BOOL: Type = { kind: 'bool' };
const STRINGS = list(STRING);

const VERIFICATION = struct('Verification', [field('hash', STRING)]);
const RESOURCE = struct('Resource', [
  field('compression', STRING),
  field('http_headers', list(struct('HTTPHeader', [required('name', STRING), field('value', STRING)]))),
  field('source', STRING),
  sugar('inline', STRING),
  sugar('local', STRING),
  field('verification', VERIFICATION),
]);
const NODE = [
  field('group', struct('NodeGroup', [field('id', INT), field('name', STRING)])),
  field('overwrite', BOOL),
  required('path', STRING),
  field('user', struct('NodeUser', [field('id', INT), field('name', STRING)])),
];
const FILE = struct('File', [...NODE, field('append', list(RESOURCE)), field('contents', RESOURCE), field('mode', INT)]);
const DIRECTORY = struct('Directory', [...NODE, field('mode', INT)]);
const LINK = struct('Link', [...NODE, field('hard', BOOL), field('target', STRING)]);
const DISK = struct('Disk', [
  required('device', STRING),
  field('partitions', list(struct('Partition', [
    field('guid', STRING), field('label', STRING), { ...required('number', INT), always: false }, field('resize', BOOL), field('should_exist', BOOL),
    field('size_mib', INT), field('start_mib', INT), field('type_guid', STRING), field('wipe_partition_entry', BOOL),
  ]))),
  field('wipe_table', BOOL),
]);
const FILESYSTEM = struct('Filesystem', [
  required('device', STRING), field('format', STRING), field('label', STRING), field('mount_options', STRINGS), field('options', STRINGS),
  field('path', STRING), field('uuid', STRING), field('wipe_filesystem', BOOL), sugar('with_mount_unit', BOOL),
]);
const RAID = struct('Raid', [
  field('devices', STRINGS), field('level', STRING), required('name', STRING), field('options', STRINGS), field('spares', INT),
]);
const TANG = struct('Tang', [
  field('thumbprint', STRING), { ...required('url', STRING), always: false }, field('advertisement', STRING, SINCE.ignition34),
]);
const CEX = struct('Cex', [field('enabled', BOOL)]);
const CLEVIS = struct('Clevis', [
  field('custom', struct('ClevisCustom', [field('config', STRING), field('needs_network', BOOL), field('pin', STRING)])),
  field('tang', list(TANG)), field('threshold', INT), field('tpm2', BOOL),
]);
const LUKS = struct('Luks', [
  field('cex', CEX, SINCE.ignition35), field('clevis', CLEVIS), field('device', STRING), field('discard', BOOL, SINCE.ignition34),
  field('key_file', RESOURCE), field('label', STRING), required('name', STRING), field('open_options', STRINGS, SINCE.ignition34),
  field('options', STRINGS), field('uuid', STRING), field('wipe_volume', BOOL),
]);
const DROPIN = struct('Dropin', [field('contents', STRING), sugar('contents_local', STRING, SINCE.ignition34), required('name', STRING)]);
const UNIT = struct('Unit', [
  field('contents', STRING), sugar('contents_local', STRING, SINCE.ignition34), field('dropins', list(DROPIN)), field('enabled', BOOL),
  field('mask', BOOL), required('name', STRING),
]);
const USER = struct('PasswdUser', [
  field('gecos', STRING), field('groups', STRINGS), field('home_dir', STRING), required('name', STRING), field('no_create_home', BOOL),
  field('no_log_init', BOOL), field('no_user_group', BOOL), field('password_hash', STRING), field('primary_group', STRING),
  field('should_exist', BOOL), field('ssh_authorized_keys', STRINGS), sugar('ssh_authorized_keys_local', STRINGS, SINCE.ignition34),
  field('shell', STRING), field('system', BOOL), field('uid', INT),
]);
const GROUP = struct('PasswdGroup', [
  field('gid', INT), required('name', STRING), field('password_hash', STRING), field('should_exist', BOOL), field('system', BOOL),
]);
const IGNITION = struct('Ignition', [
  field('config', struct('IgnitionConfig', [field('merge', list(RESOURCE)), field('replace', RESOURCE)])),
  field('proxy', struct('Proxy', [field('http_proxy', STRING), field('https_proxy', STRING), field('no_proxy', STRINGS)])),
  field('security', struct('Security', [field('tls', struct('TLS', [field('certificate_authorities', list(RESOURCE))]))])),
  field('timeouts', struct('Timeouts', [field('http_response_headers', INT), field('http_total', INT)])),
]);
const STORAGE = struct('Storage', [
  field('directories', list(DIRECTORY)), field('disks', list(DISK)), field('files', list(FILE)), field('filesystems', list(FILESYSTEM)),
  field('links', list(LINK)), field('luks', list(LUKS)), field('raid', list(RAID)),
  sugar('trees', list(struct('Tree', [required('local', STRING), field('path', STRING)]))),
]);
const BOOT_DEVICE = struct('BootDevice', [
  field('layout', STRING),
  field('luks', struct('BootDeviceLuks', [
    field('cex', CEX, SINCE.ignition35), field('discard', BOOL, SINCE.ignition34), field('device', STRING, SINCE.ignition35),
    field('tang', list(TANG)), field('threshold', INT), field('tpm2', BOOL),
  ])),
  field('mirror', struct('BootDeviceMirror', [field('devices', STRINGS)])),
]);
const CONFIG = (struct('Config', [
  { ...required('version', STRING), sugar: true },
  { ...required('variant', STRING), sugar: true },
  field('ignition', IGNITION),
  field('kernel_arguments', struct('KernelArguments', [field('should_exist', STRINGS), field('should_not_exist', STRINGS)]), SINCE.ignition34),
  field('passwd', struct('Passwd', [field('groups', list(GROUP)), field('users', list(USER))])),
  field('storage', STORAGE),
  field('systemd', struct('Systemd', [field('units', list(UNIT))])),
  sugar('boot_device', BOOT_DEVICE),
  sugar('grub', struct('Grub', [field('users', list(struct('GrubUser', [required('name', STRING), field('password_hash', STRING)])))]), SINCE.ignition34),
  sugar('metadata', struct('Metadata', [required('name', STRING), field('labels', { kind: 'labels' })])),
  sugar('openshift', struct('OpenShift', [
    field('kernel_arguments', STRINGS), field('extensions', STRINGS), field('fips', BOOL), field('kernel_type', STRING),
  ])),
]) as { struct: Struct }).struct;

const ALL_STRUCTS = new Map<string, Struct>();
collect(CONFIG);

function field(key: string, type: Type, since = 0): Field {
  return { key, name: camel(key), type, required: false, always: false, sugar: false, pointer: false, since };
}

function required(key: string, type: Type): Field {
  return { ...field(key, type), required: true, always: true };
}

function sugar(key: string, type: Type, since = 0): Field {
  return { ...field(key, type, since), sugar: true };
}

function list(item: Type): Type {
  return { kind: 'list', item };
}

function struct(name: string, fields: readonly Field[]): Type {
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
