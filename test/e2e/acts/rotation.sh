# shellcheck shell=bash disable=SC2034,SC2154 # sourced by guest.sh
# Certificates that are renewed while traffic flows, by the commands of the node disruption policy; and one that is broken.
machine worker-0 "$LAB/scenes/rotating/root"
peer storage
peer gateway
on storage certutil -A -n next-ca -t CT,C,C -i "$LAB/pki/next-ca.pem" -d "$NSS"
ip -n gateway link add behind type dummy
ip -n gateway addr add 198.51.100.1/24 dev behind
ip -n gateway link set behind up

# shellcheck source=/dev/null
. "$E2E/rolling.sh"
for unit in ipsec-import.service ipsec-import-other.service; do check "$unit imports before libreswan starts" run_unit "$unit"; done
for each in worker-0 storage gateway; do pluto "$each"; done
trusts=%any # the nodes' CA is renewed too
serve storage ' type=transport'
serve gateway ' type=tunnel
 leftsubnet=198.51.100.0/24'
for interface in ipsec-storage ipsec-gateway; do check "$interface is up" nm "$interface"; done
lap 'two tunnels with two certificates'

name_in() { openssl x509 -in "$LAB/pki/$1.pem" -noout "-$2" -nameopt sname,sep_comma_plus_space | sed 's/^[a-z]*=//'; } # certificate, field
bits() { openssl x509 -in "$LAB/pki/$1.pem" -noout -text | sed -nE 's/.*Public-Key: \(([0-9]+) bit\)/\1/p'; }
seen() { # certificate: whether the storage host has authenticated a node by it; its log has the key's length, the subject and the CA
  grep "authenticated peer '$(bits "$1")-bit " "$results/pluto-storage.log" |
    grep -qF "peer certificate '$(name_in "$1" subject)' issued by CA '$(name_in "$1" issuer)'"
}
spis() { spis_in_kernel "$1" | tr '\n' ' '; }
calls() { grep -c "connection $1 uuid $(uuid worker-0 rotating "$2")" "$told"; }
lost() { sed -nE 's/^([0-9]+) packets transmitted, ([0-9]+) received.*/\1 \2/p' "$results/ping-$1.log" | awk '{ print $1 - $2 }'; }

# A tunnel that goes down and comes up again loses what is sent meanwhile. An emulated processor takes longer for the handshake.
if [[ $ACCELERATOR == kvm ]]; then LOST=2; else LOST=5; fi

renewal() { # scene, certificate, what
  local others before pinging
  : >"$told"
  others=$(spis gateway) before=$(spis storage)
  check "control: $3: the peer has not seen that certificate" not seen "$2"
  on worker-0 ping -c60 -i1 -W5 10.0.0.21 >"$results/ping-$1.log" 2>&1 &
  pinging=$!
  sleep 5
  check "$3: the commands of the policy succeed" roll "$1"
  wait "$pinging"
  echo "#    $(lost "$1") of 60 pings lost"
  check "$3: exactly the new certificate is in the database" equal "$(fingerprints worker-0 left_server)" "$(fingerprint_of "$2")"
  check "$3: the peer sees the new certificate" seen "$2"
  check "$3: at most $LOST of 60 pings are lost" test "$(lost "$1")" -le "$LOST"
  check "$3: the tunnel has new keys" not equal "$(spis storage)" "$before"
  check "$3: NetworkManager was told once" equal "$(calls down ipsec-storage) $(calls up ipsec-storage)" '1 1'
  check "$3: the other connection has the keys that it had" equal "$(spis gateway)" "$others"
  check "$3: and NetworkManager was not told of it" equal "$(calls down ipsec-gateway) $(calls up ipsec-gateway)" '0 0'
  lap "$3"
}
renewal rotating-again nodes-again 'renewed bundle'
renewal rotating-subject nodes-renewed 'other subject'
renewal rotating-ca nodes-of-next-ca 'renewed CA'

# --- a broken bundle, which the library would refuse: put there by hand
: >"$told"
before=$(spis storage)
cp -a /run/worker-0/root/etc/pki/certs/left_server.p12 /run/worker-0/kept.p12
head -c 700 /run/worker-0/kept.p12 >/run/worker-0/root/etc/pki/certs/left_server.p12
check 'broken bundle: the unit fails' not run_unit ipsec-import.service
check 'broken bundle: the old tunnel has its keys' equal "$(spis storage)" "$before"
capture broken storage marked_ping worker-0 10.0.0.21
check 'broken bundle: 6 ESP packets on the wire' equal "$(packets broken 'esp and host 10.0.0.11')" 6
check 'broken bundle: no packet in clear' equal "$(packets broken icmp)" 0
check 'broken bundle: NetworkManager was told nothing' equal "$(grep -cE 'connection (up|down)' "$told")" 0
cp -a /run/worker-0/kept.p12 /run/worker-0/root/etc/pki/certs/left_server.p12
check 'broken bundle: with the old file back the unit succeeds' run_unit ipsec-import.service
