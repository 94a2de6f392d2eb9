import { findDuplicates, validateIgnition } from './validate-ignition';
import { ButaneConfig, Resource } from '../spec/config';
import { IgnitionConfig } from '../spec/ignition';
import { Entry, Path } from '../spec/report';
import { configSchema, Field, ignitionFields, Struct, Type } from '../spec/schema';
import { Values } from '../spec/values';
import { ButaneVersion } from '../spec/versions';

/** Checks the Ignition configs that `ignition.config` holds as text. Like the tool, only those given inline. */
export function validateNestedConfigs({ ignition }: ButaneConfig, version: ButaneVersion): Entry[] {
  const path = ['ignition', 'config'];
  const resources: [Path, Resource | undefined][] = [
    ...(ignition?.config?.merge ?? []).map((resource, index): [Path, Resource] => [[...path, 'merge', index], resource]),
    [[...path, 'replace'], ignition?.config?.replace],
  ];
  return resources.flatMap(([at, resource]) => {
    const { inline, local, source } = (resource ?? {}) as Resource;
    return inline === undefined || local !== undefined || source !== undefined ? [] : validateNested(inline, at, version);
  });
}

function validateNested(text: string, path: Path, version: ButaneVersion): Entry[] {
  const schema = configSchema(version.minor);
  const invalid = (problem: string): Entry[] => [{ severity: 'error', path: [...path, 'inline'], text: `config is not valid: ${problem}` }];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return invalid('it is not JSON');
  }
  const problem = typeProblem({ kind: 'struct', struct: schema }, json, []);
  if (problem) return invalid(problem);
  const config = complete(schema, (json ?? {}) as Values) as unknown as IgnitionConfig;
  const given = (config.ignition as { version?: unknown } | undefined)?.version ?? '';
  if (!/^\d+\.\d+\.\d+/.test(String(given))) {
    return [{ severity: 'error', path: ['ignition', 'version'], text: "invalid config version (couldn't parse)" }];
  }
  if (given !== version.ignition) {
    return [
      {
        severity: 'warning',
        path: [...path, 'version'],
        text: 'skipping validation for the merge/replace ignition config due to an unkown version',
      },
    ];
  }
  const dialect = { ignition34: version.has('ignition34'), ignition35: version.has('ignition35') };
  return [...validateIgnition(schema, config, dialect), ...findDuplicates(schema, config)].map(
    ({ severity, path: at, text: problemText }) => ({ severity, path: at, text: problemText }),
  );
}

/** Go would refuse to read a value of another type into its struct. */
function typeProblem(type: Type, value: unknown, path: Path): string | undefined {
  if (value === null || value === undefined) return undefined;
  const wrong = (wanted: string) => `${['$', ...path].join('.')} must be ${wanted}`;
  switch (type.kind) {
    case 'string': return typeof value === 'string' ? undefined : wrong('text');
    case 'int': return Number.isInteger(value) ? undefined : wrong('a whole number');
    case 'bool': return typeof value === 'boolean' ? undefined : wrong('true or false');
    case 'list': return Array.isArray(value) ? first(value.map((item, index) => typeProblem(type.item, item, [...path, index]))) : wrong('a list');
    case 'struct': {
      if (typeof value !== 'object' || Array.isArray(value)) return wrong('an object');
      return first(
        ignitionFields(type.struct).map((field) => typeProblem(field.type, (value as Values)[field.name], [...path, field.name])),
      );
    }
    default: return undefined;
  }
}

function first(problems: readonly (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}

/** Fills in what a struct of the tool always has, and drops nulls. */
function complete(schema: Struct, value: Values): Values {
  const result: Values = schema.name === 'Ignition' ? { version: value.version } : {};
  for (const field of ignitionFields(schema)) {
    const given = value[field.name] ?? undefined;
    if (given !== undefined) result[field.name] = completeValue(field, field.type, given);
    else if (field.required) result[field.name] = field.type.kind === 'int' ? 0 : '';
  }
  return result;
}

function completeValue(field: Field, type: Type, value: unknown): unknown {
  if (type.kind === 'list') {
    return (value as unknown[]).filter((item) => item !== null).map((item) => completeValue(field, type.item, item));
  }
  return type.kind === 'struct' ? complete(type.struct, value as Values) : value;
}
