export * from './catalogue';
export * from './judge';
export * from './judge-all';
export * from './rule';
export * from './network/network-endpoint-without-mode';
export * from './network/network-platform';
export * from './network/network-routing-via-host';
export * from './network/object-duplicate';
