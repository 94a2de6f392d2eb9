import { ApiObject, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { judgeAppOf } from './judged-app';
import { seal } from './sealed';
import { InputError } from '../../core/input-error';
import { instance, KindsOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { hubTemplateIn } from '../../openshift/hub-template';
import { isObjectName } from '../../openshift/kubernetes-names';
import { IpsecRollout } from '../rollout/ipsec-rollout';
import { objectsOf } from '../rollout/written-objects';

/** What `ZtpExtraManifests` is made of. */
export interface ZtpExtraManifestsProps {
  /** The rollout whose MachineConfigs the cluster is installed with. */
  readonly rollout: IpsecRollout;

  /**
   * The namespace of the `ClusterInstance` on the hub (`metadata.namespace`), where it looks for the ConfigMaps.
   *
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly namespace: string;

  /**
   * The name of the ConfigMap (`extraManifestsRefs`); the second one, where there is more than one, is called `<name>-2`.
   *
   * @default - `<id of the rollout>-extra-manifests`
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.21/html/edge_computing/ztp-advanced-install-ztp
   */
  readonly configMapName?: string;
}

/** Kubernetes refuses more data in a ConfigMap; the limit counts keys and values. */
const MAX_BYTES = 1024 * 1024;

/**
 * The MachineConfigs of a rollout in ConfigMaps for `extraManifestsRefs` of a `ClusterInstance`, so that a cluster which telco's
 * zero-touch provisioning installs has its certificates from the first boot, without a reboot.
 *
 * A ConfigMap holds one mebibyte: more of them are made where one is not enough. Policies come on the second day, when the cluster is
 * there. Make it when the charts of the rollout have been filled. What the synthesis of the rollout's app would refuse or warn of, that of
 * this construct does.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/edge_computing/ztp-deploying-far-edge-sites
 */
export class ZtpExtraManifests extends Construct {
  /** The names of the ConfigMaps, for `extraManifestsRefs`. */
  public readonly configMapNames: string[];

  /** The ConfigMaps. */
  public readonly configMaps: ApiObject[];

  /**
   * @throws when the rollout has no MachineConfigs yet, one is too large for a ConfigMap or has a template of the hub, or a name can't be one
   */
  public constructor(scope: Construct, id: string, props: ZtpExtraManifestsProps) {
    super(scope, id);
    const { rollout, namespace } = props;
    const name = props.configMapName ?? `${rollout?.node?.id}-extra-manifests`;
    const parts = build(this, props, KINDS, () => {
      for (const [prop, value] of Object.entries({ namespace, configMapName: name })) {
        if (!isObjectName(value)) {
          throw new InputError(`'${prop}' ('${value}') must be the name of an object: lower-case letters, digits, '-' and '.'`);
        }
      }
      return partsOf(rollout);
    });
    this.configMapNames = parts.map((_, i) => (i === 0 ? name : `${name}-${i + 1}`));
    // What is in them has been judged where it was written: these are plain objects.
    this.configMaps = parts.map((data, i) => new ApiObject(this, `part-${i + 1}`, {
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: this.configMapNames[i], namespace }, data,
    }));
    seal(rollout, 'ZtpExtraManifests');
    judgeAppOf(this, rollout, false);
  }
}

const KINDS: KindsOf<ZtpExtraManifestsProps> = { rollout: instance(IpsecRollout), namespace: TEXT, configMapName: optional(TEXT) };

/** As few parts as their order allows, none over the limit. */
function partsOf(rollout: IpsecRollout): { [file: string]: string }[] {
  const machineConfigs = rollout._stages().flatMap(({ chart }) => objectsOf(chart)).filter(({ kind }) => kind === 'MachineConfig');
  if (machineConfigs.length === 0) {
    throw new InputError("'rollout' has no MachineConfigs yet: make the ConfigMap when 'certificates' has been filled");
  }
  const parts: { [file: string]: string }[] = [];
  let left = 0;
  for (const object of machineConfigs) {
    const json: unknown = object.toJson();
    refuseHubTemplate(object.name, json);
    const [file, text] = [`${object.name}.yaml`, Yaml.stringify(json)];
    const bytes = Buffer.byteLength(file) + Buffer.byteLength(text);
    if (bytes > MAX_BYTES) {
      throw new InputError(`MachineConfig '${object.name}' has ${bytes} bytes, more than the ${MAX_BYTES} that a ConfigMap holds: `
        + 'leave it to the second day, or split it');
    }
    if (bytes > left) {
      parts.push({});
      left = MAX_BYTES;
    }
    parts.at(-1)![file] = text;
    left -= bytes;
  }
  return parts;
}

/** The installation takes each ConfigMap as it stands, and so would the nodes. */
function refuseHubTemplate(name: string, value: unknown): void {
  if (typeof value === 'string') {
    const template = hubTemplateIn(value);
    if (template === undefined) return;
    throw new InputError(
      `'rollout' has MachineConfig '${name}' with '${template}', which RHACM fills in inside a policy alone: a node that is installed with it `
        + 'would have the template itself in its file; give it a bundle that is there at synthesis, Pkcs12Bundle.fromFile(…), or leave this '
        + 'rollout to RhacmPolicies, on the second day',
    );
  }
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) refuseHubTemplate(name, inner);
}
