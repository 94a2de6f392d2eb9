import { readFileSync } from 'fs';
import { join } from 'path';
import { external, file, machineConfig, network, Plain, policy, script, unit, DOCUMENTED_SCRIPT, UNIT } from './documents';
import { foundBy } from './judging';
import { OpenShiftVersion, Platform } from '../../src';
import { nodeScript } from '../../src/cert-import/import-script';
import { RULES } from '../../src/rules/catalogue';
import type { JudgeOptions } from '../../src/rules/facts';
import { rulesMarkdown } from '../../src/rules/markdown';

const version = (text: string) => ({ version: OpenShiftVersion.of(text) });
const mode = (value: unknown) => network({ ipsecConfig: { mode: value } });
const full = (encapsulation: unknown) => network({ ipsecConfig: { mode: 'Full', full: { encapsulation } } });
const mtu = (from: unknown, to: unknown, machineTo: unknown) => ({ migration: { mtu: { network: { from, to }, machine: { to: machineTo } } } });
const pool = (name: string, paused: boolean) => ({ apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfigPool', metadata: { name }, spec: { paused } });
const absent = (settings?: Plain) => {
  const own = policy({}, { state: 'absent' });
  if (settings) own.spec.desiredState.interfaces[0].libreswan = settings;
  return own;
};
const held = (complianceType: string, objectDefinition: Plain) => ({
  apiVersion: 'policy.open-cluster-management.io/v1', kind: 'ConfigurationPolicy', metadata: { name: 'held', namespace: 'ztp' }, spec: { 'object-templates': [{ complianceType, objectDefinition }] },
});
const mode256 = (value: unknown) => machineConfig({ files: [file('/etc/x', 'x', value)] });
const source = (contents: Plain) => machineConfig({ files: [{ path: '/etc/x', contents }] });
const sized = (bytes: number) => machineConfig({ files: [{ path: '/etc/x', contents: { source: `data:,${'x'.repeat(bytes)}` } }] });
const ROLE = 'machineconfiguration.openshift.io/role';
const poolOf = (values: string[]): Plain => ({
  apiVersion: 'machineconfiguration.openshift.io/v1',
  kind: 'MachineConfigPool',
  metadata: { name: 'ipsec' },
  spec: { machineConfigSelector: { matchExpressions: [{ key: ROLE, operator: 'In', values }] } },
});
const poolNamed = (name: string): Plain => ({ ...poolOf([name, 'worker']), metadata: { name } });
const namespaceObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'openshift-nmstate' } };
const bridge = (name: string, selector: unknown) => ({ ...policy({}, { name, selector }), spec: { nodeSelector: selector, desiredState: { interfaces: [{ name: 'br0', type: 'linux-bridge' }] } } });
const importFor = (role: string) => machineConfig({ name: `99-${role}-import-certs`, role, files: [script()], units: [unit()] });
const importing = (text: string, ...units: Plain[]) => machineConfig({ files: [script(text)], units });

const secrets = (text: string) => machineConfig({ files: [file('/etc/ipsec.d/x.secrets', text)] });
const DOCUMENTED_FILES = ['/etc/pki/certs/ca.pem', '/etc/pki/certs/left_server.p12'];
/** The documented script, or another one, beside files at these paths. */
const writes = (...parts: (string | Plain)[]) => machineConfig({
  files: [...parts.filter((part) => typeof part === 'string').map((path) => file(path as string, 'x')), parts.find((part) => typeof part !== 'string') as Plain ?? script()],
});
const named = (name: string, dropins: Plain[] = []) => machineConfig({ units: [{ name, contents: UNIT, dropins }] });
const runs = (exec: string, given: unknown) => machineConfig({
  files: [{ ...file('/usr/local/bin/x', '#!/bin/bash\ntrue\n'), mode: given }], units: [unit(`[Service]\nType=oneshot\nExecStart=${exec}\n`)],
});

/** [rule, what breaks it, what almost does]: a case is a list of documents with or without facts; a severity where it is not the rule's. */
type Case = readonly [what: string, documents: readonly Plain[], options?: JudgeOptions, severity?: string];
const CASES: readonly [rule: string, breaks: readonly Case[], misses: readonly Case[]][] = [
  ['network-name',
    [['another name', [network({ ipsecConfig: { mode: 'Full' } }, {}, 'default')]]],
    [['cluster', [mode('Full')]], ['another name without ipsecConfig', [network({}, {}, 'default')]],
      ['the other Network API', [{ ...network({ ipsecConfig: {} }, {}, 'x'), apiVersion: 'config.openshift.io/v1' }]]]],
  ['network-mode-unknown',
    [['lower case', [mode('full')]], ['the empty text', [mode('')]], ['a boolean', [mode(true)]], ['ipsecConfig that is a text', [network({ ipsecConfig: 'Full' })]]],
    [['Disabled', [mode('Disabled')]], ['External', [mode('External')]], ['Full', [mode('Full')]], ['a template', [mode('{{ .mode }}')]]]],
  ['network-mode-missing',
    [['an empty ipsecConfig', [network({ ipsecConfig: {} })]], ['a mode of null', [mode(null)]], ['a 4.15 target', [network({ ipsecConfig: {} })], version('4.15')]],
    [['a 4.14 target', [network({ ipsecConfig: {} })], version('4.14')], ['no ipsecConfig', [network({})]], ['ipsecConfig of null', [network({ ipsecConfig: null })]]]],
  ['network-mode-version',
    [['4.14', [mode('Disabled')], version('4.14')]],
    [['4.15', [mode('Disabled')], version('4.15')], ['4.14 with the legacy form', [network({ ipsecConfig: {} })], version('4.14')], ['no version', [mode('Full')]]]],
  ['network-full-options',
    [['full with External', [network({ ipsecConfig: { mode: 'External', full: { encapsulation: 'Auto' } } })]], ['full without mode', [network({ ipsecConfig: { full: { encapsulation: 'Auto' } } })]],
      ['an empty full', [network({ ipsecConfig: { mode: 'Full', full: {} } })]]],
    [['full with Full', [full('Always')]], ['full of null, which a merge patch removes it with', [network({ ipsecConfig: { mode: 'External', full: null } })]]]],
  ['network-encapsulation',
    [['an unknown word', [full('always')]], ['4.15', [full('Auto')], version('4.15')], ['4.16', [full('Auto')], version('4.16'), 'warning'], ['4.18.3', [full('Auto')], version('4.18.3'), 'warning']],
    [['4.19', [full('Always')], version('4.19')], ['no version', [full('Auto')]]]],
  ['network-routing-via-host',
    [['false with External', [network({ ipsecConfig: { mode: 'External' }, gatewayConfig: { routingViaHost: false } })]],
      ['false with a live policy', [network({ gatewayConfig: { routingViaHost: false } }), policy()]],
      ['a text', [network({ gatewayConfig: { routingViaHost: 'true' } }), policy()]],
      ['not stated with a live policy', [mode('Full'), policy()], {}, 'warning']],
    [['true', [external(), policy()]], ['not stated without a policy', [mode('External')]], ['false with Full and no policy', [network({ ipsecConfig: { mode: 'Full' }, gatewayConfig: { routingViaHost: false } })]],
      ['not stated with an absent interface', [mode('External'), absent()]], ['no Network object', [policy()]]]],
  ['network-mtu-range',
    [['575', [network({ mtu: 575 })]], ['65537', [network({ mtu: 65537 })]], ['1279 with IPv6', [network({ mtu: 1279 }, { clusterNetwork: [{ cidr: 'fd01::/48' }] })]],
      ['a text', [network({ mtu: '1400' })]], ['a migration without from', [network({}, mtu(undefined, 1354, 1500))]], ['a migration without machine.to', [network({}, mtu(1400, 1354, undefined))]],
      ['a migration to nowhere', [network({}, mtu(1400, undefined, 1500))]]],
    [['576', [network({ mtu: 576 })]], ['65536', [network({ mtu: 65536 })]], ['1279 with IPv4', [network({ mtu: 1279 }, { clusterNetwork: [{ cidr: '10.128.0.0/14' }] })]],
      ['a whole migration', [network({}, mtu(1400, 1354, 1500))]], ['the end of one', [network({ mtu: 1354 }, { migration: null })]]]],
  ['network-mtu-headroom',
    [['Full at 1355 of 1500', [network({ ipsecConfig: { mode: 'Full' } }, mtu(1400, 1355, 1500))]], ['1401 of 1500 in any mode', [network({}, mtu(1400, 1401, 1500))]],
      ['External at 1355 of 1500', [network({ ipsecConfig: { mode: 'External' } }, mtu(1400, 1355, 1500))], {}, 'warning'],
      ['a stated default', [network({ ipsecConfig: { mode: 'Full' }, mtu: 1400 })], {}, 'warning'], ['a stated default of jumbo frames', [network({ ipsecConfig: { mode: 'External' }, mtu: 8900 })], {}, 'warning']],
    [['Full at 1354 of 1500', [network({ ipsecConfig: { mode: 'Full' } }, mtu(1400, 1354, 1500))]], ['1400 of 1500 without IPsec', [network({ ipsecConfig: { mode: 'Disabled' } }, mtu(1300, 1400, 1500))]],
      ['1354', [network({ ipsecConfig: { mode: 'Full' }, mtu: 1354 })]], ['8854', [network({ ipsecConfig: { mode: 'Full' }, mtu: 8854 })]]]],
  ['network-mtu-without-migration',
    [['beside a migration elsewhere', [network({ mtu: 1300 }, mtu(1400, 1354, 1500))]], ['still at its beginning', [network({ mtu: 1400 }, mtu(1400, 1354, 1500))], {}, 'warning'],
      ['two values in the set', [network({ mtu: 1400 }), network({ mtu: 1354 })]]],
    [['at its end', [network({ mtu: 1354 }, mtu(1400, 1354, 1500))]], ['one value twice', [network({ mtu: 1400 }), network({ mtu: 1400 })]], ['no migration', [network({ mtu: 1354 })]]]],
  ['network-platform',
    [['External on AWS', [mode('External')], { platform: Platform.AWS }], ['a live policy on Azure', [policy()], { platform: Platform.AZURE }], ['Full on IBM Cloud', [mode('Full')], { platform: Platform.IBM_CLOUD }, 'warning']],
    [['External on bare metal', [external(), policy()], { platform: Platform.BARE_METAL }], ['Full on AWS', [mode('Full')], { platform: Platform.AWS }], ['an absent interface on Azure', [absent()], { platform: Platform.AZURE }],
      ['no platform', [mode('External')]]]],
  ['network-hosted-control-plane',
    [['Full', [mode('Full')], { hostedControlPlane: true }], ['the empty ipsecConfig', [network({ ipsecConfig: {} })], { hostedControlPlane: true }]],
    [['Disabled', [mode('Disabled')], { hostedControlPlane: true }], ['not hosted', [mode('Full')], { hostedControlPlane: false }]]],
  ['network-rhel-compute-nodes',
    [['External', [mode('External')], { rhelComputeNodes: true }]],
    [['Disabled', [mode('Disabled')], { rhelComputeNodes: true }], ['not stated', [mode('External')]]]],
  ['network-endpoint-without-mode',
    [['a live policy', [mode('Disabled'), policy()]]],
    [['an absent one', [mode('Disabled'), absent()]], ['no policy', [mode('Disabled')]], ['External', [external(), policy()]]]],
  ['network-mustonlyhave',
    [['mustonlyhave', [held('mustonlyhave', external())]], ['in capitals', [held('MustOnlyHave', external())]]],
    [['musthave', [held('musthave', external())]], ['a MachineConfig as mustonlyhave', [held('mustonlyhave', machineConfig())]]]],
  ['pool-paused',
    [['alone', [pool('worker', true), policy()]], ['beside another pool', [pool('worker', true), pool('infra', false), external()]],
      ['beside an import', [pool('worker', true), importFor('worker')]], ['beside the extension', [pool('worker', true), machineConfig({ spec: { extensions: ['ipsec'] } })]]],
    [['with its end', [pool('worker', true), pool('worker', false), policy()]], ['not paused', [pool('worker', false), policy()]],
      ['nothing to do with IPsec', [pool('worker', true), machineConfig(), network({ mtu: 1400 })]]]],
  ['pool-extension',
    [['its own role alone', [poolOf(['ipsec']), importFor('ipsec')]], ['by label', [{ ...poolOf([]), spec: { machineConfigSelector: { matchLabels: { [ROLE]: 'ipsec' } } } }, importFor('ipsec')]]],
    [['worker besides', [poolOf(['worker', 'ipsec']), importFor('ipsec')]], ['no import for it', [poolOf(['ipsec']), importFor('worker')]],
      ['a pause of it', [pool('ipsec', true), pool('ipsec', false), importFor('ipsec')]]]],
  ['network-mtu-before-full',
    [['the first step', [network({ ipsecConfig: { mode: 'Full' } }, mtu(1400, 1354, 1500))]]],
    [['in mode External', [network({ ipsecConfig: { mode: 'External' } }, mtu(1400, 1354, 1500))]],
      ['the last step', [network({ ipsecConfig: { mode: 'Full' }, mtu: 1354 }, { migration: null })]]]],
  ['pool-unknown',
    [['a plural', [machineConfig({ role: 'workers' })]], ['a capital', [policy({}, { selector: { 'node-role.kubernetes.io/Worker': '' } })]],
      ['an import for a pool that is nowhere', [importFor('storage')]], ['a pause of one', [pool('storage', true)]]],
    [['a pool of the set', [importFor('storage'), poolNamed('storage')]], ['a custom role without an import', [machineConfig({ role: 'storage' })]],
      ['a label that may be a role', [policy({}, { selector: { 'node-role.kubernetes.io/gateway': '' } })]], ['the control plane', [importFor('master')]],
      ['a template', [machineConfig({ role: '{{ .role }}s' })]]]],
  ['object-duplicate',
    [['the same twice', [external(), external()]], ['a pool twice', [pool('worker', false), pool('worker', false), policy()]]],
    [['another kind of one name', [policy({}, { name: 'x' }), machineConfig({ name: 'x' })]], ['a pause and its end', [pool('worker', true), pool('worker', false)]],
      ['one inside a policy', [external(), held('musthave', external())]], ['a kind that no rule reads', [namespaceObject, namespaceObject, policy()]],
      ['nothing to do with IPsec', [machineConfig(), machineConfig()]], ['a name to be filled in', [policy({}, { name: 'ipsec-$node' }), policy({}, { name: 'ipsec-$node' })]]]],

  ['policy-name',
    [['what a documentation left', [policy({}, { name: '<name>' })]], ['64 characters', [policy({}, { name: 'a'.repeat(64) })]], ['capitals', [policy({}, { name: 'Ipsec' })]], ['a hyphen at the end', [policy({}, { name: 'ipsec-' })]],
      ['a node that leaves no room', [policy({}, { name: 'a'.repeat(60), selector: { 'kubernetes.io/hostname': `${'h'.repeat(60)}.`.repeat(3) + 'h'.repeat(12) } })]]],
    [['63 characters', [policy({}, { name: 'a'.repeat(63) })]], ['a dot', [policy({}, { name: 'ipsec.storage' })]], ['a template', [policy({}, { name: '{{ .name }}-IPSEC' })]], ['a variable', [policy({}, { name: 'IPSEC-$NODE' })]], ['a policy without IPsec', [bridge('Bridge', {})]]]],
  ['policy-selector-missing',
    [['no selector', [policy({}, { selector: null })]], ['an empty one', [policy({}, { selector: {} })]]],
    [['a selector', [policy()]], ['an absent interface', [{ ...absent(), spec: { desiredState: absent().spec.desiredState } }]],
      ['a policy without IPsec', [{ ...policy(), spec: { desiredState: { interfaces: [{ name: 'br0', type: 'linux-bridge' }] } } }]]]],
  ['policy-selector-invalid',
    [['two slashes', [policy({}, { selector: { 'a/b/c': 'x' } })]], ['a boolean', [policy({}, { selector: { gateway: true } })]], ['a value with a space', [policy({}, { selector: { zone: 'a b' } })]],
      ['matchLabels', [policy({}, { selector: { matchLabels: { zone: 'a' } } })]], ['a list', [policy({}, { selector: ['zone=a'] })]]],
    [['an empty value', [policy({}, { selector: { 'node-role.kubernetes.io/worker': '' } })]], ['a template', [policy({}, { selector: { 'kubernetes.io/hostname': '{{ .metadata.name }}' } })]], ['an expression that YAML read as a map', [policy({}, { selector: { zone: { '{ zone }': null } } })]],
      ['a policy without IPsec', [bridge('x', { 'a/b/c': 'x' })]]]],
  ['interface-duplicate',
    [['two policies of one node', [policy(), policy({}, { name: 'other' })]], ['every node and one', [policy({}, { selector: null }), policy({}, { name: 'other' })]],
      ['one of them absent', [absent(), policy({}, { name: 'other' })], {}, 'warning']],
    [['two nodes', [policy(), policy({}, { name: 'other', selector: { 'kubernetes.io/hostname': 'worker-1.example.com' } })]], ['two interfaces', [policy(), policy({}, { name: 'other', interfaceName: 'ipsec1' })]]]],
  ['interface-absent-with-settings',
    [['settings', [absent({ right: 'x' })]]],
    [['none', [absent()]], ['a live interface', [policy()]]]],
  ['interface-reserved',
    [['the external bridge', [policy({}, { interfaceName: 'br-ex' })]], ['the management port', [policy({}, { interfaceName: 'ovn-k8s-mp0' })]], ['the tunnel', [policy({}, { interfaceName: 'genev_sys_6081' })]],
      ['loopback', [policy({}, { interfaceName: 'lo' })]], ["the network plugin's of old", [policy({}, { interfaceName: 'tun0' })]], ["configure-ovs.sh's", [policy({}, { interfaceName: 'ovs-if-br-ex' })]]],
    [['a name of its own', [policy()]], ['one that begins like it', [policy({}, { interfaceName: 'br-external' })]], ['what is taken away', [policy({}, { interfaceName: 'br-ex', state: 'absent' })]]]],
  ['libreswan-option-unknown',
    [['a typo', [policy({ righsubnet: '10.0.0.0/8' })]], ['an option of ipsec.conf that nmstate lacks', [policy({ auto: 'start' })]]],
    [['null', [policy({ auto: null })]], ['one that the library let through', [policy({ 'new-key': 'x' }, { annotations: { 'ipsec.cdk8s.io/libreswan-extra': 'new-key' } })]]]],
  ['libreswan-option-version',
    [['rightca on 4.18', [policy({ rightca: '%same' })], version('4.18')], ['rightca on 4.19.21', [policy({ rightca: '%same' })], version('4.19.21')],
      ['rightca on 4.19', [policy({ rightca: '%same' })], version('4.19'), 'warning'], ['rightsubnets on 4.21', [policy({ rightsubnets: '10.0.0.0/8' })], version('4.21')]],
    [['rightca on 4.19.22', [policy({ rightca: '%same' })], version('4.19.22')], ['rightca on 4.21', [policy({ rightca: '%same' })], version('4.21')], ['no version', [policy({ rightca: '%same' })]]]],
  ['libreswan-option-value',
    [['a type in capitals', [policy({ type: 'Tunnel' })]], ['leftmodecfgclient as a text', [policy({ leftmodecfgclient: 'no' })]], ['dpddelay with a unit', [policy({ dpddelay: '30s', dpdtimeout: 60 })]],
      ['ipsec-interface as a boolean', [policy({ 'ipsec-interface': true })]], ['an address family', [policy({ hostaddrfamily: 'inet6' })]], ['a quote', [policy({ leftid: '@a"b' })]],
      ['white space in an id', [policy({ leftid: 'CN=a, O=b' })]], ['ikev2 as a boolean', [policy({ ikev2: false })]], ['a lifetime as a number', [policy({ ikelifetime: 3600 })]],
      ['a placeholder', [policy({ right: '<external_host>' })]], ['settings that are a list', [{ ...policy(), spec: { desiredState: { interfaces: [{ name: 'x', type: 'ipsec', libreswan: [] }] } } }]]],
    [['white space in a nickname', [policy({ leftcert: 'left server' })]], ['dpddelay as digits', [policy({ dpddelay: '30', dpdtimeout: 60 })]], ['ipsec-interface as a number', [policy({ 'ipsec-interface': 3 })]],
      ['a template', [policy({ right: '{{ .host }}' })]]]],
  ['libreswan-proposal',
    [['a group that libreswan lacks', [policy({ ike: 'aes256-sha1;modp1024' })]], ["strongSwan's spelling", [policy({ esp: 'aes256gcm16' })]], ["OpenSSL's spelling", [policy({ ike: 'aes-256-cbc' })]],
      ['AEAD with integrity', [policy({ esp: 'aes_gcm256-sha2_256' })]], ['an unknown word', [policy({ esp: 'best' })]], ['a group in one proposal of esp only', [policy({ esp: 'aes256-sha2_256;dh19,aes128-sha2_256' })]],
      ['AEAD in IKE of version 1', [policy({ ikev2: 'never', ike: 'aes_gcm256' })]], ['AEAD where the plugin writes ikev2=never', [policy({ ikev2: null, ike: 'aes_gcm256' })]],
      ['an additional key exchange before libreswan 5', [policy({ ike: 'aes256-sha2_256;dh19;addke1=ml_kem_768' })], version('4.18')]],
    [["libreswan's names", [policy({ ike: 'aes256-sha2;dh20', esp: 'aes_gcm256' })]], ['several of them', [policy({ ike: 'aes_gcm256-sha2_512-dh20,aes256-sha2_512;modp2048+dh19' })]],
      ['a template', [policy({ ike: '{{ .ike }}', esp: '${ESP}' })]], ['AEAD where ikev2 is a template', [policy({ ikev2: '{{ .v }}', ike: 'aes_gcm256' })]],
      ['AEAD where nothing is filled in', [policy({ 'ikev2': null, 'nm-auto-defaults': false, 'ike': 'aes_gcm256' })]],
      ['white space, which another rule finds', [policy({ ike: 'aes256 sha2' })]], ['an additional key exchange with libreswan 5', [policy({ ike: 'aes256-sha2_256;dh19;addke1=ml_kem_768' })], version('4.22')]]],
  ['libreswan-right-missing',
    [['no right', [policy({ right: undefined })]], ['null', [policy({ right: null })]], ['no settings', [{ ...policy(), spec: { desiredState: { interfaces: [{ name: 'x', type: 'ipsec' }] } } }]]],
    [['a right', [policy()]], ['an absent interface', [absent()]]]],
  ['libreswan-ends',
    [['one address twice', [policy({ left: '192.0.2.10', right: '192.0.2.10' })]], ['one name twice', [policy({ left: 'a.example.com', right: 'A.example.com.' })]],
      ['localhost', [policy({ right: 'localhost' })]], ['loopback', [policy({ right: '127.0.1.1' })]], ['the node of the policy', [policy({ right: 'worker-0.example.com' })]],
      ['any host', [policy({ right: '%any' })]], ['the address of any host', [policy({ right: '0.0.0.0' })]], ['another word', [policy({ right: '%group' })]],
      ['a multicast address', [policy({ right: '224.0.0.1' })]], ['a mistyped address', [policy({ right: '10.1.2.300' })]], ['a subnet', [policy({ right: '10.1.2.0/24' })]],
      ['loopback as left', [policy({ left: '127.0.0.1' })]], ['any host as left', [policy({ left: '%any' })]], ['no address as left', [policy({ left: '0.0.0.0' })]],
      ['a multicast address as left', [policy({ left: '239.1.1.1' })]]],
    [['two hosts', [policy({ left: '192.0.2.1', right: '192.0.2.10' })]], ['a name', [policy({ right: 'storage_1.example.com' })]], ['the same template twice', [policy({ left: '${A}', right: '${A}' })]],
      ['another node', [policy({ right: 'worker-1.example.com' })]], ['an interface as left', [policy({ left: '%ens2f0' })]], ['IPv6, which another rule finds', [policy({ right: '2001:db8::1' })]],
      ['a blank at the end, which the plugin takes off', [policy({ right: 'storage.example.com ' })]]]],
  ['libreswan-ikev2',
    [['missing', [policy({ ikev2: undefined })]], ['no', [policy({ ikev2: 'no' })]], ['never', [policy({ ikev2: 'never' })]]],
    [['insist', [policy()]], ['propose', [policy({ ikev2: 'propose' })]], ['missing where nothing is filled in', [policy({ 'ikev2': undefined, 'nm-auto-defaults': false })]]]],
  ['libreswan-subnet-missing',
    [['missing', [policy({ rightsubnet: undefined })]], ['everything', [policy({ rightsubnet: '0.0.0.0/0' })]],
      ['rightsubnets alone', [policy({ rightsubnet: undefined, rightsubnets: '10.0.0.0/8,172.16.0.0/12' })]]],
    [['a subnet', [policy()]], ['rightsubnets besides', [policy({ rightsubnets: '10.0.0.0/8,172.16.0.0/12' })]],
      ['rightsubnets alone where nothing is filled in', [policy({ 'rightsubnet': undefined, 'rightsubnets': '10.0.0.0/8', 'nm-auto-defaults': false })]]]],
  ['libreswan-subnet-host-bits',
    [['host bits', [policy({ rightsubnet: '10.1.2.3/24' })]], ['an address', [policy({ rightsubnet: '10.1.2.3' })]], ['a name', [policy({ leftsubnet: 'storage/32' })]],
      ['one of several', [policy({ rightsubnets: '10.0.0.0/8, 172.16.0.1/12' })]]],
    [['a subnet', [policy({ rightsubnet: '10.1.2.0/24' })]], ['several', [policy({ rightsubnets: '{10.0.0.0/8 172.16.0.0/12}' })]], ['a word of libreswan', [policy({ rightsubnet: 'vhost:%priv' })]]]],
  ['libreswan-transport-subnet',
    [['a /24', [policy({ type: 'transport', rightsubnet: '10.1.2.0/24' })]], ['a /31 on the left', [policy({ type: 'transport', leftsubnet: '10.1.2.0/31' })]],
      ["another host's /32", [policy({ type: 'transport', right: '192.0.2.10', rightsubnet: '198.51.100.7/32' })]],
      ["another node's /32", [policy({ type: 'transport', left: '192.0.2.1', leftsubnet: '192.0.2.2/32' })]],
      ["one node's /32 for many nodes", [policy({ type: 'transport', leftsubnet: '192.0.2.2/32' }, { selector: { 'node-role.kubernetes.io/worker': '' } })]]],
    [['a /32', [policy({ type: 'transport' })]], ["the ends' own", [policy({ type: 'transport', left: '192.0.2.1', leftsubnet: '192.0.2.1/32', right: '192.0.2.10', rightsubnet: '192.0.2.10/32' })]],
      ["one node's /32 for it", [policy({ type: 'transport', leftsubnet: '192.0.2.2/32' })]], ['an end that is a template', [policy({ type: 'transport', right: '{{ .peer }}', rightsubnet: '198.51.100.7/32' })]], ['a tunnel', [policy({ rightsubnet: '10.1.2.0/24' })]]]],
  ['libreswan-authby-ignored',
    [['beside the keys of certificates', [policy({ authby: 'rsa-sha2_512' })]]],
    [['not there', [policy()]], ['without such keys', [policy({ authby: 'ecdsa', leftrsasigkey: undefined, rightrsasigkey: undefined })]]]],
  ['libreswan-modecfg-client',
    [['missing', [policy({ leftmodecfgclient: undefined })]], ['true', [policy({ leftmodecfgclient: true })]]],
    [['false', [policy()]], ['missing where nothing is filled in', [policy({ 'leftmodecfgclient': undefined, 'nm-auto-defaults': false })]]]],
  ['libreswan-peer-unverified',
    [['%fromcert', [policy({ rightid: '%fromcert' })]], ['missing', [policy({ rightid: undefined })]], ['%any', [policy({ rightid: '%any' })]], ['an id that need not be in the certificate', [policy({ 'require-id-on-certificate': false })]]],
    [['a name', [policy()]], ['an address', [policy({ rightid: '192.0.2.10' })]], ['a certificate of the peer in the database', [policy({ rightid: '%fromcert', rightcert: 'storage' })]]]],
  ['libreswan-extra',
    [['a key in the annotation', [policy({ 'new-key': 'x' }, { annotations: { 'ipsec.cdk8s.io/libreswan-extra': 'new-key' } })]]],
    [['a key that is known by now', [policy({ ike: 'aes_gcm256' }, { annotations: { 'ipsec.cdk8s.io/libreswan-extra': 'ike' } })]], ['one that is gone', [policy({}, { annotations: { 'ipsec.cdk8s.io/libreswan-extra': 'new-key' } })]]]],
  ['psk-in-manifest',
    [['a secret', [policy({ psk: 'hunter2' })]], ['a secrets file', [secrets('192.0.2.1 192.0.2.10 : PSK "hunter2"')]], ['another one', [machineConfig({ files: [file('/etc/ipsec.secrets', '# x\n@a @b: PSK 0x1234\n')] })]],
      ['a secret on the next line', [secrets('@a @b : PSK\n  "hunter2"')]]],
    [['none', [policy()]], ['a comment', [secrets('# @a @b : PSK "hunter2"\n : RSA {')]], ['an include', [secrets('include /etc/ipsec.d/psk.secrets\n')]], ['a placeholder', [secrets(': PSK "${PSK}"')]], ['one that a template fetches', [policy({ psk: '{{hub fromSecret "ns" "name" "psk" hub}}' })]]]],
  ['libreswan-id-prefix',
    [['a bare name', [policy({ leftid: 'worker-0.example.com' })]], ['a distinguished name', [policy({ rightid: 'CN=storage' })]]],
    [['@', [policy({ leftid: '@worker-0.example.com' })]], ['an address', [policy({ leftid: '192.0.2.1' })]], ['%fromcert', [policy()]], ['nothing filled in', [policy({ 'leftid': 'worker-0', 'nm-auto-defaults': false })]]]],
  ['libreswan-id-address',
    [["the peer's", [policy({ rightid: '@192.0.2.10' })]], ["the node's", [policy({ leftid: '@192.0.2.1' })]]],
    [['an address', [policy({ rightid: '192.0.2.10' })]], ['a name', [policy({ rightid: '@storage.example.com' })]], ['a name that begins with numbers', [policy({ rightid: '@192.0.2.10.example.com' })]],
      ['with a shared secret', [policy({ rightid: '@192.0.2.10', psk: 'x' })]], ['an id that need not be in the certificate', [policy({ 'rightid': '@192.0.2.10', 'require-id-on-certificate': false })]]]],
  ['libreswan-dpd-timeout',
    [['numbers', [policy({ dpddelay: 60, dpdtimeout: 30 })]], ['texts', [policy({ dpddelay: '60', dpdtimeout: '30' })]]],
    [['the other way', [policy({ dpddelay: 30, dpdtimeout: 120 })]], ['equal', [policy({ dpddelay: 30, dpdtimeout: 30 })]], ['one alone', [policy({ dpddelay: 30 })]], ['a template', [policy({ dpddelay: '{{ 60 }}', dpdtimeout: 30 })]]]],
  ['libreswan-lifetime',
    [['days', [policy({ ikelifetime: '2d' })]], ['hours', [policy({ salifetime: '25h' })]], ['seconds', [policy({ salifetime: '86401' })]]],
    [['a day', [policy({ ikelifetime: '1d', salifetime: '24h' })]], ['as seconds', [policy({ ikelifetime: '86400s' })]], ['minutes', [policy({ salifetime: '1440m' })]], ['no lifetime', [policy({ ikelifetime: 'long' })]]]],
  ['libreswan-dpd-incomplete',
    [['delay alone', [policy({ dpddelay: 30 })]], ['timeout alone on 4.18', [policy({ dpdtimeout: 60 })], version('4.18')], ['delay alone on 4.19', [policy({ dpddelay: 30 })], version('4.19'), 'warning']],
    [['both', [policy({ dpddelay: 30, dpdtimeout: 120 })]], ['neither', [policy()]]]],
  ['libreswan-ipv6',
    [['right', [policy({ right: '2001:db8::1' })]], ['a subnet', [policy({ rightsubnet: '2001:db8::/32' })]], ['an id', [policy({ leftid: '@2001:db8::1' })]], ['a family', [policy({ clientaddrfamily: 'ipv6' })]],
      ['one of several subnets', [policy({ rightsubnets: '10.0.0.0/8,2001:db8::/32' })]]],
    [['IPv4', [policy({ right: '192.0.2.10', hostaddrfamily: 'ipv4' })]], ['algorithms', [policy({ ike: 'aes256-sha2;modp2048' })]]]],
  ['libreswan-left-shared',
    [['every node', [policy({ left: '192.0.2.1' }, { selector: null })]], ['a role', [policy({ left: '192.0.2.1' }, { selector: { 'node-role.kubernetes.io/worker': '' } })]],
      ['other labels', [policy({ left: '192.0.2.1' }, { selector: { zone: 'a' } })], {}, 'warning']],
    [['one host', [policy({ left: '192.0.2.1' })]], ['%defaultroute for a role', [policy({}, { selector: { 'node-role.kubernetes.io/worker': '' } })]]]],

  ['machineconfig-role',
    [['no label', [machineConfig({ role: '' })]]],
    [['a label', [machineConfig()]], ['a label to be filled in', [machineConfig({ role: '${ROLE}' })]], ['what the operator rendered', [machineConfig({ role: '', name: 'rendered-worker-0123456789abcdef' })]]]],
  ['machineconfig-ignition-version',
    [['3.5.0 on 4.16', [machineConfig({ version: '3.5.0' })], version('4.16')], ['3.4.0 on 4.12', [machineConfig()], version('4.12')], ['3.6.0 anywhere', [machineConfig({ version: '3.6.0' })]],
      ['an experimental one', [machineConfig({ version: '3.5.0-experimental' })]], ['none', [machineConfig({ spec: { config: { storage: { files: [] } } } })]]],
    [['3.4.0 on 4.16', [machineConfig()], version('4.16')], ['3.2.0 on 4.22', [machineConfig({ version: '3.2.0' })], version('4.22')], ['2.2.0', [machineConfig({ version: '2.2.0' })]],
      ['an empty config', [machineConfig({ spec: { config: {} } })]]]],
  ['machineconfig-file-mode',
    [['decimal 644', [mode256(644)]], ['setuid', [mode256(0o4755)]], ['a text', [mode256('0400')]], ['negative', [mode256(-1)]], ['decimal 400', [mode256(400)], {}, 'warning'], ['decimal 500', [mode256(500)], {}, 'warning']],
    [['0400', [mode256(0o400)]], ['0777', [mode256(0o777)]], ['none', [mode256(undefined)]], ['0644', [mode256(420)]]]],
  ['machineconfig-file-source',
    [['https', [source({ source: 'https://example.com/x' })]], ['cut off Base64', [source({ source: 'data:;base64,AAA' })]], ['a bad escape', [source({ source: 'data:,100%' })]],
      ['an unknown compression', [source({ source: 'data:,x', compression: 'xz' })]], ['no gzip', [source({ source: 'data:,x', compression: 'gzip' })]], ['what Butane would have compiled', [source({ inline: 'x' })]]],
    [['percent encoding', [source({ source: 'data:,100%25' })]], ['an empty file', [source({ source: 'data:,' })]], ['a media type', [source({ source: 'data:text/plain;charset=utf-8;base64,eA==' })]],
      ['a variable', [source({ source: 'data:;base64,$CA' })]], ['a template', [source({ source: 'data:;base64,{{hub fromSecret "a" "b" "c" hub}}' })]], ['no contents', [machineConfig({ files: [{ path: '/etc/x' }] })]]]],
  ['machineconfig-file-conflict',
    [['other contents', [machineConfig({ files: [file('/etc/x', 'a')] }), machineConfig({ name: 'other', files: [file('/etc/x', 'b')] })]]],
    [['the same contents', [machineConfig({ files: [file('/etc/x', 'a')] }), machineConfig({ name: 'other', files: [file('/etc/x', 'a')] })]],
      ['another role', [machineConfig({ files: [file('/etc/x', 'a')] }), machineConfig({ name: 'other', role: 'master', files: [file('/etc/x', 'b')] })]]]],
  ['machineconfig-file-path',
    [['/usr/bin', [machineConfig({ files: [file('/usr/bin/x', 'x')] })]], ['a link into /usr', [machineConfig({ files: [file('/bin/x', 'x')] })]], ['/usr/localx', [machineConfig({ files: [file('/usr/localx/y', 'x')] })]],
      ['a relative path', [machineConfig({ files: [file('etc/x', 'x')] })]]],
    [['/usr/local', [machineConfig({ files: [file('/usr/local/bin/x', 'x')] })]], ['/etc and /var', [machineConfig({ files: [file('/etc/usr/x', 'x'), file('/var/x', 'x')] })]],
      ['a template', [machineConfig({ files: [file('{{ .path }}', 'x')] })]]]],
  ['machineconfig-file-append',
    [['one', [machineConfig({ files: [{ path: '/etc/hosts', append: [{ source: 'data:,x' }] }] })]]],
    [['none', [machineConfig({ files: [{ path: '/etc/hosts', append: [] }, { path: '/etc/x', append: null }, file('/etc/y', 'x')] })]]]],
  ['machineconfig-file-missing',
    [['what a script imports', [writes('/etc/pki/certs/ca.pem')], {}],
      ['what variables say', [writes('/etc/pki/certs/ca.pem', script('certs=/etc/pki/certs p12="${certs}"node.p12\nreadonly certs2="$certs"\npk12util -W "" -i "$certs2/left_server.p12"'))]],
      ['what another role gets', [writes('/etc/pki/certs/ca.pem'), machineConfig({ role: 'master', files: [file('/etc/pki/certs/left_server.p12', 'x')] })]],
      ['what openssl reads', [writes(...DOCUMENTED_FILES, script('openssl verify -CAfile /etc/pki/certs/root.pem x.pem\npk12util -W "" -i /etc/pki/certs/left_server.p12'))]],
      ['what a unit imports', [machineConfig({ files: [file('/etc/pki/certs/ca1.pem', 'x')], units: [unit('[Service]\nExecStart=/usr/bin/certutil -A -n CA -t CT,C,C -d /var/lib/ipsec/nss -i /etc/pki/certs/ca.pem\n')] })]]],
    [['what the same MachineConfig writes', [writes(...DOCUMENTED_FILES)]], ['what another one writes', [writes('/etc/pki/certs/ca.pem'), machineConfig({ name: 'b', files: [file('/etc/pki/certs/left_server.p12', 'x')] })]],
      ['what worker gets, for a custom pool', [{ ...writes(), metadata: { name: 'a', labels: { [ROLE]: 'infra' } } }, machineConfig({ files: DOCUMENTED_FILES.map((path) => file(path, 'x')) })]],
      ['where everything comes by other means', [machineConfig({ files: [script()], units: [unit()] })]],
      ['passwords', [writes(...DOCUMENTED_FILES, script('pk12util -w /etc/pki/certs/password -k /etc/pki/nss -i /etc/pki/certs/left_server.p12'))]],
      ['what the script makes', [writes('/etc/pki/x.pem', script('curl -o /etc/pki/a.p12 x\nopenssl pkcs12 -in /etc/pki/a.p12 -out /etc/pki/b.pem\ncat x >/etc/pki/c.pem\ncertutil -A -i /etc/pki/b.pem\ncertutil -A -i /etc/pki/c.pem'))]],
      ['what the script asks for', [writes('/etc/pki/x.pem', script('if [ -f /etc/pki/a.p12 ]; then pk12util -W "" -i /etc/pki/a.p12; fi'))]],
      ['what the image has, and what lives in /run', [writes('/etc/pki/x.pem', script('certutil -A -i /etc/pki/tls/certs/ca-bundle.crt\npk12util -W "" -i /run/x.p12'))]],
      ['variables that are set twice, in a loop, or to what nobody knows', [writes('/etc/pki/x.pem', script('a=/etc/pki/a.p12\n[ -n "$1" ] && a=/etc/pki/b.p12\npk12util -W "" -i "$a"\nfor b in /etc/pki/c.p12; do pk12util -W "" -i $b; done\nc=$(cat /x)\npk12util -W "" -i /etc/pki/$c\nd=${D:-/etc/pki/d.p12}\npk12util -W "" -i $d'))]],
      ['variables and templates', [writes('/etc/pki/x.pem', script('pk12util -W "" -i "$P12"\ncertutil -A -i /etc/pki/{{ name }}.pem'))]],
      ['where a path is a template', [writes('/etc/pki/x.pem', '{{ .path }}')]]]],
  ['machineconfig-unit-name',
    [['no suffix', [named('import-certs')]], ['a suffix that is none', [named('import.sh')]], ['a drop-in', [named('x.service', [{ name: '10-x', contents: '' }])]], ['no name', [named('')]]],
    [['a service', [named('import-certs.service')]], ['a timer with a drop-in', [named('x.timer', [{ name: '10-x.conf', contents: '' }])]], ['a template', [named('{{ .name }}')]]]],
  ['machineconfig-exec-mode',
    [['0640', [runs('/usr/local/bin/x', 0o640)]], ['none', [runs('/usr/local/bin/x', undefined)]], ['a prefix of systemd', [runs('-/usr/local/bin/x', 0o644)]], ['before the start', [runs('/bin/true\nExecStartPre=/usr/local/bin/x arg', 0o600)]],
      ['a file of another MachineConfig', [machineConfig({ name: 'a', units: [unit('[Service]\nExecStart=/usr/local/bin/x\n')] }), machineConfig({ name: 'b', files: [file('/usr/local/bin/x', '#!/bin/bash', 0o644)] })]]],
    [['0740', [runs('/usr/local/bin/x', 0o740)]], ['a shell that reads it', [runs('/bin/bash /usr/local/bin/x', 0o640)]], ['a shell found by env', [runs('/usr/bin/env bash -e /usr/local/bin/x', 0o640)]],
      ['another file', [runs('/usr/local/bin/y', 0o640)]], ['a comment', [runs('/bin/true\n#ExecStart=/usr/local/bin/x', 0o640)]], ['a template', [runs('/usr/local/bin/x', '{{ .mode }}')]]]],
  ['machineconfig-exec-path',
    [['a near miss', [runs('/usr/local/bin/xx', 0o740)]], ['a shell that reads it', [runs('/bin/bash -e /usr/local/bin/xx', 0o740)]]],
    [['the same', [runs('/usr/local/bin/x', 0o740)]], ['a program of the image', [runs('/usr/bin/true', 0o740)]], ['a script that another one names', [runs('/usr/local/bin/y /usr/local/bin/x', 0o740)]],
      ['a file of another MachineConfig', [runs('/usr/local/bin/y', 0o740), machineConfig({ name: 'b', files: [file('/usr/local/bin/y', 'x', 0o740)] })]],
      ['no idle script', [machineConfig({ files: [file('/etc/x.conf', 'x')], units: [unit()] })]], ['a specifier', [runs('/usr/local/bin/%p', 0o740)]], ['a command in a text', [runs('/bin/sh -c /usr/local/bin/y', 0o740)]]]],
  ['machineconfig-import-database',
    [['pk12util', [importing(DOCUMENTED_SCRIPT.replace('/var/lib/ipsec/nss/', 'sql:/etc/ipsec.d'))]], ['certutil alone', [importing('certutil -A -n CA -t CT,C,C -d /etc/ipsec.d/ -i ca.pem')]]],
    [['the documented script', [importing(DOCUMENTED_SCRIPT)]], ['another database', [importing(DOCUMENTED_SCRIPT.replaceAll('/var/lib/ipsec/nss/', '/etc/pki/nssdb'))]]]],
  ['password-prompt',
    [['neither -w nor -W', [importing('pk12util -i x.p12 -d .')]], ['the password of the database only', [importing('pk12util -i x.p12 -d . -K ""')]], ['a pipe', [importing('echo x | pk12util -i x.p12 -d .')]],
      ['a variable as the bundle', [importing('pk12util -i "$P12" -d "$DB"')]], ['in a function', [importing('run() { pk12util -i x.p12; }')]], ['inside another command', [importing('out=$(pk12util -i x.p12 2>&1)')]]],
    [['-w', [importing('pk12util -w x -i x.p12 -d .')]], ['-W', [importing(DOCUMENTED_SCRIPT)]], ['a variable of options', [importing('pk12util "${options[@]}" -i x.p12')]], ['an export', [importing('pk12util -o x.p12 -n y')]],
      ['a comment', [importing(`# pk12util -i x.p12\n${DOCUMENTED_SCRIPT}`)]]]],
  ['machineconfig-size',
    [['over the limit', [sized(1_572_864)]], ['over 80 %', [sized(1_260_000)], {}, 'warning']],
    [['under 80 %', [sized(1_250_000)]]]],
  ['machineconfig-extension',
    [['4.15', [machineConfig({ spec: { extensions: ['usbguard', 'ipsec'] } })], version('4.15')]],
    [['4.14', [machineConfig({ spec: { extensions: ['ipsec'] } })], version('4.14')], ['no version', [machineConfig({ spec: { extensions: ['ipsec'] } })]],
      ['owned on purpose', [machineConfig({ spec: { extensions: ['ipsec'] }, annotations: { 'user-ipsec-machine-config': 'true' } })], version('4.16')],
      ['another extension', [machineConfig({ spec: { extensions: ['usbguard'] } })], version('4.16')]]],
  ['machineconfig-import-order',
    [['no order', [importing(DOCUMENTED_SCRIPT, unit(UNIT.replace('Before=ipsec.service\n', '')))]], ['after it', [importing(DOCUMENTED_SCRIPT, unit(UNIT.replace('Before=', 'After=')))]]],
    [['before it', [importing(DOCUMENTED_SCRIPT, unit())]], ['before it and others', [importing(DOCUMENTED_SCRIPT, unit(UNIT.replace('ipsec.service', 'crio.service ipsec.service')))]],
      ['a drop-in', [importing(DOCUMENTED_SCRIPT, { ...unit(UNIT.replace('Before=ipsec.service\n', '')), dropins: [{ name: '10.conf', contents: '[Unit]\nBefore=ipsec.service\n' }] })]],
      ['a unit of something else', [importing(DOCUMENTED_SCRIPT, { name: 'x.service', contents: '[Service]\nExecStart=/bin/true\n' })]]]],
  ['machineconfig-import-fragile',
    [['the documented script', [importing(DOCUMENTED_SCRIPT)]], ['the same in a unit', [machineConfig({ units: [unit('[Service]\nExecStart=/usr/bin/pk12util -W "" -i /etc/pki/certs/left_server.p12 -d /var/lib/ipsec/nss\n')] })]]],
    [['one that removes first', [importing(`certutil -F -d /var/lib/ipsec/nss -n left_server\n${DOCUMENTED_SCRIPT}`)]],
      ['ours', [importing(nodeScript('ipsec-addcert.sh').toString())]], ['one that only exports', [importing('pk12util -o x.p12 -n left_server -d .')]]]],
  ['password-in-arguments',
    [['pass: of openssl', [importing(`openssl pkcs12 -in x -passin pass:s3cret\n${DOCUMENTED_SCRIPT}`)]],
      ['-W', [importing(DOCUMENTED_SCRIPT.replace('-W ""', '-W s3cret'))]], ['-W and its value in one word', [importing(DOCUMENTED_SCRIPT.replace('-W ""', '-Ws3cret'))]], ['a variable', [importing(DOCUMENTED_SCRIPT.replace('-W ""', '-W "$PASSWORD"'))]], ['-K', [importing(DOCUMENTED_SCRIPT.replace('-W ""', '-W "" -K dbpass'))]]],
    [['the empty password', [importing(DOCUMENTED_SCRIPT)]], ['a file', [importing(DOCUMENTED_SCRIPT.replace('-W ""', '-w /etc/pki/password'))]], ['a comment', [importing(`# pk12util -W s3cret\n${DOCUMENTED_SCRIPT}`)]]]],
  ['certificate-shared',
    [['two nodes', [policy(), policy({}, { name: 'b', selector: { 'kubernetes.io/hostname': 'worker-1' } })]], ['a role', [policy({}, { selector: { 'node-role.kubernetes.io/worker': '' } })]]],
    [['one node', [policy()]], ['two peers', [policy(), policy({ right: 'other.example.com' }, { name: 'b', selector: { 'kubernetes.io/hostname': 'worker-1' } })]],
      ['two certificates', [policy(), policy({ leftcert: 'other' }, { name: 'b', selector: { 'kubernetes.io/hostname': 'worker-1' } })]],
      ['two connections of one node', [policy(), policy({ type: 'transport' }, { name: 'b', interfaceName: 'ipsec1' })]]]],
  ['acknowledgement-unknown',
    [['no such rule', [policy({}, { annotations: { 'ipsec.cdk8s.io/acknowledge.libreswan-ikev3': 'because' } })]], ['no reason', [policy({}, { annotations: { 'ipsec.cdk8s.io/acknowledge.libreswan-ikev2': ' ' } })]]],
    [['a rule', [policy({}, { annotations: { 'ipsec.cdk8s.io/acknowledge.libreswan-ikev2': 'the peer speaks nothing else' } })]], ['another annotation', [policy({}, { annotations: { 'example.com/acknowledge.x': '' } })]]]],
];

/** Their cases need certificates: certificate-rules.test.ts. */
const OF_CERTIFICATES = [
  'certificate-cn-reserved', 'certificate-cn-length', 'certificate-expired', 'certificate-expires-soon', 'certificate-key-size', 'certificate-key-type', 'certificate-signature', 'certificate-usage',
  'certificate-untrusted', 'certificate-ca', 'certificate-trust', 'certificate-san', 'certificate-nickname', 'pkcs12-unreadable', 'pkcs12-as-certificate', 'pkcs12-legacy-encryption', 'private-key-exposed',
  'password-in-manifest',
];

const IDS = [
  'network-name', 'network-mode-unknown', 'network-mode-missing', 'network-mode-version', 'network-full-options', 'network-encapsulation', 'network-routing-via-host', 'network-mtu-range',
  'network-mtu-headroom', 'network-mtu-before-full', 'network-mtu-without-migration', 'network-platform', 'network-hosted-control-plane',
  'network-rhel-compute-nodes', 'network-endpoint-without-mode', 'network-mustonlyhave', 'pool-paused', 'pool-extension', 'pool-unknown',
  'object-duplicate', 'policy-name', 'policy-selector-missing', 'policy-selector-invalid', 'interface-duplicate',
  'interface-absent-with-settings', 'interface-reserved', 'libreswan-option-unknown', 'libreswan-option-version',
  'libreswan-option-value', 'libreswan-proposal', 'libreswan-right-missing', 'libreswan-ends', 'libreswan-ikev2',
  'libreswan-subnet-missing', 'libreswan-subnet-host-bits', 'libreswan-transport-subnet', 'libreswan-modecfg-client',
  'libreswan-authby-ignored', 'libreswan-peer-unverified', 'libreswan-extra', 'psk-in-manifest', 'libreswan-id-prefix',
  'libreswan-id-address', 'libreswan-dpd-incomplete', 'libreswan-dpd-timeout', 'libreswan-lifetime', 'libreswan-ipv6',
  'libreswan-left-shared', 'machineconfig-role', 'machineconfig-ignition-version', 'machineconfig-file-mode',
  'machineconfig-file-source', 'machineconfig-file-conflict', 'machineconfig-file-path', 'machineconfig-file-append',
  'machineconfig-file-missing', 'machineconfig-unit-name', 'machineconfig-exec-mode', 'machineconfig-exec-path', 'machineconfig-size',
  'machineconfig-extension', 'machineconfig-import-order', 'machineconfig-import-fragile', 'machineconfig-import-database',
  'certificate-cn-reserved', 'certificate-cn-length', 'certificate-expired', 'certificate-expires-soon', 'certificate-key-size', 'certificate-key-type', 'certificate-signature', 'certificate-usage',
  'certificate-untrusted', 'certificate-ca', 'certificate-trust', 'certificate-san', 'certificate-nickname', 'certificate-shared', 'pkcs12-unreadable', 'pkcs12-as-certificate', 'pkcs12-legacy-encryption',
  'private-key-exposed', 'password-in-manifest', 'password-in-arguments', 'password-prompt',
  'acknowledgement-unknown',
];

describe('the catalogue', () => {
  test('has exactly these ids, which are public', () => {
    expect(RULES.map(({ id }) => id)).toEqual(IDS);
  });

  test('has cases for every rule', () => {
    expect([...CASES.map(([rule]) => rule), ...OF_CERTIFICATES].sort()).toEqual([...IDS].sort());
  });

  test('is what RULES.md says; `npx projen rules` writes it', () => {
    expect(readFileSync(join(__dirname, '../../RULES.md'), 'utf8')).toBe(rulesMarkdown());
  });
});

describe.each(CASES)('%s', (rule, breaks, misses) => {
  const own = RULES.find(({ id }) => id === rule)!;

  test.each(breaks)('finds: %s', (...[, documents, options, severity]) => {
    const found = foundBy(rule, documents, options);
    expect(found.map(([given]) => given)).toEqual([severity ?? own.severity]);
  });

  test.each(misses)('lets pass: %s', (...[, documents, options]) => {
    expect(foundBy(rule, documents, options)).toEqual([]);
  });
});
