import { subnetsOf } from './subnets';
import { DOCS } from '../docs';
import type { Rule } from '../rule';
import { show } from '../values';

export const libreswanTransportSubnet: Rule = {
  id: 'libreswan-transport-subnet',
  severity: 'error',
  title: '`type: transport` with a subnet wider than one host',
  why: 'Transport mode protects the traffic between two hosts; the connection with a wider subnet does not come up.',
  fix: 'Use a /32 subnet, or type: tunnel.',
  docs: DOCS.libreswan,

  *check({ connections }) {
    for (const connection of connections) {
      if (connection.settings.type !== 'transport') continue;
      for (const { key, path, text, cidr } of subnetsOf(connection)) {
        if (!cidr || cidr.isHost) continue;
        yield { subject: connection.subject, path, message: `'${key}' (${show(text)}) is wider than one host, and type transport protects the traffic between two hosts only` };
      }
    }
  },
};
