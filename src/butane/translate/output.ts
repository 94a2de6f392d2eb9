import { IgnitionConfig, MachineConfigObject, MachineConfigSpec } from '../spec/ignition';
import { ignitionFields, Struct, Type } from '../spec/schema';
import type { Values } from '../spec/values';

/** An Ignition config as it is written: in Ignition's order, without what is empty. */
export function prune(schema: Struct, config: IgnitionConfig): IgnitionConfig {
  return pruneStruct(schema, config as unknown as Values) as unknown as IgnitionConfig;
}

function pruneStruct(schema: Struct, value: Values): Values {
  const result: Values = {};
  for (const field of ignitionFields(schema)) {
    const pruned = pruneValue(field.type, value[field.name]);
    const empty = field.required ? pruned === '' || pruned === 0 || pruned === undefined : isEmpty(pruned, field.pointer);
    if (!empty || field.always) result[field.name] = pruned ?? '';
  }
  // The one field that no config sets: a schema of inputs does not have it.
  if (schema.name === 'Ignition') result.version = value.version;
  return result;
}

function pruneValue(type: Type, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (type.kind === 'list') return (value as unknown[]).map((item) => pruneValue(type.item, item));
  return type.kind === 'struct' ? pruneStruct(type.struct, value as Values) : value;
}

function isEmpty(value: unknown, pointer: boolean): boolean {
  if (value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && !pointer && Object.keys(value as object).length === 0;
}

/** A MachineConfig in the tool's order of keys. */
export function machineConfigObject(
  name: string, labels: { readonly [key: string]: string } | undefined, spec: MachineConfigSpec,
): MachineConfigObject {
  const { config, kernelArguments, extensions, fips, kernelType } = spec;
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name, ...labels && Object.keys(labels).length > 0 ? { labels: { ...labels } } : {} },
    spec: {
      config,
      ...kernelArguments?.length ? { kernelArguments } : {},
      ...extensions?.length ? { extensions } : {},
      ...fips === undefined ? {} : { fips },
      ...kernelType === undefined ? {} : { kernelType },
    },
  };
}

/** JSON as Go's encoder writes it: what HTML would take for markup is escaped, so are the line separators of Unicode. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]|\\[bf]/g, (text) => {
    const character = text === '\\b' ? '\b' : text === '\\f' ? '\f' : text;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
