import { InputError } from '../core/input-error';

/**
 * The platform a cluster runs on, as `oc get infrastructure cluster -o jsonpath='{.status.platform}'` prints it.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-external_configuring-ipsec-ovn
 */
export enum Platform {
  /** Alibaba Cloud. IPsec to hosts outside the cluster is not supported. */
  ALIBABA_CLOUD = 'AlibabaCloud',
  /** Amazon Web Services. IPsec to hosts outside the cluster is not supported. */
  AWS = 'AWS',
  /** Microsoft Azure. IPsec to hosts outside the cluster is not supported. */
  AZURE = 'Azure',
  /** Bare metal. IPsec to hosts outside the cluster is supported. */
  BARE_METAL = 'BareMetal',
  /** A platform that an external component integrates. IPsec to hosts outside the cluster is not supported. */
  EXTERNAL = 'External',
  /** Google Cloud. IPsec to hosts outside the cluster is supported; the NMState Operator is supported for IPsec only. */
  GCP = 'GCP',
  /** IBM Cloud. Only NAT-T (UDP 4500) reaches the other side; IPsec to hosts outside the cluster is not supported. */
  IBM_CLOUD = 'IBMCloud',
  /** OpenShift Virtualization. IPsec to hosts outside the cluster is not supported. */
  KUBEVIRT = 'KubeVirt',
  /** No platform integration (`platform: none`), as on bare metal. IPsec to hosts outside the cluster is supported. */
  NONE = 'None',
  /** Nutanix. IPsec to hosts outside the cluster is not supported. */
  NUTANIX = 'Nutanix',
  /** Red Hat OpenStack Platform. IPsec to hosts outside the cluster is supported. */
  OPENSTACK = 'OpenStack',
  /** IBM Power Virtual Server. IPsec to hosts outside the cluster is not supported. */
  POWERVS = 'PowerVS',
  /** VMware vSphere. IPsec to hosts outside the cluster is supported. */
  VSPHERE = 'VSphere',
}

/** The platforms on which OpenShift supports IPsec to hosts outside the cluster. */
export const PLATFORMS_WITH_EXTERNAL_IPSEC: readonly Platform[] = [
  Platform.BARE_METAL, Platform.NONE, Platform.GCP, Platform.OPENSTACK, Platform.VSPHERE,
];

/**
 * The platform of a name, whatever its capitals.
 *
 * @throws when there is no such platform
 */
export function platformOf(name: string): Platform {
  const all = Object.values(Platform);
  const platform = all.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (platform === undefined) {
    throw new InputError(
      `platform ('${name}') must be one of ${all.join(', ')}, as 'oc get infrastructure cluster -o jsonpath={.status.platform}' prints it`,
    );
  }
  return platform;
}
