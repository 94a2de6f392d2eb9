import type { Candidate } from './candidate';
import { Code, listOf, literal, recordOf, variable } from './code';
import type { Parts } from './machine-config';
import { acknowledged } from './policy';
import { protectedPrefixes } from '../connection/protected-prefixes';
import type { ClusterAddresses } from '../constructs/cluster/cluster-addresses';
import type { ExternalIpsecEndpoint } from '../constructs/endpoint/external-ipsec-endpoint';
import { AUTOCONNECT_PATH } from '../constructs/guard/autoconnect-unit';
import { IpsecAutoconnect } from '../constructs/guard/ipsec-autoconnect';
import { IpsecGuard } from '../constructs/guard/ipsec-guard';
import { ALLOWED_SET, elementsOf, GUARD_ANNOTATIONS, GUARD_PATH, GUARDED_SET } from '../documents/guards';
import { at, list, PlainObject, record, text } from '../documents/values';
import { PrefixIndex } from '../openshift/prefix-index';

/** An endpoint that the program has, and its variable. */
export interface KnownEndpoint {
  readonly name: string;
  readonly endpoint: ExternalIpsecEndpoint;
}

/** Whether a MachineConfig is called as one of a guard or an autoconnect, which refer to endpoints. */
export function refersToEndpoints({ kind, metadata }: PlainObject): boolean {
  return kind === 'MachineConfig' && /^99-.+-ipsec-(?:guard|autoconnect)$/.test(text(at(metadata, 'name')) ?? '');
}

/** What the guards among objects say of the cluster's own addresses: they stand in no Network object. */
export function addressesIn(objects: readonly PlainObject[]): ClusterAddresses {
  const guard = objects.find((object) => refersToEndpoints(object) && knownTo(object).length > 0);
  return Object.fromEntries(guard ? knownTo(guard) : []);
}

function knownTo({ metadata }: PlainObject): [string, string[]][] {
  return Object.entries(GUARD_ANNOTATIONS).flatMap(([fact, annotation]): [string, string[]][] => {
    const value = text(at(metadata, 'annotations', annotation));
    return value === undefined ? [] : [[fact, value.split(',')]];
  });
}

/** The construct that may write such a MachineConfig, or why none can. */
export function ofEndpointsCandidate(parts: Parts, endpoints: readonly KnownEndpoint[]): Candidate | string {
  return parts.name === `99-${parts.role}-ipsec-guard` ? guardCandidate(parts, endpoints) : autoconnectCandidate(parts, endpoints);
}

function guardCandidate({ object, role, files, config }: Parts, endpoints: readonly KnownEndpoint[]): Candidate | string {
  const table = files.find(({ path }) => path === GUARD_PATH)?.bytes.toString('utf8') ?? '';
  const guarded = elementsOf(table, GUARDED_SET);
  const allowed = elementsOf(table, ALLOWED_SET).map(({ text: prefix }) => prefix);
  const index = new PrefixIndex(guarded, ({ cidr }) => cidr);
  const meant = endpoints.filter(({ endpoint }) => {
    const prefixes = protectedPrefixes(endpoint._props);
    return prefixes.length > 0 && prefixes.every((prefix) => index.hasHolderOf(prefix));
  });
  const behind = new PrefixIndex(meant.flatMap(({ endpoint }) => protectedPrefixes(endpoint._props)), (cidr) => cidr);
  const unknown = guarded.find(({ cidr }) => !behind.hasHolderOf(cidr));
  if (guarded.length === 0) return 'it guards nothing';
  if (unknown) return `it guards ${unknown.text}, which no connection that was read has behind its peer`;
  return ofRoles(IpsecGuard, role, [
    ['endpoints', listOf(meant.map(({ name }) => variable(name)))],
    ['allowClear', allowed.length === 0 ? undefined : literal(allowed)],
    ['requiredByKubelet', unitText(config).includes('kubelet.service') ? literal(true) : undefined],
    ['acknowledge', acknowledged(object)],
  ]);
}

function autoconnectCandidate({ object, role, files, config }: Parts, endpoints: readonly KnownEndpoint[]): Candidate | string {
  if (!files.some(({ path }) => path === AUTOCONNECT_PATH)) return `it does not have ${AUTOCONNECT_PATH}, which IpsecAutoconnect writes`;
  const names = /^Environment="IPSEC_CONNECTIONS=([^"\n]*)"$/m.exec(unitText(config))?.[1].split(' ');
  const meant = endpoints.filter(({ endpoint }) => endpoint.interfaceNames.every((name) => names?.includes(name)));
  const known = new Set(meant.flatMap(({ endpoint }) => endpoint.interfaceNames));
  const unknown = names?.find((name) => !known.has(name));
  if (unknown !== undefined) return `it keeps '${unknown}' up, which is no connection that was read`;
  return ofRoles(IpsecAutoconnect, role, [
    ['endpoints', names && listOf(meant.map(({ name }) => variable(name)))],
    ['acknowledge', acknowledged(object)],
  ]);
}

type Made = typeof IpsecGuard | typeof IpsecAutoconnect;

function ofRoles(make: Made, role: string, rest: readonly (readonly [string, Code | undefined])[]): Candidate {
  const of = (roles: readonly string[]): Candidate => ({
    name: make.name,
    make,
    props: recordOf([['cluster', variable('cluster')], ['roles', literal(roles)], ...rest]),
    path: (name, index) => `${name}.machineConfigs[${index}]`,
    objectsOf: ({ machineConfigs }: IpsecGuard | IpsecAutoconnect) => machineConfigs,
    isWhole: true,
    roles: { key: make.name + recordOf(rest).text, own: [role], of },
  });
  return of([role]);
}

function unitText(config: unknown): string {
  return list(at(config, 'systemd', 'units')).map((unit) => text(record(unit)?.contents) ?? '').join('');
}
