import { finalText, optionOf } from '../../documents/policies';
import { show, step } from '../../documents/values';
import { isIpv6 } from '../../openshift/ip';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

const FAMILIES = ['hostaddrfamily', 'clientaddrfamily'];
const ADDRESSES: ReadonlySet<string> = new Set([
  'left', 'leftid', 'leftsubnet', 'leftsubnets', 'right', 'rightid', 'rightsubnet', 'rightsubnets',
]);

export const libreswanIpv6: Rule = {
  id: 'libreswan-ipv6',
  severity: 'error',
  title: 'an IPv6 address or subnet anywhere: unsupported for external traffic through NMState',
  why: 'OpenShift supports IPsec to outside hosts through NMState for IPv4 only.',
  fix: 'Use IPv4 addresses and subnets.',
  docs: DOCS.external,

  on: {
    connection(connection, report) {
      const { keyfile, settings, settingsPath } = connection;
      const way = keyfile ? 'to hosts outside the cluster' : 'through NMState';
      for (const key in settings) {
        // Nobody knows what a key means that nmstate does not know, but an address in it is one.
        if (!ADDRESSES.has(key) && optionOf(connection, key)) continue;
        const given = finalText(settings, key);
        if (!given?.includes(':') || key === 'rightid' && given === settings.right) continue;
        if (given.replace(/[{}@[\]]/g, ' ').split(/[\s,;]+/).some((part) => part !== '' && isIpv6(part))) {
          report({
            path: settingsPath + step(key),
            message: `'${key}' (${show(given)}) is IPv6, which OpenShift does not support for IPsec ${way}`,
          });
        }
      }
      for (const key of FAMILIES) {
        if (finalText(settings, key) === 'ipv6') {
          report({
            path: `${settingsPath}/${key}`,
            message: `'${key}' ('ipv6') asks for IPv6, which OpenShift does not support for IPsec ${way}`,
          });
        }
      }
    },
  },
};
