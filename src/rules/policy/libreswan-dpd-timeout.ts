import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanDpdTimeout: Rule = {
  id: 'libreswan-dpd-timeout',
  severity: 'error',
  title: '`dpddelay` over `dpdtimeout`',
  why: 'The peer would count as dead before the first probe is due.',
  fix: 'Give a dpdtimeout of several times dpddelay, such as 30 and 120.',
  docs: DOCS.libreswan,

  on: {
    connection({ settings: { dpddelay, dpdtimeout }, settingsPath }, report) {
      const [delay, timeout] = [secondsOf(dpddelay), secondsOf(dpdtimeout)];
      if (delay === undefined || timeout === undefined || delay <= timeout) return;
      report({
        path: `${settingsPath}/dpdtimeout`,
        message: `'dpdtimeout' (${timeout}) is less than 'dpddelay' (${delay}): the peer would count as dead before the first probe is due`,
      });
    },
  },
};

/** nmstate takes the number, or a text of digits. */
function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : undefined;
}
