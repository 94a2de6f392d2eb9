# shellcheck shell=bash disable=SC2154 # sourced by guest.sh
# Whom a node accepts, with either side initiating; certificate chains.
