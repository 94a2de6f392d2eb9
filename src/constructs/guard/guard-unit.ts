import type { Unit } from '../../butane/spec/ignition';
import { GUARD_TABLE } from '../../connection/nftables';
import { GUARD_PATH } from '../../documents/guards';

/**
 * The unit that loads the guard before any interface has an address.
 *
 * Without the default dependencies it is not stopped at shutdown, where pods and services may still send: only by hand. What stops
 * `nftables.service` flushes every table there is, this one among them; then the unit is stopped too, so that it never says
 * that there is a guard where there is none, and a restart brings both back.
 */
export function guardUnit(requiredByKubelet: boolean): Unit {
  return {
    contents: `[Unit]
Description=Drop what goes to or comes from IPsec peers in clear
DefaultDependencies=no
Requires=local-fs.target
After=local-fs.target nftables.service
Wants=network-pre.target
Before=network-pre.target ipsec.service${requiredByKubelet ? ' kubelet.service' : ''}
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${GUARD_PATH}
ExecReload=/usr/sbin/nft -f ${GUARD_PATH}
ExecStop=-/usr/sbin/nft delete table ${GUARD_TABLE}
StandardOutput=journal

[Install]
WantedBy=multi-user.target
${requiredByKubelet ? 'RequiredBy=kubelet.service\n' : ''}`,
    enabled: true,
    name: 'ipsec-guard.service',
  };
}
