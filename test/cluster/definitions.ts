import { execFileSync } from 'child_process';
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

/** Modules of the proxy that hold CustomResourceDefinitions, and the files there. */
const MODULES: { readonly [module: string]: readonly string[] } = {
  'github.com/openshift/api@v0.0.0-20260213204242-d34f11c515b3': [
    'operator/v1/zz_generated.crd-manifests/0000_70_network_01_networks.crd.yaml',
    'payload-manifests/crds/0000_80_machine-config_01_machineconfigs.crd.yaml',
    'payload-manifests/crds/0000_80_machine-config_01_machineconfigpools-Default.crd.yaml',
    'payload-manifests/crds/0000_80_machine-config_01_machineconfigurations-Default.crd.yaml',
  ],
  'github.com/operator-framework/api@v0.42.0': ['crds/operators.coreos.com_operatorgroups.yaml', 'crds/operators.coreos.com_subscriptions.yaml'],
  'open-cluster-management.io/governance-policy-propagator@v0.18.1-0.20260302212915-228fbaa3ff66': [
    'deploy/crds/policy.open-cluster-management.io_policies.yaml', 'deploy/crds/policy.open-cluster-management.io_placementbindings.yaml',
  ],
  'open-cluster-management.io/config-policy-controller@v0.19.0': ['deploy/crds/policy.open-cluster-management.io_configurationpolicies.yaml'],
  'open-cluster-management.io/api@v1.1.0': ['cluster/v1beta1/0000_02_clusters.open-cluster-management.io_placements.crd.yaml'],
  'github.com/fluxcd/kustomize-controller@v1.6.0': ['config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml'],
  'github.com/argoproj-labs/argocd-operator@v0.15.0': ['config/crd/bases/argoproj.io_argocds.yaml'],
  'github.com/prometheus-operator/prometheus-operator@v0.85.0': [
    'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml',
  ],
};

/** NMState's are on no proxy: data from outside. */
const OUTSIDE = process.env.IPSEC_CRDS ?? join(__dirname, '../../../shared/crds');

/** The definitions that the proxy has, of what every cluster here has. */
export function definitions(): any[] {
  return Object.entries(MODULES).flatMap(([module, files]) => {
    const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8', cwd: join(__dirname, 'apiserver') }));
    return files.map((file) => parse(readFileSync(join(Dir, file), 'utf8')));
  });
}

/** The definitions that the operator of NMState brings; where they can't be had, ones that take anything. */
export function nmstateDefinitions(): any[] {
  if (existsSync(OUTSIDE)) {
    return readdirSync(OUTSIDE).filter((file) => file.endsWith('.nmstate.io.yaml')).map((file) => parse(readFileSync(join(OUTSIDE, file), 'utf8')));
  }
  process.stderr.write(`the definitions of NMState are data from outside, and ${OUTSIDE} is not there: their fields are not judged\n`);
  return ['NMState', 'NodeNetworkConfigurationPolicy'].map((kind) => {
    const plural = kind.toLowerCase().replace(/y$/, 'ie').replace(/$/, 's');
    const schema = { openAPIV3Schema: { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.nmstate.io` },
      spec: {
        group: 'nmstate.io',
        names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
        scope: 'Cluster',
        versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
      },
    };
  });
}
